"""The second person who signs there, signs here too: the address that is asked, and how they log in.

In: the pages as made, the id of the question with the address, and the form. Out: the `cosign` of the definition.
Always holds: whoever must sign has been asked for; an address that may be left empty asks nobody when it is.
"""

from typing import Any

from raadhuis.adapters.identity.levels import RANK, level_of
from raadhuis.catalogue.open_forms.archive import Export

USUAL = "substantial"
"""What a log-in there without a level becomes: as for whoever fills in."""
TEXT = {
    "nl": "Ik heb alles gelezen en onderteken mee.",
    "en": "I have read everything and sign too.",
}
TO_DECIDE = "Wat ondertekent de tweede persoon, en op welk niveau logt die in? Kijk `cosign` na."


def cosign_of(export: Export, pages: list[dict[str, Any]], asked: str) -> dict[str, Any] | None:
    """Who signs along; None when nobody is asked for an address."""
    for page in pages:
        for question in page["questions"]:
            if question["id"] == asked:
                conditions = [text for text in (page.get("when"), question.get("when")) if text]
                if question.get("required") is False:
                    conditions = [f"not empty({asked})"]  # It is there only where the question applies.
                when = conditions[0] if len(conditions) == 1 else " and ".join(f"({text})" for text in conditions)
                return {"email": asked, **({"when": when} if when else {}), "level": _level(export), "text": TEXT}
    return None


def _level(export: Export) -> str:
    """The least level at which one logs in on the form; "" where nobody does: then number and code suffice."""
    backends = export.form.get("auth_backends") or export.form.get("authentication_backends") or []
    if not isinstance(backends, list) or not backends:
        return ""
    levels = []
    for backend in backends:
        options = backend.get("options") if isinstance(backend, dict) else None
        levels.append(level_of(str((options or {}).get("loa") or "")) or USUAL)
    return min(levels, key=lambda level: RANK[level])
