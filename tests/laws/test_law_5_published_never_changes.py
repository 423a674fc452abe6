"""Law 5: what is published never changes; applications and cases stay on the version they began on."""

from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction

from cases.work import PARKING, lease, own
from catalogue.services import broken
from house import House
from raadhuis.cases.models import Zaak
from raadhuis.catalogue import actions, queries
from raadhuis.catalogue.models import ServiceVersion, ZaakType
from raadhuis.intake import actions as intake
from raadhuis.intake import queries as applications
from raadhuis.intake.models import Application
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.site.example.filler import apply, fill_in

MORE = {
    "examples": [],
    "pages.+": {
        "id": "kleur",
        "title": {"nl": "Kleur", "en": "Colour"},
        "questions": [
            {"type": "text", "id": "kleur", "required": False, "label": {"nl": "Welke kleur?", "en": "Which colour?"}}
        ],
    },
}
FIXED = ["service = 'x'", "version = 77", "source = ''", "definition = '{}'", "sha256 = 'x'", "zaaktype = NULL"]


def _refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("change", [*FIXED, "state = 'draft'"])
def test_the_database_refuses_to_change_what_is_published(house: House, change: str) -> None:
    before = list(ServiceVersion.objects.order_by("id").values_list())
    _refused(f"UPDATE catalogue_serviceversion SET {change} WHERE service = '{PARKING}'")
    assert list(ServiceVersion.objects.order_by("id").values_list()) == before


def test_the_database_refuses_to_remove_what_was_ever_published(house: House) -> None:
    _refused(f"DELETE FROM catalogue_serviceversion WHERE service = '{PARKING}'")
    actions.retire(PARKING, SYSTEM)
    _refused(f"DELETE FROM catalogue_serviceversion WHERE service = '{PARKING}'")
    _refused(f"UPDATE catalogue_serviceversion SET definition = '{{}}' WHERE service = '{PARKING}'")
    with pytest.raises(DatabaseError), transaction.atomic():
        ServiceVersion.objects.filter(service=PARKING).delete()
    assert ServiceVersion.objects.filter(service=PARKING).count() == 1


def test_an_application_that_runs_stays_on_its_version(house: House) -> None:
    person = house.person("fatima")
    running = intake.start(PARKING, person)
    actions.publish_document(broken(PARKING, MORE), SYSTEM)
    assert Application.objects.get(id=running).service_version == 1
    with pytest.raises(Absent):
        applications.page(running, "kleur", person)
    later = intake.start(PARKING, person)
    assert applications.page(later, "kleur", person).title == "Kleur"
    old = fill_in(PARKING, person, own() | {"kleur": "rood"})
    assert Application.objects.get(id=old).service_version == 2


def test_a_case_that_runs_stays_on_its_version_also_when_its_task_is_gone(house: House) -> None:
    person = house.person("fatima")
    zaak = Zaak.objects.get(id=apply(PARKING, person, lease()).zaak)
    title = {"tasks.0.title.nl": "Heel iets anders", "title.nl": "Andere naam"}
    actions.publish_document(broken(PARKING, title), SYSTEM)
    actions.retire(PARKING, SYSTEM)
    zaak.refresh_from_db()
    assert zaak.service_version == 1
    published = queries.by_version_id(zaak.version)  # type: ignore[arg-type]
    assert published.definition.title.nl != "Andere naam"
    assert house.client("fatima").get(f"/mijn/zaken/{zaak.id}/").status_code == 200


def test_an_application_can_be_finished_and_its_receipt_read_after_the_service_was_retired(house: House) -> None:
    client = house.client("fatima")
    application = house.begin(client, PARKING)
    house.answer(client, application, own())
    actions.retire(PARKING, SYSTEM)
    receipt = house.submit(client, application)
    assert receipt.status_code == 200
    zaak = Zaak.objects.get(submission=application)
    assert zaak.identificatie in receipt.content.decode() and zaak.result_key == "verleend"
    assert client.post(f"/diensten/{PARKING}/begin/").status_code == 404
    assert client.get(f"/diensten/{PARKING}/").status_code == 404


def test_each_version_has_its_own_zaaktype_and_the_old_one_ends(house: House) -> None:
    actions.publish_document(broken(PARKING, {"title.nl": "Anders"}), SYSTEM)
    one, two = (ServiceVersion.objects.get(service=PARKING, version=n).zaaktype for n in (1, 2))
    assert one != two
    assert ZaakType.objects.get(id=one).einde_geldigheid is not None
    assert ZaakType.objects.get(id=two).einde_geldigheid is None


@pytest.mark.parametrize("who", ["murat", "marco", "ada", "els"])
def test_only_an_editor_publishes(house: House, who: str) -> None:
    actor: Any = house.staff(who)
    changed = broken(PARKING, {"title.nl": "Anders"})
    for attempt in (
        lambda: actions.draft(changed, actor),
        lambda: actions.publish(PARKING, actor),
        lambda: actions.publish_document(changed, actor),
        lambda: actions.discard_draft(PARKING, actor),
        lambda: actions.retire(PARKING, actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert msgspec.structs.astuple(queries.versions(PARKING)[0])[3] == "published"
