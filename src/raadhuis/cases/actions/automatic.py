"""The machine may grant; only a person refuses (law 7).

In: what the decision table said. Out: a granted and closed case, or a record that a person will weigh.
"""

from raadhuis.cases.actions import closing
from raadhuis.cases.actions.common import tell
from raadhuis.cases.models import DecisionRecord, Zaak
from raadhuis.cases.sealed import DECISION
from raadhuis.catalogue.queries import Published
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.statements import insert
from raadhuis.rules.schema import Decision


def weigh(zaak: Zaak, published: Published, decision: Decision | None) -> bool:
    """Grants at once when the table says so; otherwise keeps what it said for a person. Whether it granted."""
    use = published.definition.decision
    if decision is None or use is None:
        return False
    result = str(decision.outcome.get("result", "person"))
    lawful_refusal = result == "refuse" and not decision.for_person
    grant = result == "grant" and not decision.for_person
    automatic = grant or lawful_refusal
    moment = clock.now()
    record = DecisionRecord(
        id=uuid7(),
        zaak=zaak,
        state="taken" if automatic else "advised",
        result=result,
        automatic=automatic,
        table=decision.table,
        table_version=decision.table_version,
        made=moment,
        by=SYSTEM.pseudonym,
        by_name=SYSTEM.name,
        released=moment if automatic else None,
        sealed=privacy.encrypt_json(DECISION, sealed_content(decision)),
    )
    if not automatic:
        insert(record)
        return False
    tell(
        "decision.taken",
        zaak,
        SYSTEM,
        activity="decision",
        decision=record.id,
        data={
            "result": result,
            "automatic": True,
            "table": decision.table,
            "table_version": decision.table_version[:64],
            "rows": [reason.row for reason in decision.reasons],
        },
    )
    closing.close_with_decision(zaak, published, record, SYSTEM)
    insert(record)  # Once it knows its Besluit.
    return True


def sealed_content(
    decision: Decision | None, *, motivation: str = "", conditions: list[str] | None = None
) -> dict[str, object]:
    """What a DecisionRecord keeps encrypted: enough to replay, and what a person wrote."""
    content: dict[str, object] = {"motivation": motivation, "conditions": conditions or []}
    if decision is not None:
        content |= {
            "facts": decision.facts,
            "outcome": decision.outcome,
            "collected": decision.collected,
            "reasons": [{"row": r.row, "nl": r.text.nl, "en": r.text.en, "law": r.law} for r in decision.reasons],
            "undetermined": [{"fact": u.fact, "why": u.why} for u in decision.undetermined],
            "for_person": decision.for_person,
            "trace": decision.trace,
        }
    return content
