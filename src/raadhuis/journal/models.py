"""Tables of the journal. Triggers (migration 0002) refuse UPDATE and DELETE on events and seals."""

import uuid

from django.db import models

from raadhuis.kernel.ids import uuid7


class Event(models.Model):
    """One event. `subjects` and `data` are canonical JSON text, so that the seal covers them byte for byte."""

    sequence = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid7)
    time = models.DateTimeField()
    kind = models.CharField(max_length=40)
    kind_version = models.PositiveSmallIntegerField()
    zaak = models.UUIDField(null=True)
    application = models.UUIDField(null=True)
    subjects = models.TextField()
    actor = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    service = models.CharField(max_length=80)
    service_version = models.PositiveIntegerField(null=True)
    activity = models.CharField(max_length=80)
    data = models.TextField()

    class Meta:
        app_label = "journal"
        indexes = [
            models.Index(fields=["zaak", "sequence"], name="event_by_zaak", condition=models.Q(zaak__isnull=False)),
            models.Index(
                fields=["application", "sequence"],
                name="event_by_application",
                condition=models.Q(application__isnull=False),
            ),
            models.Index(fields=["service", "kind", "sequence"], name="event_by_service_kind"),
        ]


class Seal(models.Model):
    """One link of the chain: the digests of a run of events, and a keyed hash over them and the link before.

    `entries` is 8 bytes of sequence (big-endian) and 32 bytes of SHA-256 for each event.
    """

    number = models.BigAutoField(primary_key=True)
    made = models.DateTimeField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    entries = models.BinaryField()
    chain = models.CharField(max_length=64)

    class Meta:
        app_label = "journal"


class Cursor(models.Model):
    """How far a reader has come."""

    reader = models.CharField(max_length=40, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    moved = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "journal"


class Outbox(models.Model):
    """Work that leaves the house. The payload may hold an address, so it is encrypted and wiped when delivered.

    `key` keeps order: of one key only the oldest waiting row is delivered. `state`: waiting, done, dead.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    zaak = models.UUIDField(null=True)
    receiver = models.UUIDField(null=True)
    """Whom it is for, where rows are delivered receiver by receiver (`lanes`); NULL for all else."""
    payload = models.BinaryField()
    state = models.CharField(max_length=8, default="waiting")
    made = models.DateTimeField()
    due = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, default="")
    finished = models.DateTimeField(null=True)

    class Meta:
        app_label = "journal"
        indexes = [
            # Apart from what is for a receiver, of which very much may wait for one that is away.
            models.Index(fields=["due"], name="outbox_due", condition=models.Q(state="waiting", receiver=None)),
            models.Index(fields=["key", "number"], name="outbox_order", condition=models.Q(state="waiting")),
            models.Index(fields=["zaak"], name="outbox_by_zaak"),
            models.Index(fields=["key"], name="outbox_by_key"),
            models.Index(fields=["-number"], name="outbox_dead", condition=models.Q(state="dead")),
            models.Index(
                fields=["receiver", "number"],
                name="outbox_by_receiver",
                condition=models.Q(state="waiting", receiver__isnull=False),
            ),
        ]
