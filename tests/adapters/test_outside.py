"""Calling addresses that somebody else chose: only outside, whatever the name leads to."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from raadhuis.adapters import outside
from raadhuis.adapters.outside import Caller, NotReached, is_inside, may_be_called

LOOPBACK = ["127.0.0.0/8"]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "fec0::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe", "no address"),
    ],
)
def test_the_inside(address: str) -> None:
    assert is_inside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "185.3.211.1", "2a00:1450:400e::1", "64:ff9b::808:808"])
def test_the_outside(address: str) -> None:
    assert not is_inside(address)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://elders.example/x", True),
        ("http://elders.example:8080/x", True),
        ("http://elders.example:22/x", False),
        ("http://elders.example:99999/x", False),
        ("http://wie:wat@elders.example/", False),
        ("file:///etc/passwd", False),
        ("gopher://elders.example/", False),
        ("http:///x", False),
        ("http://[::1/", False),
    ],
)
def test_which_addresses_could_be_called(url: str, may: bool) -> None:
    assert may_be_called(url) is may


class _Server:
    def __init__(self, answer: int = 204, *, tls: Path | None = None, location: str = "", wait: float = 0) -> None:
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer.asked.append(self.headers["Host"])
                self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(wait)
                self.send_response(answer)
                self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_port)


@pytest.fixture
def server() -> Iterator[_Server]:
    made = _Server()
    yield made
    made.server.shutdown()


class _Names:
    """The machine's resolver, as an attacker's name server makes it answer: another address each time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.asked, self._answers, real = 0, answers, socket.getaddrinfo

        def look(host: str, port: int, *rest: Any, **more: Any) -> Any:
            if host != "elders.example":
                return real(host, port, *rest, **more)
            found = self._answers[min(self.asked, len(self._answers) - 1)]
            self.asked += 1
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found.split()]

        monkeypatch.setattr(socket, "getaddrinfo", look)


def test_an_address_of_the_inside_is_not_connected_to(server: _Server) -> None:
    for host in ("127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"):
        with pytest.raises(NotReached):
            Caller().post(f"http://{host}:{server.port}/", b"{}", {})
    assert server.asked == []


def test_a_name_that_leads_inside_is_refused_also_when_only_one_of_its_addresses_does(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer in ("127.0.0.1", "8.8.8.8 127.0.0.1", "10.0.0.1"):
        _Names(monkeypatch, answer)
        with pytest.raises(NotReached, match="inside"):
            Caller().post(f"http://elders.example:{server.port}/", b"{}", {})
    assert server.asked == []


def test_a_name_is_looked_up_once_so_that_it_cannot_change_in_between(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = _Names(monkeypatch, "127.0.0.1", "10.9.9.9")
    assert Caller(LOOPBACK).post(f"http://elders.example:{server.port}/", b"{}", {}) == 204
    assert names.asked == 1 and server.asked == [f"elders.example:{server.port}"]
    with pytest.raises(NotReached, match="inside"):  # The next call looks again, and checks again.
        Caller(LOOPBACK).post(f"http://elders.example:{server.port}/", b"{}", {})


def test_redirects_are_not_followed(server: _Server) -> None:
    bounce = _Server(302, location=f"http://127.0.0.1:{server.port}/")
    assert Caller(LOOPBACK).post(f"http://127.0.0.1:{bounce.port}/", b"{}", {}) == 302
    assert server.asked == []
    bounce.server.shutdown()


def test_a_server_that_hangs_is_left_within_the_deadline() -> None:
    slow = _Server(wait=3)
    with pytest.raises(NotReached, match="timeout"):
        Caller(LOOPBACK).post(f"http://127.0.0.1:{slow.port}/", b"{}", {}, within=0.2)
    slow.server.shutdown()


def test_the_certificate_is_checked_against_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other, right = (_certificate(tmp_path, name) for name in ("ander.example", "elders.example"))
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(other.read_bytes() + right.read_bytes())
    monkeypatch.setattr(outside.httpx, "create_ssl_context", lambda: ssl.create_default_context(cafile=str(bundle)))
    _Names(monkeypatch, "127.0.0.1")
    for file, well in ((other, False), (right, True)):
        secure = _Server(tls=file)
        url = f"https://elders.example:{secure.port}/"
        if well:
            assert Caller(LOOPBACK).post(url, b"{}", {}) == 204
        else:
            with pytest.raises(NotReached, match="connection"):
                Caller(LOOPBACK).post(url, b"{}", {})
        assert bool(secure.asked) is well
        secure.server.shutdown()


def _certificate(folder: Path, name: str) -> Path:
    """A certificate that signs itself, with its key, for a name."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    return file
