"""Every read of intake: pages, the overview, drafts, receipts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from raadhuis.cases import queries as cases
from raadhuis.cases.actions import planned_end, same_case_hash
from raadhuis.cases.answers import long_date
from raadhuis.catalogue import facts
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.questions import FileQuestion, GroupQuestion
from raadhuis.catalogue.schema import Page
from raadhuis.intake import access, checks, pages, registers
from raadhuis.intake.models import Application, Upload
from raadhuis.intake.reading import Context, Reading
from raadhuis.intake.schema import DraftLine, Overview, PageView, Receipt
from raadhuis.intake.state import Person, State, asked_pages, unseal, walked
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.expressions import parse
from raadhuis.kernel.problems import Absent, NotNow
from raadhuis.kernel.statements import Given, Statement
from raadhuis.kernel.texts import fill
from raadhuis.rules import queries as rules


class Moved(NotNow):
    """This page does not apply (any more); `page` is where to go, "" for the overview."""

    code = "moved"

    def __init__(self, page: str) -> None:
        super().__init__("Deze pagina hoort niet (meer) bij uw aanvraag.")
        self.page = page


_APPLICATION = Statement(lambda: Application.objects.filter(id=Given("application")))
DRAFT = ("id", "service", "version", "changed")
MOST_DRAFTS = 20
_OWN_DRAFTS = Statement(
    lambda: (
        Application.objects.filter(state="open", owner=Given("owner"))
        .order_by("-changed")
        .values_list(*DRAFT)[:MOST_DRAFTS]
    )
)


def open_row(application: UUID, person: Person) -> Application:
    """The application, if it is theirs. Raises Absent."""
    return access.require_open(person, _APPLICATION.first(application=application))


def context_for(
    row: Application,
    published: Published,
    state: State,
    language: str,
    page: Page | None = None,
    env: dict[str, Any] | None = None,
) -> Context:
    """What readers and views need besides the answers; for one `page`, its files only when it takes any.

    `env` is the environment, where that is known already.
    """
    takes_files = page is None or any(isinstance(q, FileQuestion | GroupQuestion) for q in page.questions)
    return Context(
        language=language,
        env=walked(published, state).env if env is None else env,
        addresses=registers.adapters().addresses,
        files=pages.files_of(row) if takes_files else {},
        questions=facts.plan(published.definition).questions,
        sources={lookup.name: lookup.title.in_(language) for lookup in published.definition.lookups},
    )


def page(application: UUID, page_id: str, person: Person, language: str = "nl") -> PageView:
    """A page as it stands. Raises Absent, or Moved when it does not apply or the application was submitted."""
    row = open_row(application, person)
    if row.state != "open":
        raise Moved("")
    published = catalogue.by_version_id(row.version)
    state = unseal(row)
    found = pages.page_by_id(published, page_id)
    if found is None:
        raise Absent
    walk = walked(published, state)
    if all(page is not found for page, _ in walk.pages):
        raise Moved(first_page(published, state))
    context = context_for(row, published, state, language, found, walk.env)
    readings: dict[str, Reading] = {}
    # A page that passed may be stopped since, by another answer: then it says why.
    whole = checks.put_in(published.definition, found, state, readings, context) if page_id in state.visited else []
    return pages.page_view(row, published, state, found, readings, context, whole=whole)


def first_page(published: Published, state: State) -> str:
    """The first page that still has to be answered; "" when the overview is next."""
    for candidate in asked_pages(state, walked(published, state)):
        if candidate.id not in state.visited:
            return candidate.id
    return ""


def where_to_go_on(application: UUID, person: Person) -> tuple[str, str]:
    """(service, page id) to continue an application with."""
    row = open_row(application, person)
    return row.service, first_page(catalogue.by_version_id(row.version), unseal(row))


def overview(application: UUID, person: Person, language: str = "nl") -> Overview:
    """Everything that is about to be submitted. Raises Absent; Moved when it was submitted already."""
    row = open_row(application, person)
    if row.state != "open":
        raise Moved("")
    published = catalogue.by_version_id(row.version)
    state = unseal(row)
    context = context_for(row, published, state, language)
    earlier = earlier_granted(published, dict(context.env))
    context = msgspec.structs.replace(context, env={**context.env, "earlier_granted": earlier})
    signer = _who_signs(published, context.env)
    if not signer:
        return pages.overview(row, published, state, context, _expects(published, context))
    expected = fill(pages.WAITS["signature"].in_(language), {"wie": signer})
    return msgspec.structs.replace(pages.overview(row, published, state, context, expected), instant=False)


def _who_signs(published: Published, env: Mapping[str, Any]) -> str:
    """The name, or else the address, of who must sign along; "" for nobody."""
    use = published.definition.cosign
    if use is None or (use.when and parse(use.when).truth(env) is False):
        return ""
    return str(env.get(use.name) or env.get(use.email) or "")


def _expects(published: Published, context: Context) -> str:
    """What the applicant may expect after submission: the same day that the case will get."""
    definition = published.definition
    if definition.decision and definition.decision.table:
        return pages.WAITS["instant"].in_(context.language)
    routed = route(published, facts.compute_facts(definition, context.env))
    last = planned_end(definition, working_days_of(routed), clock.today())
    return fill(pages.WAITS["term"].in_(context.language), {"datum": long_date(last.isoformat(), context.language)})


def route(published: Published, known_facts: dict[str, Any]) -> dict[str, Any]:
    """What the routing table says; nothing when it cannot be determined: then the definition's own team gets it."""
    routing = published.definition.routing
    if routing is None:
        return {}
    table = next(t for t in published.definition.tables if t.id == routing.table)
    decision = rules.decide(table, known_facts)
    return {} if decision.undetermined else decision.outcome


