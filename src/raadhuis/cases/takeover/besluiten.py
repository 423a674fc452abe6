"""Writing decisions as another register has them, with their relations with documents.

In: rows with our addresses, in the running transaction. Out: what became of each. Always holds: as in `taking`.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from raadhuis.cases.announcing import features_of_besluit
from raadhuis.cases.brc import queries, rendering, rules
from raadhuis.cases.brc.actions import put
from raadhuis.cases.brc.shapes import DEFAULTS
from raadhuis.cases.models import Besluit, BesluitInformatieObject
from raadhuis.cases.takeover import reading
from raadhuis.cases.takeover.progress import Outcome
from raadhuis.cases.takeover.taking import dealt, ids_of
from raadhuis.cases.takeover.walking import Row
from raadhuis.cases.trail import Change
from raadhuis.clients.schema import Asker
from raadhuis.journal.actions import append
from raadhuis.kernel.ids import read_aloud_code
from raadhuis.kernel.shapes import fault
from raadhuis.kernel.statements import insert


def take_decisions(rows: Mapping[str, Sequence[Row]], by: Asker) -> list[Outcome]:
    """Decisions, and which documents belong to them."""
    outcomes: list[Outcome] = []
    for name, make in (("besluiten", _decision), ("besluitinformatieobjecten", _relation)):
        here = queries.documents(name, ids_of(rows[name]), by.client)
        outcomes += dealt(rows[name], here, partial(make, by), by)
    return outcomes


def _decision(by: Asker, row: Row) -> Change:
    """brc-001, 002 and 007."""
    values = {**DEFAULTS, **reading.of_decision("Besluit", row.body)}
    besluittype = rules.besluittype_at(values["besluittype"])
    zaak = rules.zaak_at(values["zaak"], by.client)
    rules.require_sound(values)
    rules.require_type_of_zaak(besluittype, zaak)
    if values["identificatie"]:
        rules.require_unique(values["verantwoordelijkeOrganisatie"], values["identificatie"])
    values["identificatie"] = values["identificatie"] or f"B{values['datum'].year}-{read_aloud_code(9)}"
    made = Besluit(id=row.id, besluittype=besluittype.pk, zaak=zaak)
    put(made, values)
    insert(made)
    _append("besluit.added", made, by)
    where = rendering.at("besluiten", made.pk)
    return _created(made, "besluit", where, made.identificatie, rendering.besluiten([made])[0])


def _relation(by: Asker, row: Row) -> Change:
    """brc-003 and 008."""
    values = reading.of_decision("BesluitInformatieObject", row.body)
    besluit = Besluit.objects.filter(pk=rules.besluit_id_at(values["besluit"])).first()
    if besluit is None:
        raise fault("besluit", "does_not_exist", "Dit besluit is hier niet.")
    document = rules.document_for(besluit, values["informatieobject"], by.client)
    made = BesluitInformatieObject(id=row.id, besluit=besluit, informatieobject=document)
    insert(made)
    _append("besluit.document_changed", besluit, by)
    where = rendering.at("besluitinformatieobjecten", made.pk)
    shown = f"{besluit.identificatie} - {document.identificatie}"
    body = rendering.besluitinformatieobjecten([made])[0]
    return _created(besluit, "besluitinformatieobject", where, shown, body)


def _created(besluit: Besluit, resource: str, where: str, shown: str, new: bytes) -> Change:
    return Change(
        source="brc",
        main=rendering.at("besluiten", besluit.pk),
        main_id=besluit.pk,
        resource=resource,
        address=where,
        shown=shown,
        action="create",
        new=new,
        features=features_of_besluit(besluit),
        quiet=True,
    )


def _append(kind: str, besluit: Besluit, by: Asker) -> None:
    subjects: dict[str, Any] = {"besluit": besluit.pk, **({"zaak": besluit.zaak_id} if besluit.zaak_id else {})}
    append(kind, by.actor(), subjects=subjects)
