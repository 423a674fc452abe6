"""Rows of the outbox that are delivered receiver by receiver."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_no_replacing")]

    operations = [
        migrations.AddField(
            model_name="outbox",
            name="receiver",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(("receiver__isnull", False), ("state", "waiting")),
                fields=["receiver", "number"],
                name="outbox_by_receiver",
            ),
        ),
    ]
