"""Who signs along. A table of its own: the version before knows nothing of it, and asks nobody."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_term_runs_to")]
    operations = [
        migrations.CreateModel(
            "CoSignature",
            [
                (
                    "zaak",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="cosignature",
                        serialize=False,
                        to="cases.zaak",
                    ),
                ),
                ("state", models.CharField(default="asked", max_length=10)),
                ("level", models.CharField(default="", max_length=12)),
                ("code", models.CharField(max_length=64)),
                ("asked", models.DateTimeField()),
                ("sent", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=1)),
                ("until", models.DateField()),
                ("reminded", models.BooleanField(default=False)),
                ("due", models.DateTimeField(null=True)),
                ("answered", models.DateTimeField(null=True)),
                ("signer", models.CharField(default="", max_length=64)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "asked")), fields=["due"], name="cosignature_due"),
                    models.Index(fields=["code"], name="cosignature_by_code"),
                    models.Index(fields=["signer"], name="cosignature_by_signer"),
                ],
            },
        ),
    ]
