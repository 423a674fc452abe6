"""What a line becomes as a whole: the document of its case, its trail, and its statuses with what follows from them.

In: a sound line. Out: the same, complete but for writing. Always holds: each status is set by the rules of one that is
sent by itself, on a case of which everything that hangs on it is known here; a case of a service only gets its first
document, as its statuses move tasks.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from raadhuis.cases.models import Rol
from raadhuis.cases.trail import Action, Change
from raadhuis.cases.zrc import archiving, rendering, stored
from raadhuis.cases.zrc.actions import children, common, making
from raadhuis.cases.zrc.actions.statussen import end, require_result, said_of, step
from raadhuis.cases.zrc.loading.lines import Line
from raadhuis.clients.schema import Asker
from raadhuis.kernel.documents import written


def complete(one: Line, by: Asker) -> None:
    """Works out the rest of a line. Raises Refused, NotPermitted."""
    zaak, sent = one.zaak, one.values
    for part in one.parts:
        if part.resource == "rollen":
            zaak.applicant = zaak.applicant or making.applicant_of(part.row, part.values)
    if one.result is not None:
        zaak.result_key = one.result.key
    marks, others = sent["kenmerken"] or (), sent["relevanteAndereZaken"] or ()
    values = rendering.fresh_values(zaak, marks, others, _hanging(one))
    zaak.body = written(values)
    one.changes = list(_made(one))
    if not zaak.service:
        _set_statuses(one, values, by)


def _hanging(one: Line) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in one.parts:
        listed = children.KINDS[part.resource].listed
        if listed:
            found.setdefault(listed, []).append(part.where)
        else:
            found["resultaat"] = part.where
    return found


def _made(one: Line) -> Iterator[Change]:
    """The trail of what is made before any status."""
    change = _changes_of(one)
    yield change("zaak", common.place("zaken", one.zaak.pk), one.zaak.identificatie, new=bytes(one.zaak.body or b""))
    for name, _, row, where in one.parts:
        body = rendering.role(row) if isinstance(row, Rol) else rendering.RENDER[name]([row])[0]
        if isinstance(row, Rol):
            row.body = stored.sealed(body)
        kind = children.KINDS[name]
        yield change(kind.resource, where, kind.shown(row), new=body)


def _changes_of(one: Line) -> Any:
    main, features = common.place("zaken", one.zaak.pk), common.features(one.zaak)

    def change(
        resource: str,
        address: str,
        shown: str,
        *,
        new: bytes,
        old: bytes | None = None,
        action: Action = "create",
    ) -> Change:
        return Change(
            source="zrc",
            main=main,
            main_id=one.zaak.pk,
            resource=resource,
            address=address,
            shown=shown,
            action=action,
            old=old,
            new=new,
            features=features,
        )

    return change


def _set_statuses(one: Line, values: dict[str, Any], by: Asker) -> None:
    zaak, change, moments = one.zaak, _changes_of(one), list[datetime]()
    place = common.place("zaken", zaak.pk)
    for sent in one.statuses:
        was_closed = zaak.einddatum is not None
        found = step(zaak, sent, moments, by)
        result = require_result(one.result) if found.is_last else None
        row = found.row
        moments.append(row.datum_status_gezet)
        zaak.status_key = row.key
        one.set_statuses.append(row)
        one.told.append(("case.status_set", said_of(found)))
        old = written(values) if found.is_last or was_closed else None
        values["status"] = common.place("statussen", row.pk)
        if result is not None:
            one.told.append(("case.closed", end(zaak, result, row.datum_status_gezet, _Coming(one))))
        elif was_closed:
            archiving.forget(zaak)
            one.told.append(("case.reopened", None))
        if old is not None:
            values |= rendering.own_values(zaak)
            one.changes.append(change("zaak", place, zaak.identificatie, old=old, new=written(values), action="update"))
        body = rendering.status(row, is_newest=True)
        one.changes.append(change("status", values["status"], found.kind.omschrijving, new=body))
    if one.statuses:
        zaak.body = written(values)


class _Coming:
    """What hangs on a case that is on its way in."""

    def __init__(self, one: Line) -> None:
        self._one = one

    def values(self, name: str) -> Iterable[str]:
        return [row.waarde for row in self._one.rows("zaakeigenschappen") if row.naam == name]

    def objects(self, kind: str) -> Iterable[bytes]:
        return [row.object_identificatie for row in self._one.rows("zaakobjecten") if row.object_type == kind]

    def others(self) -> Sequence[str]:
        return list(dict.fromkeys(other["url"] for other in self._one.values["relevanteAndereZaken"] or ()))

    def decisions(self) -> Sequence[tuple[date, date | None]]:
        return ()
