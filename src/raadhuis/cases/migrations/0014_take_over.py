from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_stored_roles")]
    operations = [
        migrations.CreateModel(
            "TakeOver",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=1000, unique=True)),
                ("phase", models.CharField(max_length=60)),
                ("page", models.PositiveIntegerField(default=1)),
                ("done", models.JSONField(default=list)),
                ("counts", models.JSONField(default=dict)),
                ("began", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "TakeOverFinding",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("resource", models.CharField(max_length=60)),
                ("address", models.CharField(max_length=1000)),
                ("state", models.CharField(max_length=10)),
                ("attribute", models.CharField(max_length=200)),
                ("code", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=500)),
                (
                    "takeover",
                    models.ForeignKey(on_delete=models.deletion.CASCADE, related_name="findings", to="cases.takeover"),
                ),
            ],
        ),
    ]
