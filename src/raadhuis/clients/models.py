"""Applications and their rights, with the attributes of the national model (ZGW Autorisaties 1.1)."""

from django.db import models

from raadhuis.kernel.ids import uuid7


class Applicatie(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    label = models.CharField(max_length=100)
    heeft_alle_autorisaties = models.BooleanField(default=False)
    alleen_is_gereed_voor_publicatie = models.BooleanField(default=False)

    class Meta:
        app_label = "clients"


class ClientId(models.Model):
    """A name under which an application signs its tokens, with the secret for it (encrypted; empty: none yet)."""

    client_id = models.CharField(max_length=50, primary_key=True)
    applicatie = models.ForeignKey(Applicatie, on_delete=models.CASCADE, related_name="client_ids")
    secret = models.BinaryField(default=b"")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "clients"


class Autorisatie(models.Model):
    """`type` is the address of a zaaktype (zrc), informatieobjecttype (drc) or besluittype (brc); "" for the others.

    With `one_version` the right holds for that version of the type only, otherwise for all versions of it.
    """

    applicatie = models.ForeignKey(Applicatie, on_delete=models.CASCADE, related_name="autorisaties")
    component = models.CharField(max_length=3)
    scopes = models.JSONField(default=list)
    type = models.CharField(max_length=1000, default="")
    max_vertrouwelijkheidaanduiding = models.CharField(max_length=20, default="")
    one_version = models.BooleanField(default=False)

    class Meta:
        app_label = "clients"


class Stamp(models.Model):
    """One row whose number rises with every change: what was worked out from these tables is kept until it does."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "clients"
