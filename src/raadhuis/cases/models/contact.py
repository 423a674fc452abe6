"""What other applications note beside a case: contacts, requests, notes, and numbers set apart (ZGW Zaken 1.7)."""

from django.db import models

from raadhuis.cases.models.zaak import Zaak
from raadhuis.kernel.ids import uuid7


class KlantContact(models.Model):
    """A contact with a customer about the case. `toelichting` and `onderwerp` may say anything, so are encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="klantcontacten")
    identificatie = models.CharField(max_length=14)
    datumtijd = models.DateTimeField()
    kanaal = models.CharField(max_length=20, default="")
    sealed = models.BinaryField()

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["identificatie"], name="klantcontact_identificatie")]


class ZaakContactMoment(models.Model):
    """A contact moment in another register."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="contactmomenten")
    contactmoment = models.CharField(max_length=1000)

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["zaak", "contactmoment"], name="one_contactmoment_a_pair")]


class ZaakVerzoek(models.Model):
    """A request in another register."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="verzoeken")
    verzoek = models.CharField(max_length=1000)

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["zaak", "verzoek"], name="one_verzoek_a_pair")]


class ZaakNotitie(models.Model):
    """A note with a case. `sealed`: onderwerp, tekst and aangemaaktDoor, encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="notities")
    notitie_type = models.CharField(max_length=10, default="intern")
    status = models.CharField(max_length=10, default="definitief")
    aanmaakdatum = models.DateTimeField()
    wijzigingsdatum = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        app_label = "cases"


class GereserveerdNummer(models.Model):
    """A number that was given out before its case is there; never given out again by itself."""

    bronorganisatie = models.CharField(max_length=9)
    identificatie = models.CharField(max_length=40)
    gereserveerd = models.DateTimeField()

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["bronorganisatie", "identificatie"], name="gereserveerd_nummer")]
