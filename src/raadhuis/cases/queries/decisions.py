"""Decisions as people read them, and replayed."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from raadhuis.cases.models import DecisionRecord, Zaak
from raadhuis.cases.queries.parts import published_of
from raadhuis.cases.schema import DecisionView, ReplayedDecision
from raadhuis.catalogue.queries import Published
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.statements import Given, Statement
from raadhuis.kernel.texts import Text, fill
from raadhuis.rules import queries as rules
from raadhuis.rules.schema import Reason

PAGE = 200
RESULTS = {
    "grant": Text("Verleend", "Granted"),
    "refuse": Text("Geweigerd", "Refused"),
    "person": Text("Een medewerker kijkt mee", "A member of staff takes a look"),
}


def decision_view(record: DecisionRecord, published: Published | None, language: str = "nl") -> DecisionView:
    """A decision with its reasons and articles of law."""
    content = privacy.decrypt_json("decision", record.sealed)
    reasons = [Reason(r["row"], Text(r["nl"], r["en"]), r["law"]) for r in content.get("reasons", [])]
    laws = published.definition.laws if published else {}
    cited = list(dict.fromkeys(reason.law for reason in reasons if reason.law in laws))
    if not cited and record.state == "taken":
        cited = laws_of(published, record.result)
    besluit = record.besluit
    return DecisionView(
        id=record.id,
        state=record.state,
        result=record.result,
        result_text=_result(record, published, language),
        automatic=record.automatic,
        made=record.made,
        released=record.released,
        by_name=record.by_name,
        second_name=record.second_name,
        reasons=reasons,
        motivation=content.get("motivation", ""),
        conditions=content.get("conditions", []),
        laws=[(laws[key].title.in_(language), laws[key].url) for key in cited],
        valid_from=besluit.ingangsdatum if besluit else None,
        valid_until=besluit.vervaldatum if besluit else None,
        object_before=besluit.uiterlijke_reactiedatum if besluit else None,
        undetermined=[_not_known(u["fact"], u["why"], published, language) for u in content.get("undetermined", [])],
        table=record.table,
        table_version=record.table_version,
    )


def laws_of(published: Published | None, result: str) -> list[str]:
    """The keys of the articles on which a decision taken by a person rests, as the definition says."""
    if published is None:
        return []
    use = published.definition.decision
    outcome = (use.grant if result == "grant" else use.refuse) if use else None
    return (outcome.laws if outcome else []) or list(published.definition.laws)


WHY = {
    "missing": Text("{fact}: is niet bekend", "{fact}: is not known"),
    "wrong-type": Text("{fact}: is niet bruikbaar", "{fact}: cannot be used"),
    "not-allowed": Text("{fact}: een waarde die de regels niet kennen", "{fact}: a value that the rules do not know"),
    "out-of-range": Text("{fact}: buiten de grenzen van de regels", "{fact}: outside the limits of the rules"),
    "no-row": Text("Geen enkele regel past bij deze zaak", "No rule fits this case"),
    "table-invalid": Text("De beslistabel klopt niet", "The decision table is not in order"),
    "engine-failed": Text("De regels gaven geen betrouwbare uitkomst", "The rules gave no reliable outcome"),
}


def _not_known(fact: str, why: str, published: Published | None, language: str) -> str:
    titles = {f.name: f.title.in_(language) for f in published.definition.facts} if published else {}
    return fill(WHY[why].in_(language), {"fact": titles.get(fact, fact)})


def _result(record: DecisionRecord, published: Published | None, language: str) -> str:
    use = published.definition.decision if published else None
    if published and use and record.state == "taken" and record.result in {"grant", "refuse"}:
        key = (use.grant if record.result == "grant" else use.refuse).resultaattype
        for kind in published.definition.zaaktype.resultaattypen:
            if kind.key == key:
                return kind.text.in_(language)
    return RESULTS.get(record.result, RESULTS["person"]).in_(language)


_LATEST = Statement(
    lambda: (
        DecisionRecord.objects.filter(zaak=Given("zaak"), state=Given("state"))
        .select_related("besluit")
        .order_by("-made")[:1]
    )
)


def latest(zaak: Zaak, state: str) -> DecisionRecord | None:
    """The newest decision of a case in this state."""
    return _LATEST.first(zaak=zaak.id, state=state)


def visible(record: DecisionRecord | None) -> bool:
    """Whether the applicant may see this decision now."""
    return record is not None and record.released is not None and record.released <= clock.now() + timedelta(seconds=1)


def replay_all(zaak: UUID | None = None, limit: int | None = None) -> Iterator[ReplayedDecision]:
    """Decides again, with the facts and the table of then, what a table decided; and compares (law 6).

    All of them, or at most `limit`, oldest first; read a page at a time.
    """
    rows = DecisionRecord.objects.exclude(table="").select_related("zaak").order_by("id")
    if zaak:
        rows = rows.filter(zaak=zaak)
    done, last = 0, UUID(int=0)
    while page := list(rows.filter(id__gt=last)[: min(PAGE, limit - done) if limit is not None else PAGE]):
        for record in page:
            yield _replay(record)
        done, last = done + len(page), page[-1].id


def _replay(record: DecisionRecord) -> ReplayedDecision:
    published = published_of(record.zaak)
    table = next((t for t in published.definition.tables if t.id == record.table), None) if published else None
    if table is None:
        return ReplayedDecision(record.id, record.table, False, ["de tabel is er niet meer"])
    content = privacy.decrypt_json("decision", record.sealed)
    again = rules.decide(table, content["facts"])
    differences = []
    if again.table_version != record.table_version:
        differences.append("de tabel is een andere dan toen")
    if again.outcome != content["outcome"]:
        differences.append(f"uitkomst {content['outcome']} werd {again.outcome}")
    if again.collected != content["collected"]:
        differences.append("andere uitkomsten samen")
    if [(r.row, r.text.nl, r.text.en, r.law) for r in again.reasons] != [
        (r["row"], r["nl"], r["en"], r["law"]) for r in content["reasons"]
    ]:
        differences.append("andere rijen, redenen of wetsartikelen")
    if again.for_person != content["for_person"]:
        differences.append("al dan niet naar een mens")
    if _timeless(again.trace) != _timeless(content["trace"]):
        differences.append("een ander spoor")
    return ReplayedDecision(record.id, record.table, not differences, differences)


def _timeless(trace: object) -> object:
    """What the engine reported, without how long it took."""
    if isinstance(trace, dict):
        return {key: _timeless(value) for key, value in trace.items() if key not in {"performance", "order"}}
    return [_timeless(value) for value in trace] if isinstance(trace, list) else trace
