"""Reading another register from beginning to end, in the order in which what refers comes after what it refers to.

In: a register, a phase, a page. Out: batches of rows with our addresses: the rows of a page, and what hangs on each of
them and can only be asked there. Always holds: one page is in memory at a time; nothing is asked inside a transaction.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal
from uuid import UUID

import msgspec

from raadhuis.adapters.registers import LISTS, Page, Register, RegisterRefuses
from raadhuis.cases.takeover.addresses import Addresses, id_in
from raadhuis.cases.takeover.comparing import EIO
from raadhuis.catalogue.ztc import queries as types

Body = dict[str, Any]
MOST_VERSIONS = 1000
# So many rows of a page are asked about at the same time: enough to fill the wait, too few to be a burden.
AT_ONCE = 4
ALL = {"status": "alles"}


class Row(msgspec.Struct, frozen=True):
    """A row there: its resource, its address, its id (None: it has none), what it tells with our addresses.

    `earlier`: the same for the earlier versions of a document, oldest first.
    """

    resource: str
    address: str
    id: UUID | None
    body: Body
    earlier: tuple[Body, ...] = ()


class Batch(msgspec.Struct, frozen=True):
    """A page of a phase; `rows` by resource. `count`: how many the list has in all, when the register tells."""

    page: int
    rows: dict[str, list[Row]]
    count: int | None
    more: bool


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """A list that is walked. `optional`: registers of an older version do without it."""

    name: str
    api: str
    path: str
    kind: Literal["types", "documents", "cases", "parts", "hanging", "decisions"]
    params: Mapping[str, str] = {}
    along: tuple[str, ...] = ()
    """What is asked for each row, and comes with it."""
    only: Callable[[Body], bool] | None = None
    shown: Mapping[str, str] = {}
    """Of what comes along, under which attribute a register that knows `expand` shows it with the row."""
    optional: bool = False

    @property
    def resources(self) -> tuple[str, ...]:
        """Of which resources it has rows."""
        return self.path, *self.along


def _types(*paths: str) -> tuple[Phase, ...]:
    without_status = {"catalogussen", "zaakobjecttypen"}
    return tuple(
        Phase(
            name=path,
            api="catalogi",
            path=path,
            kind="types",
            params={} if path in without_status else ALL,
            optional=path == "zaakobjecttypen",
        )
        for path in paths
    )


def _parts(*paths: str, optional: bool = False) -> tuple[Phase, ...]:
    return tuple(Phase(name=path, api="zaken", path=path, kind="parts", optional=optional) for path in paths)


def _is_part(body: Body) -> bool:
    return bool(body.get("hoofdzaak"))


def _is_whole(body: Body) -> bool:
    return not body.get("hoofdzaak")


def _cases(name: str, only: Callable[[Body], bool]) -> Phase:
    shown = {"zaakeigenschappen": "eigenschappen", "zaakinformatieobjecten": "zaakinformatieobjecten"}
    return Phase(name=name, api="zaken", path="zaken", kind="cases", along=tuple(shown), only=only, shown=shown)


PHASES = (
    *_types("catalogussen", "informatieobjecttypen", "besluittypen", "zaaktypen", "statustypen", "eigenschappen"),
    *_types("resultaattypen", "roltypen", "zaakobjecttypen", "zaaktype-informatieobjecttypen"),
    Phase(name=EIO, api="documenten", path=EIO, kind="documents", along=("gebruiksrechten",)),
    Phase(name="verzendingen", api="documenten", path="verzendingen", kind="hanging", optional=True),
    _cases("zaken", _is_whole),
    _cases("deelzaken", _is_part),
    *_parts("rollen", "statussen", "resultaten", "zaakobjecten"),
    *_parts("klantcontacten", "zaaknotities", optional=True),
    Phase(name="besluiten", api="besluiten", path="besluiten", kind="decisions", along=("besluitinformatieobjecten",)),
)
LAST_OF_TYPES = [phase.name for phase in PHASES if phase.kind == "types"][-1]
GROUPS = {"catalogi": "catalogussen", "documenten": EIO, "zaken": "zaken", "besluiten": "besluiten"}
"""By which word one may begin: with which phase that is."""


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _without_shown(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "_expand"}


class Walk:
    """A register that is read. Asks at once whether every API is there; raises RegisterRefuses."""

    def __init__(self, register: Register, known_as: Iterable[str] = ()) -> None:
        self.register, self.addresses = register, Addresses(register.bases, known_as)
        self._named: dict[str, str] | None = None
        self._otherwise: set[UUID] = set()
        self._shows: dict[str, bool] = {}
        for api, page in register.first_pages().items():
            for row in page.rows[:1]:
                self.addresses.learn(api, LISTS[api], str(row.get("url", "")))
        self._find_catalogues()

    def _find_catalogues(self) -> None:
        """A catalogue is known by domein and RSIN: types of theirs go into ours, when we have it by another id."""
        for row in self.register.listed("catalogi", "catalogussen"):
            here = types.catalogue_named(str(row.get("domein")), str(row.get("rsin")))
            id = id_in(row.get("url"))
            if here is not None and id is not None and here != id:
                there = self.addresses.ours({"catalogus": row["url"]})["catalogus"]
                self.addresses.is_here_as(there, f"{there.rpartition('/')[0]}/{here}")
                self._otherwise.add(id)

    def is_here_otherwise(self, row: Row) -> bool:
        """Whether a row is a catalogue that we have by another id."""
        return row.resource == "catalogussen" and row.id in self._otherwise

    def batches(self, phase: Phase, first: int = 1) -> Iterator[Batch]:
        """The pages of a phase from one on."""
        empty = True
        for page in self.register.pages(phase.api, phase.path, {**phase.params, **self._expanding(phase)}, first):
            empty = False
            yield self._batch(phase, page)
        if empty and first == 1 and not phase.optional:
            raise RegisterRefuses(f"There is no list of {phase.path} at {self.register.bases[phase.api]}.")

    def _batch(self, phase: Phase, page: Page) -> Batch:
        chosen = [body for body in page.rows if phase.only is None or phase.only(body)]
        rows: dict[str, list[Row]] = {name: [] for name in phase.resources}
        with ThreadPoolExecutor(AT_ONCE) as several:
            asked = [several.submit(self._hanging, phase, body) for body in chosen]
            for body, hanging in zip(chosen, asked, strict=True):
                earlier, along = hanging.result()
                rows[phase.path].append(self._row(phase, phase.path, _without_shown(body), earlier))
                for name, found in along.items():
                    rows[name] += [self._row(phase, name, one) for one in found]
        return Batch(page.number, rows, page.count, page.more)

    def _expanding(self, phase: Phase) -> dict[str, str]:
        """How to ask for what comes along together with the rows, of a register that can."""
        wanted = {"expand": ",".join(phase.shown.values())}
        if phase.shown and phase.path not in self._shows:
            try:
                self._shows[phase.path] = self.register.get(phase.api, phase.path, wanted) is not None
            except RegisterRefuses:
                self._shows[phase.path] = False
        return wanted if phase.shown and self._shows[phase.path] else {}

    def _hanging(self, phase: Phase, body: Body) -> tuple[list[Body], dict[str, list[Body]]]:
        """(earlier versions, what comes along by name) of a row."""
        return self._earlier(phase, body), {name: self._along(phase, name, body) for name in phase.along}

    def _row(self, phase: Phase, name: str, body: Body, earlier: Iterable[Body] = ()) -> Row:
        url = str(body.get("url", ""))
        if name == phase.path:  # What hangs on a row may live below its address.
            self.addresses.learn(phase.api, name, url)
        ours = self.addresses.ours_of_catalogue if phase.kind == "types" else self.addresses.ours
        return Row(name, url, id_in(url), ours(body), tuple(ours(one) for one in earlier))

    def _earlier(self, phase: Phase, body: Body) -> list[Body]:
        """The earlier versions of a document, as far as the register still gives them."""
        newest = body.get("versie")
        if phase.kind != "documents" or not isinstance(newest, int):
            return []
        path = f"{EIO}/{id_in(body.get('url'))}"
        asked = range(max(1, newest - MOST_VERSIONS), newest)
        found = (self.register.get("documenten", path, {"versie": str(number)}) for number in asked)
        return [one for one in found if isinstance(one, dict)]

    def _along(self, phase: Phase, name: str, body: Body) -> list[Body]:
        """What hangs on a row. It is not asked where the row itself tells it, or that there is nothing."""
        url, listed = str(body.get("url", "")), self.register.listed
        put, attribute = body.get("_expand"), phase.shown.get(name, "")
        if isinstance(put, dict) and isinstance(body.get(attribute), list):
            found = put.get(attribute)
            if isinstance(found, list) and len(found) == len(body[attribute]) and all(map(_is_object, found)):
                return found
        if name == "zaakeigenschappen":
            return listed("zaken", f"zaken/{id_in(url)}/{name}") if body.get("eigenschappen", True) else []
        if name == "zaakinformatieobjecten":
            return listed("zaken", name, {"zaak": url}) if body.get(name, True) else []
        if name == "gebruiksrechten":
            return listed("documenten", name, {"informatieobject": url}) if body.get("indicatieGebruiksrecht") else []
        return listed("besluiten", name, {"besluit": url})

    def named_zaaktypen(self) -> dict[str, str]:
        """The identificatie of every zaaktype there by its id: they name each other, and may come later."""
        if self._named is None:
            self._named = {
                str(id_in(row.get("url"))): str(row.get("identificatie", ""))
                for page in self.register.pages("catalogi", "zaaktypen", ALL)
                for row in page.rows
            }
        return self._named
