"""Generated code of pipelines and operands: what ``expressions`` does with closures, as Python source.

Each method writes the lines that have to run first and returns the ``Term`` that yields the value. Plain values take
short ways (a subscript, a comparison of classes); anything else goes to the functions of ``runtime``, which are those
of the evaluator. Errors carry the number of a place: what lies there is looked up when an error happens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from gotemplate import nodes
from gotemplate.calls import (
    count_complaint,
    ideal_constant,
    literal,
    parameter,
    ready_classes,
    result_complaint,
    signature,
)
from gotemplate.codegen_options import Options
from gotemplate.codegen_source import Call, Function, Term, constant_term
from gotemplate.errors import ExecError
from gotemplate.lookup import Scene
from gotemplate.values import (
    ANY,
    BOOL,
    FLOAT64,
    INT,
    MAP_STRING_ANY,
    MISSING,
    REFLECT_VALUE,
    SLICE_ANY,
    STRING,
    Kind,
    Type,
    Value,
)

MAX_DEPTH: Final = 150
"""Levels of nested pipelines that are generated; CPython's compiler walks its own tree recursively."""

_GUARD: Final = {
    STRING: "str", INT: "int", FLOAT64: "float", BOOL: "bool", MAP_STRING_ANY: "dict", SLICE_ANY: "list",
}  # fmt: skip
"""The parameter types whose values are told by their class."""

_SCALARS: Final = frozenset({STRING, INT, FLOAT64, BOOL})
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


