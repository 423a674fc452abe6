"""Templates compiled once for each language, so that what is always the same words on a page is part of its text.

In: Django's options for the backend, and the language of the page that is made. Out: its template, in that language.
Always holds: everything is escaped unless it is Markup made by us; a name that does not exist is an error and never an
empty place; a text without values in it is looked up and escaped when its template is compiled, not for each page;
what was compiled with an older translation is not used.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.backends.jinja2 import Jinja2, Template
from django.utils.translation import override
from jinja2 import Environment, StrictUndefined, TemplateNotFound, nodes
from jinja2.visitor import NodeTransformer

from raadhuis.site.compiled import CompiledTemplates
from raadhuis.site.templating import furnish, language, translated


def environment(**options: Any) -> Environment:
    """The environment that Django's backend asks for, in no language yet; takes the backend's OPTIONS."""
    options |= {"undefined": StrictUndefined, "autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    env = Edition(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)
    furnish(env)
    return env


class Edition(Environment):
    """Templates in one language ("nl", "en"); with "" each page looks up its words itself."""

    language = ""

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        """Jinja2's hook between reading a template and writing its code."""
        if not self.language:
            return super()._generate(source, *args, **options)
        with override(self.language):
            return super()._generate(_Words().visit(source), *args, **options)


class _Words(NodeTransformer):
    """Puts in the place of `_("words")` the words in the language that is active."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name that the visitor calls
        self.generic_visit(node)
        called, given = node.node, (node.args, node.kwargs, node.dyn_args, node.dyn_kwargs)
        match called, given:
            case nodes.Name(name="_"), ([nodes.Const(value=str() as message)], [], None, None):
                return nodes.Const(translated(message), lineno=node.lineno, environment=node.environment)
        return node


class Editions(Jinja2):
    """Django's template backend: Jinja2, with the edition of the page's language."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.editions = {code: _edition(self.env, code) for code, _ in settings.LANGUAGES}

    def get_template(self, template_name: str) -> Template:
        """The template in the language of the page. Raises TemplateDoesNotExist."""
        try:
            return Template(self.editions[language()].get_template(template_name), self)
        except TemplateNotFound as error:
            raise TemplateDoesNotExist(template_name, backend=self) from error


def _edition(base: Environment, code: str) -> Environment:
    edition = base.overlay()
    edition.language = code  # type: ignore[attr-defined]  # an overlay is an Edition too
    if isinstance(base.bytecode_cache, CompiledTemplates):
        edition.bytecode_cache = base.bytecode_cache.of_edition(code, _digest(code))
    return edition


def _digest(code: str) -> str:
    """Changes with the translation."""
    found = hashlib.sha256()
    for folder in settings.LOCALE_PATHS:
        file = Path(folder) / code / "LC_MESSAGES" / "django.mo"
        found.update(file.read_bytes() if file.exists() else b"")
    return found.hexdigest()
