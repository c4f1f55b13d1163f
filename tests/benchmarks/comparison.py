"""What the site is measured against: constant pages and a minimal form page, behind the same middleware."""

from functools import cache

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import include, path

from content.pages import load
from pumpguide import middleware
from pumpguide.urls import handler400, handler403, handler404, handler500  # noqa: F401 (Django looks them up here)

PAGE = "/who-it-may-help/"
MOST_OPTIONS = 16
FORM_PAGE = "<!doctype html><title>Form</title><form method=post>{% csrf_token %}{{ form }}<button>Go</button></form>"


@cache
def ready():
    return load(PAGE)[1]


def plain(request):
    return HttpResponse(ready().plain)


def gzip(request):
    return HttpResponse(ready().gzip, headers={"Content-Encoding": "gzip"})


def brotli(request):
    return HttpResponse(ready().brotli, headers={"Content-Encoding": "br"})


def form_with(options: int) -> type[forms.Form]:
    choices = [(f"option-{number}", f"Option {number}") for number in range(options)]
    answer = forms.ChoiceField(label="Which one?", choices=choices, widget=forms.RadioSelect)
    return type("MinimalForm", (forms.Form,), {"answer": answer})


FORMS = {options: form_with(options) for options in range(1, MOST_OPTIONS + 1)}
template = engines["django"].from_string(FORM_PAGE)


def minimal_form(request, options):
    """Shows the session's value; keeps a valid one there and goes on."""
    if request.method == "POST":
        form = FORMS[options](request.POST)
        if form.is_valid():
            request.session["answer"] = form.cleaned_data["answer"]
            return HttpResponseRedirect(request.path)
    else:
        form = FORMS[options](initial={"answer": request.session.get("answer")})
    return HttpResponse(template.render({"form": form}, request))


comparisons = [
    path("plain", plain),
    path("gzip", gzip),
    path("brotli", brotli),
    path("form/<int:options>", minimal_form),
]
urlpatterns = [path("comparison/", include((comparisons, "comparison"))), path("", include("pumpguide.urls"))]
middleware.PUBLIC_SPACES += ("comparison",)  # as open as what they stand beside
