"""Documents (EnkelvoudigInformatieObject) and their relations to cases and decisions (ZGW Documenten 1.7)."""

from django.db import models

from raadhuis.cases.models.zaak import Besluit, Status, Zaak
from raadhuis.kernel.ids import uuid7


class EnkelvoudigInformatieObject(models.Model):
    """A document, in its newest version: relations and addresses keep to this id, whatever version it comes to.

    `file_key` finds the bytes in the file store; "" when there are none (yet). Whether the applicant of a case sees it
    is kept with its relation to the case; `tonen_aan_initiator` is what its maker said of all of them. `locked` is the
    word by which whoever took it out may change it; "" when nobody did.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    identificatie = models.CharField(max_length=40)
    bronorganisatie = models.CharField(max_length=9)
    informatieobjecttype = models.UUIDField()
    type_key = models.CharField(max_length=40, default="")
    creatiedatum = models.DateField()
    titel = models.CharField(max_length=200)
    auteur = models.CharField(max_length=200)
    taal = models.CharField(max_length=3, default="nld")
    formaat = models.CharField(max_length=255, default="")
    status = models.CharField(max_length=20, default="definitief")
    vertrouwelijkheidaanduiding = models.CharField(max_length=20)
    beschrijving = models.TextField(default="")
    bestandsnaam = models.CharField(max_length=255, default="")
    bestandsomvang = models.BigIntegerField(null=True)
    file_key = models.CharField(max_length=128, default="")
    link = models.CharField(max_length=200, default="")
    integriteit_algoritme = models.CharField(max_length=20, default="sha_256")
    integriteit_waarde = models.CharField(max_length=128, default="")
    integriteit_datum = models.DateField(null=True)
    indicatie_gebruiksrecht = models.BooleanField(null=True)
    is_gereed_voor_publicatie = models.BooleanField(null=True)
    inhoud_is_vervallen = models.BooleanField(null=True)
    tonen_aan_initiator = models.BooleanField(default=False, db_default=False)
    verschijningsvorm = models.TextField(default="")
    trefwoorden = models.JSONField(default=list)
    ondertekening_soort = models.CharField(max_length=20, default="")
    ondertekening_datum = models.DateField(null=True)
    ontvangstdatum = models.DateField(null=True)
    verzenddatum = models.DateField(null=True)
    versie = models.PositiveIntegerField(default=1)
    begin_registratie = models.DateTimeField()
    locked = models.CharField(max_length=64, default="")
    direction = models.CharField(max_length=10, default="inkomend")
    scanned = models.CharField(max_length=12, default="unscanned")
    """clean, unscanned (no scanner configured, or larger than it reads)."""
    event = models.UUIDField(null=True, unique=True)
    """The outbox event that made this letter: at most one letter each, however often it is delivered."""

    class Meta:
        app_label = "cases"
        indexes = [
            models.Index(fields=["file_key"], name="document_by_file"),
            models.Index(fields=["identificatie"], name="document_by_number"),
        ]


class InformatieObjectVersie(models.Model):
    """An earlier version of a document. `held` is what its row held then, as JSON by column."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    informatieobject = models.ForeignKey(EnkelvoudigInformatieObject, on_delete=models.CASCADE, related_name="versies")
    versie = models.PositiveIntegerField()
    begin_registratie = models.DateTimeField()
    file_key = models.CharField(max_length=128, default="")
    held = models.BinaryField()

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["informatieobject", "versie"], name="one_document_a_version")]
        indexes = [models.Index(fields=["file_key"], name="version_by_file")]


class BestandsDeel(models.Model):
    """A part of a file that is still coming in; `file_key` is "" until its bytes are there."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    informatieobject = models.ForeignKey(
        EnkelvoudigInformatieObject, on_delete=models.CASCADE, related_name="bestandsdelen"
    )
    volgnummer = models.PositiveIntegerField()
    omvang = models.BigIntegerField()
    file_key = models.CharField(max_length=128, default="")

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["informatieobject", "volgnummer"], name="one_part_a_place")]
        indexes = [models.Index(fields=["file_key"], name="part_by_file")]


class TrefWoord(models.Model):
    """A word by which a document is found, in its newest version."""

    id = models.BigAutoField(primary_key=True)
    informatieobject = models.ForeignKey(EnkelvoudigInformatieObject, on_delete=models.CASCADE, related_name="woorden")
    woord = models.CharField(max_length=200)

    class Meta:
        app_label = "cases"
        indexes = [models.Index(fields=["woord", "informatieobject"], name="document_by_word")]


class Gebruiksrechten(models.Model):
    """On what terms a document may be used, other than by reading it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    informatieobject = models.ForeignKey(
        EnkelvoudigInformatieObject, on_delete=models.CASCADE, related_name="gebruiksrechten"
    )
    startdatum = models.DateTimeField()
    einddatum = models.DateTimeField(null=True)
    omschrijving_voorwaarden = models.TextField()

    class Meta:
        app_label = "cases"


class Verzending(models.Model):
    """That a document was sent to somebody, or came from them. `sealed` is encrypted: names, addresses, numbers."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    informatieobject = models.ForeignKey(
        EnkelvoudigInformatieObject, on_delete=models.CASCADE, related_name="verzendingen"
    )
    betrokkene = models.CharField(max_length=200)
    aard_relatie = models.CharField(max_length=20)
    toelichting = models.CharField(max_length=200, default="")
    ontvangstdatum = models.DateField(null=True)
    verzenddatum = models.DateField(null=True)
    contact_persoon = models.CharField(max_length=1000)
    sealed = models.BinaryField()

    class Meta:
        app_label = "cases"
        indexes = [models.Index(fields=["betrokkene"], name="verzending_by_betrokkene")]


class ZaakInformatieObject(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="documenten")
    informatieobject = models.ForeignKey(EnkelvoudigInformatieObject, on_delete=models.CASCADE, related_name="zaken")
    aard_relatie_weergave = models.CharField(max_length=60, default="Hoort bij, omgekeerd: kent")
    titel = models.CharField(max_length=200, default="")
    beschrijving = models.TextField(default="")
    registratiedatum = models.DateTimeField()
    vernietigingsdatum = models.DateTimeField(null=True)
    status = models.ForeignKey(Status, null=True, on_delete=models.SET_NULL, related_name="documenten")
    """The status for which the document matters, or mattered."""
    shared = models.BooleanField(default=True)
    """Whether the applicant sees it."""

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["zaak", "informatieobject"], name="zaak_informatieobject")]


class BesluitInformatieObject(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    besluit = models.ForeignKey(Besluit, on_delete=models.CASCADE, related_name="documenten")
    informatieobject = models.ForeignKey(
        EnkelvoudigInformatieObject, on_delete=models.CASCADE, related_name="besluiten"
    )

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["besluit", "informatieobject"], name="besluit_informatieobject")]
