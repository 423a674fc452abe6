from django.db import migrations, models

NAMES = ("besluittype", "informatieobjecttype", "resultaattype", "zaaktype", "zaaktypeinformatieobjecttype")


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_as_others_read_it"),
    ]

    operations = [
        migrations.AddField(model_name=name, name=column, field=models.DateField(null=True))
        for name in NAMES
        for column in ("holds_from", "holds_until")
    ]
