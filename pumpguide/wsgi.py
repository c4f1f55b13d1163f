"""The entry point for gunicorn: ``gunicorn pumpguide.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pumpguide.settings")
application = get_wsgi_application()
