"""Pipelines and operands as closures: the half of the evaluator that yields values.

A closure takes the cursor and the frame of the executing template and returns a value; ``evaluate`` builds the
statements around them. Errors carry the node Go would name: usually known when the closure is built, and otherwise
(after ``and`` and ``or``, which stop where they like) left in ``Run.at`` by the closure that knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gotemplate import nodes
from gotemplate.calls import (
    call_value,
    callee_name,
    count_complaint,
    ideal_constant,
    literal,
    parameter,
    ready_classes,
    result_complaint,
    signature,
)
from gotemplate.chains import chain_from, dot_chain, variable_chain
from gotemplate.errors import LimitError
from gotemplate.invocations import (
    EVERY_CLASS,
    Argument,
    Check,
    Pending,
    caller,
    calling_raw,
    constant,
    eager_logic,
    lazy_logic,
    python_function,
    without_types,
)
from gotemplate.lookup import PLAIN, Scene, Site, walk, walk_call
from gotemplate.runtime import NOT_GIVEN, Code, Features, Filter, Frame, settle
from gotemplate.scopes import Scope, Scopes, failing, resetting
from gotemplate.strictness import Strictness
from gotemplate.values import ANY, REFLECT_VALUE, Kind, Ref, Type, Value


class Expressions(Scopes, Strictness):
    """Builds the closures of the pipelines of one list; keeps its scope while it does."""

    def __init__(
        self,
        scene: Scene,
        scope: Scope,
        funcs: Mapping[str, Any],
        builtins: Mapping[str, Any],
        features: Features,
        *,
        strict: bool = False,
    ) -> None:
        Strictness.__init__(self, scene, strict=strict)
        Scopes.__init__(self, scope)
        self.funcs = funcs
        self.builtins = builtins
        self.features = features
        self._after: dict[nodes.PipeNode, Site | None] = {}

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

    def _commands(self, pipe: nodes.PipeNode) -> Code:
        outer = pipe
        while pipe.is_only_a_pipe():
            pipe = pipe.cmds[0].args[0]  # type: ignore[assignment]  # ((((x)))) may be thousands deep
        if pipe.decl and pipe is not outer:
            return self.pipeline(pipe)
        at: Site | None = self.scene.site(pipe)
        scenes = self.scenes_of(pipe.cmds)
        self.scene = scenes[0]
        code = self.first(pipe.cmds[0], at)
        for i, command in enumerate(pipe.cmds[1:]):
            at = self.after_command(pipe.cmds[i])
            self.scene = scenes[i + 1]
            code = _piped(code, self.filter(command, at))
        return code

    def _declaring(self, pipe: nodes.PipeNode, bare: Code) -> Code:
        name = pipe.decl[0].ident[0]
        if pipe.is_assign:
            store = self.assign(name, self.after(pipe))

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

    def after(self, pipe: nodes.PipeNode) -> Site | None:
        """Return the place the evaluation of a pipeline ends at; None when only the run knows (``Run.at``)."""
        if pipe not in self._after:
            self._after[pipe] = self.after_command(pipe.cmds[-1])
        return self._after[pipe]

    def after_command(self, command: nodes.CommandNode) -> Site | None:
        """Return the place the evaluation of a command ends at."""
        word = command.args[0]
        if isinstance(word, nodes.PipeNode):
            return self.after(word)
        if isinstance(word, nodes.IdentifierNode) and self._is_builtin(word.ident, "and", "or"):
            return None
        if len(command.args) > 1:
            return self.after_argument(command.args[-1])
        return self.after_argument(word)

    def after_argument(self, node: nodes.Node) -> Site | None:
        """Return the place the evaluation of an argument ends at."""
        while isinstance(node, nodes.ChainNode):
            node = node.node
        if isinstance(node, nodes.PipeNode):
            return self.after(node)
        return self.scene.site(node)

    # Commands

    def first(self, command: nodes.CommandNode, at: Site | None) -> Code:
        """Return the code of the first command of a pipeline."""
        word = command.args[0]
        if isinstance(word, nodes.IdentifierNode):
            return self._function(word, command, command.args[1:], final=False)
        if len(command.args) == 1 and not isinstance(word, nodes.NilNode):
            return self.operand(word, exact=True)
        return self._with_arguments(command, at)

    def filter(self, command: nodes.CommandNode, at: Site | None) -> Filter:
        """Return the code of a later command, which gets the value of the one before as its final argument."""
        word = command.args[0]
        if isinstance(word, nodes.IdentifierNode):
            return self._function(word, command, command.args[1:], final=True)
        return self._with_arguments(command, at)

    def _with_arguments(self, command: nodes.CommandNode, at: Site | None) -> Filter:
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
            return _filter(self.read(None, word.ident[0], site))
        where = at if isinstance(word, nodes.PipeNode) else site
        return _filter(failing(where, f"can't give argument to non-function {word}"))

    def _method(self, word: nodes.Node, args: Sequence[nodes.Node]) -> Filter:
        with self.arguments_of(""):
            written = [self.argument(node) for node in args]
        start, static, path, site = self._chain_parts(word)
        at = written[-1].after if written else site

        def call(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
            pending = Pending(written, dot, frame, final, at)
            where = site or Site(self.scene, frame[0].at.node, word)
            return walk_call(start(dot, frame), static(frame), path, where, pending)

        return call

    # Operands

    def operand(self, node: nodes.Node, *, exact: bool, keep: bool = False) -> Code:
        """Return the code of an operand without arguments.

        ``exact`` code yields a ``Ref`` where something may depend on one, ``keep`` also for what is held in an
        ``interface {}``; otherwise the plain value will do.
        """
        if isinstance(node, nodes.DotNode):
            static = self.static_of(self.dot_origin, is_key=False)
            return _kept(lambda dot, _frame: dot, static) if keep else lambda dot, _frame: dot
        if isinstance(node, nodes.PipeNode):
            return self.pipeline(node)
        if isinstance(node, nodes.IdentifierNode):
            code = self._function(node, node, (), final=False)
            held = self._result_interface(node) if keep else None
            return _kept(code, lambda _frame: held) if held is not None else code
        if isinstance(node, nodes.VariableNode) and len(node.ident) == 1:
            variable = self.find(node.ident[0])
            read = self.read(variable, node.ident[0], self.scene.site(node))
            return _kept(read, self.static_of_variable(variable)) if keep else read
        if isinstance(node, nodes.FieldNode | nodes.VariableNode | nodes.ChainNode):
            return self._chain(node, exact=exact, keep=keep)
        site = self.scene.site(node)
        return constant(lambda: ideal_constant(node, site))

    def _chain(self, node: nodes.Node, *, exact: bool, keep: bool) -> Code:
        start, static, path, site = self._chain_parts(node)

        def slow(_dot: Value, frame: Frame, value: Value) -> Value:
            where = site or Site(self.scene, frame[0].at.node, node)
            return walk(value, static(frame), path, where, keep=keep)

        if keep:
            return lambda dot, frame: slow(dot, frame, start(dot, frame))
        if isinstance(node, nodes.FieldNode):
            return dot_chain(path, slow, exact=exact)
        variable = self.find(node.ident[0]) if isinstance(node, nodes.VariableNode) else None
        if variable is not None and not variable.skippable:
            return variable_chain(variable.slot, path, slow, exact=exact)
        return chain_from(start, path, slow, exact=exact)

    def _chain_parts(
        self, node: nodes.Node
    ) -> tuple[Code, Callable[[Frame], Type | None], tuple[str, ...], Site | None]:
        """Return the start of a chain, the interface type it is held in, the names, and where a failure reports."""
        if isinstance(node, nodes.FieldNode):
            static = self.static_of(self.dot_origin, is_key=False)
            return lambda dot, _frame: dot, static, tuple(node.ident), self.scene.site(node)
        if isinstance(node, nodes.VariableNode):
            variable = self.find(node.ident[0])
            site = self.scene.site(node)
            read = self.read(variable, node.ident[0], site)
            return read, self.static_of_variable(variable), tuple(node.ident[1:]), site
        if not isinstance(node, nodes.ChainNode):
            raise TypeError(f"{type(node).__name__} is no chain")
        inner = node.node
        if isinstance(inner, nodes.NilNode):
            site = self.scene.site(node)
            code = failing(site, f"indirection through explicit nil in {node}")
            return code, lambda _frame: None, tuple(node.field), site
        after = self.after_argument(inner)
        held = self._result_interface(inner)
        at = Site(self.scene, after.node, node) if after is not None else None
        return self.operand(inner, exact=True), lambda _frame: held, tuple(node.field), at

    def _result_interface(self, node: nodes.Node) -> Type | None:
        """Return the interface type that a function without arguments returns its value in, in front of a chain."""
        function = self._resolve(node.ident)[0] if isinstance(node, nodes.IdentifierNode) else None
        results = signature(function).results if function is not None else ()
        return results[0] if results and results[0].kind is Kind.INTERFACE else None

    # Functions

    def _resolve(self, name: str) -> tuple[Any, bool]:
        """Return the function a name means and whether it is a builtin; users may shadow builtins."""
        if name in self.funcs:
            return self.funcs[name], False
        return self.builtins.get(name), True

    def _is_builtin(self, name: str, *names: str) -> bool:
        return name in names and name not in self.funcs

    def argument(self, node: nodes.Node, *, exact: bool = True, keep: bool = False) -> Argument:
        """Return an argument of a call; a literal waits for the type of its parameter."""
        site = self.scene.site(node)
        if isinstance(node, nodes.BoolNode | nodes.NumberNode | nodes.StringNode | nodes.NilNode):
            return Argument(node, None, site, site)
        return Argument(node, self.operand(node, exact=exact, keep=keep), site, self.after_argument(node))

    def _function(
        self, word: nodes.IdentifierNode, command: nodes.Node, args: Sequence[nodes.Node], *, final: bool
    ) -> Filter:
        name, site = word.ident, self.scene.site(word)
        function, _ = self._resolve(name)
        if function is None:
            from gotemplate.golib.quote import quote

            return _filter(failing(site, f"{quote(name)} is not a defined function"))
        go_type = signature(function)
        complaint = count_complaint(name, go_type.params, go_type.variadic, len(args), final)
        complaint = complaint or result_complaint(name, go_type.results)
        if complaint:
            return _filter(failing(site, complaint))
        with self.arguments_of(name):
            return self._call_of(word, command, args)

    def _call_of(self, word: nodes.IdentifierNode, command: nodes.Node, args: Sequence[nodes.Node]) -> Filter:
        """Return the code of a call that has the right number of arguments."""
        name, site, call_site = word.ident, self.scene.site(word), Site(self.scene, command)
        function, builtin = self._resolve(name)
        go_type = signature(function)
        if builtin and name in ("and", "or"):
            return self._logic(name, args, site)
        if builtin and name == "call":
            return self._call(args, call_site)
        if builtin and name in ("index", "slice"):
            function, go_type = python_function(function), signature(function)
            codes = [self._value_code(node, keep=name == "slice") for node in args]
            return calling_raw(function, codes, name, call_site)
        if builtin and not self.features.comparison_types:
            function = without_types(python_function(function))
        return self._calling(python_function(function), go_type, args, name, site, call_site)

    def _value_code(self, node: nodes.Node, *, keep: bool = False) -> Code:
        """Return the code of an argument that is taken as reflect sees it."""
        argument = self.argument(node, keep=keep)
        if argument.code is not None:
            return argument.code
        return constant(lambda: literal(node, REFLECT_VALUE, argument.site))

    def _calling(
        self,
        function: Callable[..., Value],
        go_type: Type,
        args: Sequence[nodes.Node],
        name: str,
        site: Site,
        call_site: Site,
    ) -> Filter:
        params, variadic = go_type.params, go_type.variadic
        checks: list[Check] = []
        for i, node in enumerate(args):
            wanted = parameter(params, variadic, i)
            checks.append(self._checked(node, wanted))
        last = parameter(params, variadic, len(args)) if params and (variadic or len(args) < len(params)) else ANY
        at = self.after_argument(args[-1]) if args else site
        return caller(function, checks, (ready_classes(last), last, at), name, call_site)

    def _checked(self, node: nodes.Node, wanted: Type) -> Check:
        argument = self.argument(node, exact=wanted is not ANY)
        ready = ready_classes(wanted)
        if argument.code is not None:
            return argument.code, ready, wanted, argument.after
        code = constant(lambda: literal(node, wanted, argument.site))
        return code, EVERY_CLASS, wanted, argument.site

    def _logic(self, name: str, args: Sequence[nodes.Node], site: Site) -> Filter:
        items: list[tuple[Code, Site | None]] = []
        outside = self.outside
        for i, node in enumerate(args):
            if name == "or" and i == len(args) - 1:
                self.scene = outside
            self.skipping += i > 0
            items.append((self._value_code(node), self.after_argument(node)))
            self.skipping -= i > 0
        code = eager_logic if self.features.eager_and_or else lazy_logic
        return resetting(self, code(name == "or", tuple(items), site))

    def _call(self, args: Sequence[nodes.Node], call_site: Site) -> Filter:
        codes = [self._value_code(node) for node in args]
        written = str(args[0]) if args else None

        def call(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
            values = [code(dot, frame) for code in codes]
            if final is not NOT_GIVEN:
                values.append(final)
            name = written if written is not None else callee_name(values[0])
            try:
                return call_value(name, *values)
            except (LimitError, RecursionError):
                raise
            except Exception as e:
                return call_site.fail_call("call", e)

        return call


def _filter(code: Code) -> Filter:
    return lambda dot, frame, _final=NOT_GIVEN: code(dot, frame)


def _piped(before: Code, stage: Filter) -> Code:
    def piped(dot: Value, frame: Frame) -> Value:
        value = before(dot, frame)
        return stage(dot, frame, value if value.__class__ in PLAIN else settle(value))

    return piped


def _kept(code: Code, static: Callable[[Frame], Type | None]) -> Code:
    def kept(dot: Value, frame: Frame) -> Value:
        value, held = code(dot, frame), static(frame)
        return value if held is None or value.__class__ is Ref else Ref(value, held)

    return kept
