"""An export becomes a draft definition in our own words, as YAML, and the account of what came along.

In: the bytes of a ZIP; optionally the names that an earlier import gave. Out: an Imported. Always holds: what comes out
can be read by `catalogue.loading`; the same export gives the same document.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import yaml

from raadhuis.catalogue.open_forms import archive, process, routing, words
from raadhuis.catalogue.open_forms.archive import Export
from raadhuis.catalogue.open_forms.cosigning import TO_DECIDE, cosign_of
from raadhuis.catalogue.open_forms.effects import Effects, Fact
from raadhuis.catalogue.open_forms.known import Documents
from raadhuis.catalogue.open_forms.logic import Translator
from raadhuis.catalogue.open_forms.naming import Names, joined, words_of
from raadhuis.catalogue.open_forms.options import Options, options_of
from raadhuis.catalogue.open_forms.pages import Page, Pages
from raadhuis.catalogue.open_forms.questions import Questions
from raadhuis.catalogue.open_forms.report import Account, Report
from raadhuis.catalogue.open_forms.scope import FormScope
from raadhuis.catalogue.open_forms.translation import Translation
from raadhuis.catalogue.open_forms.tree import Tree
from raadhuis.catalogue.open_forms.truth import Test, written
from raadhuis.kernel.expressions import BadExpression, parse

STOP = {
    "nl": "Met deze antwoorden kunt u niet verder. Lees de uitleg op deze pagina.",
    "en": "You cannot go on with these answers. Read the explanation on this page.",
}


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import gives. `form` is the UUID of the form there; `names` maps the parts of the source to our ids."""

    service: str
    form: str
    document: str
    report: Report
    names: dict[str, str]


def import_export(packed: bytes, team: str, earlier: Mapping[str, str] | None = None) -> Imported:
    """Reads an export and writes the draft. `team` owns the service. Raises NoExport."""
    export = archive.read(packed)
    work = Work(export, dict(earlier or {}), team)
    document = work.document()
    return Imported(
        service=document["id"],
        form=archive.identity(export.form),
        document=as_yaml(document),
        report=work.account.report(),
        names=work.given(),
    )


