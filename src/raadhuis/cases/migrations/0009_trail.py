"""The audit trail, what other applications note beside a case, and the stored document of a case."""

import django.db.models.deletion
from django.db import migrations, models

import raadhuis.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_cosignature"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditRegel",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("main", models.UUIDField()),
                ("bron", models.CharField(max_length=3)),
                ("applicatie_id", models.CharField(max_length=100)),
                ("applicatie_weergave", models.CharField(max_length=200)),
                ("gebruikers_id", models.CharField(default="", max_length=255)),
                ("gebruikers_weergave", models.CharField(default="", max_length=255)),
                ("actie", models.CharField(max_length=20)),
                ("resultaat", models.PositiveSmallIntegerField()),
                ("resource", models.CharField(max_length=50)),
                ("resource_url", models.CharField(max_length=1000)),
                ("resource_weergave", models.CharField(max_length=200)),
                ("toelichting", models.TextField(default="")),
                ("aanmaakdatum", models.DateTimeField()),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="GereserveerdNummer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bronorganisatie", models.CharField(max_length=9)),
                ("identificatie", models.CharField(max_length=40)),
                ("gereserveerd", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="KlantContact",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("identificatie", models.CharField(max_length=14)),
                ("datumtijd", models.DateTimeField()),
                ("kanaal", models.CharField(default="", max_length=20)),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="ZaakContactMoment",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("contactmoment", models.CharField(max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name="ZaakNotitie",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("notitie_type", models.CharField(default="intern", max_length=10)),
                ("status", models.CharField(default="definitief", max_length=10)),
                ("aanmaakdatum", models.DateTimeField()),
                ("wijzigingsdatum", models.DateTimeField()),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="ZaakVerzoek",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("verzoek", models.CharField(max_length=1000)),
            ],
        ),
        migrations.AddField(
            model_name="zaak",
            name="body",
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name="zaak",
            index=models.Index(condition=models.Q(("body", None)), fields=["id"], name="zaak_without_body"),
        ),
        migrations.AddIndex(
            model_name="auditregel",
            index=models.Index(fields=["main", "id"], name="audit_by_main"),
        ),
        migrations.AddConstraint(
            model_name="gereserveerdnummer",
            constraint=models.UniqueConstraint(fields=("bronorganisatie", "identificatie"), name="gereserveerd_nummer"),
        ),
        migrations.AddField(
            model_name="klantcontact",
            name="zaak",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="klantcontacten", to="cases.zaak"
            ),
        ),
        migrations.AddField(
            model_name="zaakcontactmoment",
            name="zaak",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="contactmomenten", to="cases.zaak"
            ),
        ),
        migrations.AddField(
            model_name="zaaknotitie",
            name="zaak",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notities", to="cases.zaak"
            ),
        ),
        migrations.AddField(
            model_name="zaakverzoek",
            name="zaak",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="verzoeken", to="cases.zaak"
            ),
        ),
        migrations.AddConstraint(
            model_name="klantcontact",
            constraint=models.UniqueConstraint(fields=("identificatie",), name="klantcontact_identificatie"),
        ),
        migrations.AddConstraint(
            model_name="zaakcontactmoment",
            constraint=models.UniqueConstraint(fields=("zaak", "contactmoment"), name="one_contactmoment_a_pair"),
        ),
        migrations.AddConstraint(
            model_name="zaakverzoek",
            constraint=models.UniqueConstraint(fields=("zaak", "verzoek"), name="one_verzoek_a_pair"),
        ),
    ]
