"""All stand-ins in one process: a web server and a mail server on loopback.

Comes in: two ports, 0 for a free one. Goes out: a handle that tells which they are, and stops them.
Always holds: nothing listens but on 127.0.0.1; no settings and no database are needed.

| path | stands in for |
|---|---|
| /brp | the basisregistratie personen |
| /kvk | the Handelsregister |
| /pdok | PDOK's Locatieserver |
| /rdw | RDW's open data |
| /diensten | the systems that forms look things up in, each below its name |
| /oidc/resident, /oidc/business, /oidc/staff | the identity providers |
| /mail | nothing: it shows the mails that came in by SMTP |
| /gezond | nothing: it says that all of this runs |
"""

from pathlib import Path

from raadhuis.adapters.addresses import standin as addresses
from raadhuis.adapters.businesses import standin as businesses
from raadhuis.adapters.identity.standin import OidcProvider, new_key
from raadhuis.adapters.lookups import standin as lookups
from raadhuis.adapters.mail.standin import Mailbox, MailPages, MailServer
from raadhuis.adapters.persons import standin as persons
from raadhuis.adapters.standins.web import Request, Response, WebServer, page
from raadhuis.adapters.vehicles import standin as vehicles

REALMS = ("resident", "business", "staff")


class Standins:
    """The running stand-ins. `url` is the web server's address, `mail_url` the mail server's, both without path."""

    def __init__(self, web_port: int, smtp_port: int, lookup_rules: Path = lookups.EXAMPLE) -> None:
        rules = lookups.rules_of(lookup_rules)
        self.mailbox = Mailbox()
        self._web = WebServer(port=web_port)
        try:
            self._mail = MailServer(self.mailbox, smtp_port)
        except OSError:
            self._web.stop()
            raise
        self.web_port, self.smtp_port = self._web.port, self._mail.port
        self.url = f"http://127.0.0.1:{self.web_port}"
        self.mail_url = f"smtp://127.0.0.1:{self.smtp_port}"
        key = new_key()
        self.identity = {realm: OidcProvider(realm, f"{self.url}/oidc/{realm}", key) for realm in REALMS}
        self._web.apps |= {
            "/brp": persons.app,
            "/kvk": businesses.app,
            "/pdok": addresses.app,
            "/rdw": vehicles.app,
            "/diensten": lookups.app(rules),
            **{f"/oidc/{realm}": provider for realm, provider in self.identity.items()},
            "/mail": MailPages(self.mailbox),
            "/gezond": _health,
            "/": _index,
        }

    def start(self) -> None:
        """Answers from now on."""
        self._mail.start()
        self._web.start()

    def stop(self) -> None:
        """Frees both ports."""
        self._web.stop()
        self._mail.stop(no_assert=True)


def start(web_port: int = 0, smtp_port: int = 0, lookup_rules: Path = lookups.EXAMPLE) -> Standins:
    """Starts everything in threads of this process. Raises OSError when a port is taken or the rules are not there,
    and msgspec.DecodeError when they cannot be read."""
    standins = Standins(web_port, smtp_port, lookup_rules)
    standins.start()
    return standins


def _health(request: Request) -> Response:
    return Response(200, b"goed\n")


def _index(request: Request) -> Response:
    if request.path != "/":
        return page("Hier staat niets", '<p><a href="/">Naar het begin</a></p>', 404)
    return page(
        "Nagemaakte systemen",
        "<p>Hier draaien de systemen waarmee de gemeente in het echt is verbonden, met verzonnen gegevens.</p>"
        '<p><a href="/mail/">De mail die de gemeente verstuurde</a></p>',
    )
