"""What people see when something went wrong: always the site's own look, always what to do next, never details."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.shortcuts import render

from pumpguide.staff import onward

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request, exception=None):
    """400, or 413 where more was sent than any form of ours can hold."""
    return render(request, "400.html", status=413 if isinstance(exception, TOO_MUCH) else 400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    return render(request, "500.html", status=500)


def form_expired(request, reason=""):
    """A form whose safety token no longer fits, most often as the page was open for long: go on with one button.

    It leads to the page that the form stood on: the address it was sent to may take nothing but posts.
    """
    return render(request, "form_expired.html", {"back": onward.came_from(request) or request.path}, status=403)
