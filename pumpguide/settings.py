"""All settings, from a few environment variables.

PUMPGUIDE_MODE       local (default) or production
PUMPGUIDE_VAR        folder for local data: keys, SQLite database, collected static files (default: var/ in the project)
SECRET_KEY           Django's signing key                              required in production
ANSWERS_KEYS         Fernet keys for the answers cookie, newest first  required in production
PATIENT_KEYS         Fernet keys for what patients sent, newest first  required in production
CLINIC_KEY           one Fernet key that codes are made with; the clinic's own, never changed   required in production
ALLOWED_HOSTS        names this site answers to, comma-separated       required in production
DATABASE_URL         postgres://user:password@host/name                default: SQLite in PUMPGUIDE_VAR
PUBLIC_URL           https://the.site, for canonical links             default: the first allowed host
DELETIONS_LOG        file that remembers what was deleted, for after a restore (default: deletions.log in PUMPGUIDE_VAR)
BEHIND_PROXY         1 when a trusted proxy sets X-Forwarded-Proto and adds the client to X-Forwarded-For
PUMPGUIDE_TWO_FACTOR required (default in production) or off (default in local mode): the second step of signing in
"""

import os
import zoneinfo
from datetime import timedelta
from pathlib import Path

import dj_database_url
from cryptography.fernet import Fernet
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PUMPGUIDE_VAR") or BASE_DIR / "var")


# --- reading the environment -------------------------------------------------------------------------------------


def choice(name, allowed, default):
    """One of a few words from the environment."""
    value = os.environ.get(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to one of: {', '.join(allowed)}.")
    return value


def flag(name):
    """1 or nothing from the environment."""
    return choice(name, ("1", "0"), "0") == "1"


def words(name, default):
    """A comma-separated list from the environment; required in production."""
    found = [word.strip() for word in required(name, lambda: default).split(",") if word.strip()]
    if not found:
        raise ImproperlyConfigured(f"{name} holds nothing but commas. Write at least one value, or unset it.")
    return found


def required(name, local_default):
    """The variable; in local mode, where it is not set, what ``local_default()`` gives."""
    value = os.environ.get(name)
    if not value and PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. Production needs it; the README says how to make one.")
    return value or local_default()


def kept_key(filename, make):
    """A key for local use: made once, kept in PUMPGUIDE_VAR, readable by its owner only."""
    path = VAR / "keys" / filename
    try:
        if not VAR.exists():
            VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Pump Guide cannot write to {VAR} ({error.strerror}). "
            "Make that folder writable, or set PUMPGUIDE_VAR to one that is."
        ) from error
    with os.fdopen(handle, "w") as file:
        file.write(make())
    return path.read_text().strip()


def time_zone(name, default):
    """A time zone's name, such as Europe/Berlin."""
    value = os.environ.get(name) or default
    if value not in zoneinfo.available_timezones():
        raise ImproperlyConfigured(f"{name} is {value!r}, which is no time zone. Write one such as {default}.")
    return value


def fernet_keys(name):
    """Fernet keys, newest first; the message never shows a key."""
    keys = words(name, kept_key(name.lower(), lambda: Fernet.generate_key().decode()) if not PRODUCTION else "")
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name}: key number {position} is not a Fernet key. Make one with: python -c "
                '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            ) from error
    return keys


def only(keys, name):
    """The one key of a setting that takes no more: what it made could not be found again under another."""
    if len(keys) != 1:
        raise ImproperlyConfigured(f"{name} holds {len(keys)} keys. It takes one, which stays for good.")
    return keys[0]


def database():
    """DATABASE_URL, or SQLite in PUMPGUIDE_VAR, each with what makes it safe."""
    try:
        config = dj_database_url.parse(
            os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'pumpguide.sqlite3'}",
            conn_max_age=60,
            conn_health_checks=True,
        )
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. Write it as postgres://user:password@host:5432/name."
        ) from error
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",  # a writer waits for its turn instead of failing half way
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA secure_delete=ON;",
        }
    elif config["ENGINE"].endswith("postgresql"):
        config["OPTIONS"] = {"connect_timeout": 2, "options": "-c statement_timeout=15000", **config.get("OPTIONS", {})}
    else:
        raise ImproperlyConfigured("DATABASE_URL names another kind of database. Use postgres://… or leave it out.")
    return config


