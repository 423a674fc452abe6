"""Exports come in whole or with losses named; a newer one keeps what was edited here; hostile files get a sentence."""

import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from raadhuis.catalogue import actions, queries
from raadhuis.catalogue.check import check
from raadhuis.catalogue.loading import load
from raadhuis.catalogue.open_forms.archive import MOST_BYTES, NoExport
from raadhuis.catalogue.open_forms.draft import import_export
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.expressions import parse

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "forms"
REAL = sorted(SHARED.glob("*.zip"))
EVENT = SHARED / "eventloket-evenement.zip"
needs_exports = pytest.mark.skipif(not REAL, reason="the real exports are not on this machine")


def component(kind: str, key: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "label": label, "validate": {"required": True}, **more}


def form(
    *components: dict[str, Any],
    rules: list[dict[str, Any]] | None = None,
    variables: list[dict[str, Any]] | None = None,
    **files: Any,
) -> bytes:
    """An export of one step with these components."""
    whole: dict[str, Any] = {
        "forms": [{"uuid": "11111111-2222", "name": "Straatfeest melden", "slug": "straatfeest"}],
        "formSteps": [{"index": 0, "uuid": "step-1", "form_definition": "http://x/api/v2/form-definitions/d-1"}],
        "formDefinitions": [{"uuid": "d-1", "name": "Uw feest", "configuration": {"components": list(components)}}],
        "formLogic": rules or [],
        "formVariables": variables or [],
    }
    return packed({f"{name}.json": json.dumps(value) for name, value in (whole | files).items() if value is not None})


