"""The Zaak and what hangs on it, with the attributes of the national model (ZGW Zaken 1.5, RGBZ).

References to the catalogue are ids without a foreign key: the catalogue's tables belong to another room, and a
ZaakType of a case never disappears. Personal data is encrypted; look-up goes by keyed hash.
"""

from django.db import models

from raadhuis.kernel.ids import uuid7


class Zaak(models.Model):
    """A case. `service` and `version` pin the definition it runs on; both are empty for a case of another client."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    identificatie = models.CharField(max_length=40)
    bronorganisatie = models.CharField(max_length=9)
    verantwoordelijke_organisatie = models.CharField(max_length=9)
    opdrachtgevende_organisatie = models.CharField(max_length=9, default="")
    zaaktype = models.UUIDField()
    omschrijving = models.CharField(max_length=80, default="")
    toelichting = models.TextField(default="")
    registratiedatum = models.DateField()
    startdatum = models.DateField()
    einddatum = models.DateField(null=True)
    einddatum_gepland = models.DateField(null=True)
    uiterlijke_einddatum_afdoening = models.DateField(null=True)
    publicatiedatum = models.DateField(null=True)
    communicatiekanaal = models.CharField(max_length=1000, default="")
    communicatiekanaal_naam = models.CharField(max_length=250, default="")
    producten_of_diensten = models.JSONField(default=list)
    vertrouwelijkheidaanduiding = models.CharField(max_length=20)
    betalingsindicatie = models.CharField(max_length=20, default="")
    laatste_betaaldatum = models.DateTimeField(null=True)
    zaakgeometrie = models.JSONField(null=True)
    verlenging_reden = models.CharField(max_length=200, default="")
    verlenging_duur = models.CharField(max_length=20, default="")
    opschorting_indicatie = models.BooleanField(default=False)
    opschorting_reden = models.CharField(max_length=200, default="")
    opschorting_eerdere = models.BooleanField(default=False)
    selectielijstklasse = models.CharField(max_length=1000, default="")
    hoofdzaak = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="deelzaken")
    archiefnominatie = models.CharField(max_length=20, default="")
    archiefstatus = models.CharField(max_length=40, default="nog_te_archiveren")
    archiefactiedatum = models.DateField(null=True)
    startdatum_bewaartermijn = models.DateField(null=True)
    processobjectaard = models.CharField(max_length=200, default="")
    processobject = models.JSONField(null=True)
    # What our own doors need; the national model does not know these.
    service = models.CharField(max_length=80, default="")
    version = models.UUIDField(null=True)
    service_version = models.PositiveIntegerField(null=True)
    made = models.DateTimeField()
    applicant = models.CharField(max_length=64, default="")
    """Keyed hash of the BSN or KvK number of who applied; empty for who stayed anonymous."""
    follow_code = models.CharField(max_length=64, default="")
    """Keyed hash of the code with which somebody who stayed anonymous follows the case."""
    same_case = models.CharField(max_length=64, default="")
    """Keyed hash of the definition's `same_case_key`."""
    suspended_since = models.DateField(null=True)
    term_runs_to = models.DateField(null=True)
    """The last day of the term before weekends and holidays are looked at; from here it is moved or extended."""
    status_key = models.CharField(max_length=40, default="")
    result_key = models.CharField(max_length=40, default="")
    submission = models.UUIDField(null=True, unique=True)
    """The application that this case came from: at most one case each (law 2)."""
    body = models.BinaryField(null=True)
    """The case as the national API serves it (cases.zrc.stored); NULL when it is to be made anew."""

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["bronorganisatie", "identificatie"], name="zaak_identificatie")]
        indexes = [
            # Without a condition "not empty": SQLite does not see that a look-up by value fulfils it, and would scan.
            models.Index(fields=["applicant", "-made"], name="zaak_by_applicant"),
            models.Index(fields=["service", "same_case"], name="zaak_same_case"),
            models.Index(fields=["identificatie"], name="zaak_by_number", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["-id"], name="zaak_open", condition=models.Q(einddatum=None)),
            models.Index(fields=["-made", "-id"], name="zaak_newest"),
            models.Index(fields=["zaaktype", "-id"], name="zaak_of_type"),
            models.Index(fields=["id"], name="zaak_without_body", condition=models.Q(body=None)),
        ]


class ZaakTelling(models.Model):
    """How many cases there are that are alike in what lists are filtered by most, spread over slots.

    Kept by triggers (migration 0011) alone, so that a count is exact without a walk past the cases.
    """

    zaaktype = models.UUIDField()
    level = models.CharField(max_length=20)
    bronorganisatie = models.CharField(max_length=9)
    archiefnominatie = models.CharField(max_length=20)
    archiefstatus = models.CharField(max_length=40)
    open = models.BooleanField()
    slot = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    moves = models.BigIntegerField()
    """How often a case came in or went that was not the newest: what was known of places in a list no longer holds."""

    class Meta:
        app_label = "cases"
        constraints = [
            models.UniqueConstraint(
                fields=["zaaktype", "level", "bronorganisatie", "archiefnominatie", "archiefstatus", "open", "slot"],
                name="one_count_a_slot",
            )
        ]


