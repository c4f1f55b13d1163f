"""What every request passes: is it not too much, and who may open what. What nobody has listed as public is
for staff, or for no one.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import ResolverMatch
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from pumpguide.staff import onward, sessions

PUBLIC_SPACES = ("content", "screening")
PUBLIC_NAMES = ("healthz",)
DESK_SPACES = ("admin", "intake", "staff")
METHODS = ("GET", "HEAD", "POST")

OPEN = ("admin:login",)
"""Desk pages that need nothing: one cannot be signed in before signing in."""
PASSWORD_ONLY = ("staff:verify", "staff:set-up", "admin:logout")
"""Desk pages for those who have given their password and are about to take the second step, or to leave."""


READ_NOTHING = ("screening:delete-link",)
"""Pages that never look at what is sent. A refusal would write this one's address, which is a secret, into the log."""


class Mailbox:
    """Takes in no more than any form of ours sends. Django would store files of any size from anybody, before a view
    or the login is asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        match = request.resolver_match
        files = "admin" in match.namespaces  # pictures, and questionnaires from a file
        most = settings.MOST_WITH_FILES if files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length(request) > most and match.view_name not in READ_NOTHING:
            raise RequestDataTooBig


def length(request: HttpRequest) -> int:
    """Bytes of what is sent; what is no number counts as none, as it does for Django."""
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if str(text).isdecimal() else 0


class StaffDoor:
    """Desk pages need a member of staff with both steps taken and a session within its limits.

    Public pages pass untouched: no session is read for them. A view in no listed space is refused to everyone, so a new
    one that someone forgot to place fails closed. Pages of the desk are never kept by a browser or proxy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_desk", False):
            add_never_cache_headers(response)
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        match = request.resolver_match
        if is_public(match):
            return None
        request.is_desk = True
        if not match.namespaces or match.namespaces[0] not in DESK_SPACES:
            raise PermissionDenied(f"{match.view_name} is in no space that pumpguide/middleware.py lists.")
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return None if match.view_name in OPEN else refusal(request, match.view_name)


def is_public(match: ResolverMatch) -> bool:
    if match.namespaces:
        return match.namespaces[0] in PUBLIC_SPACES
    return match.view_name in PUBLIC_NAMES


def refusal(request: HttpRequest, name: str) -> HttpResponse | None:
    """Where to go first; None for those who may pass."""
    user = request.user
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return onward.to_log_in(request)
    if ended := sessions.use(request.session, timezone.now()):
        response = onward.to_log_in(request, ended)
        logout(request)
        return response
    if name in PASSWORD_ONLY or sessions.second_step_done(request):
        return None
    return onward.to_second_step(request)
