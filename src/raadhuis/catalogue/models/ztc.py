"""The catalogue of the national model (ZGW Catalogi 1.3): ZaakType and its children.

Publishing a service writes a version here; clients of the APIs may add types that no service owns. `key` is the name
by which a service definition knows a type; "" for types of others.
"""

from typing import Any

from django.db import models

from raadhuis.kernel.ids import uuid7


class _Rendered(models.Model):
    """`body` is the national representation (JSON), written with the row; empty until somebody asks for it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    body = models.BinaryField(default=b"", db_default=b"")

    class Meta:
        abstract = True


class _Dated(_Rendered):
    """What shows versions of other types: `body` holds from the first of these days until before the second.

    Both None: nobody knows yet.
    """

    holds_from = models.DateField(null=True)
    holds_until = models.DateField(null=True)

    class Meta:
        abstract = True


class Catalogus(_Rendered):
    domein = models.CharField(max_length=5)
    rsin = models.CharField(max_length=9)
    naam = models.CharField(max_length=200, default="")
    contactpersoon_beheer_naam = models.CharField(max_length=40, default="")
    contactpersoon_beheer_telefoonnummer = models.CharField(max_length=20, default="")
    contactpersoon_beheer_emailadres = models.CharField(max_length=254, default="")
    versie = models.CharField(max_length=20, default="")
    begindatum_versie = models.DateField(null=True)

    class Meta:
        app_label = "catalogue"
        constraints = [models.UniqueConstraint(fields=["domein", "rsin"], name="one_catalogus_a_domein")]


class _Valid(_Dated):
    """What has a period in which it holds, and is a concept until it is published."""

    begin_geldigheid = models.DateField()
    einde_geldigheid = models.DateField(null=True)
    concept = models.BooleanField(default=True)

    class Meta:
        abstract = True


class _Child(_Rendered):
    """What belongs to a ZaakType; the standard lets it have a period of its own."""

    begin_geldigheid = models.DateField(null=True)
    einde_geldigheid = models.DateField(null=True)

    class Meta:
        abstract = True


class ZaakType(_Valid):
    catalogus = models.ForeignKey(Catalogus, on_delete=models.PROTECT, related_name="zaaktypen")
    identificatie = models.CharField(max_length=50)
    omschrijving = models.CharField(max_length=80)
    omschrijving_generiek = models.CharField(max_length=80, default="")
    vertrouwelijkheidaanduiding = models.CharField(max_length=20)
    doel = models.TextField()
    aanleiding = models.TextField()
    toelichting = models.TextField(default="")
    indicatie_intern_of_extern = models.CharField(max_length=6, default="extern")
    handeling_initiator = models.CharField(max_length=20)
    onderwerp = models.CharField(max_length=80)
    handeling_behandelaar = models.CharField(max_length=20)
    doorlooptijd = models.CharField(max_length=20)
    servicenorm = models.CharField(max_length=20, default="")
    opschorting_en_aanhouding_mogelijk = models.BooleanField(default=True)
    verlenging_mogelijk = models.BooleanField(default=False)
    verlengingstermijn = models.CharField(max_length=20, default="")
    trefwoorden = models.JSONField(default=list)
    publicatie_indicatie = models.BooleanField(default=False)
    publicatietekst = models.TextField(default="")
    verantwoordingsrelatie = models.JSONField(default=list)
    producten_of_diensten = models.JSONField(default=list)
    selectielijst_procestype = models.CharField(max_length=200, default="")
    referentieproces_naam = models.CharField(max_length=80, default="")
    referentieproces_link = models.CharField(max_length=200, default="")
    verantwoordelijke = models.CharField(max_length=50, default="")
    versiedatum = models.DateField()
    deelzaaktypen = models.JSONField(default=list, db_default=[])
    """Identificaties: which version of them counts is a matter of the day."""
    gerelateerde_zaaktypen = models.JSONField(default=list, db_default=[])
    """{zaaktype (an identificatie, or the address of a type elsewhere), aardRelatie, toelichting}."""
    broncatalogus = models.JSONField(null=True)
    bronzaaktype = models.JSONField(null=True)
    service = models.CharField(max_length=80, default="")
    """The service that owns this type; "" for a type of another client."""

    class Meta:
        app_label = "catalogue"
        indexes = [models.Index(fields=["catalogus", "identificatie", "-begin_geldigheid"], name="zaaktype_versions")]


class StatusType(_Child):
    zaaktype = models.ForeignKey(ZaakType, on_delete=models.CASCADE, related_name="statustypen")
    key = models.CharField(max_length=40, default="")
    omschrijving = models.CharField(max_length=80)
    omschrijving_generiek = models.CharField(max_length=80, default="")
    statustekst = models.CharField(max_length=1000, default="")
    volgnummer = models.PositiveSmallIntegerField()
    informeren = models.BooleanField(default=False)
    doorlooptijd = models.CharField(max_length=20, default="")
    toelichting = models.CharField(max_length=1000, default="")
    checklistitem_statustype = models.JSONField(default=list, db_default=[])

    class Meta:
        app_label = "catalogue"
        constraints = [models.UniqueConstraint(fields=["zaaktype", "volgnummer"], name="one_status_a_number")]


class ResultaatType(_Child, _Dated):
    zaaktype = models.ForeignKey(ZaakType, on_delete=models.CASCADE, related_name="resultaattypen")
    key = models.CharField(max_length=40, default="")
    omschrijving = models.CharField(max_length=30)
    resultaattypeomschrijving = models.CharField(max_length=1000, default="")
    omschrijving_generiek = models.CharField(max_length=40, default="")
    selectielijstklasse = models.CharField(max_length=1000, default="")
    toelichting = models.TextField(default="")
    archiefnominatie = models.CharField(max_length=20, default="")
    archiefactietermijn = models.CharField(max_length=20, default="")
    afleidingswijze = models.CharField(max_length=40, default="")
    procestermijn = models.CharField(max_length=20, default="")
    brondatum = models.JSONField(null=True)
    """The rest of brondatumArchiefprocedure: datumkenmerk, einddatumBekend, objecttype, registratie, procestermijn.

    None: there is none, or just its afleidingswijze is known (`afleidingswijze`).
    """
    procesobjectaard = models.CharField(max_length=200, default="", db_default="")
    indicatie_specifiek = models.BooleanField(null=True)
    besluittypen: "models.ManyToManyField[BesluitType, Any]" = models.ManyToManyField(
        "BesluitType", related_name="resultaattypen"
    )
    informatieobjecttypen: "models.ManyToManyField[InformatieObjectType, Any]" = models.ManyToManyField(
        "InformatieObjectType", related_name="resultaattypen"
    )

    class Meta:
        app_label = "catalogue"


class RolType(_Child):
    zaaktype = models.ForeignKey(ZaakType, on_delete=models.CASCADE, related_name="roltypen")
    key = models.CharField(max_length=40, default="")
    omschrijving = models.CharField(max_length=100)
    omschrijving_generiek = models.CharField(max_length=40)

    class Meta:
        app_label = "catalogue"


class InformatieObjectType(_Valid):
    catalogus = models.ForeignKey(Catalogus, on_delete=models.PROTECT, related_name="informatieobjecttypen")
    omschrijving = models.CharField(max_length=80)
    vertrouwelijkheidaanduiding = models.CharField(max_length=20)
    informatieobjectcategorie = models.CharField(max_length=80, default="")
    trefwoord = models.JSONField(default=list)
    omschrijving_generiek = models.JSONField(null=True)

    class Meta:
        app_label = "catalogue"
        indexes = [models.Index(fields=["catalogus", "omschrijving"], name="iot_by_name")]


class ZaakTypeInformatieObjectType(_Dated):
    zaaktype = models.ForeignKey(ZaakType, on_delete=models.CASCADE, related_name="informatieobjecttypen")
    informatieobjecttype = models.ForeignKey(InformatieObjectType, on_delete=models.PROTECT, related_name="zaaktypen")
    key = models.CharField(max_length=40, default="")
    volgnummer = models.PositiveSmallIntegerField()
    richting = models.CharField(max_length=10)
    statustype = models.ForeignKey(StatusType, null=True, on_delete=models.SET_NULL)

    class Meta:
        app_label = "catalogue"
        constraints = [models.UniqueConstraint(fields=["zaaktype", "volgnummer"], name="one_document_a_number")]


class BesluitType(_Valid):
    catalogus = models.ForeignKey(Catalogus, on_delete=models.PROTECT, related_name="besluittypen")
    omschrijving = models.CharField(max_length=80)
    omschrijving_generiek = models.CharField(max_length=80, default="")
    besluitcategorie = models.CharField(max_length=40, default="")
    reactietermijn = models.CharField(max_length=20, default="")
    publicatie_indicatie = models.BooleanField(default=False)
    publicatietekst = models.TextField(default="")
    publicatietermijn = models.CharField(max_length=20, default="")
    toelichting = models.TextField(default="")
    informatieobjecttypen = models.ManyToManyField(InformatieObjectType, related_name="besluittypen")

    class Meta:
        app_label = "catalogue"
        indexes = [models.Index(fields=["catalogus", "omschrijving"], name="besluittype_by_name")]


class ZaakTypeBesluitType(models.Model):
    """Which decisions a case of this type can lead to (the national model's list `besluittypen` of a ZaakType)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaaktype = models.ForeignKey(ZaakType, on_delete=models.CASCADE, related_name="besluittypen")
    besluittype = models.ForeignKey(BesluitType, on_delete=models.PROTECT, related_name="zaaktypen")
    key = models.CharField(max_length=40, default="")

    class Meta:
        app_label = "catalogue"
        constraints = [models.UniqueConstraint(fields=["zaaktype", "besluittype"], name="zaaktype_besluittype")]


class Eigenschap(_Child):
    zaaktype = models.ForeignKey(ZaakType, on_delete=models.CASCADE, related_name="eigenschappen")
    naam = models.CharField(max_length=20)
    definitie = models.CharField(max_length=255)
    specificatie = models.JSONField()
    toelichting = models.CharField(max_length=1000, default="")
    statustype = models.ForeignKey(StatusType, null=True, on_delete=models.SET_NULL, related_name="eigenschappen")

    class Meta:
        app_label = "catalogue"


class ZaakObjectType(_Rendered):
    zaaktype = models.ForeignKey(ZaakType, on_delete=models.CASCADE, related_name="zaakobjecttypen")
    ander_objecttype = models.BooleanField(default=False)
    objecttype = models.CharField(max_length=200)
    relatie_omschrijving = models.CharField(max_length=80)
    begin_geldigheid = models.DateField()
    einde_geldigheid = models.DateField(null=True)

    class Meta:
        app_label = "catalogue"
