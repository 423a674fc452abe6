"""Beginning an application and filling it in, page by page.

Always holds: whatever is typed is kept, also when it is not right yet; a page that was overtaken by another tab is
shown again instead of overwriting; what a register answered is not asked, unless the applicant says it is wrong.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from raadhuis.catalogue import each, facts
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.questions import AnyQuestion, FileQuestion, GroupQuestion, Note
from raadhuis.catalogue.schema import Page
from raadhuis.intake import access, checks, lookups, pages, queries, registers
from raadhuis.intake.actions.common import lock, tell
from raadhuis.intake.actions.files import drop_row
from raadhuis.intake.actions.looking import Looking, keep_found, look_again, tell_outcomes
from raadhuis.intake.models import Application
from raadhuis.intake.reading import Context, Form, Reading, read_question, start_typed
from raadhuis.intake.schema import Saved
from raadhuis.intake.state import Person, State, asked_pages, come_back_to_what_grew, reseal, unseal, walked
from raadhuis.kernel import clock, ids
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.statements import insert, update
from raadhuis.kernel.texts import Text


def start(service: str, person: Person) -> UUID:
    """Begins an application on the newest published version. Raises Absent, NotAllowed (log in first)."""
    published = catalogue.published(service)
    access.require_may_begin(person, published.definition)
    state = State(language=person.language, registers=registers.known_about(person))
    state.identity = {"bsn": person.bsn, "kvk": person.kvk, "name": person.name, "email": person.email}
    registers.prefill(published, state)
    looked = lookups.look_up(published, state)
    moment = clock.now()
    row = Application(
        id=ids.uuid7(),
        service=service,
        version=published.version_id,
        service_version=published.version,
        owner=person.owner,
        pseudonym=person.pseudonym,
        kind=person.kind,
        begun=moment,
        changed=moment,
    )
    reseal(row, state)
    with durable():
        insert(row)
        tell("application.started", row, person)
        tell_outcomes(row, person, looked.outcomes)
    return row.id


def note_shown(application: UUID, page_id: str, person: Person) -> None:
    """Tells the journal that a page was shown, once for each time the page becomes the last one shown."""
    row = queries.open_row(application, person)
    if row.state != "open" or row.last_page == page_id:
        return
    with durable(wait=0.5):  # A page must not wait long to be shown.
        Application.objects.filter(id=application).update(last_page=page_id)
        tell("application.page_shown", row, person, {"page": page_id}, activity=page_id)


MORE = Text(
    "Door uw antwoord is er een vraag bij gekomen. U ziet hem hieronder.",
    "Because of your answer there is one more question. You see it below.",
)
READ = Text(
    "Door uw antwoord is er uitleg bij gekomen. Lees die, en druk dan op Verder.",
    "Because of your answer there is something to read. Read it, then press Continue.",
)
PICK = Text(
    "Wij vonden meer dan een adres. Kies hieronder het goede adres en druk dan op Verder.",
    "We found more than one address. Choose the right one below, then press Continue.",
)
OVERTAKEN = Text(
    "U hebt deze pagina ook in een ander venster ingevuld. Hieronder staat wat u in dit venster invulde. Klopt dat? "
    "Druk dan nog een keer op Verder.",
    "You also filled in this page in another window. Below is what you filled in here. Is that right? Then press "
    "Continue once more.",
)


def save_page(application: UUID, page_id: str, form: Form, person: Person, language: str = "nl") -> Saved:
    """Takes in a page. Everything typed is kept; with errors, or a row to add or remove, the same page comes back.

    The form may hold: `add` (a group's id), `remove` ("group.2"), `lookup`, `search`, `upload`, `token`. A page whose
    token is older than its answers, and that says something else, comes back with what was typed and a notice; nothing
    is overwritten. Where something is to be looked up, the page is kept first, and taken in again with what was found.
    Raises Absent, NotNow.
    """
    looked: Looking | None = None
    while isinstance(saved := _save_page(application, page_id, form, person, language, looked), Looking):
        looked = saved.ask()  # Once: with what was looked up, a page is never kept waiting again.
    return saved


def _save_page(
    application: UUID, page_id: str, form: Form, person: Person, language: str, looked: Looking | None = None
) -> Saved | Looking:
    with durable():
        row = lock(application, person)
        published = catalogue.by_version_id(row.version)
        page = pages.page_by_id(published, page_id)
        if page is None:
            raise Absent
        state = unseal(row)
        if looked:
            keep_found(row, published, state, looked.round, person, page_id)
        context = queries.context_for(row, published, state, language, page)
        shown = looked.shown if looked else {item.id for item in facts.visible_items(page, context.env)}
        readings, context = _read(published, page, state, form, context)
        mine = looked is not None and looked.revision == state.page_revisions.get(page.id, 0)
        if not mine and _overtaken(page, state, form, readings):
            view = pages.page_view(row, published, state, page, readings, context)
            return Saved(False, page=msgspec.structs.replace(view, notice=OVERTAKEN.in_(language), errors=[]))
        if not looked and _to_look_up(row, published, state, page, readings, form):
            return Looking(published=published, state=state, shown=shown, revision=state.page_revisions.get(page.id, 0))
        came_up = _calm_what_came_up(page, readings, shown)
        to_read = any(isinstance(i, Note) and i.id not in shown for i in facts.visible_items(page, context.env))
        _keep(page, state, readings)
        again = _rows_changed(row, page, state, form)
        if again:
            context = msgspec.structs.replace(context, files=pages.files_of(row))
        staying = again or any(form.get(name, "") for name in ("lookup", "search", "upload"))
        again_calmly = came_up or to_read
        whole = [] if staying or again_calmly else checks.put_in(published.definition, page, state, readings, context)
        errors = [*whole, *(e for reading in readings.values() for e in reading.errors)]
        _remember_visit(page, state, done=not (errors or staying or again_calmly), failed=bool(errors) and not staying)
        come_back_to_what_grew(published, state)
        _save(row, state)
        if staying:
            return Saved(False, page=_again(row, published, state, page, readings, form, context))
        if again_calmly and not errors:
            view = pages.page_view(row, published, state, page, readings, context)
            return Saved(False, page=msgspec.structs.replace(view, notice=(MORE if came_up else READ).in_(language)))
        _tell_outcome(row, person, page, readings, errors=bool(errors), whole=len(whole))
        if errors:
            return Saved(False, page=pages.page_view(row, published, state, page, readings, context, whole=whole))
        return Saved(True, next=_next(published, state, page_id))


STAYS = ("lookup", "search", "upload", "add", "remove")
"""Controls that ask for the same page again: it is not finished, so nothing is looked up yet."""


def _to_look_up(
    row: Application,
    published: Published,
    state: State,
    page: Page,
    readings: Mapping[str, Reading],
    form: Form,
) -> bool:
    """Whether this page, once kept, makes another system be asked, or changes what counts of its answers. Keeps it."""
    if not published.definition.lookups or any(form.get(name, "") for name in STAYS):
        return False
    _keep(page, state, readings)
    if not lookups.settle(published, state, page=page.id):
        return False
    _save(row, state)
    return True


def _save(row: Application, state: State) -> None:
    row.revision += 1
    row.changed = clock.now()
    reseal(row, state)
    update(row, "sealed", "revision", "changed")


def _overtaken(page: Page, state: State, form: Form, readings: Mapping[str, Reading]) -> bool:
    """Whether another window changed this page since, to something else than what comes in now."""
    token = str(form.get("token", "") or "")
    if not token.isdecimal() or len(token) > 9 or int(token) >= state.page_revisions.get(page.id, 0):
        return False
    return any(
        _to_keep(question, state, readings[question.id]) != state.answers.get(question.id)
        for question in page.questions
        if question.id in readings
    )


def _to_keep(question: AnyQuestion, state: State, reading: Reading) -> Any:
    """The answer to keep; of a group that follows a list, also the rows of items that are not there now."""
    return each.merged(state.answers.get(question.id), reading.value) if each.grows(question) else reading.value


def _calm_what_came_up(page: Page, readings: Mapping[str, Reading], shown: set[str]) -> bool:
    """A question that the page did not show yet cannot have been forgotten: it is no error. Whether there is one.

    One that need not be answered is shown too: who never saw it did not choose to leave it open.
    """
    came_up = [
        reading for name, reading in readings.items() if name not in shown and (reading.errors or reading.value is None)
    ]
    for reading in came_up:
        reading.errors = []
    for question in page.questions:
        one = readings.get(question.id)
        if one is not None and one in came_up and question.default is not None and one.value is None:
            one.typed, one.options = start_typed(question, question.default), []
    return bool(came_up) or any(reading.came for reading in readings.values())


def _remember_visit(page: Page, state: State, *, done: bool, failed: bool) -> None:
    if done and page.id not in state.visited:
        state.visited.append(page.id)
    if failed:
        state.visited = [visited for visited in state.visited if visited != page.id]


def _read(
    published: Published, page: Page, state: State, form: Form, context: Context
) -> tuple[dict[str, Reading], Context]:
    """Reads the questions in order; a condition may look at an answer given higher on the same page, or at a fact."""
    readings: dict[str, Reading] = {}
    env = dict(context.env)
    known = set(state.known) - set(state.corrected)
    context = msgspec.structs.replace(context, env=env)
    for question in page.questions:
        if isinstance(question, Note):
            continue
        if not facts.applies(question, env):
            env.pop(question.id, None)
        elif question.id not in known:
            reading = readings[question.id] = read_question(question, form, question.id, context)
            if reading.value is None:
                env.pop(question.id, None)
            else:
                env[question.id] = reading.value
        facts.pass_question(published.definition, question.id, env)
    return readings, context


def _keep(page: Page, state: State, readings: Mapping[str, Reading]) -> None:
    before = {question.id: state.answers.get(question.id) for question in page.questions}
    _keep_answers(page, state, readings)
    if any(state.answers.get(name) != value for name, value in before.items()):
        state.page_revisions[page.id] = state.page_revisions.get(page.id, 0) + 1


def _keep_answers(page: Page, state: State, readings: Mapping[str, Reading]) -> None:
    for question in page.questions:
        reading = readings.get(question.id)
        if reading is None:
            continue
        rows = _to_keep(question, state, reading) or []
        if reading.errors:
            state.typed[question.id] = reading.typed
            if not isinstance(question, GroupQuestion):
                state.answers.pop(question.id, None)
        else:
            state.typed.pop(question.id, None)
            if reading.value is None:
                state.answers.pop(question.id, None)
            elif not isinstance(question, FileQuestion):
                state.answers[question.id] = reading.value
        if isinstance(question, GroupQuestion):
            state.typed[question.id] = reading.typed
            state.answers[question.id] = rows
            if not reading.errors:
                state.typed.pop(question.id, None)
        if isinstance(question, FileQuestion) and reading.value:
            state.answers[question.id] = reading.value


def _rows_changed(row: Application, page: Page, state: State, form: Form) -> bool:
    """Adds or removes a row of a group, as a button of the form asks; whether it did."""
    groups = {q.id: q for q in page.questions if isinstance(q, GroupQuestion) and not q.for_each}
    add, remove = str(form.get("add", "") or ""), str(form.get("remove", "") or "")
    name, _, number = remove.rpartition(".")
    group = groups.get(add) or groups.get(name)
    if group is None:
        return False
    typed = list(state.typed.get(group.id) or [{} for _ in state.answers.get(group.id) or []])
    rows = list(state.answers.get(group.id) or [])
    if add and len(typed) < group.at_most:
        typed.append({})
    if remove and number.isdecimal() and len(number) < 6 and int(number) < len(typed):
        del typed[int(number)]
        if int(number) < len(rows):
            del rows[int(number)]
        drop_row(row, group.id, int(number))
    state.typed[group.id], state.answers[group.id] = typed, rows
    return True


def _again(
    row: Application,
    published: Published,
    state: State,
    page: Page,
    readings: dict[str, Reading],
    form: Form,
    context: Context,
) -> Any:
    """The same page: a row was added, or an address looked up. The only error is that nothing was found."""
    searched = str(form.get("search", "") or "")
    asked = {str(form.get("lookup", "") or ""), searched} - {""}
    calm: dict[str, Reading] = {}
    for name, r in readings.items():
        errors = [e for e in r.errors if _is_about(e, asked)] if not r.options and not r.found else []
        calm[name] = msgspec.structs.replace(r, errors=errors, found=r.found if searched else {})
    for question in page.questions:
        if isinstance(question, GroupQuestion) and question.id in calm and not question.for_each:
            one = calm[question.id]
            one.typed = state.typed.get(question.id, one.typed)
            one.value = state.answers.get(question.id) or []
    view = pages.page_view(row, published, state, page, calm, context)
    found = readings.get(searched.split(".")[0])
    several = found and (found.options or searched in found.found)
    return msgspec.structs.replace(view, notice=PICK.in_(context.language)) if several else view


def _is_about(error: tuple[str, str, str], asked: set[str]) -> bool:
    """Whether an error is about what was asked. Who adds one point after the other has not finished: it may be few."""
    control, _, rule = error
    return rule != "too-few" and any(control == name or control.startswith(f"{name}.") for name in asked)


def _tell_outcome(
    row: Application, person: Person, page: Page, readings: Mapping[str, Reading], *, errors: bool, whole: int
) -> None:
    """One event: the page was answered; or one for each answer refused, and for the page when it is as a whole."""
    if not errors:
        given = sum(1 for reading in readings.values() if reading.value is not None)
        tell("application.page_answered", row, person, {"page": page.id, "questions": given}, activity=page.id)
        return
    refused = [(name, rule) for name, reading in readings.items() for _, _, rule in reading.errors[:5]]
    for name, rule in [*refused, *([(page.id, checks.RULE)] * min(whole, 5))]:
        data = {"page": page.id, "question": name, "rule": rule}
        tell("application.question_rejected", row, person, data, activity=page.id)


def _next(published: Published, state: State, page_id: str) -> str:
    """The page after this one that applies now; once every page was visited, the overview."""
    order = [page.id for page in asked_pages(state, walked(published, state))]
    if all(page in state.visited for page in order):
        return ""
    later = order[order.index(page_id) + 1 :] if page_id in order else order
    return next((page for page in later), "")


def correct_known(application: UUID, question_id: str, person: Person) -> str:
    """The applicant says that what a register told is wrong: from now on it is asked. Returns the page to go to."""
    page = _correct_known(application, question_id, person)
    look_again(application, person)
    return page


def _correct_known(application: UUID, question_id: str, person: Person) -> str:
    with durable():
        row = lock(application, person)
        published = catalogue.by_version_id(row.version)
        state = unseal(row)
        for page in published.definition.pages:
            for question in page.questions:
                if question.id != question_id or question.id not in state.known or question.prefill is None:
                    continue
                if question_id not in state.corrected:
                    state.corrected.append(question_id)
                    data = {"question": question_id, "source": question.prefill.source.split(".")[0]}
                    tell("application.prefill_corrected", row, person, data, activity=page.id)
                state.visited = [visited for visited in state.visited if visited != page.id]
                reseal(row, state)
                row.revision += 1
                row.save()
                return page.id
    raise Absent
