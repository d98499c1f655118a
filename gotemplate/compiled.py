"""Where the code of a set comes from: generated when it pays, kept while it fits, loaded from a cache where there is one.

``Workshop`` belongs to a set. It parses texts (or finds them parsed and compiled in its cache) and hands out the unit of a
tree for a variant of options. Parser and code generator are imported when they are first needed: a text found in the cache
needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from gotemplate.nodes import ListNode, Tree

if TYPE_CHECKING:
    from gotemplate.cache import CodeCache, StoredUnit
    from gotemplate.codegen.options import Options
    from gotemplate.releases import GoVersion
    from gotemplate.stored_code import Unit

SECONDS_PER_CHARACTER: Final = 1.2e-6
"""What it takes to generate and compile the code of a template, measured on the stock injection template of 24 KB."""

SECONDS_PER_TEMPLATE: Final = 3e-4


def code_pays(seconds: float, characters: int) -> bool:
    """Tell whether so much time spent on closures is what code for a text of that length would have cost.

    The usual rule for renting or buying: whoever buys when the rent has reached the price pays at most twice what he
    would have paid had he known.
    """
    return seconds > characters * SECONDS_PER_CHARACTER + SECONDS_PER_TEMPLATE


class Text:
    """One text as it is parsed: what it is parsed with, and its trees once it has been.

    ``funcs`` are those of the set, without the builtins. ``members`` are the trees as the set knows them.
    """

    __slots__ = ("_trees", "builtins", "delims", "funcs", "go", "key", "members", "name", "text")

    def __init__(  # what a parse depends on
        self,
        name: str,
        text: str,
        delims: tuple[str, str],
        funcs: Mapping[str, Any],
        builtins: Mapping[str, Any],
        go: GoVersion,
    ) -> None:
        self.name = name
        self.text = text
        self.delims = delims
        self.funcs = funcs
        self.builtins = builtins
        self.go = go
        self.key = ""
        self.members: dict[str, Tree] = {}
        self._trees: dict[str, Tree] | None = None

    def trees(self) -> dict[str, Tree]:
        """Return the trees of the text by name. Raises ParseError in Go's words."""
        if self._trees is None:
            from gotemplate.parser import parse
            from gotemplate.releases import check_tree

            left, right = self.delims
            known = {**self.builtins, **self.funcs}
            trees = parse(self.name, self.text, left=left, right=right, funcs=known, print_delims=self.go.print_delims)
            for tree in trees.values():
                check_tree(tree, self.go)
            self._trees = trees
        return self._trees


class StoredTree(Tree):
    """A tree whose code was found in the cache: it is parsed only if somebody asks for its nodes."""

    __slots__ = ("_empty", "_root", "_text")

    def __init__(self, name: str, text: Text, *, empty: bool) -> None:
        left, right = text.delims
        self.name = name
        self.parse_name = text.name
        self.text = text.text
        self.left_delim = left or "{{"
        self.right_delim = right or "}}"
        self._text = text
        self._empty = empty
        self._root: ListNode | None = None

    @property
    def root(self) -> ListNode:  # type: ignore[override]
        """The nodes."""
        if self._root is None:
            self._root = self._text.trees()[self.name].root
        return self._root

    def is_empty(self) -> bool:
        """Report whether the template holds nothing but space and comments."""
        return self._empty


class Workshop:
    """Parses the texts of a set and makes, keeps or finds the code of its trees."""

    def __init__(self, cache: CodeCache | None = None) -> None:
        self.cache = cache
        self._units: dict[tuple[int, str], tuple[Tree, Unit | None]] = {}
        self._texts: dict[int, tuple[Tree, Text]] = {}

    def copy(self) -> Workshop:
        """Return another workshop that knows the same code."""
        other = Workshop(self.cache)
        other._units = dict(self._units)
        other._texts = dict(self._texts)
        return other

    def parse(self, text: Text, options: Options) -> Mapping[str, Tree]:
        """Return the trees of a text, parsed or found in the cache. Raises ParseError in Go's words.

        ``options`` is the variant of its code that is most likely wanted.
        """
        if self.cache is None:
            return text.trees()
        text.key = self.cache.key_of(text)
        if not self._found(text, options):
            text.members = text.trees()
        for tree in text.members.values():
            self._texts[id(tree)] = (tree, text)
        return text.members

    def _found(self, text: Text, options: Options) -> bool:
        """Take the code of a text from the cache; False if there is none that fits."""
        stored = self._load(text, options.key())
        if stored is None:
            return False
        for name, empty, unit in stored:
            tree = text.members[name] = StoredTree(name, text, empty=empty)
            self._units[id(tree), options.key()] = (tree, unit)
        return True

    def _load(self, text: Text, variant: str) -> list[StoredUnit] | None:
        stored = self.cache.load(text.key, variant) if self.cache is not None else None
        if stored is None or not all(unit is None or unit.fits(text.funcs) for _, _, unit in stored):
            return None
        return stored

    def unit(self, tree: Tree, funcs: Mapping[str, Any], builtins: Mapping[str, Any], options: Options) -> Unit | None:
        """Return the code of a tree; None for a template that only closures can execute."""
        key = (id(tree), options.key())
        found = self._units.get(key)
        if found is not None and found[0] is tree and (found[1] is None or found[1].fits(funcs)):
            return found[1]
        known = self._texts.get(id(tree))
        if known is not None and known[0] is tree:
            self._fill(known[1], funcs, builtins, options)
            return self._units[key][1]
        unit = make_unit(tree, funcs, builtins, options)
        self._units[key] = (tree, unit)
        return unit

    def _fill(self, text: Text, funcs: Mapping[str, Any], builtins: Mapping[str, Any], options: Options) -> None:
        """Load or make the code of all templates of a text, and put into the cache what was made."""
        variant = options.key()
        stored = self._load(text, variant)
        if stored is None:
            stored = [
                (name, tree.is_empty(), make_unit(tree, funcs, builtins, options))
                for name, tree in text.members.items()
            ]
            if self.cache is not None:
                self.cache.store(text.key, variant, stored)
        for name, _, unit in stored:
            tree = text.members[name]
            self._units[id(tree), variant] = (tree, unit)


def make_unit(tree: Tree, funcs: Mapping[str, Any], builtins: Mapping[str, Any], options: Options) -> Unit | None:
    """Generate and compile the code of a tree; None for a template that only closures can execute."""
    from gotemplate.codegen.statements import TooDeepError, generate
    from gotemplate.stored_code import compile_source

    try:
        return compile_source(generate(tree, funcs, builtins, options), tree.name)
    except (TooDeepError, RecursionError, SyntaxError, MemoryError):
        return None  # CPython refuses what nests too deeply in several ways
