"""Every kind of event, with the shape of its `data` and its version.

Always holds: data is made of codes, counts and yes/no only. A `Code` cannot hold a name, an address or free text,
so that no personal data can enter the journal by mistake (law 4). A changed shape is a new version.
"""

from typing import Annotated

import msgspec

Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.:/\-]{0,79}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    pass


class Nothing(_Data, frozen=True, kw_only=True):
    pass


class PageData(_Data, frozen=True, kw_only=True):
    page: Code


class Answered(_Data, frozen=True, kw_only=True):
    page: Code
    questions: Count
    """How many questions got an answer. Never which answer."""


class Rejected(_Data, frozen=True, kw_only=True):
    page: Code
    question: Code
    rule: Code


class Submitted(_Data, frozen=True, kw_only=True):
    pages: Count
    questions_asked: Count
    questions_known: Count
    documents_asked: Count
    corrected: Count = 0


class Corrected(_Data, frozen=True, kw_only=True):
    question: Code
    source: Code


class LookedUp(_Data, frozen=True, kw_only=True):
    service: Code
    outcome: Code
    """ok, failed, or refused: no administrator allowed the service."""
    milliseconds: Count


class StatusData(_Data, frozen=True, kw_only=True):
    status: Code


class ResultData(_Data, frozen=True, kw_only=True):
    result: Code


class TermData(_Data, frozen=True, kw_only=True):
    reason: Code
    days: Count = 0


class TaskData(_Data, frozen=True, kw_only=True):
    task: Code
    team: Code
    kind: Code = "assess"


class TaskPaused(_Data, frozen=True, kw_only=True):
    task: Code
    team: Code
    reason: Code


class TaskHandedOver(_Data, frozen=True, kw_only=True):
    task: Code
    team: Code
    from_team: Code
    to_person: bool = False


class TaskCompleted(_Data, frozen=True, kw_only=True):
    task: Code
    team: Code
    outcome: Code = "done"


class AdviceData(_Data, frozen=True, kw_only=True):
    task: Code
    team: Code
    advice: Code = "none"


class CosignData(_Data, frozen=True, kw_only=True):
    waits_for: Code
    """Who the case waits for: not staff, so that waiting is told from work."""
    level: Code
    """How they must log in; none for number and code only."""
    times: Count
    """How often they were asked by now."""


class CosignedData(_Data, frozen=True, kw_only=True):
    level: Code
    """How they were logged in when they answered."""


class DecisionData(_Data, frozen=True, kw_only=True):
    result: Code
    automatic: bool
    table: Code = "none"
    table_version: Code = "none"
    rows: list[Code] = []
    undetermined: list[Code] = []


class DocumentData(_Data, frozen=True, kw_only=True):
    type: Code
    direction: Code


class LoginData(_Data, frozen=True, kw_only=True):
    realm: Code
    level: Code = "low"


class RefusedData(_Data, frozen=True, kw_only=True):
    realm: Code
    reason: Code


class VersionData(_Data, frozen=True, kw_only=True):
    version: Count


class OutboxData(_Data, frozen=True, kw_only=True):
    kind: Code
    attempts: Count = 0


class TypeData(_Data, frozen=True, kw_only=True):
    resource: Code


class ChangeData(_Data, frozen=True, kw_only=True):
    resource: Code
    action: Code


class LogData(_Data, frozen=True, kw_only=True):
    events: Count
    cases: Count
    skipped: Count = 0


class Kind(msgspec.Struct, frozen=True):
    """A kind of event: its data, the version of that shape, and the sentence a reader gets."""

    data: type[_Data]
    dutch: str
    version: int = 1


