"""What happens in the background: delivering the outbox, sealing the journal, reminding, throwing old drafts away.

In: the clock. Out: mail, letters, webhooks; links of the seal. Always holds: a task that fails is tried again at its
next turn and never stops the others; ending in the middle loses nothing (the outbox delivers at least once).
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from raadhuis.adapters.mail import MailRefused
from raadhuis.cases.actions import deliver_letter, tend_signatures
from raadhuis.cases.zrc.stored import make_missing, make_missing_rollen
from raadhuis.catalogue.ztc.actions import renew
from raadhuis.intake.actions import expire_drafts
from raadhuis.intake.queries import known_files
from raadhuis.intake.registers import adapters
from raadhuis.journal import outbox, seal
from raadhuis.kernel.problems import Absent
from raadhuis.lean import coming
from raadhuis.lean.actions import refresh_own, sweep
from raadhuis.notices import delivery
from raadhuis.site import processes
from raadhuis.site.processes import parent_is_gone

log = logging.getLogger(__name__)
_ended = threading.Event()
# As long as a call to a subscriber that is under way may take when this process must end.
LONGEST_CALL = 12.0
LETTER_LIMIT = 50 * 1024 * 1024
# A file is kept before its row is written; after a day no row will come.
ORPHAN_AGE = timedelta(days=1)
# After a process that brought nothing in another one is not started at once.
BREATH_SECONDS = 10


def _mail(event_id: UUID, payload: dict[str, Any]) -> None:
    try:
        adapters().mail.send(event_id, payload["to"], payload["subject"], payload["text"])
    except MailRefused as refused:
        raise outbox.GiveUp("the receiving mail server refuses this address") from refused


def _keep(content: bytes) -> tuple[str, int, str]:
    stored = adapters().files.put(BytesIO(content), limit=LETTER_LIMIT)
    return stored.key, stored.size, stored.sha256


def _letter(event_id: UUID, payload: dict[str, Any]) -> None:
    try:
        deliver_letter(event_id, payload, _keep)
    except Absent as absent:
        raise outbox.GiveUp("the case or decision of this letter is gone") from absent


def _webhook(event_id: UUID, payload: dict[str, Any]) -> None:
    """Posts an event without personal data to the address in the settings; the receiver drops doubles by its id."""
    response = httpx.post(
        settings.RAADHUIS_WEBHOOK_URL,
        json={"id": str(event_id), **payload},
        headers={"X-Raadhuis-Event": str(event_id)},
        timeout=10,
        follow_redirects=False,
    )
    if response.status_code == 410:
        raise outbox.GiveUp("the receiver says it is gone (410)")
    response.raise_for_status()


# Notices have no handler here: they are delivered subscriber by subscriber, beside all else (`notices.delivery`).
HANDLERS: dict[str, outbox.Handler] = {"mail": _mail, "letter": _letter, "webhook": _webhook}


def deliver() -> None:
    """Delivers what is due, until nothing is or the process must end."""
    while not _ended.is_set() and outbox.deliver_due(HANDLERS):
        pass


def deliver_notices() -> None:
    """Brings subscribers what is due, until nothing is or the process must end."""
    while not _ended.is_set() and delivery.deliver(_ended.is_set):
        pass


def seal_journal() -> None:
    """Seals what is not sealed yet."""
    while seal.seal():
        pass


def sweep_files() -> None:
    """Removes files of at least a day old that no row knows: taken away by the applicant, or left by a crash."""
    store = adapters().files
    batch: list[str] = []
    for key in store.keys(ORPHAN_AGE):
        batch.append(key)
        if len(batch) == 500:
            _remove_unknown(batch)
            batch = []
    _remove_unknown(batch)
    store.sweep(ORPHAN_AGE)


def _remove_unknown(keys: list[str]) -> None:
    for key in set(keys) - known_files(keys):
        adapters().files.delete(key)


def clear_sessions() -> None:
    """Removes sessions that are over."""
    SessionStore.clear_expired()


def expire() -> None:
    """Throws away applications that nobody came back to."""
    while expire_drafts():
        pass


def tend() -> None:
    """Reminds who has to sign along, and brings before a person what they did not sign in time."""
    while tend_signatures():
        pass


def store_documents() -> None:
    """Makes the documents of cases and roles that have none yet, until there are none or the process must end."""
    while not _ended.is_set() and (make_missing() or make_missing_rollen()):
        pass


def refresh_flow() -> None:
    """Works out anew how our own work flows, when the journal has grown."""
    refresh_own()


def bring_logs_in() -> None:
    """Makes logs of the files that were sent at the desk, in a process of its own: of a large one it needs much memory,
    and when that ends it, mail still goes out.
    """
    before = coming.waiting()
    if not before:
        return
    child = processes.start(["raadhuis", "lean", "bring-in", "--parent", str(os.getpid())])
    while not child.over(1):
        if _ended.is_set():
            processes.stop(child)
            return
    if coming.waiting() == before:
        _ended.wait(BREATH_SECONDS)


def sweep_logs() -> None:
    """Throws away what was sent at the desk and did not become a log within a day."""
    sweep()


def renew_types() -> None:
    """Makes the documents of types anew that show other versions since today began."""
    while not _ended.is_set() and renew():
        pass


# (what, every how many seconds): a mail may wait a second, the seal a minute, cleaning an hour.
TASKS: list[tuple[Callable[[], None], float]] = [
    (deliver, 1),
    (store_documents, 2),
    (seal_journal, 60),
    (renew_types, 60),
    (expire, 3600),
    (tend, 3600),
    (clear_sessions, 3600),
    (sweep_files, 24 * 3600),
    (sweep_logs, 3600),
]
# Beside them, in a thread of their own: a mail server that is slow does not make subscribers wait, nor the other way.
NOTICE_TASKS: list[tuple[Callable[[], None], float]] = [(deliver_notices, 0.25), (delivery.tidy, 3600)]


# And what takes seconds when the journal is large.
FLOW_TASKS: list[tuple[Callable[[], None], float]] = [(refresh_flow, 300)]
# Somebody looks at a page that says how far it is.
LOG_TASKS: list[tuple[Callable[[], None], float]] = [(bring_logs_in, 0.5)]


def once(*, figures: bool = True) -> None:
    """Every task one time, for tests and for `raadhuis work --once`; `figures`: also what only works figures out."""
    for task, _ in (*TASKS, *NOTICE_TASKS, *(FLOW_TASKS if figures else ())):
        task()
    coming.bring_in()


def run(parent: int | None = None) -> None:
    """Goes on until SIGTERM or SIGINT, or until the parent has ended."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _ended.set())
    notices = threading.Thread(target=_go_on, args=(NOTICE_TASKS, 0.2, parent), name="notices", daemon=True)
    notices.start()
    threading.Thread(target=_go_on, args=(FLOW_TASKS, 5, parent), name="flow", daemon=True).start()
    logs = threading.Thread(target=_go_on, args=(LOG_TASKS, 0.5, parent), name="logs", daemon=True)
    logs.start()
    _go_on(TASKS, 0.5, parent)
    _ended.set()
    notices.join(LONGEST_CALL)
    logs.join(processes.GRACE_SECONDS)


def _go_on(tasks: list[tuple[Callable[[], None], float]], breath: float, parent: int | None) -> None:
    due = {task: 0.0 for task, _ in tasks}
    while not _ended.wait(breath):
        if parent is not None and parent_is_gone(parent):
            return
        for task, every in tasks:
            if time.monotonic() < due[task] or _ended.is_set():
                continue
            due[task] = time.monotonic() + every
            _try(task)


def _try(task: Callable[[], None]) -> None:
    try:
        task()
    except Exception as error:
        log.warning("%s failed: %s", task.__name__, type(error).__name__)
        connection.close()
