"""Who plays which part is on the case, once each, and not readable in the database."""

from datetime import timedelta

from house import House
from raadhuis.cases import actions
from raadhuis.cases.models import Rol, Zaak
from raadhuis.kernel import clock
from raadhuis.site.example.filler import apply


def test_applicant_handler_and_decider_are_noted_once(house: House) -> None:
    answers = {
        "kenteken": "GZ999R",
        "eigenaar": "lease",
        "verklaring": [{"name": "brief.pdf"}],
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "fatima@voorbeeld.example",
    }
    zaak = Zaak.objects.get(id=apply("parkeervergunning", house.person("fatima"), answers).zaak)
    task, murat, ingrid = zaak.tasks.get(), house.staff("murat"), house.staff("ingrid")
    actions.claim(task.id, murat)
    actions.release(task.id, murat)
    actions.claim(task.id, murat)
    actions.hand_over(task.id, murat, team="evenementen")
    actions.claim(task.id, ingrid)
    actions.decide(task.id, ingrid, result="grant", motivation="Het klopt.")
    parts = sorted(zaak.rollen.values_list("omschrijving_generiek", flat=True))
    assert parts == ["behandelaar", "behandelaar", "beslisser", "initiator"]
    stored = b"".join(bytes(rol.identification) + bytes(rol.contact) for rol in Rol.objects.all())
    for private in (b"999900006", b"Fatima", b"Murat", b"Ingrid"):
        assert private not in stored
