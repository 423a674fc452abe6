"""A stand-in for a mail server: takes every mail on loopback, keeps it in memory, and shows it as pages.

Comes in: SMTP; HTTP below /mail. Goes out: `/mail/` (list, newest first), `/mail/N` (one mail), `/mail/N/bijlage/K`,
and JSON for tests at `/mail/api` (`?to=` for one address; DELETE empties the box).
Always holds: at most MOST mails and MOST_BYTES; what a mail says is shown as text, and only links to this machine work.
An address that starts with "weigert" is refused for good (550), one that starts with "bezet" for now (451).
"""

import asyncio
import email
import email.policy
import html
import re
import socket
import threading
from collections import deque
from collections.abc import Awaitable
from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from raadhuis.adapters.http import is_loopback
from raadhuis.adapters.standins.web import Request, Response, json_response, page
from raadhuis.kernel import clock

MOST: Final = 500
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_BYTES_A_MAIL: Final = 40 * 1024 * 1024
_LINK = re.compile(r"https?://[^\s<>\"']+")


class Attached(msgspec.Struct, frozen=True):
    """A file that came with a mail."""

    name: str
    content_type: str
    content: bytes


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail as it came in. `number` counts from 1; `at` is the moment of arrival, on the clock of Amsterdam."""

    number: int
    at: str
    sender: str
    to: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    text: str
    attachments: tuple[Attached, ...]
    size: int


class Mailbox:
    """The mails of everybody, newest first. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mails: deque[Mail] = deque()
        self._count = self._bytes = 0

    def add(self, recipients: list[str], content: bytes) -> None:
        """Reads and keeps one mail; the oldest ones make room."""
        message = email.message_from_bytes(content, policy=email.policy.default)
        with self._lock:
            self._count += 1
            self._mails.appendleft(_read(message, recipients, self._count, len(content)))
            self._bytes += len(content)
            while len(self._mails) > MOST or self._bytes > MOST_BYTES:
                self._bytes -= self._mails.pop().size

    def all(self, to: str = "") -> list[Mail]:
        """Every mail that is kept, newest first; with `to`, those for that address."""
        with self._lock:
            return [m for m in self._mails if not to or to.casefold() in {r.casefold() for r in m.recipients}]

    def empty(self) -> None:
        """Throws every mail away; numbers go on counting."""
        with self._lock:
            self._mails.clear()
            self._bytes = 0

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes every recipient, but for the two kinds that a test needs."""
        if address.startswith("weigert"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("bezet"):
            return "451 4.2.1 Mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keeps the mail before it says so."""
        content = envelope.content or b""
        self.add(list(envelope.rcpt_tos), content if isinstance(content, bytes) else content.encode())
        return "250 OK"


def _read(message: EmailMessage, recipients: list[str], number: int, size: int) -> Mail:
    body = message.get_body(("plain", "html"))
    return Mail(
        number=number,
        at=f"{clock.local(clock.now()):%d-%m-%Y %H:%M:%S}",
        sender=str(message.get("From", "")),
        to=str(message.get("To", "")),
        recipients=tuple(recipients),
        subject=str(message.get("Subject", "")),
        message_id=str(message.get("Message-ID", "")),
        text=_text(body) if isinstance(body, EmailMessage) else "",
        attachments=tuple(_attached(part) for part in message.iter_attachments()),
        size=size,
    )


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(payload, bytes) else ""


def _attached(part: Any) -> Attached:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return Attached(part.get_filename() or "bijlage", part.get_content_type(), content)


class MailServer(Controller):
    """SMTP on loopback; `port` 0 takes a free one, and `port` then tells which."""

    def __init__(self, mailbox: Mailbox, port: int = 0) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        super().__init__(
            mailbox,
            hostname="127.0.0.1",
            port=self._listener.getsockname()[1],
            data_size_limit=MOST_BYTES_A_MAIL,
            server_hostname="localhost",
        )

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        # The socket is bound already, so that nobody can take the port between choosing and listening.
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


class MailPages:
    """The app that shows a mailbox."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    def __call__(self, request: Request) -> Response:
        """Answers below /mail."""
        parts = [part for part in request.path.split("/") if part]
        if parts == ["api"] and request.method == "DELETE":
            self.mailbox.empty()
            return Response(204)
        if request.method != "GET":
            return Response(405)
        if not parts:
            return _list_page(self.mailbox.all())
        if parts == ["api"]:
            return json_response([_as_json(m) for m in self.mailbox.all(request.get("to"))])
        found = next((m for m in self.mailbox.all() if str(m.number) == parts[0]), None)
        if found is None:
            return page("Deze mail is er niet", '<p><a href="/mail/">Alle mails</a></p>', 404)
        if len(parts) == 1:
            return _mail_page(found)
        if len(parts) == 3 and parts[1] == "bijlage" and parts[2] in map(str, range(len(found.attachments))):
            return _download(found.attachments[int(parts[2])])
        return Response(404)


def _as_json(m: Mail) -> dict[str, Any]:
    fields = {name: value for name, value in msgspec.structs.asdict(m).items() if name != "attachments"}
    files = [{"name": a.name, "content_type": a.content_type, "size": len(a.content)} for a in m.attachments]
    return {**fields, "attachments": files}


def _list_page(mails: list[Mail]) -> Response:
    if not mails:
        return page("Mail", "<p>Er is nog geen mail verstuurd.</p>")
    rows = "".join(
        f'<tr><td>{m.at}</td><td>{html.escape(m.to)}</td><td><a href="/mail/{m.number}">'
        f"{html.escape(m.subject) or '(zonder onderwerp)'}</a></td></tr>"
        for m in mails
    )
    head = '<tr><th scope="col">Wanneer</th><th scope="col">Aan</th><th scope="col">Onderwerp</th></tr>'
    note = '<p class="note">Deze mails zijn niet echt verstuurd. Ze blijven op deze computer.</p>'
    return page("Mail", f"{note}<table><thead>{head}</thead><tbody>{rows}</tbody></table>")


def _mail_page(m: Mail) -> Response:
    files = "".join(
        f'<li><a href="/mail/{m.number}/bijlage/{n}">{html.escape(a.name)}</a> ({len(a.content)} bytes)</li>'
        for n, a in enumerate(m.attachments)
    )
    about = "".join(
        f'<tr><th scope="row">{name}</th><td>{html.escape(value)}</td></tr>'
        for name, value in (("Van", m.sender), ("Aan", m.to), ("Wanneer", m.at))
    )
    body = f"<table>{about}</table><pre>{linked(m.text)}</pre>"
    body += f"<h2>Bijlagen</h2><ul>{files}</ul>" if files else ""
    return page(html.escape(m.subject) or "(zonder onderwerp)", f'{body}<p><a href="/mail/">Alle mails</a></p>')


def linked(text: str) -> str:
    """`text` as HTML, in which addresses on this machine are links."""
    parts, last = [], 0
    for match in _LINK.finditer(text):
        url = match[0].rstrip(".,;:!?)")
        if not _is_here(url):
            continue
        parts.append(html.escape(text[last : match.start()]))
        parts.append(f'<a href="{html.escape(url)}">{html.escape(url)}</a>')
        last = match.start() + len(url)
    return "".join(parts) + html.escape(text[last:])


def _is_here(url: str) -> bool:
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _download(a: Attached) -> Response:
    name = "".join(c for c in a.name if c.isascii() and (c.isalnum() or c in "._- ")) or "bijlage"
    headers = {
        "Content-Type": a.content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(200, a.content, headers)
