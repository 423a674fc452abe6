"""Laws 7 (only a person refuses), 8 (surfaces do not write) and 10 (Dutch and English)."""

import ast
import html
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

import raadhuis
from cases.work import PARKING, big, lease, own, parking
from catalogue.services import NAMES, whole
from house import House
from raadhuis.cases import queries as cases
from raadhuis.cases.models import Zaak
from raadhuis.cases.queries.advantage import forget_cached
from raadhuis.catalogue.schema import Definition
from raadhuis.kernel.texts import Text
from raadhuis.rules import queries as rules
from raadhuis.rules.schema import DecisionTable
from raadhuis.site.example.filler import apply, fill_in

SOURCE = Path(raadhuis.__file__).parent


# Law 7 ----------------------------------------------------------------------------------------------------------
TABLES = [
    (name, table)
    for name in NAMES
    for table in whole(name).definition.tables
    if any(o.name == "result" for o in table.outputs)
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=12),
    st.lists(st.integers(), max_size=2),
    st.just({"a": 1}),
)


def _likely(table: DecisionTable, fact: str) -> st.SearchStrategy[Any]:
    column = next(c for c in table.inputs if c.fact == fact)
    words = [*(column.values or []), "Centrum", "Havenkwartier", "Dijkzicht", "ja", ""]
    return {
        "boolean": st.booleans(),
        "number": st.one_of(st.integers(-2, 130), st.floats(-1, 130)),
        "text": st.sampled_from(words),
        "date": st.dates().map(str),
    }[column.type]


def test_there_are_tables_that_decide() -> None:
    assert len(TABLES) >= 2


@pytest.mark.parametrize(("service", "table"), TABLES, ids=[f"{n}.{t.id}" for n, t in TABLES])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_the_facts_are_the_machine_grants_or_a_person_looks(
    service: str, table: DecisionTable, data: Any
) -> None:
    facts = {
        column.fact: data.draw(
            st.one_of(_likely(table, column.fact), ODD) if data.draw(st.booleans()) else _likely(table, column.fact)
        )
        for column in table.inputs
        if data.draw(st.integers(0, 9))
    }
    decision = rules.decide(table, facts)
    assert decision.for_person or decision.outcome.get("result") == "grant"
    odd = [c.fact for c in table.inputs if not _fits(facts.get(c.fact), c.type)]
    if odd:
        assert decision.for_person and {u.fact for u in decision.undetermined} >= set(odd)
    again = rules.decide(table, facts)
    assert (again.outcome, again.for_person) == (decision.outcome, decision.for_person)


def _fits(value: Any, kind: str) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, str)


def test_what_the_table_would_refuse_lies_with_a_person(house: House) -> None:
    for who in ("fatima", "willem", "joris", "anouk", "daan"):
        receipt = apply(PARKING, house.person(who), own())
        zaak = Zaak.objects.get(id=receipt.zaak)
        record = zaak.decisions.get()
        if record.result == "grant":
            assert zaak.einddatum and record.automatic
        else:
            assert zaak.einddatum is None and not record.automatic and record.state == "advised"
            assert zaak.tasks.get().open, "a person's turn"
            assert queries_of_resident(zaak).decision is None, "no advice of a machine is shown as a decision"
    assert {z.decisions.get().result for z in Zaak.objects.all()} >= {"grant", "refuse"}


def queries_of_resident(zaak: Zaak) -> Any:
    return cases.resident_case(zaak.id, opened=zaak.id)


# Law 8 ----------------------------------------------------------------------------------------------------------
SURFACES = [
    *sorted((SOURCE / "portal").rglob("*.py")),
    *sorted((SOURCE / "desk").rglob("*.py")),
    SOURCE / "site" / "views.py",
    SOURCE / "site" / "login.py",
    SOURCE / "site" / "errors.py",
    SOURCE / "site" / "middleware.py",
]
WRITES = {
    "save",
    "objects",
    "bulk_create",
    "bulk_update",
    "delete",
    "raw",
    "execute",
    "get_or_create",
    "update_or_create",
}


