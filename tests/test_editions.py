"""Templates are compiled once for each language: the words of a page are part of it, and are those of its language."""

from pathlib import Path
from typing import Any

import pytest
from django.template import TemplateDoesNotExist, engines
from django.utils.translation import override
from jinja2 import DictLoader, UndefinedError

from raadhuis.site.compiled import CompiledTemplates
from raadhuis.site.editions import Edition, environment


def edition(language: str, source: str, cache: CompiledTemplates | None = None) -> Any:
    base = environment(loader=DictLoader({"page.html": source}), bytecode_cache=cache)
    assert isinstance(base, Edition)
    base.language = language
    return base.get_template("page.html")


def test_a_page_is_in_the_language_of_who_asks() -> None:
    pages: Any = engines["pages"]
    with override("nl"):
        dutch = pages.get_template("error.html").template
    with override("en"):
        english = pages.get_template("error.html").template
    assert dutch is not english
    with pytest.raises(TemplateDoesNotExist):
        pages.get_template("nowhere.html")


def test_words_are_put_in_when_a_template_is_compiled() -> None:
    source = '{{ _("Zaken") }} {{ "<b>" }} {{ {"a": _("Zoeken")}["a"] }} {{ _("Nu aan het werk: %(team)s", team=who) }}'
    with override("nl"):  # A page of the other language changes nothing about what was compiled.
        assert edition("en", source).render(who="<i>") == "Cases &lt;b&gt; Search Nu aan het werk: &lt;i&gt;"
    with override("en"):
        assert edition("nl", source).render(who="x").startswith("Zaken &lt;b&gt; Zoeken ")


def test_a_name_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        edition("nl", "{{ nobody }}").render()


def test_what_was_compiled_with_other_words_is_not_used(tmp_path: Path) -> None:
    kept = CompiledTemplates(str(tmp_path))
    source = '{{ _("Zaken") }}'
    assert edition("nl", source, kept.of_edition("en", "one")).render() == "Zaken"  # As if it were translated so.
    assert edition("en", source, kept.of_edition("en", "one")).render() == "Zaken"
    assert edition("en", source, kept.of_edition("en", "two")).render() == "Cases"
    assert edition("nl", source, kept.of_edition("nl", "two")).render() == "Zaken"
