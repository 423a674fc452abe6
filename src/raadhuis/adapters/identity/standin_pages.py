"""The pages of the stand-in for an identity provider.

Always holds: everything that came from outside is escaped; a form goes only to this page and, from there, back to the
site that asked.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import msgspec

from raadhuis.adapters.identity.standin_people import Choice
from raadhuis.adapters.standins.web import Response, page

_TITLES: Final = {
    "resident": "Inloggen als inwoner",
    "business": "Inloggen als ondernemer",
    "staff": "Inloggen als medewerker",
}


def choice_page(realm: str, people: Sequence[Choice], asked: Mapping[str, str], client: str) -> Response:
    """The people as buttons, and a way out. `client` is the origin that browsers go back to."""
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in asked.items() if value
    )
    buttons = "".join(f"<li>{_button(person)}</li>" for person in people)
    body = (
        '<p class="note">Dit is een nagemaakte inlogdienst. Alle mensen en bedrijven zijn verzonnen.</p>'
        f'<form method="post" action="authorize">{kept}<h2>Kies wie u bent</h2><ul>{buttons}</ul>'
        '<p><button name="cancel" value="1">Annuleren</button></p></form>'
    )
    made = page(_TITLES[realm], body)
    # Browsers hold the redirect after a form to form-action as well.
    policy = f"{made.headers['Content-Security-Policy']}; base-uri 'none'; form-action 'self' {client}"
    return msgspec.structs.replace(made, headers={**made.headers, "Content-Security-Policy": policy})


def _button(person: Choice) -> str:
    level = f" (niveau {escape(person.level)})" if person.level else ""
    return (
        f'<button name="person" value="{escape(person.id)}"><strong>{escape(person.name)}</strong>{level}'
        f"<br><small>{escape(person.why)}</small></button>"
    )


def message_page(title: str, text: str, status: int = 200) -> Response:
    """One sentence."""
    return page(escape(title), f"<p>{escape(text)}</p>", status)
