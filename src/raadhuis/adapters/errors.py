"""The one error of every adapter: the outside system cannot be reached, or answers what nobody can read.

Always holds: `system` is a fixed word and `reason` a technical phrase of ours; neither holds data of a person.
"""

from typing import Final

from raadhuis.kernel.problems import Unavailable

NAMES: Final = {
    "identity": "de inlogdienst",
    "persons": "de basisregistratie personen",
    "businesses": "het handelsregister",
    "addresses": "de adreszoeker",
    "vehicles": "het kentekenregister",
    "mail": "de mailserver",
    "antivirus": "de virusscanner",
    "files": "de bestandsopslag",
    "lookups": "een ander systeem",
    "register": "het andere register",
}


class AdapterUnavailable(Unavailable):
    """`system` (a key of NAMES) does not serve now; the caller decides what to do without it.

    `reason` is for the log: "timeout", "connection", "status 500", "unreadable", "too large", …; `asked_to_wait` is how
    many seconds it said itself that it wants to be left alone (Retry-After).
    """

    code = "system-unavailable"

    def __init__(self, system: str, reason: str = "", retry_after: int = 5, *, asked_to_wait: float = 0) -> None:
        name = NAMES.get(system, "een systeem buiten Raadhuis")
        super().__init__(f"Wij kunnen {name} nu niet bereiken. Probeer het over een paar minuten opnieuw.", retry_after)
        self.system = system
        self.reason = reason
        self.asked_to_wait = asked_to_wait
        self.extra["system"] = system

    def __str__(self) -> str:
        return f"{self.system}: {self.reason}" if self.reason else self.system
