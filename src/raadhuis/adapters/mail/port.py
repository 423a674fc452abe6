"""How the rest of the house sends mail."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

Attachment = tuple[str, str, bytes]
"""File name, content type, content."""


class MailRefused(Exception):
    """This message will never arrive: trying again is no use. The text holds no address and no word of the message.

    `reason` is a technical phrase of ours: "not an address", "status 550", "too large".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"mail refused: {reason}")
        self.reason = reason


class Mailer(Protocol):
    """The mail server, as the rest of the house sees it."""

    def send(self, event_id: UUID, to: str, subject: str, text: str, attachments: Sequence[Attachment] = ()) -> None:
        """Hands one message to the server; returns when the server took it. Raises MailRefused, AdapterUnavailable."""
        ...
