"""The filters of lists: from what a query says to a condition on rows.

In: names and texts of a query. Out: a condition, or Refused for what makes no sense. Always holds: an address that
names nothing here finds nothing; identifying numbers are found by keyed hash.
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Q

from raadhuis.cases.actions.opening import applicant_hash
from raadhuis.cases.actions.roles import ROL
from raadhuis.cases.models import Rol, Status
from raadhuis.cases.rights import up_to
from raadhuis.cases.zrc import rendering
from raadhuis.cases.zrc.resolving import own_id
from raadhuis.catalogue.ztc.writing import found_at
from raadhuis.clients.schema import LEVELS
from raadhuis.kernel import privacy
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.shapes import Fault, Refused, column_of, moment_of

Values = Mapping[str, str]
_PERSON = "betrokkeneIdentificatie__"
_WHO = (
    *("natuurlijkPersoon__inpBsn", "natuurlijkPersoon__anpIdentificatie", "natuurlijkPersoon__inpA_nummer"),
    *("nietNatuurlijkPersoon__innNnpId", "nietNatuurlijkPersoon__annIdentificatie", "vestiging__vestigingsNummer"),
    *("organisatorischeEenheid__identificatie", "medewerker__identificatie"),
)
_COMPARED = {
    "startdatum": ("", "__gt", "__gte", "__lt", "__lte"),
    "registratiedatum": ("", "__gt", "__lt"),
    "einddatum": ("", "__gt", "__lt", "__isnull"),
    "einddatumGepland": ("", "__gt", "__lt"),
    "uiterlijkeEinddatumAfdoening": ("", "__gt", "__lt"),
    "archiefactiedatum": ("", "__gt", "__lt", "__isnull"),
}
_DAYS = {f"{name}{how}" for name, ways in _COMPARED.items() for how in ways}
_LISTED = ("bronorganisatie", "archiefnominatie", "archiefstatus")
ZAAK_FILTERS = (
    *("identificatie", "zaaktype", "zaaktype__in", "maximaleVertrouwelijkheidaanduiding", "ordering"),
    *(f"{name}{how}" for name in _LISTED for how in ("", "__in")),
    *sorted(_DAYS),
    *("rol__betrokkeneType", "rol__betrokkene", "rol__omschrijvingGeneriek"),
    *(f"rol__{_PERSON}{who}" for who in _WHO),
)
ROL_FILTERS = (
    *("zaak", "betrokkene", "betrokkeneType", "roltype", "omschrijving", "omschrijvingGeneriek"),
    *(f"{_PERSON}{who}" for who in _WHO),
)
_MOMENTS = {
    f"{name}{how}" for name in ("aanmaakdatum", "wijzigingsdatum") for how in ("", "__gt", "__gte", "__lt", "__lte")
}
# What a note says rests encrypted, so that it can be read but not searched.
NOTE_FILTERS = ("gerelateerdAan", "notitieType", "status", *sorted(_MOMENTS))


def condition(resource: str, known: tuple[str, ...], asked: Values) -> Q:
    """What the rows of a resource must be, by these filters of it. Raises Refused with every fault."""
    faults, found, about_roles = list[Fault](), Q(), Q()
    for name, text in asked.items():
        try:
            if "\0" in text:
                raise ValueError
            if name.startswith("rol__"):
                about_roles &= _rol(name.removeprefix("rol__"), text)
            elif name in known and name != "ordering":
                found &= _condition(resource, name, text)
        except ValueError:
            faults.append(Fault(name, "invalid", "Deze waarde is niet geldig."))
    if faults:
        raise Refused(*faults)
    return found & _with_role(about_roles, asked) if about_roles else found


def _with_role(about: Q, asked: Values) -> Q:
    """Cases with a role that is all of this. By who it is they are few: then from the roles to the cases."""
    if any(name.startswith(f"rol__{_PERSON}") for name in asked):
        return Q(pk__in=Rol.objects.filter(about).values("zaak_id"))
    return Q(Exists(Rol.objects.filter(about, zaak_id=OuterRef("pk"))))


def _condition(resource: str, name: str, text: str) -> Q:
    """One filter. Raises ValueError."""
    if name in _DAYS:
        return _day(name, text)
    if name == "maximaleVertrouwelijkheidaanduiding":
        if text not in LEVELS:
            raise ValueError
        return Q(vertrouwelijkheidaanduiding__in=up_to(text))
    if name == "zaaktype__in":
        rows = [found_at(one, "zaaktypen") for one in text.split(",")]
        return Q(zaaktype__in=[row.pk for row in rows if row is not None])
    if name in {"zaaktype", "statustype", "resultaattype", "roltype"}:
        row = found_at(text, f"{name}n")
        return Q(**{name: row.pk}) if row is not None else _nothing(text)
    if name in _MOMENTS:
        return _moment(name, text)
    if name in {"zaak", "gerelateerdAan"}:
        id = own_id(text, f"{rendering.ZAKEN}zaken/")
        return Q(zaak_id=id) if id else _nothing(text)
    if name == "informatieobject":
        id = own_id(text, f"{rendering.DOCUMENTS}enkelvoudiginformatieobjecten/")
        return Q(informatieobject_id=id) if id else _nothing(text)
    if name == "indicatieLaatstGezetteStatus":
        later = Status.objects.filter(
            zaak_id=OuterRef("zaak_id"), datum_status_gezet__gt=OuterRef("datum_status_gezet")
        )
        return {"true": ~Exists(later), "false": Q(Exists(later))}.get(text) or _never()  # type: ignore[return-value]
    if resource == "rollen":
        return _rol(name, text)
    if name.endswith("__in"):
        return Q(**{name: text.split(",")})
    return Q(**{{"objectType": "object_type", "notitieType": "notitie_type"}.get(name, name): text})


def _never() -> Q:
    raise ValueError


def _day(name: str, text: str) -> Q:
    attribute, _, how = name.partition("__")
    column = column_of(attribute)
    if how == "isnull":
        if text not in {"true", "false"}:
            raise ValueError
        return Q(**{f"{column}__isnull": text == "true"})
    return Q(**{f"{column}__{how}" if how else column: date.fromisoformat(text)})


def _moment(name: str, text: str) -> Q:
    attribute, _, how = name.partition("__")
    return Q(**{f"{attribute}__{how}" if how else attribute: moment_of(text)})


def _rol(name: str, text: str) -> Q:
    """A condition on a role. Identifying numbers are found by keyed hash."""
    if name.startswith(_PERSON):
        return _person(name.removeprefix(_PERSON), text)
    if name == "roltype":
        row = found_at(text, "roltypen")
        return Q(roltype=row.pk) if row is not None else _nothing(text)
    columns = {
        "betrokkene": "betrokkene",
        "betrokkeneType": "betrokkene_type",
        "omschrijving": "omschrijving",
        "omschrijvingGeneriek": "omschrijving_generiek",
    }
    return Q(**{columns[name]: text})


def only_person(asked: Values) -> tuple[str, str] | None:
    """(kind of person, keyed hash of the number), when that is all that is asked of cases; None for anything else."""
    if len(asked) != 1:
        return None
    name, text = next(iter(asked.items()))
    start = f"rol__{_PERSON}"
    if name not in ZAAK_FILTERS or not name.startswith(start) or not text or "\0" in text:
        return None
    return _hashed(name.removeprefix(start), text)


def _person(who: str, text: str) -> Q:
    kind, found = _hashed(who, text)
    return Q(betrokkene_type=kind, lookup=found) if text else Q(pk__in=[])


def _hashed(who: str, text: str) -> tuple[str, str]:
    kinds = {
        "natuurlijkPersoon": "natuurlijk_persoon",
        "nietNatuurlijkPersoon": "niet_natuurlijk_persoon",
        "organisatorischeEenheid": "organisatorische_eenheid",
    }
    kind, _, attribute = who.partition("__")
    lookups = {
        "inpBsn": applicant_hash(bsn=text),
        "innNnpId": applicant_hash(kvk=text),
        "annIdentificatie": applicant_hash(kvk=text),
    }
    return kinds.get(kind, kind), lookups.get(attribute) or privacy.keyed_hash(ROL, text)


def _nothing(text: str) -> Q:
    """A filter by an address that names nothing here. Raises ValueError for what is no address."""
    if not text.startswith((MARK, "http://", "https://")):
        raise ValueError
    return Q(pk__in=[])
