"""From what another register tells of a row to what would be sent to make it, as its standard version leaves room for.

In: a row with our addresses, the contract of what may be sent. Out: values by attribute, or every fault (Refused).
Always holds: nothing that is not there is made up. Registers write "nothing" in several ways (null, an empty text, a
group of empty texts, no attribute at all): each becomes what our contract calls nothing; what must be there is asked.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from raadhuis.cases.brc import shapes as decisions
from raadhuis.cases.drc import writing as documents
from raadhuis.cases.zrc import shapes as cases
from raadhuis.kernel.documents import MARK, localised
from raadhuis.kernel.shapes import Attribute, fault, read

_TEXTS = {"text", "uri", "email"}
# An address of ours has no server in a stored document; the contract asks for a whole one.
HOST = "https://here.invalid/"
_SCHEMAS = {"gebruiksrechten": "GebruiksrechtenRequest", "verzendingen": "VerzendingRequest"}


def of_case(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What would be sent to the Zaken API. Raises Refused."""
    shape = cases.attributes(cases.SENT[name])
    hosted = _hosted(body)
    given = _forgiving(shape, hosted)
    for part, kinds in (("betrokkeneIdentificatie", cases.PEOPLE), ("objectIdentificatie", cases.OBJECTS)):
        if isinstance(hosted.get(part), Mapping):
            schema = kinds.get(str(hosted.get("betrokkeneType" if kinds is cases.PEOPLE else "objectType")))
            given[part] = _forgiving(cases.attributes(schema), hosted[part]) if schema else None
    return localised(cases.sent(name, given), HOST)  # type: ignore[no-any-return]


def of_document(body: Mapping[str, Any]) -> dict[str, Any]:
    """What would be sent of a document, but for its bytes. Raises Refused."""
    shape = documents.without_content(documents.NEW)
    return documents.shaped_by(shape, _forgiving(shape, _hosted(body)), HOST, partial=False)


def of_hanging(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What would be sent of terms of use or a sending. Raises Refused."""
    shape = documents.contract()[_SCHEMAS[name]]
    return documents.shaped_by(shape, _forgiving(shape, _hosted(body)), HOST, partial=False)


def of_decision(schema: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What would be sent to the Besluiten API: "Besluit" or "BesluitInformatieObject". Raises Refused."""
    given = _forgiving(decisions.attributes(schema), _hosted(body))
    return localised(decisions.sent(schema, given), HOST)  # type: ignore[no-any-return]


_DAY, _MOMENT = Attribute(name="day", kind="date"), Attribute(name="moment", kind="datetime")


def day(body: Mapping[str, Any], name: str) -> date | None:
    """A day that only the register itself writes; None when there is none. Raises Refused."""
    if body.get(name) in (None, ""):
        return None
    return _one(_DAY, body, name)  # type: ignore[no-any-return]


def moment(body: Mapping[str, Any], name: str) -> datetime | None:
    """A moment that only the register itself writes; None when there is none. Raises Refused."""
    if body.get(name) in (None, ""):
        return None
    return _one(_MOMENT, body, name)  # type: ignore[no-any-return]


def _one(shape: Attribute, body: Mapping[str, Any], name: str) -> Any:
    found = read([shape], {shape.name: body[name]}, partial=True) if isinstance(body[name], str) else {}
    if shape.name not in found:
        raise fault(name, "invalid", "Deze waarde is niet geldig.")
    return found[shape.name]


def _hosted(value: Any) -> Any:
    if isinstance(value, str):
        return f"{HOST}{value[len(MARK) :]}" if value.startswith(MARK) else value
    if isinstance(value, list):
        return [_hosted(one) for one in value]
    return {name: _hosted(one) for name, one in value.items()} if isinstance(value, Mapping) else value


def _forgiving(shape: Iterable[Attribute], body: Mapping[str, Any]) -> dict[str, Any]:
    """What was told of each attribute that may be sent, with nothing as our contract writes it."""
    given = {}
    for one in shape:
        if one.read_only or one.name not in body:
            continue
        value = _whole(one, body[one.name])
        if value is None and not one.nullable:
            if one.required and one.kind not in _TEXTS:
                given[one.name] = body[one.name]  # So that the fault is the contract's own.
            elif one.required:
                given[one.name] = ""
            continue
        given[one.name] = value
    return given


def _whole(shape: Attribute, value: Any) -> Any:
    """A value, or None for what says nothing."""
    if shape.kind == "object" and isinstance(value, Mapping):
        if not shape.parts:
            return value
        given = _forgiving(shape.parts, value)
        return given if any(one not in ("", None, False) for one in given.values()) else None
    if shape.kind == "list" and isinstance(value, list):
        of = shape.of
        return [_forgiving(of.parts, one) if of and of.parts and isinstance(one, Mapping) else one for one in value]
    if value == "" and (shape.kind not in _TEXTS or shape.nullable):
        return "" if shape.kind == "choice" and "" in shape.options and not shape.nullable else None
    return value
