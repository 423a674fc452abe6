"""The stored document of a role, and triggers that take it away when it no longer tells the truth, whoever writes.

A role's document names the statuses that were set by it.
"""

from django.db import migrations, models

SAME = "UPDATE cases_rol SET body = NULL WHERE id = {id} AND body IS NOT NULL;"


def install(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def _sqlite():
    yield (
        "CREATE TRIGGER rol_changed AFTER UPDATE ON cases_rol WHEN NEW.body IS NOT NULL AND NEW.body IS OLD.body "
        "BEGIN UPDATE cases_rol SET body = NULL WHERE id = NEW.id; END"
    )
    for name, when, row in (("added", "INSERT", "NEW"), ("gone", "DELETE", "OLD"), ("moved", "UPDATE", "NEW")):
        yield (
            f"CREATE TRIGGER rol_status_{name} AFTER {when} ON cases_status WHEN {row}.gezetdoor IS NOT NULL "
            f"BEGIN {SAME.format(id=f'{row}.gezetdoor')} END"
        )


def _postgresql():
    yield (
        "CREATE FUNCTION rol_changed() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.body := NULL; RETURN NEW; END $$"
    )
    yield (
        "CREATE TRIGGER rol_changed BEFORE UPDATE ON cases_rol FOR EACH ROW "
        "WHEN (NEW.body IS NOT NULL AND NEW.body = OLD.body) EXECUTE FUNCTION rol_changed()"
    )
    for name, when, row in (("added", "INSERT OR UPDATE", "NEW"), ("gone", "DELETE", "OLD")):
        yield (
            f"CREATE FUNCTION rol_status_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {SAME.format(id=f'{row}.gezetdoor')} RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER rol_status_{name} AFTER {when} ON cases_status FOR EACH ROW "
            f"WHEN ({row}.gezetdoor IS NOT NULL) EXECUTE FUNCTION rol_status_{name}()"
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_decisions_by_type")]
    operations = [
        migrations.AddField("rol", "body", models.BinaryField(null=True)),
        migrations.AddIndex("rol", models.Index(fields=["id"], name="rol_without_body", condition=models.Q(body=None))),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