# --- the installation --------------------------------------------------------------------------------------------

PRODUCTION = choice("PUMPGUIDE_MODE", ("local", "production"), "local") == "production"
DEBUG = False
SECRET_KEY = required("SECRET_KEY", lambda: kept_key("secret_key", get_random_secret_key))
ANSWERS_KEYS = fernet_keys("ANSWERS_KEYS")
PATIENT_KEYS = fernet_keys("PATIENT_KEYS")
CLINIC_KEY = only(fernet_keys("CLINIC_KEY"), "CLINIC_KEY")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
PUBLIC_URL = (os.environ.get("PUBLIC_URL") or f"{'https' if PRODUCTION else 'http'}://{ALLOWED_HOSTS[0]}").rstrip("/")
DATABASES = {"default": database()}
BEHIND_PROXY = flag("BEHIND_PROXY")
TWO_FACTOR = choice("PUMPGUIDE_TWO_FACTOR", ("required", "off"), "required" if PRODUCTION else "off")

INSTALLED_APPS = [
    "screening",
    "content",
    "pumpguide.staff.apps.DeskConfig",  # Django's admin, with our door
    "pumpguide.staff.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "django_otp",
    "axes",
    "csp",
    "js_asset",
    "django_prose_editor",
    "pumpguide",  # last: its admin for accounts takes the place of Django's own
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "pumpguide.middleware.Mailbox",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pumpguide.middleware.StaffDoor",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "pumpguide.urls"
WSGI_APPLICATION = "pumpguide.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("pumpguide",)
CRISPY_TEMPLATE_PACK = "pumpguide"
CRISPY_FAIL_SILENTLY = False

# --- languages and time ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]  # a language is added here when its texts are all there
LOCALE_PATHS = [BASE_DIR / "pumpguide" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = time_zone("TIME_ZONE", "America/New_York")

# --- static files ------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")  # megabytes that nobody reads
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- safety ------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [SELF, NONCE],  # the nonce stands only in the admin, where the editor has an inline import map
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a load balancer asks over plain HTTP
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"  # none of another host can be planted
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "pumpguide.errors.form_expired"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MOST_WITH_FILES = 12 * 1024 * 1024  # bytes in all, in the admin; its pictures may have 10 MB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a guide page in the admin has many small fields
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "staff:home"

# --- staff: signing in (their second step is TWO_FACTOR, above) ---------------------------------------------------

STAFF_IDLE_SECONDS = 30 * 60  # without use
STAFF_SESSION_SECONDS = 10 * 3600  # in all
STAFF_LANDINGS = {"screening.use_desk": "intake:desk"}  # whoever may do this lands there; everyone else: the admin

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "pumpguide.staff.backends.RolesBackend"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # both together: nobody locks out a nurse who sits elsewhere
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "pumpguide.client.address"
AXES_USERNAME_CALLABLE = "pumpguide.staff.lockout.hashed_name"
AXES_LOCKOUT_CALLABLE = "pumpguide.staff.lockout.page"
AXES_CLIENT_STR_CALLABLE = "pumpguide.staff.lockout.nobody"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # who did what is in our own audit

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- the two apps ------------------------------------------------------------------------------------------------

DELETIONS_LOG = Path(os.environ.get("DELETIONS_LOG") or VAR / "deletions.log")
ANSWERS_IDLE_SECONDS = 30 * 60  # answers on the patient's device can be read this long after the last page
PUBLISHED_CHECK_SECONDS = 3  # how often a process asks the database whether something new was published
SENDS_AN_HOUR = 60  # from one address, which may be a whole clinic's; beyond it people are told to print instead
QUIET_HOURS = (2, 5)  # from two until five at night in TIME_ZONE: PostgreSQL's large tables are written anew then
SCREENING_DAYS = 90  # a sent screening is deleted so long after it was sent
CALLBACK_DAYS = 30  # a call-back is deleted so long after it was closed
AUDIT_YEARS = 6  # a row of the audit is deleted so long after it was written; the database's guard says six as well

# --- logs: ids and codes, never answers, names or numbers ----------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"delete links": {"()": "pumpguide.logs.WithoutDeleteLinks"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["delete links"]},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.template": {"level": "INFO"},  # at DEBUG it would write down all that stands on a page
        "axes": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
