"""Pipelines and operands as closures: the half of the evaluator that yields values.

A closure takes the cursor and the frame of the executing template and returns a value; ``evaluate`` builds the
statements around them. Errors carry the node Go would name: usually known when the closure is built, and otherwise
(after ``and`` and ``or``, which stop where they like) left in ``Run.at`` by the closure that knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from gotemplate import nodes
from gotemplate.calls import (
    Arguments,
    accept,
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
from gotemplate.errors import ExecError, FuncError, LimitError
from gotemplate.limits import Meter, StackRoom
from gotemplate.lookup import PLAIN, Scene, Site, is_settled, static_element, static_key, walk, walk_call
from gotemplate.values import ANY, MISSING, REFLECT_VALUE, Kind, Ref, Type, Value

Frame = list[Any]
"""The variables of one executing template: its Run, ``$``, and a slot for each declaration."""

Code = Callable[[Value, Frame], Value]
"""An expression: ``code(dot, frame)``."""


class Filter(Protocol):
    """A stage of a pipeline: ``code(dot, frame, final)``; the first one is called without the final argument."""

    def __call__(self, dot: Value, frame: Frame, final: Value = ..., /) -> Value:
        """Return the value of the stage."""


UNSET: Final = object()
"""What the slot of a variable holds whose declaration may not have been executed."""

NOT_GIVEN: Final = object()
"""The final argument of a command that is the first of its pipeline."""


class Run:
    """One rendering: where it writes, how deep it is, and where it last stopped."""

    __slots__ = ("at", "depth", "headroom", "max_depth", "meter", "room")

    def __init__(self, max_depth: int, meter: Meter | None) -> None:
        self.at: Site | None = None
        self.depth = 0
        self.headroom = 8
        self.max_depth = max_depth
        self.meter = meter
        self.room = StackRoom()


class Variable:
    """A declared variable: its slot, and the slot of the container its value was ranged out of, if it was.

    ``shadowed`` is set for a declaration that may be skipped (inside an argument of ``and`` or ``or``): until it has
    been executed, the name means what it meant before.
    """

    __slots__ = ("is_key", "name", "origin", "shadowed", "skippable", "slot")

    def __init__(self, name: str, slot: int) -> None:
        self.name = name
        self.slot = slot
        self.origin: int | None = None
        self.is_key = False
        self.skippable = False
        self.shadowed: Variable | None = None


def settle(value: Value) -> Value:
    """Return a value as the end of a pipeline leaves it: out of the ``interface {}`` it was held in."""
    if value is None:
        return MISSING
    if value.__class__ is Ref and value.static is ANY:
        return MISSING if value.value is None else value.value
    return value


class Argument:
    """One written argument: its code (None for a literal), its node, and where a check of its value reports."""

    __slots__ = ("after", "code", "node", "site")

    def __init__(self, node: nodes.Node, code: Code | None, site: Site, after: Site | None) -> None:
        self.node = node
        self.code = code
        self.site = site
        self.after = after


class Pending(Arguments):
    """The arguments of a method call, evaluated once the method is known."""

    __slots__ = ("at", "count", "dot", "final", "frame", "has_final", "written")

    def __init__(self, written: Sequence[Argument], dot: Value, frame: Frame, final: Value, at: Site | None) -> None:
        self.written = written
        self.count = len(written)
        self.dot = dot
        self.frame = frame
        self.final = final
        self.has_final = final is not NOT_GIVEN
        self.at = at

    def evaluate(self, params: tuple[Type, ...], variadic: bool) -> Sequence[Value]:
        """Return the values, each checked against its parameter."""
        values: list[Value] = []
        for i, argument in enumerate(self.written):
            wanted = parameter(params, variadic, i)
            if argument.code is None:
                values.append(literal(argument.node, wanted, argument.site))
            else:
                value = argument.code(self.dot, self.frame)
                values.append(accept(value, wanted, argument.after or self.frame[0].at))
        if self.has_final:
            wanted = parameter(params, variadic, self.count)
            values.append(accept(self.final, wanted, self.at or self.frame[0].at))
        return values


class Features:
    """The differences between releases of Go that an execution shows."""

    __slots__ = ("comparison_types", "eager_and_or", "range_func", "range_int")

    def __init__(self, *, eager_and_or: bool, range_int: bool, range_func: bool, comparison_types: bool) -> None:
        self.eager_and_or = eager_and_or
        self.range_int = range_int
        self.range_func = range_func
        self.comparison_types = comparison_types


class Expressions:
    """Builds the closures of the pipelines of one template; keeps the scopes while it does."""

    def __init__(self, scene: Scene, funcs: Mapping[str, Any], builtins: Mapping[str, Any], features: Features) -> None:
        self.scene = scene
        self.funcs = funcs
        self.builtins = builtins
        self.features = features
        self.scopes: list[dict[str, Variable]] = [{"$": Variable("$", 1)}]
        self.slots = 2
        self.dot_origin: int | None = None
        self.depth = 0
        self.deepest = 0
        self.skipping = 0
        self.skippable: list[int] = []
        self._after: dict[nodes.PipeNode, Site | None] = {}

    # Variables

    def new_slot(self) -> int:
        """Return the number of a fresh slot in the frame."""
        self.slots += 1
        return self.slots - 1

    def declare(self, name: str) -> Variable:
        """Open a variable in the innermost scope."""
        variable = Variable(name, self.new_slot())
        if self.skipping:
            variable.skippable = True
            variable.shadowed = self.find(name)
            self.skippable.append(variable.slot)
        self.scopes[-1][name] = variable
        return variable

    def find(self, name: str) -> Variable | None:
        """Return the variable a name means here."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def _read(self, variable: Variable | None, name: str, site: Site) -> Code:
        if variable is None:
            return self._failing(site, f"undefined variable: {name}")
        slot = variable.slot
        if not variable.skippable:
            return lambda _dot, frame: frame[slot]
        before = self._read(variable.shadowed, name, site)
        return lambda dot, frame: before(dot, frame) if frame[slot] is UNSET else frame[slot]

    def assign(self, name: str, at: Site | None) -> Callable[[Frame, Value], None]:
        """Return a function that sets the variable a name means here."""
        return self._store(self.find(name), name, at)

    def _store(self, variable: Variable | None, name: str, at: Site | None) -> Callable[[Frame, Value], None]:
        if variable is None:
            return self._undefined(name, at)
        slot = variable.slot

        def store(frame: Frame, value: Value) -> None:
            frame[slot] = value

        def store_settled(frame: Frame, value: Value) -> None:
            frame[slot] = value if value.__class__ is Ref else Ref(value, None)  # not in what the elements are held in

        if variable.origin is not None:
            store = store_settled
        if not variable.skippable:
            return store
        before = self._store(variable.shadowed, name, at)

        def store_if_declared(frame: Frame, value: Value) -> None:
            (before if frame[slot] is UNSET else store)(frame, value)

        return store_if_declared

    @staticmethod
    def _undefined(name: str, at: Site | None) -> Callable[[Frame, Value], None]:
        def store(frame: Frame, _value: Value) -> None:
            (at or frame[0].at).fail(f"undefined variable: {name}")

        return store

    @staticmethod
    def _failing(site: Site | None, message: str) -> Code:
        def fail(_dot: Value, frame: Frame) -> Value:
            (site or frame[0].at).fail(message)

        return fail

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
        while _is_only_a_pipe(pipe):
            pipe = pipe.cmds[0].args[0]  # type: ignore[assignment]  # ((((x)))) may be thousands deep
        if pipe.decl and pipe is not outer:
            return self.pipeline(pipe)
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        at: Site | None = self.scene.site(pipe)
        code = self.first(pipe.cmds[0], at)
        for i, command in enumerate(pipe.cmds[1:]):
            at = self.after_command(pipe.cmds[i])
            code = _piped(code, self.filter(command, at))
        self.depth -= 1
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
            return _filter(self._failing(site, "nil is not a command"))
        if isinstance(word, nodes.VariableNode) and self.find(word.ident[0]) is None:
            return _filter(self._read(None, word.ident[0], site))
        where = at if isinstance(word, nodes.PipeNode) else site
        return _filter(self._failing(where, f"can't give argument to non-function {word}"))

    def _method(self, word: nodes.Node, args: Sequence[nodes.Node]) -> Filter:
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
            static = self._static_of(self.dot_origin, is_key=False)
            return _kept(lambda dot, _frame: dot, static) if keep else lambda dot, _frame: dot
        if isinstance(node, nodes.PipeNode):
            return self.pipeline(node)
        if isinstance(node, nodes.IdentifierNode):
            code = self._function(node, node, (), final=False)
            held = self._result_interface(node) if keep else None
            return _kept(code, lambda _frame: held) if held is not None else code
        if isinstance(node, nodes.VariableNode) and len(node.ident) == 1:
            variable = self.find(node.ident[0])
            read = self._read(variable, node.ident[0], self.scene.site(node))
            return _kept(read, self._static_of_variable(variable)) if keep else read
        if isinstance(node, nodes.FieldNode | nodes.VariableNode | nodes.ChainNode):
            return self._chain(node, exact=exact, keep=keep)
        site = self.scene.site(node)
        return _constant(lambda: ideal_constant(node, site))

    def _chain(self, node: nodes.Node, *, exact: bool, keep: bool) -> Code:
        start, static, path, site = self._chain_parts(node)

        def slow(_dot: Value, frame: Frame, value: Value) -> Value:
            where = site or Site(self.scene, frame[0].at.node, node)
            return walk(value, static(frame), path, where, keep=keep)

        if keep:
            return lambda dot, frame: slow(dot, frame, start(dot, frame))
        if isinstance(node, nodes.FieldNode):
            return _dot_chain(path, slow, exact=exact)
        variable = self.find(node.ident[0]) if isinstance(node, nodes.VariableNode) else None
        if variable is not None and not variable.skippable:
            return _variable_chain(variable.slot, path, slow, exact=exact)
        return _chain_from(start, path, slow, exact=exact)

    def _chain_parts(
        self, node: nodes.Node
    ) -> tuple[Code, Callable[[Frame], Type | None], tuple[str, ...], Site | None]:
        """Return the start of a chain, the interface type it is held in, the names, and where a failure reports."""
        if isinstance(node, nodes.FieldNode):
            static = self._static_of(self.dot_origin, is_key=False)
            return lambda dot, _frame: dot, static, tuple(node.ident), self.scene.site(node)
        if isinstance(node, nodes.VariableNode):
            variable = self.find(node.ident[0])
            site = self.scene.site(node)
            read = self._read(variable, node.ident[0], site)
            return read, self._static_of_variable(variable), tuple(node.ident[1:]), site
        if not isinstance(node, nodes.ChainNode):
            raise TypeError(f"{type(node).__name__} is no chain")
        inner = node.node
        if isinstance(inner, nodes.NilNode):
            site = self.scene.site(node)
            code = self._failing(site, f"indirection through explicit nil in {node}")
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

    def _static_of(self, origin: int | None, *, is_key: bool) -> Callable[[Frame], Type | None]:
        if origin is None:
            return lambda _frame: None
        read = static_key if is_key else static_element
        return lambda frame: read(frame[origin])

    def _static_of_variable(self, variable: Variable | None) -> Callable[[Frame], Type | None]:
        if variable is None:
            return lambda _frame: None
        return self._static_of(variable.origin, is_key=variable.is_key)

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
        function, builtin = self._resolve(name)
        if function is None:
            from gotemplate.golib.quote import quote

            return _filter(self._failing(site, f"{quote(name)} is not a defined function"))
        go_type = signature(function)
        complaint = count_complaint(name, go_type.params, go_type.variadic, len(args), final)
        complaint = complaint or result_complaint(name, go_type.results)
        if complaint:
            return _filter(self._failing(site, complaint))
        call_site = Site(self.scene, command)
        if builtin and name in ("and", "or"):
            return self._logic(name, args, site)
        if builtin and name == "call":
            return self._call(args, call_site)
        if builtin and name in ("index", "slice"):
            function, go_type = _raw(function), signature(function)
            codes = [self._value_code(node, keep=name == "slice") for node in args]
            return _calling_raw(function, codes, name, call_site)
        if builtin and not self.features.comparison_types:
            function = _without_types(_raw(function))
        return self._calling(_raw(function), go_type, args, name, site, call_site)

    def _value_code(self, node: nodes.Node, *, keep: bool = False) -> Code:
        """Return the code of an argument that is taken as reflect sees it."""
        argument = self.argument(node, keep=keep)
        if argument.code is not None:
            return argument.code
        return _constant(lambda: literal(node, REFLECT_VALUE, argument.site))

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
        return _caller(function, checks, (ready_classes(last), last, at), name, call_site)

    def _checked(self, node: nodes.Node, wanted: Type) -> Check:
        argument = self.argument(node, exact=wanted is not ANY)
        ready = ready_classes(wanted)
        if argument.code is not None:
            return argument.code, ready, wanted, argument.after
        code = _constant(lambda: literal(node, wanted, argument.site))
        return code, _EVERY_LITERAL, wanted, argument.site

    def _logic(self, name: str, args: Sequence[nodes.Node], site: Site) -> Filter:
        items: list[tuple[Code, Site | None]] = []
        for i, node in enumerate(args):
            self.skipping += i > 0
            items.append((self._value_code(node), self.after_argument(node)))
            self.skipping -= i > 0
        code = _eager_logic if self.features.eager_and_or else _lazy_logic
        return _resetting(self, code(name == "or", tuple(items), site))

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


