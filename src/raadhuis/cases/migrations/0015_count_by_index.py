"""PostgreSQL sees by the index whether a new case is the newest of all.

It read the table from its beginning for every new case: of a comparison with a value that it does not know when it plans
it expects a third of the rows to pass, and the first of them soon.
"""

from django.db import migrations

COLUMNS = "zaaktype, level, bronorganisatie, archiefnominatie, archiefstatus, open, slot"
COUNTED = f"""
CREATE OR REPLACE FUNCTION zaak_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO cases_zaaktelling ({COLUMNS}, number, moves)
SELECT NEW.zaaktype, NEW.vertrouwelijkheidaanduiding, NEW.bronorganisatie, NEW.archiefnominatie, NEW.archiefstatus,
NEW.einddatum IS NULL, pg_backend_pid() % 16, 1,
CASE WHEN (SELECT id FROM cases_zaak ORDER BY id DESC LIMIT 1) > NEW.id THEN 1 ELSE 0 END WHERE true
ON CONFLICT ({COLUMNS}) DO UPDATE SET number = cases_zaaktelling.number + excluded.number,
moves = cases_zaaktelling.moves + excluded.moves;
RETURN NULL; END $$
"""  # noqa: S608 - names


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(COUNTED)


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_take_over")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
