"""The confirmation that a submission came in: a mail and a letter, both through the outbox.

Always holds: they are put in the outbox in the transaction that makes the case, so that nobody is told what is not so.
"""

import msgspec
from django.conf import settings

from raadhuis.cases.actions.common import mail_applicant
from raadhuis.cases.actions.cosign_texts import FIRST
from raadhuis.cases.models import Zaak
from raadhuis.cases.schema import NewZaak
from raadhuis.catalogue.queries import Published
from raadhuis.journal.actions import send
from raadhuis.kernel.texts import Text, fill

RECEIVED = (
    Text("Wij hebben ontvangen: {dienst} ({zaaknummer})", "We have received: {dienst} ({zaaknummer})"),
    Text(
        "Beste {naam},\n\nWij hebben uw formulier ontvangen. Uw zaaknummer is {zaaknummer}. U volgt uw zaak hier:\n"
        "{link}\n{code}\nMet vriendelijke groet,\n{gemeente}",
        "Dear {naam},\n\nWe have received your form. Your case number is {zaaknummer}. You can follow your case here:\n"
        "{link}\n{code}\nKind regards,\n{gemeente}",
    ),
)
CODE = Text(
    "U hebt daar dit nummer nodig, en deze code: {code}\n",
    "You need this number there, and this code: {code}\n",
)


SIGNAL = (
    "Gegeven in een register klopt misschien niet ({zaaknummer})",
    "Een aanvrager zegt dat een gegeven uit een register niet klopt. Het staat bij zaak {zaaknummer}:\n{link}\n\n"
    "Klopt het gegeven inderdaad niet? Meld het dan terug aan de beheerder van het register.\n",
)


def signal_back(zaak: Zaak, new: NewZaak) -> None:
    """Tells who looks after the registers that something in them is said to be wrong; the mail itself says not what.

    Source: Wet BRP, article 2.34 (reporting back in case of reasonable doubt).
    """
    to = settings.RAADHUIS_MUNICIPALITY.get("register_feedback", "")
    if not new.corrected or not to:
        return
    places = {"zaaknummer": zaak.identificatie, "link": f"{settings.RAADHUIS_URL}/werk/zaken/{zaak.id}/"}
    send(
        "mail",
        {"to": to, "subject": fill(SIGNAL[0], places), "text": fill(SIGNAL[1], places)},
        key=f"signal:{zaak.id}",
        zaak=zaak.id,
    )


def confirm(zaak: Zaak, published: Published, new: NewZaak, waits_for: str = "") -> None:
    """Puts the confirmation of receipt in the outbox: the letter first, then the mail.

    `waits_for` is who must sign along first, "" for nobody.
    """
    key = f"zaak:{zaak.id}"
    send("letter", {"zaak": str(zaak.id)}, key=key, zaak=zaak.id)
    language = new.applicant.language
    code = CODE.in_(language).replace("{code}", new.follow_code) if new.follow_code else ""
    if waits_for:
        code += fill(FIRST.in_(language), {"wie": waits_for})
    mail_applicant(
        zaak,
        {"applicant": msgspec.to_builtins(new.applicant)},
        RECEIVED[0],
        _with_code(published.definition.notifications.submitted or RECEIVED[1]),
        {"dienst": published.definition.title.in_(language), "code": code},
        key=key,
    )


def _with_code(body: Text) -> Text:
    """The text with a place for the follow code, which a definition's own text may lack: without it nobody gets in."""

    def placed(text: str) -> str:
        if not text or "{code}" in text:
            return text
        return text.replace("{link}", "{link}\n{code}", 1) if "{link}" in text else f"{text}\n\n{{code}}"

    return Text(placed(body.nl), placed(body.en))
