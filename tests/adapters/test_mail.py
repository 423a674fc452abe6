"""Mail: through a real SMTP conversation with the stand-in, and with servers that behave badly."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from adapters.servers import BROWSER, badly
from raadhuis.adapters.config import Adapters
from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.mail import MailRefused, SmtpMailer
from raadhuis.adapters.mail.standin import MOST, MOST_BYTES, Mail, Mailbox, linked
from raadhuis.adapters.standins.server import Standins
from raadhuis.kernel import ids
from raadhuis.kernel.problems import Unavailable

EVENT = UUID("01890000-0000-7000-8000-000000000001")


@pytest.fixture(autouse=True)
def empty(standins: Standins) -> None:
    standins.mailbox.empty()


def only(standins: Standins) -> Mail:
    (found,) = standins.mailbox.all()
    return found


def test_a_mail_arrives_as_it_was_sent(adapters: Adapters, standins: Standins) -> None:
    text = (
        "Beste Zoë,\n\nUw aanvraag is binnen: http://localhost:8000/volgen/\n.\nEen regel met één punt.\n" + "é" * 2000
    )
    letter = ("besluit één.pdf", "application/pdf", b"%PDF-1.7\x00\xff")
    adapters.mail.send(EVENT, "zoe@example.nl", "Uw aanvraag – ontvangen", text, [letter])
    mail = only(standins)
    assert (mail.sender, mail.to) == ("Gemeente Waterrijk <gemeente@waterrijk.example>", "zoe@example.nl")
    assert mail.subject == "Uw aanvraag – ontvangen"
    assert mail.text == text + "\n"
    (file,) = mail.attachments
    assert (file.name, file.content_type, file.content) == letter


def test_the_same_event_has_the_same_message_id(adapters: Adapters, standins: Standins) -> None:
    for event in (EVENT, EVENT, ids.uuid7()):
        adapters.mail.send(event, "zoe@example.nl", "s", "t")
    third, second, first = (m.message_id for m in standins.mailbox.all())
    assert first == second == f"<{EVENT}@waterrijk.example>" != third


@pytest.mark.parametrize(
    "subject",
    ["Hoi\r\nBcc: dief@example.nl", "Hoi\nTo: dief@example.nl\n\nNieuwe tekst", "Hoi\x00\x0b\x85\u2028Bcc: x", ""],
)
def test_a_subject_starts_no_header(adapters: Adapters, standins: Standins, subject: str) -> None:
    adapters.mail.send(EVENT, "zoe@example.nl", subject, "tekst")
    mail = only(standins)
    assert mail.recipients == ("zoe@example.nl",)
    assert (mail.to, mail.text) == ("zoe@example.nl", "tekst\n")
    assert "\n" not in mail.subject and mail.subject


def test_the_name_and_type_of_an_attachment_start_no_header(adapters: Adapters, standins: Standins) -> None:
    file = ('a"\r\nBcc: dief@example.nl\r\n.pdf', "text/html\r\nX-Evil: 1", b"x")
    adapters.mail.send(EVENT, "zoe@example.nl", "s", "t", [file])
    mail = only(standins)
    assert mail.recipients == ("zoe@example.nl",)
    assert mail.attachments[0].content_type == "application/octet-stream"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "geen",
        "@example.nl",
        "a@",
        "a@b@c.nl",
        "a@example.nl,dief@example.nl",
        "a@example.nl dief@example.nl",
        "a@example.nl\r\nRCPT TO:<dief@example.nl>",
        "Naam <a@example.nl>",
        "<a@example.nl>",
        '"a b"@example.nl',
        ".a@example.nl",
        "a@[127.0.0.1]",
        "a@-example-.nl.",
        "a" * 65 + "@example.nl",
        "a@" + "é" * 70 + ".nl",
    ],
)
def test_what_is_no_single_address_is_refused(adapters: Adapters, standins: Standins, address: str) -> None:
    with pytest.raises(MailRefused) as caught:
        adapters.mail.send(EVENT, address, "s", "t")
    assert caught.value.reason == "not an address"
    assert standins.mailbox.all() == []


def test_addresses_with_other_letters(adapters: Adapters, standins: Standins) -> None:
    adapters.mail.send(EVENT, "jörg+gemeente@müller.example", "s", "t")
    assert only(standins).recipients == ("jörg+gemeente@xn--mller-kva.example",)


def test_refused_for_good_and_for_now(adapters: Adapters) -> None:
    with pytest.raises(MailRefused) as refused:
        adapters.mail.send(EVENT, "weigert@example.nl", "s", "t")
    with pytest.raises(AdapterUnavailable) as busy:
        adapters.mail.send(EVENT, "bezet@example.nl", "s", "t")
    assert refused.value.reason == "status 550"
    assert busy.value.reason == "status 451"
    assert not isinstance(refused.value, Unavailable)
    assert "@" not in f"{refused.value} {busy.value} {busy.value.detail}"


def test_a_mail_that_is_too_large_is_refused_before_it_is_sent(adapters: Adapters, standins: Standins) -> None:
    with pytest.raises(MailRefused, match="too large"):
        adapters.mail.send(EVENT, "a@example.nl", "s", "t", [("x", "text/plain", bytes(26 * 1024 * 1024))])
    assert standins.mailbox.all() == []


SCRIPTS: dict[str, tuple[list[bytes], type[Exception], str]] = {
    "greets with a refusal": ([b"554 No\r\n"], AdapterUnavailable, "status 554"),
    "is no mail server": ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], AdapterUnavailable, "status -1"),
    "wants a password": ([b"220 x\r\n", b"250 x\r\n", b"530 5.7.0 Log in\r\n"], AdapterUnavailable, "status 530"),
    "refuses the sender": ([b"220 x\r\n", b"250 x\r\n", b"550 No\r\n"], AdapterUnavailable, "status 550"),
    "wants a password late": (
        [b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"530 5.7.0 Log in\r\n"],
        AdapterUnavailable,
        "status 530",
    ),
    "knows nobody": ([b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"550 Jan?\r\n"], MailRefused, "status 550"),
    "refuses the content": (
        [b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n", b"354 go\r\n", b"554 spam\r\n"],
        MailRefused,
        "status 554",
    ),
    "is full for now": (
        [b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n", b"354 go\r\n", b"452 full\r\n"],
        AdapterUnavailable,
        "status 452",
    ),
    "hangs up": ([b"220 x\r\n", b"250 x\r\n"], AdapterUnavailable, "connection"),
    "cannot carry other letters": ([b"220 x\r\n", b"250 x\r\n"], MailRefused, "the server cannot carry this address"),
}


@contextlib.contextmanager
def scripted(answers: list[bytes]) -> Iterator[int]:
    def talk(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(answers[0])
        for answer in answers[1:]:
            got = connection.recv(65536)
            while answers[4:] and answer is answers[-1] and not got.endswith(b"\r\n.\r\n"):
                got += connection.recv(65536)
            connection.sendall(answer)
        connection.recv(65536)

    with badly(talk) as port:
        yield port


@pytest.mark.parametrize("server", SCRIPTS)
def test_what_a_server_answers_becomes_the_right_error(server: str) -> None:
    answers, kind, reason = SCRIPTS[server]
    to = "jörg@example.nl" if "other letters" in server else "jan@example.nl"
    with scripted(answers) as port, pytest.raises(kind) as caught:
        SmtpMailer(f"smtp://127.0.0.1:{port}", "g@example.nl").send(EVENT, to, "s", "t")
    assert getattr(caught.value, "reason", "") == reason
    assert "@" not in str(caught.value)


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    def drips(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(b"220-")
        while not stop.wait(0.02):
            connection.sendall(b"x\r\n220-")

    with badly(drips) as port:
        started = time.monotonic()
        with pytest.raises(AdapterUnavailable):
            SmtpMailer(f"smtp://127.0.0.1:{port}", "g@example.nl", deadline=0.3).send(EVENT, "a@b.nl", "s", "t")
        assert time.monotonic() - started < 5


def test_a_server_that_is_silent_or_away_is_unavailable() -> None:
    with badly(lambda connection, stop: stop.wait(5) and None) as port, pytest.raises(AdapterUnavailable):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "g@example.nl", timeout=0.2).send(EVENT, "a@b.nl", "s", "t")
    with pytest.raises(AdapterUnavailable):
        SmtpMailer("smtp://127.0.0.1:1", "g@example.nl").send(EVENT, "a@b.nl", "s", "t")


def test_without_tls_where_it_is_asked_for_nothing_is_sent(standins: Standins) -> None:
    for scheme in ("smtps", "smtp+starttls"):
        mailer = SmtpMailer(f"{scheme}://u:p@127.0.0.1:{standins.smtp_port}", "g@example.nl", timeout=2)
        with pytest.raises(AdapterUnavailable):
            mailer.send(EVENT, "a@b.nl", "s", "t")
    assert standins.mailbox.all() == []


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example.nl", "g@example.nl"),
        ("smtp://", "g@example.nl"),
        ("smtp://user:secret@mail.example.nl", "g@example.nl"),
        ("smtps://mail.example.nl", "geen adres"),
        ("smtps://mail.example.nl", "G <g@example.nl\r\nBcc: x@example.nl>"),
    ],
)
def test_settings_that_cannot_be_are_refused_at_the_start(url: str, sender: str) -> None:
    with pytest.raises(ValueError) as caught:
        SmtpMailer(url, sender)
    assert "secret" not in str(caught.value)


def test_the_box_keeps_the_last_ones_within_bounds() -> None:
    box = Mailbox()
    for n in range(MOST + 5):
        box.add(["a@b.nl"], b"Subject: %d\r\n\r\n" % n)
    kept = box.all()
    assert (len(kept), kept[0].subject, kept[-1].subject) == (MOST, str(MOST + 4), "5")
    large = b"Subject: x\r\n\r\n" + bytes(MOST_BYTES // 3)
    for _ in range(4):
        box.add(["a@b.nl"], large)
    assert len(box.all()) == 2


def test_the_pages_show_mail_as_text(adapters: Adapters, standins: Standins) -> None:
    evil = "<script>alert(1)</script>"
    text = f"{evil} http://localhost:8000/mijn/zaken/?a=1&b=2. http://elders.example/ javascript:alert(1)"
    adapters.mail.send(EVENT, "zoe@example.nl", evil, text, [(f"{evil}.pdf", "application/pdf", b"%PDF")])
    number = only(standins).number
    for path in ("/mail/", f"/mail/{number}"):
        answer = BROWSER.get(standins.url + path)
        assert answer.status_code == 200
        assert "<script" not in answer.text and "&lt;script" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = BROWSER.get(f"{standins.url}/mail/{number}").text
    assert '<a href="http://localhost:8000/mijn/zaken/?a=1&amp;b=2">' in page
    assert 'href="http://elders' not in page and 'href="javascript' not in page
    file = BROWSER.get(f"{standins.url}/mail/{number}/bijlage/0")
    assert (file.content, file.headers["content-type"]) == (b"%PDF", "application/pdf")
    assert file.headers["content-disposition"].startswith("attachment")
    for path in ("/mail/999999", f"/mail/{number}/bijlage/1", "/mail/x/y/z"):
        assert BROWSER.get(standins.url + path).status_code == 404


def test_the_box_as_json(adapters: Adapters, standins: Standins) -> None:
    adapters.mail.send(EVENT, "een@example.nl", "Eerste", "a")
    adapters.mail.send(ids.uuid7(), "twee@example.nl", "Tweede", "b", [("x.txt", "text/plain", b"xyz")])

    def box(**params: Any) -> Any:
        return BROWSER.get(f"{standins.url}/mail/api", params=params).json()

    assert [m["subject"] for m in box()] == ["Tweede", "Eerste"]
    assert [m["text"] for m in box(to="EEN@example.nl")] == ["a\n"]
    assert box()[0]["attachments"] == [{"name": "x.txt", "content_type": "text/plain", "size": 3}]
    assert BROWSER.delete(f"{standins.url}/mail/api").status_code == 204
    assert box() == []


def test_links_end_where_the_address_ends() -> None:
    assert linked("Zie http://127.0.0.1:8000/a.") == (
        'Zie <a href="http://127.0.0.1:8000/a">http://127.0.0.1:8000/a</a>.'
    )
    assert linked("<b> http://localhost/<i>") == (
        '&lt;b&gt; <a href="http://localhost/">http://localhost/</a>&lt;i&gt;'
    )
    assert "href" not in linked("http://localhost.evil.example/ http://128.0.0.1/")