Check = tuple[Code, frozenset[type], Type, Site | None]
"""An argument's code, the classes that need no check, the parameter type, and where a failed check reports."""


class _Every(frozenset[type]):
    def __contains__(self, item: object) -> bool:
        return True


_EVERY_LITERAL: Final = _Every()


def _is_only_a_pipe(pipe: nodes.PipeNode) -> bool:
    return (
        not pipe.decl
        and len(pipe.cmds) == 1
        and len(pipe.cmds[0].args) == 1
        and isinstance(pipe.cmds[0].args[0], nodes.PipeNode)
    )


def _raw(function: Any) -> Callable[..., Value]:
    """Return the Python function behind a declared one."""
    call = getattr(function, "call", None)
    return call if hasattr(function, "go_type") and callable(call) else function  # type: ignore[no-any-return]


def _without_types(function: Callable[..., Value]) -> Callable[..., Value]:
    """Return a comparison that words its complaint as Go did before 1.25, without the types."""
    words = "incompatible types for comparison"

    def compare(*args: Value) -> Value:
        try:
            return function(*args)
        except FuncError as e:
            raise FuncError(words) if str(e).startswith(words) else e from None

    return compare


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


def _constant(make: Callable[[], Value]) -> Code:
    """Return code for a literal; one that is wrong in its place fails when it is evaluated, not before."""
    try:
        value = make()
    except ExecError:
        return lambda _dot, _frame: make()
    return lambda _dot, _frame: value


