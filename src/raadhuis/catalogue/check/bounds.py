"""The bounds of dates and moments: can they be read, and was what they refer to asked before?

In: a definition. Out: findings.
"""

from collections.abc import Iterator

from raadhuis.catalogue.bounds import read_bound
from raadhuis.catalogue.questions import AnyQuestion, DateQuestion, DateTimeQuestion, GroupQuestion
from raadhuis.catalogue.schema import Definition
from raadhuis.rules.schema import Finding


def bound_findings(definition: Definition) -> Iterator[Finding]:
    """What is wrong with `not_before` and `not_after`."""
    everything = {question.id: question for page in definition.pages for question in page.questions}
    before: dict[str, AnyQuestion] = {}
    for p, page in enumerate(definition.pages):
        for q, question in enumerate(page.questions):
            path = f"pages.{p}.questions.{q}"
            yield from _question(question, path, before, everything)
            if isinstance(question, GroupQuestion):
                inside = dict(before)
                parts = everything | {part.id: part for part in question.questions}
                for n, part in enumerate(question.questions):
                    yield from _question(part, f"{path}.questions.{n}", inside, parts)
                    inside[part.id] = part
            before[question.id] = question


def _question(
    question: AnyQuestion, path: str, before: dict[str, AnyQuestion], everything: dict[str, AnyQuestion]
) -> Iterator[Finding]:
    if not isinstance(question, DateQuestion | DateTimeQuestion):
        return
    for name in ("not_before", "not_after"):
        text = getattr(question, name)
        try:
            bound = read_bound(text)
        except ValueError:
            message = f"{text!r} is geen grens: schrijf jjjj-mm-dd, today, today+14, now, of een vraag, zoals begin+1."
            yield Finding("bounds", f"{path}.{name}", message)
            continue
        other = bound.question if bound else ""
        if other and other not in before:
            why = "die vraag komt later" if other in everything else "die vraag is er niet"
            message = f"{text!r} verwijst naar {other!r}, en {why}. Verwijs naar een datum die eerder gevraagd is."
            yield Finding("unknown-reference", f"{path}.{name}", message)
        elif other and not isinstance(before[other], DateQuestion | DateTimeQuestion):
            message = f"{text!r} verwijst naar {other!r}, en dat is geen vraag naar een datum."
            yield Finding("unknown-reference", f"{path}.{name}", message)
