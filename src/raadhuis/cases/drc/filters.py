"""By what documents, and what hangs on them, are looked for.

In: a parameter and its text. Out: a condition. Always holds: an address that names nothing here finds nothing, and
what is no address at all is refused; what is asked of an object (its address, its kind) is asked of one and the same
relation.
"""

from collections.abc import Callable, Mapping, Set
from datetime import date
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from raadhuis.cases.drc.finding import id_at, id_below
from raadhuis.cases.drc.writing import MOST_WORD, moment_asked
from raadhuis.cases.models import BesluitInformatieObject, TrefWoord, ZaakInformatieObject
from raadhuis.catalogue.ztc.writing import found_at
from raadhuis.clients.schema import LEVELS
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.shapes import Fault, Refused

Values = Mapping[str, str]
# Both spellings: the contract has one underscore, clients in the field two.
OBJECT = ("objectinformatieobjecten_object", "objectinformatieobjecten__object")
OBJECT_TYPE = tuple(f"{name}Type" for name in OBJECT)
_WORDS = ("trefwoorden", "trefwoorden__overlap")
_DAYS = ("creatiedatum", "creatiedatum__gte", "creatiedatum__lte")
_CONTAINED = ("titel", "auteur", "beschrijving")
_SAME = ("identificatie", "bronorganisatie", "formaat", "status")
DOCUMENTS = (
    *(*_SAME, *_CONTAINED, *_DAYS, *_WORDS, *OBJECT, *OBJECT_TYPE),
    *("informatieobjecttype", "vertrouwelijkheidaanduiding", "locked", "ordering"),
)
_COMPARED = ("__lt", "__lte", "__gt", "__gte")
TERMS = ("informatieobject", *(f"{name}{how}" for name in ("startdatum", "einddatum") for how in _COMPARED))
SENDINGS = ("aardRelatie", "informatieobject", "betrokkene")
RELATIONS = ("object", "informatieobject")
PLACES = {"zaak": "zaken/api/v1/zaken", "besluit": "besluiten/api/v1/besluiten"}
MOST_WORDS = 20
ORDERED = {
    "auteur": "auteur",
    "creatiedatum": "creatiedatum",
    "identificatie": "identificatie",
    "informatieobjecttype": "informatieobjecttype",
    "status": "status",
    "titel": "titel",
    "vertrouwelijkheidaanduiding": "vertrouwelijkheidaanduiding",
}


def together(asked: Values, condition: Callable[[str, str], Q]) -> Q:
    """Every condition together. Raises Refused with each filter that makes no sense."""
    found, faults = Q(), []
    for name, text in asked.items():
        try:
            if "\0" in text:
                raise ValueError
            found &= condition(name, text)
        except (ValueError, OverflowError):
            faults.append(Fault(name, "invalid", "Deze waarde is niet geldig."))
    if faults:
        raise Refused(*faults)
    return found


def order(text: str) -> list[str]:
    """How documents are ordered. Raises Refused."""
    wanted = [one.strip() for one in text.split(",") if one.strip()]
    if any(one.removeprefix("-") not in ORDERED for one in wanted):
        raise Refused(Fault("ordering", "invalid", "Op dit attribuut kan niet worden gesorteerd."))
    return [*(f"{'-' * one.startswith('-')}{ORDERED[one.removeprefix('-')]}" for one in wanted), "pk"]


def on_documents(asked: Values) -> Q:
    """What is asked of documents. Raises Refused."""
    objects = {name: text for name, text in asked.items() if name in (*OBJECT, *OBJECT_TYPE)}
    others = {name: text for name, text in asked.items() if name not in objects and name != "ordering"}
    found = together(objects, lambda name, text: _is_address(text) if name in OBJECT else _is_kind(text))
    found &= together(others, _on_document)
    if objects:
        found &= _related(
            {text for name, text in objects.items() if name in OBJECT},
            {text for name, text in objects.items() if name in OBJECT_TYPE},
        )
    return found


def _on_document(name: str, text: str) -> Q:
    if name in _SAME:
        return Q(**{name: text})
    if name in _CONTAINED:
        return Q(**{f"{name}__icontains": text})
    if name in _DAYS:
        return Q(**{name: date.fromisoformat(text)})
    if name in _WORDS:
        return _has_words([word.strip() for word in text.split(",") if word.strip()], every=name == "trefwoorden")
    if name == "informatieobjecttype":
        return _of_kinds(text.split(","))
    if name == "vertrouwelijkheidaanduiding":
        levels = text.split(",")
        return Q(vertrouwelijkheidaanduiding__in=levels) if set(levels) <= set(LEVELS) else _never()
    locked = {"true": ~Q(locked=""), "false": Q(locked="")}.get(text.lower())
    return locked if locked is not None else _never()


def _never() -> Q:
    raise ValueError


def _is_address(text: str) -> Q:
    return Q() if text.startswith((MARK, "http://", "https://")) else _never()


def _is_kind(text: str) -> Q:
    return Q() if text in {"zaak", "besluit", "verzoek"} else _never()


def _has_words(words: list[str], *, every: bool) -> Q:
    """Index: document_by_word. Raises ValueError for too many words."""
    if len(words) > MOST_WORDS:
        raise ValueError
    found = [
        Q(pk__in=TrefWoord.objects.filter(woord=word[:MOST_WORD]).values("informatieobject_id"))
        for word in dict.fromkeys(words)
    ]
    if not found:
        return Q()
    return reduce(and_ if every else or_, found)


def _of_kinds(addresses: list[str]) -> Q:
    for text in addresses:
        _is_address(text)
    rows = [found_at(text, "informatieobjecttypen") for text in addresses[:MOST_WORDS]]
    return Q(informatieobjecttype__in=[row.pk for row in rows if row is not None])


def _related(addresses: Set[str], kinds: Set[str]) -> Q:
    """Documents of one object, or of objects of a kind."""
    if len(addresses) > 1 or len(kinds) > 1:
        return Q(pk__in=[])  # Both spellings, and they differ.
    kind, address = next(iter(kinds), ""), next(iter(addresses), "")
    found = Q(pk__in=[])
    for name, model in (("zaak", ZaakInformatieObject), ("besluit", BesluitInformatieObject)):
        if kind in {"", name}:
            rows = model._default_manager.filter(on_object(name, address)) if address else model._default_manager.all()
            found |= Q(pk__in=rows.values("informatieobject_id"))
    return found


def on_object(kind: str, address: str) -> Q:
    """Relations with one object; of this kind of relation."""
    id = id_below(address, PLACES[kind])
    return Q(**{f"{kind}_id": id}) if id is not None else Q(pk__in=[])


def on_hanging(asked: Values) -> Q:
    """What is asked of terms of use and of sendings. Raises Refused."""
    return together(asked, _on_hanging)


def _on_hanging(name: str, text: str) -> Q:
    if name == "informatieobject":
        id = id_at(text)
        return Q(informatieobject_id=id) if id is not None else _is_address(text) & Q(pk__in=[])
    if name == "object":
        return _is_address(text)  # Which relations those are, differs by who keeps them.
    attribute, _, how = name.partition("__")
    if how:
        return Q(**{f"{attribute}__{how}": moment_asked(text)})
    if name == "aardRelatie":
        return Q(aard_relatie=text) if text in {"afzender", "geadresseerde"} else _never()
    return _is_address(text) & Q(betrokkene=text)
