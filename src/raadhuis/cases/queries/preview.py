"""The letter as it would be, for who is about to decide. Nothing is kept."""

from uuid import UUID

from django.utils.translation import gettext

from raadhuis.cases.papers import Paper, render
from raadhuis.cases.papers.compose import compose
from raadhuis.cases.queries import parts
from raadhuis.cases.queries.decisions import RESULTS, laws_of
from raadhuis.cases.queries.staff import readable_task
from raadhuis.cases.schema import DecisionView
from raadhuis.cases.sealed import case_data
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import NotNow


def letter_preview(
    task_id: UUID, actor: Actor, *, result: str, motivation: str, conditions: list[str] | None = None
) -> Paper:
    """The letter of a decision that is not taken yet. Raises Absent; NotNow without a result or a letter for it."""
    zaak = readable_task(task_id, actor).zaak
    published = parts.published_of(zaak)
    use = published.definition.decision if published else None
    if published is None or use is None or result not in {"grant", "refuse"}:
        raise NotNow(gettext("Kies eerst of u de aanvraag verleent of weigert. Dan kunt u de brief bekijken."))
    outcome = use.grant if result == "grant" else use.refuse
    if not outcome.letter:
        raise NotNow(gettext("Bij dit besluit hoort geen brief."))
    data = case_data(zaak)
    language = data.get("applicant", {}).get("language", "nl")
    today, laws = clock.today(), published.definition.laws
    first, until = use.validity(result, data.get("answers", {}), today)
    kinds = {kind.key: kind.text.in_(language) for kind in published.definition.zaaktype.resultaattypen}
    view = DecisionView(
        id=uuid7(),
        state="proposed",
        result=result,
        result_text=kinds.get(outcome.resultaattype, RESULTS[result].in_(language)),
        automatic=False,
        made=clock.now(),
        released=None,
        by_name=actor.name,
        second_name="",
        reasons=[],
        motivation=motivation,
        conditions=conditions or [],
        laws=[(laws[key].title.in_(language), laws[key].url) for key in laws_of(published, result)],
        valid_from=first,
        valid_until=until,
        object_before=use.last_day_to_object(today),
        undetermined=[],
        table="",
        table_version="",
    )
    return compose(published, data, view, outcome.letter, zaak.identificatie)


def letter_pdf(paper: Paper) -> bytes:
    """The same letter as PDF."""
    return render(paper, clock.now())
