"""Messages that are refused, as heavy as they come: what the worst of them costs.

In: a caller, an address that is there. Out: a line of which each turn asks all of them and tells the dearest. Always
holds: every one is answered 400; the whole way is measured, from the request to the answer.
"""

import sys
from collections.abc import Callable
from typing import Any

from benchmarks.caller import Answer, Browser, Line

SIZE = 10_000_000
ROWS = 1000
"""As many as a list may have."""
PARTS = 19_000
"""A little less than a message may have."""
NOBODY = "00000000-0000-0000-0000-00000000{:04d}"
Made = Callable[[], dict[str, Any]]


class Worst(Line):
    """All of these requests in each turn, of which the dearest counts."""

    def __init__(self, name: str, browser: Browser, requests: dict[str, Made], expected: int) -> None:
        self._requests, self._each = requests, iter(())
        super().__init__(name, browser, lambda _: next(self._each)(), expected)

    def statements(self) -> int:
        """The most that one of them asks the database."""
        counts = []
        for one in self._requests.values():
            self._each = iter([one])
            counts.append(super().statements())
        return max(counts)

    def batch(self, times: int) -> list[tuple[float, float]]:
        """(CPU, wall clock) of the dearest, as many times; the first time it says which."""
        found = []
        for _ in range(max(1, times // 10)):
            self._each = iter(self._requests.values())
            answers = dict(zip(self._requests, [self._ask() for _ in self._requests], strict=True))
            name = max(answers, key=lambda one: answers[one].cpu)
            found.append((answers[name].cpu, answers[name].wall))
        if self._made == len(self._requests):
            _tell(answers)
        return found


def _tell(answers: dict[str, Answer]) -> None:
    for name, answer in sorted(answers.items(), key=lambda pair: -pair[1].cpu):
        print(f"bad_input  {answer.cpu:8.1f} ms  {name}", file=sys.stderr)


def line(ask: Callable[[str, str, Any], dict[str, Any]], browser: Browser, zaak: str, zaaktype: str) -> Worst:
    """The line `bad_input`. `ask` puts a request together; `zaak` and `zaaktype` are addresses that are there."""
    cases, host = "/zaken/api/v1", "http://localhost"
    paper = "/documenten/api/v1/enkelvoudiginformatieobjecten"
    types, rights = "/catalogi/api/v1/besluittypen", "/autorisaties/api/v1/applicaties"
    change = f"{cases}/zaak_bijwerken/{zaak[-36:]}"
    good = {
        "zaaktype": zaaktype,
        "bronorganisatie": "000000000",
        "verantwoordelijkeOrganisatie": "000000000",
        "startdatum": "2026-11-01",
    }
    dangling = [f"{host}{cases}/zaken/{NOBODY.format(number)}" for number in range(ROWS)]
    point = b"[5.123456,52.123456]"
    area = b'{"zaakgeometrie":{"type":"Polygon","coordinates":[[' + b",".join([point] * PARTS) + b',["x",1]]]}}'
    bodies: dict[str, tuple[str, str, Any]] = {
        "10 MB of lists that do not end": ("POST", f"{cases}/zaken", b'{"a":' + b"[" * SIZE),
        "10 MB of objects that do not end": ("POST", f"{cases}/zaken", b'{"a":' * (SIZE // 5)),
        "10 MB of empty lists": ("POST", f"{cases}/zaken", b'{"a":[' + b"[]," * (SIZE // 3 - 9) + b"[]]}"),
        "10 MB of numbers, and NaN": ("POST", f"{cases}/zaken", b'{"a":[' + b"1," * (SIZE // 2 - 9) + b"NaN]}"),
        "10 MB of names": ("POST", f"{cases}/zaken", b"{" + b'"a":1,' * (SIZE // 6 - 9) + b'"a":1}'),
        "10 MB of text": ("POST", f"{cases}/zaken", b'{"omschrijving":"' + b"x" * (SIZE - 99) + b'"}'),
        "10 MB of escaped text": (
            "POST",
            f"{cases}/zaken",
            b'{"omschrijving":"' + b"\\u0041" * (SIZE // 6 - 9) + b'"}',
        ),
        "10 MB that is no base64": ("POST", paper, b'{"inhoud":"' + b"*" * (SIZE - 99) + b'"}'),
        "more than there may be": ("POST", f"{cases}/zaken", b"x" * (11 * 1024 * 1024)),
        "many lists": ("POST", f"{cases}/zaken", b'{"a":[' + b"[]," * PARTS + b"[]]}"),
        "many small objects": ("POST", f"{cases}/zaken", b'{"kenmerken":[' + b'{"a":1},' * PARTS + b"1]}"),
        "many names, one twice": ("POST", f"{cases}/zaken", _names(PARTS)),
        "an area of many points": ("PATCH", zaak, area),
        "a thousand cases that are not there": (
            *("POST", f"{cases}/zaken"),
            {**good, "relevanteAndereZaken": [{"url": one, "aardRelatie": "vervolg"} for one in dangling]},
        ),
        "a thousand objects that are nothing": ("POST", f"{cases}/zaken", {**good, "kenmerken": [{}] * ROWS}),
        "a thousand types that are not there": (
            *("PATCH", zaaktype),
            {"besluittypen": [f"{host}{types}/{NOBODY.format(number)}" for number in range(ROWS)]},
        ),
        "a thousand names of no type": ("PATCH", zaaktype, {"besluittypen": [f"niets {n}" for n in range(ROWS)]}),
        "a thousand roles of nobody": ("POST", change, {"rollen": [{}] * ROWS}),
        "roles without end": ("POST", change, {"rollen": [{}] * PARTS}),
        "a thousand rights to nothing": (
            "POST",
            rights,
            {"clientIds": ["x"], "label": "x", "autorisaties": [{}] * ROWS},
        ),
        "a thousand ids that are none": ("POST", f"{cases}/zaken/_zoek", {"uuid__in": ["x"] * ROWS}),
        "an address inside": ("POST", f"{cases}/zaken", {**good, "communicatiekanaal": "http://169.254.169.254/"}),
        "a type that is not there": ("POST", f"{cases}/zaken", {**good, "zaaktype": zaaktype[:-1] + "_"}),
        "nothing but wrong types": ("POST", f"{cases}/zaken", {name: [1] for name in (*good, "hoofdzaak")}),
    }
    return Worst("bad_input", browser, {name: _asking(ask, *one) for name, one in bodies.items()}, 400)


def _asking(ask: Callable[[str, str, Any], dict[str, Any]], method: str, path: str, body: Any) -> Made:
    place = path.removeprefix("http://localhost")
    return lambda: {**ask(method, place, body), "HTTP_CONTENT_CRS": "EPSG:4326"}


def _names(number: int) -> bytes:
    return b"{" + b",".join(b'"k%d":1' % one for one in range(number)) + b',"k1":2}'
