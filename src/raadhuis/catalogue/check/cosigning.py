"""Signing along: can the second person be reached whenever their signature is needed?

In: a definition. Out: findings. Always holds: without errors, whoever must sign along has an address to be asked at.
"""

from collections.abc import Iterator

from raadhuis.catalogue.check.expressions import Site, sites
from raadhuis.catalogue.check.reach import truths
from raadhuis.catalogue.questions import AnyQuestion, EmailQuestion, Note, TextQuestion
from raadhuis.catalogue.schema import Definition, Page
from raadhuis.kernel.expressions import parse
from raadhuis.rules.schema import Finding


def cosign_findings(definition: Definition) -> Iterator[Finding]:
    """What can be seen without expressions: the questions are there, and of the right kind."""
    use = definition.cosign
    if use is None:
        return
    asked = {q.id: q for page in definition.pages for q in page.questions if not isinstance(q, Note)}
    email, name = asked.get(use.email), asked.get(use.name)
    if not isinstance(email, EmailQuestion):
        message = f"{use.email!r} is geen vraag naar een e-mailadres (buiten een groep). Daar vragen wij om te tekenen."
        yield Finding("cosign-email", "cosign.email", message)
    if use.name and not isinstance(name, TextQuestion):
        message = f"{use.name!r} is geen vraag naar een tekst. Noem de vraag naar de naam, of laat `name` weg."
        yield Finding("cosign-name", "cosign.name", message)
    if not use.level:
        message = "Zonder inloggen weet u niet zeker wie er ondertekent: wie de e-mail leest, kan het."
        yield Finding("cosign-level", "cosign.level", message, "advice")


def always_asked_findings(definition: Definition) -> Iterator[Finding]:
    """Whether the address is asked, and must be given, in every case that needs a second signature."""
    use = definition.cosign
    found = _place_of(definition, use.email) if use else None
    if use is None or found is None:
        return
    path, page, question = found
    reads = set(parse(use.when).names) if use.when else set()
    if not question.required and use.email not in reads:
        message = (
            f"Wie {use.email!r} leeg laat, krijgt een zaak die niemand kan ondertekenen. Maak de vraag verplicht, of "
            f"zet in `cosign.when`: not empty({use.email})."
        )
        yield Finding("cosign-not-asked", f"{path}.required", message)
    conditions = [text for text in (page.when, question.when) if text]
    if not conditions or use.when in conditions:
        return
    whole = " and ".join(f"({text})" for text in conditions)
    names = next((site.names for site in sites(definition) if site.path == "cosign.when"), None)
    if names is None:
        message = f"{use.email!r} wordt alleen gevraagd als `{whole}`. Zet dat ook in `cosign.when`."
        yield Finding("cosign-not-asked", "cosign", message)
        return
    seen = truths(definition, Site("cosign.when", whole, names), (parse(use.when),))
    if seen is not None and seen - {True}:
        message = f"Soms moet er iemand ondertekenen (`{use.when}`), en wordt {use.email!r} niet gevraagd (`{whole}`)."
        yield Finding("cosign-not-asked", "cosign.when", message)


def _place_of(definition: Definition, name: str) -> tuple[str, Page, AnyQuestion] | None:
    for p, page in enumerate(definition.pages):
        for q, question in enumerate(page.questions):
            if question.id == name and isinstance(question, EmailQuestion):
                return f"pages.{p}.questions.{q}", page, question
    return None
