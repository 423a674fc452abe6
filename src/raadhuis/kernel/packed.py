"""A ZIP of JSON files that somebody gave us, read with care.

In: bytes. Out: what the files hold, by name. Always holds: nothing is written to disk; no more is unpacked than there
is room for, whatever the ZIP says about itself; what cannot be read is refused in one sentence.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Container
from typing import Any

import orjson

_CHUNK = 1 << 20


class BadPackage(ValueError):
    """This file is not what it should be; the message is a sentence for people."""


def json_files(
    packed: bytes, wanted: Container[str], *, room: int, most_packed: int, most_files: int
) -> tuple[dict[str, Any], list[str]]:
    """(what `NAME.json` holds for each wanted name, the names of other files). Raises BadPackage.

    `room` is how many bytes may come out of it, `most_packed` how large it may be itself.
    """
    if len(packed) > most_packed:
        raise BadPackage(f"Dit bestand is groter dan {most_packed // 1_000_000} MB. Dat is te groot.")
    found: dict[str, Any] = {}
    others = []
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = archive.infolist()
            if len(members) > most_files:
                raise BadPackage(f"Dit ZIP-bestand bevat {len(members)} bestanden; dat zijn er te veel.")
            for member in members:
                if member.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", member.filename):
                    raise BadPackage("Dit ZIP-bestand wijst naar plekken buiten zichzelf. Wij openen het niet.")
                name = member.filename.removesuffix(".json")
                if name not in wanted:
                    others.append(member.filename[:100])
                    continue
                content = _content(archive, member, room)
                room -= len(content)
                found[name] = _parsed(content, member.filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadPackage("Dit is geen ZIP-bestand, of het is beschadigd of beveiligd.") from error
    return found, others


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """Unpacks piece by piece, and stops where there is no room: what the ZIP says of its sizes is not believed."""
    parts, size = [], 0
    with archive.open(member) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > room:
                raise BadPackage("Uitgepakt is dit veel te groot. Wij openen het niet.")
            parts.append(part)
    return b"".join(parts)


def _parsed(content: bytes, name: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BadPackage(f"{name} is geen geldige JSON ({error}).") from error


def rows(value: Any, name: str) -> list[dict[str, Any]]:
    """The objects of a list. Raises BadPackage."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise BadPackage(f"{name} hoort een lijst van objecten te zijn.")
    return value
