"""The case that an imported form becomes: what the export says of it, and for the rest a plain beginning.

Always holds: what the export does not say and somebody must decide is named in `to_decide`, in words for a service
owner; nothing here pretends that a municipality decided it.
"""

from typing import Any

from raadhuis.catalogue.check.upl import names as upl_names
from raadhuis.catalogue.open_forms.archive import Export
from raadhuis.catalogue.open_forms.naming import plain, words_of

Texts = dict[str, str]
_LIST = "https://selectielijst.openzaak.nl/api/v1"
_PERMIT = {
    "process": f"{_LIST}/procestypen/3e1f6d3e-617f-43e1-87be-8bd255ef4745",
    "granted": f"{_LIST}/resultaten/183352aa-26d1-4bc3-8bbf-aec3a180ebbb",
    "refused": f"{_LIST}/resultaten/bcd33d3a-4a34-4143-9569-4d161ea6da6b",
    "withdrawn": f"{_LIST}/resultaten/c448d114-c162-4509-9bfb-f699bb302a28",
}
_NOTICE = {
    "process": f"{_LIST}/procestypen/388645ae-bb7f-4b2b-ba70-94b70f713d45",
    "done": f"{_LIST}/resultaten/d8b21822-3ff1-4414-b17b-cbfd662b40d8",
    "withdrawn": f"{_LIST}/resultaten/3dfc1ec5-2bf5-4525-9d05-1675798dda81",
}


def is_permit(export: Export) -> bool:
    """Whether somebody asks for permission: then a person grants or refuses."""
    said = [str(export.form.get("name")), str(export.form.get("slug")), *(step.name for step in export.steps)]
    said += [str(_options(backend).get("case_type_identification") or "") for backend in _backends(export)]
    return any(word in plain(text) for text in said for word in ("vergunning", "ontheffing"))


def upl_of(title: str) -> dict[str, str] | None:
    """The product of the national list that the form is about; None when that is not clear."""
    known = upl_names()
    exact = {plain(name): name for name in known}
    if plain(title) in exact:
        name = exact[plain(title)]
        return {"name": name, "uri": known[name]}
    for word in sorted(words_of(title), key=len, reverse=True):
        stem = word.removesuffix("formulier").removesuffix("aanvraag")
        found = sorted(
            (name for name in known if len(stem) > 5 and stem in plain(name)), key=lambda name: (len(name), name)
        )
        if found:
            return {"name": found[0], "uri": known[found[0]]}
    return None


def who_of(export: Export) -> dict[str, Any]:
    """Who may fill in, and how they log in."""
    plugins = [
        str(backend.get("backend") if isinstance(backend, dict) else backend)
        for backend in export.form.get("auth_backends") or export.form.get("authentication_backends") or []
    ]
    must = bool(export.form.get("login_required")) or any(step.login_required for step in export.steps)
    kinds = []
    if must or any("digid" in p for p in plugins):
        kinds.append("resident")
    if any("eherkenning" in p or "kvk" in p for p in plugins):
        kinds.append("business")
    if not must:
        kinds.append("anonymous")
    return {"kinds": kinds, "level": "substantial"} if kinds != ["anonymous"] else {"kinds": kinds}


def _backends(export: Export) -> list[dict[str, Any]]:
    found = export.form.get("registration_backends")
    return [b for b in found if isinstance(b, dict)] if isinstance(found, list) else []


def _options(backend: dict[str, Any]) -> dict[str, Any]:
    options = backend.get("options")
    return options if isinstance(options, dict) else {}


def backend_names(export: Export) -> dict[str, str]:
    """The registrations of the form: key → what it is called."""
    return {str(b.get("key")): str(b.get("name") or b.get("key")) for b in _backends(export)}


def case_type(export: Export, title: str, documents: dict[str, str]) -> dict[str, Any]:
    """The ZaakType: named as the registration names it, with statuses and results of a plain beginning."""
    permit, backends = is_permit(export), _backends(export)
    options = _options(backends[0]) if len(backends) == 1 else {}
    identification = str(options.get("case_type_identification") or export.form.get("slug") or "formulier")
    kind: dict[str, Any] = {
        "identificatie": identification[:50],
        "omschrijving": title[:80],
        "doel": f"{title} behandelen"[:200],
        "aanleiding": f"Iemand vult het formulier “{title}” in"[:200],
        "onderwerp": title[:80],
        "handeling_initiator": "aanvragen" if permit else "indienen",
        "handeling_behandelaar": "behandelen",
        "selectielijst_procestype": (_PERMIT if permit else _NOTICE)["process"],
        "doorlooptijd": {"weeks": 8},
        "statustypen": _statuses(),
        "resultaattypen": _results(permit=permit),
        "roltypen": [
            {"key": "aanvrager", "omschrijving": "Aanvrager", "generiek": "initiator"},
            {"key": "behandelaar", "omschrijving": "Behandelaar", "generiek": "behandelaar"},
            *([{"key": "beslisser", "omschrijving": "Beslisser", "generiek": "beslisser"}] if permit else []),
        ],
        "informatieobjecttypen": [
            *({"key": key, "omschrijving": name} for key, name in documents.items()),
            *([{"key": "besluit", "omschrijving": "Besluit", "richting": "uitgaand"}] if permit else []),
        ],
    }
    confidentiality = str(
        options.get("zaak_vertrouwelijkheidaanduiding") or options.get("doc_vertrouwelijkheidaanduiding") or ""
    )
    if confidentiality:
        kind["vertrouwelijkheidaanduiding"] = confidentiality
    if permit:
        kind["besluittypen"] = [
            {"key": "toestemming", "omschrijving": "Toestemming"},
            {"key": "weigering", "omschrijving": "Weigering"},
        ]
    return kind


