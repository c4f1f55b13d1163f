"""The project's own settings, with what tests need: a scratch folder, plain static names, quick passwords."""

import os
import tempfile

os.environ.setdefault("PUMPGUIDE_VAR", tempfile.mkdtemp(prefix="pumpguide-test-"))

from pumpguide.settings import *  # noqa: F403
from pumpguide.settings import STATIC_ROOT, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# the live server serves files by their plain names; one smoke test runs gunicorn with the hashed ones
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PUBLIC_URL = "https://pumps.example"  # as a public site has one
