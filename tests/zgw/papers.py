"""Documents as a client sends them, and where their bytes rest.

In: an application. Out: types, documents, relations with cases and decisions. Always holds: a type is published, made
through the Catalogi API.
"""

import base64
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpResponse

from raadhuis.cases.models import Besluit, BesluitInformatieObject, Zaak, ZaakInformatieObject
from raadhuis.clients.schema import NewRight
from raadhuis.kernel import clock
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.ids import uuid7
from zgw.clients import HOST, Application

ROOT, EIO = "/documenten/api/v1", "/documenten/api/v1/enkelvoudiginformatieobjecten"
TYPES = "/catalogi/api/v1"
WORDS = b"Geachte heer, mevrouw,\n"


class Papers:
    """A catalogue with one published type of document, and what can be made with it."""

    def __init__(self, app: Application, domein: str = "PAPIE") -> None:
        self.app = app
        catalogus = {"domein": domein, "rsin": "000000000", "contactpersoonBeheerNaam": "Tester"}
        self.catalogus = app.post(f"{TYPES}/catalogussen", catalogus)["url"]
        self.kind = self.new_kind("Brief")

    def new_kind(self, omschrijving: str, *, published: bool = True, **other: Any) -> str:
        """The address of a new type of document."""
        body = {
            "catalogus": self.catalogus,
            "omschrijving": omschrijving,
            "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
            "informatieobjectcategorie": "brief",
            "beginGeldigheid": "2026-01-01",
            **other,
        }
        url = str(self.app.post(f"{TYPES}/informatieobjecttypen", body)["url"])
        if published:
            self.app.post(f"{url}/publish", {}, status=200)
        return url

    def body(self, content: bytes | None = WORDS, **other: Any) -> dict[str, Any]:
        """A document as a client sends it."""
        return {
            "bronorganisatie": "159351741",
            "creatiedatum": "2026-11-01",
            "titel": "Brief aan de aanvrager",
            "auteur": "P. Jansen",
            "taal": "nld",
            "formaat": "text/plain",
            "bestandsnaam": "brief.txt",
            "informatieobjecttype": self.kind,
            "inhoud": base64.b64encode(content).decode() if content is not None else None,
            "bestandsomvang": len(content) if content is not None else None,
            **other,
        }

    def make(self, content: bytes | None = WORDS, **other: Any) -> dict[str, Any]:
        """A new document, as the answer gave it."""
        found: dict[str, Any] = self.app.post(EIO, self.body(content, **other))
        return found

    def refused(self, content: bytes | None = WORDS, **other: Any) -> Any:
        """The problem of a document that may not be made."""
        return self.app.post(EIO, self.body(content, **other), status=400)

    def take_out(self, url: str) -> str:
        """Locks a document; the word."""
        return str(self.app.post(f"{url}/lock", None, status=200)["lock"])

    def bring_back(self, url: str, lock: str) -> None:
        """Unlocks a document."""
        self.app.post(f"{url}/unlock", {"lock": lock}, status=204)

    def reader(
        self, *scopes: str, level: str = "zeer_geheim", kind: str = "", one_version: bool = False
    ) -> Application:
        """An application with these scopes for this type of document."""
        return Application(
            NewRight(
                component="drc",
                scopes=list(scopes or ("documenten.lezen",)),
                type=(kind or self.kind).replace(f"{HOST}/", MARK),
                level=level,
                one_version=one_version,
            )
        )


def downloaded(app: Application, url: str) -> bytes:
    """The bytes at the address of a file."""
    response = app.ask("GET", url)
    assert response.status_code == 200, response
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def send_part(app: Application, part: dict[str, Any], piece: bytes, lock: str, **other: bytes) -> HttpResponse:
    """Sends a part as a form, the content first, as many clients do."""
    fields = {"inhoud": piece, "lock": lock.encode(), **other}
    lines = []
    for name, value in fields.items():
        file = '; filename="deel.bin"\r\nContent-Type: application/octet-stream' if name == "inhoud" else ""
        lines.append(f'--grens\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + value)
    body = b"\r\n".join([*lines, b"--grens--\r\n"])
    return app.ask("PUT", part["url"], body, kind="multipart/form-data; boundary=grens")


def files() -> list[str]:
    """The keys of every file that is kept."""
    folder = Path(settings.RAADHUIS_ADAPTERS["files_folder"])
    return sorted(path.name for path in folder.glob("??/??/*"))


def half_written() -> list[str]:
    """Files that are not kept (yet)."""
    folder = Path(settings.RAADHUIS_ADAPTERS["files_folder"])
    return sorted(path.name for path in (folder / "incoming").glob("*"))


def id_of(url: str) -> UUID:
    """The id in an address."""
    return UUID(url.rpartition("/")[2])


def in_zaak(document: dict[str, Any], zaak: Zaak) -> ZaakInformatieObject:
    """The document belongs to a case."""
    return ZaakInformatieObject.objects.create(
        zaak=zaak, informatieobject_id=id_of(document["url"]), registratiedatum=clock.now()
    )


def in_besluit(document: dict[str, Any]) -> BesluitInformatieObject:
    """The document belongs to a decision."""
    besluit = Besluit.objects.create(
        identificatie=f"B-{uuid7().hex[-8:]}",
        verantwoordelijke_organisatie="159351741",
        besluittype=uuid7(),
        datum=clock.today(),
        ingangsdatum=clock.today(),
    )
    return BesluitInformatieObject.objects.create(besluit=besluit, informatieobject_id=id_of(document["url"]))


def problem(response: HttpResponse, status: int = 400) -> Any:
    """The problem that an answer holds."""
    assert response.status_code == status, (response.status_code, response.content[:500])
    return orjson.loads(response.content)