# Field chains: plain subscripts first, Go's rules when they fail or find what needs a Ref

Slow = Callable[[Value, Frame, Value], Value]


def _dot_chain(path: tuple[str, ...], slow: Slow, *, exact: bool) -> Code:
    if len(path) > 2:
        return _chain_from(lambda dot, _frame: dot, path, slow, exact=exact)
    first, second = path[0], path[-1]

    def one(dot: Value, frame: Frame) -> Value:
        try:
            value = dot[first]
        except (KeyError, TypeError):
            return slow(dot, frame, dot)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else slow(dot, frame, dot)

    def two(dot: Value, frame: Frame) -> Value:
        try:
            value = dot[first][second]
        except (KeyError, TypeError):
            return slow(dot, frame, dot)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else slow(dot, frame, dot)

    return one if len(path) == 1 else two


def _variable_chain(slot: int, path: tuple[str, ...], slow: Slow, *, exact: bool) -> Code:
    if len(path) > 1:
        return _chain_from(lambda _dot, frame: frame[slot], path, slow, exact=exact)
    name = path[0]

    def one(dot: Value, frame: Frame) -> Value:
        start = frame[slot]
        try:
            value = start[name]
        except (KeyError, TypeError):
            return slow(dot, frame, start)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else slow(dot, frame, start)

    return one


