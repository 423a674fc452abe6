"""Triggers that keep two derived things true, whoever writes: the stored document of a case, and the counts of cases.

A document that no longer tells the truth becomes NULL (and is made anew, see cases.zrc.stored). Counts are kept by what
lists are filtered by most, in slots, so that writers do not wait for each other on PostgreSQL.
"""

from django.db import migrations, models

CHILDREN = (
    *("cases_status", "cases_resultaat", "cases_rol", "cases_zaakeigenschap", "cases_zaakkenmerk"),
    *("cases_zaakobject", "cases_zaakrelatie", "cases_zaakinformatieobject"),
)
COUNTED = (
    *("zaaktype", "vertrouwelijkheidaanduiding", "bronorganisatie", "archiefnominatie", "archiefstatus"),
    "einddatum",
)
COUNT = (
    "INSERT INTO cases_zaaktelling "
    "(zaaktype, level, bronorganisatie, archiefnominatie, archiefstatus, open, slot, number, moves) "
    "SELECT {row}.zaaktype, {row}.vertrouwelijkheidaanduiding, {row}.bronorganisatie, {row}.archiefnominatie, "
    "{row}.archiefstatus, {row}.einddatum IS NULL, {slot}, {by}, {moves} WHERE true "
    "ON CONFLICT (zaaktype, level, bronorganisatie, archiefnominatie, archiefstatus, open, slot) "
    "DO UPDATE SET number = cases_zaaktelling.number + excluded.number, "
    "moves = cases_zaaktelling.moves + excluded.moves;"
)
# A new case that is not the newest of all moves those above it, in a list that is in order of id.
OLDER = "CASE WHEN EXISTS (SELECT 1 FROM cases_zaak newer WHERE newer.id > NEW.id) THEN 1 ELSE 0 END"
FORGET = "UPDATE cases_zaak SET body = NULL WHERE id = {id} AND body IS NOT NULL;"


def _sqlite():
    def trigger(name, when, body, condition=""):
        return f"CREATE TRIGGER {name} AFTER {when} {condition} BEGIN {body} END"

    def count(row, by, moves="1"):
        return COUNT.format(row=row, by=by, slot=0, moves=moves)

    moved = "WHEN " + " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in COUNTED)
    whole = FORGET.format(id="{row}.hoofdzaak_id")
    yield trigger("zaak_counted", "INSERT ON cases_zaak", count("NEW", 1, OLDER))
    yield trigger("zaak_uncounted", "DELETE ON cases_zaak", count("OLD", -1))
    yield trigger(
        "zaak_recounted",
        f"UPDATE OF {', '.join(COUNTED)} ON cases_zaak",
        count("OLD", -1) + count("NEW", 1),
        moved,
    )
    yield trigger(
        "zaak_changed",
        "UPDATE ON cases_zaak",
        "UPDATE cases_zaak SET body = NULL WHERE id = NEW.id;",
        "WHEN NEW.body IS NOT NULL AND NEW.body IS OLD.body",
    )
    yield trigger(
        "zaak_part_added", "INSERT ON cases_zaak", whole.format(row="NEW"), "WHEN NEW.hoofdzaak_id IS NOT NULL"
    )
    yield trigger(
        "zaak_part_gone", "DELETE ON cases_zaak", whole.format(row="OLD"), "WHEN OLD.hoofdzaak_id IS NOT NULL"
    )
    yield trigger(
        "zaak_part_moved",
        "UPDATE OF hoofdzaak_id ON cases_zaak",
        whole.format(row="OLD") + whole.format(row="NEW"),
        "WHEN NEW.hoofdzaak_id IS NOT OLD.hoofdzaak_id",
    )
    for table in CHILDREN:
        yield trigger(f"{table}_added", f"INSERT ON {table}", FORGET.format(id="NEW.zaak_id"))
        yield trigger(f"{table}_gone", f"DELETE ON {table}", FORGET.format(id="OLD.zaak_id"))
        both = FORGET.format(id="OLD.zaak_id") + FORGET.format(id="NEW.zaak_id")
        yield trigger(f"{table}_changed", f"UPDATE ON {table}", both)


