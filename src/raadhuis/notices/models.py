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
    callback_url = models.CharField(max_length=200, unique=True)
    auth = models.BinaryField()
    kanalen = models.JSONField(default=list)
    cloud_events = models.BooleanField(default=False)
    """Whether they get CloudEvents instead of the format of the standard."""

    class Meta:
        app_label = "notices"


class Stamp(models.Model):
    """One row whose number rises with every change: what was worked out from these tables is kept until it does."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "notices"
