"""Tables of `cases`. Private: only this room's actions, queries and access import them."""

from raadhuis.cases.models.contact import (
    GereserveerdNummer,
    KlantContact,
    ZaakContactMoment,
    ZaakNotitie,
    ZaakVerzoek,
)
from raadhuis.cases.models.cosignature import CoSignature
from raadhuis.cases.models.documents import (
    BesluitInformatieObject,
    BestandsDeel,
    EnkelvoudigInformatieObject,
    Gebruiksrechten,
    InformatieObjectVersie,
    TrefWoord,
    Verzending,
    ZaakInformatieObject,
)
from raadhuis.cases.models.takeover import TakeOver, TakeOverFinding
from raadhuis.cases.models.trail import AuditRegel
from raadhuis.cases.models.work import (
    MESSAGE_TASK,
    CaseData,
    DecisionRecord,
    Medewerker,
    Message,
    Task,
    ZaakTeam,
)
from raadhuis.cases.models.zaak import (
    Besluit,
    Resultaat,
    Rol,
    Status,
    Zaak,
    ZaakEigenschap,
    ZaakKenmerk,
    ZaakObject,
    ZaakRelatie,
    ZaakTelling,
)

__all__ = [
    "MESSAGE_TASK",
    "AuditRegel",
    "Besluit",
    "BesluitInformatieObject",
    "BestandsDeel",
    "CaseData",
    "CoSignature",
    "DecisionRecord",
    "EnkelvoudigInformatieObject",
    "Gebruiksrechten",
    "GereserveerdNummer",
    "InformatieObjectVersie",
    "KlantContact",
    "Medewerker",
    "Message",
    "Resultaat",
    "Rol",
    "Status",
    "TakeOver",
    "TakeOverFinding",
    "Task",
    "TrefWoord",
    "Verzending",
    "Zaak",
    "ZaakContactMoment",
    "ZaakEigenschap",
    "ZaakInformatieObject",
    "ZaakKenmerk",
    "ZaakNotitie",
    "ZaakObject",
    "ZaakRelatie",
    "ZaakTeam",
    "ZaakTelling",
    "ZaakVerzoek",
]
