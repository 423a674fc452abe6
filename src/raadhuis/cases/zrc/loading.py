"""Loading very many cases at once, from lines of JSON, by the same rules as one by one.

In: lines, each a case as it would be sent (POST /zaken), or {"zaak": …} with what hangs on it: rollen, eigenschappen,
objecten, resultaat, statussen; an optional `uuid` is kept. Out: for each line its number or what is wrong with it.
Always holds: a line comes in whole or not at all; a batch is one durable transaction; a line that was loaded before is
refused by its number, so that a load that was broken off may simply be run again.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
import orjson

from raadhuis.cases.models import Rol, Zaak
from raadhuis.cases.trail import Change, note_many
from raadhuis.cases.zrc import elsewhere, rendering, shapes, stored
from raadhuis.cases.zrc.actions import children, common, making
from raadhuis.cases.zrc.actions.statussen import put_status
from raadhuis.cases.zrc.actions.zaken import begin_work, put_lists, unsaved
from raadhuis.cases.zrc.resolving import TYPES_HELD
from raadhuis.clients.schema import Asker
from raadhuis.journal.actions import attempt
from raadhuis.kernel.db import durable
from raadhuis.kernel.documents import localised, read, written
from raadhuis.kernel.problems import Problem
from raadhuis.kernel.shapes import Fault, Refused
from raadhuis.kernel.statements import insert

BATCH, AT_ONCE = 500, 50
MOST_LINE_BYTES = 1024 * 1024
# What may come with a case, by the name of its resource.
PARTS = {
    "rollen": "rollen",
    "eigenschappen": "zaakeigenschappen",
    "objecten": "zaakobjecten",
    "resultaat": "resultaten",
}


class Loaded(msgspec.Struct, frozen=True):
    """How a line fared: the case that it became, or its faults."""

    line: int
    identificatie: str = ""
    uuid: UUID | None = None
    faults: tuple[Fault, ...] = ()


class _Line(msgspec.Struct):
    """A line on its way in."""

    number: int
    zaak: Zaak
    values: dict[str, Any]
    parts: dict[str, list[dict[str, Any]]]
    statuses: list[dict[str, Any]]
    rows: list[tuple[str, Any]] = []
    changes: list[Change] = []


def load(lines: Iterable[bytes], by: Asker, host: str) -> Iterator[Loaded]:
    """Loads line after line. `host` is our own address, as it stands in the lines ("https://town/")."""
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    held: dict[UUID, Any] = {}
    while batch := list(islice(numbered, BATCH)):
        yield from _batch(batch, by, host, held)


def _batch(batch: list[tuple[int, bytes]], by: Asker, host: str, held: dict[UUID, Any]) -> list[Loaded]:
    """`held`: the types that were read in this load already; what was published once stays as it is."""
    outcomes: list[Loaded] = []
    read_lines: list[tuple[int, dict[str, Any], dict[str, Any], dict[str, Any]]] = []
    for number, line in batch:
        try:
            whole = _decoded(line)
            sent = _shaped("zaken", whole["zaak"], host, "zaak.")
            read_lines.append((number, whole, sent, elsewhere.require_there("zaken", sent)))
        except Refused as refused:
            outcomes.append(Loaded(number, faults=refused.faults))
    with durable() as unit:
        unit.notes[TYPES_HELD] = held
        known = _known_numbers(sent for _, _, sent, _ in read_lines)
        ready = [one for one in (_ready(*line, by, host, known, outcomes) for line in read_lines) if one is not None]
        _insert(ready)
        _tell([one for one in ready if not one.statuses], by)
        outcomes += [_finish(one, by) for one in ready]
    return sorted(outcomes, key=lambda one: one.line)


def _decoded(line: bytes) -> dict[str, Any]:
    if len(line) > MOST_LINE_BYTES:
        raise Refused(Fault("nonFieldErrors", "too-large", "Deze regel is te lang."))
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Refused(Fault("nonFieldErrors", "parse_error", "Dit is geen JSON.")) from None
    if not isinstance(found, dict):
        raise Refused(Fault("nonFieldErrors", "invalid", "Hier hoort een JSON-object te staan."))
    whole = found if isinstance(found.get("zaak"), dict) else {"zaak": found}
    strange = sorted(set(whole) - {"zaak", "statussen", *PARTS})
    if strange:
        raise Refused(Fault(strange[0], "invalid", "Dit hoort niet bij een zaak in dit bestand."))
    return whole


def _shaped(name: str, body: Any, host: str, within: str) -> dict[str, Any]:
    """A part of a line in the shape of a resource. Raises Refused with its faults named within the line."""
    try:
        if not isinstance(body, Mapping):
            raise Refused(Fault("nonFieldErrors", "invalid", "Hier hoort een JSON-object te staan."))
        values = shapes.sent(name, body)
    except Refused as refused:
        faults = (Fault(f"{within}{one.name}", one.code, one.reason) for one in refused.faults)
        raise Refused(*faults) from None
    return {key: localised(value, host) for key, value in values.items()}


def _known_numbers(sent: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """The (bronorganisatie, identificatie) of this batch that are there already."""
    named = {(one["bronorganisatie"], one["identificatie"]) for one in sent if one.get("identificatie")}
    rows = Zaak.objects.filter(identificatie__in={number for _, number in named})
    return set(rows.values_list("bronorganisatie", "identificatie")) & named


def _ready(
    number: int,
    whole: dict[str, Any],
    sent: dict[str, Any],
    found: Mapping[str, Any],
    by: Asker,
    host: str,
    known: set[tuple[str, str]],
    outcomes: list[Loaded],
) -> _Line | None:
    """A line whose every part is sound, as rows that are not saved yet."""
    try:
        key = sent["bronorganisatie"], sent.get("identificatie", "")
        if key in known:
            words = "Er is al een zaak met deze identificatie bij deze organisatie."
            raise Refused(Fault("zaak.identificatie", "identificatie-niet-uniek", words))
        zaak, values = unsaved(sent, by, found, number_is_free=True)
        _keep_uuid(zaak, whole["zaak"])
        one = _Line(number, zaak, values, {}, [])
        here = common.place("zaken", zaak.pk)
        address = f"{host}{here[1:]}"
        for name, resource in PARTS.items():
            given = whole.get(name) or []
            listed = [given] if name == "resultaat" and given else given
            if not isinstance(listed, list):
                raise Refused(Fault(name, "not_a_list", "Hier hoort een lijst te staan."))
            for place, part in enumerate(listed):
                within = f"{name}." if name == "resultaat" else f"{name}.{place}."
                body = {**part, "zaak": address} if isinstance(part, Mapping) else part
                values_of = _shaped(resource, body, host, within)
                one.rows.append((resource, making.MAKE[resource](zaak, values_of)))
                one.parts.setdefault(resource, []).append(values_of)
        for place, part in enumerate(whole.get("statussen") or []):
            body = {**part, "zaak": address} if isinstance(part, Mapping) else part
            one.statuses.append(_shaped("statussen", body, host, f"statussen.{place}."))
        one.statuses.sort(key=lambda status: status["datumStatusGezet"])
        if key[1]:
            known.add(key)
        return one
    except Refused as refused:
        outcomes.append(Loaded(number, faults=refused.faults))
    except Problem as problem:
        outcomes.append(Loaded(number, faults=(Fault("nonFieldErrors", problem.code, problem.detail),)))
    return None


def _keep_uuid(zaak: Zaak, body: Mapping[str, Any]) -> None:
    """The id that the case has elsewhere, when the line says so and it is free."""
    given = body.get("uuid")
    if given is None:
        return
    try:
        id = UUID(str(given))
    except ValueError:
        raise Refused(Fault("zaak.uuid", "invalid", "Dit is geen UUID.")) from None
    if Zaak.objects.filter(pk=id).exists():
        raise Refused(Fault("zaak.uuid", "unique", "Er is al een zaak met deze UUID."))
    zaak.pk = id


def _insert(lines: list[_Line]) -> None:
    """The rows of all lines, a table at a time, with their documents.

    What hangs on a case comes before it (the database looks at references at the end): its document is whole at once.
    """
    for one in lines:
        one.zaak.body = _body(one)
        one.changes = list(_changes(one))
        if one.values["kenmerken"] or one.values["relevanteAndereZaken"]:
            put_lists(one.zaak, one.values)
    for name in PARTS.values():
        _insert_all([row for one in lines for resource, row in one.rows if resource == name])
    _insert_all([one.zaak for one in lines])


def _insert_all(rows: list[Any]) -> None:
    for first in range(0, len(rows), AT_ONCE):
        insert(*rows[first : first + AT_ONCE])


def _tell(lines: list[_Line], by: Asker) -> None:
    """The trail of these lines, the journal, and who listens; the work of a service begins."""
    note_many([change for one in lines for change in one.changes], by)
    for one in lines:
        common.told("case.created", one.zaak, by)
        begin_work(one.zaak, by)


def _body(one: _Line) -> bytes:
    """The document of the case with what comes along."""
    fresh = rendering.fresh_zaak(one.zaak, one.values["kenmerken"] or (), one.values["relevanteAndereZaken"] or ())
    if not one.rows:
        return fresh
    held = read(fresh)
    for name, row in one.rows:
        kind = children.KINDS[name]
        if kind.listed:
            held[kind.listed].append(children.where(name, row))
        if name == "resultaten":
            held["resultaat"] = children.where(name, row)
            one.zaak.result_key = row.key
    for values, (_, row) in zip(one.parts.get("rollen", ()), [r for r in one.rows if r[0] == "rollen"], strict=True):
        one.zaak.applicant = one.zaak.applicant or making.applicant_of(row, values)
    return written(held)


def _changes(one: _Line) -> Iterator[Change]:
    main, features = common.place("zaken", one.zaak.pk), common.features(one.zaak)

    def change(resource: str, address: str, shown: str, body: bytes) -> Change:
        return Change(
            source="zrc",
            main=main,
            resource=resource,
            address=address,
            shown=shown,
            action="create",
            new=body,
            features=features,
        )

    yield change("zaak", main, one.zaak.identificatie, bytes(one.zaak.body or b""))
    for name, row in one.rows:
        body = rendering.role(row) if isinstance(row, Rol) else rendering.RENDER[name]([row])[0]
        if isinstance(row, Rol):
            row.body = stored.sealed(body)
        kind = children.KINDS[name]
        yield change(kind.resource, children.where(name, row), kind.shown(row), body)


def _finish(one: _Line, by: Asker) -> Loaded:
    """Sets the statuses, in order of time, by the rules of each; a line with a fault goes out again as a whole."""
    try:
        if one.statuses:
            with attempt():
                _tell([one], by)
                for status in one.statuses:
                    put_status(one.zaak, status, by)
    except (Refused, common.NotPermitted) as problem:
        Zaak.objects.filter(pk=one.zaak.pk).delete()
        plain = (Fault("statussen", "permission_denied", str(problem)),)
        return Loaded(one.number, faults=problem.faults if isinstance(problem, Refused) else plain)
    return Loaded(one.number, one.zaak.identificatie, one.zaak.pk)
