"""One message, from plain values.

Comes in: what Mailer.send takes. Goes out: an EmailMessage with one recipient.
Always holds: no value can start a header or add a recipient: line ends become spaces, and what is not one plain
address is refused.
Source: RFC 5322; RFC 3834 for Auto-Submitted, which keeps answering machines from answering.
"""

import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from uuid import UUID

from raadhuis.adapters.mail.port import Attachment, MailRefused
from raadhuis.kernel import clock

# What mail servers commonly take; base64 adds a third.
MAX_BYTES = 25 * 1024 * 1024
_LONGEST_SUBJECT = 200
# Narrower than RFC 5321 on purpose: quoted local parts and address literals are how tricks are done.
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f()<>\[\]:;,\\\"@]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9-]{1,63}")
_CONTENT_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


def plain_address(typed: str) -> str:
    """`typed` as one address with an ASCII domain. Raises MailRefused."""
    local, at, domain = typed.strip().rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise MailRefused("not an address") from None
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain) or local[0] == "." or local[-1] == ".":
        raise MailRefused("not an address")
    return f"{local}@{domain}"


def one_line(text: str) -> str:
    """`text` without line ends and other control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def compose(
    event_id: UUID, sender: Address, to: str, subject: str, text: str, attachments: Sequence[Attachment] = ()
) -> EmailMessage:
    """The message; `to` has passed `plain_address`. Raises MailRefused for more than MAX_BYTES."""
    if len(text) + sum(len(content) for _, _, content in attachments) > MAX_BYTES:
        raise MailRefused("too large")
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    local, _, domain = to.rpartition("@")
    message["From"] = sender
    message["To"] = Address(username=local, domain=domain)
    message["Subject"] = one_line(subject)[:_LONGEST_SUBJECT] or "Bericht"
    message["Date"] = format_datetime(clock.local(clock.now()))
    message["Message-ID"] = f"<{event_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    # A stray surrogate would stop the message; a question mark does not.
    message.set_content(text.encode("utf-8", "replace").decode(), charset="utf-8", cte="quoted-printable")
    for name, content_type, content in attachments:
        kind = content_type.lower() if _CONTENT_TYPE.fullmatch(content_type.lower()) else "application/octet-stream"
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=one_line(name)[:120] or "bijlage")
    return message
