"""Channels and subscriptions."""

from django.db import migrations, models

import raadhuis.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Abonnement",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("applicatie", models.UUIDField(null=True)),
                ("callback_url", models.CharField(max_length=200, unique=True)),
                ("auth", models.BinaryField()),
                ("kanalen", models.JSONField(default=list)),
                ("cloud_events", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Kanaal",
            fields=[
                ("id", models.UUIDField(default=raadhuis.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("naam", models.CharField(max_length=50, unique=True)),
                ("documentatie_link", models.CharField(default="", max_length=200)),
                ("filters", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(default=0)),
            ],
        ),
    ]
