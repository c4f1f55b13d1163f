"""Where a member of staff goes after signing in. Only ever to a page of this site."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

NEXT = "next"


def own(request: HttpRequest, url: str) -> str:
    """The address, when it is one of this site's; else empty."""
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


def wanted(request: HttpRequest) -> str:
    """The page that was asked for before signing in; the landing page where there is none of ours."""
    return own(request, request.POST.get(NEXT, request.GET.get(NEXT, ""))) or reverse("staff:home")


def landing(user: AbstractBaseUser | AnonymousUser) -> str:
    """Each to their own work: the desk of their role, or the admin."""
    for permission, name in settings.STAFF_LANDINGS.items():
        if user.has_perm(permission) and not user.is_superuser:
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
    return reverse("admin:index")


def here(request: HttpRequest) -> str:
    """The page to come back to: this one; after a form was sent, the page that it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return came_from(request) or reverse("staff:home")


def came_from(request: HttpRequest) -> str:
    """Path and query of the page of this site that led here; empty where the browser named none."""
    parts = urlsplit(own(request, request.META.get("HTTP_REFERER", "")))
    return own(request, f"{parts.path}?{parts.query}" if parts.query else parts.path)


def to_log_in(request: HttpRequest, ended: str = "") -> HttpResponseRedirect:
    """To the login page, then back. ``ended``: why the session did."""
    query = {NEXT: here(request)}
    if ended:
        query["ended"] = ended
        if request.method == "POST":
            query["unsaved"] = "1"
    return redirect(f"{reverse('admin:login')}?{urlencode(query, safe='/')}")


def to_second_step(request: HttpRequest) -> HttpResponseRedirect:
    return redirect(f"{reverse('staff:verify')}?{urlencode({NEXT: here(request)}, safe='/')}")
