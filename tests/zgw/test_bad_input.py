"""What is sent wrong, to every operation that reads a body: a 400 that names where; nothing is stored, nobody is asked.

Made from the contracts: messages that cannot be read, in every attribute what does not belong there, addresses that
lead nowhere, inside or back. The bad values of all attributes of one object go in one body, as every fault is told at
once; an address that leads nowhere goes alone. One test, because the rows of all six APIs are dear to make.
"""

import json
import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import orjson
import pytest
from django.apps import apps
from django.db import transaction

from raadhuis.kernel.shapes import MOST_CHARACTERS, MOST_ITEMS, Attribute, Refused
from raadhuis.zgw.bodies import decoded
from zgw.clients import HOST, Application, codes
from zgw.estate import NOWHERE
from zgw.receivers import Receiver
from zgw.register import CRS
from zgw.writings import Writing, Writings, operations

Body = dict[str, Any]
NOT_TEXT = (5, 5.5, ["a"], [], {"a": 1}, {}, True)
# By kind of attribute: what does not belong in it. What `any` may hold is said by name, below.
BAD: dict[str, tuple[Any, ...]] = {
    "text": (*NOT_TEXT, "a\0b", "a\x01b", "\x1b[2J"),
    "uri": (*NOT_TEXT, "geen adres", "javascript:alert(1)", "http://", "http://a b/", "https://a/\0", "http://[::"),
    "email": (*NOT_TEXT, "geen adres", "a@b", "a\0@b.nl"),
    "choice": (*NOT_TEXT, "bestaat-niet", "a\0b", None),
    "date": (*NOT_TEXT, "gisteren", "2026-13-01", "2026-02-30", "20260101", "2026-01-01T00:00:00Z", "\0", ""),
    "datetime": (*NOT_TEXT, "gisteren", "2026-13-01T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01", "\0", ""),
    "duration": (*NOT_TEXT, "acht weken", "P", "PT", "8W", "-P1D", "\0"),
    "integer": ("5", 5.5, [5], {}, True, 2**70, -(2**70), ""),
    "number": ("5", [5], {}, True, "", "NaN"),
    "boolean": ("true", "ja", 1, 0, [True], {}, ""),
    "list": ("a", 5, {}, {"0": "a"}, True, ""),
    "object": ("a", 5, ["a"], True, [{}]),
    "any": (),
}
FEATURES = (5, "a", ["a"], True, {"a": 5}, {"a": ["b"]}, {"a": "b\0"}, {"a": "x" * 1001})
PLACES = (
    *(5, "POINT(1 2)", ["a"], True, {"type": "Cirkel", "coordinates": [1, 2]}, {"type": "Point"}, {"coordinates": [1]}),
    *({"type": "Point", "coordinates": ["a", "b"]}, {"type": "Point", "coordinates": [1e300, 5]}),
    *({"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}, {"type": ["Point"], "coordinates": {}}),
)
# What is looked at only when all else in the body has the right shape: each alone, and by name.
APART: dict[str, tuple[Any, ...]] = {
    "kenmerken": FEATURES,
    "filters": FEATURES,
    "inhoud": (5, ["a"], {}, True, "geen base64!", "a\0b"),
    "zaakgeometrie": PLACES,
}
# Addresses that are written down as they are: nobody here has what stands there, and nobody asks. Rights may be given
# before a type is there, and stay when it is gone; who searches for what is not there finds nothing.
ONLY_KEPT = {
    *("productenOfDiensten", "link", "documentatieLink", "objecttype", "selectielijstklasse", "url"),
    *("betrokkene", "contactPersoon", "landPostadres", "contactmoment", "verzoek", "hoofdObject", "resourceUrl"),
}
# What else an object holds that the good body does not have.
HELD: Body = {"relevanteAndereZaken": [{"aardRelatie": "vervolg"}]}
INSIDE = ("http://169.254.169.254/latest/", "http://127.0.0.1:1/", "http://[::1]/", "http://localhost/", "http://0/")


DEEP, MANY = 300, 30_000
# By sort: the bytes, and which attribute the answer names ("": whichever the reader was at).
BROKEN: dict[str, tuple[bytes, str]] = {
    "cut off": (b'{"zaak": "x', ""),
    "no JSON": (b"zaak=1", "nonFieldErrors"),
    "a list": (b"[1]", "nonFieldErrors"),
    "a text": (b'"zaak"', "nonFieldErrors"),
    "NaN": (b'{"omvang": NaN}', "omvang"),
    "Infinity": (b'{"omvang": -Infinity}', "omvang"),
    "no UTF-8": (b'{"zaak": "\xff"}', ""),
    "half a character": (b'{"zaak": "\\ud800"}', ""),
    "a name twice": (b'{"zaak": "a", "zaak": "b"}', "zaak"),
    "a name twice, with space": (b'{"zaak" : "a", "zaak"\n: "b"}', "zaak"),
    "a name twice, spelled otherwise": (b'{"zaak": "a", "\\u007aaak" : "b"}', "zaak"),
    "a name twice, deep": (b'{"a": [{"reden": "a", "reden": "b"}]}', "reden"),
    "10 MB of lists": (b'{"a":' + b"[" * 10_000_000, "nonFieldErrors"),
    "10 MB of objects": (b'{"a":' * 2_000_000, "nonFieldErrors"),
    "too deep": (b'{"diep":' + b"[" * DEEP + b"]" * DEEP + b"}", "diep"),
    "too many lists": (b'{"a":[' + b"[]," * MANY + b"[]]}", "nonFieldErrors"),
    "too many names": (b"{" + b",".join(b'"n%d":1' % n for n in range(MANY)) + b"}", "nonFieldErrors"),
}


@pytest.fixture
def writings(app: Application, receivers: Callable[..., Receiver], settings: Any) -> Writings:
    found = Writings(app, receivers().url)
    settings.RAADHUIS_RECEIVERS_INSIDE = []
    return found


class Group(NamedTuple):
    """The attributes of one object within a body. `put` gives the whole body with other values in that object."""

    attributes: tuple[Attribute, ...]
    within: str
    put: Callable[[Body], Body]


def groups(attributes: tuple[Attribute, ...], within: str, held: Body, put: Callable[[Body], Body]) -> Iterator[Group]:
    """The object itself, and every object in it."""
    own = tuple(one for one in attributes if not one.read_only)
    yield Group(own, within, lambda values: put({**held, **values}))
    for one in own:
        inner = one.of if one.kind == "list" else one
        if inner is None or not inner.parts or one.name == "zaakgeometrie":
            continue
        listed = one.kind == "list"
        there = held.get(one.name) or HELD.get(one.name)
        if listed:
            there = there[0] if isinstance(there, list) and there else {}
        yield from groups(
            inner.parts,
            f"{within}{one.name}.{'0.' if listed else ''}",
            there if isinstance(there, dict) else {},
            lambda part, name=one.name, listed=listed: put({**held, name: [part] if listed else part}),  # type: ignore[misc]
        )


def is_apart(one: Attribute) -> bool:
    """Whether it is looked at after all else."""
    return one.kind == "any" or one.name in {"inhoud", "zaakgeometrie"}


def bad(one: Attribute, *, inner: bool) -> list[Any]:
    """What this attribute may not hold. `inner`: in an object within the body, that may be empty as a whole."""
    found = [value for value in BAD[one.kind] if not (value == "" and (one.may_be_blank or inner))]
    if one.kind == "choice":
        found = [value for value in found if value not in one.options and not (value is None and one.nullable)]
    if one.kind == "text":
        found.append("x" * ((one.most or MOST_CHARACTERS) + 1))
    if one.kind == "uri" and one.most:
        found.append(f"https://{'x' * one.most}.example/")
    if one.kind == "object" and one.required:
        found.append(None)
    if one.kind == "list":
        found.append(["a"] * (MOST_ITEMS + 1))
        if one.of is not None:
            found += [[value] for value in bad(one.of, inner=inner)] + ([[None]] if not one.of.nullable else [])
    return found


def refused(app: Application, writing: Writing, body: Body | bytes) -> dict[str, str]:
    """The names and codes in the problem that there must be; of anything else, what was answered."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = app.ask(writing.method, writing.path, raw, check=False, **CRS)
    if response.status_code != 400:
        return {f"STATUS {response.status_code}": response.content[:300].decode()}
    assert response.headers["Content-Type"] == "application/problem+json"
    return codes(orjson.loads(response.content))


def rows() -> dict[str, int]:
    """How many rows there are, by table."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def below(name: str, path: str) -> bool:
    """Whether a name in a problem is that of this attribute, or of something in it."""
    return name == path or name.startswith(f"{path}.")


def wrong_in(group: Group) -> Iterator[tuple[Body, list[str]]]:
    """(a body, the attributes that are wrong in it), until every attribute had everything that is bad for it."""
    values = {one.name: bad(one, inner=bool(group.within)) for one in group.attributes if not is_apart(one)}
    for turn in range(max((len(many) for many in values.values()), default=0)):
        now = {name: many[turn] for name, many in values.items() if turn < len(many)}
        yield group.put(now), [f"{group.within}{name}" for name in now]
    for one in group.attributes:
        for value in APART.get(one.name, ()) if is_apart(one) else ():
            yield group.put({one.name: value}), [f"{group.within}{one.name}"]


def test_what_is_sent_wrong_is_refused_where_it_is_wrong(writings: Writings) -> None:
    require_right(writings)
    before = rows()
    assert unreadable(writings) == []
    assert wrong_values(writings) == []
    assert wrong_addresses(writings) == []
    nothing_is_its_own(writings)
    assert rows() == before


def unreadable(writings: Writings) -> list[Any]:
    """Sends what cannot be read; what was not refused where it went wrong."""
    wrong: list[Any] = []
    for writing in writings.all():
        for sort, (raw, name) in BROKEN.items() if "(" not in writing.place else ():
            told = refused(writings.app, writing, raw)
            if name not in {"", *told} or len(told) != 1:
                wrong.append((str(writing), sort, told))
    return wrong


def wrong_values(writings: Writings) -> list[Any]:
    """Puts in every attribute what does not belong there; what was not refused by its name."""
    wrong: list[Any] = []
    for writing in writings.all():
        for group in groups(writing.attributes, "", writing.body, lambda body: body):
            own = [f"{group.within}{one.name}" for one in group.attributes]
            for body, names in wrong_in(group):
                told = refused(writings.app, writing, body)
                missing = [name for name in names if not any(below(one, name) for one in told)]
                # An object that is put in needs more than what is bad in it.
                asked = {one for one, code in told.items() if code == "required"}
                strange = [one for one in told.keys() - asked if not any(below(one, name) for name in own)]
                if missing or strange:
                    wrong.append((str(writing), missing, strange, str(body)[:300]))
    return wrong


def require_right(writings: Writings) -> None:
    """Every operation is here, and the body that it starts from is taken: what is refused is so for what is bad."""
    found = list(writings.all())
    assert {(one.method, one.place) for one in found} >= set(operations())
    assert len(operations()) > 65
    for writing in found:
        if "(" in writing.place or "abonnement" in writing.path:
            continue  # Of these the body says nothing yet, or has a callback that would be asked.
        before = transaction.savepoint()
        response = writings.app.ask(writing.method, writing.path, writing.body, check=False, **CRS)
        transaction.savepoint_rollback(before)
        mirrored = response.status_code == 400 and _only_mirrored(response.content)
        assert response.status_code < 300 or mirrored, (str(writing), writing.body, response.content[:600])


def _only_mirrored(content: bytes) -> bool:
    codes = {one["code"] for one in orjson.loads(content)["invalidParams"]}
    return codes <= {"unique", "inconsistent-relation", "future_not_allowed"}


def addresses(writing: Writing) -> Iterator[tuple[str, Callable[[str], Body]]]:
    """(path, the body with an address there) of every attribute that points at something."""
    for group in groups(writing.attributes, "", writing.body, lambda whole: whole):
        if group.within.startswith("autorisaties") or writing.place.endswith("_zoek"):
            continue
        for one in group.attributes:
            listed = one.kind == "list" and one.of is not None and one.of.kind == "uri"
            kept = one.name in ONLY_KEPT and not (one.name == "url" and "AndereZaken" in group.within)
            if not kept and (one.kind == "uri" or listed):
                put = partial(_at, group, one.name, listed=listed)
                yield f"{group.within}{one.name}", put


def _at(group: Group, name: str, url: str, *, listed: bool) -> Body:
    return group.put({name: [url] if listed else url})


def wrong_addresses(writings: Writings) -> list[Any]:
    """Lets every attribute that points at something point nowhere, or inside; what was not refused by its name."""
    wrong: list[Any] = []
    nobody, at = NOWHERE.format(999), writings.lot.at
    with socket.create_server(("127.0.0.1", 0)) as inside:
        inside.setblocking(False)
        here = f"http://127.0.0.1:{inside.getsockname()[1]}/zaken/api/v1/zaken/{nobody}"
        ours = (f"{HOST}/{nobody}", f"{HOST}/", at["klantcontacten"], f"{HOST}/zaken/api/v1/zaken/{nobody}")
        for writing in writings.all():
            for path, put in addresses(writing):
                for url in (*ours, here, *INSIDE):
                    told = refused(writings.app, writing, put(url))
                    if not told or not all(below(one, path) for one in told):
                        wrong.append((str(writing), path, url, told))
        with pytest.raises(BlockingIOError):
            inside.accept()  # Nobody came to ask.
    return wrong


def nothing_is_its_own(writings: Writings) -> None:
    """A case is not its own whole, nor related to itself; a zaaktype is not a part of itself."""
    app, zaak, zaaktype = writings.app, writings.lot.at["zaken"], writings.types.zaaktype
    related = {"relevanteAndereZaken": [{"url": zaak, "aardRelatie": "vervolg"}]}
    for body, name in (({"hoofdzaak": zaak}, "hoofdzaak"), (related, "relevanteAndereZaken.0.url")):
        response = app.ask("PATCH", zaak, body, **CRS)
        assert codes(orjson.loads(response.content)) == {name: "self-forbidden"}
    for part in (zaaktype, "ZAAKTYPE-1"):
        refusal = app.patch(zaaktype, {"deelzaaktypen": [part]}, 400)
        assert codes(refusal) == {"deelzaaktypen.0": "self-forbidden"}
    response = app.ask("PATCH", writings.whole, {"hoofdzaak": zaak}, **CRS)
    assert codes(orjson.loads(response.content)) == {"hoofdzaak": "deelzaak-als-hoofdzaak"}


@pytest.mark.parametrize("space", ["", " ", "\n" * 500])
def test_a_name_told_twice_is_found_beside_a_long_text(space: str) -> None:
    """A message with a file in it is searched in another way than a short one."""
    text = "A" * 30_000

    def message(*names: str) -> bytes:
        told = [f'"{name}"{space}:{space}"12:30"' for name in names]
        return f'{{{",".join(told)},"inhoud":"{text}"}}'.encode()

    assert set(decoded(message("titel", "auteur", "link"))) == {"titel", "auteur", "link", "inhoud"}
    with pytest.raises(Refused) as refused:
        decoded(message("titel", "auteur", "titel"))
    assert [fault.code for fault in refused.value.faults] == ["duplicate"]