KINDS: dict[str, Kind] = {
    # Where people come in, and where they leave.
    "application.started": Kind(Nothing, "Aanvraag begonnen"),
    "application.page_shown": Kind(PageData, "Pagina getoond"),
    "application.page_answered": Kind(Answered, "Pagina ingevuld"),
    "application.question_rejected": Kind(Rejected, "Antwoord afgekeurd"),
    "application.prefill_corrected": Kind(Corrected, "Gegeven uit een register verbeterd"),
    "application.looked_up": Kind(LookedUp, "Ander systeem gevraagd"),
    "application.saved": Kind(Nothing, "Bewaard voor later"),
    "application.resumed": Kind(Nothing, "Verder gegaan"),
    "application.file_kept": Kind(PageData, "Bestand toegevoegd"),
    "application.submitted": Kind(Submitted, "Ingediend"),
    "application.abandoned": Kind(PageData, "Verlopen zonder indienen"),
    # The case.
    "case.created": Kind(Nothing, "Zaak gemaakt"),
    "case.status_set": Kind(StatusData, "Status gezet"),
    "case.result_set": Kind(ResultData, "Resultaat vastgelegd"),
    "case.closed": Kind(ResultData, "Zaak afgesloten"),
    "case.reopened": Kind(Nothing, "Zaak heropend"),
    "case.withdrawn": Kind(Nothing, "Ingetrokken door de aanvrager"),
    "case.changed": Kind(ChangeData, "Gewijzigd door een andere applicatie"),
    "case.removed": Kind(Nothing, "Zaak verwijderd"),
    "case.term_suspended": Kind(TermData, "Termijn opgeschort"),
    "case.term_resumed": Kind(TermData, "Termijn loopt weer"),
    "case.term_extended": Kind(TermData, "Termijn verlengd"),
    # Work and waiting.
    "task.offered": Kind(TaskData, "Taak klaargezet"),
    "task.claimed": Kind(TaskData, "Taak opgepakt"),
    "task.released": Kind(TaskData, "Taak teruggelegd"),
    "task.started": Kind(TaskData, "Begonnen aan taak"),
    "task.paused": Kind(TaskPaused, "Taak ligt stil"),
    "task.resumed": Kind(TaskData, "Taak gaat verder"),
    "task.completed": Kind(TaskCompleted, "Taak klaar"),
    "task.handed_over": Kind(TaskHandedOver, "Taak overgedragen"),
    "task.cancelled": Kind(TaskData, "Taak vervallen"),
    "resident.asked": Kind(Nothing, "Vraag gesteld aan de aanvrager"),
    "resident.answered": Kind(Nothing, "Antwoord van de aanvrager"),
    "advice.asked": Kind(AdviceData, "Advies gevraagd"),
    "advice.given": Kind(AdviceData, "Advies gegeven"),
    "cosign.asked": Kind(CosignData, "Gevraagd om mee te ondertekenen"),
    "cosign.reminded": Kind(Nothing, "Herinnerd aan mee-ondertekenen"),
    "cosign.given": Kind(CosignedData, "Mee ondertekend"),
    "cosign.refused": Kind(CosignedData, "Niet mee ondertekend"),
    "cosign.expired": Kind(Nothing, "Niet op tijd mee ondertekend"),
    "message.sent": Kind(Nothing, "Bericht gestuurd"),
    # Decisions and papers.
    "decision.proposed": Kind(DecisionData, "Besluit voorgesteld"),
    "decision.returned": Kind(DecisionData, "Voorstel teruggegeven"),
    "decision.taken": Kind(DecisionData, "Besluit genomen"),
    "decision.undone": Kind(DecisionData, "Besluit teruggedraaid"),
    "besluit.added": Kind(Nothing, "Besluit vastgelegd door een andere applicatie"),
    "besluit.changed": Kind(Nothing, "Besluit gewijzigd door een andere applicatie"),
    "besluit.document_changed": Kind(Nothing, "Document bij een besluit gewijzigd"),
    "besluit.removed": Kind(Nothing, "Besluit verwijderd door een andere applicatie"),
    "document.added": Kind(DocumentData, "Document toegevoegd"),
    "document.changed": Kind(Nothing, "Document gewijzigd"),
    "document.locked": Kind(Nothing, "Document vergrendeld"),
    "document.unlocked": Kind(Nothing, "Document ontgrendeld"),
    "document.part_kept": Kind(Nothing, "Deel van een document ontvangen"),
    "document.detail_changed": Kind(TypeData, "Gegevens bij een document gewijzigd"),
    "document.removed": Kind(Nothing, "Document verwijderd"),
    "letter.made": Kind(DocumentData, "Brief gemaakt"),
    # The house itself.
    "identity.logged_in": Kind(LoginData, "Ingelogd"),
    "identity.logged_out": Kind(LoginData, "Uitgelogd"),
    "identity.refused": Kind(RefusedData, "Inloggen geweigerd"),
    "service.drafted": Kind(VersionData, "Dienst in concept"),
    "service.published": Kind(VersionData, "Dienst gepubliceerd"),
    "service.retired": Kind(VersionData, "Dienst ingetrokken"),
    "type.added": Kind(TypeData, "Type toegevoegd aan de catalogus"),
    "type.changed": Kind(TypeData, "Type gewijzigd in de catalogus"),
    "type.published": Kind(TypeData, "Type gepubliceerd in de catalogus"),
    "type.removed": Kind(TypeData, "Type verwijderd uit de catalogus"),
    "client.added": Kind(Nothing, "Applicatie toegelaten"),
    "client.changed": Kind(Nothing, "Rechten van een applicatie gewijzigd"),
    "client.removed": Kind(Nothing, "Applicatie verwijderd"),
    "subscription.added": Kind(Nothing, "Abonnement genomen"),
    "subscription.changed": Kind(Nothing, "Abonnement gewijzigd"),
    "subscription.removed": Kind(Nothing, "Abonnement opgezegd"),
    "subscription.stopped": Kind(Nothing, "Abonnement gestopt door de ontvanger"),
    "channel.added": Kind(Nothing, "Kanaal voor berichten gemaakt"),
    "outbox.gave_up": Kind(OutboxData, "Bezorgen gestopt"),
    "outbox.resent": Kind(OutboxData, "Opnieuw bezorgd"),
    "eventlog.imported": Kind(LogData, "Logboek van een ander systeem ingelezen"),
    "eventlog.forgotten": Kind(Nothing, "Logboek weggegooid"),
    "person.forgotten": Kind(Nothing, "Persoon vergeten"),
}
