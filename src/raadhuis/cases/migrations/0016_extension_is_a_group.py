"""The stored documents of cases that were not extended say so in a group, as rule zrc-012 asks for, and not by null.

A text within a document cannot look like this: its quotes are escaped.
"""

from django.db import migrations

NONE, GROUP = '"verlenging":null', '"verlenging":{"reden":"","duur":null}'
STATEMENTS = {
    "sqlite": "UPDATE cases_zaak SET body = CAST(replace(CAST(body AS TEXT), %s, %s) AS BLOB) "
    "WHERE body IS NOT NULL AND verlenging_duur = ''",
    "postgresql": "UPDATE cases_zaak SET body = convert_to(replace(convert_from(body, 'UTF8'), %s, %s), 'UTF8') "
    "WHERE body IS NOT NULL AND verlenging_duur = ''",
}


def write(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(STATEMENTS[schema_editor.connection.vendor], [NONE, GROUP])


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_count_by_index")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
