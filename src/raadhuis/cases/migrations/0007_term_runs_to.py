"""The last day of a term before weekends are looked at; empty for cases of before, which go by the day they have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_attributes_of_the_apis")]
    operations = [migrations.AddField("zaak", "term_runs_to", models.DateField(null=True))]