def _status(key: str, name: str, dutch: str, english: str, *, tell: bool = False) -> dict[str, Any]:
    status: dict[str, Any] = {"key": key, "omschrijving": name, "text": {"nl": dutch, "en": english}}
    return status | {"informeren": True} if tell else status


def _statuses() -> list[dict[str, Any]]:
    return [
        _status("ontvangen", "Ontvangen", "Wij hebben uw formulier.", "We have your form.", tell=True),
        _status("behandeling", "In behandeling", "Wij zijn ermee bezig.", "We are working on it."),
        _status("afgehandeld", "Afgehandeld", "Wij zijn klaar.", "We have finished.", tell=True),
    ]


def _result(key: str, name: str, texts: tuple[str, str], general: str, kept: str, months: int) -> dict[str, Any]:
    return {
        "key": key,
        "omschrijving": name,
        "text": {"nl": texts[0], "en": texts[1]},
        "generiek": general,
        "selectielijstklasse": kept,
        "archiefactietermijn": {"months": months},
    }


def _results(*, permit: bool) -> list[dict[str, Any]]:
    gone = ("U hebt uw formulier ingetrokken", "You have withdrawn your form")
    kept = _PERMIT if permit else _NOTICE
    withdrawn = _result("ingetrokken", "Ingetrokken", gone, "Afgebroken", kept["withdrawn"], 12)
    if not permit:
        done = ("Wij hebben het afgehandeld", "We have dealt with it")
        return [_result("afgehandeld", "Afgehandeld", done, "Uitgevoerd", kept["done"], 60), withdrawn]
    yes, no = ("U krijgt toestemming", "You get permission"), ("U krijgt geen toestemming", "You do not get permission")
    return [
        _result("verleend", "Verleend", yes, "Verleend", kept["granted"], 12),
        _result("geweigerd", "Geweigerd", no, "Geweigerd", kept["refused"], 60),
        withdrawn,
    ]


def decision() -> dict[str, Any]:
    """A person grants or refuses; nothing is decided by a table."""
    return {
        "grant": {"resultaattype": "verleend", "besluittype": "toestemming", "letter": "verleend"},
        "refuse": {"resultaattype": "geweigerd", "besluittype": "weigering", "letter": "geweigerd"},
    }


def tasks(team: str, *, permit: bool) -> list[dict[str, Any]]:
    """The steps for staff: one that looks, and for a permit one that decides."""
    look: dict[str, Any] = {
        "id": "bekijken",
        "title": {"nl": "Het formulier bekijken", "en": "Look at the form"},
        "kind": "check",
        "team": team,
        "status": "behandeling",
    }
    if not permit:
        look |= {"id": "behandelen", "title": {"nl": "Het formulier behandelen", "en": "Deal with the form"}}
        return [look | {"kind": "act", "outcome": "handled"}]
    decide = {
        "id": "besluiten",
        "title": {"nl": "Besluiten", "en": "Decide"},
        "kind": "decide",
        "team": team,
        "role": "decider",
        "after": ["bekijken"],
        "outcome": "decision",
    }
    return [look, decide]


def letters(title: str) -> dict[str, Any]:
    """The two letters of a decision, to begin with."""
    return {
        "verleend": {
            "title": {"nl": f"Wij geven u toestemming: {title}", "en": f"We give you permission: {title}"},
            "body": {
                "nl": "Beste {naam},\n\nU vulde ons formulier in. U krijgt toestemming. Hieronder leest u waarom.",
                "en": "Dear {naam},\n\nYou filled in our form. You get permission. You can read why below.",
            },
        },
        "geweigerd": {
            "title": {"nl": f"U krijgt geen toestemming: {title}", "en": f"You do not get permission: {title}"},
            "body": {
                "nl": "Beste {naam},\n\nU vulde ons formulier in. U krijgt geen toestemming. Hieronder leest u waarom.",
                "en": "Dear {naam},\n\nYou filled in our form. You do not get permission. You can read why below.",
            },
        },
    }


def to_decide(*, permit: bool, lookups: bool, routes: bool, upl: bool) -> list[Texts]:
    """What a service owner still has to decide."""
    found = [
        "Op welke wet rust deze dienst? Zet de artikelen onder `laws`.",
        "Binnen welke termijn bent u klaar? Nu staat er acht weken.",
        "Hoe lang bewaart u het resultaat? Kijk de selectielijst na; wij vulden een gewone keuze in.",
        "Welk team behandelt dit, in welke stappen? Nu is er een eenvoudig begin.",
        "Wat vroeg het papieren formulier? Tel de vragen, bijlagen en dagen voor `advantage`.",
    ]
    if permit:
        found.append("Lees de brieven na: zij zijn een begin, en noemen nog geen redenen van uw gemeente.")
    if lookups:
        found.append("Welke diensten mag dit formulier iets vragen? De beheerder sluit ze aan.")
    if routes:
        found.append("Welk team krijgt welke aanvraag? De regels van het oude formulier staan in de tabel `verdelen`.")
    if not upl:
        found.append("Welk product uit de landelijke productenlijst (UPL) is dit?")
    return [{"nl": sentence} for sentence in found]
