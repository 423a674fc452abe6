"""Files that were sent from a browser become logs: asked for here, done by the background work, watched meanwhile.

In: a file that `uploads` keeps, what it is to be called and which column is what. Out: a log with the id of the file;
until then, how far it is.
Always holds: what was asked for is done, or says why not, and its file stays until it is a log. Who is at it holds a
lock on a file, which the kernel lets go of when it dies: nothing is busy with which nobody is busy. An import that was
broken off begins anew; one that ended TRIES processes is not tried again by itself. How far it is stands in a small
file that is replaced whole; the database hears of a log when it is there.
"""

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec
from django.utils import translation

from raadhuis.kernel.actor import Actor, Channel, Role
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow, Problem
from raadhuis.lean import access, actions, queries, uploads
from raadhuis.lean.schema import Coming

log = logging.getLogger(__name__)
# Once may be a restart of the machine; twice is the file.
TRIES = 2
# How far it is, is written so often, and so often it is looked whether somebody wants it stopped.
TOLD_SECONDS, LISTENS_SECONDS = 1.0, 0.25
# Who sent more than this in a day sees the newest.
MOST_SHOWN = 20
Told = TypeVar("Told", bound=msgspec.Struct)
_ORDER, _STATE, _END, _STOP, _LOCK = "order", "state", "ended", "stop", "lock"


class _Order(msgspec.Struct, frozen=True):
    """What was asked, by whom (what they may, and no name), in which language, when (seconds since 1970)."""

    name: str
    mapping: dict[str, str]
    language: str
    asked: float
    columns: bool
    channel: Channel
    roles: list[Role]


class _State(msgspec.Struct, frozen=True):
    """How far it is, at which try."""

    tries: int = 0
    stage: str = "reading"
    share: float = 0.0
    events: int = 0


class _End(msgspec.Struct, frozen=True):
    """How it ended without a log."""

    stage: str
    said: str = ""


class _Stopped(Exception):
    """Somebody wants it stopped."""


def ask(id: UUID, actor: Actor, *, name: str = "", mapping: Mapping[str, str] | None = None) -> None:
    """Asks that a file becomes a log; asked twice it becomes one log. Raises Absent, BadLog, Invalid, NotAllowed."""
    if not access.may_manage(actor):
        raise NotAllowed
    file, folder = uploads.file_of(id, actor), uploads.folder_of(id)
    told = {field: column for field, column in (mapping or {}).items() if column}
    columns = uploads.check(id, actor, told)
    with _alone(folder) as mine:
        if not mine:
            return
        order = _Order(
            name=name.strip() or file.name.partition(".")[0],
            mapping=told,
            language=translation.get_language() or "nl",
            asked=time.time(),
            columns=columns,
            channel=actor.channel,
            roles=sorted(actor.roles),
        )
        _begin_anew(folder)
        _write(folder / _ORDER, order)
        actions.settle(folder)


def ask_again(id: UUID, actor: Actor) -> None:
    """Asks the same once more, of what ended without a log. Raises Absent, NotAllowed."""
    if not access.may_manage(actor):
        raise NotAllowed
    uploads.file_of(id, actor)
    with _alone(uploads.folder_of(id)) as mine:
        if mine:
            _begin_anew(uploads.folder_of(id))


def stop(id: UUID, actor: Actor) -> None:
    """Asks that it ends without a log; the file stays. Who is at it hears this within a second; while it works out what
    it has read, before each part of that, which takes some seconds in a large log. Raises Absent.
    """
    uploads.file_of(id, actor)
    folder = uploads.folder_of(id)
    try:
        (folder / _STOP).touch()
    except FileNotFoundError:
        raise Absent from None
    with _alone(folder) as mine:
        if mine and _waits(folder, locked=True):
            _write(folder / _END, _End("stopped"))


def throw_away(id: UUID, actor: Actor) -> None:
    """Throws the file away. Raises Absent, NotNow while somebody is at it."""
    uploads.file_of(id, actor)
    with _alone(uploads.folder_of(id)) as mine:
        if not mine:
            raise NotNow
        uploads.forget(id)


def look(id: UUID, actor: Actor) -> Coming | None:
    """How far it is; None when nobody asked for it yet. Raises Absent, also when it is a log by now."""
    file, folder = uploads.file_of(id, actor), uploads.folder_of(id)
    order = _read(folder / _ORDER, _Order)
    if order is None:
        return None
    end = _read(folder / _END, _End)
    shown = Coming(id, order.name, file.name, "waiting", columns=order.columns, waited=time.time() - order.asked)
    if end is not None:
        return msgspec.structs.replace(shown, stage=end.stage, said=end.said)
    if not _is_locked(folder):
        return shown
    state = _read(folder / _STATE, _State) or _State()
    stage = "stopping" if (folder / _STOP).exists() else state.stage
    return msgspec.structs.replace(shown, stage=stage, share=state.share, events=state.events)


