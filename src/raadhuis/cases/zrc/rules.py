"""The standard's rules on writing a case itself (zrc-001, 002, 009 to 015 and 022).

In: what a case will be (values by attribute, rows for types) and the row as it was. Out: Refused with the codes that
clients know. Source: API-standaard Zaken 1.5 to 1.7, "Run-time gedrag".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from raadhuis.cases.brc import access as decisions
from raadhuis.cases.drc import access as documents
from raadhuis.cases.models import Besluit, EnkelvoudigInformatieObject, Zaak, ZaakInformatieObject
from raadhuis.cases.zrc import access
from raadhuis.cases.zrc.resolving import missing, own_id
from raadhuis.catalogue.ztc.rules import is_rsin
from raadhuis.clients.schema import Client
from raadhuis.kernel import clock
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.geojson import is_geometry
from raadhuis.kernel.shapes import Fault, Refused

Values = Mapping[str, Any]
NOT_ARCHIVED = "nog_te_archiveren"
IMMUTABLE = "wijzigen-niet-toegelaten"


def require_sound(values: Values, zaaktype: Any, row: Zaak | None, client: Client) -> None:
    """All rules on what a case says of itself. `row` is None for a new one; `client` is who says it."""
    faults = [
        *_organisations(values),
        *_payment(values),
        *_whole(values, row, client),
        *_others(values, row, client),
        *_products(values, zaaktype),
        *_archive(values, row),
        *_place(values),
    ]
    if faults:
        raise Refused(*faults)


def require_published(zaaktype: Any) -> None:
    """zrc-001."""
    if zaaktype.concept:
        raise Refused(Fault("zaaktype", "not-published", "Dit zaaktype is nog een concept."))


def require_unique(bronorganisatie: str, identificatie: str, row: Zaak | None) -> None:
    """zrc-002."""
    same = Zaak.objects.filter(bronorganisatie=bronorganisatie, identificatie=identificatie)
    if (same.exclude(pk=row.pk) if row is not None else same).exists():
        words = "Er is al een zaak met deze identificatie bij deze organisatie."
        raise Refused(Fault("identificatie", "identificatie-niet-uniek", words))


def require_unchanged(sent: Values, row: Zaak, zaaktype: str, *, forced: bool) -> None:
    """zrc-001 and zrc-002 on a change: number and type stay, unless somebody may force it."""
    faults = []
    if "identificatie" in sent and sent["identificatie"] not in {"", row.identificatie} and not forced:
        faults.append(Fault("identificatie", IMMUTABLE, "Het nummer van een zaak blijft zoals het is."))
    if "zaaktype" in sent and sent["zaaktype"] != zaaktype and not forced:
        faults.append(Fault("zaaktype", IMMUTABLE, "Het zaaktype van een zaak blijft zoals het is."))
    if faults:
        raise Refused(*faults)


def _organisations(values: Values) -> Iterator[Fault]:
    for name in ("bronorganisatie", "verantwoordelijkeOrganisatie", "opdrachtgevendeOrganisatie"):
        text = values.get(name) or ""
        if text and not is_rsin(text):
            yield Fault(name, "invalid", "Dit is geen geldig RSIN: het heeft negen cijfers en doorstaat de elfproef.")


def _payment(values: Values) -> Iterator[Fault]:
    """zrc-014."""
    paid = values.get("laatsteBetaaldatum")
    if paid is None:
        return
    if values.get("betalingsindicatie") == "nvt":
        yield Fault("laatsteBetaaldatum", "betaling-nvt", "Er is niets te betalen, dus er is ook geen betaaldatum.")
    if paid > clock.now():
        yield Fault("laatsteBetaaldatum", "future_not_allowed", "Deze datum ligt in de toekomst.")


def _whole(values: Values, row: Zaak | None, client: Client) -> Iterator[Fault]:
    """zrc-013. A case that the client may not know of is as absent as one that is not there."""
    text = values.get("hoofdzaak")
    if not text:
        return
    id = own_id(text, "zaken/api/v1/zaken/")
    held = row is not None and id == row.hoofdzaak_id
    known = Zaak.objects.all() if held else Zaak.objects.filter(access.readable(client, *access.NAMES))
    whole = list(known.filter(pk=id).values_list("hoofdzaak_id", flat=True)) if id is not None else []
    if row is not None and id == row.pk:
        yield Fault("hoofdzaak", "self-forbidden", "Een zaak kan niet haar eigen hoofdzaak zijn.")
    elif not whole:
        yield Fault("hoofdzaak", "no_match", "Dit is geen zaak van ons.")
    elif whole[0] is not None:
        yield Fault("hoofdzaak", "deelzaak-als-hoofdzaak", "Deze zaak is zelf een deelzaak.")
    elif row is not None and row.deelzaken.exists():
        yield Fault("hoofdzaak", "deelzaak-als-hoofdzaak", "Deze zaak heeft zelf deelzaken.")


def _others(values: Values, row: Zaak | None, client: Client) -> Iterator[Fault]:
    """zrc-011, for addresses of ours; those of others were asked before. A relation that was there may stay."""
    urls = [one["url"] for one in values.get("relevanteAndereZaken") or ()]
    ids = {url: own_id(url, "zaken/api/v1/zaken/") for url in urls if url.startswith(MARK)}
    if not ids:
        return
    asked = [id for id in ids.values() if id is not None]
    mine = Zaak.objects.filter(access.readable(client, *access.NAMES), pk__in=asked)
    known = set(mine.values_list("pk", flat=True))
    held = set(row.relaties.values_list("andere", flat=True)) if row is not None else set()
    for number, url in enumerate(urls):
        place = f"relevanteAndereZaken.{number}.url"
        if row is not None and ids.get(url) == row.pk:
            yield Fault(place, "self-forbidden", "Een zaak kan niet aan zichzelf gerelateerd zijn.")
        elif url in ids and ids[url] not in known and url not in held:
            yield Fault(place, "bad-url", missing("", url).reason)


def require_object(text: str, client: Client) -> None:
    """What a case is about, at an address of ours, is there: a case, document or decision that the client may know of.

    Addresses of others were asked before.
    """
    if not text.startswith(MARK):
        return
    for place, model, mine in (
        ("zaken/api/v1/zaken/", Zaak, access.readable(client, *access.NAMES)),
        (
            "documenten/api/v1/enkelvoudiginformatieobjecten/",
            EnkelvoudigInformatieObject,
            documents.readable(client, *documents.NAMES),
        ),
        ("besluiten/api/v1/besluiten/", Besluit, decisions.readable(client, *decisions.NAMES)),
    ):
        id = own_id(text, place)
        if id is not None and model._default_manager.filter(mine, pk=id).exists():
            return
    raise Refused(Fault("object", "bad-url", missing("", text).reason))


def _products(values: Values, zaaktype: Any) -> Iterator[Fault]:
    """zrc-015."""
    strange = set(values.get("productenOfDiensten") or ()) - set(zaaktype.producten_of_diensten)
    if strange:
        words = "Niet al deze producten of diensten horen bij het zaaktype."
        yield Fault("productenOfDiensten", "invalid-products-services", words)


def _archive(values: Values, row: Zaak | None) -> Iterator[Fault]:
    """zrc-022."""
    if (values.get("archiefstatus") or NOT_ARCHIVED) == NOT_ARCHIVED:
        return
    if not values.get("archiefnominatie"):
        yield Fault("archiefnominatie", "archiefnominatie-not-set", "Zeg eerst of de zaak wordt vernietigd of bewaard.")
    if values.get("archiefactiedatum") is None:
        yield Fault("archiefactiedatum", "archiefactiedatum-not-set", "Zeg eerst wanneer de zaak wordt gearchiveerd.")
    links = ZaakInformatieObject.objects.filter(zaak=row) if row is not None else ZaakInformatieObject.objects.none()
    if links.exclude(informatieobject__status="gearchiveerd").exists():
        words = "Niet alle documenten bij deze zaak zijn gearchiveerd."
        yield Fault("nonFieldErrors", "documents-not-archived", words)


def _place(values: Values) -> Iterator[Fault]:
    place = values.get("zaakgeometrie")
    if place is not None and not is_geometry(place):
        words = "Dit is geen GeoJSON-geometrie met coördinaten in lengte- en breedtegraden."
        yield Fault("zaakgeometrie", "invalid", words)
