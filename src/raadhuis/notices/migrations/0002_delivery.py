"""How it goes with the delivery to a subscriber; addresses as long as they are elsewhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="abonnement",
            name="callback_url",
            field=models.CharField(max_length=1000, unique=True),
        ),
        migrations.AddField(model_name="abonnement", name="failures", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="abonnement", name="rests", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="abonnement", name="rests_until", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="abonnement", name="last_error", field=models.CharField(default="", max_length=200)
        ),
        migrations.AddField(model_name="abonnement", name="stopped", field=models.DateTimeField(null=True)),
    ]
