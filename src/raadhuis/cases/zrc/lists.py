"""A page of cases out of very many: exact counts without a walk past the cases, and deep pages as quick as the first.

In: a client, filters, the number of a page. Out: how many there are, and the documents of the page. Always holds: what
is told is what a plain count and offset would have told at that moment.

Counts: triggers count cases by what lists are filtered by most (ZaakTelling); where all filters are of these, a count
is the sum of some rows of that table. Any other filter is counted by the database.
Deep pages: the list is in order of id, newest first, and ids are in order of time. Of a row that was shown it is kept
how many rows lie below it; the page that is asked for is walked to from the nearest of these. New cases come in on top
and change none of that; any other coming and going raises `moves` of what was counted, and what was kept is thrown
away.
"""

import threading
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, Q

from raadhuis.cases.models import Rol, Zaak, ZaakTelling
from raadhuis.cases.zrc import access, filters, stored
from raadhuis.clients.schema import Client
from raadhuis.kernel.statements import Given, Statement, settled

PAGE, READ = 100, "zaken.lezen"
NEWEST = UUID(int=2**128 - 1)
KEPT_SECONDS, MOST_KEPT, MOST_PLACES = 60.0, 500, 2000
# From which part of all cases on a list is walked through in its order, rather than sought by its types and sorted.
WALKED_FROM = 0.02
COUNTED = {
    *("zaaktype", "zaaktype__in", "maximaleVertrouwelijkheidaanduiding", "einddatum__isnull"),
    *(f"{name}{how}" for name in ("bronorganisatie", "archiefnominatie", "archiefstatus") for how in ("", "__in")),
}
_NAMES = {"vertrouwelijkheidaanduiding__in": "level__in", "einddatum__isnull": "open"}
# The client's own rights are part of what is kept, by their number.
_Key = tuple[str, int, tuple[tuple[str, str], ...]]


class _Counts:
    """How many cases there are by the counts, and how often something moved among them."""

    def __init__(self, where: Q) -> None:
        rows = ZaakTelling.objects.filter(where).values_list("number", "moves")
        sql, places = rows.query.sql_with_params()
        self._places = list(places)
        # The inner statement is put together by the ORM; nothing that a client sent is part of it.
        self._sql = f"SELECT COALESCE(SUM(number), 0), COALESCE(SUM(moves), 0) FROM ({sql}) counted"  # noqa: S608
        if connection.vendor == "postgresql":
            self._sql, self._places = settled(self._sql, self._places, connection)

    def ask(self) -> tuple[int, int]:
        """(cases, moves)"""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, self._places)
            number, moves = cursor.fetchone() or (0, 0)
        return int(number), int(moves)


class _Kept(msgspec.Struct):
    """What is kept of a list: its statements, and how many rows lie below a row that was shown."""

    counts: _Counts
    page: Statement[tuple[UUID, bytes | None]]
    where: Any
    made: float
    moves: int = -1
    below: dict[UUID, int] = {}


_kept: dict[_Key, _Kept] = {}
_by_person: dict[tuple[str, int], Statement[tuple[UUID, bytes | None]]] = {}
_lock = threading.Lock()


def can_count(asked: Mapping[str, str]) -> bool:
    """Whether the cases are counted already by all that is asked."""
    return asked.keys() <= COUNTED


def of_person(asked: Mapping[str, str], client: Client) -> list[bytes] | None:
    """The documents of all cases of one person, newest first; None when more is asked, or they are more than a page.

    What residents' portals ask all day: as nobody has many cases, one statement tells them and how many there are.
    """
    person = filters.only_person(asked)
    if person is None:
        return None
    kind, lookup = person
    rows = _by_person_of(client).all(kind=kind, lookup=lookup)
    return stored.completed(rows) if len(rows) <= PAGE else None


def _by_person_of(client: Client) -> Statement[tuple[UUID, bytes | None]]:
    key = client.client_id, client.stamp
    found = _by_person.get(key)
    if found is None:
        theirs = Rol.objects.filter(betrokkene_type=Given("kind"), lookup=Given("lookup")).values("zaak_id")
        rows: Any = Zaak.objects.filter(access.readable(client, READ), pk__in=theirs).order_by("-pk")
        found = Statement(lambda: rows.values_list("pk", "body")[: PAGE + 1])
        with _lock:
            if len(_by_person) >= MOST_KEPT:
                _by_person.clear()
            _by_person[key] = found
    return found


def page_of(asked: Mapping[str, str], client: Client, page: int) -> tuple[int, list[bytes]]:
    """(how many there are, the documents of one page) of a list that can be counted, newest first. Raises Refused."""
    try:
        kept = _kept_of(asked, client)
    except EmptyResultSet:  # No rights, or a filter that nothing can fit.
        return 0, []
    total, moves = kept.counts.ask()
    below = total - (page - 1) * PAGE  # So many rows lie below the place where the page begins.
    if below <= 0:
        return total, []
    if moves != kept.moves or len(kept.below) > MOST_PLACES:
        kept.below, kept.moves = {}, moves
    begin = _place(kept, below, total)
    rows = kept.page.all(before=begin)
    if rows:  # The place of this page, and of the next.
        kept.below |= {rows[-1][0]: below - len(rows)} | ({begin: below} if begin != NEWEST else {})
    return total, stored.completed(rows)


def _place(kept: _Kept, below: int, total: int) -> UUID:
    """The id above which so many rows lie below: known, or walked to from the nearest that is known."""
    near, lies = NEWEST, total
    for id, rows in list(kept.below.items()):
        if below <= rows < lies:
            near, lies = id, rows
    if lies == below:
        return near
    ids = Zaak.objects.filter(kept.where, pk__lt=near).order_by("-pk").values_list("pk", flat=True)
    return next(iter(ids[lies - below - 1 : lies - below]), UUID(int=0))


def _kept_of(asked: Mapping[str, str], client: Client) -> _Kept:
    key: _Key = client.client_id, client.stamp, tuple(sorted(asked.items()))
    found = _kept.get(key)
    if found is not None and time.monotonic() - found.made < KEPT_SECONDS:
        return found
    where = filters.condition("zaken", filters.ZAAK_FILTERS, asked)
    counts = _Counts(_renamed(where & access.readable(client, READ)))
    every, _ = _Counts(Q()).ask()
    if counts.ask()[0] >= every * WALKED_FROM:
        where &= access.readable(client, READ, kinds=_Walked("zaaktype"))
    else:
        where &= access.readable(client, READ)
    rows: Any = Zaak.objects.filter(where, pk__lt=Given("before")).order_by("-pk").values_list("pk", "body")
    found = _Kept(counts=counts, page=Statement(lambda: rows[:PAGE]), where=where, made=time.monotonic())
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = found
    return found


class _Walked(Func):
    """A column by which SQLite does not seek (its unary plus): the list is walked through in its order."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """See Func.as_sql."""
        return super().as_sql(compiler, connection, template="+%(expressions)s", **context)


def _renamed(where: Q) -> Q:
    """The same condition on the counts."""
    renamed = Q(_connector=where.connector, _negated=where.negated)
    for child in where.children:
        if isinstance(child, Q):
            renamed.children.append(_renamed(child))
        elif isinstance(child, tuple):
            renamed.children.append((_NAMES.get(child[0], child[0]), child[1]))
        else:
            raise TypeError(f"the counts do not know {child!r}")
    return renamed


def forget_known() -> None:
    """Throws away what is kept in memory: the tables were put back to an earlier state."""
    _kept.clear()
    _by_person.clear()
