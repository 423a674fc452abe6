"""Compiled templates, kept between starts: compiling all of them takes a second.

In: the data folder. Out: Jinja2's bytecode cache, or None where nothing can be written.
Always holds: a template that changed is compiled again (its checksum is in the file); a full disk costs no page.
"""

import contextlib
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class _Compiled(FileSystemBytecodeCache):
    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates(data: Path) -> FileSystemBytecodeCache | None:
    """The cache below `data`, readable by this user only: what is in it is run."""
    folder = data / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return _Compiled(str(folder))
