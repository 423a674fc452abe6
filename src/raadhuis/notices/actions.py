"""Telling those who listen, and every change to who does.

Always holds: a notice is put in the outbox in the transaction of the change, so that none is lost or made up; a
callback has answered a test before it is subscribed; each change raises the number by which what is kept in memory is
thrown away.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext

from raadhuis.adapters.outside import NotReached, may_be_called
from raadhuis.journal import access, lanes
from raadhuis.journal.actions import Parcel, append, send_all
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM, Actor
from raadhuis.kernel.db import current_unit, durable
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.kernel.shapes import Fault, Refused, fault
from raadhuis.notices import calling, queries
from raadhuis.notices.messages import test_message
from raadhuis.notices.models import Abonnement, Kanaal, Stamp
from raadhuis.notices.schema import Channel, Filtered, NewSubscription, Notice

KIND = "notice"
TEST_SECONDS = 5.0
MOST_CHANNELS_EACH = 50
_HEADER = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,998}[\x21-\x7e])?")
_PENDING = "notices.pending"


def tell(notice: Notice) -> None:
    """Puts the notice in the outbox for every subscription that wants it, when the transaction commits.

    Of one main object in order. Costs one statement a transaction when nobody wants any.
    """
    wanted = [one.id for one in queries.listeners() if one.wants(notice)]
    if not wanted:
        return
    unit = current_unit()
    held = unit.notes.get(_PENDING)
    if not isinstance(held, list):
        held = unit.notes[_PENDING] = list[Parcel]()
        pending = held
        unit.before_commit(lambda: send_all(KIND, pending), early=True)
    told = payload(notice)
    held += [Parcel(receiver=id, key=_key(id, notice.main), payload=told) for id in wanted]


def payload(notice: Notice) -> dict[str, Any]:
    """A notice as it lies in the outbox."""
    made = notice.made or clock.now().isoformat(timespec="microseconds").replace("+00:00", "Z")
    title = f"{notice.channel}: {notice.resource} {notice.action}"
    return {**msgspec.to_builtins(notice), "made": made, "title": title}


def _key(receiver: UUID, main: str) -> str:
    """By which order is kept. A hash: an address of somebody else may hold anything."""
    return f"{receiver.hex}:{blake2b(main.encode(), digest_size=12).hexdigest()}"


def publish(notice: Notice) -> None:
    """Tells what another system has to say. Raises Refused for a channel or kenmerken that are not there."""
    found = queries.channels(notice.channel)
    if not found:
        raise fault("kanaal", "message_kanaal", "Er is geen kanaal met deze naam.")
    if strange := sorted(set(notice.features) - set(found[0].features)):
        words = f"Dit kanaal kent dit kenmerk niet: {strange[0][:50]}."
        raise fault("kenmerken", "kenmerken_inconsistent", words)
    with durable():
        tell(notice)


def add_channel(name: str, link: str, features: Iterable[str], actor: Actor) -> Channel:
    """Makes a channel. Raises Refused for a name that is taken."""
    with _unless_taken("naam"), durable():
        if queries.channels(name):
            raise _taken("naam")
        if Kanaal.objects.count() >= queries.MOST_CHANNELS:
            raise fault("nonFieldErrors", "too-many", "Er zijn te veel kanalen.")
        row = Kanaal.objects.create(naam=name, documentatie_link=link, filters=list(dict.fromkeys(features)))
        append("channel.added", actor, subjects={"channel": row.id})
    return Channel(row.id, name, link, tuple(row.filters))


def subscribe(new: NewSubscription, applicatie: UUID | None, actor: Actor) -> UUID:
    """Makes a subscription, after its callback answered a test with 204. Raises Refused."""
    id = uuid7()
    _require_sound(new, None)
    _test(new.callback, new.auth or "")
    with _unless_taken("callbackUrl"), durable():
        _require_sound(new, None)
        if Abonnement.objects.count() >= queries.MOST_SUBSCRIPTIONS:
            raise fault("nonFieldErrors", "too-many", "Er zijn te veel abonnementen.")
        row = Abonnement(id=id, applicatie=applicatie, auth=calling.sealed(new.auth or "", id))
        _write(row, new)
        row.save(force_insert=True)
        _changed("subscription.added", id, actor)
    return id


def change_subscription(id: UUID, new: NewSubscription, actor: Actor) -> None:
    """Writes a subscription anew, after its callback answered a test; it starts again if it had stopped.

    Raises Absent, Refused.
    """
    held = Abonnement.objects.filter(id=id).first()
    if held is None:
        raise Absent
    _require_sound(new, id)
    if new.auth is None and urlsplit(new.callback)[:2] != urlsplit(held.callback_url)[:2]:
        words = "Geef bij een adres op een andere server opnieuw wat in de Authorization header moet staan."
        raise fault("auth", "required", words)  # What one server may know is not brought to another one.
    auth = calling.opened(held.auth, id) if new.auth is None else new.auth
    _test(new.callback, auth)
    with _unless_taken("callbackUrl"), durable():
        row = Abonnement.objects.select_for_update().filter(id=id).first()
        if row is None:
            raise Absent
        _require_sound(new, id)
        row.auth = calling.sealed(auth, id)
        _write(row, new)
        row.failures, row.rests, row.rests_until, row.last_error, row.stopped = 0, 0, None, "", None
        row.save()
        lanes.hurry(id)
        _changed("subscription.changed", id, actor)


def unsubscribe(id: UUID, actor: Actor) -> None:
    """Ends a subscription, and throws away what waits for it. Raises Absent."""
    with durable():
        if not Abonnement.objects.filter(id=id).delete()[0]:
            raise Absent
        lanes.take_back(id)
        _changed("subscription.removed", id, actor)


def unsubscribe_all(applicatie: UUID, actor: Actor) -> None:
    """Ends the subscriptions of an application that goes, in the running transaction."""
    ids = list(Abonnement.objects.filter(applicatie=applicatie).values_list("id", flat=True))
    Abonnement.objects.filter(id__in=ids).delete()
    for id in ids:
        lanes.take_back(id)
        _changed("subscription.removed", id, actor)


def send_all_again(id: UUID, actor: Actor) -> None:
    """Puts the dead letters of a subscription back in its queue, at most 500 at a time. Raises NotAllowed, Absent."""
    if not access.may_resend(actor):
        raise NotAllowed(gettext("Alleen een beheerder kan berichten opnieuw versturen."))
    with durable():
        if not Abonnement.objects.filter(id=id).exists():
            raise Absent
        if count := lanes.send_again(id):
            data = {"kind": KIND, "attempts": count}
            append("outbox.resent", actor, subjects={"subscription": id}, data=data)


def stop(id: UUID) -> None:
    """The receiver says that it is gone: nothing is told any more until the subscription is written anew.

    In the running transaction, by who delivers.
    """
    if Abonnement.objects.filter(id=id, stopped=None).update(stopped=clock.now(), last_error="410"):
        _changed("subscription.stopped", id, SYSTEM)


def _taken(name: str) -> Refused:
    words = {"naam": "Er is al een kanaal met deze naam.", "callbackUrl": "Er is al een abonnement met dit adres."}
    return fault(name, "unique", words[name])


@contextmanager
def _unless_taken(name: str) -> Iterator[None]:
    """Two wanted the same at once, and the other one was first. Raises Refused."""
    try:
        yield
    except IntegrityError:
        raise _taken(name) from None


def _write(row: Abonnement, new: NewSubscription) -> None:
    row.callback_url, row.cloud_events = new.callback, new.cloud_events
    row.kanalen = msgspec.to_builtins(new.channels)


def _changed(kind: str, id: UUID, actor: Actor) -> None:
    Stamp.objects.get_or_create(id=1)
    Stamp.objects.filter(id=1).update(number=F("number") + 1)
    append(kind, actor, subjects={"subscription": id})


def _require_sound(new: NewSubscription, own: UUID | None) -> None:
    faults = []
    same = Abonnement.objects.filter(callback_url=new.callback)
    if not may_be_called(new.callback) or len(new.callback) > 1000:
        faults.append(Fault("callbackUrl", "invalid-callback-url", "Dit adres kan niet worden aangeroepen."))
    elif (same.exclude(id=own) if own else same).exists():
        faults += _taken("callbackUrl").faults
    if new.auth is not None and not _HEADER.fullmatch(new.auth):
        faults.append(Fault("auth", "invalid", "Dit kan niet in een Authorization header staan."))
    if len(new.channels) > MOST_CHANNELS_EACH:
        faults.append(Fault("kanalen", "too-many", "Dit zijn te veel kanalen voor één abonnement."))
    known = {one.name: set(one.features) for one in queries.channels()}
    for number, one in enumerate(new.channels[:MOST_CHANNELS_EACH]):
        faults += _channel_faults(number, one, known)
    if faults:
        raise Refused(*faults)


def _channel_faults(number: int, one: Filtered, known: dict[str, set[str]]) -> list[Fault]:
    if one.name not in known:
        return [Fault(f"kanalen.{number}.naam", "kanaal_naam", "Er is geen kanaal met deze naam.")]
    strange = sorted(set(one.filters) - known[one.name])
    words = "Op dit kenmerk kan op dit kanaal niet worden gefilterd."
    return [Fault(f"kanalen.{number}.filters", "inconsistent-abonnement-filters", words)] if strange else []


def _test(callback: str, auth: str) -> None:
    headers, body = test_message()
    try:
        status = calling.caller().post(callback, body, {**headers, "Authorization": auth}, within=TEST_SECONDS)
    except NotReached:
        status = 0  # One answer, whatever the reason: whoever may subscribe must not look round inside with it.
    if status != 204:
        words = "Een testbericht naar dit adres werd niet met status 204 beantwoord."
        raise fault("callbackUrl", "invalid-callback-url", words)
