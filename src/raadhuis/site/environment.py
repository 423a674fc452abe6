"""Reading settings from environment variables, with errors that name the variable."""

import contextlib
import ipaddress
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml

# The port on which the demo's stand-ins listen; `raadhuis check` refuses a log-in that leads there.
STANDINS_PORT = 8010


class BadSetting(SystemExit):
    """A variable has a value that cannot be used; the message names it."""


def words(name: str) -> list[str]:
    """The value of `name`, split on white space and commas."""
    return os.environ.get(name, "").replace(",", " ").split()


def secret_of_demo(folder: Path) -> list[str]:
    """The secret with which a demo made what is in this data folder, so that commands beside it read the same."""
    kept = folder / "demo-secret"
    return kept.read_text().split() if kept.is_file() else []


def networks(name: str) -> list[str]:
    """The networks in `name`, as `10.1.0.0/16` or one address. Raises BadSetting."""
    found = words(name)
    for word in found:
        try:
            ipaddress.ip_network(word, strict=False)
        except ValueError as error:
            raise BadSetting(f"{name}: {word!r} is not an address or a network such as 10.1.0.0/16") from error
    return found


def boolean(name: str) -> bool:
    """Whether `name` is 1, true, yes or on."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """The whole number in `name`, or `default`."""
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError as error:
        raise BadSetting(f"{name}={text!r} is not a whole number") from error


def database(data: Path) -> dict[str, Any]:
    """Django's database setting: PostgreSQL when DATABASE_URL says so, else SQLite in the data folder.

    Why these options: see `docs/settings.md`, "Database".
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url or url.startswith("sqlite"):
        path = Path(urlsplit(url).path) if url else data / "raadhuis.sqlite3"
        with contextlib.suppress(OSError):  # `raadhuis check` says so in words when the folder cannot be written.
            data.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # IMMEDIATE: a transaction that reads first and writes later would fail instead of wait.
                "transaction_mode": "IMMEDIATE",
                "timeout": 5,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                    "PRAGMA cache_size=-16000;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=16777216"
                ),
            },
            # A file, as in real life: in memory, SQLite locks tables where a file has WAL.
            "TEST": {"NAME": data / "test.sqlite3"},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(f"DATABASE_URL starts with {parts.scheme!r}: use postgresql://user:password@host/name")
    return {
        "ENGINE": "raadhuis.kernel.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            # A writer that hangs must not keep the journal's lock; a waiter must answer 503 in time.
            "options": "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000 -c statement_timeout=30000",
            **dict(parse_qsl(parts.query)),
        },
    }


# The services of the stand-in, which demo and development may ask.
STANDIN_LOOKUPS = (
    "evenloket-locationserver",
    "eventloket-gemeente-variabelen",
    "eventloket-sessie",
    "events-check-eventloket",
)
_SERVICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def pairs(name: str) -> dict[str, str]:
    """The value of `name`, as `key=value` pairs. Raises BadSetting; the message holds no value."""
    found = {}
    for number, word in enumerate(words(name), 1):
        key, sign, value = word.partition("=")
        if not sign or not value or not _SERVICE.fullmatch(key):
            raise BadSetting(f"{name}: number {number} is not NAME=VALUE, with a name such as eventloket-sessie")
        found[key] = value
    return found


def lookups(addresses: dict[str, str], tokens: dict[str, str], standins: str) -> dict[str, dict[str, str]]:
    """The services that forms may look things up in, with address and token; those of the stand-in where there is one.

    Raises BadSetting for an address that is none, and for a token without a service.
    """
    known = {service: f"{standins}/diensten/{service}" for service in STANDIN_LOOKUPS if standins} | addresses
    for service, url in known.items():
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or "@" in url:
            raise BadSetting(
                f"RAADHUIS_LOOKUPS: {service} needs an address such as https://host/path, without ? # or @"
            )
    if astray := sorted(set(tokens) - set(known)):
        raise BadSetting(f"RAADHUIS_LOOKUP_TOKENS: {astray[0]} is not in RAADHUIS_LOOKUPS")
    return {service: {"url": url, "token": tokens.get(service, "")} for service, url in known.items()}


def municipality(path: str) -> dict[str, Any]:
    """The municipality's own file (YAML), or the example municipality that comes with Raadhuis.

    Raises BadSetting when the file cannot be read or lacks `name` or `rsin`.
    """
    file = Path(path) if path else Path(__file__).resolve().parent / "example" / "municipality.yaml"
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadSetting(f"RAADHUIS_MUNICIPALITY: {file} cannot be read: {error}") from error
    if not isinstance(found, dict) or not found.get("name") or not found.get("rsin"):
        raise BadSetting(f"RAADHUIS_MUNICIPALITY: {file} needs at least `name` and `rsin`")
    return found
