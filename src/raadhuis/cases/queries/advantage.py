"""The advantage over the paper form, and the honest expectation: both counted from the journal."""

import statistics
import time
from collections.abc import Sequence
from datetime import datetime

from raadhuis.cases.schema import CaseAdvantage, Expectation, MeasureView, ServiceAdvantage
from raadhuis.catalogue.schema import Definition, Paper
from raadhuis.journal import queries as journal
from raadhuis.journal.schema import EventView
from raadhuis.kernel import clock

SAMPLE = 50
TELLING = ("application.submitted", "case.closed")
_KEEP_SECONDS = 60.0
_kept: dict[tuple[str, str], tuple[float, object]] = {}


def case_advantage(events: Sequence[EventView], paper: Paper) -> CaseAdvantage | None:
    """What a case saved, from its events (those of TELLING will do); None when it did not come in by our own form."""
    submitted = next((e for e in events if e.kind == "application.submitted"), None)
    if submitted is None:
        return None
    closed = next((e.time for e in reversed(events) if e.kind == "case.closed"), None)
    days = round((closed - submitted.time).total_seconds() / 86400, 2) if closed else None
    return CaseAdvantage(
        questions_not_asked=max(0, paper.questions - int(submitted.data["questions_asked"])),
        documents_not_needed=max(0, paper.documents - int(submitted.data["documents_asked"])),
        days=days,
        paper_days=paper.days,
    )


def expectation(service: str) -> Expectation | None:
    """Within how many working days 8 in 10 of the last 50 closed cases were done; None below 10 cases.

    Kept for a minute in this process: an expectation may be a minute old.
    """
    found = _cached(("expectation", service), lambda: _expectation(service))
    return found if isinstance(found, Expectation) else None


def _cached(key: tuple[str, str], make: object) -> object:
    held = _kept.get(key)
    if held and time.monotonic() - held[0] < _KEEP_SECONDS:
        return held[1]
    value = make()  # type: ignore[operator]
    _kept[key] = (time.monotonic(), value)
    return value


def forget_cached() -> None:
    """Counts anew at the next question (after a simulation, in tests)."""
    _kept.clear()


def _expectation(service: str) -> Expectation | None:
    spans = journal.spans(service, "case.created", "case.closed", SAMPLE)
    if len(spans) < 10:
        return None
    days = sorted(_working_days(start, end) for start, end in spans)
    return Expectation(len(days), 8, max(1, days[-(-len(days) * 8 // 10) - 1]))


def _working_days(start: datetime, end: datetime) -> int:
    return clock.working_days_between(clock.local(start).date(), clock.local(end).date())


def service_advantage(service: str, paper: Paper) -> ServiceAdvantage:
    """The advantage over the last 500 submissions and closings of a service. Kept for a minute."""
    found = _cached(("advantage", service), lambda: _service_advantage(service, paper))
    assert isinstance(found, ServiceAdvantage)
    return found


def _service_advantage(service: str, paper: Paper) -> ServiceAdvantage:
    submitted = journal.latest(service, ["application.submitted"], 500)
    spans = journal.spans(service, "case.created", "case.closed", 500)
    taken = journal.latest(service, ["decision.taken"], 500)
    days = [(end - start).total_seconds() / 86400 for start, end in spans]
    return ServiceAdvantage(
        cases=len(submitted),
        questions_not_asked=_mean([max(0, paper.questions - int(e.data["questions_asked"])) for e in submitted]),
        documents_not_needed=_mean([max(0, paper.documents - int(e.data["documents_asked"])) for e in submitted]),
        median_days=round(statistics.median(days), 2) if days else None,
        paper_days=paper.days,
        automatic_share=_mean([int(bool(e.data["automatic"])) for e in taken]) if taken else None,
        expectation=_expectation(service),
    )


def _mean(values: list[int]) -> float:
    return round(sum(values) / len(values), 2) if values else 0.0


def measures_of(definition: Definition, language: str = "nl") -> list[MeasureView]:
    """The definition's measures with what the journal counts. A share wants to be high, days want to be few."""
    counted = service_advantage(definition.id, definition.advantage.paper)
    values: dict[str, float | None] = {
        "lead_time_days": counted.median_days,
        "automatic_share": counted.automatic_share,
        "completion_share": completion_share(definition.id),
        "questions_not_asked": counted.questions_not_asked if counted.cases else None,
    }
    views = []
    for measure in definition.measures:
        value = values[measure.kind]
        met = None
        if value is not None:
            met = value <= measure.target if measure.kind == "lead_time_days" else value >= measure.target
        views.append(
            MeasureView(
                title=measure.title.in_(language),
                kind=measure.kind,
                target=measure.target,
                baseline=measure.baseline,
                value=value,
                met=met,
            )
        )
    return views


def completion_share(service: str) -> float | None:
    """Of the last 500 applications that were begun and are over, the share that was submitted; None for none."""
    begun = {e.application for e in journal.latest(service, ["application.started"], 500)}
    submitted = {e.application for e in journal.latest(service, ["application.submitted"], 1000)} & begun
    abandoned = {e.application for e in journal.latest(service, ["application.abandoned"], 1000)} & begun
    over = len(submitted) + len(abandoned - submitted)
    return round(len(submitted) / over, 2) if over else None
