"""What is known is not asked: fetching from registers, once, when an application begins.

In: who applies. Out: `person` or `business` as expressions read it. Always holds: a register that cannot be reached
costs questions, never the application: then everything is asked.
"""

import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext

from raadhuis.adapters.config import Adapters, from_settings
from raadhuis.adapters.persons.port import Relative
from raadhuis.catalogue.queries import Published
from raadhuis.intake.state import Person, State, at_path
from raadhuis.kernel.problems import Absent, Unavailable

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def adapters() -> Adapters:
    """The clients of the outside systems, from the settings; one set a process."""
    return from_settings(settings.RAADHUIS_ADAPTERS)


def open_file(key: str) -> BinaryIO:
    """The bytes of a stored document. Raises Absent for one that is still being made."""
    if not key:
        raise Absent(gettext("Dit document wordt nog gemaakt. Probeer het over een halve minuut opnieuw."))
    return adapters().files.open(key)


def known_about(person: Person) -> dict[str, Any]:
    """{"person": …} or {"business": …}; empty for who did not log in, or when the register does not answer."""
    try:
        if person.bsn:
            return {"person": _person(person)}
        if person.kvk:
            return {"business": _business(person)}
    except Unavailable as error:
        log.warning("register unavailable: %s", error)
    return {}


def _person(person: Person) -> dict[str, Any]:
    found = adapters().persons.person(person.bsn)
    if found is None:
        return {"name": person.name, "email": person.email}
    address = _address(found.address)
    return _without_empty(
        {
            "name": found.full_name,
            "given_names": found.given_names,
            "surname": found.surname,
            "birth_date": _iso(found.birth_date),
            "address": address,
            "since": _iso(found.since),
            "email": person.email,
            "secrecy": found.secrecy,
            "household": [
                {"id": f"h{n}", "label": m.name, "relation": m.relation, "birth_date": _iso(m.birth_date)}
                for n, m in enumerate(found.household)
            ],
            "partners": _relatives("p", [found.partner] if found.partner else []),
            "children": _relatives("k", found.children),
        }
    )


def _relatives(letter: str, relatives: Iterable[Relative]) -> list[dict[str, str]]:
    """Partner and children wherever they live, as options of a question; without their BSN, which no form needs."""
    return [
        {"id": f"{letter}{n}", "label": relative.name, "birth_date": _iso(relative.birth_date)}
        for n, relative in enumerate(relatives)
    ]


def _business(person: Person) -> dict[str, Any]:
    found = adapters().businesses.business(person.kvk)
    if found is None:
        return {"kvk": person.kvk, "name": person.name, "email": person.email}
    return _without_empty(
        {
            "name": found.name,
            "kvk": found.kvk,
            "rsin": found.rsin,
            "address": _address(found.address),
            "email": person.email,
        }
    )


def _address(address: Any) -> dict[str, Any]:
    """An address with its neighbourhood, which the person register does not know and the address register does."""
    if address is None:
        return {}
    value = {
        "postcode": address.postcode,
        "house_number": address.house_number,
        "house_letter": address.house_letter,
        "addition": address.addition,
        "street": address.street,
        "city": address.city,
        "bag_id": address.bag_id,
        "neighbourhood": getattr(address, "neighbourhood", ""),
    }
    if not value["neighbourhood"] and value["postcode"] and value["house_number"]:
        try:
            hits = adapters().addresses.lookup(
                str(value["postcode"]),
                int(value["house_number"]),
                str(value["house_letter"] or ""),
                str(value["addition"] or ""),
            )
            value["neighbourhood"] = hits[0].neighbourhood if hits else ""
        except Unavailable:
            log.warning("address register unavailable: neighbourhood unknown")
    return _without_empty(value)


def _iso(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def prefill(published: Published, state: State) -> None:
    """Puts what the registers know into the answers; marks as known what then need not be asked."""
    for page in published.definition.pages:
        for question in page.questions:
            if question.prefill is None or question.id in state.answers:
                continue
            value = at_path(state.registers, question.prefill.source)
            if value is None:
                continue
            state.answers[question.id] = value
            if question.prefill.ask == "if_unknown":
                state.known.append(question.id)
