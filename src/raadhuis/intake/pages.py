"""A page of a form as it stands: the view that a surface shows, and the overview before submission."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from raadhuis.cases.answers import as_sentence
from raadhuis.catalogue import each, facts
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.questions import AnyQuestion, ChoiceQuestion, ChoicesQuestion, FileQuestion, GroupQuestion, Note
from raadhuis.catalogue.schema import Page
from raadhuis.intake.checks import PAGE_CONTROL, failing
from raadhuis.intake.models import Application, Upload
from raadhuis.intake.reading import Context, Reading, start_typed
from raadhuis.intake.reading.composed import options_of
from raadhuis.intake.reading.read import type_of, visible_in_row
from raadhuis.intake.schema import AnswerLine, FieldView, FileView, Overview, PageView
from raadhuis.intake.state import State, asked_pages, notes_only, walked
from raadhuis.kernel.expressions import parse
from raadhuis.kernel.statements import Given, Statement
from raadhuis.kernel.texts import Text

REGISTERS = {
    "person": Text("Basisregistratie Personen", "Personal Records Database"),
    "business": Text("Handelsregister", "Business Register"),
}
_SETTINGS = (
    "max_length",
    "lines",
    "autocomplete",
    "decimals",
    "at_least",
    "at_most",
    "not_before",
    "not_after",
    "max_megabytes",
    "kinds",
    "shapes",
)
ACCEPT = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


_FILES = Statement(
    lambda: (
        Upload.objects.filter(application=Given("application"))
        .order_by("added")
        .values_list("question", "id", "name", "size", "content_type")[:200]
    )
)


def files_of(row: Application) -> dict[str, list[dict[str, Any]]]:
    """The kept files by question, as canonical answers."""
    found: dict[str, list[dict[str, Any]]] = {}
    for question, key, name, size, kind in _FILES.all(application=row.id):
        found.setdefault(question, []).append({"id": str(key), "name": name, "size": size, "content_type": kind})
    return found


def page_by_id(published: Published, page_id: str) -> Page | None:
    """The page of the definition with this id."""
    return next((page for page in published.definition.pages if page.id == page_id), None)


def page_view(
    row: Application,
    published: Published,
    state: State,
    page: Page,
    readings: Mapping[str, Reading],
    context: Context,
    *,
    whole: Sequence[str] = (),
) -> PageView:
    """How `page` is shown: with `readings` when it was just sent in, else with what is kept.

    `whole` are sentences about the page as a whole.
    """
    walk = walked(published, state)
    env = walk.env
    context = msgspec.structs.replace(context, env=env)
    pages = asked_pages(state, walk)
    ids = [p.id for p in pages]
    place = ids.index(page.id) if page.id in ids else 0
    fresh = page.id not in state.visited
    fields = [
        field_view(item, item.id, readings.get(item.id), state, context, fresh=fresh)
        for item in _shown(page, state, env)
    ]
    errors = [(PAGE_CONTROL, sentence) for sentence in whole] + [
        (control, sentence)
        for q in page.questions
        for control, sentence, _ in getattr(readings.get(q.id), "errors", [])
    ]
    language = context.language
    return PageView(
        application=row.id,
        service=row.service,
        service_title=published.definition.title.in_(language),
        id=page.id,
        title=context.text(page.title),
        intro=context.text(page.intro, prose=True),
        fields=fields,
        number=place + 1,
        total=max(len(pages), 1),
        previous=ids[place - 1] if place else "",
        next=ids[place + 1] if place + 1 < len(ids) else "",
        errors=errors,
        token=str(state.page_revisions.get(page.id, 0)),
    )


def _shown(page: Page, state: State, env: Mapping[str, Any]) -> list[AnyQuestion]:
    """The notes, and the questions that are not known already; on a page where all is known, those."""
    items = facts.visible_items(page, env)
    known = set(state.known) - set(state.corrected)
    asked = [item for item in items if isinstance(item, Note) or item.id not in known]
    return asked if any(not isinstance(item, Note) for item in asked) else items


def field_view(
    question: AnyQuestion,
    name: str,
    reading: Reading | None,
    state: State,
    context: Context,
    *,
    fresh: bool = False,
) -> FieldView:
    """One question with what was typed or is known; on a page that was not passed yet (`fresh`), else its default."""
    kind, language = type_of(question), context.language
    if isinstance(question, Note):
        text, tone = context.text(question.label, prose=True), {"tone": question.tone}
        return FieldView(id=name.replace(".", "-"), name=name, type=kind, label=text, required=False, settings=tone)
    if reading is not None:
        typed = reading.typed
    elif question.id in state.typed and "." not in name:
        typed = state.typed[question.id]
    else:
        typed = start_typed(question, state.answers.get(question.id, question.default if fresh else None))
    known = question.prefill is not None and question.id in state.answers and question.id not in state.corrected
    source = question.prefill.source.split(".")[0] if question.prefill and known else ""
    settings = {key: getattr(question, key) for key in _SETTINGS if hasattr(question, key)}
    if isinstance(question, GroupQuestion) and question.for_each:
        settings["of"] = [item.key for item in each.items(question, context.env)]
    if isinstance(question, FileQuestion):
        settings["accept"] = ",".join(ACCEPT[k] for k in question.kinds)
        typed = context.files.get(name, [])
    if getattr(question, "unit", None):
        settings["unit"] = question.unit.in_(language)  # type: ignore[union-attr]
    own = "; ".join(
        sentence for control, sentence, _ in (reading.errors if reading else []) if _is_own(question, control, name)
    )
    return FieldView(
        id=name.replace(".", "-"),
        name=name,
        type=kind,
        label=context.text(question.label),
        help=context.text(question.help, prose=True),
        required=question.required,
        typed=typed,
        error=own,
        known_from=_named(source, context),
        options=_options(question, typed, reading, context),
        files=[FileView(f["id"], f["name"], f["size"], f["content_type"]) for f in typed]
        if isinstance(question, FileQuestion)
        else [],
        settings=settings,
        rows=_rows(question, name, typed, reading, state, context),
        item_label=question.item.in_(language) if isinstance(question, GroupQuestion) else "",
    )


def _is_own(question: AnyQuestion, control: str, name: str) -> bool:
    if isinstance(question, GroupQuestion):
        return control == name
    return control == name or control.startswith(f"{name}.")


def _options(question: AnyQuestion, typed: Any, reading: Reading | None, context: Context) -> list[Any]:
    if reading is not None and reading.options:
        return reading.options
    if isinstance(question, ChoiceQuestion | ChoicesQuestion):
        return options_of(question, context, typed if isinstance(typed, list) else [str(typed)])
    return []


class _Row(msgspec.Struct, frozen=True):
    """A row of a group as it stands: what was typed, the answers, and which of them the item of a list gives."""

    typed: dict[str, Any]
    values: dict[str, Any]
    given: dict[str, Any] = {}


def _rows(
    question: AnyQuestion, name: str, typed: Any, reading: Reading | None, state: State, context: Context
) -> list[list[FieldView]]:
    if not isinstance(question, GroupQuestion):
        return []
    stand = _follow if question.for_each else _stand
    shown = []
    for place, row in enumerate(stand(question, typed, reading, state, context)):
        inside = {part.id: part for part in question.questions}
        inner = msgspec.structs.replace(
            context, env={**context.env, **row.values}, questions={**context.questions, **inside}
        )
        fields = []
        for part in visible_in_row(question, row.values, context) if row.values else question.questions:
            control = f"{name}.{place}.{part.id}"
            if part.id in row.given:
                fields.append(_given_view(part, control, row.given[part.id], inner))
                continue
            if part.when and not row.values and not parse(part.when).truth(inner.env):
                continue
            one = Reading(
                typed=row.typed.get(part.id, start_typed(part, row.values.get(part.id, part.default))),
                errors=[
                    e for e in (reading.errors if reading else []) if e[0] == control or e[0].startswith(f"{control}.")
                ],
                options=reading.found.get(control, []) if reading else [],
            )
            fields.append(field_view(part, control, one, state, inner))
        shown.append(fields)
    return shown


def _stand(question: GroupQuestion, typed: Any, reading: Reading | None, state: State, context: Context) -> list[_Row]:
    """The rows that somebody added; one to begin with when there must be one."""
    rows = typed if isinstance(typed, list) else []
    kept = state.answers.get(question.id)
    found = []
    for place, row in enumerate(rows or ([{}] if question.required else [])):
        values = reading.value[place] if reading and reading.value and place < len(reading.value) else {}
        if not values and isinstance(kept, list) and place < len(kept):
            values = kept[place]
        found.append(_Row(row, values))
    return found


def _follow(question: GroupQuestion, typed: Any, reading: Reading | None, state: State, context: Context) -> list[_Row]:
    """A row for each item of the list that the group follows."""
    said = {row[each.OF]: row for row in typed if each.OF in row} if isinstance(typed, list) else {}
    now = reading.value if reading and reading.value else []
    answers = each.rows(question, context.env, each.merged(state.answers.get(question.id), now))
    return [
        _Row(said.get(item.key, {}), values, item.given)
        for item, values in zip(each.items(question, context.env), answers, strict=True)
    ]


def _given_view(part: AnyQuestion, control: str, value: Any, context: Context) -> FieldView:
    """A column that the item gives: known, and not asked."""
    said = as_sentence(part, value, context.language, context.known)
    return FieldView(
        id=control.replace(".", "-"),
        name=control,
        type="known",
        label=context.text(part.label),
        required=False,
        typed=said,
    )


WAITS = {
    "instant": Text(
        "Als alles klopt, krijgt u direct antwoord.", "If everything is in order, you get an answer at once."
    ),
    "signature": Text(
        "Na het versturen vragen wij {wie} om mee te ondertekenen. Daarna gaan wij verder.",
        "After you send this, we ask {wie} to sign too. After that we go on.",
    ),
    "term": Text("U krijgt uiterlijk {datum} antwoord.", "You will get an answer by {datum}."),
}


def overview(row: Application, published: Published, state: State, context: Context, expected: str) -> Overview:
    """Everything that is about to be submitted, in sentences; and what still has to be answered."""
    language, env = context.language, context.env
    definition, walk = published.definition, walked(published, state)
    sections, incomplete = [], []
    known_ids = set(state.known) - set(state.corrected)
    known: list[AnswerLine] = []
    for page, questions in walk.pages:
        lines = []
        for question in questions:
            value = context.files.get(question.id) if isinstance(question, FileQuestion) else env.get(question.id)
            line = AnswerLine(
                id=question.id,
                label=context.text(question.label),
                answer=as_sentence(question, value, language, context.known),
                page=page.id,
                known_from=_source(question, context) if question.id in known_ids else "",
            )
            if question.id in known_ids:
                known.append(line)
                continue
            lines.append(line)
            if question.required and not value and value is not False and value != 0:
                incomplete.append((page.id, context.text(page.title)))
        if failing(definition, page, env):
            incomplete.append((page.id, context.text(page.title)))
        if lines:
            sections.append((page.id, context.text(page.title), lines))
    unread = [
        (p.id, context.text(p.title))
        for p in asked_pages(state, walk)
        if p.id not in state.visited and not notes_only(p, env)
    ]
    fee = fee_lines(published, env, language)
    return Overview(
        application=row.id,
        service=row.service,
        service_title=definition.title.in_(language),
        sections=sections,
        known=known,
        incomplete=list(dict.fromkeys(incomplete + unread)),
        fee_cents=sum(cents for _, cents in fee),
        fee_lines=fee,
        fee_explanation=definition.fee.explanation.in_(language) if definition.fee else "",
        instant=bool(definition.decision and definition.decision.table),
        expects=expected,
    )


def _source(question: AnyQuestion, context: Context) -> str:
    return _named(question.prefill.source.split(".")[0] if question.prefill else "", context)


def _named(source: str, context: Context) -> str:
    """What a register or a look-up is called; "" for neither."""
    return REGISTERS[source].in_(context.language) if source in REGISTERS else context.sources.get(source, "")


def fee_lines(published: Published, env: Mapping[str, Any], language: str) -> list[tuple[str, int]]:
    """The lines of the fee that apply, in cents."""
    fee = published.definition.fee
    if fee is None:
        return []
    return [
        (line.title.in_(language), line.cents)
        for line in fee.lines
        if not line.when or parse(line.when).truth(env) is True
    ]