class Work:
    """One import, step by step. `tree`, `options` and `scope` tell what became of which part."""

    def __init__(self, export: Export, earlier: dict[str, str], team: str) -> None:
        self._export, self._team = export, team
        self.account = Account()
        self.tree = Tree(export, self.account)
        for variable in export.variables:
            self.account.found("variables", variable.key, variable.key)
        self._names = Names("_", {k: v for k, v in earlier.items() if not k.startswith("page.")})
        self._page_names = Names("-", {k: v for k, v in earlier.items() if k.startswith("page.")})
        self.options: dict[str, Options] = {}
        self.scope = FormScope(self.tree, export.variables, self._names, self.options)
        self._form = Translation(
            export=export,
            tree=self.tree,
            scope=self.scope,
            translator=Translator(self.scope),
            options=self.options,
            account=self.account,
        )

    def given(self) -> dict[str, str]:
        """The names of this import, for the next one."""
        return self._names.given | self._page_names.given

    def document(self) -> dict[str, Any]:
        """The definition as it is written down."""
        effects = self._effects()
        while effects.idle:  # What nothing fills in is a variable that never changes: the rules read differently then.
            self.scope.assigned -= effects.idle
            self.account.forget("rules")
            effects = self._effects()
        documents = Documents()
        questions = Questions(self.scope, self.options, self.account, documents)
        pages = Pages(self._form, effects, questions, self._page_names).all()
        title = " ".join(str(self._export.form.get("name") or "Formulier").split())
        permit = process.is_permit(self._export)
        table, routed = None, list[Fact]()
        if effects.routes:
            table, routed = routing.table_of(effects.routes, process.backend_names(self._export), self._team)
        lookups = effects.lookups()
        facts = _in_order([*effects.facts(), *routed])
        self._stops(effects.stops, pages, facts)
        self._look_ahead(pages, facts, lookups)
        self._variables(facts, lookups)
        upl = process.upl_of(title)
        to_decide = process.to_decide(permit=permit, lookups=bool(lookups), routes=bool(table), upl=upl is not None)
        cosign = cosign_of(self._export, pages, questions.cosigner)
        to_decide += [{"nl": TO_DECIDE}] if cosign else []
        document: dict[str, Any] = {
            "id": joined(words_of(title), "-") or "formulier",
            "title": self._form_text("name", title),
            "summary": self._summary(title),
            **({"upl": upl} if upl else {}),
            "owner": self._team,
            "kind": "permit" if permit else "notice",
            "who": process.who_of(self._export),
            "to_decide": to_decide,
            "laws": {},
            "advantage": {
                "text": {
                    "nl": "U vult dit in wanneer het u uitkomt. U ziet steeds hoe het ervoor staat.",
                    "en": "You fill this in whenever it suits you. You can always see how it stands.",
                },
                "paper": {"questions": 0, "documents": 0, "days": 0, "source": "nog niet geteld"},
            },
            **({"lookups": lookups} if lookups else {}),
            "pages": pages,
            "facts": [_fact(fact) for fact in facts],
            "tables": [table] if table else [],
            **({"decision": process.decision()} if permit else {}),
            **({"routing": {"table": routing.TABLE}} if table else {}),
            **({"cosign": cosign} if cosign else {}),
            "zaaktype": process.case_type(self._export, title, documents.types),
            "tasks": process.tasks(self._team, permit=permit),
            **({"letters": process.letters(title)} if permit else {}),
        }
        return {key: value for key, value in document.items() if value != [] or key == "pages"}

    def _effects(self) -> Effects:
        return Effects(self._form, before=self._name_everything)

    def _name_everything(self) -> None:
        """Options and ids in the order of the form, before rules and texts ask for them."""
        constants = self.scope.constants()
        for part in self.tree.all_parts():
            if part.kind in {"radio", "select", "selectboxes"}:
                self.options[part.id] = options_of(part, constants, {})
            self.scope.name_of(part)

    def _form_text(self, setting: str, dutch: str) -> dict[str, str]:
        translations = self._export.form.get("translations")
        english = translations.get("en") if isinstance(translations, dict) else None
        found = english.get(setting) if isinstance(english, dict) else None
        return {"nl": dutch, **({"en": " ".join(str(found).split())} if found else {})}

    def _summary(self, title: str) -> dict[str, str]:
        html = self._export.form.get("explanation_template") or self._export.form.get("introduction_page_content")
        text = words.text(str(html or ""), lambda path: None, lambda what, why: None)
        return {"nl": text or title}

    def _stops(self, stops: list[Test], pages: list[Page], facts: list[Fact]) -> None:
        """`disable-next`: a check on the page where the last answer that it reads is given."""
        order = {q["id"]: n for n, page in enumerate(pages) for q in page["questions"]}
        for stop in stops:
            when = written(stop)
            reads = _reads(when, facts)
            last = max((order[name] for name in reads if name in order), default=len(pages) - 1)
            pages[last].setdefault("checks", []).append({"when": when, "text": STOP})

    def _look_ahead(self, pages: list[Page], facts: list[Fact], lookups: list[dict[str, Any]]) -> None:
        """A condition can only look at what was asked before: what looks ahead is told."""
        order: dict[str, int] = {}
        place = 0
        parts = {self._names.given.get(part.id): part for part in self.tree.all_parts()}
        conditions: list[tuple[int, str, str]] = []
        for page in pages:
            if "when" in page:
                first = parts.get(page["questions"][0]["id"])
                conditions.append((place + 1, page["when"], first.id if first else ""))
            for question in page["questions"]:
                place += 1
                order[question["id"]] = place
                if "when" in question:
                    part = parts.get(question["id"])
                    conditions.append((place, question["when"], part.id if part else ""))
        for at, when, key in conditions:
            later = sorted(name for name in _reads(when, facts, lookups) if order.get(name, 0) >= at)
            if later and key:
                why = f"wordt getoond op grond van een later antwoord ({', '.join(later)[:120]})"
                self.account.lose("components", key, why)

    def _variables(self, facts: list[Fact], lookups: list[dict[str, Any]]) -> None:
        """Variables that nothing reads or fills are told, not lost."""
        there = {fact.name for fact in facts} | {lookup["name"] for lookup in lookups}
        for variable in self._export.variables:
            if self.account.is_lost("variables", variable.key):
                continue
            if self.scope.is_known(variable):
                self.account.remark("variables", variable.key, "komt uit de Basisregistratie Personen")
            elif variable.prefill and not variable.fetch:
                plugin = str(variable.prefill.get("plugin"))[:40]
                self.account.lose(
                    "variables", variable.key, f"wordt gevuld uit `{plugin}`, en dat register kennen wij niet"
                )
            elif variable.key not in self.scope.assigned:
                self.account.remark(
                    "variables", variable.key, "heeft één vaste waarde en staat waar hij gebruikt wordt"
                )
            elif self._names.given.get(f"variable.{variable.key}") not in there:
                self.account.remark("variables", variable.key, "wordt nergens gebruikt")


def _fact(fact: Fact) -> dict[str, Any]:
    return {"name": fact.name, "type": fact.type, "value": fact.value, "title": {"nl": fact.title}}


def _names_in(text: str) -> set[str]:
    try:
        return set(parse(text).names)
    except BadExpression:
        return set()


def _reads(text: str, facts: list[Fact], lookups: list[dict[str, Any]] | None = None) -> set[str]:
    """The answers that an expression reads, also by way of facts and look-ups."""
    inner = {fact.name: [fact.value] for fact in facts}
    inner |= {
        lookup["name"]: [
            lookup.get("when", "true"),
            *lookup.get("query", {}).values(),
            *lookup.get("body", {}).values(),
        ]
        for lookup in lookups or []
    }
    found, waiting = set[str](), list(_names_in(text))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [n for expression in inner.get(name, []) for n in _names_in(expression)]
    return found


def _in_order(facts: list[Fact]) -> list[Fact]:
    """Each fact after those that it reads; facts that read one another keep their place."""
    by_name = {fact.name: fact for fact in facts}
    done: dict[str, Fact] = {}

    def put(fact: Fact, above: frozenset[str]) -> None:
        for name in sorted(_names_in(fact.value)):
            if name in by_name and name not in done and name not in above:
                put(by_name[name], above | {fact.name})
        done.setdefault(fact.name, fact)

    for fact in by_name.values():
        put(fact, frozenset())
    return list(done.values())


class _Writer(yaml.SafeDumper):
    """Writes texts of more than one line as blocks, lists inside their key, and everything out in full."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Writer.add_representer(str, _text)


def as_yaml(document: dict[str, Any]) -> str:
    """The document as people write it."""
    return yaml.dump(document, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=110)
