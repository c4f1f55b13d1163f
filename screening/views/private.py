"""What patients' pages share: nothing of a person stays behind, and a site without questions says so."""

from functools import wraps

from django.shortcuts import render

from ..published import NoSuchVersion


def private(view):
    """Nothing of this page is kept by the browser, a proxy or anyone between."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return wrapped


def needs_questions(view):
    """Where no version has been published yet, a plain page says so (503)."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except NoSuchVersion:
            return render(request, "screening/patient/no_questions.html", status=503)

    return wrapped
