"""Comparing another register with what is here, row by row and byte by byte. Nothing is written.

In: a register. Out: by resource how many there are there and here, and every row that is missing or differs. Always
holds: each row is fetched anew on both sides; the content of a document is hashed (SHA-256) as it comes from there, and
as it lies in our file store.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.adapters.registers import Register
from raadhuis.cases.brc import queries as decisions
from raadhuis.cases.drc import content
from raadhuis.cases.drc import queries as documents
from raadhuis.cases.drc.queries import Which
from raadhuis.cases.takeover import comparing
from raadhuis.cases.takeover.comparing import EIO
from raadhuis.cases.takeover.documenten import hanging_here, place_of_bytes, versions_unlike
from raadhuis.cases.takeover.taking import ids_of
from raadhuis.cases.takeover.walking import GROUPS, PHASES, Body, Phase, Row, Walk
from raadhuis.cases.zrc import queries as cases
from raadhuis.catalogue.ztc import moving
from raadhuis.catalogue.ztc import queries as types
from raadhuis.catalogue.ztc.resources import RESOURCES
from raadhuis.clients.schema import by_command
from raadhuis.kernel.documents import read
from raadhuis.kernel.problems import Absent

PIECE = 256 * 1024
MOST_REPORTED = 100_000
CONTENT, COUNT = "inhoud", "count"
Tell = Callable[[str, int], None]


class Compared(msgspec.Struct):
    """A resource: how many the register has, how many of these are here, how many of those differ."""

    resource: str
    there: int = 0
    here: int = 0
    differ: int = 0
    told: int | None = None
    """How many the register itself says that there are, where it does."""


class Difference(msgspec.Struct, frozen=True):
    """A row that is not the same. `attribute`: which, "" for a row that is not here at all.

    Without an address: the register shows another number of rows than it says that it has (`count`).
    """

    resource: str
    address: str
    attribute: str


class Verdict(msgspec.Struct, frozen=True):
    """All that was compared; `bytes` of content were hashed on each side. At most 100,000 differences are named."""

    resources: list[Compared]
    differences: list[Difference]
    files: int
    bytes: int

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def verify(
    register: Register, *, known_as: Iterable[str] = (), group: str = "catalogi", tell: Tell | None = None
) -> Verdict:
    """Compares everything from a part on. Raises RegisterRefuses, AdapterUnavailable."""
    eye = _Eye(Walk(register, known_as), tell or (lambda _, __: None))
    first = [phase.name for phase in PHASES].index(GROUPS[group])
    for phase in PHASES[first:]:
        eye.look(phase)
    eye.count()
    return Verdict(list(eye.found.values()), eye.differences, eye.files, eye.bytes)


class _Eye:
    """Looks at one phase after another."""

    def __init__(self, walk: Walk, tell: Tell) -> None:
        self._walk, self._tell, self._client = walk, tell, by_command().client
        self.found: dict[str, Compared] = {}
        self.differences: list[Difference] = []
        self.files = self.bytes = 0

    def look(self, phase: Phase) -> None:
        """Compares every row of a phase."""
        seen = 0
        for batch in self._walk.batches(phase):
            for name, rows in batch.rows.items():
                self._compare(phase, name, rows)
            seen += len(batch.rows[phase.path])
            self._of(phase.path).told = batch.count
            self._tell(phase.name, seen)

    def count(self) -> None:
        """Rows that the register says it has, but did not show: somebody wrote there meanwhile."""
        for one in self.found.values():
            if one.told is not None and one.told != one.there:
                self.differences.append(Difference(one.resource, "", f"{COUNT}: {one.told}"))

    def _of(self, name: str) -> Compared:
        return self.found.setdefault(name, Compared(name))

    def _compare(self, phase: Phase, name: str, rows: list[Row]) -> None:
        here, compared = self._here(phase, name, rows), self._of(name)
        for row in rows:
            compared.there += 1
            if phase.kind == "types" and self._walk.is_here_otherwise(row):
                compared.here += 1
                continue
            ours = here.get(str(row.id))
            if ours is None:
                self._differ(row, "")
                continue
            compared.here += 1
            unlike = self._unlike(phase, row, read(ours))
            compared.differ += bool(unlike)
            for attribute in unlike:
                self._differ(row, attribute)

    def _differ(self, row: Row, attribute: str) -> None:
        if len(self.differences) < MOST_REPORTED:
            self.differences.append(Difference(row.resource, row.address, attribute))

    def _here(self, phase: Phase, name: str, rows: list[Row]) -> Mapping[str, bytes]:
        ids = ids_of(rows)
        if phase.kind == "types":
            return types.as_related(name, ids)
        if name == EIO:
            return documents.documents(ids, self._client)
        if phase.api == "documenten":
            return hanging_here(name, ids)
        if phase.api == "besluiten":
            return decisions.documents(name, ids, self._client)
        return cases.documents(name, ids, self._client)

    def _unlike(self, phase: Phase, row: Row, ours: Body) -> list[str]:
        if phase.kind == "types":
            theirs = moving.by_identificatie(row.body, self._walk.named_zaaktypen())
            return sorted(moving.unlike(RESOURCES[row.resource], theirs, ours))
        found = comparing.unlike(row.resource, row.body, ours)
        if row.resource == EIO:
            found += versions_unlike(row)
            found += [one for body in (*row.earlier, row.body) if (one := self._content_unlike(row, body))]
        return found

    def _content_unlike(self, row: Row, body: Body) -> str:
        """ "inhoud" (of which version) when the bytes differ; "" when they are the same, or there are none."""
        if row.id is None or not body.get("inhoud"):
            return ""
        path, version = place_of_bytes(row.id, body)
        theirs = _Digest()
        there = self._walk.register.download("documenten", path, version, theirs.begin)
        ours = self._digest_here(row.id, version.get("versie", ""))
        self.files, self.bytes = self.files + 1, self.bytes + theirs.size
        if there and ours == theirs.hex():
            return ""
        return f"{CONTENT} (versie {version.get('versie', '')})".replace(" (versie )", "")

    def _digest_here(self, id: UUID, version: str) -> str:
        """The SHA-256 of what lies in our file store; "" when there is nothing."""
        found = hashlib.sha256()
        try:
            kept = documents.content(id, self._client, Which(versie=version))
            with content.store().open(kept.key) as file:
                while piece := file.read(PIECE):
                    found.update(piece)
        except Absent:
            return ""
        return found.hexdigest()


class _Digest:
    """Hashes pieces as they come in; begins anew at each try."""

    def __init__(self) -> None:
        self._found: Any = hashlib.sha256()
        self.size = 0

    def begin(self) -> Callable[[bytes], object]:
        self._found, self.size = hashlib.sha256(), 0
        return self._add

    def _add(self, piece: bytes) -> None:
        self._found.update(piece)
        self.size += len(piece)

    def hex(self) -> str:
        return str(self._found.hexdigest())
