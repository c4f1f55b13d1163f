"""The entry point for gunicorn: ``gunicorn pumpguide.wsgi``."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters


def without_charset(kind: str) -> str:
    """A Content-Type without the charset that the sender names; one that cannot be read counts as none.

    Our forms are UTF-8. Django believes the name of any other, so that half characters come through, or it fails on it
    before the first middleware and error page.
    """
    try:
        name, facts = parse_header_parameters(kind)
    except (LookupError, ValueError):
        return ""
    if "charset" not in facts:
        return kind
    return f'{name}; boundary="{facts["boundary"]}"' if "boundary" in facts else name


def readable(site: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ["CONTENT_TYPE"] = without_charset(environ.get("CONTENT_TYPE", ""))
        return site(environ, start_response)

    return wrapped


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pumpguide.settings")
application = readable(get_wsgi_application())
