"""What a production set-up lacks: secret, TLS, mail, scanner, identity provider, database, disk, assets.

In: the settings and one look at each thing. Out: findings; those of level "error" stop `raadhuis serve`.
Always holds: what was found never shows a secret.
"""

import contextlib
import os
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db import DatabaseError, connection

from raadhuis.adapters.http import is_loopback
from raadhuis.catalogue import queries as catalogue
from raadhuis.kernel.problems import Absent
from raadhuis.site.environment import STANDINS_PORT
from raadhuis.site.settings import DEVELOPMENT_SECRET

SHORTEST_SECRET = 32


class Found(msgspec.Struct, frozen=True):
    """One thing that was looked at. `level`: ok, warning (works, but costs something), error (must not run so)."""

    what: str
    level: Literal["ok", "warning", "error"]
    said: str

    def as_json(self) -> dict[str, str]:
        """For --json."""
        return {"what": self.what, "level": self.level, "said": self.said}


def look() -> list[Found]:
    """Everything, in the order in which one would mend it."""
    return [
        _mode(),
        _secret(),
        _tls(),
        _hosts(),
        _database(),
        _disk(),
        _assets(),
        _mail(),
        _scanner(),
        *(_identity(realm) for realm in ("resident", "business", "staff")),
        *(_register(name) for name in ("persons", "businesses", "addresses", "vehicles")),
        *_lookups(),
    ]


def _found(what: str, bad: bool, wrong: str, right: str, level: Literal["warning", "error"] = "error") -> Found:
    return Found(what, level if bad else "ok", wrong if bad else right)


def _mode() -> Found:
    return _found(
        "mode",
        settings.RAADHUIS_MODE != "production",
        f"RAADHUIS_MODE is {settings.RAADHUIS_MODE!r}: with it anybody can log in as an invented person. "
        "Set RAADHUIS_MODE=production.",
        "production",
    )


def _secret() -> Found:
    secret = settings.RAADHUIS_SECRETS[0]
    return _found(
        "secret",
        secret == DEVELOPMENT_SECRET or len(secret) < SHORTEST_SECRET,
        f"RAADHUIS_SECRET is missing, the development one, or shorter than {SHORTEST_SECRET} characters.",
        f"set, {len(settings.RAADHUIS_SECRETS) - 1} older ones",
    )


def _tls() -> Found:
    return _found(
        "TLS",
        not settings.HTTPS,
        "RAADHUIS_URL does not start with https://: cookies and answers would travel in the clear.",
        "RAADHUIS_URL is https",
    )


def _hosts() -> Found:
    public = urlsplit(settings.RAADHUIS_URL).hostname or ""
    return _found(
        "hosts",
        public not in settings.ALLOWED_HOSTS,
        f"RAADHUIS_HOSTS does not name {public}: every request would be refused.",
        ", ".join(settings.ALLOWED_HOSTS),
    )


def _database() -> Found:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:
        return Found("database", "error", f"cannot be reached ({type(error).__name__}). Look at DATABASE_URL.")
    return Found("database", "ok", connection.vendor)


def _disk() -> Found:
    folder = settings.RAADHUIS_DATA
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return _found(
        "data folder", not os.access(folder, os.W_OK), f"{folder} cannot be written: set RAADHUIS_DATA.", str(folder)
    )


def _assets() -> Found:
    built = (settings.STATIC_ROOT / "manifest.json").exists()
    return _found("assets", not built, "are not built: run `make assets`, or install the wheel.", "built")


def _mail() -> Found:
    url = settings.RAADHUIS_ADAPTERS["mail_url"]
    if not url:
        return Found("mail", "error", "RAADHUIS_MAIL_URL is missing: nobody would get a confirmation or a resume link.")
    host = urlsplit(url).hostname or ""
    clear = urlsplit(url).scheme == "smtp" and not is_loopback(host)
    return _found("mail", clear, f"{host} is spoken to without TLS: use smtps:// or smtp+starttls://.", host, "warning")


def _scanner() -> Found:
    return _found(
        "virus scanner",
        not settings.RAADHUIS_ADAPTERS["antivirus_url"],
        "RAADHUIS_ANTIVIRUS_URL is missing: uploads are kept unscanned, and marked so.",
        "configured",
        "warning",
    )


def _identity(realm: str) -> Found:
    issuer = settings.RAADHUIS_ADAPTERS[f"{realm}_issuer"]
    what = f"log-in: {realm}"
    if not issuer:
        level: Literal["warning", "error"] = "error" if realm == "staff" else "warning"
        return Found(what, level, f"RAADHUIS_{realm.upper()}_ISSUER_URL is missing: nobody can log in here.")
    parts = urlsplit(issuer)
    if is_loopback(parts.hostname or "") and not settings.DEMO and parts.port == STANDINS_PORT:
        return Found(what, "error", "is the demo's provider, where anybody can be anybody.")
    if parts.scheme != "https":
        return Found(what, "error", "does not start with https://.")
    secret = settings.RAADHUIS_ADAPTERS[f"{realm}_client_secret"]
    return _found(what, len(secret) < 16, f"RAADHUIS_{realm.upper()}_CLIENT_SECRET is missing or short.", issuer)


def _register(name: str) -> Found:
    url = settings.RAADHUIS_ADAPTERS[f"{name}_url"]
    missing = f"RAADHUIS_{name.upper()}_URL is missing: what it knows will be asked."
    return _found(f"register: {name}", not url, missing, url, "warning")


def _lookups() -> list[Found]:
    """The services that published definitions have asked, each with its address or what it costs to have none."""
    known = settings.RAADHUIS_ADAPTERS.get("lookups") or {}
    named: dict[str, list[str]] = {}
    try:
        for line in catalogue.services():
            for lookup in catalogue.published(line.id).definition.lookups:
                named.setdefault(lookup.service, []).append(line.id)
    except (DatabaseError, Absent):  # Said already, by the line about the database; or just retired.
        pass
    return [_lookup(name, known.get(name, {}).get("url", ""), named.get(name, [])) for name in sorted({*known, *named})]


def _lookup(name: str, url: str, services: list[str]) -> Found:
    what, parts = f"look-up: {name}", urlsplit(url)
    if not url:
        wanted = ", ".join(sorted(set(services)))
        return Found(what, "warning", f"RAADHUIS_LOOKUPS has no address for it: what {wanted} looks up stays unknown.")
    clear = parts.scheme != "https" and not is_loopback(parts.hostname or "")
    return _found(what, clear, f"{url} is asked without TLS: answers of residents travel in the clear.", url, "warning")
