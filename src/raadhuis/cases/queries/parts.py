"""The parts of a case that several views show: steps, messages, documents, answers."""

from functools import cache
from uuid import UUID

from raadhuis.cases.answers import known_of
from raadhuis.cases.models import Message, Status, Zaak, ZaakInformatieObject
from raadhuis.cases.schema import DocumentView, MessageView, StatusStep
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.questions import FileQuestion, GroupQuestion
from raadhuis.kernel import privacy
from raadhuis.kernel.statements import Given, Statement
from raadhuis.kernel.texts import places

MOST_MESSAGES = 200
MOST_DOCUMENTS = 200
DOCUMENT = (
    *("shared", "registratiedatum", "informatieobject__titel", "informatieobject__bestandsnaam"),
    *("informatieobject__bestandsomvang", "informatieobject__formaat", "informatieobject__direction"),
    *("informatieobject__file_key", "informatieobject__scanned"),
)


_ZAAK = Statement(lambda: Zaak.objects.filter(id=Given("zaak")))


def zaak_by_id(zaak: UUID) -> Zaak | None:
    """The case; whose it is, is for `access` to say."""
    return _ZAAK.first(zaak=zaak)


def published_of(zaak: Zaak) -> Published | None:
    """The definition that a case is pinned to, or None for a case of another application."""
    return catalogue.by_version_id(zaak.version) if zaak.version else None


def title_of(service: str, version: UUID | None, omschrijving: str, language: str) -> str:
    """The title of the service in the reader's language."""
    return catalogue.by_version_id(version).definition.title.in_(language) if version else omschrijving


def status_text(published: Published | None, key: str, result: str, language: str) -> str:
    """The status, or the result when there is one, as the definition words it."""
    if published is None:
        return key
    if result:
        for kind in published.definition.zaaktype.resultaattypen:
            if kind.key == result:
                return kind.text.in_(language)
    for status in published.definition.zaaktype.statustypen:
        if status.key == key:
            return status.text.in_(language)
    return key


_STATUSSEN = Statement(
    lambda: (
        Status.objects.filter(zaak=Given("zaak"))
        .order_by("datum_status_gezet")
        .values_list("key", "datum_status_gezet")
    )
)


def steps(zaak: Zaak, published: Published | None, language: str, *, current: str = "") -> list[StatusStep]:
    """The statustypen of the case in order: done, current, or to come. `current` overrides the status shown."""
    if published is None:
        return []
    current = current or zaak.status_key
    types = published.definition.zaaktype.statustypen
    when = dict(_STATUSSEN.all(zaak=zaak.id))
    position = next((n for n, t in enumerate(types) if t.key == current), 0)
    closed = zaak.einddatum is not None and current == zaak.status_key
    shown = []
    for number, kind in enumerate(types):
        if number < position and kind.key not in when:
            continue  # Skipped over: it never happened, so it is not shown as done.
        state = "done" if number < position or (closed and number == position) else "current"
        shown.append(
            StatusStep(
                kind.key,
                kind.text.in_(language),
                "later" if number > position else state,  # type: ignore[arg-type]
                when.get(kind.key) if number <= position else None,
            )
        )
    return shown


_MESSAGES = Statement(lambda: Message.objects.filter(zaak=Given("zaak")).order_by("-sent")[:MOST_MESSAGES])
_LETTERS = Statement(
    lambda: Message.objects.filter(zaak=Given("zaak")).exclude(direction="internal").order_by("-sent")[:MOST_MESSAGES]
)


def messages(zaak: Zaak, *, internal: bool) -> list[MessageView]:
    """The newest messages in order of time; notes among staff only when `internal`."""
    rows = (_MESSAGES if internal else _LETTERS).all(zaak=zaak.id)
    return [
        MessageView(
            id=row.id,
            direction=row.direction,  # type: ignore[arg-type]
            author=row.author,
            text=privacy.decrypt("message", row.sealed).decode(),
            sent=row.sent,
            asks=row.asks,
            asks_documents=row.asks_documents,
            answered=row.answered,
            read=row.read,
        )
        for row in reversed(rows)
    ]


@cache
def _documents(shared_only: bool) -> Statement[ZaakInformatieObject]:
    rows = ZaakInformatieObject.objects.filter(zaak=Given("zaak")).select_related("informatieobject")
    rows = rows.filter(shared=True) if shared_only else rows
    return Statement(lambda: rows.only(*DOCUMENT).order_by("registratiedatum")[:MOST_DOCUMENTS])


def documents(zaak: Zaak, *, shared_only: bool, language: str = "nl") -> list[DocumentView]:
    """The documents of a case, oldest first."""
    titles = _titles(published_of(zaak), zaak, language)
    return [_document(row, titles) for row in _documents(shared_only).all(zaak=zaak.id)]


def _titles(published: Published | None, zaak: Zaak, language: str) -> dict[str, str]:
    """A document that answers a question is titled with its Dutch label; here, that label in another language."""
    if published is None or language == "nl":
        return {}
    asked = [question for page in published.definition.pages for question in page.questions]
    asked += [part for question in asked if isinstance(question, GroupQuestion) for part in question.questions]
    labels = [one.label for one in asked if isinstance(one, FileQuestion)]
    data = case_data(zaak) if any(places(label.nl) for label in labels) else {}
    dutch, known = known_of(published, data, "nl"), known_of(published, data, language)
    return {dutch.text(label)[:200]: known.text(label) for label in labels}


def _document(row: ZaakInformatieObject, titles: dict[str, str]) -> DocumentView:
    item = row.informatieobject
    return DocumentView(
        id=item.id,
        title=titles.get(item.titel, item.titel),
        name=item.bestandsnaam,
        size=item.bestandsomvang or 0,
        content_type=item.formaat,
        direction=item.direction,
        added=row.registratiedatum,
        ready=bool(item.file_key),
        shared=row.shared,
        scanned=item.scanned,
    )