class ExpressionWriter:
    """Writes the pipelines of one template; keeps the scopes while it does."""

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

    # Pipelines

    def pipeline(self, pipe: nodes.PipeNode, use: int = SURE) -> Term:
        """Return the value of a pipeline as its end leaves it, declarations done."""
        if pipe.decl:
            return self._declaring(pipe, self._commands(pipe, max(use, VALUE)))
        return self.settled(self._commands(pipe, use))

    def commands(self, pipe: nodes.PipeNode, use: int = SURE) -> Term:
        """Return the value of a pipeline that need not be settled, because it is printed or only asked for truth."""
        return self.pipeline(pipe, use) if pipe.decl else self._commands(pipe, use)

    @staticmethod
    def settled(term: Term) -> Term:
        """Return a term whose exact value is out of the interface it was held in."""
        if term.is_constant or term.cls or term.unsettled:
            return term
        return Term(
            term.text, atom=term.atom, owned=term.owned, exact=term.exact, unsettled=True, call=term.call, cls=term.cls
        )

    def _commands(self, pipe: nodes.PipeNode, use: int) -> Term:
        outer = pipe
        while is_only_a_pipe(pipe):
            pipe = pipe.cmds[0].args[0]  # type: ignore[assignment]
        if pipe.decl and pipe is not outer:
            return self.pipeline(pipe, use)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeepError
        last = len(pipe.cmds) - 1
        term = self.command(pipe.cmds[0], self.place(pipe), None, VALUE if last else use)
        for i, command in enumerate(pipe.cmds[1:], 1):
            final = self.atom(self.settled(term))
            term = self.command(command, self.after_command(pipe.cmds[i - 1]), final, VALUE if i < last else use)
        self.depth -= 1
        return term

    def _declaring(self, pipe: nodes.PipeNode, term: Term) -> Term:
        name = pipe.decl[0].ident[0]
        value = self.full(self.settled(self.atom(term)))
        if pipe.is_assign:
            self.store(name, value, self.after(pipe))
            return value
        return self.declare(name, value).term

    # Where Go's evaluation stands after a node

    def after(self, pipe: nodes.PipeNode) -> Place:
        """Return the place the evaluation of a pipeline ends at."""
        while is_only_a_pipe(pipe):
            pipe = pipe.cmds[0].args[0]  # type: ignore[assignment]
        return self.after_command(pipe.cmds[-1])

    def after_command(self, command: nodes.CommandNode) -> Place:
        """Return the place the evaluation of a command ends at."""
        word = command.args[0]
        if isinstance(word, nodes.PipeNode):
            return self.after(word)
        if word in self._logic_places:
            return self._logic_place(word)
        if len(command.args) > 1:
            return self.after_argument(command.args[-1])
        return self.after_argument(word)

    def after_argument(self, node: nodes.Node) -> Place:
        """Return the place the evaluation of an argument ends at."""
        while isinstance(node, nodes.ChainNode):
            node = node.node
        if isinstance(node, nodes.PipeNode):
            return self.after(node)
        return self.place(node)

    def _logic_place(self, word: nodes.Node) -> Place:
        name = self._logic_places[word]
        self.function.wanted.add(name)
        return f"S[{name}]"

    # Commands

    def command(self, command: nodes.CommandNode, at: Place, final: Term | None, use: int) -> Term:
        """Return the value of a command; ``final`` is the value of the one before it."""
        word = command.args[0]
        if isinstance(word, nodes.IdentifierNode):
            return self.call(word, command, command.args[1:], final, use)
        if final is None and len(command.args) == 1 and not isinstance(word, nodes.NilNode):
            return self.operand(word, use)
        return self._with_arguments(command, at, final)

    def _with_arguments(self, command: nodes.CommandNode, at: Place, final: Term | None) -> Term:
        word = command.args[0]
        place = self.place(word)
        if isinstance(word, nodes.FieldNode | nodes.ChainNode) or (
            isinstance(word, nodes.VariableNode) and len(word.ident) > 1
        ):
            return self._method(word, command.args[1:], final)
        if isinstance(word, nodes.NilNode) and len(command.args) == 1:
            return self.failing(place, "nil is not a command")
        if isinstance(word, nodes.VariableNode) and self.find(word.ident[0]) is None:
            return self.failing(place, f"undefined variable: {word.ident[0]}")
        where = at if isinstance(word, nodes.PipeNode) else place
        return self.failing(where, f"can't give argument to non-function {word}")

    def _method(self, word: nodes.Node, args: Sequence[nodes.Node], final: Term | None) -> Term:
        start, static, path, place = self._chain_parts(word)
        start = self.full(start)
        rows = [self._pending(node) for node in args]
        written = f"({', '.join(rows)}{',' if rows else ''})"
        last = self.full(final).text if final is not None else "NOT_GIVEN"
        name = self.fresh()
        self.emit(f"{name} = METHOD({start.text}, {static}, {path!r}, {place}, {written}, {last})")
        return Term(name, atom=True, owned=True)

    def _pending(self, node: nodes.Node) -> str:
        """Return an argument that is evaluated once the method is known: a literal and its place, or a function."""
        if isinstance(node, LITERALS):
            return f"({self.unbound.name('node', *literal_row(node))}, {self.place(node)}, None)"
        outer = self.function
        part = Function(f"def {(name := self.fresh('g'))}():", outer)
        outer.parts.append(part)
        self.function = part
        value = self.full(self.operand(node, SURE)).text
        self.emit(f"return {value}, {self.after_argument(node)}")
        self.function = outer
        return f"(None, None, {name})"

    # Operands

    def operand(self, node: nodes.Node, use: int, *, keep: bool = False) -> Term:
        """Return an operand without arguments; see ``Expressions.operand``."""
        if isinstance(node, nodes.DotNode):
            return self._kept(self.dot, self.static_of(self.dot_origin, is_key=False)) if keep else self.dot
        if isinstance(node, nodes.PipeNode):
            return self.pipeline(node, use)
        if isinstance(node, nodes.IdentifierNode):
            term = self.call(node, node, (), None, use)
            return self._kept(self.atom(term), self._result_interface(node)) if keep else term
        if isinstance(node, nodes.VariableNode) and len(node.ident) == 1:
            variable = self.find(node.ident[0])
            term = self.read(variable, node.ident[0], self.place(node))
            return self._kept(term, self._static_of_variable(variable)) if keep else self.stable(term, node.ident[0])
        if isinstance(node, nodes.FieldNode | nodes.VariableNode | nodes.ChainNode):
            return self._chain(node, use, keep=keep)
        return self.constant(node, lambda: ideal_constant(node, self._scene.site(node)))

    def stable(self, term: Term, name: str) -> Term:
        """Return a variable's value under a name that a later assignment in the same pipeline does not change."""
        if name not in self.assigned or term.owned:
            return term
        copy = self.fresh()
        self.emit(f"{copy} = {term.text}")
        return Term(copy, atom=True, owned=True)

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
    def _kept(term: Term, static: str) -> Term:
        return term if static == "None" else Term(f"KEEP({term.text}, {static})")

    def _chain(self, node: nodes.Node, use: int, *, keep: bool) -> Term:
        start, static, path, place = self._chain_parts(node)
        start = self.atom(start)
        if start.is_constant:
            start = self._named(start)
        target = self.fresh()
        if keep:
            return Term(f"WALK_KEEP({start.text}, {static}, {path!r}, {place})")
        subscripts = "".join(f"[{name!r}]" for name in path)
        if self.options.strict_missing or use == SURE:
            self.emit(f"try: {target} = {start.text}{subscripts}")
        else:
            self._perhaps_missing(target, start.text, path)
        if place[2:-1].isdigit():
            slow = (
                f"{start.text}, {self._chain_number(path, int(place[2:-1]))}{', ' + static if static != 'None' else ''}"
            )
            walk, exact = f"WALK({slow})", f"EXACT({target}, {slow})"
        else:
            slow = f"{start.text}, {static}, {path!r}, {place}"
            walk, exact = f"WALK_AT({slow})", f"EXACT_AT({target}, {slow})"
        self.emit(f"except EX: {target} = {walk}")
        return Term(target, atom=True, owned=True, exact=exact)

    def _chain_number(self, path: tuple[str, ...], site: int) -> int:
        """Return the number of a row of the table of chains."""
        return self.chains.setdefault((path, site), len(self.chains))

    def _named(self, term: Term) -> Term:
        name = self.fresh()
        self.emit(f"{name} = {term.text}", term.call)
        return Term(name, atom=True, owned=True)

    def _perhaps_missing(self, target: str, start: str, path: Sequence[str]) -> None:
        """Write a subscript whose last name may well be missing: to ask a dict first is cheaper than an exception."""
        last = path[-1]
        if len(path) > 1:
            self.emit("try:")
            head = "".join(f"[{name!r}]" for name in path[:-1])
            self.emit(f" {target} = {start}{head}")
            self.emit(
                f" {target} = {target}.get({last!r}, ABSENT) if {target}.__class__ is dict else {target}[{last!r}]"
            )
        else:
            self.emit(
                f"try: {target} = {start}.get({last!r}, ABSENT) if {start}.__class__ is dict else {start}[{last!r}]"
            )

    def _chain_parts(self, node: nodes.Node) -> tuple[Term, str, tuple[str, ...], Place]:
        """Return the start of a chain, the interface type it is held in, the names, and where a failure reports."""
        if isinstance(node, nodes.FieldNode):
            return self.dot, self.static_of(self.dot_origin, is_key=False), tuple(node.ident), self.place(node)
        if isinstance(node, nodes.VariableNode):
            variable = self.find(node.ident[0])
            start = self.read(variable, node.ident[0], self.place(node))
            return start, self._static_of_variable(variable), tuple(node.ident[1:]), self.place(node)
        if not isinstance(node, nodes.ChainNode):
            raise TypeError(f"{type(node).__name__} is no chain")
        inner = node.node
        if isinstance(inner, nodes.NilNode):
            term = self.failing(self.place(node), f"indirection through explicit nil in {node}")
            return term, "None", tuple(node.field), self.place(node)
        start = self.full(self.operand(inner, SURE))
        return start, self._result_interface(inner), tuple(node.field), self._chain_place(inner, node)

    def _chain_place(self, inner: nodes.Node, node: nodes.Node) -> Place:
        """Return the place of a chain on parentheses: it reports where they ended, and calls at itself."""
        after = self.after_argument(inner)
        number = after[2:-1]
        if number.isdigit():
            return self.place(self.sites[int(number)][0], node)
        return f"S.at({number}, {self.site(node)})"

    def _result_interface(self, node: nodes.Node) -> str:
        function = self.resolve(node.ident)[0] if isinstance(node, nodes.IdentifierNode) else None
        results = signature(function).results if function is not None else ()
        if not results or results[0].kind is not Kind.INTERFACE or not isinstance(node, nodes.IdentifierNode):
            return "None"
        return "ANY" if results[0] is ANY else self.unbound.name("held", node.ident)

    @staticmethod
    def static_of(origin: str, *, is_key: bool) -> str:
        """Return the expression for the interface type that an element or key of a container is held in."""
        return f"{'STATIC_KEY' if is_key else 'STATIC'}({origin})" if origin else "None"

    def _static_of_variable(self, variable: Variable | None) -> str:
        return self.static_of(variable.origin, is_key=variable.is_key) if variable is not None else "None"

    # Functions

    def resolve(self, name: str) -> tuple[Any, bool]:
        """Return the function a name means and whether it is a builtin; notes that the source depends on it."""
        builtin = name not in self.funcs
        function = self.builtins.get(name) if builtin else self.funcs[name]
        if function is not None and name not in self.unbound.used:
            self.unbound.used[name] = (builtin, signature(function).name)
        return function, builtin

    def call(
        self, word: nodes.IdentifierNode, node: nodes.Node, args: Sequence[nodes.Node], final: Term | None, use: int
    ) -> Term:
        """Return the result of a function."""
        from gotemplate.codegen_builtins import INLINED

        name = word.ident
        function, builtin = self.resolve(name)
        if function is None:
            from gotemplate.golib.quote import quote

            return self.failing(self.place(word), f"{quote(name)} is not a defined function")
        go_type = signature(function)
        complaint = count_complaint(name, go_type.params, go_type.variadic, len(args), final is not None)
        complaint = complaint or result_complaint(name, go_type.results)
        if complaint:
            return self.failing(self.place(word), complaint)
        if builtin and name in ("and", "or"):
            return self._logic(word, args, final, use)
        call = (name, self.site(node))
        if builtin and name == "call":
            return self._call(args, final, call)
        if builtin and name in INLINED:
            return INLINED[name](self, args, final, call)
        values = self.arguments(word, args, final, go_type)
        return Term(f"{self.unbound.name('func', name)}({', '.join(values)})", call=call)

    def arguments(
        self, word: nodes.IdentifierNode, args: Sequence[nodes.Node], final: Term | None, go_type: Type
    ) -> list[str]:
        """Return the expressions of checked arguments; none of them can fail any more, nor change by evaluating another."""
        params, variadic = go_type.params, go_type.variadic
        texts = []
        for i, node in enumerate(args):
            wanted = parameter(params, variadic, i)
            if isinstance(node, LITERALS):
                texts.append(self._literal(word.ident, i, node, wanted).text)
            else:
                term = self.atom(self.operand(node, SURE if wanted in _SCALARS else VALUE))
                texts.append(self._checked(word.ident, i, term, wanted, self.after_argument(node)))
        if final is not None:
            at = self.after_argument(args[-1]) if args else self.place(word)
            texts.append(self._checked(word.ident, len(args), final, parameter(params, variadic, len(args)), at))
        return texts

    def _literal(self, name: str, position: int, node: nodes.Node, wanted: Type) -> Term:
        site = self._scene.site(node)
        value_row = ("literal", name, position, *literal_row(node))
        return self.constant(node, lambda: literal(node, wanted, site), *value_row)

    def _checked(self, name: str, position: int, term: Term, wanted: Type, at: Place) -> str:
        if wanted is ANY:
            return (
                term.text if term.cls else f"({term.text} if {term.text}.__class__ in READY else ANY_OF({term.text}))"
            )
        if term.cls and term.cls == _GUARD.get(wanted):
            return term.text
        if wanted is REFLECT_VALUE and term.unsettled:
            term = self.full(term)
        guard = (
            f"{term.text}.__class__ is not {_GUARD[wanted]}"
            if wanted in _GUARD
            else self._not_ready(name, position, term, wanted)
        )
        accepted = f"ACCEPT({term.full_text}, {self._type(name, position, wanted)}, {at})"
        if term.owned:
            target = term.text
            self.emit(f"if {guard}: {target} = {accepted}" if guard else f"{target} = {accepted}")
        else:
            target = self.fresh()
            self.emit(f"{target} = {accepted} if {guard} else {term.text}" if guard else f"{target} = {accepted}")
        return target

    def _not_ready(self, name: str, position: int, term: Term, wanted: Type) -> str:
        """Return the condition that a value is to be looked at before it is passed; empty if it always is."""
        if ready_classes(wanted):
            return f"{term.text}.__class__ not in {self.unbound.name('ready', name, position)}"
        if wanted.kind is Kind.INTERFACE:
            return ""
        return f"getattr({term.text}, 'go_type', None) is not {self._type(name, position, wanted)}"

    def _type(self, name: str, position: int, wanted: Type) -> str:
        known = {STRING: "STRING", ANY: "ANY", REFLECT_VALUE: "REFLECT_VALUE"}.get(wanted)
        return known or self.unbound.name("param", name, position)

    def value_of(self, node: nodes.Node, use: int = VALUE, *, keep: bool = False) -> Term:
        """Return an argument that is taken as reflect sees it, under a name."""
        if isinstance(node, LITERALS):
            site = self._scene.site(node)
            return self.constant(node, lambda: literal(node, REFLECT_VALUE, site))
        return self.atom(self.operand(node, use, keep=keep))

    def values_of(
        self, args: Sequence[nodes.Node], final: Term | None, use: int = VALUE, *, keep: bool = False
    ) -> list[Term]:
        """Return all arguments of a builtin that takes them as reflect sees them."""
        values = [self.value_of(node, use, keep=keep) for node in args]
        return values if final is None else [*values, final]

    def _call(self, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
        values = [self.full(value).text for value in self.values_of(args, final)]
        name = repr(str(args[0])) if args else f"CALLEE({values[0]})"
        return Term(f"CALL({', '.join([name, *values])})", call=call)

    # and, or

    def _logic(self, word: nodes.IdentifierNode, args: Sequence[nodes.Node], final: Term | None, use: int) -> Term:
        """Return the first value whose truth decides, or the last one; note where the evaluation stopped."""
        place, target = self.fresh("a"), self.fresh()
        self._logic_places[word] = place
        lazy = not self.options.eager_and_or
        test = f"if not {target}:" if word.ident == "or" else f"if {target}:"
        before = len(self.function.lines)
        self.emit(f"{place} = {self.site(word)}", only_for=place)
        self.emit(f"{target} = MISSING") if not args else None
        eager: list[str] = []
        for i, node in enumerate(args):
            inside = self.block() if i and lazy else Block(None)
            if i and lazy:
                self.emit(test)
            self.skipping += i > 0
            with inside:
                value = self._decider(node, use)
                if not lazy:
                    eager.append(self._named(value).text)
                else:
                    self.emit(f"{target} = {value.text}", value.call)
                self._note(place, self.after_argument(node)[2:-1])
            self.skipping -= i > 0
        if final is not None:
            last = (self.full(final) if use != TRUTH else final).text
            self._last(word, target, last, args, eager, lazy=lazy)
        elif not lazy:
            self.emit(f"{target} = DECIDE({word.ident == 'or'}, ({', '.join(eager)},))")
        self._reset_skippable(before)
        return Term(target, atom=True, owned=True)

    def _decider(self, node: nodes.Node, use: int) -> Term:
        """Return an argument of ``and`` or ``or``; where it is only asked for truth, not under a name of its own."""
        if use != TRUTH or isinstance(node, LITERALS):
            return self.full(self.value_of(node, min(use, VALUE)))
        return self.operand(node, TRUTH)

    def _last(
        self,
        word: nodes.IdentifierNode,
        target: str,
        last: str,
        args: Sequence[nodes.Node],
        eager: list[str],
        *,
        lazy: bool,
    ) -> None:
        if not args:
            self.emit(f"{target} = {last}")
        elif not lazy:
            self.emit(f"{target} = DECIDE({word.ident == 'or'}, ({', '.join([*eager, last])},))")
        else:
            negation = "not " if word.ident == "or" else ""
            self.emit(f"if {negation}{target}: {target} = {last}")

    def _note(self, place: str, after: str) -> None:
        if not after.isdigit():
            self.function.wanted.add(after)
        self.emit(f"{place} = {after}", only_for=place)

    def _reset_skippable(self, before: int) -> None:
        """Let the variables that were declared in arguments that may be skipped start unset."""
        if self.skipping or not self.skippable:
            return
        at = self.function.lines[before]
        line = type(at)(at.indent, " = ".join([*self.skippable, "UNSET"]), None)
        self.function.lines.insert(before, line)
        self.skippable = []


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


LITERALS: Final = (nodes.BoolNode, nodes.NumberNode, nodes.StringNode, nodes.NilNode)


def literal_row(node: nodes.Node) -> tuple[str, int, str]:
    """Return what a literal node is made of: its kind, its position and its text."""
    return type(node).__name__, node.pos, str(node)


def is_only_a_pipe(pipe: nodes.PipeNode) -> bool:
    """Tell whether a pipeline is nothing but another one in parentheses."""
    return (
        not pipe.decl
        and len(pipe.cmds) == 1
        and len(pipe.cmds[0].args) == 1
        and isinstance(pipe.cmds[0].args[0], nodes.PipeNode)
    )


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
