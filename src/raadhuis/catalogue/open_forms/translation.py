"""What every part of one import works with: the export, its parts, the variables, the translator and the account."""

import msgspec

from raadhuis.catalogue.open_forms.archive import Export
from raadhuis.catalogue.open_forms.logic import Translator
from raadhuis.catalogue.open_forms.options import Options
from raadhuis.catalogue.open_forms.report import Account
from raadhuis.catalogue.open_forms.scope import FormScope
from raadhuis.catalogue.open_forms.tree import Tree


class Translation(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One form on its way from there to here. `options` are those of each choice, by the id of its part."""

    export: Export
    tree: Tree
    scope: FormScope
    translator: Translator
    options: dict[str, Options]
    account: Account
