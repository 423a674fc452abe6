"""Completeness: every address is a page that some test looks at, or is known not to be one."""

import importlib
from pathlib import Path
from types import ModuleType

from django.urls import URLPattern, URLResolver, get_resolver

from browser.pages import NO_PAGES, PAGES


def names(patterns: list[URLPattern | URLResolver]) -> set[str]:
    """The names of all addresses."""
    found: set[str] = set()
    for one in patterns:
        found |= names(one.url_patterns) if isinstance(one, URLResolver) else {str(one.name)}
    return found


def test_every_address_is_in_the_table_or_known_to_be_no_page() -> None:
    # The national APIs answer JSON: nobody looks at them.
    addresses = {name for name in names(get_resolver().url_patterns) if not name.startswith("zgw_")}
    assert addresses == {name for name in PAGES.values() if name} | set(NO_PAGES)
    assert not set(PAGES.values()) & set(NO_PAGES)


def said(module: ModuleType) -> set[str]:
    """The labels that the tests of a module say they look at."""
    holders = [module, *(one for one in vars(module).values() if isinstance(one, type))]
    return {label for holder in holders for one in vars(holder).values() for label in getattr(one, "looks_at", ())}


def test_every_page_is_looked_at_by_a_test() -> None:
    files = Path(__file__).parent.glob("test_*.py")
    looked = {label for file in files for label in said(importlib.import_module(f"browser.{file.stem}"))}
    assert looked == set(PAGES)