def _postgresql():
    def function(name, body):
        return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"

    def trigger(name, when, function, condition=""):
        return f"CREATE TRIGGER {name} {when} FOR EACH ROW {condition} EXECUTE FUNCTION {function}()"

    def count(row, by, moves="1"):
        return COUNT.format(row=row, by=by, slot="pg_backend_pid() % 16", moves=moves)

    moved = f"WHEN ({' OR '.join(f'NEW.{one} IS DISTINCT FROM OLD.{one}' for one in COUNTED)})"
    yield function("zaak_counted", count("NEW", 1, OLDER) + " RETURN NULL;")
    yield function("zaak_uncounted", count("OLD", -1) + " RETURN NULL;")
    yield function("zaak_recounted", count("OLD", -1) + count("NEW", 1) + " RETURN NULL;")
    yield function("zaak_changed", "NEW.body := NULL; RETURN NEW;")
    yield function(
        "zaak_part",
        "IF TG_OP <> 'INSERT' THEN " + FORGET.format(id="OLD.hoofdzaak_id") + " END IF; "
        "IF TG_OP <> 'DELETE' THEN " + FORGET.format(id="NEW.hoofdzaak_id") + " END IF; RETURN NULL;",
    )
    yield function(
        "zaak_child",
        "IF TG_OP <> 'INSERT' THEN " + FORGET.format(id="OLD.zaak_id") + " END IF; "
        "IF TG_OP <> 'DELETE' THEN " + FORGET.format(id="NEW.zaak_id") + " END IF; RETURN NULL;",
    )
    yield trigger("zaak_counted", "AFTER INSERT ON cases_zaak", "zaak_counted")
    yield trigger("zaak_uncounted", "AFTER DELETE ON cases_zaak", "zaak_uncounted")
    recounted = f"AFTER UPDATE OF {', '.join(COUNTED)} ON cases_zaak"
    yield trigger("zaak_recounted", recounted, "zaak_recounted", moved)
    same = "WHEN (NEW.body IS NOT NULL AND NEW.body = OLD.body)"
    yield trigger("zaak_changed", "BEFORE UPDATE ON cases_zaak", "zaak_changed", same)
    there = "WHEN ({row}.hoofdzaak_id IS NOT NULL)"
    yield trigger("zaak_part_added", "AFTER INSERT ON cases_zaak", "zaak_part", there.format(row="NEW"))
    yield trigger("zaak_part_gone", "AFTER DELETE ON cases_zaak", "zaak_part", there.format(row="OLD"))
    other = "WHEN (NEW.hoofdzaak_id IS DISTINCT FROM OLD.hoofdzaak_id)"
    yield trigger("zaak_part_moved", "AFTER UPDATE OF hoofdzaak_id ON cases_zaak", "zaak_part", other)
    for table in CHILDREN:
        yield trigger(f"{table}_zaak", f"AFTER INSERT OR UPDATE OR DELETE ON {table}", "zaak_child")


def install(apps, schema_editor):
    statements = _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite()
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(
            "INSERT INTO cases_zaaktelling "
            "(zaaktype, level, bronorganisatie, archiefnominatie, archiefstatus, open, slot, number, moves) "
            "SELECT zaaktype, vertrouwelijkheidaanduiding, bronorganisatie, archiefnominatie, archiefstatus, "
            "einddatum IS NULL, 0, COUNT(*), 0 FROM cases_zaak GROUP BY 1, 2, 3, 4, 5, 6"
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_documents")]
    operations = [
        migrations.CreateModel(
            "ZaakTelling",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zaaktype", models.UUIDField()),
                ("level", models.CharField(max_length=20)),
                ("bronorganisatie", models.CharField(max_length=9)),
                ("archiefnominatie", models.CharField(max_length=20)),
                ("archiefstatus", models.CharField(max_length=40)),
                ("open", models.BooleanField()),
                ("slot", models.PositiveSmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("moves", models.BigIntegerField()),
            ],
        ),
        migrations.AddConstraint(
            "zaaktelling",
            models.UniqueConstraint(
                fields=["zaaktype", "level", "bronorganisatie", "archiefnominatie", "archiefstatus", "open", "slot"],
                name="one_count_a_slot",
            ),
        ),
        # In the order of lists: ids are in order of time.
        migrations.RemoveIndex("zaak", "zaak_by_type"),
        migrations.AddIndex("zaak", models.Index(fields=["zaaktype", "-id"], name="zaak_of_type")),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
