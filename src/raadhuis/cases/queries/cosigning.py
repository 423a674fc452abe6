"""The second signature: what the applicant and staff see of it, and what the second person sees of the case.

Always holds: nothing of the application is given before somebody has logged in as the service asks; of the documents
only those that were sent in with it, since those are what is signed.
"""

from uuid import UUID

from raadhuis.adapters.identity.levels import RANK
from raadhuis.cases import access
from raadhuis.cases.answers import answer_pages, known_of
from raadhuis.cases.models import CoSignature, Zaak, ZaakInformatieObject
from raadhuis.cases.queries import parts
from raadhuis.cases.schema import CosignView, Signer
from raadhuis.cases.sealed import case_data, content_of_signature
from raadhuis.cases.signing import CosignCase, CosignLine
from raadhuis.catalogue.queries import Published
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.statements import Given, Statement

MOST = 20
SIGNED = ("zaak__identificatie", "zaak__service", "zaak__version", "zaak__omschrijving")


_SIGNATURE = Statement(lambda: CoSignature.objects.filter(zaak=Given("zaak")))


def cosign_view(zaak: Zaak, published: Published | None) -> CosignView | None:
    """How it stands with the second signature; None when the case needs none."""
    if published is None or published.definition.cosign is None:
        return None
    row = _SIGNATURE.first(zaak=zaak.id)
    if row is None:
        return None
    content = content_of_signature(row)
    return CosignView(
        who=content["name"] or content["email"],
        email=content["email"],
        state=row.state,
        asked=row.asked,
        sent=row.sent,
        until=row.until,
        answered=row.answered,
        can_ask_again=access.may_ask_again(zaak, row),
    )


def opened_to_sign(identificatie: str, code: str) -> UUID | None:
    """The case with this number and code (as keyed hash); None when they do not belong together. Index:
    cosignature_by_code.
    """
    rows = CoSignature.objects.filter(code=code, zaak__identificatie=identificatie)
    return rows.values_list("zaak_id", flat=True).first()


_SIGNED = Statement(
    lambda: (
        CoSignature.objects.filter(signer=Given("lookup"))
        .order_by("-answered")
        .values_list("zaak_id", *SIGNED, "answered")[:MOST]
    )
)


def cosigned_by(lookup: str, language: str = "nl") -> list[CosignLine]:
    """The newest cases (≤ 20) that somebody answered for. One statement; index: cosignature_by_signer."""
    if not lookup:
        return []
    return [
        CosignLine(key, number, parts.title_of(service, version, omschrijving, language), answered)
        for key, number, service, version, omschrijving, answered in _SIGNED.all(lookup=lookup)
        if answered
    ]


def _row(zaak_id: UUID, code: str, signer: Signer) -> CoSignature:
    row = CoSignature.objects.filter(zaak=zaak_id).select_related("zaak").first()
    if row is None or not access.may_cosign(row, code=code, lookup=signer.lookup):
        raise Absent
    return row


def _logged_in(row: CoSignature, signer: Signer) -> bool:
    if row.signer:  # Answered by somebody who had logged in: nobody reads it with less.
        return signer.lookup == row.signer
    return not row.level or (bool(signer.lookup) and RANK[signer.level] >= RANK[row.level])


def cosign_case(zaak_id: UUID, signer: Signer, *, code: str = "", language: str = "nl") -> CosignCase:
    """The application for who signs along. Raises Absent for who has neither the code nor answered before."""
    row = _row(zaak_id, code, signer)
    zaak, published = row.zaak, parts.published_of(row.zaak)
    if published is None or published.definition.cosign is None:
        raise Absent
    definition, data, text = published.definition, case_data(zaak), published.definition.cosign.text
    own = bool(signer.lookup) and signer.lookup == zaak.applicant
    may_read = _logged_in(row, signer) and not own and row.state != "cancelled"
    return CosignCase(
        id=zaak.id,
        identificatie=zaak.identificatie,
        title=definition.title.in_(language),
        kind=definition.kind,
        state=row.state,
        level=row.level,
        kinds=["resident", *(["business"] if "business" in definition.who.kinds else [])],
        log_in=not _logged_in(row, signer),
        own=own,
        until=row.until,
        applicant=str(data.get("applicant", {}).get("name", "")) if may_read else "",
        made=zaak.made if may_read else None,
        text=known_of(published, data, language).text(text) if may_read else "",
        sections=_sections(published, data, language) if may_read else [],
        documents=[one for one in parts.documents(zaak, shared_only=True, language=language) if one.id in _signed(row)]
        if may_read
        else [],
        answered=row.answered,
        closed=zaak.einddatum is not None,
    )


def _sections(published: Published, data: dict[str, object], language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(page title, its answers), as the applicant saw them before sending."""
    return [
        (page.title, [(label, answer) for _, label, answer in page.lines])
        for page in answer_pages(published, data, language)
    ]


def _signed(row: CoSignature) -> set[UUID]:
    """The documents that were sent in with the application."""
    links = ZaakInformatieObject.objects.filter(zaak=row.zaak_id, shared=True, registratiedatum__lte=row.asked)
    links = links.filter(informatieobject__direction="inkomend")
    return set(links.values_list("informatieobject_id", flat=True)[: parts.MOST_DOCUMENTS])


def document_to_sign(zaak_id: UUID, document_id: UUID, signer: Signer, *, code: str = "") -> tuple[str, str, str, int]:
    """(file key, name, content type, size) of a document that is signed. Raises Absent."""
    row = _row(zaak_id, code, signer)
    own = bool(signer.lookup) and signer.lookup == row.zaak.applicant
    if own or not _logged_in(row, signer) or row.state == "cancelled" or document_id not in _signed(row):
        raise Absent
    link = ZaakInformatieObject.objects.select_related("informatieobject").get(
        zaak=zaak_id, informatieobject=document_id
    )
    item = link.informatieobject
    return item.file_key, item.bestandsnaam, item.formaat, item.bestandsomvang or 0
