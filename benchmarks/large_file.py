"""Sends a document of up to 4 GiB in parts to a real server, fetches it back, and tells how much memory that took.

    python -m benchmarks.large_file --megabytes 4096

In: how large. Out: a table and `benchmarks/results/large-file.json`: the highest memory (RSS) of any process of the
server before, after sending and after fetching, and how long it took; 1 when the file that comes back is another one,
or memory grew by more than 64 MB, however large the file is. Always holds: nobody holds the file, neither here nor
there; it is gone afterwards.
"""

import argparse
import hashlib
import http.client
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from tests.crash.server import Server, environment, in_session, raadhuis
from tools.with_postgres import free_port

from benchmarks.__main__ import RESULTS
from raadhuis.adapters.registers import token

MEGABYTE, MOST_GROWN = 1024 * 1024, 64
NOBODY, NO_MAIL = "http://127.0.0.1:9", "smtp://127.0.0.1:9"
DOCUMENTS = "/documenten/api/v1/enkelvoudiginformatieobjecten"
BOUNDARY = "grens"


def main(words: list[str] | None = None) -> int:
    """Sends, fetches and reports."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large_file", description="A document of gigabytes.")
    parser.add_argument("--megabytes", type=int, default=4096)
    parser.add_argument("--part", type=int, default=100, help="megabytes in a part")
    parser.add_argument("--keep", action=argparse.BooleanOptionalAction, default=True, help="write the result file")
    chosen = parser.parse_args(words)
    place = tempfile.TemporaryDirectory(prefix="raadhuis-large-", ignore_cleanup_errors=True)
    with place as folder:
        data, port = Path(folder) / "data", free_port()
        data.mkdir()
        settings = environment(data, port, NOBODY, NO_MAIL) | {
            "RAADHUIS_PART_BYTES": str(chosen.part * MEGABYTE),
            "RAADHUIS_MAX_BODY_BYTES": str((chosen.part + 5) * MEGABYTE),
        }
        raadhuis(settings, "migrate")
        secret = raadhuis(settings, "zgw", "client", "bench", "--all").split()[-1]
        server = Server(port, settings, Path(folder) / "log", 2)
        server.start()
        try:
            found = _there_and_back(Client(port, secret), server, chosen.megabytes)
        finally:
            server.kill()
        left = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    found |= {"part_mb": chosen.part, "left_on_disk_mb": round(left / MEGABYTE)}
    for name, value in found.items():
        print(f"{name:24}{value}")
    if chosen.keep:
        (RESULTS / "large-file.json").write_text(json.dumps({"large_file": found}) + "\n")
    grew = max(found["rss_sent_mb"], found["rss_fetched_mb"]) - found["rss_before_mb"]
    return 0 if found["same"] and grew <= MOST_GROWN else 1


class Client:
    """An application that sends and fetches piece by piece."""

    def __init__(self, port: int, secret: str) -> None:
        self._port, self._secret = port, secret

    def asked(self, method: str, path: str, body: Any = None, **headers: str) -> http.client.HTTPResponse:
        """The answer, not read yet. `body` is JSON, or pieces whose length a header tells."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=600)
        given = {"Authorization": f"Bearer {token('bench', self._secret)}", **headers}
        content = orjson.dumps(body) if isinstance(body, dict) else body
        if isinstance(content, bytes):
            given["Content-Type"] = "application/json"
        connection.request(method, path.partition(f":{self._port}")[2] or path, content, given)
        response = connection.getresponse()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {response.read(600)!r}")
        return response

    def json(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer, decoded; None for an empty one."""
        read = self.asked(method, path, body, **headers).read()
        return orjson.loads(read) if read else None


def _there_and_back(client: Client, server: Server, megabytes: int) -> dict[str, Any]:
    kind, before, began = _kind(client), _peak(server), time.monotonic()
    sent = client.json("POST", DOCUMENTS, _document(kind, megabytes * MEGABYTE))
    digest, place = hashlib.sha256(), 0
    for part in sent["bestandsdelen"]:
        _send(client, part, sent["lock"], place, digest)
        place += part["omvang"]
    client.json("POST", f"{sent['url']}/unlock", {"lock": sent["lock"]})
    sent_at, after_sending = time.monotonic(), _peak(server)
    answer, back = client.asked("GET", f"{sent['url']}/download"), hashlib.sha256()
    while piece := answer.read(MEGABYTE):
        back.update(piece)
    fetched_at, after_fetching = time.monotonic(), _peak(server)
    told = client.json("GET", sent["url"])
    client.asked("DELETE", sent["url"])
    return {
        "megabytes": megabytes,
        "parts": len(sent["bestandsdelen"]),
        "same": digest.hexdigest() == back.hexdigest() == told["integriteit"]["waarde"],
        "rss_before_mb": before,
        "rss_sent_mb": after_sending,
        "rss_fetched_mb": after_fetching,
        "send_s": round(sent_at - began, 1),
        "fetch_s": round(fetched_at - sent_at, 1),
    }


def _document(kind: str, size: int) -> dict[str, Any]:
    return {
        "bronorganisatie": "000000000",
        "informatieobjecttype": kind,
        "creatiedatum": datetime.now(UTC).date().isoformat(),
        "titel": "Groot",
        "auteur": "Meter",
        "taal": "nld",
        "bestandsnaam": "groot.bin",
        "bestandsomvang": size,
        "inhoud": None,
    }


def _send(client: Client, part: dict[str, Any], lock: str, place: int, digest: Any) -> None:
    """A part as a form, the lock first."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="lock"\r\n\r\n{lock}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="inhoud"; filename="deel.bin"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()

    def pieces() -> Iterator[bytes]:
        yield head
        for piece in _content(place, part["omvang"]):
            digest.update(piece)
            yield piece
        yield tail

    kind = f"multipart/form-data; boundary={BOUNDARY}"
    length = str(len(head) + part["omvang"] + len(tail))
    client.json("PUT", part["url"], pieces(), **{"Content-Type": kind, "Content-Length": length})


_NOISE = os.urandom(MEGABYTE - 8)


def _content(place: int, size: int) -> Iterator[bytes]:
    """So many bytes of the file from a place on; every megabyte of it is another one."""
    while size:
        block, offset = divmod(place, MEGABYTE)
        piece = (block.to_bytes(8, "big") + _NOISE)[offset : offset + size]
        yield piece
        place, size = place + len(piece), size - len(piece)


def _kind(client: Client) -> str:
    """A published informatieobjecttype."""
    root = "/catalogi/api/v1"
    who = {"domein": "GROOT", "rsin": "000000000", "contactpersoonBeheerNaam": "Meter"}
    body = {
        "catalogus": client.json("POST", f"{root}/catalogussen", who)["url"],
        "omschrijving": "Bijlage",
        "vertrouwelijkheidaanduiding": "openbaar",
        "informatieobjectcategorie": "bijlage",
        "beginGeldigheid": "2020-01-01",
    }
    url = str(client.json("POST", f"{root}/informatieobjecttypen", body)["url"])
    client.json("POST", f"{url}/publish", {})
    return url


def _peak(server: Server) -> int:
    """The highest memory that any process of the server ever took, in megabytes."""
    found = []
    for pid in in_session(server.pid):
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        found.append(int(lines["VmHWM"].split()[0]) // 1024)
    return max(found)


if __name__ == "__main__":
    sys.exit(main())
