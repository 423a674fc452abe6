"""From settings to clients.

Comes in: the mapping of `site/settings.py`, RAADHUIS_ADAPTERS. Goes out: Adapters, one set a process.
Always holds: what is not configured is there and says so (AdapterUnavailable, "not configured"), so that a form asks
everything instead of failing; only `antivirus` is None, for "nobody scanned this" must be kept with the file.
"""

from collections.abc import Mapping
from typing import Any, Final, NoReturn

import msgspec

from raadhuis.adapters.addresses import Addresses, Locatieserver
from raadhuis.adapters.antivirus import Antivirus, ClamAv
from raadhuis.adapters.businesses import Basisprofiel, Businesses
from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.files import FileStore, FolderStore
from raadhuis.adapters.identity import Provider
from raadhuis.adapters.lookups import HttpLookups, Lookups
from raadhuis.adapters.mail import Mailer, SmtpMailer
from raadhuis.adapters.persons import HaalCentraal, Persons
from raadhuis.adapters.vehicles import RdwOpenData, Vehicles

REALMS: Final = ("resident", "business", "staff")


class Adapters(msgspec.Struct, frozen=True, kw_only=True):
    """The clients of the outside systems. `identity` holds a provider for every realm that is configured."""

    persons: Persons
    businesses: Businesses
    addresses: Addresses
    vehicles: Vehicles
    lookups: Lookups
    mail: Mailer
    antivirus: Antivirus | None
    files: FileStore
    identity: dict[str, Provider]


class NotConfigured:
    """Stands where a client would: every question is answered with AdapterUnavailable."""

    def __init__(self, system: str) -> None:
        self.system = system

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise AdapterUnavailable(self.system, "not configured")

    person = business = vehicle = lookup = search = reverse = send = _refuse


def from_settings(settings: Mapping[str, Any]) -> Adapters:
    """The clients that `settings` describe; nothing is contacted yet. Raises ValueError for a value that cannot be."""

    def value(name: str) -> str:
        return str(settings.get(name) or "")

    persons, businesses = value("persons_url"), value("businesses_url")
    addresses, vehicles, mail = value("addresses_url"), value("vehicles_url"), value("mail_url")
    return Adapters(
        persons=HaalCentraal(persons, value("persons_key")) if persons else NotConfigured("persons"),
        businesses=Basisprofiel(businesses, value("businesses_key")) if businesses else NotConfigured("businesses"),
        addresses=Locatieserver(addresses) if addresses else NotConfigured("addresses"),
        vehicles=RdwOpenData(vehicles, value("vehicles_key")) if vehicles else NotConfigured("vehicles"),
        lookups=HttpLookups(settings.get("lookups") or {}),
        mail=SmtpMailer(mail, value("mail_from")) if mail else NotConfigured("mail"),
        antivirus=ClamAv(value("antivirus_url")) if value("antivirus_url") else None,
        files=FolderStore(value("files_folder")),
        identity={
            realm: Provider(
                realm=realm,
                issuer=value(f"{realm}_issuer"),
                client_id=value(f"{realm}_client_id"),
                client_secret=value(f"{realm}_client_secret"),
                # Brokers of DigiD and eHerkenning refuse scopes they do not know; others give no name without.
                scope="openid profile email" if realm == "staff" else "openid",
            )
            for realm in REALMS
            if value(f"{realm}_issuer")
        },
    )
