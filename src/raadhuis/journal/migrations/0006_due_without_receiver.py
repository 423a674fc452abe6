"""What is due is found apart from what waits for a receiver, of which there may be very much."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0005_receiver")]

    operations = [
        migrations.RemoveIndex(model_name="outbox", name="outbox_due"),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(("receiver", None), ("state", "waiting")), fields=["due"], name="outbox_due"
            ),
        ),
    ]