@pytest.mark.parametrize("file", SURFACES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_surface_neither_writes_nor_reaches_into_tables(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in WRITES:
            health = file.name == "views.py" and file.parent.name == "site" and node.attr == "execute"
            assert health, f"line {node.lineno}: .{node.attr}"
        if isinstance(node, ast.ImportFrom):
            assert not (node.module or "").endswith(".models"), f"line {node.lineno}: {node.module}"
            assert node.module != "django.db.models", f"line {node.lineno}"


def test_the_surfaces_were_found() -> None:
    assert len(SURFACES) > 15


# Law 10 ---------------------------------------------------------------------------------------------------------
def _texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from _texts(getattr(value, field))
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


@lru_cache
def _dutch() -> list[str]:
    """The Dutch sentences of all definitions that differ from the English ones and are long enough to be known."""
    found = {
        line.strip()
        for name in NAMES
        for text in _texts(whole(name).definition)
        for line in text.nl.split("\n")
        if text.en and text.en != text.nl and len(line.strip()) > 14 and "{" not in line
    }
    english = "\n".join(text.en for name in NAMES for text in _texts(whole(name).definition))
    return sorted(one for one in found if one not in english)


def _leftovers(response: HttpResponse) -> list[str]:
    page = html.unescape(re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S))
    return [one for one in _dutch() if one in page]


@pytest.mark.parametrize("name", NAMES)
def test_every_text_of_a_definition_has_both_languages(name: str) -> None:
    definition: Definition = whole(name).definition
    texts = list(_texts(msgspec.structs.replace(definition, examples=[])))
    assert len(texts) > 50
    assert [text.nl for text in texts if not text.en.strip()] == []


def _english(client: Client) -> Client:
    client.cookies["taal"] = "en"
    return client


@pytest.fixture
def pages(house: House) -> dict[str, HttpResponse]:
    """Every page of the portal in English: of somebody who applied, of a report, of a festival under way."""
    forget_cached()
    client, shown = _english(house.client("fatima")), {}
    for path in ("/", "/over/", "/volgen/", *(f"/diensten/{name}/" for name in NAMES)):
        shown[path] = client.get(path)
    application = fill_in(PARKING, house.person("fatima"), lease())
    for page in ("auto", "eigenaar", "bewijs", "start", "contact"):
        shown[f"{PARKING} {page}"] = client.get(f"/aanvraag/{application}/vraag/{page}/")
    for page in ("auto", "eigenaar", "start", "contact"):
        wrong = client.post(f"/aanvraag/{application}/vraag/{page}/", {"kenteken": "?", "email": "?"})
        assert wrong.status_code == 422
        shown[f"{PARKING} {page} wrong"] = wrong
    draft = fill_in(PARKING, house.person("fatima"), lease())
    for part in ("overzicht", "bewaren"):
        shown[part] = client.get(f"/aanvraag/{draft}/{part}/")
    shown["klaar"] = house.submit(client, fill_in(PARKING, house.person("fatima"), own()))
    festival = _english(house.client("festival"))
    running = house.begin(festival, "evenementenvergunning")
    festival.post(f"/aanvraag/{running}/vraag/onderdelen/", {"onderdelen": ["podium", "tent", "eten", "wegen"]})
    for page in whole("evenementenvergunning").definition.pages:
        shown[f"evenement {page.id}"] = festival.get(f"/aanvraag/{running}/vraag/{page.id}/", follow=True)
    for case, who in ((parking(house), "fatima"), (big(house), "festival")):
        shown[f"zaak {case.id}"] = (client if who == "fatima" else festival).get(f"/mijn/zaken/{case.id}/")
    shown["mijn zaken"] = client.get("/mijn/zaken/")
    return shown


def test_no_page_in_english_shows_a_dutch_text_of_a_definition(pages: dict[str, HttpResponse]) -> None:
    assert len(_dutch()) > 300 and len(pages) > 35
    for name, response in pages.items():
        assert response.status_code in {200, 422}, f"{name}: {response.status_code}"
        assert 'lang="en"' in response.content.decode()[:600], name
        assert _leftovers(response) == [], name


def test_the_same_search_finds_dutch_on_a_dutch_page(house: House) -> None:
    """So that the test above means something."""
    assert _leftovers(house.client().get(f"/diensten/{PARKING}/"))


def test_messages_of_errors_are_in_the_language_of_the_page(house: House) -> None:
    client = house.client("fatima")
    application = fill_in(PARKING, house.person("fatima"), own())
    path = f"/aanvraag/{application}/vraag/auto/"
    assert "geen Nederlands kenteken" in client.post(path, {"kenteken": "?"}).content.decode()
    assert "not a Dutch number plate" in _english(client).post(path, {"kenteken": "?"}).content.decode()
