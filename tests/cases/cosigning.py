"""A parking permit that a second person must sign, and the hands that do it."""

from typing import Any

import msgspec

from cases.work import PARKING, Case, lease, own
from catalogue.services import broken, whole
from house import House
from raadhuis.cases import actions
from raadhuis.cases.models import CoSignature
from raadhuis.cases.schema import Signer
from raadhuis.catalogue import actions as catalogue
from raadhuis.catalogue.loading import Loaded
from raadhuis.kernel.actor import SYSTEM, Actor
from raadhuis.site.example.filler import apply

SECOND = "joris@voorbeeld.example"
ASKED = {"mede_email": SECOND, "mede_naam": "Joris"}
COSIGN: dict[str, Any] = {
    "email": "mede_email",
    "name": "mede_naam",
    "level": "substantial",
    "text": {
        "nl": "Ik vind het goed dat {kenteken} bij ons voor de deur staat.",
        "en": "I agree that {kenteken} is parked at our door.",
    },
}
QUESTIONS: list[dict[str, Any]] = [
    {"id": "mede_naam", "type": "text", "required": False, "label": {"nl": "Wie tekent?", "en": "Who signs?"}},
    {"id": "mede_email", "type": "email", "label": {"nl": "E-mail van wie tekent", "en": "E-mail of who signs"}},
]


def service(name: str = PARKING, page: int = -1, /, **changes: Any) -> Loaded:
    """A service that asks for a second person on this page; `changes` are to its `cosign`."""
    pages = msgspec.to_builtins(whole(name).definition.pages)
    pages[page]["questions"] += QUESTIONS
    # Its examples know nothing of a second person.
    return broken(name, {"pages": pages, "cosign": COSIGN | changes, "examples": []})


def publish(name: str = PARKING, page: int = -1, /, **changes: Any) -> None:
    """Makes it the service that people use, within this test."""
    catalogue.publish_document(service(name, page, **changes), SYSTEM)


class Signed(Case):
    """A case that waits for a second signature."""

    @property
    def signature(self) -> CoSignature:
        return CoSignature.objects.get(zaak=self.id)

    @property
    def code(self) -> str:
        """The keyed hash that a browser holds after number and code."""
        return self.signature.code

    def signer(self, who: str = "joris") -> Signer:
        person = self.house.person(who)
        return Signer(name=person.name, bsn=person.bsn, kvk=person.kvk, lookup=person.owner, level=person.level)

    def actor(self, who: str = "joris") -> Actor:
        person = self.house.person(who)
        return Actor(kind=person.kind, pseudonym=person.pseudonym, name=person.name)  # type: ignore[arg-type]

    def sign_along(self, who: str = "joris") -> None:
        actions.sign(self.id, self.actor(who), self.signer(who), code=self.code)

    def refuse(self, who: str = "joris", reason: str = "Wij gaan verhuizen.") -> None:
        actions.refuse(self.id, self.actor(who), self.signer(who), reason=reason, code=self.code)

    def again(self, email: str = "") -> None:
        actions.ask_cosigner_again(self.id, self.actor("fatima"), email=email, lookup=self.house.person("fatima").owner)


def waiting(house: House, *, to_a_person: bool = False, **changes: Any) -> Signed:
    """A parking permit of Fatima that Joris must sign: to be granted at once after that, or for a person."""
    publish(**changes)
    answers = (lease() if to_a_person else own()) | ASKED
    return Signed(house, apply(PARKING, house.person("fatima"), answers).zaak)
