"""Generated code of pipelines and operands: what ``expressions`` does with closures, as Python source.

Each method writes the lines that have to run first and returns the ``Term`` that yields the value. Plain values take
short ways (a subscript, a comparison of classes); anything else goes to the functions of ``units``, which are those
of the evaluator. Errors carry the number of a place: what lies there is looked up when an error happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gotemplate import nodes
from gotemplate.calls import ideal_constant, signature
from gotemplate.codegen.calls import LITERALS, CallWriter, literal_row
from gotemplate.codegen.scopes import (
    SURE,
    TRUTH,
    VALUE,
    Block,
    Place,
    TooDeepError,
    Variable,
    assigned_names,
)
from gotemplate.codegen.source import Function, Term
from gotemplate.values import ANY, Kind

__all__ = [
    "LITERALS",
    "SURE",
    "TRUTH",
    "VALUE",
    "Block",
    "ExpressionWriter",
    "TooDeepError",
    "Variable",
    "assigned_names",
]

MAX_DEPTH: Final = 150
"""Levels of nested pipelines that are generated; CPython's compiler walks its own tree recursively."""


class ExpressionWriter(CallWriter):
    """Writes the pipelines of one template."""

    # Pipelines

    def pipeline(self, pipe: nodes.PipeNode, use: int = SURE) -> Term:
        """Return the value of a pipeline as its end leaves it, declarations done."""
        if pipe.decl:
            return self._declaring(pipe, self._commands(pipe, max(use, VALUE)))
        return self.settled(self._commands(pipe, use))

    def commands(self, pipe: nodes.PipeNode, use: int = SURE) -> Term:
        """Return the value of a pipeline that need not be settled, because it is printed or only asked for truth."""
        return self.pipeline(pipe, use) if pipe.decl else self._commands(pipe, use)

    def _commands(self, pipe: nodes.PipeNode, use: int) -> Term:
        outer = pipe
        while pipe.is_only_a_pipe():
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
        while pipe.is_only_a_pipe():
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
        self.flush()  # what waits to be written belongs before the call, not into the function of its argument
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
