"""Triggers that refuse to change or remove what was published (law 5), on both databases."""

from django.db import migrations

# What may still change is the state (published → retired) and the moments that go with it.
FIXED = ("service", "version", "source", "definition", "sha256", "zaaktype")


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    table = "catalogue_serviceversion"
    with schema_editor.connection.cursor() as cursor:
        if vendor == "postgresql":
            changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FIXED)
            cursor.execute(
                "CREATE OR REPLACE FUNCTION catalogue_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'what is published never changes' USING ERRCODE = 'restrict_violation'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER published_update BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed})) "
                "EXECUTE FUNCTION catalogue_refuse()"
            )
            cursor.execute(
                f"CREATE TRIGGER published_delete BEFORE DELETE ON {table} FOR EACH ROW "
                "WHEN (OLD.state <> 'draft') EXECUTE FUNCTION catalogue_refuse()"
            )
            return
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FIXED)
        refuse = "BEGIN SELECT RAISE(ABORT, 'what is published never changes'); END"
        cursor.execute(
            f"CREATE TRIGGER published_update BEFORE UPDATE ON {table} "
            f"WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}) {refuse}"
        )
        cursor.execute(f"CREATE TRIGGER published_delete BEFORE DELETE ON {table} WHEN OLD.state <> 'draft' {refuse}")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