class Status(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="statussen")
    statustype = models.UUIDField()
    key = models.CharField(max_length=40, default="")
    datum_status_gezet = models.DateTimeField()
    statustoelichting = models.CharField(max_length=1000, default="")
    gezetdoor = models.UUIDField(null=True)

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["zaak", "datum_status_gezet"], name="one_status_a_moment")]


class Resultaat(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.OneToOneField(Zaak, on_delete=models.CASCADE, related_name="resultaat")
    resultaattype = models.UUIDField()
    key = models.CharField(max_length=40, default="")
    toelichting = models.TextField(default="")

    class Meta:
        app_label = "cases"


class Rol(models.Model):
    """Who plays which part. `identification` is the encrypted betrokkeneIdentificatie; `lookup` its keyed hash.

    `contact` is encrypted too and holds what contactpersoonRol serves: naam, email, tel, functie.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="rollen")
    roltype = models.UUIDField()
    omschrijving = models.CharField(max_length=100)
    omschrijving_generiek = models.CharField(max_length=40)
    roltoelichting = models.CharField(max_length=1000, default="")
    betrokkene = models.CharField(max_length=1000, default="")
    betrokkene_type = models.CharField(max_length=30)
    afwijkende_naam_betrokkene = models.CharField(max_length=625, default="")
    registratiedatum = models.DateTimeField()
    indicatie_machtiging = models.CharField(max_length=20, default="")
    identification = models.BinaryField()
    contact = models.BinaryField()
    lookup = models.CharField(max_length=64, default="")
    body = models.BinaryField(null=True)
    """The role as the national API serves it, encrypted (cases.zrc.stored); NULL when it is to be made anew."""

    class Meta:
        app_label = "cases"
        indexes = [
            models.Index(fields=["lookup"], name="rol_by_lookup"),
            models.Index(fields=["id"], name="rol_without_body", condition=models.Q(body=None)),
        ]


class ZaakEigenschap(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="eigenschappen")
    eigenschap = models.UUIDField()
    naam = models.CharField(max_length=20)
    waarde = models.TextField()

    class Meta:
        app_label = "cases"


class ZaakKenmerk(models.Model):
    """By which name another administration knows the case."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="kenmerken")
    kenmerk = models.CharField(max_length=40)
    bron = models.CharField(max_length=40)

    class Meta:
        app_label = "cases"


class ZaakObject(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="objecten")
    object = models.CharField(max_length=1000, default="")
    object_type = models.CharField(max_length=50)
    object_type_overige = models.CharField(max_length=100, default="")
    object_type_overige_definitie = models.JSONField(null=True)
    zaakobjecttype = models.UUIDField(null=True)
    relatieomschrijving = models.CharField(max_length=80, default="")
    object_identificatie = models.BinaryField()

    class Meta:
        app_label = "cases"


class ZaakRelatie(models.Model):
    """Relevante andere zaken: a case, here or elsewhere (a URL), and how it relates."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    zaak = models.ForeignKey(Zaak, on_delete=models.CASCADE, related_name="relaties")
    andere = models.CharField(max_length=1000)
    aard_relatie = models.CharField(max_length=20)

    class Meta:
        app_label = "cases"
        constraints = [models.UniqueConstraint(fields=["zaak", "andere"], name="one_relation_a_pair")]


class Besluit(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    identificatie = models.CharField(max_length=50)
    verantwoordelijke_organisatie = models.CharField(max_length=9)
    besluittype = models.UUIDField()
    zaak = models.ForeignKey(Zaak, null=True, on_delete=models.CASCADE, related_name="besluiten")
    datum = models.DateField()
    toelichting = models.TextField(default="")
    bestuursorgaan = models.CharField(max_length=50, default="")
    ingangsdatum = models.DateField()
    vervaldatum = models.DateField(null=True)
    vervalreden = models.CharField(max_length=30, default="")
    publicatiedatum = models.DateField(null=True)
    verzenddatum = models.DateField(null=True)
    uiterlijke_reactiedatum = models.DateField(null=True)

    class Meta:
        app_label = "cases"
        constraints = [
            models.UniqueConstraint(
                fields=["verantwoordelijke_organisatie", "identificatie"], name="besluit_identificatie"
            )
        ]
        indexes = [
            models.Index(fields=["besluittype"], name="besluit_by_type"),
            models.Index(fields=["identificatie"], name="besluit_by_number"),
        ]
