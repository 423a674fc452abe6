"""Several writes on a case in one transaction, as clients of the market ask them: closing, changing along; and numbers.

Always holds: all of it or nothing; each part obeys the same rules as by itself.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from raadhuis.cases.models import GereserveerdNummer, Resultaat, Rol, Zaak
from raadhuis.cases.zrc import elsewhere, rendering
from raadhuis.cases.zrc.actions import children, common
from raadhuis.cases.zrc.actions.statussen import put_status
from raadhuis.cases.zrc.actions.zaken import change_locked
from raadhuis.clients.schema import Asker
from raadhuis.kernel import clock
from raadhuis.kernel.db import durable
from raadhuis.kernel.ids import read_aloud_code
from raadhuis.kernel.shapes import within

Values = Mapping[str, Any]
MOST_NUMBERS = 500


def close_zaak(id: UUID, zaak: Values, status: Values, resultaat: Values, by: Asker) -> dict[str, bytes]:
    """Changes, gives a result and sets the last status at once (zaak_afsluiten): the documents by name.

    Raises Absent, Refused, NotPermitted.
    """
    found = _elsewhere(zaak)
    with durable():
        row = common.locked(id, by, common.UPDATE, common.FORCED)
        _change(row, zaak, by, found)
        held = Resultaat.objects.filter(zaak=row).first()
        if held is not None:
            held.zaak = row
            children.drop("resultaten", held, by)
        with within("resultaat"):
            result, _ = children.make("resultaten", row, resultaat, by, {})
        with within("status"):
            set_to = put_status(row, status, by)
        return {"zaak": rendering.zaken([row])[0], "status": set_to, "resultaat": result}


def change_along(
    id: UUID, zaak: Values, status: Values | None, rollen: list[Values] | None, by: Asker
) -> dict[str, Any]:
    """Changes, sets a status and puts other roles in place at once (zaak_bijwerken): the documents by name.

    Raises Absent, Refused, NotPermitted.
    """
    found = _elsewhere(zaak)
    with durable():
        row = common.locked(id, by, common.UPDATE, common.FORCED)
        _change(row, zaak, by, found)
        done: dict[str, Any] = {}
        if rollen is not None:
            for held in Rol.objects.filter(zaak=row):
                held.zaak = row
                children.drop("rollen", held, by)
            done["rollen"] = [_role(row, number, one, by) for number, one in enumerate(rollen)]
        if status is not None:
            with within("status"):
                done["status"] = put_status(row, status, by)
        return {"zaak": rendering.zaken([row])[0], **done}


def _elsewhere(zaak: Values) -> dict[str, Any]:
    with within("zaak"):
        return elsewhere.require_there("zaken", zaak)


def _change(row: Zaak, zaak: Values, by: Asker, found: Values) -> None:
    if zaak:
        with within("zaak"):
            change_locked(row, zaak, by, found, partial=True)


def _role(row: Zaak, number: int, rol: Values, by: Asker) -> bytes:
    with within(f"rollen.{number}"):
        return children.make("rollen", row, rol, by, {})[0]


def reserve_numbers(bronorganisatie: str, number: int, by: Asker) -> list[str]:
    """Sets case numbers apart: they are never given out by themselves, since ours have no R."""
    moment = clock.now()
    made = [f"{clock.today().year}-R{read_aloud_code(8)}" for _ in range(number)]
    with durable():
        GereserveerdNummer.objects.bulk_create(
            GereserveerdNummer(bronorganisatie=bronorganisatie, identificatie=one, gereserveerd=moment) for one in made
        )
    return made
