"""What django-axes asks of us: whom it counts, what it shows, and that its logs name nobody."""

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from screening.keys import keyed_hash


def hashed_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name as it is kept with failed tries: hashed, since people type passwords into the wrong field."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return keyed_hash("failed login", str(name).encode()).hex()


def nobody(*client: Any) -> str:
    """In place of the name and address that django-axes would write into the log."""
    return "one name at one address"


def page(request: HttpRequest, *given: Any) -> HttpResponse:
    """429: after too many wrong passwords for one name from one address."""
    minutes = math.ceil(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
    response = render(request, "staff/locked.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(minutes * 60)
    add_never_cache_headers(response)
    return response
