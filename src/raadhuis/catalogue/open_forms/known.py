"""What the source's settings are called here: kinds of files, rules of validation, registers, document types, sizes."""

from typing import Any

from raadhuis.catalogue.open_forms.naming import joined, words_of
from raadhuis.catalogue.open_forms.tree import Part

FILE_KINDS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpeg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
RULES = {
    "required": "required", "pattern": "pattern", "maxLength": "too-long", "min": "too-low", "max": "too-high",
    "minDate": "too-early", "maxDate": "too-late", "minSelectedCount": "too-few", "maxSelectedCount": "too-many",
}  # fmt: skip
REGISTERS = {
    ("stufbg", "haal_centraal", "haalcentraal", "stuf-bg", "family_members", "brp"): {
        "voornamen": "person.given_names", "naam.voornamen": "person.given_names",
        "geslachtsnaam": "person.surname", "naam.geslachtsnaam": "person.surname",
        "geboortedatum": "person.birth_date", "geboorte.datum.datum": "person.birth_date",
        "postcode": "person.address.postcode", "verblijfplaats.postcode": "person.address.postcode",
        "verblijfplaats.verblijfadres.postcode": "person.address.postcode",
        "huisnummer": "person.address.house_number", "verblijfplaats.huisnummer": "person.address.house_number",
        "verblijfplaats.verblijfadres.huisnummer": "person.address.house_number",
        "straatnaam": "person.address.street", "verblijfplaats.straat": "person.address.street",
        "verblijfplaats.verblijfadres.officieleStraatnaam": "person.address.street",
        "woonplaatsNaam": "person.address.city", "verblijfplaats.woonplaats": "person.address.city",
        "verblijfplaats.verblijfadres.woonplaats": "person.address.city",
    },
    ("kvk-kvknumber", "kvk-kvkNumber", "kvk"): {
        "bezoekadres.straatnaam": "business.address.street", "bezoekadres.huisnummer": "business.address.house_number",
        "bezoekadres.postcode": "business.address.postcode", "bezoekadres.plaats": "business.address.city",
        "handelsnaam": "business.name", "statutaireNaam": "business.name", "naam": "business.name",
        "kvkNummer": "business.kvk", "rsin": "business.rsin",
    },
}  # fmt: skip


class Documents:
    """The document types that files become, by what the source calls them."""

    def __init__(self) -> None:
        self.types: dict[str, str] = {"bijlage": "Bijlage"}

    def key_for(self, part: Part) -> str:
        """The key of the document type of a file component."""
        title = str(part.setting("registration", "titel") or "").strip()
        key = joined(words_of(title), "-") if title else "bijlage"
        if not key or not key[0].isalpha():
            return "bijlage"
        self.types.setdefault(key, title[:80] or "Bijlage")
        return key


def whole(value: Any, default: int) -> int:
    try:
        return int(value) if value is not None and not isinstance(value, bool) else default
    except (TypeError, ValueError, OverflowError):
        return default


def megabytes(text: Any) -> int:
    digits = "".join(ch for ch in str(text or "") if ch.isdigit())[:6]
    size = int(digits) if digits else 10
    return max(1, size // 1024 if "KB" in str(text).upper() else size)
