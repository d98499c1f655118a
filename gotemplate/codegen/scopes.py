"""Names in generated code: locals, places, variables with their scopes, and what is to be bound.

``ScopeWriter`` is the floor that ``calls`` and ``expressions`` stand on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gotemplate import nodes
from gotemplate.codegen.options import Options
from gotemplate.codegen.source import Call, Function, Term, constant_term
from gotemplate.errors import ExecError
from gotemplate.lookup import Scene
from gotemplate.values import MISSING, Value

_WRITTEN: Final = frozenset({str, bool, int, float, type(None)})
"""Classes of constants that source can spell out."""

TRUTH: Final = 0
"""The use of a value that is only asked for its truth: what reflect knows of it beyond the plain value is not needed."""

VALUE: Final = 1
"""The use of a value that may well be missing."""

SURE: Final = 2
"""The use of a value that is most likely there."""

Place = str
"""The Python expression of a place: ``S[12]``, or ``S.at(…)`` where only the run knows the node."""


class TooDeepError(Exception):
    """The template nests deeper than generated code can; the evaluator executes it."""


class Variable:
    """A declared variable: the term it is read by, and the name of the container it was ranged out of, if it was.

    ``before`` is what the name meant before a declaration that may be skipped.
    """

    __slots__ = ("before", "function", "is_key", "origin", "skippable", "term")

    def __init__(self, term: Term, function: Function) -> None:
        self.term = term
        self.function = function
        self.origin = ""
        self.is_key = False
        self.skippable = False
        self.before: Variable | None = None


class Unbound:
    """What the source refers to by name, to be bound for a set of functions; the names are given out here."""

    def __init__(self) -> None:
        self.rows: dict[tuple[Any, ...], str] = {}
        self.used: dict[str, tuple[bool, str]] = {}

    def name(self, *row: Any) -> str:
        """Return the name that stands for a row, such as ``("func", "quote")``."""
        return self.rows.setdefault(row, f"{row[0].upper()}_{len(self.rows)}")


class ScopeWriter:
    """Writes lines of one template, and keeps the scopes while it does."""

    def __init__(
        self, tree: nodes.Tree, funcs: Mapping[str, Any], builtins: Mapping[str, Any], options: Options
    ) -> None:
        self.tree = tree
        self.funcs = funcs
        self.builtins = builtins
        self.options = options
        self.main = self.function = Function("def t(d0, R, W):")
        self.unbound = Unbound()
        self.sites: list[tuple[nodes.Node, nodes.Node]] = []
        self.chains: dict[tuple[tuple[str, ...], int], int] = {}
        self._site_numbers: dict[tuple[int, int], int] = {}
        self.assigned = assigned_names(tree.root)
        root = Term("v0", atom=True) if "$" in self.assigned else Term("d0", atom=True)
        self.scopes: list[dict[str, Variable]] = [{"$": Variable(root, self.main)}]
        self.dot = Term("d0", atom=True)
        self.dot_origin = ""
        self.names = 0
        self.depth = 0
        self.skipping = 0
        self.skippable: list[str] = []
        self._logic_places: dict[nodes.Node, str] = {}
        self._scene = Scene(tree, tree.name, "invalid")

    # Lines and names

    def flush(self) -> None:
        """Write what waits to be written; a writer of expressions alone has nothing that waits."""

    def emit(self, text: str, call: Call | None = None, only_for: str = "") -> None:
        """Add a line to the function being written."""
        self.function.emit(text, call, only_for)

    def fresh(self, letter: str = "t") -> str:
        """Return a new local name."""
        self.names += 1
        return f"{letter}{self.names}"

    def site(self, node: nodes.Node, call: nodes.Node | None = None) -> int:
        """Return the number of the place of a node; ``call`` is where a failing call is reported instead."""
        key = (id(node), id(call or node))
        number = self._site_numbers.get(key)
        if number is None:
            number = self._site_numbers[key] = len(self.sites)
            self.sites.append((node, call or node))
        return number

    def place(self, node: nodes.Node, call: nodes.Node | None = None) -> Place:
        """Return the expression of a place."""
        return f"S[{self.site(node, call)}]"

    def atom(self, term: Term) -> Term:
        """Return a term that may be read often; one that is none yet is assigned to a new name."""
        if term.atom:
            return term
        name = self.fresh()
        self.emit(f"{name} = {term.text}", term.call)
        exact = name if term.exact == term.text else term.exact
        return Term(name, atom=True, owned=True, exact=exact, unsettled=term.unsettled, cls=term.cls)

    def full(self, term: Term) -> Term:
        """Return the exact value as a name of its own, or as the constant it is."""
        if term.is_constant or (term.atom and term.is_full):
            return term
        term = self.atom(term)
        if term.is_full:
            return term
        name = term.text if term.owned else self.fresh()
        if name == term.text:
            self.emit(f"if {name}.__class__ not in PLAIN: {name} = {term.full_text}")
        else:
            self.emit(f"{name} = {term.text} if {term.text}.__class__ in PLAIN else {term.full_text}")
        return Term(name, atom=True, owned=True, cls=term.cls)

    def failing(self, place: Place, message: str) -> Term:
        """Write a failure; the term stands for the value that is never reached."""
        self.emit(f"{place}.fail({message!r})")
        return constant_term(None)

    # Variables

    def find(self, name: str) -> Variable | None:
        """Return the variable a name means here."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def declare(self, name: str, value: Term) -> Variable:
        """Open a variable in the innermost scope; one that is never assigned to again is another name for its value."""
        if self.skipping:
            return self._declare_skippable(name, value)
        if name not in self.assigned and value.atom:
            variable = Variable(Term(value.text, atom=True, cls=value.cls, constant=value.constant), self.function)
        else:
            target = self.fresh("v")
            self.emit(f"{target} = {value.text}", value.call)
            variable = Variable(Term(target, atom=True), self.function)
        self.scopes[-1][name] = variable
        return variable

    def _declare_skippable(self, name: str, value: Term) -> Variable:
        target = self.fresh("v")
        self.emit(f"{target} = {value.text}", value.call)
        variable = Variable(Term(target, atom=True), self.function)
        variable.skippable, variable.before = True, self.find(name)
        self.skippable.append(target)
        self.scopes[-1][name] = variable
        return variable

    def read(self, variable: Variable | None, name: str, place: Place) -> Term:
        """Return the value of a variable."""
        if variable is None:
            return self.failing(place, f"undefined variable: {name}")
        if not variable.skippable:
            return variable.term
        target = self.fresh()
        self.emit(f"if {variable.term.text} is UNSET:")
        with self.block():
            self.emit(f"{target} = {self.read(variable.before, name, place).text}")
        self.emit("else:")
        with self.block():
            self.emit(f"{target} = {variable.term.text}")
        return Term(target, atom=True, owned=True)

    def store(self, name: str, value: Term, place: Place) -> None:
        """Assign a full value to the variable a name means here."""
        self._store(self.find(name), name, value, place)

    def _store(self, variable: Variable | None, name: str, value: Term, place: Place) -> None:
        if variable is None:
            self.failing(place, f"undefined variable: {name}")
            return
        target = variable.term.text
        self._reach(variable, target)
        settled = f"UNHELD({value.text})" if variable.origin else value.text
        if not variable.skippable:
            self.emit(f"{target} = {settled}")
            return
        self.emit(f"if {target} is UNSET:")
        with self.block():
            self._store(variable.before, name, value, place)
        self.emit("else:")
        with self.block():
            self.emit(f"{target} = {settled}")

    def _reach(self, variable: Variable, target: str) -> None:
        if variable.function is not self.function:
            self.function.assigned_outside.add(target)

    def block(self) -> Block:
        """Return a context manager for an indented block."""
        return Block(self.function)

    # Values

    def constant(self, node: nodes.Node, make: Callable[[], Value], *row: Any) -> Term:
        """Return a literal; one that is wrong in its place fails when it is evaluated, not before."""
        try:
            value = make()
        except ExecError as e:
            return self.failing(self.place(node), e.message)
        if value.__class__ in _WRITTEN:
            return constant_term(value)
        if value is MISSING:
            return Term("MISSING", atom=True)
        if row:
            return Term(self.unbound.name(*row), atom=True)
        return Term(self.unbound.name("value", value), atom=True)

    @staticmethod
    def settled(term: Term) -> Term:
        """Return a term whose exact value is out of the interface it was held in."""
        if term.is_constant or term.cls or term.unsettled:
            return term
        return Term(
            term.text, atom=term.atom, owned=term.owned, exact=term.exact, unsettled=True, call=term.call, cls=term.cls
        )

    def _named(self, term: Term) -> Term:
        name = self.fresh()
        self.emit(f"{name} = {term.text}", term.call)
        return Term(name, atom=True, owned=True)


class Block:
    """An indented block of the function being written (none: no block at all)."""

    def __init__(self, function: Function | None) -> None:
        self.function = function

    def __enter__(self) -> None:
        if self.function is not None:
            self.function.indent += 1

    def __exit__(self, *_: object) -> None:
        if self.function is not None:
            self.function.indent -= 1


def assigned_names(root: nodes.ListNode) -> frozenset[str]:
    """Return the names of the variables that a template assigns to after their declaration, anywhere."""
    found: set[str] = set()
    pending: list[Any] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, nodes.PipeNode):
            if node.is_assign:
                found.update(variable.ident[0] for variable in node.decl)
            pending.extend(node.cmds)
        elif isinstance(node, nodes.ListNode):
            pending.extend(node.nodes)
        elif isinstance(node, nodes.CommandNode):
            pending.extend(node.args)
        elif isinstance(node, nodes.ChainNode):
            pending.append(node.node)
        elif isinstance(node, nodes.BranchNode):
            pending.extend([node.pipe, node.list, *([node.else_list] if node.else_list else [])])
        elif isinstance(node, nodes.ActionNode | nodes.TemplateNode) and node.pipe is not None:
            pending.append(node.pipe)
    return frozenset(found)
