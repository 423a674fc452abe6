"""SQLite's INSERT OR REPLACE takes a row away without asking the trigger on DELETE: refused as well (law 3)."""

from django.db import migrations

# With REPLACE a row that is in the way is removed before its own triggers run, so the insertion itself is looked at.
TABLES = {
    "journal_event": "sequence = NEW.sequence OR id = NEW.id",
    "journal_seal": "number = NEW.number",
}


def install(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        for table, same in TABLES.items():
            cursor.execute(
                f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} "  # noqa: S608
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
                "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
            )


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_look_ups_use_indexes")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
