"""Attributes of the national model (Zaken 1.7, Documenten 1.7) that no table carried yet; all empty for what is there."""

import django.db.models.deletion
from django.db import migrations, models

import raadhuis.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_look_ups_use_indexes")]
    operations = [
        migrations.AddField("enkelvoudiginformatieobject", "inhoud_is_vervallen", models.BooleanField(null=True)),
        migrations.AddField("enkelvoudiginformatieobject", "is_gereed_voor_publicatie", models.BooleanField(null=True)),
        migrations.AddField(
            "zaakinformatieobject",
            "status",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="documenten",
                to="cases.status",
            ),
        ),
        migrations.AddField("zaakinformatieobject", "vernietigingsdatum", models.DateTimeField(null=True)),
        migrations.AddField("zaakobject", "object_type_overige_definitie", models.JSONField(null=True)),
        migrations.AddField("zaakobject", "zaakobjecttype", models.UUIDField(null=True)),
        migrations.CreateModel(
            "ZaakKenmerk",
            [
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("kenmerk", models.CharField(max_length=40)),
                ("bron", models.CharField(max_length=40)),
                (
                    "zaak",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kenmerken", to="cases.zaak"
                    ),
                ),
            ],
        ),
    ]
