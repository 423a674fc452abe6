"""The town hall as tests use it: through HTTP as a browser without scripts would, with real stand-ins around it.

In: who does something. Out: pages, cases, mails. Always holds: logging in goes through the real provider on loopback.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import httpx
from django.http import HttpResponse
from django.test import Client

from raadhuis.adapters.standins.people import BUSINESSES, RESIDENTS, STAFF
from raadhuis.adapters.standins.server import Standins
from raadhuis.cases.actions import applicant_hash
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.questions import FileQuestion
from raadhuis.intake.state import Person
from raadhuis.kernel import ids, privacy
from raadhuis.kernel.actor import Actor
from raadhuis.site import runner
from raadhuis.site.example.filler import PDF, PNG, as_form


class House:
    """One town hall with its stand-ins, for one test."""

    def __init__(self, standins: Standins) -> None:
        self.standins = standins

    # Who ------------------------------------------------------------------------------------------------------
    def client(self, who: str = "", realm: str = "", *, csrf: bool = False) -> Client:
        """A browser; with `who` (an id of the stand-ins' people) logged in. Realm is found when left out."""
        client = Client(enforce_csrf_checks=csrf)
        if who:
            response = self.log_in(client, who, realm or self.realm_of(who))
            assert response.status_code == 302, response.content[:500]
        return client

    def realm_of(self, who: str) -> str:
        """On which side of the counter somebody logs in."""
        if any(r.id == who for r in RESIDENTS):
            return "resident"
        return "business" if any(b.id == who for b in BUSINESSES) else "staff"

    def log_in(self, client: Client, who: str, realm: str, level: str = "") -> HttpResponse:
        """Goes to the provider and back; the answer to coming back."""
        query = urlencode({"verder": "/", **({"niveau": level} if level else {})})
        away = client.get(f"/inloggen/{realm}/?{query}")
        assert away.status_code == 302, away.content[:500]
        with httpx.Client(trust_env=False) as browser:
            back = browser.get(f"{away.headers['Location']}&login_hint={who}")
        assert back.status_code in {302, 303}, back.text[:500]
        target = urlsplit(back.headers["Location"])
        return client.get(f"{target.path}?{target.query}")

    def person(self, who: str) -> Person:
        """A resident or business as the actions of intake know them."""
        resident = next((r for r in RESIDENTS if r.id == who), None)
        if resident is not None:
            return Person(
                kind="resident",
                pseudonym=privacy.pseudonym_for("bsn", resident.bsn),
                owner=applicant_hash(resident.bsn),
                bsn=resident.bsn,
                name=resident.name,
                level="substantial",
            )
        company = next(b for b in BUSINESSES if b.id == who)
        return Person(
            kind="business",
            pseudonym=privacy.pseudonym_for("kvk", company.kvk),
            owner=applicant_hash(kvk=company.kvk),
            kvk=company.kvk,
            name=company.name,
            level="substantial",
        )

    def nobody(self) -> Person:
        """Somebody who did not log in."""
        return Person(kind="anonymous", pseudonym=ids.uuid7().hex)

    def staff(self, who: str) -> Actor:
        """A member of staff as actions know them."""
        one = next(e for e in STAFF if e.id == who)
        return Actor(
            kind="staff",
            pseudonym=privacy.pseudonym_for("staff", one.subject),
            channel="desk",
            name=one.name,
            roles=frozenset(one.roles),
            teams=frozenset(one.teams),
        )

    # Forms ----------------------------------------------------------------------------------------------------
    def begin(self, client: Client, service: str) -> UUID:
        """Presses the button on the service's page."""
        response = client.post(f"/diensten/{service}/begin/")
        assert response.status_code == 303, (response.status_code, response.content[:300])
        return UUID(response.headers["Location"].split("/")[2])

    def answer(self, client: Client, application: UUID, answers: Mapping[str, Any]) -> list[str]:
        """Answers page after page until the overview comes; the ids of the pages. No scripts, only forms."""
        definition = catalogue.published(self.service_of(client, application)).definition
        met: list[str] = []
        for _ in range(80):
            where = client.get(f"/aanvraag/{application}/").headers["Location"]
            if where.endswith("/overzicht/"):
                return met
            page_id = where.rstrip("/").rsplit("/", 1)[-1]
            shown = client.get(where)
            assert shown.status_code == 200
            page = next(p for p in definition.pages if p.id == page_id)
            data: dict[str, Any] = dict(as_form(page, answers).lists())
            for question in page.questions:
                if (
                    isinstance(question, FileQuestion)
                    and answers.get(question.id)
                    and question.id in str(shown.content)
                ):
                    data[question.id] = [_file("pdf" if "pdf" in question.kinds else "png")]
            response = client.post(where, data)
            assert response.status_code in {200, 303}, sentences(response)
            met += [page_id] if page_id not in met[-1:] else []
        raise AssertionError(f"the form does not end: {met[-5:]}")

    def service_of(self, client: Client, application: UUID) -> str:
        """The service of an application."""
        from raadhuis.intake.models import Application

        return Application.objects.get(id=application).service

    def submit(self, client: Client, application: UUID) -> HttpResponse:
        """Presses the last button, and looks at the receipt."""
        response = client.post(f"/aanvraag/{application}/overzicht/")
        assert response.status_code == 303, response.content[:300]
        return client.get(response.headers["Location"])

    # Afterwards -----------------------------------------------------------------------------------------------
    def background(self) -> None:
        """Everything that the runner does, once."""
        runner.once(figures=False)

    def mails(self, to: str = "") -> list[Any]:
        """The mails that came in at the stand-in, newest first."""
        with httpx.Client(trust_env=False) as browser:
            found = browser.get(f"{self.standins.url}/mail/api").json()
        rows = found["mails"] if isinstance(found, dict) else found
        return [mail for mail in rows if not to or to in str(mail)]


def _file(kind: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(f"stuk.{kind}", PDF if kind == "pdf" else PNG)


def sentences(response: HttpResponse) -> str:
    """What the error summary of a page says."""
    text = response.content.decode()
    start = text.find("data-error-summary")
    return text[start : start + 1500] if start >= 0 else text[:1500]


def query_of(url: str) -> dict[str, list[str]]:
    """The query of an address."""
    return parse_qs(urlsplit(url).query)
