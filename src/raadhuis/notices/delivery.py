"""Bringing notices to subscribers: many at once, and none held up by another.

In: what waits in the outbox. Out: calls to subscribers, and rows that are gone, wait for a later moment, or are dead.
Always holds: one process at a time delivers (kernel.alone); a row is gone only after the receiver answered well, so
that a kill at any moment sends it again with the same id; of one main object nothing overtakes what failed; a receiver
never has more than LANES calls at a time, and one that is away is asked by one notice, at least every five minutes.

The threads that call touch no database. The rhythm: take what is due for each receiver, carry it in a few parcels side
by side, write down what became of each parcel in one transaction.
"""

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

import msgspec

from raadhuis.adapters.outside import NotReached
from raadhuis.journal import lanes
from raadhuis.journal.lanes import Row
from raadhuis.kernel import clock
from raadhuis.kernel.alone import alone
from raadhuis.kernel.db import durable
from raadhuis.notices import actions, calling
from raadhuis.notices.messages import message
from raadhuis.notices.models import Abonnement

THREADS = 32
LANES = 4
# How much is taken for a receiver at a time, and how long its parcels are carried before what arrived is written down.
AT_ONCE = 400
SLICE_SECONDS = 2.0
TURN_SECONDS = 20.0
# After so many failures in a row the receiver counts as away; it is then left alone for so long, every time longer.
AWAY_AFTER = 5
RESTS = [timedelta(seconds=s) for s in (5, 10, 30, 60, 120, 300)]
WELL = range(200, 300)
GONE = 410


class Receiver(msgspec.Struct, frozen=True):
    """Whom to bring something, as far as a thread needs to know."""

    id: UUID
    callback: str
    auth: str
    cloud_events: bool


class Carried(msgspec.Struct):
    """What became of a parcel."""

    arrived: list[UUID] = []
    failed: list[tuple[Row, str]] = []
    gone: bool = False


def deliver(ended: Callable[[], bool] = lambda: False) -> int:
    """Delivers what is due, until nothing is or the turn is over; how many rows were tried.

    Nothing happens, and the answer is 0, while another process delivers.
    """
    with alone("notices") as mine:
        return _Turn(ended).run() if mine else 0


def tidy() -> None:
    """Makes dead letters of what waits for a subscription that is gone, or for longer than a week."""
    with alone("notices") as mine:
        if not mine:
            return
        known = set(Abonnement.objects.values_list("id", flat=True))
        lanes.give_up_strays(known, actions.KIND)


_pool: list[ThreadPoolExecutor] = []


def _threads() -> ThreadPoolExecutor:
    if not _pool:
        _pool.append(ThreadPoolExecutor(THREADS, thread_name_prefix="notices"))
    return _pool[0]


class _Turn:
    def __init__(self, ended: Callable[[], bool]) -> None:
        self._ended, self._began = ended, time.monotonic()
        self._under_way: dict[Future[Carried], Abonnement] = {}
        self._tried = 0

    def run(self) -> int:
        while True:
            if not self._ended() and time.monotonic() - self._began < TURN_SECONDS:
                self._take()
            if not self._under_way:
                return self._tried
            done, _ = wait(self._under_way, timeout=1, return_when=FIRST_COMPLETED)
            for future in done:
                self._settle(self._under_way.pop(future), future.result())

    def _take(self) -> None:
        """Starts parcels for every receiver that has none under way."""
        busy = {one.id for one in self._under_way.values()}
        moment = clock.now()
        rows = [row for row in Abonnement.objects.order_by("id") if row.id not in busy]
        awake = [row for row in rows if row.stopped is None and (row.rests_until is None or row.rests_until <= moment)]
        well = [row.id for row in awake if not row.rests]
        due = bool(well) and lanes.anything_due(well)
        for row in awake:
            if row.rests or due:
                self._start(row)
        for row in rows:
            if row.stopped is not None:
                lanes.give_up(row.id, "GiveUp: the receiver says it is gone (410)")

    def _start(self, row: Abonnement) -> None:
        found = lanes.probe_for(row.id) if row.rests else lanes.due_for(row.id, AT_ONCE)
        if not found:
            return
        receiver = Receiver(row.id, row.callback_url, calling.opened(row.auth, row.id), row.cloud_events)
        for parcel in _parcels(found):
            self._under_way[_threads().submit(carry, receiver, parcel)] = row

    def _settle(self, row: Abonnement, carried: Carried) -> None:
        """Writes down what became of a parcel."""
        self._tried += len(carried.arrived) + len(carried.failed)
        if not carried.arrived and not carried.failed and not carried.gone:
            return
        with durable():
            if carried.arrived:
                lanes.arrived(carried.arrived)
            for failed, why in carried.failed:
                lanes.failed(failed, why)
            if carried.gone:
                actions.stop(row.id)
            else:
                _judge(row.id, carried)
        if carried.failed and row.rests:
            while lanes.give_up(row.id, carried.failed[-1][1], older=lanes.LONGEST):
                pass


def _parcels(rows: list[Row]) -> list[list[Row]]:
    """The rows over as many threads as a receiver may have; what has one key stays together, in order."""
    parcels: list[list[Row]] = [[] for _ in range(LANES)]
    place: dict[str, list[Row]] = {}
    for row in rows:
        place.setdefault(row.key, parcels[len(place) % LANES]).append(row)
    return [parcel for parcel in parcels if parcel]


def carry(receiver: Receiver, rows: list[Row]) -> Carried:
    """Brings a receiver these rows, in order, past the keys that fail, for at most a slice of time."""
    carried, held_up, in_a_row = Carried([], []), set[str](), 0
    until = time.monotonic() + SLICE_SECONDS
    for row in rows:
        if row.key in held_up:
            continue
        why = _bring(receiver, row)
        if why == str(GONE):
            carried.gone = True
            break
        if not why:
            carried.arrived.append(row.id)
            in_a_row = 0
        else:
            carried.failed.append((row, why))
            held_up.add(row.key)
            in_a_row += 1
        if in_a_row >= AWAY_AFTER or time.monotonic() > until:
            break
    return carried


def _bring(receiver: Receiver, row: Row) -> str:
    """Why it did not arrive; "" when it did."""
    headers, body = message(row.id, lanes.opened(row), cloud_events=receiver.cloud_events)
    try:
        status = calling.caller().post(receiver.callback, body, {**headers, "Authorization": receiver.auth})
    except NotReached as why:
        return f"NotReached: {why}"
    return "" if status in WELL else str(status)


def _judge(id: UUID, carried: Carried) -> None:
    """Whether the receiver is there: one good answer says so, and then all that waits for it is due."""
    row = Abonnement.objects.select_for_update().filter(id=id).first()
    if row is None:
        return
    if carried.arrived:
        if row.rests:
            lanes.hurry(id)
        row.failures, row.rests, row.rests_until, row.last_error = 0, 0, None, ""
    else:
        row.failures += len(carried.failed)
        row.last_error = carried.failed[-1][1][:200]
        if row.failures >= AWAY_AFTER and (row.rests_until is None or row.rests_until <= clock.now()):
            row.rests_until = clock.now() + RESTS[min(row.rests, len(RESTS) - 1)]
            row.rests += 1
    row.save(update_fields=["failures", "rests", "rests_until", "last_error"])