def working_days_of(routed: dict[str, Any]) -> int | None:
    """The term that the routing gives, in working days; None when it gives none."""
    return int(routed["working_days"]) if "working_days" in routed else None


def earlier_granted(published: Published, env: dict[str, object]) -> int:
    """How many granted cases share this application's `same_case_key`."""
    value = same_case_value(published, env)
    return (
        cases.earlier_granted(published.definition.id, same_case_hash(published.definition.id, value)) if value else 0
    )


def same_case_value(published: Published, env: dict[str, object]) -> str:
    """The value of the definition's `same_case_key` for these answers; "" when it has none."""
    text = published.definition.same_case_key
    value = parse(text).value(env) if text else ""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def receipt(application: UUID, person: Person) -> Receipt:
    """What the applicant got at submission. Raises Absent."""
    row = open_row(application, person)
    if row.state != "submitted" or not row.receipt:
        raise Absent
    return msgspec.convert(privacy.decrypt_json("receipt", row.receipt), Receipt)


def drafts_of(person: Person, language: str = "nl") -> list[DraftLine]:
    """The applications that this person (or browser) began, newest first, at most 20. Index: drafts_of_owner."""
    if person.owner:
        found = _OWN_DRAFTS.all(owner=person.owner)
    elif not person.applications:
        return []
    else:
        begun = Application.objects.filter(state="open", id__in=list(person.applications)[:MOST_DRAFTS])
        found = list(begun.order_by("-changed").values_list(*DRAFT))
    return [
        DraftLine(
            key,
            service,
            catalogue.by_version_id(version).definition.title.in_(language),
            changed,
            clock.local(changed + timedelta(days=settings.RAADHUIS_DRAFT_DAYS)).date(),
        )
        for key, service, version, changed in found
    ]


def known_files(keys: list[str]) -> set[str]:
    """Which of these keys (≤ 500) an upload or a document still refers to."""
    uploads = Upload.objects.filter(file_key__in=keys[:500]).values_list("file_key", flat=True)
    return set(uploads) | cases.known_files(keys[:500])
