"""Long lists of cases: counts and deep pages are what a plain count and offset would tell, whatever happens between."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from house import House
from raadhuis.cases.models import Zaak, ZaakTelling
from raadhuis.cases.zrc import lists
from raadhuis.clients.schema import Client, Right
from raadhuis.kernel import clock
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.ids import uuid7

RSIN = "000000000"
LEVELS = ("openbaar", "intern", "geheim")
STATUSES = ("nog_te_archiveren", "gearchiveerd")


@pytest.fixture
def kinds(house: House) -> list[UUID]:
    """Two zaaktypen."""
    from raadhuis.catalogue.ztc.queries import newest_zaaktypen

    return [UUID(one.address.rpartition("/")[2]) for one in newest_zaaktypen()[:2]]


def new(kind: UUID, level: str, status: str, *, closed: bool, old: bool = False) -> Zaak:
    """A case; an `old` one has an id from before all others, as one that was taken over."""
    day = clock.today()
    return Zaak.objects.create(
        id=UUID(int=uuid7().int >> 20) if old else uuid7(),
        identificatie=uuid7().hex,
        bronorganisatie=RSIN,
        verantwoordelijke_organisatie=RSIN,
        zaaktype=kind,
        registratiedatum=day,
        startdatum=day,
        einddatum=day if closed else None,
        vertrouwelijkheidaanduiding=level,
        archiefstatus=status,
        made=clock.now(),
    )


def reader(kind: UUID, level: str) -> Client:
    """An application that may read cases of one type up to a level."""
    right = Right("zrc", frozenset({"zaken.lezen"}), f"{MARK}catalogi/api/v1/zaaktypen/{kind}", level)
    return Client(UUID(int=1), "lezer", "Lezer", "x", False, False, (right,), 1)


EVERYTHING = Client(UUID(int=2), "alles", "Alles", "x", True, False, (), 1)


def plainly(client: Client, asked: dict[str, str], page: int) -> tuple[int, list[UUID]]:
    """What a plain count and offset tell."""
    from raadhuis.cases.zrc import access, filters

    where = filters.condition("zaken", filters.ZAAK_FILTERS, asked) & access.readable(client, "zaken.lezen")
    rows = Zaak.objects.filter(where).order_by("-pk")
    return rows.count(), list(rows.values_list("pk", flat=True)[(page - 1) * lists.PAGE : page * lists.PAGE])


def shown(client: Client, asked: dict[str, str], page: int) -> tuple[int, list[UUID]]:
    """What the list tells."""
    from raadhuis.kernel.documents import read

    count, bodies = lists.page_of(asked, client, page)
    return count, [UUID(read(body)["uuid"]) for body in bodies]


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("new", "old", "remove", "close", "hide", "page")),
        st.integers(0, 40),
        st.sampled_from(LEVELS),
        st.sampled_from(STATUSES),
        st.booleans(),
        st.integers(1, 9),
    ),
    min_size=5,
    max_size=40,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(steps=_STEPS)
def test_whatever_happens_a_page_is_the_page(kinds: list[UUID], steps: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    with monkeypatch.context() as patch, transaction.atomic():
        patch.setattr(lists, "PAGE", 3)
        lists.forget_known()
        one, other = kinds
        clients = [EVERYTHING, reader(one, "intern"), reader(other, "geheim")]
        questions: list[dict[str, str]] = [
            {},
            {"archiefstatus": STATUSES[0], "einddatum__isnull": "true"},
            {"maximaleVertrouwelijkheidaanduiding": "intern"},
            {"bronorganisatie__in": f"{RSIN},1"},
        ]
        for step, number, level, status, flag, page in steps:
            rows = list(Zaak.objects.order_by("pk").values_list("pk", flat=True))
            chosen = Zaak.objects.filter(pk=rows[number % len(rows)]) if rows else Zaak.objects.none()
            if step in {"new", "old"}:
                new(kinds[number % 2], level, status, closed=flag, old=step == "old")
            elif step == "remove":
                chosen.delete()
            elif step == "close":
                chosen.update(einddatum=None if flag else clock.today(), archiefstatus=status)
            elif step == "hide":
                chosen.update(vertrouwelijkheidaanduiding=level, zaaktype=kinds[flag])
            for client in clients:
                asked = questions[number % len(questions)]
                assert shown(client, asked, page) == plainly(client, asked, page), (step, asked, page)
        transaction.set_rollback(True)


def test_the_counts_are_those_of_the_cases(kinds: list[UUID]) -> None:
    made = [new(kinds[n % 2], LEVELS[n % 3], STATUSES[n % 2], closed=n % 5 == 0) for n in range(30)]
    made[3].delete()
    made[4].vertrouwelijkheidaanduiding = "zeer_geheim"
    made[4].save()
    for kind in kinds:
        for level in (*LEVELS, "zeer_geheim"):
            counted = sum(ZaakTelling.objects.filter(zaaktype=kind, level=level).values_list("number", flat=True))
            assert counted == Zaak.objects.filter(zaaktype=kind, vertrouwelijkheidaanduiding=level).count()
