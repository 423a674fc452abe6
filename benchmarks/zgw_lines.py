"""What other applications ask of one database: `python -m benchmarks.zgw_lines CASES REQUESTS`, a process of its own.

In and out as `benchmarks.lines`. Always holds: each request carries a token that is signed anew; the application that
reads lists is limited to 30 of the 200 zaaktypen; the names are those of the issue.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from benchmarks.caller import Browser, Line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")
SECRET = "meten"
OWN_KINDS, DEEP = 30, 900
ROOT = "/zaken/api/v1"
ADDRESS = "http://localhost"


def main() -> int:
    """Fills, then measures what it is asked for."""
    import django

    django.setup()
    from benchmarks import zgw_loader

    cases, times = (int(word) for word in sys.argv[1:])
    began = time.monotonic()
    of = zgw_loader.kinds()
    zgw_loader.grow(cases, of)
    _say({"cases": cases, "load_s": round(time.monotonic() - began, 1)})
    sys.stdin.readline()
    lines = _lines(of, cases, times + 2)
    for line in lines:  # What is worked out once for an application is not part of what a call costs.
        line.batch(1)
    _say([{"name": line.name, "sql": line.statements()} for line in lines])
    for words in sys.stdin:
        index, wanted = (int(word) for word in words.split())
        _say(lines[index].batch(wanted))
    return 0


def _say(what: Any) -> None:
    print(json.dumps(what), flush=True)


class Caller:
    """An application that signs its requests."""

    def __init__(self, client_id: str, rights: list[Any]) -> None:
        from raadhuis.clients.actions import add_applicatie
        from raadhuis.clients.schema import NewApplicatie
        from raadhuis.kernel.actor import SYSTEM

        new = NewApplicatie(
            label=client_id,
            client_ids=[client_id],
            everything=not rights,
            rights=rights,
            secrets={client_id: SECRET},
        )
        add_applicatie(new, SYSTEM)
        self._client_id = client_id

    def token(self) -> str:
        """A token made now."""
        claims = {"iss": self._client_id, "client_id": self._client_id, "iat": int(time.time())}
        parts = [base64.urlsafe_b64encode(orjson.dumps(one)).rstrip(b"=") for one in ({"alg": "HS256"}, claims)]
        signature = hmac.new(SECRET.encode(), b".".join(parts), hashlib.sha256).digest()
        return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()

    def environ(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """A request, ready to be answered."""
        content = body if isinstance(body, bytes) else orjson.dumps(body) if body is not None else b""
        place, _, query = path.partition("?")
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {self.token()}",
            "HTTP_ACCEPT_CRS": "EPSG:4326",
            "HTTP_ACCEPT": "application/json",
            "CONTENT_TYPE": "application/json" if content else "",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(content),
        }


def _lines(of: list[Any], cases: int, times: int) -> list["Line"]:
    from benchmarks import zgw_bad
    from benchmarks.caller import Browser

    nobody, whole = Browser(), Caller("whole", [])
    mine = _ids_of_first(of)
    bad = zgw_bad.line(whole.environ, nobody, f"{ADDRESS}{ROOT}/zaken/{mine[0]}", _new_zaak(of, 0)["zaaktype"])
    return [*_reading(of, cases, mine, whole, nobody), *_writing(of, times, whole, nobody), bad]


def _ids_of_first(of: list[Any]) -> list[Any]:
    """Cases of the 30 zaaktypen that an application is limited to."""
    from raadhuis.cases.models import Zaak

    own = [kind.id for kind in of[:OWN_KINDS]]
    return list(Zaak.objects.filter(zaaktype__in=own).values_list("id", flat=True)[:500])


def _reading(of: list[Any], cases: int, mine: list[Any], whole: Caller, nobody: "Browser") -> list["Line"]:
    from benchmarks import zgw_loader
    from benchmarks.caller import Line
    from raadhuis.cases.models import Zaak
    from raadhuis.clients.schema import NewRight
    from raadhuis.kernel.documents import MARK

    types = f"{MARK}catalogi/api/v1/zaaktypen"
    few = [
        NewRight(component="zrc", scopes=["zaken.lezen"], type=f"{types}/{kind.id}", level="zeer_geheim")
        for kind in of[:OWN_KINDS]
    ]
    limited = Caller("limited", few)

    def get(name: str, caller: Caller, paths: list[str]) -> Line:
        return Line(name, nobody, lambda n: caller.environ("GET", paths[n % len(paths)]), 200)

    filtered = f"{ROOT}/zaken?archiefstatus=nog_te_archiveren&einddatum__isnull=true"
    own = [kind.id for kind in of[:OWN_KINDS]]
    deep = max(1, min(DEEP, Zaak.objects.filter(zaaktype__in=own).count() // 100))
    person = "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn"
    people = range(min(500, max(1, cases // zgw_loader.A_PERSON)))
    by_person = [f"{ROOT}/zaken?{person}={zgw_loader.PERSON.format(n)}" for n in people]
    return [
        get("get_zaak", limited, [f"{ROOT}/zaken/{id}" for id in mine]),
        get("list_zaken", limited, [filtered]),
        get("list_zaken_deep", limited, [f"{filtered}&page={deep}"]),
        get("list_by_bsn", whole, by_person),
        get("list_expand", limited, [f"{ROOT}/zaken?expand=zaaktype,status,rollen"]),
    ]


def _writing(of: list[Any], times: int, whole: Caller, nobody: "Browser") -> list["Line"]:
    from benchmarks.caller import Line
    from raadhuis.kernel import clock

    def post(name: str, path: str, body: Callable[[int], Any]) -> Line:
        return Line(name, nobody, lambda n: whole.environ("POST", path, body(n)), 201)

    closing = _ready_to_close(of, times)

    def close(number: int) -> dict[str, Any]:
        zaak, kind = closing[number]
        return {
            "zaak": f"{ADDRESS}{ROOT}/zaken/{zaak}",
            "statustype": f"{ADDRESS}/catalogi/api/v1/statustypen/{kind.statuses[2]}",
            "datumStatusGezet": clock.now().isoformat(),
        }

    document = _new_document(of)
    return [
        post("post_zaak", f"{ROOT}/zaken", lambda number: _new_zaak(of, number)),
        post("post_status_close", f"{ROOT}/statussen", close),
        post("post_document", "/documenten/api/v1/enkelvoudiginformatieobjecten", lambda _: document),
    ]


def _new_zaak(of: list[Any], number: int) -> dict[str, Any]:
    from benchmarks import zgw_loader
    from raadhuis.kernel import clock

    return {
        "zaaktype": f"{ADDRESS}/catalogi/api/v1/zaaktypen/{of[number % len(of)].id}",
        "bronorganisatie": zgw_loader.RSIN,
        "verantwoordelijkeOrganisatie": zgw_loader.RSIN,
        "startdatum": clock.today().isoformat(),
        "omschrijving": "Nieuw",
    }


def _new_document(of: list[Any]) -> dict[str, Any]:
    """A document of 100 KiB."""
    from benchmarks import zgw_loader
    from raadhuis.kernel import clock

    return {
        "bronorganisatie": zgw_loader.RSIN,
        "informatieobjecttype": f"{ADDRESS}/catalogi/api/v1/informatieobjecttypen/{of[0].document}",
        "creatiedatum": clock.today().isoformat(),
        "titel": "Bijlage",
        "auteur": "Meter",
        "taal": "nld",
        "formaat": "application/pdf",
        "bestandsnaam": "bijlage.pdf",
        "bestandsomvang": 100 * 1024,
        "indicatieGebruiksrecht": False,
        "inhoud": base64.b64encode(os.urandom(100 * 1024)).decode(),
    }


def _ready_to_close(of: list[Any], times: int) -> list[tuple[Any, Any]]:
    """Cases with a result, of which only the last status is left."""
    from raadhuis.cases.models import Resultaat, Zaak
    from raadhuis.cases.zrc.stored import make_missing

    by_id = {kind.id: kind for kind in of}
    rows = list(Zaak.objects.filter(einddatum=None, resultaat=None).order_by("id")[:times])
    Resultaat.objects.bulk_create(Resultaat(zaak=row, resultaattype=by_id[row.zaaktype].result) for row in rows)
    while make_missing():
        pass
    return [(row.id, by_id[row.zaaktype]) for row in rows]


if __name__ == "__main__":
    sys.exit(main())
