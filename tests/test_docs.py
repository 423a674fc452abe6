"""The documentation is complete: every setting, every Dutch noun, every kind of event, the schema."""

import re
from pathlib import Path

import orjson
from django.apps import apps

from raadhuis.catalogue.json_schema import json_schema
from raadhuis.journal.kinds import KINDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
# The words of our own in the tables of the national model: English, so not in the glossary.
WORDS = """
answered applicant asked_by asks asks_documents assignee assignee_name author automatic by by_name claimed contact
definition direction due email event file_key finished follow_code id identification key kind link locked lookup
made made_by name offered open outcome pause_reason pseudonym published read released result result_key retired
revision role roles same_case scanned sealed second second_name seen sent service service_version sha256 shared
sort_due source state status status_key submission suspended_since table table_version task team teams
term_runs_to title CoSignature asked code level reminded signer times until
title_en title_nl type_key version document form names report body number one_version place secret client_id
main resource callback_url auth cloud_events filters level slot moves ClientId Stamp Import CaseData DecisionRecord
Message ServiceVersion Task ZaakTeam besluit besluittype held
failures rests rests_until last_error stopped
EventLog ColumnMapping mapping counts upto report made_by signature used
TakeOver TakeOverFinding takeover phase page done began ended resource address attribute reason
holds_from holds_until
catalogus eigenschap informatieobjecttype resultaattype roltype statustype
"""
ENGLISH = set(WORDS.split())


def test_the_glossary_knows_every_dutch_noun() -> None:
    told = set(re.findall(r"^\| `([^`]+)` \|", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE))
    used = set()
    for label in ("catalogue", "cases", "clients", "notices", "lean"):
        for model in apps.get_app_config(label).get_models():
            used |= {model.__name__, *(field.name for field in model._meta.fields)}
    assert used - ENGLISH - told == set(), "words without a line in docs/glossary.md"
    assert told - used == set(), "lines in docs/glossary.md for words that nobody uses"


def test_every_setting_has_its_docs() -> None:
    source = (ROOT / "src/raadhuis/site/settings.py").read_text("utf-8")
    source += (ROOT / "src/raadhuis/site/environment.py").read_text("utf-8")
    read = set(re.findall(r'(?:environ\.get|words|networks|boolean|number|pairs)\(\s*"([A-Z_]+)"', source))
    read |= {f"RAADHUIS_{name}_URL" for name in re.findall(r'_system\("([A-Z_]+)"', source)}
    told = set(re.findall(r"`((?:RAADHUIS|DATABASE)_[A-Z_]+)`", (DOCS / "settings.md").read_text("utf-8")))
    assert read - told == set(), "settings without a line in docs/settings.md"
    assert told - read == set(), "lines in docs/settings.md for settings that do not exist"


def test_the_published_schema_is_that_of_the_code() -> None:
    written = orjson.loads((DOCS / "service.schema.json").read_bytes())
    assert written == orjson.loads(orjson.dumps(json_schema())), (
        "run: raadhuis service schema > docs/service.schema.json"
    )


def test_the_example_services_fit_the_published_schema() -> None:
    """What an editor checks while one types accepts what we ship (the YAML as its own reader sees it)."""
    import jsonschema

    from raadhuis.catalogue.loading import read
    from raadhuis.site.example.load import FOLDER

    validator = jsonschema.Draft202012Validator(json_schema())
    for file in FOLDER.glob("*.yaml"):
        data, _ = read(file.read_text("utf-8"), file.name)
        problems = [f"{file.name}: {'/'.join(map(str, e.path))}: {e.message}" for e in validator.iter_errors(data)]
        assert problems == []


def test_every_kind_of_event_that_the_code_tells_has_a_schema() -> None:
    families = {kind.split(".")[0] for kind in KINDS}
    told = set()
    for file in (ROOT / "src/raadhuis").rglob("*.py"):
        if file.name != "kinds.py":
            found = re.findall(r'"([a-z]+)\.([a-z_]+)"', file.read_text("utf-8"))
            told |= {f"{family}.{verb}" for family, verb in found if family in families}
    known = set(KINDS)
    assert known - told == set(), "kinds that nobody tells"
    for kind in known:
        assert KINDS[kind].dutch and KINDS[kind].version >= 1
