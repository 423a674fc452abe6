"""Which event logs there are, and how the columns of tables were understood before. The events are files."""

from django.db import models

from raadhuis.kernel.ids import uuid7


class EventLog(models.Model):
    """A log. Its files are in a folder of this id below RAADHUIS_LEAN_FOLDER.

    `version` counts how often our own was worked out anew; each time in a folder of its own.
    `report`: what was repaired or skipped. `mapping`: which column was what, for a table. `made_by` is a pseudonym.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    source = models.CharField(max_length=120, default="")
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=0)
    upto = models.BigIntegerField(default=0)
    """Of our own: the last event of the journal that is in it."""

    class Meta:
        app_label = "lean"
        indexes = [models.Index(fields=["-made", "id"], name="eventlog_newest")]


class ColumnMapping(models.Model):
    """How the columns of a table were understood, by a hash of its header: the next file of the same kind needs no
    hand.
    """

    signature = models.CharField(max_length=64, primary_key=True)
    mapping = models.JSONField()
    used = models.DateTimeField()

    class Meta:
        app_label = "lean"
