"""Bytes of a file, unpacked on the way when it is gzipped.

Always holds: a block at a time is held; of a file that breaks off, or is damaged halfway, comes all that stood before.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from raadhuis.lean.logs.report import Progress, Report

BLOCK = 1 << 18
_MAGIC = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS  # zlib's way to say: with the header of gzip.


def blocks(file: Path, report: Report, progress: Progress | None = None) -> Iterator[bytes]:
    """The content in blocks of a quarter of a megabyte. Marks the report `truncated` where a gzip stream breaks off."""
    total = file.stat().st_size
    with file.open("rb") as source:
        packed = source.read(2) == _MAGIC
        source.seek(0)
        for block in _unpacked(source, report) if packed else _plain(source):
            if progress is not None:
                progress(source.tell(), total)
            yield block


def _plain(source: BinaryIO) -> Iterator[bytes]:
    while block := source.read(BLOCK):
        yield block


def _unpacked(source: BinaryIO, report: Report) -> Iterator[bytes]:
    """Several streams one after another are one file; what follows the last one and is no stream is not read."""
    unpacker = zlib.decompressobj(_GZIP)
    within = True
    while packed := source.read(BLOCK):
        while packed:
            try:
                block = unpacker.decompress(packed, BLOCK)
            except zlib.error:
                report.truncated = True
                return
            if block:
                yield block
            packed, within = unpacker.unconsumed_tail, True
            if unpacker.eof:
                packed, within = unpacker.unused_data, False
                unpacker = zlib.decompressobj(_GZIP)
                if packed and not packed.startswith(_MAGIC[: len(packed)]):
                    return
    if within:
        report.truncated = True
        yield unpacker.flush()
