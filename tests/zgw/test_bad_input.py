"""Messages that cannot be read, to every operation that writes: a 400 that names where; nothing is stored."""

import re
from typing import Any

import orjson
import pytest
from django.apps import apps

from zgw.clients import Application
from zgw.estate import NOWHERE, Estate
from zgw.register import CRS
from zgw.test_rights import _operations, _question

ROOMS = ("cases", "catalogue", "journal", "notices")
DEEP = 300
# By sort: the bytes, and which attribute the answer names.
BROKEN: dict[str, tuple[bytes, str]] = {
    "cut off": (b'{"zaak": "x', ""),
    "no JSON": (b"zaak=1", "nonFieldErrors"),
    "a list": (b"[1]", "nonFieldErrors"),
    "a text": (b'"zaak"', "nonFieldErrors"),
    "NaN": (b'{"omvang": NaN}', "omvang"),
    "Infinity": (b'{"omvang": -Infinity}', "omvang"),
    "no UTF-8": (b'{"zaak": "\xff"}', ""),
    "a name twice": (b'{"zaak": "a", "zaak": "b"}', "zaak"),
    "a name twice, spelled otherwise": (b'{"zaak": "a", "\\u007aaak" : "b"}', "zaak"),
    "a name twice, deep": (b'{"a": [{"reden": "a", "reden": "b"}]}', "reden"),
    "10 MB of lists": (b'{"a":' + b"[" * 10_000_000, ""),
    "10 MB of objects": (b'{"a":' * 2_000_000, ""),
    "too deep": (b'{"diep":' + b"[" * DEEP + b"]" * DEEP + b"}", "diep"),
}


@pytest.fixture
def estate(app: Application) -> Estate:
    return Estate(app)


def _rows() -> dict[str, int]:
    """How many rows there are, by table."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return {model._meta.label: model._default_manager.count() for model in models}


def _writing(estate: Estate) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, a good body) of every operation that reads a body of JSON."""
    found = []
    for method, place in _operations():
        if method in {"POST", "PUT", "PATCH"} and "bestandsdelen" not in place and not place.endswith("/lock"):
            nowhere = re.sub(r"<uuid:\w+>", NOWHERE.format(7), place)
            if estate.app.ask(method, nowhere, b"[").status_code != 405:
                question = _question(method, place, estate.lots["own"], "zaken.geforceerd-bijwerken")
                found.append((method, question.path, question.body))
    return found


def _refused(app: Application, method: str, path: str, body: bytes) -> list[str]:
    """The names in the problem that there must be."""
    response = app.ask(method, path, body, **CRS)
    assert response.status_code == 400, (method, path, body[:200], response.status_code, response.content[:300])
    return [one["name"] for one in orjson.loads(response.content)["invalidParams"]]


def test_what_cannot_be_read_is_refused_and_nothing_is_stored(estate: Estate) -> None:
    operations, before = _writing(estate), _rows()
    assert len(operations) > 30
    for method, path, _ in operations:
        for sort, (raw, name) in BROKEN.items():
            names = _refused(estate.app, method, path, raw)
            assert names == [name or names[0]], (method, path, sort)
    assert _rows() == before
