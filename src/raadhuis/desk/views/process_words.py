"""How the steps of our own journal are called: the journal has codes, people read words.

In: a log. Out: what gives a step its name. Always holds: a log of another system keeps its own names.
"""

from collections.abc import Callable

from django.utils.translation import get_language, gettext

from raadhuis.catalogue import queries as catalogue
from raadhuis.lean.schema import LogView


def language() -> str:
    """The language of this page: "nl" or "en"."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def called_of(log: LogView) -> Callable[[str], str]:
    """What gives a step of this log its name."""
    if log.kind == "imported":
        return str
    words = {**_tasks(), **_moments()}
    return lambda code: words.get(code, code)


def _tasks() -> dict[str, str]:
    """The titles of the tasks of our services, by the code that the journal has."""
    found: dict[str, str] = {}
    for line in catalogue.services():
        for task in catalogue.by_version_id(line.version_id).definition.tasks:
            found.setdefault(task.id, task.title.in_(language()))
    return found


def _moments() -> dict[str, str]:
    return {
        "approve": gettext("Tweede handtekening"),
        "case.created": gettext("Aanvraag ontvangen"),
        "case.withdrawn": gettext("Ingetrokken"),
        "case.reopened": gettext("Heropend"),
        "case.closed": gettext("Zaak afgesloten"),
        "case.term_suspended": gettext("Termijn stilgezet"),
        "case.term_resumed": gettext("Termijn loopt weer"),
        "case.term_extended": gettext("Termijn verlengd"),
        "decision.proposed": gettext("Besluit voorgesteld"),
        "decision.returned": gettext("Voorstel teruggegeven"),
        "decision.taken": gettext("Besluit genomen"),
        "decision.undone": gettext("Besluit teruggedraaid"),
        "besluit.added": gettext("Besluit vastgelegd"),
        "resident.asked": gettext("Vraag aan de aanvrager"),
        "resident.answered": gettext("Antwoord van de aanvrager"),
        "advice.asked": gettext("Advies gevraagd"),
        "message.sent": gettext("Bericht gestuurd"),
        "cosign.asked": gettext("Tweede handtekening gevraagd"),
        "cosign.given": gettext("Tweede handtekening gegeven"),
        "cosign.refused": gettext("Tweede handtekening geweigerd"),
        "cosign.expired": gettext("Tweede handtekening niet gegeven"),
    }
