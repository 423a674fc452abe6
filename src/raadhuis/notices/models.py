"""Channels and who is subscribed to them, with the attributes of the national model (ZGW Notificaties 1.0)."""

from django.db import models

from raadhuis.kernel.ids import uuid7


class Kanaal(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    naam = models.CharField(max_length=50, unique=True)
    documentatie_link = models.CharField(max_length=200, default="")
    filters = models.JSONField(default=list)

    class Meta:
        app_label = "notices"


class Abonnement(models.Model):
    """`kanalen`: [{"naam": …, "filters": {kenmerk: value or "*"}}]. `auth` is encrypted: the header the receiver wants.

    `applicatie` is whose it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    applicatie = models.UUIDField(null=True)
    callback_url = models.CharField(max_length=1000, unique=True)
    auth = models.BinaryField()
    kanalen = models.JSONField(default=list)
    cloud_events = models.BooleanField(default=False)
    """Whether they get CloudEvents instead of the format of the standard."""
    # How it goes with the delivery; written by who delivers alone.
    failures = models.PositiveIntegerField(default=0)
    """How often it failed since the receiver last answered well."""
    rests = models.PositiveIntegerField(default=0)
    """How often it was left alone since then; not 0: it is away, and now and then one notice looks if it is back."""
    rests_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, default="")
    stopped = models.DateTimeField(null=True)
    """When the receiver said that it is gone for good (410); writing the subscription anew starts it again."""

    class Meta:
        app_label = "notices"


class Stamp(models.Model):
    """One row whose number rises with every change: what was worked out from these tables is kept until it does."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "notices"
