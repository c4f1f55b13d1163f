"""Where a request comes from, for limits on how often something may be tried. The one place that decides it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 (nobody listens here: it stands for "no address", as over a local socket)


def address(request: HttpRequest) -> str:
    """The client's IP address; of IPv6 the first 64 bits, since one line has all the others to change between.

    ``REMOTE_ADDR``; with ``BEHIND_PROXY`` the last entry of X-Forwarded-For, the only one that the trusted proxy wrote.
    What the client itself sends is never believed. ``UNKNOWN`` where there is no address.
    """
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2]
        if found := read(forwarded):
            return found
    return read(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def read(text: str) -> str:
    """An address as we keep it, from one with or without a port; empty when it is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)
