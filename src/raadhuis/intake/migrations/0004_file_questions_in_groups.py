"""A file question in a group has a longer name: "group.row.question"."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_look_ups_use_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="upload",
            name="question",
            field=models.CharField(max_length=140),
        ),
    ]
