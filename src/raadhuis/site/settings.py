"""Every setting of Raadhuis, with the reason for its value. `docs/settings.md` lists them; a test compares the two.

Comes in: environment variables. Goes out: Django's settings and ours (`RAADHUIS_…`).
Always holds: without any variable the result is a safe development set-up on SQLite below ./data.
"""

import os
from pathlib import Path
from typing import Any

from raadhuis.site.compiled import compiled_templates
from raadhuis.site.environment import (
    STANDINS_PORT,
    boolean,
    database,
    lookups,
    municipality,
    networks,
    number,
    pairs,
    secret_of_demo,
    words,
)

PACKAGE = Path(__file__).resolve().parent

# Where everything lives that is not in the database: the SQLite file, uploads, exports.
RAADHUIS_DATA = Path(os.environ.get("RAADHUIS_DATA", "data")).resolve()

# "demo": fictitious people and stand-ins on loopback. "production": `raadhuis check` demands the real things.
RAADHUIS_MODE = os.environ.get("RAADHUIS_MODE", "development")
DEMO = RAADHUIS_MODE in {"demo", "development"}

# The first secret encrypts and signs; older ones (separated by a space) still decrypt, so that keys can be rotated.
DEVELOPMENT_SECRET = "development-only-secret-that-check-refuses-in-production"  # noqa: S105 - not one to keep
RAADHUIS_SECRETS = words("RAADHUIS_SECRET") or (DEMO and secret_of_demo(RAADHUIS_DATA)) or [DEVELOPMENT_SECRET]
SECRET_KEY = RAADHUIS_SECRETS[0]
SECRET_KEY_FALLBACKS = RAADHUIS_SECRETS[1:]

DEBUG = False  # Never on: an error page with local variables would show personal data. Tracebacks go to the log.
# Addresses of other registers that may be asked what stands there, when a client of the national APIs names it.
RAADHUIS_ELSEWHERE = words("RAADHUIS_ELSEWHERE")
# The teams that read, at the desk, the cases of other applications whose type belongs to no service of ours.
RAADHUIS_OTHER_CASES = words("RAADHUIS_OTHER_CASES")
ALLOWED_HOSTS = words("RAADHUIS_HOSTS") or ["localhost", "127.0.0.1", "[::1]", "testserver"]
# The public address, used in mails and in the redirect of the identity provider.
RAADHUIS_URL = os.environ.get("RAADHUIS_URL", "http://localhost:8000").rstrip("/")
HTTPS = RAADHUIS_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [RAADHUIS_URL]

INSTALLED_APPS = [
    "django.contrib.sessions",
    "raadhuis.kernel",
    "raadhuis.journal",
    "raadhuis.clients",
    "raadhuis.notices",
    "raadhuis.catalogue",
    "raadhuis.cases",
    "raadhuis.intake",
    "raadhuis.lean",
    "raadhuis.site",
]

MIDDLEWARE = [
    "raadhuis.site.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "raadhuis.site.middleware.Problems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "raadhuis.site.middleware.Language",
    "raadhuis.site.middleware.Identity",
]

ROOT_URLCONF = "raadhuis.site.urls"
WSGI_APPLICATION = "raadhuis.site.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "raadhuis.site.editions.Editions",
        "NAME": "pages",
        "DIRS": [PACKAGE / "templates", PACKAGE.parent / "portal" / "templates", PACKAGE.parent / "desk" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "raadhuis.site.editions.environment",
            "context_processors": ["raadhuis.site.templating.page_context"],
            # Kept below the data folder: compiling every template at each start takes a second.
            "bytecode_cache": compiled_templates(RAADHUIS_DATA),
        },
    }
]

DATABASES = {"default": database(RAADHUIS_DATA)}
# How long a writer waits for the in-process lock on SQLite before it answers 503: longer than the worst wait
# measured (0.25 s), shorter than a browser's patience.
RAADHUIS_WRITE_WAIT_SECONDS = number("RAADHUIS_WRITE_WAIT_SECONDS", 5)

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "assets"  # Built by `make assets` with hashed names; nothing is collected at start.
WHITENOISE_ROOT = None
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9A-Za-z_]{8}\..+$"

SESSION_ENGINE = "raadhuis.site.session_store"
SESSION_COOKIE_NAME = "raadhuis"
SESSION_COOKIE_AGE = 12 * 3600  # The outer bound; idle limits are shorter and live below.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from the identity provider.
SESSION_COOKIE_SECURE = HTTPS
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "raadhuis.site.errors.csrf_failure"
# DigiD's norm asks that a resident's session ends after 15 minutes without use.
RAADHUIS_RESIDENT_IDLE_SECONDS = number("RAADHUIS_RESIDENT_IDLE_SECONDS", 15 * 60)
RAADHUIS_STAFF_IDLE_SECONDS = number("RAADHUIS_STAFF_IDLE_SECONDS", 60 * 60)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if boolean("RAADHUIS_BEHIND_PROXY") else None
USE_X_FORWARDED_HOST = False
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# How long a decision that a person took waits before it leaves the house, so that a slip can be undone.
RAADHUIS_UNDO_MINUTES = number("RAADHUIS_UNDO_MINUTES", 30)
# A begun application that nobody comes back to is thrown away after this many days (data minimisation).
RAADHUIS_DRAFT_DAYS = number("RAADHUIS_DRAFT_DAYS", 30)
# The municipality itself: name, RSIN, addresses, teams; a YAML file, the example one unless told otherwise.
RAADHUIS_MUNICIPALITY = municipality(os.environ.get("RAADHUIS_MUNICIPALITY", ""))
# The map tiles are the one thing that a page may load from elsewhere; empty means the tiles we ship.
RAADHUIS_MAP_TILES = os.environ.get("RAADHUIS_MAP_TILES", "")

