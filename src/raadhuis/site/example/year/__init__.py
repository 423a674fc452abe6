"""A year of a town hall that nobody lived, for who wants to see how work flows before there is a year of one's own.

In: how many cases a service. Out: a log for the room `lean`, of the same events that our own journal would tell.
Always holds: nothing comes in the journal, nor in the cases: they were never there. The same seed and day give the same
year. Persons at work are pseudonyms of nobody.
"""

import tempfile
from datetime import date
from pathlib import Path

from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor, Role
from raadhuis.lean import actions
from raadhuis.site.example.year.living import live
from raadhuis.site.example.year.telling import Telling

NAME = "Een nagespeeld jaar"


def bring_in(cases: int, *, until: date | None = None, seed: int = 1) -> None:
    """Plays `cases` (≥ 1) of each example service over the year before `until` (today), and makes a log of them."""
    told = Telling((until or clock.today()).toordinal() - 365, seed)
    live(told, cases)
    who = Actor(kind="staff", pseudonym="raadhuis", channel="system", roles=frozenset({Role.ADMIN}))
    with tempfile.TemporaryDirectory(prefix="raadhuis-year-") as place:
        told.write(Path(place))
        actions.import_journal(Path(place), who, name=NAME, source="raadhuis demo")
