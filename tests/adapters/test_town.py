"""The invented town: what the stand-ins all speak about holds together."""

from stdnum.nl import bsn

from raadhuis.adapters.standins import demo_identities, town
from raadhuis.adapters.standins.people import BUSINESSES, RESIDENTS, STAFF
from raadhuis.adapters.standins.town import ADDRESSES, ELSEWHERE, inside, neighbourhoods
from raadhuis.adapters.vehicles.standin import VEHICLES
from raadhuis.kernel import plates


def test_every_address_lies_in_its_own_neighbourhood_only() -> None:
    rings = {f["properties"]["buurtnaam"]: f["geometry"]["coordinates"][0] for f in neighbourhoods()["features"]}
    for address in ADDRESSES:
        around = [name for name, ring in rings.items() if inside(ring, address.lat or 0, address.lon or 0)]
        assert around == ([] if address is ELSEWHERE else [address.neighbourhood]), address.line


def test_the_neighbourhoods_are_closed_rings_with_the_district_of_their_addresses() -> None:
    for feature in neighbourhoods()["features"]:
        ring, known = feature["geometry"]["coordinates"][0], feature["properties"]
        assert ring[0] == ring[-1]
        assert {a.district for a in ADDRESSES if a.neighbourhood == known["buurtnaam"]} == {known["wijknaam"]}


def test_addresses_are_unique() -> None:
    assert len({a.bag_id for a in ADDRESSES}) == len(ADDRESSES)
    assert len({(a.postcode, a.number) for a in ADDRESSES}) == len(ADDRESSES)
    assert town.at("Lange Brugstraat", "12A").house_letter == "A"


def test_numbers_pass_the_eleven_test_and_belong_to_nobody() -> None:
    numbers = [r.bsn for r in RESIDENTS] + [b.rsin for b in BUSINESSES if b.rsin]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert bsn.is_valid(number) and number.startswith("9999"), number
    assert all(b.kvk.startswith("9999") and len(b.kvk) == 8 for b in BUSINESSES)


def test_families_know_each_other() -> None:
    by_bsn = {r.bsn: r for r in RESIDENTS}
    for resident in RESIDENTS:
        if resident.partner:
            assert by_bsn[resident.partner].partner == resident.bsn
        for child in resident.children:
            assert by_bsn[child].birth_date > resident.birth_date


def test_plates_are_plates() -> None:
    assert all(plates.is_plate(v[0]) and plates.normalise(v[0]) == v[0] for v in VEHICLES)


def test_everybody_who_can_log_in_has_a_name_and_a_reason() -> None:
    listed = demo_identities()
    assert len(listed) == sum(bool(r.id) for r in RESIDENTS) + len(BUSINESSES) + len(STAFF)
    assert len({(i.realm, i.id) for i in listed}) == len(listed)
    assert all(i.name and i.who and i.why for i in listed)
