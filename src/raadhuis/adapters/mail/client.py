"""Mail over SMTP.

Comes in: what Mailer.send takes. Goes out: one SMTP conversation.
Always holds: a conversation ends within the deadline, also with a server that drips; a password never travels in the
clear to another machine; no error quotes what the server said, for servers repeat the address.
"""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import is_loopback
from raadhuis.adapters.mail.message import compose, one_line, plain_address
from raadhuis.adapters.mail.port import Attachment, MailRefused

_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
# One answer of the server, and the whole conversation: a mail server that greylists or scans is slow on purpose.
TIMEOUT_SECONDS: Final = 10.0
DEADLINE_SECONDS: Final = 30.0
# 5xx answers that blame us (syntax, order, no login) and not the recipient: a person can mend them, so they pass.
_OUR_FAULT: Final = {500, 502, 503, 504, 530, 534, 535, 538}


class SmtpMailer:
    """The real client. `url`: smtp://, smtps:// or smtp+starttls:// with user:password@host:port.

    `sender` is an address, or "Name <address>". Raises ValueError for what cannot be used.
    """

    def __init__(
        self, url: str, sender: str, *, timeout: float = TIMEOUT_SECONDS, deadline: float = DEADLINE_SECONDS
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("a mail server is smtp://, smtps:// or smtp+starttls:// and a host")
        self._scheme, self._host = parts.scheme, parts.hostname
        self._port = parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        if self._user and self._scheme == "smtp" and not is_loopback(self._host):
            raise ValueError("smtp:// would send the password readable for all: use smtps:// or smtp+starttls://")
        name, address = parseaddr(sender if sender == one_line(sender) else "")
        try:
            local, _, domain = plain_address(address).rpartition("@")
        except MailRefused:
            raise ValueError("the sender of mail is no address") from None
        self._sender = Address(display_name=name, username=local, domain=domain)
        self._timeout, self._deadline = timeout, deadline

    def send(self, event_id: UUID, to: str, subject: str, text: str, attachments: Sequence[Attachment] = ()) -> None:
        """See Mailer.send."""
        recipient = plain_address(to)
        message = compose(event_id, self._sender, recipient, subject, text, attachments)
        server = self._server()
        watch = threading.Timer(self._deadline, _hang_up, [server])
        watch.daemon = True
        watch.start()
        try:
            self._talk(server, message, recipient)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            raise _refusal(error) from None
        except smtplib.SMTPResponseException as error:
            raise AdapterUnavailable("mail", f"status {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError, ValueError):
            # ValueError: smtplib chokes on some answers that are no SMTP.
            raise AdapterUnavailable("mail", "connection") from None
        finally:
            watch.cancel()
            server.close()

    def _server(self) -> smtplib.SMTP:
        # With a name of our own, smtplib does not look this machine up in DNS, which may hang.
        ours = self._sender.domain
        if self._scheme == "smtps":
            tls = ssl.create_default_context()
            return smtplib.SMTP_SSL(local_hostname=ours, timeout=self._timeout, context=tls)
        return smtplib.SMTP(local_hostname=ours, timeout=self._timeout)

    def _talk(self, server: smtplib.SMTP, message: EmailMessage, recipient: str) -> None:
        # smtplib checks the certificate against this name, which only its constructor would set.
        server._host = self._host  # type: ignore[attr-defined]
        code, _ = server.connect(self._host, self._port)
        if code != 220:
            raise AdapterUnavailable("mail", f"status {code}")
        if self._scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if self._user:
            server.login(self._user, self._password)
        try:
            server.send_message(message, self._sender.addr_spec, [recipient])
        except smtplib.SMTPNotSupportedError:
            raise MailRefused("the server cannot carry this address") from None
        # The server has it; what goes wrong with saying goodbye is no reason to send it again.
        with contextlib.suppress(smtplib.SMTPException, OSError, ValueError):
            server.quit()


def _hang_up(server: smtplib.SMTP) -> None:
    # Closing would not wake the thread that waits on it; ending both directions does.
    with contextlib.suppress(OSError):
        if server.sock is not None:
            server.sock.shutdown(socket.SHUT_RDWR)


def _refusal(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> MailRefused | AdapterUnavailable:
    answers = {} if isinstance(error, smtplib.SMTPDataError) else error.recipients
    code = next((code for code, _ in answers.values()), getattr(error, "smtp_code", 0))
    if 500 <= code < 600 and code not in _OUR_FAULT:
        return MailRefused(f"status {code}")
    return AdapterUnavailable("mail", f"status {code}")
