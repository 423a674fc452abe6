"""Mail: one message to one address, through the organisation's own mail server.

Comes in: the id of the event that is told about, an address, a subject, plain text, attachments.
Goes out: a message handed to the server; MailRefused when trying again is no use; AdapterUnavailable when it is.
Always holds: the same event gives the same Message-ID, so that a receiver can drop what comes twice.
"""

from raadhuis.adapters.mail.client import SmtpMailer
from raadhuis.adapters.mail.port import Attachment, Mailer, MailRefused

__all__ = ["Attachment", "MailRefused", "Mailer", "SmtpMailer"]
