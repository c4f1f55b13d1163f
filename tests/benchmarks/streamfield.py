"""A Wagtail site with one StreamField page, run by the Python of an environment of its own: see ``wagtail.py``.

Reads lines from standard input: "html" gives the page, "round" gives the microseconds a request over one round.
"""

import gc
import io
import json
import sys
import time
from pathlib import Path

CALLS = 20
FOLDER = Path(sys.argv[1])
PATH = "/the-page/"
TEMPLATE = """{% load wagtailcore_tags %}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head><body><main><h1>{{ page.title }}</h1>
<p>{{ page.summary }}</p>
{% for block in page.body %}<section>{% include_block block %}</section>
{% endfor %}</main></body></html>
"""
BLOCK = """{% load wagtailcore_tags %}
{% if self.heading %}<h2>{{ self.heading }}</h2>{% endif %}{{ self.text|richtext }}
"""


def configure() -> None:
    from django.conf import settings

    apps = ["wagtail.contrib.redirects", "wagtail.users", "wagtail.snippets", "wagtail.documents", "wagtail.images"]
    apps += ["wagtail.search", "wagtail.admin", "wagtail", "modelcluster", "taggit"]
    django = ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles"]
    middleware = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    ]
    settings.configure(
        SECRET_KEY="only for this run",
        ALLOWED_HOSTS=["127.0.0.1"],
        INSTALLED_APPS=["streampage", *apps, *(f"django.contrib.{name}" for name in django)],
        MIDDLEWARE=middleware,
        ROOT_URLCONF="streampage.urls",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": FOLDER / "wagtail.sqlite3",
                "CONN_MAX_AGE": None,
            }
        },
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [FOLDER / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        STATIC_URL="/static/",
        USE_TZ=True,
        WAGTAIL_SITE_NAME="Comparison",
        WAGTAILADMIN_BASE_URL="http://127.0.0.1",
    )


APP = {
    "streampage/__init__.py": "",
    "streampage/models.py": """
from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page


class TextBlock(blocks.StructBlock):
    heading = blocks.CharBlock(required=False)
    text = blocks.RichTextBlock()

    class Meta:
        template = "streampage/text.html"


class StreamPage(Page):
    summary = models.TextField()
    body = StreamField([("text", TextBlock())])
    template = "streampage/page.html"
""",
    "streampage/urls.py": """
from django.urls import include, path
from wagtail import urls

urlpatterns = [path("", include(urls))]
""",
    "templates/streampage/page.html": TEMPLATE,
    "templates/streampage/text.html": BLOCK,
}


def build() -> None:
    """The app's files, its tables, and the page with the text that the other side wrote to text.json."""
    for name, text in APP.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text)
    sys.path.insert(0, str(FOLDER))
    configure()

    import django
    from django.core.management import call_command

    django.setup()
    call_command("makemigrations", "streampage", verbosity=0)
    call_command("migrate", verbosity=0)
    from streampage.models import StreamPage
    from wagtail.models import Page, Site

    given = json.loads((FOLDER / "text.json").read_text())
    root = Page.objects.get(depth=1)
    page = StreamPage(title=given["title"], slug=PATH.strip("/"), summary=given["summary"])
    page.body = [("text", {"heading": block["heading"], "text": block["body"]}) for block in given["blocks"]]
    home = Site.objects.get(is_default_site=True).root_page
    assert home.is_child_of(root)
    home.add_child(instance=page)
    page.save_revision().publish()


def environ() -> dict:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": PATH,
        "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT": "text/html,*/*;q=0.8",
        "HTTP_ACCEPT_ENCODING": "identity",
        "HTTP_USER_AGENT": "Mozilla/5.0",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def ask(application) -> str:
    status = []
    response = application(environ(), lambda line, _headers, _exc_info=None: status.append(line))
    body = b"".join(response).decode()
    response.close()
    if status != ["200 OK"]:
        raise ValueError(f"{status}: {body[:300]}")
    return body


def one_round(application) -> float:
    gc.collect()
    start = time.perf_counter_ns()
    for _ in range(CALLS):
        ask(application)
    return (time.perf_counter_ns() - start) / CALLS / 1000


def main() -> None:
    build()
    import wagtail
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    print(json.dumps(wagtail.__version__), flush=True)
    for line in sys.stdin:
        answer = ask(application) if line.strip() == "html" else one_round(application)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
