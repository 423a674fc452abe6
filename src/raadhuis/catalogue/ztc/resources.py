"""What the catalogue API serves: for each resource its table, its contract and how it points at others.

Always holds: an attribute is kept in the column of the same name (`beginGeldigheid`: `begin_geldigheid`) unless a
resource says otherwise here or in `rendering`.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from django.db.models import Model

from raadhuis.catalogue import models
from raadhuis.kernel.shapes import Attribute

ROOT = "catalogi/api/v1/"
CONTRACT = Path(__file__).with_name("contract.json")


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """A resource. `to_one` and `to_many`: which attributes name rows of which resource; `child`: it has a ZaakType."""

    name: str
    model: type[Model]
    schema: str
    written: str = ""
    """The contract of what is sent, where it differs from what is answered."""
    to_one: dict[str, str] = {}
    to_many: dict[str, str] = {}
    child: bool = False
    published: bool = False
    """Whether it is a concept until it is published."""

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """What an answer has."""
        return contract()[self.schema]

    @property
    def sent(self) -> tuple[Attribute, ...]:
        """What may be sent. An address may be as long as addresses are: one contract leaves room for a name only."""
        return tuple(
            msgspec.structs.replace(one, most=0) if one.name in self.to_one else one
            for one in contract()[self.written or self.schema]
        )

    @property
    def rows(self) -> Any:
        """The manager of its table."""
        return self.model._default_manager


@lru_cache(maxsize=1)
def contract() -> dict[str, tuple[Attribute, ...]]:
    """The standard's schemas by name."""
    return msgspec.json.decode(CONTRACT.read_bytes(), type=dict[str, tuple[Attribute, ...]])


RESOURCES = {
    one.name: one
    for one in (
        Resource(name="catalogussen", model=models.Catalogus, schema="Catalogus"),
        Resource(
            name="zaaktypen",
            model=models.ZaakType,
            schema="ZaakType",
            written="ZaakTypeCreate",
            to_one={"catalogus": "catalogussen"},
            to_many={"besluittypen": "besluittypen"},
            published=True,
        ),
        Resource(
            name="statustypen",
            model=models.StatusType,
            schema="StatusType",
            to_one={"zaaktype": "zaaktypen"},
            to_many={"eigenschappen": "eigenschappen"},
            child=True,
        ),
        Resource(
            name="resultaattypen",
            model=models.ResultaatType,
            schema="ResultaatType",
            written="ResultaatTypeCreate",
            to_one={"zaaktype": "zaaktypen"},
            to_many={"besluittypen": "besluittypen", "informatieobjecttypen": "informatieobjecttypen"},
            child=True,
        ),
        Resource(name="roltypen", model=models.RolType, schema="RolType", to_one={"zaaktype": "zaaktypen"}, child=True),
        Resource(
            name="eigenschappen",
            model=models.Eigenschap,
            schema="Eigenschap",
            to_one={"zaaktype": "zaaktypen", "statustype": "statustypen"},
            child=True,
        ),
        Resource(
            name="informatieobjecttypen",
            model=models.InformatieObjectType,
            schema="InformatieObjectType",
            to_one={"catalogus": "catalogussen"},
            published=True,
        ),
        Resource(
            name="besluittypen",
            model=models.BesluitType,
            schema="BesluitType",
            written="BesluitTypeCreate",
            to_one={"catalogus": "catalogussen"},
            to_many={"informatieobjecttypen": "informatieobjecttypen"},
            published=True,
        ),
        Resource(
            name="zaakobjecttypen",
            model=models.ZaakObjectType,
            schema="ZaakObjectType",
            to_one={"zaaktype": "zaaktypen"},
            child=True,
        ),
        Resource(
            name="zaaktype-informatieobjecttypen",
            model=models.ZaakTypeInformatieObjectType,
            schema="ZaakTypeInformatieObjectType",
            to_one={
                "zaaktype": "zaaktypen",
                "informatieobjecttype": "informatieobjecttypen",
                "statustype": "statustypen",
            },
            child=True,
        ),
    )
}
