"""The entry point for gunicorn: ``gunicorn pumpguide.wsgi``."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters


def readable(site: Callable[..., Any]) -> Callable[..., Any]:
    """A Content-Type that names a charset nobody knows counts as none: else Django fails, before any error page."""

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        try:
            parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            environ["CONTENT_TYPE"] = ""
        return site(environ, start_response)

    return wrapped


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pumpguide.settings")
application = readable(get_wsgi_application())
