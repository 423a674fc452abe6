"""Sixteen applications at once on the same cases of a real server: nothing half done, nothing double, nothing lost."""

import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import httpx
from tests.crash.server import Server, raadhuis
from tests.zgw.clients import token

CLIENTS, CASES, STEPS = 16, 4, 25
CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
RSIN = "000000000"


class Caller:
    """An application with a connection of its own."""

    def __init__(self, server: Server, secret: str) -> None:
        self._secret = secret
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60, trust_env=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request; one that came too early (503) is made again."""
        while True:
            signed = {"Authorization": f"Bearer {token('veel', self._secret)}", **CRS, **headers}
            answer = self.http.request(method, path, json=body, headers=signed)
            assert answer.status_code < 500 or answer.status_code == 503, answer.text
            if answer.status_code != 503:
                return answer

    def made(self, path: str, body: Any) -> dict[str, Any]:
        """Something new."""
        answer = self.ask("POST", path, body)
        assert answer.status_code in {200, 201}, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def got(self, path: str) -> Any:
        """What is there."""
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()


def types(one: Caller) -> dict[str, str]:
    """A published zaaktype with what the cases need, by name the address."""
    root = "/catalogi/api/v1"
    catalogus = {"domein": "VEEL", "rsin": RSIN, "contactpersoonBeheerNaam": "Tester"}
    found = {"catalogus": one.made(f"{root}/catalogussen", catalogus)["url"]}
    zaaktype = {
        "identificatie": "VEEL",
        "omschrijving": "Veel tegelijk",
        "vertrouwelijkheidaanduiding": "openbaar",
        "doel": "Meten",
        "aanleiding": "Meten",
        "indicatieInternOfExtern": "extern",
        "handelingInitiator": "aanvragen",
        "onderwerp": "Meten",
        "handelingBehandelaar": "behandelen",
        "doorlooptijd": "P56D",
        "opschortingEnAanhoudingMogelijk": True,
        "verlengingMogelijk": False,
        "publicatieIndicatie": False,
        "productenOfDiensten": [],
        "selectielijstProcestype": "https://selectielijst.openzaak.nl/api/v1/procestypen/"
        "b594c8d1-ea6a-4bcd-a6aa-2c7a8ad3fe5b",
        "referentieproces": {"naam": "Meten"},
        "verantwoordelijke": "Team",
        "catalogus": found["catalogus"],
        "besluittypen": [],
        "gerelateerdeZaaktypen": [],
        "beginGeldigheid": "2026-01-01",
        "versiedatum": "2026-01-01",
    }
    found["zaaktype"] = one.made(f"{root}/zaaktypen", zaaktype)["url"]
    of = {"zaaktype": found["zaaktype"]}
    for number, name in enumerate(("first", "middle", "last"), start=1):
        found[name] = one.made(f"{root}/statustypen", {**of, "omschrijving": name, "volgnummer": number})["url"]
    result = {
        **of,
        "omschrijving": "Klaar",
        "resultaattypeomschrijving": "https://selectielijst.openzaak.nl/api/v1/resultaattypeomschrijvingen/"
        "fb65d251-1518-4185-865f-b8bdcfad07b1",
        "selectielijstklasse": "https://selectielijst.openzaak.nl/api/v1/resultaten/"
        "37cf8679-7fe1-4cd1-87e9-c6891cef1e32",
        "archiefnominatie": "vernietigen",
        "archiefactietermijn": "P1Y",
        "brondatumArchiefprocedure": {"afleidingswijze": "afgehandeld"},
    }
    found["result"] = one.made(f"{root}/resultaattypen", result)["url"]
    rol = {**of, "omschrijving": "Behandelaar", "omschrijvingGeneriek": "behandelaar"}
    found["rol"] = one.made(f"{root}/roltypen", rol)["url"]
    one.made(f"{found['zaaktype']}/publish", {})
    return found


def test_sixteen_clients_on_the_same_cases(server: Server) -> None:
    done = raadhuis(server.environment, "zgw", "client", "veel", "--all")
    secret = re.search(r"\S{20,}", done.stdout if isinstance(done, subprocess.CompletedProcess) else str(done))
    assert secret is not None
    one = Caller(server, secret[0])
    kinds = types(one)
    body = {
        "zaaktype": kinds["zaaktype"],
        "bronorganisatie": RSIN,
        "verantwoordelijkeOrganisatie": RSIN,
        "startdatum": "2026-01-01",
        "toelichting": "0",
    }
    zaken = [one.made("/zaken/api/v1/zaken", body)["url"] for _ in range(CASES)]
    raised, lock = dict.fromkeys(zaken, 0), threading.Lock()
    numbered: list[str] = []

    def work(number: int) -> None:
        mine, chance = Caller(server, secret[0]), Random(number)
        for step in range(STEPS):
            zaak = chance.choice(zaken)
            what = chance.choice(("raise", "raise", "status", "close", "rol", "new"))
            if what == "raise":  # Reads a number, and writes it one higher if nobody did so meanwhile.
                held = mine.ask("GET", zaak)
                words = {"toelichting": str(int(held.json()["toelichting"]) + 1)}
                if mine.ask("PATCH", zaak, words, **{"If-Match": held.headers["ETag"]}).status_code == 200:
                    with lock:
                        raised[zaak] += 1
            elif what == "new":
                answer = mine.ask(
                    "POST", "/zaken/api/v1/zaken", {**body, "identificatie": f"NR-{chance.randrange(40)}"}
                )
                assert answer.status_code in {201, 400}, answer.text
                if answer.status_code == 201:
                    with lock:
                        numbered.append(answer.json()["identificatie"])
            elif what == "rol":
                who = {"betrokkeneType": "medewerker", "roltype": kinds["rol"], "roltoelichting": "x"}
                identity = {"betrokkeneIdentificatie": {"identificatie": f"{number}-{step}"}}
                mine.made("/zaken/api/v1/rollen", {"zaak": zaak, **who, **identity})
            else:
                if what == "close":
                    mine.ask("POST", "/zaken/api/v1/resultaten", {"zaak": zaak, "resultaattype": kinds["result"]})
                moment = f"2026-02-01T{number:02}:{step:02}:00.{chance.randrange(10**6):06}Z"
                kind = kinds["last"] if what == "close" else chance.choice((kinds["first"], kinds["middle"]))
                status = {"zaak": zaak, "statustype": kind, "datumStatusGezet": moment}
                answer = mine.ask("POST", "/zaken/api/v1/statussen", status)
                assert answer.status_code in {201, 400}, answer.text

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, range(CLIENTS)))
    assert len(numbered) == len(set(numbered)), "a number was given twice"
    for url in zaken:
        zaak = one.got(url)
        assert zaak["toelichting"] == str(raised[url]), "an update was lost"
        statuses = one.got(f"/zaken/api/v1/statussen?zaak={url}")["results"]
        newest = max(statuses, key=lambda status: status["datumStatusGezet"], default=None)
        assert zaak["status"] == (newest["url"] if newest else None)
        assert [s["indicatieLaatstGezetteStatus"] for s in statuses].count(True) == (1 if statuses else 0)
        roles = one.got(f"/zaken/api/v1/rollen?zaak={url}")
        assert sorted(zaak["rollen"])[:100] == sorted(rol["url"] for rol in roles["results"])[:100]
        results = one.got(f"/zaken/api/v1/resultaten?zaak={url}")["results"]
        assert [zaak["resultaat"]] == [one["url"] for one in results] or (zaak["resultaat"] is None and not results)
        assert (zaak["einddatum"] is None) == (zaak["archiefactiedatum"] is None), "half closed"
        if zaak["einddatum"] is not None:
            assert zaak["resultaat"] is not None
        trail = one.got(f"{url}/audittrail")
        kept = [line for line in trail if line["resource"] == "rol" and line["actie"] == "create"]
        assert len(kept) == roles["count"], "each change is in the trail, once"
