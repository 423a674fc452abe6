"""Compiled templates, kept between starts: compiling all of them takes a second.

In: the data folder, and which edition. Out: Jinja2's bytecode cache, or None where nothing can be written.
Always holds: a template that changed, or whose translation did, is compiled again (the checksum of both is in the
file); a full disk costs no page.
"""

import contextlib
import hashlib
from pathlib import Path
from typing import Self

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """The compiled templates of one language; those of others lie beside them."""

    def __init__(self, folder: str, language: str = "", words: str = "") -> None:
        super().__init__(folder, f"%s-{language}.cache")
        self._words = words

    def of_edition(self, language: str, words: str) -> Self:
        """Those of `language`; `words` is a digest of its translation."""
        return type(self)(self.directory, language, words)

    def get_source_checksum(self, source: str) -> str:
        """What must not have changed since."""
        return hashlib.sha256(f"{self._words}{source}".encode()).hexdigest()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it, where there is room."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates(data: Path) -> CompiledTemplates | None:
    """The cache below `data`, readable by this user only: what is in it is run."""
    folder = data / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return CompiledTemplates(str(folder))
