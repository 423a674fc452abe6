"""A form that looks things up while it is filled in, the systems that it asks, and one application for it."""

import copy
import time
from typing import Any
from uuid import UUID

import msgspec
from asking import form_of

from catalogue.services import STALL, broken
from house import House
from raadhuis.adapters.standins.web import Request, Response, json_response
from raadhuis.catalogue import actions as catalogue
from raadhuis.catalogue import queries as definitions
from raadhuis.intake import actions, queries
from raadhuis.intake.models import Application
from raadhuis.intake.schema import PageView, Saved
from raadhuis.intake.state import Person, State, environment, unseal
from raadhuis.journal import queries as journal
from raadhuis.kernel.actor import SYSTEM

PAGES = [
    {
        "id": "wie",
        "title": {"nl": "Wie bent u?"},
        "questions": [
            {
                "id": "roepnaam",
                "type": "text",
                "label": {"nl": "Naam?"},
                "prefill": {"source": "sessie.naam", "ask": "confirm"},
            },
            {
                "id": "mobiel",
                "type": "phone",
                "required": False,
                "label": {"nl": "Telefoon?"},
                "prefill": {"source": "sessie.telefoon", "ask": "confirm"},
            },
            {
                "id": "bedrijf",
                "type": "text",
                "required": False,
                "label": {"nl": "Bedrijf?"},
                "prefill": {"source": "sessie.bedrijf", "ask": "if_unknown"},
            },
        ],
    },
    {
        "id": "waar",
        "title": {"nl": "Waar?"},
        "questions": [
            {"id": "plein", "type": "text", "label": {"nl": "Welk plein?"}},
            {"id": "vol", "type": "note", "when": "gemeente.vol", "label": {"nl": "{gemeente.naam} zit vol."}},
        ],
        "checks": [{"when": "not gemeente.binnen", "text": {"nl": "Daar gaan wij niet over."}, "question": "plein"}],
    },
    {
        "id": "regels",
        "title": {"nl": "Regels"},
        "when": "holds(regels.vraag)",
        "questions": [{"id": "akkoord", "type": "yes_no", "label": {"nl": "{regels.vraag}"}}],
    },
    {
        "id": "hoeveel",
        "title": {"nl": "Hoeveel?"},
        "questions": [
            {
                "id": "plekken",
                "type": "number",
                "label": {"nl": "Hoeveel plekken?"},
                "prefill": {"source": "regels.gewoonlijk", "ask": "confirm"},
            }
        ],
    },
]
LOOKUPS = [
    {"name": "sessie", "title": {"nl": "Uw sessie"}, "service": "sessies", "path": "nu", "result": "data"},
    {
        "name": "gemeente",
        "title": {"nl": "Gemeente van het plein"},
        "service": "plaatsen",
        "path": "zoek",
        "method": "post",
        "query": {"taal": '"nl"', "wijk": "wijk_van_niets"},
        "body": {"plein": "plein"},
        "result": "data.gemeente",
        "when": "not empty(plein)",
    },
    {
        "name": "regels",
        "title": {"nl": "Regels van de gemeente"},
        "service": "regels",
        "path": "gemeenten/{gemeente.code}",
    },
]
FACTS = [
    {"name": "binnen", "type": "boolean", "value": "gemeente.binnen", "title": {"nl": "Binnen"}},
    {"name": "onveilig", "type": "boolean", "value": "plekken > 100", "title": {"nl": "Vol"}},
    {"name": "wijk_van_niets", "type": "text", "value": "sessie.wijk", "title": {"nl": "Wijk"}},
]


class Outside:
    """The systems that are asked: what they answer, and every question that came."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.answers: dict[str, Any] = {
            "/sessies/nu": {"data": {"naam": "Noor", "telefoon": "0612345678", "bedrijf": "Feest BV"}},
            "/plaatsen/zoek": {"data": {"gemeente": {"code": "GM 1", "naam": "Waterrijk", "binnen": True}}},
            "/regels/gemeenten/GM 1": {"vraag": "Blijft de weg vrij?", "gewoonlijk": 3, "kleinDing": {"a": 1}},
        }
        self.status: dict[str, int] = {}
        self.slow = 0.0
        self.then: Any = None

    def __call__(self, request: Request) -> Response:
        body = msgspec.json.decode(request.body) if request.body else None
        self.asked.append((request.path, dict(request.query), body))
        if self.then:
            self.then()
        time.sleep(self.slow)
        status = self.status.get(request.path, 200)
        return json_response(self.answers[request.path], status) if request.path in self.answers else Response(404)

    def paths(self) -> list[str]:
        """What was asked since the last time."""
        paths, self.asked = [path for path, _, _ in self.asked], []
        return paths


def publish(changes: dict[str, Any]) -> None:
    base: dict[str, Any] = {"lookups": LOOKUPS, "pages": PAGES, "facts": FACTS, "examples": []}
    catalogue.publish_document(broken(STALL, copy.deepcopy(base | changes)), SYSTEM)


class Draft:
    """One application, filled in by somebody who did not log in."""

    def __init__(self, house: House) -> None:
        nobody = house.nobody()
        self.id: UUID = actions.start(STALL, nobody)
        self.person: Person = msgspec.structs.replace(nobody, applications=frozenset({self.id}))

    def save(self, page: str, **controls: str) -> Saved:
        form = {key.replace("__", "."): value for key, value in controls.items()}
        return actions.save_page(self.id, page, form_of(form), self.person)

    def shown(self, page: str) -> PageView:
        return queries.page(self.id, page, self.person)

    @property
    def state(self) -> State:
        return unseal(Application.objects.get(id=self.id))

    @property
    def env(self) -> dict[str, Any]:
        return environment(definitions.published(STALL), self.state)

    def events(self) -> list[dict[str, Any]]:
        return [e.data for e in journal.of_application(self.id) if e.kind == "application.looked_up"]
