"""What was learned of each of our services, kept beside our own log when it is worked out.

In: the folder that is being made, and the one before it. Out: `prediction.json` in the first.
Always holds: learning
takes a second for each service, so that it is done once a day, or when a tenth more cases are over; in between what was
learned goes along.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from raadhuis.kernel import clock
from raadhuis.lean.analyses import expressions, filters, running
from raadhuis.lean.engine import opened
from raadhuis.lean.prediction.queries import FILE, kept, learned
from raadhuis.lean.prediction.shapes import FEWEST_CASES, Model
from raadhuis.lean.schema import Filter

GOOD_FOR, GROWN = timedelta(days=1), 1.1


def keep_predictions(folder: Path, before: Path | None) -> None:
    """Learns, or takes over, the model of each service with enough closed cases. Raises OSError."""
    known = kept(before) if before else {}
    made = opened()
    try:
        run = running.Running(made, folder)
        found = {service: _model(run, service, count, known.get(service)) for service, count in _closed(run)}
    finally:
        made.close()
    told = {service: model for service, model in found.items() if model}
    (folder / FILE).write_bytes(msgspec.json.encode(told))


def _closed(run: Any) -> list[tuple[str, int]]:
    """(service, closed cases) of those with enough."""
    t = expressions.tables()
    named = t.attributes.filter(t.attributes.key == "service")
    joined = t.cases.filter(t.cases.closed).join(named, "case")
    rows = run.rows(joined.group_by("value").aggregate(count=joined.count()))
    return sorted((service, count) for service, count in rows if count >= FEWEST_CASES)


def _model(run: Any, service: str, count: int, known: Model | None) -> Model | None:
    if known and clock.now() - known.made < GOOD_FOR and count < GROWN * known.cases:
        return known
    chosen = Filter(attributes=(("service", service),))
    return learned(run, filters.filtered(expressions.tables(), chosen, {}))