def asked(id: UUID, actor: Actor) -> tuple[str, dict[str, str]] | None:
    """The name and the columns that were asked for, to be asked differently; None when nobody did. Raises Absent."""
    uploads.file_of(id, actor)
    order = _read(uploads.folder_of(id) / _ORDER, _Order)
    return (order.name, dict(order.mapping)) if order else None


def all_of(actor: Actor) -> list[Coming]:
    """What this person asked for and is no log yet, the newest MOST_SHOWN first."""
    found: list[Coming] = []
    for id in reversed(list(uploads.kept())):
        with contextlib.suppress(Absent):
            shown = look(id, actor)
            found += [shown] if shown else []
        if len(found) == MOST_SHOWN:
            break
    return found


def waiting() -> list[UUID]:
    """What was asked for, has not ended and has nobody at it, in order."""
    return [id for id in uploads.kept() if _waits(uploads.folder_of(id))]


def bring_in() -> None:
    """Makes logs of all that waits, one after another. Each ends as a log or says why not; none stops the next."""
    for id in waiting():
        with _alone(uploads.folder_of(id)) as mine:
            if mine and _waits(uploads.folder_of(id), locked=True):
                with contextlib.suppress(FileNotFoundError):  # It was swept meanwhile.
                    _bring_in(id)


def _bring_in(id: UUID) -> None:
    folder, owner = uploads.folder_of(id), uploads.owner_of(id)
    order, state = _read(folder / _ORDER, _Order), _read(folder / _STATE, _State) or _State()
    if order is None or queries.is_there(id):  # It was listed, and then somebody died before the file was gone.
        uploads.forget(id)
        return
    if state.tries >= TRIES:
        _write(folder / _END, _End("interrupted"))
        return
    _write(folder / _STATE, _State(state.tries + 1))
    actor = Actor(kind="staff", pseudonym=owner, channel=order.channel, roles=frozenset(order.roles))
    with translation.override(order.language):
        end = _end_of(id, order, actor, _Watch(folder, state.tries + 1))
    if end is None:
        uploads.forget(id)
    else:
        _write(folder / _END, end)


def _end_of(id: UUID, order: _Order, actor: Actor, watch: "_Watch") -> _End | None:
    """Does it; how it ended, None when it is a log."""
    try:
        file = uploads.file_of(id, actor)
        actions.import_log(file, actor, name=order.name, mapping=order.mapping, watch=watch, id=id)
    except _Stopped:
        return _End("stopped")
    except Invalid as error:
        return _End("refused", " ".join(map(str, error.fields.values())))
    except Problem as problem:
        return _End("refused", problem.detail)
    except Exception as error:  # Whatever it was, who waits must hear that it is over.
        log.warning("bringing in %s failed: %s", id, type(error).__name__)
        return _End("failed")
    return None


class _Watch:
    """Writes down how far it is, and hears when it must stop."""

    def __init__(self, folder: Path, tries: int) -> None:
        self._folder, self._tries = folder, tries
        self._stage, self._told, self._listened = "", 0.0, 0.0

    def __call__(self, stage: str, share: float, events: int) -> None:
        now = time.monotonic()
        if stage == self._stage == "reading" and now - self._listened < LISTENS_SECONDS:
            return
        self._listened = now
        if (self._folder / _STOP).exists():
            raise _Stopped
        if stage != self._stage or now - self._told >= TOLD_SECONDS:
            self._stage, self._told = stage, now
            _write(self._folder / _STATE, _State(self._tries, stage, min(share, 1.0), events))


def _waits(folder: Path, *, locked: bool = False) -> bool:
    """Whether it is to be done; `locked`: by us."""
    asked_for = (folder / _ORDER).exists() and not (folder / _END).exists()
    return asked_for and (locked or not _is_locked(folder))


def _begin_anew(folder: Path) -> None:
    for name in (_STOP, _STATE, _END):
        (folder / name).unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Inside: whether nobody else is at it; also False when it is there no more."""
    try:
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mine = False
        else:
            mine = True
        yield mine
    finally:
        os.close(handle)


def _is_locked(folder: Path) -> bool:
    """Whether somebody is at it now."""
    try:
        handle = os.open(folder / _LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


def _write(target: Path, told: msgspec.Struct) -> None:
    """Whole or not at all."""
    aside = target.with_suffix(".part")
    aside.write_bytes(msgspec.json.encode(told))
    aside.replace(target)


def _read(file: Path, kind: type[Told]) -> Told | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
