"""Collects the sentences of templates and Python code, and puts the new ones into the English translation.

In: src/raadhuis. Out: site/locale/en/LC_MESSAGES/django.po with every sentence in use and no other; sentences that are
new have an empty translation, and a test fails until somebody writes it. Nothing is guessed: no fuzzy entries.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent / "src" / "raadhuis"
LOCALE = ROOT / "site" / "locale"
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {"gettext": None, "_": None, "gettext_noop": None, "ngettext": (1, 2)}


def collect() -> Catalog:
    """Every sentence in use, without translations."""
    found = Catalog(locale="en", fuzzy=False)
    with (LOCALE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    for name, line, message, comments, context in extract_from_dir(
        str(ROOT), methods, options, KEYWORDS, comment_tags=()
    ):
        found.add(message, None, [(f"src/raadhuis/{name}", line)], auto_comments=comments, context=context)
    return found


def read() -> Catalog:
    """The English translation as it stands."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def main() -> int:
    fresh, kept = collect(), read() if ENGLISH.exists() else Catalog(locale="en", project="Raadhuis")
    made = kept.creation_date
    kept.update(fresh, no_fuzzy_matching=True)
    kept.obsolete.clear()
    kept.fuzzy, kept.creation_date = False, made  # The same sentences give the same file.
    kept.header_comment = "# The English of Raadhuis. The keys are the Dutch sentences; `make messages` adds new ones."
    with ENGLISH.open("wb") as file:
        write_po(file, kept, width=120, sort_output=True, include_lineno=False)
    empty = [message.id for message in kept if message.id and not all(_strings(message.string))]
    sys.stdout.write(f"{len(kept)} sentences, {len(empty)} without translation\n")
    for one in empty:
        sys.stdout.write(f"  {one if isinstance(one, str) else one[0]}\n")
    return 0


def _strings(value: object) -> list[str]:
    return list(value) if isinstance(value, tuple | list) else [str(value or "")]


if __name__ == "__main__":
    sys.exit(main())
