"""Telling subscribers what our own doors, portal and desk, do to cases, documents and decisions.

In: rows that were just changed. Out: notices, in the running transaction. Always holds: what is told is what another
application would have told by doing the same through the APIs; features hold no personal data.
"""

from uuid import UUID

from raadhuis.cases.models import Besluit, EnkelvoudigInformatieObject, Zaak
from raadhuis.kernel.documents import address
from raadhuis.notices.actions import tell
from raadhuis.notices.schema import Notice

ZAKEN, DOCUMENTS, DECISIONS = "zaken/api/v1", "documenten/api/v1", "besluiten/api/v1"
TYPES = "catalogi/api/v1"


def features_of_zaak(zaak: Zaak) -> dict[str, str]:
    """The kenmerken of the channel zaken."""
    return {
        "bronorganisatie": zaak.bronorganisatie,
        "zaaktype": address(f"{TYPES}/zaaktypen", zaak.zaaktype),
        "vertrouwelijkheidaanduiding": zaak.vertrouwelijkheidaanduiding,
    }


def features_of_document(document: EnkelvoudigInformatieObject) -> dict[str, str]:
    """The kenmerken of the channel documenten."""
    return {
        "bronorganisatie": document.bronorganisatie,
        "informatieobjecttype": address(f"{TYPES}/informatieobjecttypen", document.informatieobjecttype),
        "vertrouwelijkheidaanduiding": document.vertrouwelijkheidaanduiding,
    }


def features_of_besluit(besluit: Besluit) -> dict[str, str]:
    """The kenmerken of the channel besluiten."""
    return {
        "verantwoordelijkeOrganisatie": besluit.verantwoordelijke_organisatie,
        "besluittype": address(f"{TYPES}/besluittypen", besluit.besluittype),
    }


def zaak_changed(zaak: Zaak, action: str) -> None:
    """The case itself was made or changed."""
    _about_zaak(zaak, "zaak", "zaken", zaak.id, action)


def part_of_zaak(zaak: Zaak, resource: str, plural: str, id: UUID, action: str = "create") -> None:
    """Something that hangs on the case: ("status", "statussen", its id)."""
    _about_zaak(zaak, resource, plural, id, action)


def _about_zaak(zaak: Zaak, resource: str, plural: str, id: UUID, action: str) -> None:
    tell(
        Notice(
            channel="zaken",
            main=address(f"{ZAKEN}/zaken", zaak.id),
            resource=resource,
            address=address(f"{ZAKEN}/{plural}", id),
            action=action,
            features=features_of_zaak(zaak),
        )
    )


def document_added(document: EnkelvoudigInformatieObject) -> None:
    """A document was made."""
    place = address(f"{DOCUMENTS}/enkelvoudiginformatieobjecten", document.id)
    tell(
        Notice(
            channel="documenten",
            main=place,
            resource="enkelvoudiginformatieobject",
            address=place,
            action="create",
            features=features_of_document(document),
        )
    )


def besluit_changed(besluit: Besluit, action: str) -> None:
    """A decision was made or taken back."""
    _about_besluit(besluit, "besluit", "besluiten", besluit.id, action)


def besluit_document(besluit: Besluit, relation: UUID) -> None:
    """A decision got a document."""
    _about_besluit(besluit, "besluitinformatieobject", "besluitinformatieobjecten", relation, "create")


def _about_besluit(besluit: Besluit, resource: str, plural: str, id: UUID, action: str) -> None:
    tell(
        Notice(
            channel="besluiten",
            main=address(f"{DECISIONS}/besluiten", besluit.id),
            resource=resource,
            address=address(f"{DECISIONS}/{plural}", id),
            action=action,
            features=features_of_besluit(besluit),
        )
    )
