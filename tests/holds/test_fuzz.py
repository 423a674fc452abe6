"""Nonsense at every address, as everybody: no answer is ever a 500, and none leaves without the security headers.

The same nonsense each run, so that a failure is one for everybody; `HYPOTHESIS_EXAMPLES=5000` looks further, at random.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from house import House
from raadhuis.cases.models import Message, Task, Zaak, ZaakInformatieObject
from raadhuis.catalogue import queries as catalogue
from raadhuis.intake.actions import start
from raadhuis.intake.models import Application
from raadhuis.kernel import clock
from raadhuis.site.example.filler import apply, fill_in

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "raadhuis"
MORE = os.environ.get("HYPOTHESIS_EXAMPLES", "")
WIDE = settings(
    max_examples=int(MORE or 150),
    derandomize=not MORE,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate] if MORE else [Phase.generate, Phase.shrink],
)
ROLES = ("", "fatima", "festival", "els", "murat", "ingrid", "marco", "tess", "ada")
HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
METHODS = ("GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO")
NASTY = (
    *("\x00", "a\x00b", "-1", "0", "00", "9" * 5, "9" * 25, "2147483648", "9223372036854775808", "1e999", "NaN"),
    *("Infinity", "²", "٣", "1_000", "true", "null", "[]", "{}", "' OR 1=1 --", "<script>", "../../etc/passwd", "%00"),
    *("%s%n", "{{7*7}}", "\ud83d\ude00", "\u202e", "é" * 300, "x" * 5000, "0000-00-00", "9999-99-99", "10000-01-01"),
    *(
        "2026-02-30",
        "31-12-9999",
        "0001-01-01",
        "\r\nX: y",
        "a@b",
        "a@b.nl\nBcc: c@d.nl",
        "0612345678",
        "999AA",
        "9999AA",
    ),
    *(str(UUID(int=0)), "nan_nan", "2026-01-01_x", "9999-12-31_" + str(UUID(int=2**128 - 1))),
)
TEXT = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))


def _addresses() -> Iterator[str]:
    def walk(patterns: list[Any], before: str = "") -> Iterator[str]:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, before + str(pattern.pattern))
            else:
                yield f"/{before}{pattern.pattern}"

    return walk(get_resolver().url_patterns)


def _names() -> list[str]:
    """Every name of a control in a template, and of every question with its parts."""
    found = {
        "token",
        "add",
        "remove",
        "remove_file",
        "lookup",
        "search",
        "upload",
        "later",
        "wijzig",
        "taal",
        "code",
        "state",
    }
    for template in PACKAGE.glob("*/templates/**/*.html"):
        found |= set(re.findall(r'name="([a-z_]+)"', template.read_text(encoding="utf-8")))
    for view in PACKAGE.glob("*/views/*.py"):
        found |= set(re.findall(r'(?:GET|POST)(?:\.get\(|\[)"([a-z_]+)"', view.read_text(encoding="utf-8")))
    parts = (
        "day",
        "month",
        "year",
        "postcode",
        "house_number",
        "addition",
        "lat",
        "lon",
        "description",
        "0.row",
        "99.row",
    )
    for line in catalogue.services():
        for page in catalogue.published(line.id).definition.pages:
            for question in page.questions:
                found |= {question.id, f"upload:{question.id}", *(f"{question.id}.{part}" for part in parts)}
                found |= {f"{question.id}.0.{inner.id}" for inner in getattr(question, "questions", [])}
    return sorted(found)


class Town:
    """Real things to be rude to, and a session for each role."""

    def __init__(self, house: House) -> None:
        fatima = house.person("fatima")
        answers = {
            "kenteken": "GZ999R",
            "eigenaar": "ander",
            "verklaring": [{"name": "verklaring.pdf"}],
            "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
            "email": "fatima@voorbeeld.example",
        }
        zaak = Zaak.objects.get(id=apply("parkeervergunning", fatima, answers).zaak)
        house.background()
        ids = [
            *Task.objects.filter(zaak=zaak).values_list("id", flat=True),
            *ZaakInformatieObject.objects.filter(zaak=zaak).values_list("informatieobject_id", flat=True),
            *Message.objects.filter(zaak=zaak).values_list("id", flat=True),
            fill_in("parkeervergunning", fatima, answers),
            start("verhuizing", fatima),
            start("evenementenvergunning", house.person("festival")),
        ]
        begun = [("fatima", ids[-3]), ("fatima", ids[-2]), ("festival", ids[-1])]
        self.forms = [
            (who, one, catalogue.by_version_id(Application.objects.get(id=one).version)) for who, one in begun
        ]
        self.zaak, self.task = zaak.id, Task.objects.get(zaak=zaak, open=True).id
        self.ids = [str(zaak.id), *(str(one) for one in ids), str(uuid4()), "x", "0" * 36]
        self.words = [
            "parkeervergunning",
            "verhuizing",
            "contact",
            "auto",
            "kenteken",
            "opnemen",
            "besluit",
            "staff",
            "resident",
        ]
        urls = (PACKAGE / "desk" / "views").glob("*.py")
        self.verbs = {
            verb for file in urls for verb in re.findall(r'^    "([a-z-]+)":', file.read_text(), re.MULTILINE)
        }
        self.words += sorted(self.verbs)
        self.cookies = {who: house.client(who).cookies.output(header="", sep=";") for who in ROLES}
        self.addresses, self.names = list(_addresses()), _names()


@pytest.fixture
def town(house: House) -> Town:
    return Town(house)


def ask(town: Town, draw: Any) -> HttpResponseBase:
    """One rude request; what it was stands in the failure that hypothesis shows."""
    client = Client(raise_request_exception=False)
    address = draw(st.sampled_from(town.addresses), label="address")
    path = re.sub(r"<uuid:\w+>", lambda _: draw(st.sampled_from(town.ids)), address)
    path = re.sub(r"<slug:\w+>", lambda _: draw(st.one_of(st.sampled_from(town.words), TEXT.map(quote_any))), path)
    if draw(st.integers(0, 15)) == 0:
        path += draw(TEXT.map(quote_any))
    name, pairs = st.sampled_from(town.names), st.lists(st.tuples(st.sampled_from(town.names), TEXT), max_size=5)
    query = draw(pairs, label="query")
    method = draw(st.sampled_from(METHODS), label="method")
    body, kind = draw(_bodies(name, pairs), label="body")
    headers = draw(_headers(), label="headers")
    who = draw(st.sampled_from(ROLES), label="who")
    cookie = draw(st.one_of(st.just(town.cookies[who]), st.just(town.cookies[who]), _cookies()), label="cookie")
    return client.generic(
        method,
        f"{path}?{urlencode(query, errors='surrogatepass')}",
        body,
        content_type=kind,
        **{"HTTP_COOKIE": cookie, "REMOTE_ADDR": f"10.{uuid4().int % 250}.{uuid4().int % 250}.1", **headers},
    )


def quote_any(text: str) -> str:
    """Percent-encoded, whatever is in it."""
    return quote(text.encode("utf-8", "surrogatepass"))


def _bodies(name: st.SearchStrategy[str], pairs: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[bytes, str]]:
    form = "application/x-www-form-urlencoded"
    multipart = st.tuples(st.lists(st.tuples(name, TEXT, st.one_of(st.none(), TEXT)), max_size=4), st.booleans())
    return st.one_of(
        pairs.map(lambda found: (urlencode(found, errors="surrogatepass").encode(), form)),
        pairs.map(lambda found: (urlencode(found * 3, errors="surrogatepass").encode(), form)),
        st.binary(max_size=200).map(lambda raw: (raw, form)),
        st.binary(max_size=200).map(lambda raw: (raw, "multipart/form-data; boundary=x")),
        st.tuples(st.binary(max_size=60), TEXT).map(lambda pair: (pair[0], pair[1].encode("ascii", "ignore").decode())),
        st.just((b'{"a": [1, 2', "application/json")),
        st.just((b"&".join([b"a=1"] * 1500), form)),
        multipart.map(lambda found: _multipart(*found)),
    )


def _multipart(parts: list[tuple[str, str, str | None]], whole: bool) -> tuple[bytes, str]:
    lines = []
    for name, value, file in parts:
        label = "" if file is None else f'; filename="{file}"'
        head = f'--grens\r\nContent-Disposition: form-data; name="{name}"{label}\r\n\r\n'
        lines.append((head + value + "\r\n").encode("utf-8", "surrogatepass"))
    return b"".join(lines) + (b"--grens--\r\n" if whole else b"--gre"), "multipart/form-data; boundary=grens"


def _headers() -> st.SearchStrategy[dict[str, str]]:
    plain = TEXT.map(lambda text: re.sub(r"[\r\n]", " ", text).encode("utf-8", "surrogatepass").decode("latin-1"))
    return st.one_of(
        st.just({}),
        st.just({}),
        st.fixed_dictionaries(
            {},
            optional={
                "HTTP_HOST": st.one_of(plain, st.sampled_from(["evil.example", "localhost:99999", "[::1", "a,b", ""])),
                "HTTP_ACCEPT": plain,
                "HTTP_ACCEPT_LANGUAGE": plain,
                "HTTP_X_FORWARDED_FOR": plain,
                "HTTP_HX_REQUEST": plain,
                "HTTP_REFERER": plain,
                "HTTP_ORIGIN": plain,
                "CONTENT_LENGTH": st.sampled_from(["-1", "", "x", "99999999999999999999", "²"]),
            },
        ),
    )


def _cookies() -> st.SearchStrategy[str]:
    values = TEXT.map(lambda text: text.encode("utf-8", "surrogatepass").decode("latin-1"))
    names = st.sampled_from(["raadhuis", "csrftoken", "taal", "x"])
    return st.lists(st.tuples(names, values), max_size=3).map(lambda found: "; ".join(f"{k}={v}" for k, v in found))


@WIDE
@given(data=st.data())
def test_no_answer_is_a_500(town: Town, data: st.DataObject) -> None:
    answer = ask(town, data.draw)
    assert answer.status_code < 500 or answer.status_code == 503, getattr(answer, "content", b"")[:300]
    missing = [name for name in HEADERS if name not in answer.headers]
    assert not missing, (answer.status_code, missing)


PARTS = "day month year postcode house_number house_letter addition street city lat lon description neighbourhood"
VALUES = st.one_of(
    TEXT, st.sampled_from(["1", "yes", "no", "eigen", "ander", "2026", "12", "9990AB", "52.1", "5.1", "on"])
)


@WIDE
@given(data=st.data())
def test_whatever_is_typed_into_a_form_is_answered(town: Town, data: st.DataObject) -> None:
    who, application, published = data.draw(st.sampled_from(town.forms))
    page = data.draw(st.sampled_from(published.definition.pages))
    names = ["token", "add", "remove", "remove_file", "lookup", "search", "later", "wijzig"]
    for question in page.questions:
        names += [question.id, f"upload:{question.id}", *(f"{question.id}.{part}" for part in PARTS.split())]
        names += [f"{question.id}.{n}.{q.id}" for q in getattr(question, "questions", []) for n in ("0", "1", "x")]
        names += [f"{question.id}.{n}.row" for n in ("0", "1", "99999999999", "²")]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(names), VALUES), max_size=12), label="pairs")
    pairs += [
        (button, question.id) for question in page.questions[:1] for button in data.draw(BUTTONS, label="buttons")
    ]
    body, kind = _multipart([(name, value, None) for name, value in pairs], True)
    answer = _send(town, who, f"/aanvraag/{application}/vraag/{page.id}/", body, kind)
    assert answer.status_code < 500, answer.content[:300]
    shown = Client(raise_request_exception=False).get(
        f"/aanvraag/{application}/vraag/{page.id}/", HTTP_COOKIE=town.cookies[who]
    )
    assert shown.status_code < 500, "what was typed can be shown again"
    overview = _send(town, who, f"/aanvraag/{application}/overzicht/", b"", "", method="GET")
    assert overview.status_code < 500, overview.content[:300]


BUTTONS = st.lists(st.sampled_from(["add", "lookup", "search"]), max_size=1)
STAFF = ("els", "murat", "ingrid", "marco", "tess", "ada")


@WIDE
@given(data=st.data())
def test_whatever_staff_send_is_answered(town: Town, data: st.DataObject) -> None:
    where = data.draw(
        st.sampled_from([f"/werk/taken/{town.task}/", f"/werk/zaken/{town.zaak}/", "/werk/diensten/verhuizing/"])
    )
    path = where + data.draw(st.sampled_from([*sorted(town.verbs), ""])) + "/"
    names = [name for name in town.names if "." not in name]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(names), VALUES), max_size=12), label="pairs")
    body, kind = _multipart([(name, value, None) for name, value in pairs], True)
    answer = _send(town, data.draw(st.sampled_from(STAFF)), path.replace("//", "/"), body, kind)
    assert answer.status_code < 500, answer.content[:300]


def _send(town: Town, who: str, path: str, body: bytes, kind: str, method: str = "POST") -> Any:
    client = Client(raise_request_exception=False)
    return client.generic(method, path, body, content_type=kind, HTTP_COOKIE=town.cookies[who])


@pytest.mark.parametrize("value", ["a\x00b", "9" * 25, "²", "\ud800", "10000-01-01_x"])
def test_one_odd_value_at_a_time(town: Town, value: str) -> None:
    """Every name that a view reads from an address, alone, so that no other oddity is refused before it."""
    asked = set()
    for view in PACKAGE.glob("*/views/*.py"):
        asked |= set(re.findall(r'GET(?:\.get\(|\[)"([a-z_]+)"', view.read_text(encoding="utf-8")))
    wrong = []
    for address in town.addresses:
        path = re.sub(r"<uuid:(\w+)>", lambda found: str(town.task if found[1] == "task" else town.zaak), address)
        path = re.sub(r"<slug:\w+>", "parkeervergunning", path)
        who = "marco" if path.startswith("/werk/") else "fatima"
        for name in sorted(asked | {""}):
            query = urlencode({name: value}, errors="surrogatepass")
            answer = _send(town, who, f"{path}?{query}" if name else path, b"", "", method="GET")
            if answer.status_code >= 500:
                wrong.append((who, path, name))
    assert not wrong
