"""Which data reaches which field of a template: a walk over the trees with given data, for ``linting``.

The walk follows what rendering would do, but goes on after what would be an error: what it cannot know is UNKNOWN, and
after an unknown condition it walks both ways. Functions are called if all of their arguments are known and they change
nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from gotemplate import nodes
from gotemplate.callees import python_function
from gotemplate.golib.fmtsort import sorted_keys
from gotemplate.strictness import FORGIVING
from gotemplate.values import MISSING, Value, indirect

MAX_STEPS: Final = 200_000
"""Actions that are walked at most: a lint of large data may look at a part of it."""

MAX_ROUNDS: Final = 50
"""Elements of one range that are looked at."""

MAX_DEPTH: Final = 30
"""Template calls within one another that are followed."""

PRINTING: Final = frozenset({"cat", "html", "print", "println", "quote", "squote", "toString", "urlquery"})
"""Functions that print their arguments as an action would."""


HARMLESS: Final = frozenset(
    {"deepCopy", "dict", "fromJson", "keys", "omit", "pick", "sortAlpha", "split", "splitList", "splitn", "toStrings"}
)
"""Functions of Sprig that are called although they are not pure: what they return is new each time, and that is all."""


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


class Use(Enum):
    """What becomes of a value."""

    PRINTED = "printed"
    OPTIONAL = "optional"
    OTHER = "other"


@dataclass(slots=True)
class Link:
    """One name of a chain of fields, and how often the data had it: what the walk is for.

    ``owner`` is a value that did not have it; ``nil`` says that a value found was nil.
    """

    tree: nodes.Tree
    node: nodes.Node
    path: tuple[str, ...]
    at: int
    use: Use
    had: int = 0
    lacked: int = 0
    nil: int = 0
    owner: Value = None


@dataclass(slots=True)
class Flow:
    """What a walk has seen: links by node and position, and the printed floats that get an exponent, by node."""

    links: dict[tuple[int, int], Link] = field(default_factory=dict)
    exponents: dict[int, tuple[nodes.Tree, nodes.Node, float]] = field(default_factory=dict)


def follow(tree: nodes.Tree, data: Value, trees: Mapping[str, nodes.Tree], funcs: Mapping[str, Any]) -> Flow:
    """Walk a template with data, and the templates it calls; ``funcs`` are all functions by name."""
    walk = _Walk(tree, trees, funcs)
    with contextlib.suppress(_Enough, RecursionError):  # what nests deeper than Python allows is not looked at
        walk.template(tree, MISSING if data is None else data, 0)
    return walk.flow


class _Enough(Exception):  # noqa: N818 - the walk is long enough
    pass


class _Jump(Exception):  # noqa: N818 - break or continue
    def __init__(self, node: nodes.Node) -> None:
        super().__init__()
        self.ends = isinstance(node, nodes.BreakNode)


Variables = list[dict[str, Value]]


class _Walk:
    """The walk through one set of templates: the cursor is passed along, the variables are kept here."""

    def __init__(self, tree: nodes.Tree, trees: Mapping[str, nodes.Tree], funcs: Mapping[str, Any]) -> None:
        self.trees = trees
        self.funcs = funcs
        self.flow = Flow()
        self.steps = 0
        self.depth = 0
        self.tree = tree
        self.variables: Variables = []

    def template(self, tree: nodes.Tree, dot: Value, depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        outer = self.tree, self.variables, self.depth
        self.tree, self.variables, self.depth = tree, [{"$": dot}], depth
        self.body(tree.root, dot)
        self.tree, self.variables, self.depth = outer

    # Statements

    def body(self, node: nodes.ListNode | None, dot: Value) -> None:
        if node is None:
            return
        with self.scope():
            for child in node.nodes:
                self.statement(child, dot)

    @contextlib.contextmanager
    def scope(self) -> Iterator[None]:
        """Open a scope, left also by a jump."""
        self.variables.append({})
        try:
            yield
        finally:
            self.variables.pop()

    def statement(self, node: nodes.Node, dot: Value) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _Enough
        if isinstance(node, nodes.ActionNode):
            value = self.pipe(node.pipe, dot, Use.OTHER if node.pipe.decl else Use.PRINTED)
            if not node.pipe.decl:
                self.printed(node, value)
        elif isinstance(node, nodes.RangeNode):
            self.range(node, dot)
        elif isinstance(node, nodes.BranchNode):
            self.branch(node, dot)
        elif isinstance(node, nodes.TemplateNode):
            value = self.pipe(node.pipe, dot, Use.OTHER) if node.pipe is not None else MISSING
            if node.name in self.trees:
                self.template(self.trees[node.name], value, self.depth + 1)
        elif isinstance(node, nodes.BreakNode | nodes.ContinueNode):
            raise _Jump(node)

    def printed(self, node: nodes.Node, value: Value) -> None:
        """Note a float64 that prints with an exponent."""
        if value.__class__ is float and abs(value) >= 1e6 and "e+" in _shown(value):
            self.flow.exponents.setdefault(id(node), (self.tree, node, value))

    def branch(self, node: nodes.BranchNode, dot: Value) -> None:
        with self.scope():
            value = self.pipe(node.pipe, dot, Use.OPTIONAL)
            if value is UNKNOWN or value:
                self.body(node.list, value if isinstance(node, nodes.WithNode) else dot)
            if value is UNKNOWN or not value:
                self.body(node.else_list, dot)

    def range(self, node: nodes.RangeNode, dot: Value) -> None:
        with self.scope():
            value = self.pipe(node.pipe, dot, Use.OTHER, declares=False)
            rounds = [(UNKNOWN, UNKNOWN)] if value is UNKNOWN else list(_rounds(indirect(value)))
            for key, item in rounds[:MAX_ROUNDS]:
                if self.round(node, key, item):
                    break
            if not rounds or value is UNKNOWN:
                self.otherwise(node, dot)

    def otherwise(self, node: nodes.RangeNode, dot: Value) -> None:
        """Walk the else of a range, which a break ends."""
        try:
            self.body(node.else_list, dot)
        except _Jump as jump:
            if not jump.ends:
                raise

    def round(self, node: nodes.RangeNode, key: Value, item: Value) -> bool:
        """Walk the list of a range once; tell whether a break ended it."""
        names = [variable.ident[0] for variable in node.pipe.decl]
        for name, bound in zip(names, (key, item) if len(names) > 1 else (item,), strict=False):
            self.bind(name, bound, node.pipe.is_assign)
        try:
            self.body(node.list, item)
        except _Jump as jump:
            return jump.ends
        return False

    def bind(self, name: str, value: Value, assigns: bool) -> None:
        if assigns:
            for scope in reversed(self.variables):
                if name in scope:
                    scope[name] = value
                    return
        self.variables[-1][name] = value

    # Values

    def pipe(self, pipe: nodes.PipeNode, dot: Value, use: Use, *, declares: bool = True) -> Value:
        value: Value = UNKNOWN
        for i, command in enumerate(pipe.cmds):
            follows = pipe.cmds[i + 1] if i + 1 < len(pipe.cmds) else None
            value = self.command(command, dot, use if follows is None else _use_in(follows, use), (value,) if i else ())
        if declares:
            for variable in pipe.decl:
                self.bind(variable.ident[0], value, pipe.is_assign)
        return value

    def command(self, command: nodes.CommandNode, dot: Value, use: Use, final: tuple[Value, ...]) -> Value:
        word, *args = command.args
        if isinstance(word, nodes.IdentifierNode):
            inner = _use_of(word.ident, use)
            values = [self.operand(arg, dot, inner) for arg in args]
            if inner is Use.PRINTED:
                for arg, value in zip(args, values, strict=True):
                    self.printed(arg, value)
            return self.call(word.ident, [*values, *final])
        if args or final:
            for arg in args:
                self.operand(arg, dot, Use.OTHER)
            return UNKNOWN
        return self.operand(word, dot, use)

    def call(self, name: str, values: list[Value]) -> Value:
        """Return what a function returns; UNKNOWN where that depends on what is not known or goes wrong."""
        if name in ("and", "or") and values:
            return _logic(name == "or", values)
        function = self.funcs.get(name)
        if not (getattr(function, "pure", False) or name in HARMLESS) or any(value is UNKNOWN for value in values):
            return UNKNOWN
        call: Callable[..., Value] = python_function(function)
        try:
            return call(*(None if value is MISSING else value for value in values))
        except RecursionError:
            raise
        except Exception:  # whatever a template function refuses: rendering will say it better
            return UNKNOWN

    def operand(self, node: nodes.Node, dot: Value, use: Use) -> Value:
        if isinstance(node, nodes.DotNode):
            return dot
        if isinstance(node, nodes.FieldNode):
            return self.chain(node, dot, tuple(node.ident), use)
        if isinstance(node, nodes.VariableNode):
            start = next(
                (scope[node.ident[0]] for scope in reversed(self.variables) if node.ident[0] in scope), UNKNOWN
            )
            return self.chain(node, start, tuple(node.ident[1:]), use)
        if isinstance(node, nodes.ChainNode):
            return self.chain(node, self.operand(node.node, dot, Use.OTHER), tuple(node.field), use)
        if isinstance(node, nodes.PipeNode):
            return self.pipe(node, dot, use)
        if isinstance(node, nodes.IdentifierNode):
            return self.call(node.ident, [])
        return _constant(node)

    def chain(self, node: nodes.Node, value: Value, path: tuple[str, ...], use: Use) -> Value:
        for at, name in enumerate(path):
            if value is UNKNOWN:
                return UNKNOWN
            link = self.flow.links.get((id(node), at))
            if link is None:
                link = self.flow.links[id(node), at] = Link(self.tree, node, path, at, use)
            found = _field(indirect(value), name)
            if found is MISSING:
                link.lacked += 1
                link.owner = value
                return UNKNOWN if use is not Use.OPTIONAL else MISSING
            link.had += 1
            link.nil += found is None
            value = found
        return value


def _use_of(name: str, use: Use) -> Use:
    if name in FORGIVING:
        return Use.OPTIONAL
    return Use.PRINTED if name in PRINTING and use is not Use.OPTIONAL else Use.OTHER


def _use_in(command: nodes.CommandNode, use: Use) -> Use:
    """Return what becomes of a value that is piped into a command."""
    word = command.args[0]
    return _use_of(word.ident, use) if isinstance(word, nodes.IdentifierNode) else Use.OTHER


def _logic(stop: bool, values: list[Value]) -> Value:
    for value in values:
        if value is UNKNOWN:
            return UNKNOWN
        if bool(value) is stop:
            return value
    return values[-1]


def _rounds(value: Value) -> Iterator[tuple[Value, Value]]:
    if isinstance(value, dict):
        yield from ((key, value[key]) for key in sorted_keys(value))
    elif isinstance(value, list | tuple):
        yield from enumerate(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield from ((i, i) for i in range(min(value, MAX_ROUNDS)))


def _field(owner: Value, name: str) -> Value:
    """Return a field or key; MISSING if there is none, UNKNOWN for what may have methods."""
    if owner is None or owner is MISSING:
        return MISSING
    if isinstance(owner, dict):
        try:
            return owner[name]
        except KeyError:
            return UNKNOWN if getattr(owner, "go_type", None) is not None else MISSING
    return MISSING if isinstance(owner, str | int | float | list | tuple | bytes) else UNKNOWN


def _constant(node: nodes.Node) -> Value:
    if isinstance(node, nodes.StringNode):
        return node.text
    if isinstance(node, nodes.BoolNode):
        return node.true
    if isinstance(node, nodes.NilNode):
        return None
    if isinstance(node, nodes.NumberNode):
        return node.int64 if node.is_int else node.float64 if node.is_float else UNKNOWN
    return UNKNOWN


def _shown(value: Value) -> str:
    from gotemplate.fmt import format_value

    return format_value(value)
