"""Documents by the national API: earlier versions, files in parts, terms of use, and to whom they were sent."""

import django.db.models.deletion
from django.db import migrations, models

import raadhuis.kernel.ids


def tell_what_is_shown(apps, schema_editor):
    """What the applicant sees by its relation to the case was meant to be shown."""
    documents = apps.get_model("cases", "EnkelvoudigInformatieObject").objects
    shared = apps.get_model("cases", "ZaakInformatieObject").objects.filter(shared=True)
    documents.filter(id__in=shared.values("informatieobject_id")).update(tonen_aan_initiator=True)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_trail"),
    ]

    operations = [
        migrations.CreateModel(
            name="BestandsDeel",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("volgnummer", models.PositiveIntegerField()),
                ("omvang", models.BigIntegerField()),
                ("file_key", models.CharField(default="", max_length=128)),
            ],
        ),
        migrations.CreateModel(
            name="Gebruiksrechten",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("startdatum", models.DateTimeField()),
                ("einddatum", models.DateTimeField(null=True)),
                ("omschrijving_voorwaarden", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="InformatieObjectVersie",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("versie", models.PositiveIntegerField()),
                ("begin_registratie", models.DateTimeField()),
                ("file_key", models.CharField(default="", max_length=128)),
                ("held", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="TrefWoord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("woord", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Verzending",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("betrokkene", models.CharField(max_length=200)),
                ("aard_relatie", models.CharField(max_length=20)),
                ("toelichting", models.CharField(default="", max_length=200)),
                ("ontvangstdatum", models.DateField(null=True)),
                ("verzenddatum", models.DateField(null=True)),
                ("contact_persoon", models.CharField(max_length=1000)),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="enkelvoudiginformatieobject",
            name="integriteit_datum",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="enkelvoudiginformatieobject",
            name="tonen_aan_initiator",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="enkelvoudiginformatieobject",
            index=models.Index(fields=["identificatie"], name="document_by_number"),
        ),
        migrations.AddField(
            model_name="bestandsdeel",
            name="informatieobject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bestandsdelen",
                to="cases.enkelvoudiginformatieobject",
            ),
        ),
        migrations.AddField(
            model_name="gebruiksrechten",
            name="informatieobject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="gebruiksrechten",
                to="cases.enkelvoudiginformatieobject",
            ),
        ),
        migrations.AddField(
            model_name="informatieobjectversie",
            name="informatieobject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versies",
                to="cases.enkelvoudiginformatieobject",
            ),
        ),
        migrations.AddField(
            model_name="trefwoord",
            name="informatieobject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="woorden",
                to="cases.enkelvoudiginformatieobject",
            ),
        ),
        migrations.AddField(
            model_name="verzending",
            name="informatieobject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="verzendingen",
                to="cases.enkelvoudiginformatieobject",
            ),
        ),
        migrations.AddIndex(
            model_name="bestandsdeel",
            index=models.Index(fields=["file_key"], name="part_by_file"),
        ),
        migrations.AddConstraint(
            model_name="bestandsdeel",
            constraint=models.UniqueConstraint(fields=("informatieobject", "volgnummer"), name="one_part_a_place"),
        ),
        migrations.AddIndex(
            model_name="informatieobjectversie",
            index=models.Index(fields=["file_key"], name="version_by_file"),
        ),
        migrations.AddConstraint(
            model_name="informatieobjectversie",
            constraint=models.UniqueConstraint(fields=("informatieobject", "versie"), name="one_document_a_version"),
        ),
        migrations.AddIndex(
            model_name="trefwoord",
            index=models.Index(fields=["woord", "informatieobject"], name="document_by_word"),
        ),
        migrations.AddIndex(
            model_name="verzending",
            index=models.Index(fields=["betrokkene"], name="verzending_by_betrokkene"),
        ),
        migrations.RunPython(tell_what_is_shown, migrations.RunPython.noop),
    ]