def packed(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


NAME = component("textfield", "naam", "Hoe heet het feest?")
SORT = component(
    "radio",
    "soort",
    "Wat voor feest is het?",
    values=[{"value": "A", "label": "Met muziek"}, {"value": "B", "label": "Zonder"}],
)
LOUD = component("number", "db", "Hoe hard is de muziek?", hidden=True)
RULE = {
    "order": 0,
    "json_logic_trigger": {"==": [{"var": "soort"}, "A"]},
    "actions": [{"component": "db", "action": {"type": "property", "property": {"value": "hidden"}, "state": False}}],
}


def document(export: bytes) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(import_export(export, "evenementen").document)
    return found


def questions(export: bytes) -> dict[str, dict[str, Any]]:
    return {q["id"]: q for page in document(export)["pages"] for q in page["questions"]}


@needs_exports
@pytest.mark.parametrize("file", REAL, ids=lambda file: file.stem)
def test_every_real_export_becomes_a_draft_that_check_finds_no_error_in(file: Path) -> None:
    imported = import_export(file.read_bytes(), "evenementen")
    findings = check(load(imported.document, file.stem))
    assert [f"{f.path}: {f.message}" for f in findings if f.level == "error"] == []
    assert [f for f in findings if f.code == "to-decide"]
    assert import_export(file.read_bytes(), "evenementen").document == imported.document, "the same again"


@needs_exports
def test_the_event_form_comes_along_nearly_whole_and_every_loss_is_named() -> None:
    report = import_export(EVENT.read_bytes(), "evenementen").report
    assert (report.steps.total, report.components.total, report.rules.total, report.variables.total) == (
        17,
        399,
        144,
        28,
    )
    assert report.share >= 0.97
    parts = [report.steps, report.components, report.rules, report.variables]
    assert len(report.lost) == sum(count.total - count.mapped for count in parts)
    assert all(line.where and line.why for line in [*report.lost, *report.remarks])
    filled = next(line.why for line in report.lost if line.what == "rules")
    assert filled.count("dat doet alleen de aanvrager") == 1 and filled.count("`") == 2 * 12, "each answer once"


@needs_exports
def test_every_expression_of_the_event_form_can_be_read() -> None:
    whole = document(EVENT.read_bytes())
    conditions = [q["when"] for page in whole["pages"] for q in page["questions"] if "when" in q]
    conditions += [page["when"] for page in whole["pages"] if "when" in page]
    conditions += [fact["value"] for fact in whole["facts"]]
    assert len(conditions) > 150
    for text in conditions:
        assert parse(text)


def test_a_rule_becomes_the_condition_of_what_it_shows() -> None:
    asked = questions(form(NAME, SORT, LOUD, rules=[RULE]))
    assert [*asked] == ["heet_feest", "feest", "hard_muziek"]
    assert asked["hard_muziek"]["when"] == 'feest == "muziek"'


def test_a_box_becomes_a_page_and_texts_keep_their_places() -> None:
    box = {
        "type": "fieldset",
        "key": "muziek",
        "label": "Muziek",
        "components": [component("number", "db", "Hoe hard is {{ naam }}?")],
    }
    text = {
        "type": "content",
        "key": "uitleg",
        "label": "x",
        "html": "<p>Hallo <b>{{ naam }}</b>, <a href='https://x.example/'>lees</a></p>",
    }
    pages = document(form(NAME, box, text))["pages"]
    assert [page["title"]["nl"] for page in pages] == ["Uw feest", "Muziek", "Uw feest (2)"]
    assert pages[1]["questions"][0]["label"]["nl"] == "Hoe hard is {heet_feest}?"
    assert pages[2]["questions"][0]["label"]["nl"] == "Hallo **{heet_feest}**, [lees](https://x.example/)"


def test_a_text_with_conditions_becomes_a_note_for_each() -> None:
    html = "{% if soort == 'A' %}<p>Zacht graag.</p>{% elif not naam %}<p>Naam?</p>{% else %}<p>Goed.</p>{% endif %}"
    asked = questions(form(NAME, SORT, {"type": "content", "key": "u", "label": "", "html": html}))
    notes = [q for q in asked.values() if q["type"] == "note"]
    assert [(n["label"]["nl"], n["when"]) for n in notes] == [
        ("Zacht graag.", 'feest == "muziek"'),
        ("Naam?", '(empty(feest) or feest != "muziek") and empty(heet_feest)'),
        ("Goed.", '(empty(feest) or feest != "muziek") and not empty(heet_feest)'),
    ]


def test_what_is_unknown_is_named_and_the_rest_comes_along() -> None:
    strange = {"order": 1, "json_logic_trigger": {"toverstaf": [1]}, "actions": []}
    report = import_export(form(NAME, component("hologram", "h", "?"), rules=[RULE, strange]), "x").report
    assert [(line.what, line.why) for line in report.lost] == [
        ("components", "de soort `hologram` kennen wij niet"),
        ("rules", "de voorwaarde: de bewerking `toverstaf` kennen wij niet"),
    ]
    assert (report.components.total, report.components.mapped) == (2, 1)


def test_a_rule_that_acts_from_a_later_step_on_is_told_to_act_at_once_here() -> None:
    steps = [{"index": n, "uuid": f"step-{n}", "form_definition": f"d-{n}"} for n in (1, 2)]
    pages = [
        {"uuid": f"d-{n}", "name": f"Stap {n}", "configuration": {"components": c}}
        for n, c in ((1, [SORT, LOUD]), (2, [NAME]))
    ]
    export = form(
        rules=[RULE | {"trigger_from_step": "http://x/api/v2/forms/f/steps/step-2"}],
        formSteps=steps,
        formDefinitions=pages,
    )
    report = import_export(export, "x").report
    assert report.lost == []
    assert [line.why for line in report.remarks] == [
        "werkt in het oude formulier pas vanaf stap 2, hier zodra de antwoorden er zijn"
    ]


PETS = component(
    "editgrid",
    "dieren",
    "Welke dieren komen er?",
    groupLabel="Dier",
    components=[component("textfield", "chip", "Chipnummer"), component("textfield", "naam", "Hoe heet het dier?")],
)
CARE = component(
    "editgrid",
    "zorg",
    "Welke zorg is nodig?",
    groupLabel="Dier",
    validate={"required": True, "minLength": 1},
    components=[
        component("textfield", "chip", "Nummer"),
        component("textfield", "roepnaam", "Naam"),
        component("textarea", "wat", "Wat is nodig?"),
    ],
)
SYNC = {
    "type": "synchronize-variables",
    "config": {
        "sourceVariable": "dieren",
        "destinationVariable": "zorg",
        "identifierVariable": "chip",
        "dataMappings": [
            {"property": "chip", "componentKey": "chip"},
            {"property": "naam", "componentKey": "zorg.roepnaam"},
            {"property": "ras", "componentKey": "wat"},
            {"property": "naam", "componentKey": "weg"},
        ],
    },
}


def sync(*, when: Any = True, **config: Any) -> dict[str, Any]:
    action = {**SYNC, "config": {**SYNC["config"], **config}}  # type: ignore[dict-item]
    return {"order": 0, "json_logic_trigger": when, "actions": [{"component": "", "action": action}]}


def test_a_list_that_grows_with_another_follows_it() -> None:
    export = form(NAME, PETS, CARE, rules=[sync()])
    group = next(q for q in questions(export).values() if "for_each" in q)
    source = next(q for q in questions(export).values() if q["type"] == "group" and "for_each" not in q)
    chip, name = (part["id"] for part in source["questions"])
    columns = [part["id"] for part in group["questions"]]
    assert (group["for_each"], group["key"]) == (source["id"], chip)
    assert group["given"] == {columns[0]: chip, columns[1]: name} and "at_least" not in group
    report = import_export(export, "evenementen").report
    assert report.lost == [] and report.rules.mapped == 1
    told = " ".join(line.why for line in report.remarks)
    assert "geen rijen toevoegen" in told and "`wat` geeft de lijst hier niet" in told and "`weg`" in told
    assert [f for f in check(load(import_export(export, "evenementen").document, "x")) if f.level == "error"] == []
    only = form(NAME, PETS, CARE, rules=[sync(when={"==": [{"var": "naam"}, "Circus"]})])
    assert next(q["for_each"] for q in questions(only).values() if "for_each" in q).startswith(f"{source['id']} if ")


@pytest.mark.parametrize(
    ("export", "word"),
    [
        (form(NAME, CARE, PETS, rules=[sync()]), "wordt pas gevraagd na"),
        (form(NAME, PETS, CARE, rules=[sync(), {**sync(), "order": 1}]), "al met een andere lijst"),
        (form(NAME, PETS, CARE, rules=[sync(destinationVariable="naam")]), "geen herhaling"),
        (form(NAME, PETS, CARE, rules=[sync(sourceVariable="naam")]), "geen lijst"),
        (form(NAME, PETS, CARE, rules=[sync(sourceVariable="bestaat_niet")]), "geen lijst"),
        (form(NAME, PETS, CARE, rules=[sync(identifierVariable="kleur")]), "geen kolom `kleur`"),
        (form(NAME, PETS, {**CARE, "components": [component("file", "foto", "Foto")]}, rules=[sync()]), "een bestand"),
    ],
)
def test_a_list_that_cannot_follow_is_named(export: bytes, word: str) -> None:
    imported = import_export(export, "evenementen")
    assert any(word in line.why for line in imported.report.lost)
    assert [f for f in check(load(imported.document, "x")) if f.level == "error" and "for_each" in f.path] == []


@needs_exports
def test_children_from_the_register_bring_a_row_each() -> None:
    imported = import_export((SHARED / "children-flow.zip").read_bytes(), "evenementen")
    assert imported.report.lost == [] and "for_each: chosen(person.children, children)" in imported.document


def test_circular_rules_and_endless_logic_are_no_danger() -> None:
    def turn(order: int, variable: str, other: str) -> dict[str, Any]:
        action = {"variable": variable, "action": {"type": "variable", "value": {"var": other}}}
        return {"order": order, "json_logic_trigger": {"!!": [{"var": other}]}, "actions": [action]}

    variables = [{"key": k, "name": k, "source": "user_defined", "data_type": "string"} for k in ("a", "b")]
    deep: Any = True
    for _ in range(300):
        deep = {"!": [deep]}
    rules = [turn(0, "a", "b"), turn(1, "b", "a"), {"order": 2, "json_logic_trigger": deep, "actions": []}]
    imported = import_export(form(NAME, rules=rules, variables=variables), "x")
    assert [line.what for line in imported.report.lost] == ["rules"]
    assert load(imported.document, "x")


def test_a_template_cannot_reach_objects() -> None:
    html = "<p>{{ naam.__class__.__mro__ }} {{ settings.SECRET }} {% load x %} {{ naam|safe }}{naam}</p>"
    (note,) = [
        q for q in questions(form(NAME, {"type": "content", "key": "u", "html": html})).values() if q["type"] == "note"
    ]
    assert note["label"]["nl"] == "{heet_feest}(naam)"


@pytest.mark.parametrize(
    ("export", "word"),
    [
        (b"", "ZIP"),
        (b"PK\x03\x04 this is not one", "ZIP"),
        (packed({"readme.txt": "hello"}), "forms.json"),
        (packed({"../../etc/passwd": "x"}), "buiten zichzelf"),
        (packed({"/forms.json": "[]"}), "buiten zichzelf"),
        (packed({f"{n}.json": "[]" for n in range(80)}), "80 bestanden"),
        (form(NAME, forms=[]), "één formulier"),
        (form(NAME, formSteps=[]), "geen stappen"),
        (form(NAME, formSteps="x"), "lijst van objecten"),
        (form(NAME, formDefinitions=[{"uuid": "d-9"}]), "verwijst naar een definitie"),
        (packed({"forms.json": "{", "formSteps.json": "[]", "formDefinitions.json": "[]"}), "geen geldige JSON"),
        (form({"key": "x"}), "zonder soort"),
    ],
)
def test_what_is_no_export_gets_one_sentence(export: bytes, word: str) -> None:
    with pytest.raises(NoExport, match=word):
        import_export(export, "x")


def test_a_bomb_is_not_unpacked() -> None:
    bomb = packed({"forms.json": b" " * (MOST_BYTES * 15), "formSteps.json": "[]", "formDefinitions.json": "[]"})
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    with pytest.raises(NoExport, match="Uitgepakt"):
        import_export(bomb, "x")
    assert tracemalloc.get_traced_memory()[1] < 5 * MOST_BYTES
    tracemalloc.stop()


def test_components_without_end_are_refused() -> None:
    nested = NAME
    for n in range(60):
        nested = {"type": "fieldset", "key": f"f{n}", "label": "f", "components": [nested]}
    with pytest.raises(NoExport, match="dieper genest"):
        import_export(form(nested), "x")


@pytest.mark.django_db
class TestAgain:
    """The same form comes in a second time."""

    def test_the_same_export_changes_nothing(self) -> None:
        first = actions.import_form(form(NAME, SORT), "evenementen", SYSTEM)
        source = queries.draft_of(first.service).text
        again = actions.import_form(form(NAME, SORT), "parkeren", SYSTEM)
        assert (again.again, again.changes, again.conflicts) == (True, [], [])
        assert queries.draft_of(first.service).text == source

    def test_a_newer_export_shows_what_changed_and_keeps_what_was_edited_here(self) -> None:
        service = actions.import_form(form(NAME, SORT), "evenementen", SYSTEM).service
        edited = yaml.safe_load(queries.draft_of(service).text)
        edited["summary"] = {"nl": "Vier feest in uw straat.", "en": "Celebrate in your street."}
        edited["pages"][0]["questions"][0]["label"]["nl"] = "Naam van het feest"
        edited["pages"][0]["questions"].append(
            {"id": "extra", "type": "yes_no", "label": {"nl": "Is er al overlegd?", "en": "?"}}
        )
        actions.draft(load(yaml.safe_dump(edited, allow_unicode=True, sort_keys=False), "x"), SYSTEM)
        newer = {**NAME, "label": "Wat is de naam?", "description": "Zoals op de poster"}
        outcome = actions.import_form(form(newer, SORT, LOUD, rules=[RULE]), "evenementen", SYSTEM)
        told = outcome.changes
        assert any(
            "pages.feest.questions.heet_feest.label.nl" in sentence and "Wat is de naam?" in sentence
            for sentence in told
        )
        assert any(sentence.startswith("+ pages.feest.questions.hard_muziek") for sentence in told)
        assert outcome.conflicts == ["pages.feest.questions.heet_feest.label.nl"]
        merged = queries.draft_of(service).definition
        assert merged.summary.nl == "Vier feest in uw straat."
        asked = {q.id: q for q in merged.pages[0].questions}
        assert [*asked] == ["heet_feest", "feest", "extra", "hard_muziek"]
        assert asked["heet_feest"].label.nl == "Naam van het feest"
        assert asked["heet_feest"].help is not None

    def test_an_edit_is_read_as_the_definition_is(self) -> None:
        service = actions.import_form(form(NAME, SORT), "evenementen", SYSTEM).service
        source = queries.draft_of(service).text
        edited = source.replace("Hoe heet het feest?", "no").replace("Wat voor feest is het?", "2026-01-01")
        actions.draft(load(edited, "x"), SYSTEM)
        actions.import_form(form(NAME, SORT, LOUD, rules=[RULE]), "evenementen", SYSTEM)
        asked = queries.draft_of(service).definition.pages[0].questions
        assert [question.label.nl for question in asked[:2]] == ["no", "2026-01-01"]

    def test_a_service_made_here_is_not_overwritten(self) -> None:
        made = document(form(NAME))
        actions.draft(load(yaml.safe_dump(made, allow_unicode=True, sort_keys=False), "x"), SYSTEM)
        with pytest.raises(actions.NotNow, match="al een dienst"):
            actions.import_form(form(NAME), "evenementen", SYSTEM)

    def test_nothing_is_kept_of_what_cannot_be_read(self) -> None:
        before = queries.versions(limit=500)
        with pytest.raises(NoExport):
            actions.import_form(b"nonsense", "evenementen", SYSTEM)
        assert queries.versions(limit=500) == before


@pytest.mark.parametrize(
    ("drawn", "shapes"),
    [
        (None, None),
        ({"marker": True}, None),
        ({"marker": False, "polyline": False, "polygon": False}, None),
        ({"marker": True, "polyline": True, "polygon": True}, ["point", "line", "area"]),
        ({"marker": False, "polyline": True, "polygon": False}, ["line"]),
        ({"polygon": True}, ["area"]),
        ("x", None),
    ],
)
def test_a_map_lets_one_draw_what_the_source_let_one_draw(drawn: Any, shapes: list[str] | None) -> None:
    export = form(component("map", "kaart", "Waar?", interactions=drawn))
    (asked,) = questions(export).values()
    assert (asked["type"], asked.get("shapes")) == ("place", shapes)
    report = import_export(export, "evenementen").report
    assert [*report.lost, *report.remarks] == []


def test_a_rule_that_waits_for_a_drawing_still_does() -> None:
    rule = RULE | {"json_logic_trigger": {"!!": [{"var": "kaart"}]}}
    drawn = component("map", "kaart", "Route?", interactions={"polyline": True})
    assert questions(form(drawn, LOUD, rules=[rule]))["hard_muziek"]["when"] == "not empty(route)"