def _chain_from(start: Code, path: tuple[str, ...], slow: Slow, *, exact: bool) -> Code:
    def chain(dot: Value, frame: Frame) -> Value:
        value = begin = start(dot, frame)
        try:
            for name in path:
                value = value[name]
        except (KeyError, TypeError):
            return slow(dot, frame, begin)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else slow(dot, frame, begin)

    return chain


# Calls


def _caller(
    function: Callable[..., Value],
    checks: Sequence[Check],
    last: tuple[frozenset[type], Type, Site | None],
    name: str,
    site: Site,
) -> Filter:
    """Return the code of a function call: evaluate and check each argument in order, then call."""
    final_ready, final_wanted, final_at = last
    if len(checks) == 1:
        return _call_one(function, checks[0], last, name, site)

    def call(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
        values = []
        for code, ready, wanted, at in checks:
            value = code(dot, frame)
            values.append(value if value.__class__ in ready else accept(value, wanted, at or frame[0].at))
        if final is not NOT_GIVEN:
            if final.__class__ not in final_ready:
                final = accept(final, final_wanted, final_at or frame[0].at)
            values.append(final)
        try:
            return function(*values)
        except (LimitError, RecursionError):
            raise
        except Exception as e:
            return site.fail_call(name, e)

    return call


def _call_one(
    function: Callable[..., Value],
    check: Check,
    last: tuple[frozenset[type], Type, Site | None],
    name: str,
    site: Site,
) -> Filter:
    code, ready, wanted, at = check
    final_ready, final_wanted, final_at = last

    def call(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
        value = code(dot, frame)
        if value.__class__ not in ready:
            value = accept(value, wanted, at or frame[0].at)
        try:
            if final is NOT_GIVEN:
                return function(value)
        except (LimitError, RecursionError):
            raise
        except Exception as e:
            return site.fail_call(name, e)
        if final.__class__ not in final_ready:
            final = accept(final, final_wanted, final_at or frame[0].at)
        try:
            return function(value, final)
        except (LimitError, RecursionError):
            raise
        except Exception as e:
            return site.fail_call(name, e)

    return call


def _calling_raw(function: Callable[..., Value], codes: Sequence[Code], name: str, site: Site) -> Filter:
    """Return the code of a builtin that takes its arguments as reflect sees them."""

    def call(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
        values = [code(dot, frame) for code in codes]
        if final is not NOT_GIVEN:
            values.append(final)
        try:
            return function(*values)
        except (LimitError, RecursionError):
            raise
        except Exception as e:
            return site.fail_call(name, e)

    return call


def _lazy_logic(stop: bool, items: tuple[tuple[Code, Site | None], ...], site: Site) -> Filter:
    """Return the code of ``and`` and ``or``: the first value whose truth is ``stop``, or the last one."""

    def decide(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
        value: Value = MISSING
        frame[0].at = site
        for code, at in items:
            value = code(dot, frame)
            if at is not None:
                frame[0].at = at
            if bool(value) is stop:
                return value
        return value if final is NOT_GIVEN else final

    return decide


def _eager_logic(stop: bool, items: tuple[tuple[Code, Site | None], ...], site: Site) -> Filter:
    """Return the code of ``and`` and ``or`` before Go 1.18, which evaluated every argument first."""

    def decide(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
        values = []
        frame[0].at = site
        for code, at in items:
            values.append(code(dot, frame))
            if at is not None:
                frame[0].at = at
        if final is not NOT_GIVEN:
            values.append(final)
        return next((value for value in values[:-1] if bool(value) is stop), values[-1])

    return decide


def _resetting(owner: Expressions, code: Filter) -> Filter:
    """Return code that first forgets the variables its skippable arguments declare, left from an earlier round."""
    slots = tuple(owner.skippable)
    if owner.skipping or not slots:
        return code
    owner.skippable = []

    def reset(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
        for slot in slots:
            frame[slot] = UNSET
        return code(dot, frame, final)

    return reset
