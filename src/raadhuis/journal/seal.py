"""The seal: a hash chain over the events, made in batches, that shows any tampering.

In: events in order. Out: links; a verification that names the first altered row.
Always holds: each link holds the SHA-256 of every event it covers, and an HMAC over those and the link before.
The key is not in the database, so that who can write there cannot make a chain that fits.
What a chain cannot show is a tail cut off after its newest link: compare `head` with a copy kept elsewhere.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import OperationalError, connection

from raadhuis.journal.models import Event, Seal
from raadhuis.journal.schema import Verification
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.db import durable

BATCH = 1000
# Any constant that nothing else in the database uses: "seal" in ASCII.
SEAL_LOCK = 0x7365616C
_ENTRY = struct.Struct(">q32s")
_START = "0" * 64
_BEFORE_ALL = -(2**63)


def digest(row: Event) -> bytes:
    """SHA-256 over every field of an event, each with its length before it, so that fields cannot run together."""
    time = row.time if isinstance(row.time, datetime) else datetime.fromisoformat(str(row.time))
    fields = (
        row.sequence,
        row.id,
        time.astimezone(UTC).isoformat(timespec="microseconds"),
        row.kind,
        row.kind_version,
        row.zaak,
        row.application,
        row.subjects,
        row.actor,
        row.role,
        row.channel,
        row.service,
        row.service_version,
        row.activity,
        row.data,
    )
    summed = hashlib.sha256()
    for field in fields:
        text = b"\x00" if field is None else str(field).encode()
        summed.update(struct.pack(">I", len(text)) + text)
    return summed.digest()


def _link(before: str, entries: bytes, key: bytes) -> str:
    return hmac.new(key, before.encode() + entries, hashlib.sha256).hexdigest()


def _fits(link: Seal, before: str, entries: bytes) -> bool:
    return any(hmac.compare_digest(_link(before, entries, key), link.chain) for key in privacy.seal_keys())


def seal(limit: int = BATCH) -> int:
    """Makes one link over at most `limit` unsealed events; how many it covers (0: nothing to do)."""
    with durable():
        if connection.vendor == "postgresql":  # Two runners may not both continue from the same link.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        newest = Seal.objects.order_by("-number").first()
        rows = list(Event.objects.filter(sequence__gt=newest.last if newest else 0).order_by("sequence")[:limit])
        if not rows:
            return 0
        entries = b"".join(_ENTRY.pack(row.sequence, digest(row)) for row in rows)
        Seal.objects.create(
            made=clock.now(),
            first=rows[0].sequence,
            last=rows[-1].sequence,
            entries=entries,
            chain=_link(newest.chain if newest else _START, entries, privacy.seal_keys()[0]),
        )
        return len(rows)


def _events(first: int, last: int) -> Iterator[Event]:
    return Event.objects.filter(sequence__gte=first, sequence__lte=last).order_by("sequence").iterator(chunk_size=1000)


def _digests(after: int, last: int) -> Iterator[tuple[int, bytes]]:
    """(sequence, digest) in order; a row that holds what its columns cannot (SQLite lets that in) has digest b""."""
    at = after
    try:
        for row in _events(after + 1, last):
            yield row.sequence, digest(row)
            at = row.sequence
    except (ValueError, TypeError, OverflowError, OperationalError) as error:
        if isinstance(error, OperationalError) and "UTF-8" not in str(error):
            raise
        yield from _one_by_one(at, last)


def _one_by_one(after: int, last: int) -> Iterator[tuple[int, bytes]]:
    """As `_digests`, up to and with the first row that cannot be read."""
    numbers = Event.objects.filter(sequence__gt=after, sequence__lte=last).order_by("sequence")
    for number in numbers.values_list("sequence", flat=True).iterator(chunk_size=1000):
        try:
            yield number, digest(Event.objects.get(sequence=number))
        except (ValueError, TypeError, OverflowError, OperationalError):
            yield number, b""
            return


def _bad_in_link(link: Seal, after: int) -> tuple[int, str] | None:
    entries = bytes(link.entries)
    if len(entries) % _ENTRY.size:
        return link.first, "seal-broken"
    expected = dict(_ENTRY.iter_unpack(entries))
    for sequence, found in _digests(after, link.last):
        lowest = next(iter(expected), sequence)
        if lowest < sequence:
            return lowest, "removed"
        sealed = expected.pop(sequence, None)
        if sealed is None:
            return sequence, "inserted"
        if not hmac.compare_digest(sealed, found):
            return sequence, "altered"
    if expected:
        return min(expected), "removed"
    return None


def has_head(head: str) -> bool:
    """Whether the chain still holds a link that was its head once; False tells that its tail was cut off."""
    return Seal.objects.filter(chain=head).exists()


def verify() -> Verification:
    """Walks the whole chain and every event. Memory is flat; time grows with the number of events."""
    before, last, sealed = _START, _BEFORE_ALL, 0
    first_bad: int | None = None
    why = ""
    for link in Seal.objects.order_by("number").iterator(chunk_size=20):
        entries = bytes(link.entries)
        found = _bad_in_link(link, last)
        if found is None and not _fits(link, before, entries):
            found = link.first, "seal-broken"
        if found:
            first_bad, why = found
            break
        before, last, sealed = link.chain, link.last, sealed + len(entries) // _ENTRY.size
    return Verification(
        events=Event.objects.count(),
        sealed=sealed,
        sealed_up_to=max(last, 0),
        ok=first_bad is None,
        first_bad=first_bad,
        why=why,
        head=before,
    )
