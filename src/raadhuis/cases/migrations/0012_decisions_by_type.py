"""Decisions are found by their type and by their number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_stored_documents")]

    operations = [
        migrations.AddIndex(
            model_name="besluit",
            index=models.Index(fields=["besluittype"], name="besluit_by_type"),
        ),
        migrations.AddIndex(
            model_name="besluit",
            index=models.Index(fields=["identificatie"], name="besluit_by_number"),
        ),
    ]
