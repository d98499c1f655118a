"""Pipelines and operands as closures: the half of the evaluator that yields values.

A closure takes the cursor and the frame of the executing template and returns a value; ``evaluate`` builds the
statements around them. Errors carry the node Go would name: usually known when the closure is built, and otherwise
(after ``and`` and ``or``, which stop where they like) left in ``Run.at`` by the closure that knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gotemplate import nodes
from gotemplate.callees import Callee, Callees
from gotemplate.calls import ideal_constant, literal
from gotemplate.chains import Chain, chain_from, dot_chain, variable_chain
from gotemplate.errors import ExecError
from gotemplate.invocations import (
    LITERAL,
    Argument,
    Given,
    Parameter,
    Pending,
    caller,
    calling_raw,
    calling_value,
    eager_logic,
    lazy_logic,
    piped_caller,
)
from gotemplate.lookup import PLAIN, Scene, Site
from gotemplate.runtime import NOT_GIVEN, Code, Features, Filter, Frame, settle
from gotemplate.scopes import Scope, Scopes, Static, failing, resetting
from gotemplate.strictness import Strictness
from gotemplate.values import ANY, REFLECT_VALUE, Kind, Ref, Type, Value

_LITERALS: Final = (nodes.StringNode, nodes.NumberNode, nodes.BoolNode, nodes.NilNode)


class Expressions(Scopes, Strictness):
    """Builds the closures of the pipelines of one list; keeps its scope while it does."""

    def __init__(self, scene: Scene, scope: Scope, callees: Callees, features: Features, *, strict: bool) -> None:
        Strictness.__init__(self, scene, strict=strict)
        Scopes.__init__(self, scope)
        self.callees = callees
        self.features = features
        self._after: dict[nodes.Node, nodes.Node | None] = {}

    # Pipelines

    def pipeline(self, pipe: nodes.PipeNode) -> Code:
        """Return the code of a pipeline: its value as the end of a pipeline leaves it, declarations done."""
        bare = self._commands(pipe)
        if pipe.decl:
            return self._declaring(pipe, bare)

        def settled(dot: Value, frame: Frame) -> Value:
            value = bare(dot, frame)
            return value if value.__class__ in PLAIN else settle(value)

        return settled

    def commands(self, pipe: nodes.PipeNode) -> Code:
        """Return the code of a pipeline whose value need not be settled, because it is printed or only asked for truth."""
        return self.pipeline(pipe) if pipe.decl else self._commands(pipe)

    def condition(self, pipe: nodes.PipeNode, *, settled: bool) -> Code:
        """Return the code of a pipeline that is asked whether it yields something."""
        outer, self.scene = self.scene, self.forgiving
        code = self.pipeline(pipe) if settled else self.commands(pipe)
        self.scene = outer
        return code

    def _commands(self, pipe: nodes.PipeNode) -> Code:
        outer = pipe
        while pipe.is_only_a_pipe():
            pipe = pipe.cmds[0].args[0]  # type: ignore[assignment]  # ((((x)))) may be thousands deep
        if pipe.decl and pipe is not outer:
            return self.pipeline(pipe)
        if len(pipe.cmds) == 1:
            return self.first(pipe.cmds[0], pipe)
        scenes = self.scenes_of(pipe.cmds)
        self.scene = scenes[0]
        code = self.first(pipe.cmds[0], pipe)
        for i, command in enumerate(pipe.cmds[1:]):
            at = self.after(pipe.cmds[i])
            self.scene = scenes[i + 1]
            code = _piped(code, self.filter(command, at))
        return code

    def _declaring(self, pipe: nodes.PipeNode, bare: Code) -> Code:
        name = pipe.decl[0].ident[0]
        if pipe.is_assign:
            store = self.assign(name, self.site_after(pipe))

            def assigning(dot: Value, frame: Frame) -> Value:
                value = settle(bare(dot, frame))
                store(frame, value)
                return value

            return assigning
        slot = self.declare(name).slot

        def declaring(dot: Value, frame: Frame) -> Value:
            value = bare(dot, frame)
            frame[slot] = value = value if value.__class__ in PLAIN else settle(value)
            return value

        return declaring

    # Where Go's evaluation stands after a node

    def after(self, node: nodes.Node) -> nodes.Node | None:
        """Return the node that the evaluation of an operand, a command or a pipeline ends at; None if only the run knows."""
        if isinstance(node, nodes.PipeNode):
            if node not in self._after:
                self._after[node] = self.after(node.cmds[-1])
            return self._after[node]
        if isinstance(node, nodes.ChainNode):
            return self.after(node.node)
        if isinstance(node, nodes.CommandNode):
            word = node.args[0]
            if isinstance(word, nodes.IdentifierNode) and self._special(word.ident) in ("and", "or"):
                return None  # they stop where they like
            return self.after(word if isinstance(word, nodes.PipeNode) else node.args[-1])
        return node

    def site_after(self, node: nodes.Node) -> Site | None:
        """Return the place where the evaluation of a node ends; None if only the run knows (``Run.at``)."""
        at = self.after(node)
        return None if at is None else self.scene.site(at)

    # Commands

    def first(self, command: nodes.CommandNode, pipe: nodes.PipeNode) -> Code:
        """Return the code of the first command of a pipeline."""
        word = command.args[0]
        if isinstance(word, nodes.IdentifierNode):
            return self._function(word, command, command.args[1:], final=False)
        if len(command.args) == 1 and not isinstance(word, nodes.NilNode):
            return self.operand(word, exact=True)
        return self._with_arguments(command, pipe)

    def filter(self, command: nodes.CommandNode, at: nodes.Node | None) -> Filter:
        """Return the code of a later command, which gets the value of the one before as its final argument."""
        word = command.args[0]
        if isinstance(word, nodes.IdentifierNode):
            return self._function(word, command, command.args[1:], final=True)
        return self._with_arguments(command, at)

    def _with_arguments(self, command: nodes.CommandNode, at: nodes.Node | None) -> Filter:
        """Return the code of a command that is no function; only a method may have arguments."""
        word = command.args[0]
        site = self.scene.site(word)
        if isinstance(word, nodes.FieldNode | nodes.ChainNode) or (
            isinstance(word, nodes.VariableNode) and len(word.ident) > 1
        ):
            return self._method(word, command.args[1:])
        if isinstance(word, nodes.NilNode) and len(command.args) == 1:
            return _filter(failing(site, "nil is not a command"))
        if isinstance(word, nodes.VariableNode) and self.find(word.ident[0]) is None:
            return _filter(failing(site, f"undefined variable: {word.ident[0]}"))
        message = f"can't give argument to non-function {word}"
        if isinstance(word, nodes.PipeNode):
            return _filter(failing(self.scene.site(at) if at is not None else None, message))
        return _filter(failing(site, message))

    def _method(self, word: nodes.Node, args: Sequence[nodes.Node]) -> Filter:
        outer = self.enter_arguments("")
        written = [self._written(node) for node in args]
        self.scene = scene = outer
        start, chain = self._start_of(word), self._chain_of(word)
        after = written[-1].after if written else chain.at

        def call(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
            return chain.call(start(dot, frame), frame, Pending(written, scene, after, dot, frame, final))

        return call

    def _written(self, node: nodes.Node) -> Argument:
        if isinstance(node, _LITERALS):
            return Argument(node, None, node)
        return Argument(node, self.operand(node, exact=True), self.after(node))

    # Operands

    def operand(self, node: nodes.Node, *, exact: bool, keep: bool = False) -> Code:
        """Return the code of an operand without arguments.

        ``exact`` code yields a ``Ref`` where something may depend on one, ``keep`` also for what is held in an
        ``interface {}``; otherwise the plain value will do.
        """
        if isinstance(node, nodes.FieldNode):
            return self._fields(node, exact=exact, keep=keep)
        if isinstance(node, nodes.PipeNode):
            return self.pipeline(node)
        if isinstance(node, nodes.VariableNode | nodes.ChainNode):
            return self._chain(node, exact=exact, keep=keep)
        if isinstance(node, nodes.DotNode):
            return _kept(_dot, self.static_of(self.dot_origin)) if keep else _dot
        if isinstance(node, nodes.IdentifierNode):
            code = self._function(node, node, (), final=False)
            held = self._result_interface(node) if keep else None
            return _kept(code, lambda _frame: held) if held is not None else code
        return self._constant(node, None)

    def _fields(self, node: nodes.FieldNode, *, exact: bool, keep: bool) -> Code:
        chain = self._chain_of(node)
        return _walked(_dot, chain) if keep else dot_chain(chain, exact=exact)

    def _chain(self, node: nodes.VariableNode | nodes.ChainNode, *, exact: bool, keep: bool) -> Code:
        start = self._start_of(node)
        if isinstance(node, nodes.VariableNode):
            variable = self.find(node.ident[0])
            if len(node.ident) == 1:
                return _kept(start, self.static_of_variable(variable)) if keep else start
            if variable is not None and not variable.skippable and not keep:
                return variable_chain(variable.slot, self._chain_of(node), exact=exact)
        chain = self._chain_of(node)
        return _walked(start, chain) if keep else chain_from(start, chain, exact=exact)

    def _start_of(self, node: nodes.Node) -> Code:
        """Return the code of what a chain starts at."""
        if isinstance(node, nodes.VariableNode):
            return self.read(self.find(node.ident[0]), node.ident[0], self.scene, node)
        if not isinstance(node, nodes.ChainNode):
            return _dot
        if isinstance(node.node, nodes.NilNode):
            return failing(self.scene.site(node), f"indirection through explicit nil in {node}")
        return self.operand(node.node, exact=True)

    def _chain_of(self, node: nodes.Node) -> Chain:
        """Return the names of a chain, and how a failure is reported."""
        if isinstance(node, nodes.FieldNode):
            return Chain(node, tuple(node.ident), self.static_of(self.dot_origin), self.scene, node)
        if isinstance(node, nodes.VariableNode):
            static = self.static_of_variable(self.find(node.ident[0]))
            return Chain(node, tuple(node.ident[1:]), static, self.scene, node)
        if not isinstance(node, nodes.ChainNode):
            raise TypeError(f"{type(node).__name__} is no chain")
        held = self._result_interface(node.node)
        at = node if isinstance(node.node, nodes.NilNode) else self.after(node.node)
        return Chain(node, tuple(node.field), None if held is None else lambda _frame: held, self.scene, at)

    def _result_interface(self, node: nodes.Node) -> Type | None:
        """Return the interface type that a function without arguments returns its value in, in front of a chain."""
        callee = self.callees.find(node.ident) if isinstance(node, nodes.IdentifierNode) else None
        results = callee.go_type.results if callee is not None else ()
        return results[0] if results and results[0].kind is Kind.INTERFACE else None

    def _constant(self, node: nodes.Node, wanted: Type | None) -> Code:
        """Return the code of a literal; one that is wrong in its place fails when it is evaluated, not before."""
        site = self.scene.site(node)
        try:
            value = _value_of(node, wanted, site)
        except ExecError:
            return lambda _dot, _frame: _value_of(node, wanted, site)
        return lambda _dot, _frame: value

    # Functions

    def _special(self, name: str) -> str:
        callee = self.callees.find(name)
        return "" if callee is None else callee.special

    def _function(
        self, word: nodes.IdentifierNode, command: nodes.Node, args: Sequence[nodes.Node], *, final: bool
    ) -> Filter:
        callee = self.callees.find(word.ident)
        if callee is None:
            from gotemplate.golib.quote import quote

            return _filter(failing(self.scene.site(word), f"{quote(word.ident)} is not a defined function"))
        complaint = callee.complaint(len(args), final=final)
        if complaint:
            return _filter(failing(self.scene.site(word), complaint))
        outer = self.enter_arguments(word.ident)
        code = self._call_of(callee, word, command, args, final=final)
        self.scene = outer
        return code

    def _call_of(
        self,
        callee: Callee,
        word: nodes.IdentifierNode,
        command: nodes.Node,
        args: Sequence[nodes.Node],
        *,
        final: bool,
    ) -> Filter:
        """Return the code of a call that has the right number of arguments."""
        name, site = word.ident, Site(self.scene, command)
        if not callee.special:
            given = [self._given(node, callee.parameter(i)) for i, node in enumerate(args)]
            if not final:
                return caller(callee.call, given, name, site)  # type: ignore[return-value]  # it gets no final argument
            last = Parameter(callee.parameter(len(args)), self.scene, self.after(args[-1]) if args else word)
            return piped_caller(callee.call, given, last, name, site)
        if callee.special in ("and", "or"):
            return self._logic(name, args, self.scene.site(word))
        codes = [self._value_code(node, keep=callee.special == "slice") for node in args]
        if callee.special == "call":
            return calling_value(codes, str(args[0]) if args else None, site)
        return calling_raw(callee.call, codes, name, site)

    def _given(self, node: nodes.Node, wanted: Type) -> Given:
        """Return an argument of a call; a literal adapts to the type of its parameter."""
        if isinstance(node, _LITERALS):
            return self._constant(node, wanted), LITERAL
        return self.operand(node, exact=wanted is not ANY), Parameter(wanted, self.scene, self.after(node))

    def _value_code(self, node: nodes.Node, *, keep: bool = False) -> Code:
        """Return the code of an argument that is taken as reflect sees it."""
        return (
            self._constant(node, REFLECT_VALUE)
            if isinstance(node, _LITERALS)
            else self.operand(node, exact=True, keep=keep)
        )

    def _logic(self, name: str, args: Sequence[nodes.Node], site: Site) -> Filter:
        items: list[tuple[Code, Site | None]] = []
        outside = self.outside
        for i, node in enumerate(args):
            if name == "or" and i == len(args) - 1:
                self.scene = outside
            self.skipping += i > 0
            items.append((self._value_code(node), self.site_after(node)))
            self.skipping -= i > 0
        code = eager_logic if self.features.eager_and_or else lazy_logic
        return resetting(self, code(name == "or", tuple(items), site))


def _value_of(node: nodes.Node, wanted: Type | None, site: Site) -> Value:
    return ideal_constant(node, site) if wanted is None else literal(node, wanted, site)


def _dot(dot: Value, _frame: Frame) -> Value:
    return dot


def _filter(code: Code) -> Filter:
    return lambda dot, frame, _final=NOT_GIVEN: code(dot, frame)


def _piped(before: Code, stage: Filter) -> Code:
    def piped(dot: Value, frame: Frame) -> Value:
        value = before(dot, frame)
        return stage(dot, frame, value if value.__class__ in PLAIN else settle(value))

    return piped


def _kept(code: Code, static: Static) -> Code:
    if static is None:
        return code

    def kept(dot: Value, frame: Frame) -> Value:
        value, held = code(dot, frame), static(frame)
        return value if held is None or value.__class__ is Ref else Ref(value, held)

    return kept


def _walked(start: Code, chain: Chain) -> Code:
    return lambda dot, frame: chain.walk(start(dot, frame), frame, keep=True)
