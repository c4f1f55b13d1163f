"""Pages about a person: nothing of them stays behind."""

from functools import wraps


def private(view):
    """Nothing of this page is kept by the browser, a proxy or anyone between."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return wrapped