# A page of a form is some kilobytes; files are counted apart, per question.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# The largest body of all, files included: ten files of ten megabytes and the form around them.
RAADHUIS_MAX_BODY_BYTES = number("RAADHUIS_MAX_BODY_BYTES", 105 * 1024 * 1024)

# What other applications send as documents. As base64 in one message a document is held in memory whole, about three
# times; the form application that most towns use lets 50 MB through, which is 67 MB of base64.
RAADHUIS_MAX_BASE64_BYTES = number("RAADHUIS_MAX_BASE64_BYTES", 100 * 1024 * 1024)
# In parts it is not held in memory. A part fits in the largest body of all, so that no proxy needs another limit.
RAADHUIS_PART_BYTES = number("RAADHUIS_PART_BYTES", 100 * 1024 * 1024)
# What the standard asks for at least; nothing here grows with it but the disk.
RAADHUIS_MAX_DOCUMENT_BYTES = number("RAADHUIS_MAX_DOCUMENT_BYTES", 4 * 1024**3)

# Event logs of other systems, and what is worked out from logs: files that DuckDB reads; they may be on a disk of
# their own.
RAADHUIS_LEAN_FOLDER = Path(os.environ.get("RAADHUIS_LEAN_FOLDER", RAADHUIS_DATA / "lean")).resolve()
# What DuckDB may hold while it works out a log; beyond it, it spills to disk. Ten million events stay below 1.2 GB in
# all.
RAADHUIS_LEAN_MEMORY_MB = number("RAADHUIS_LEAN_MEMORY_MB", 700)

# Outside systems. Empty means: not there; `raadhuis check` says what that costs.
STANDINS = os.environ.get("RAADHUIS_STANDINS", f"http://127.0.0.1:{STANDINS_PORT}" if DEMO else "")


def _system(name: str, standin_path: str) -> str:
    return os.environ.get(f"RAADHUIS_{name}_URL", f"{STANDINS}{standin_path}" if STANDINS else "")


# Where to post events about cases (without personal data), for a system that follows along; empty: nowhere.
RAADHUIS_WEBHOOK_URL = os.environ.get("RAADHUIS_WEBHOOK_URL", "")

# Subscribers choose their own address; inside our network only these may be called (`10.1.2.3`, `10.1.0.0/16`).
RAADHUIS_RECEIVERS_INSIDE = networks("RAADHUIS_RECEIVERS_INSIDE")

RAADHUIS_ADAPTERS: dict[str, Any] = {
    "persons_url": _system("PERSONS", "/brp"),
    "persons_key": os.environ.get("RAADHUIS_PERSONS_KEY", ""),
    "businesses_url": _system("BUSINESSES", "/kvk"),
    "businesses_key": os.environ.get("RAADHUIS_BUSINESSES_KEY", ""),
    "addresses_url": _system("ADDRESSES", "/pdok"),
    "vehicles_url": _system("VEHICLES", "/rdw"),
    "vehicles_key": os.environ.get("RAADHUIS_VEHICLES_KEY", ""),
    # Where definitions may have things looked up: they name a service, an administrator decides where it lives.
    "lookups": lookups(pairs("RAADHUIS_LOOKUPS"), pairs("RAADHUIS_LOOKUP_TOKENS"), STANDINS),
    "mail_url": os.environ.get("RAADHUIS_MAIL_URL", "smtp://127.0.0.1:8025" if STANDINS else ""),
    "mail_from": os.environ.get("RAADHUIS_MAIL_FROM", "gemeente@waterrijk.example"),
    "antivirus_url": os.environ.get("RAADHUIS_ANTIVIRUS_URL", ""),
    "files_folder": str(RAADHUIS_DATA / "files"),
    "resident_issuer": _system("RESIDENT_ISSUER", "/oidc/resident"),
    "resident_client_id": os.environ.get("RAADHUIS_RESIDENT_CLIENT_ID", "raadhuis"),
    "resident_client_secret": os.environ.get("RAADHUIS_RESIDENT_CLIENT_SECRET", "demo" if STANDINS else ""),
    "business_issuer": _system("BUSINESS_ISSUER", "/oidc/business"),
    "business_client_id": os.environ.get("RAADHUIS_BUSINESS_CLIENT_ID", "raadhuis"),
    "business_client_secret": os.environ.get("RAADHUIS_BUSINESS_CLIENT_SECRET", "demo" if STANDINS else ""),
    "staff_issuer": _system("STAFF_ISSUER", "/oidc/staff"),
    "staff_client_id": os.environ.get("RAADHUIS_STAFF_CLIENT_ID", "raadhuis"),
    "staff_client_secret": os.environ.get("RAADHUIS_STAFF_CLIENT_SECRET", "demo" if STANDINS else ""),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("RAADHUIS_LOG", "WARNING")},
    # Bad requests are the sender's affair and are answered; they are no line in our log.
    "loggers": {"django.security": {"level": "ERROR"}, "django.request": {"level": "ERROR"}},
}
