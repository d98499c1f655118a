"""Generated code made executable: bound to functions, and what it calls where values are not plain.

``bind`` gives a ``Unit`` (see ``stored_code``) the functions, options and fellow templates of a set and returns a
``CodeBody``, which the evaluator and other generated code execute like any ``Body``. Neither the parser nor the code
generator is needed for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NoReturn

from gotemplate import nodes
from gotemplate.callees import python_function, without_types
from gotemplate.calls import Arguments, accept, call_value, callee_name, literal, parameter, ready_classes, signature
from gotemplate.codegen.source import OUTLINED_LINE, TEMPLATE_LINE, Call
from gotemplate.errors import ExecError, LimitError
from gotemplate.golib.fmtsort import sorted_keys
from gotemplate.lookup import (
    PLAIN,
    Scene,
    Site,
    hold,
    index,
    is_settled,
    static_element,
    static_key,
    walk,
    walk_call,
)
from gotemplate.runtime import (
    NOT_GIVEN,
    UNSET,
    Body,
    Features,
    Frame,
    Run,
    Write,
    container_of,
    held,
    make_room,
    rounds_of,
    settle,
    shown,
)
from gotemplate.stored_code import Unit, compile_source
from gotemplate.values import ANY, MISSING, REFLECT_VALUE, STRING, Kind, Map, Ref, Slice, Type, Value

Execute = Callable[[Value, Run, Write], None]
"""A generated template: ``execute(dot, run, write)``."""

PEAK: Final = 40
"""Python frames that what generated code calls takes at most."""


class Mark:
    """What is left of a node in stored code: its position and its text."""

    __slots__ = ("pos", "text")

    def __init__(self, pos: int, text: str) -> None:
        self.pos = pos
        self.text = text

    def __str__(self) -> str:
        return self.text


class Sites(dict[int, Site]):
    """The places of a unit by number, each made when it is first needed; and what works by such numbers."""

    def __init__(self, scene: Scene, unit: Unit) -> None:
        super().__init__()
        self.scene = scene
        self.unit = unit

    def __missing__(self, number: int) -> Site:
        node, call = self.unit.tables.sites[number]
        if node.__class__ is tuple:
            node, call = Mark(*node), Mark(*call)
        site = self[number] = Site(self.scene, node, call)
        return site

    def at(self, number: int, call: int) -> Site:
        """Return the place of one node that reports failing calls at another."""
        return Site(self.scene, self[number].node, self[call].call)

    def walk(self, start: Value, number: int, static: Type | None = None) -> Value:
        """Follow a chain by its number, as ``lookup.walk`` does."""
        path, site = self.unit.tables.chains[number]
        return walk(start, static, path, self[site])

    def walk_plain(self, start: Value, number: int, static: Type | None = None) -> Value:
        """Follow a chain where a missing key is no error: what plain dicts do not have is missing."""
        path, site = self.unit.tables.chains[number]
        return walk_plain(start, static, path, self[site])

    def exact(self, value: Value, start: Value, number: int, static: Type | None = None) -> Value:
        """Return a chain's value with all that reflect knows of it."""
        if value.__class__ in PLAIN or is_settled(value):
            return value
        path, site = self.unit.tables.chains[number]
        return exact(value, start, static, path, self[site])

    def shown(self, value: Value, number: int) -> str:
        """Return what an action prints for a value."""
        return shown(value, self[number])


class CodeBody(Body):
    """A template as generated code; its frame is the run alone, as its variables are Python's."""

    __slots__ = ("execute", "texts")

    def __init__(self, name: str, execute: Execute, cost: int, texts: tuple[str, ...]) -> None:
        super().__init__(name, execute, 0, cost, PEAK)  # type: ignore[arg-type]  # the frame is the run
        self.execute = execute
        self.texts = texts

    def frame(self, run: Run, dot: Value) -> Frame:  # noqa: ARG002
        """Return what the code takes for its variables."""
        return run  # type: ignore[return-value]


def execute_of(body: Body) -> Execute:
    """Return any body in the form that generated code calls."""
    if isinstance(body, CodeBody):
        return body.execute
    return lambda dot, run, write: body.code(dot, body.frame(run, dot), write)


class Binding:
    """What a unit is bound to: where it is executed, the functions, and the other templates by name."""

    __slots__ = ("builtins", "features", "find", "funcs", "scene")

    def __init__(
        self,
        scene: Scene,
        funcs: Mapping[str, Any],
        builtins: Mapping[str, Any],
        find: Callable[[str], Body | None],
        features: Features,
    ) -> None:
        self.scene = scene
        self.funcs = funcs
        self.builtins = builtins
        self.find = find
        self.features = features

    def function(self, name: str) -> Any:
        """Return what a name means."""
        return self.funcs[name] if name in self.funcs else self.builtins[name]

    def callable(self, name: str) -> Callable[..., Value]:
        """Return the Python function behind a name."""
        found = python_function(self.function(name))
        if name not in self.funcs and not self.features.comparison_types:
            return without_types(found)
        return found

    def parameter(self, name: str, position: int) -> Type:
        """Return the type of a function's parameter."""
        go_type = signature(self.function(name))
        return parameter(go_type.params, go_type.variadic, position)

    def rounds(self, value: Value, site: Site) -> tuple[Value, Iterable[Value]]:
        """Return the container that a value of any kind is to a range, and its elements (false if there are none)."""
        container, addressable = container_of(value, site)
        if container.__class__ is Slice and container.go_type.kind is Kind.SLICE:
            return container, items_of(container)
        rounds = rounds_of(container, site, self.features, pairs=False, addressable=addressable)
        return container, _unless_empty(item for _, item in rounds)

    def rounds_of_pairs(self, value: Value, site: Site) -> tuple[Value, Iterable[Any]]:
        """Return the container that a value of any kind is to a range, and pairs of key and element."""
        container, addressable = container_of(value, site)
        if container.__class__ is Slice and container.go_type.kind is Kind.SLICE:
            return container, list(enumerate(items_of(container)))
        rounds = rounds_of(container, site, self.features, pairs=True, addressable=addressable)
        return container, _unless_empty(rounds)


def items_of(container: Slice) -> Sequence[Value]:
    """Return the elements of a slice as a range yields them: each in a ``Ref`` if need be."""
    elem = container.go_type.elem
    if elem is None or (elem.kind is not Kind.INTERFACE and not elem.by_address):
        return container
    if elem.kind is not Kind.INTERFACE:
        return [Ref(item, None, addressable=True) for item in container]
    return [hold(item, elem, addressable=True) for item in container]


def _unless_empty(rounds: Iterator[Value]) -> Iterable[Value]:
    for first in rounds:
        return _again(first, rounds)
    return ()


def _again(first: Value, rest: Iterator[Value]) -> Iterator[Value]:
    yield first
    yield from rest


def bind(unit: Unit, binding: Binding) -> CodeBody:
    """Return the code of a unit, ready to be executed in a set."""
    scene = binding.scene
    sites = Sites(scene, unit)
    bodies: dict[str, tuple[Execute, Body]] = {}

    def find(name: str, site: Site) -> tuple[Execute, Body]:
        body = binding.find(name)
        if body is None:
            from gotemplate.golib.quote import quote

            site.fail(f"template {quote(name)} not defined")
        found = bodies[name] = (execute_of(body), body)
        return found

    def lost(error: Exception) -> None:
        _report(error, unit, sites)

    names = {
        **_SHARED,
        "ABSENT": None if scene.missing_key == "zero" else MISSING,
        "B": bodies,
        "EXACT": sites.exact,
        "FIND": find,
        "LOST": lost,
        "ROUNDS": binding.rounds,
        "ROUNDS_OF_PAIRS": binding.rounds_of_pairs,
        "S": sites,
        "SHOW": sites.shown,
        "WALK": sites.walk_plain if scene.missing_key == "invalid" else sites.walk,
    }
    for name, kind, *row in unit.rows:
        names[name] = _BOUND[kind](binding, *row)
    exec(unit.code, names)
    return CodeBody(scene.name, names["t"], unit.cost, unit.texts)


def _literal(binding: Binding, name: str, position: int, kind: str, pos: int, text: str) -> Value:
    node = literal_node(kind, pos, text)
    return literal(node, binding.parameter(name, position), binding.scene.site(node))


def literal_node(kind: str, pos: int, text: str) -> nodes.Node:
    """Return the node of a literal from its kind and its text."""
    from gotemplate import constants

    if kind == "StringNode":
        return nodes.StringNode(pos, text, constants.string_of(text))
    if kind == "BoolNode":
        return nodes.BoolNode(pos, text == "true")
    if kind == "NilNode":
        return nodes.NilNode(pos)
    is_complex = text.endswith("i") and not text.startswith("'") and any(sign in text[1:] for sign in "+-")
    if is_complex:
        try:
            return constants.complex_of(pos, text)
        except ValueError:
            pass  # the sign is that of an exponent
    return constants.number_of(pos, text)


_BOUND: Final[dict[str, Callable[..., Any]]] = {
    "func": Binding.callable,
    "held": lambda binding, name: signature(binding.function(name)).results[0],
    "literal": _literal,
    "node": lambda _binding, kind, pos, text: literal_node(kind, pos, text),
    "param": Binding.parameter,
    "ready": lambda binding, name, position: ready_classes(binding.parameter(name, position)),
    "value": lambda _binding, value: value,
}
"""What the rows of a unit stand for, by the word they begin with."""


# Failures


def _report(error: Exception, unit: Unit, sites: Sites) -> None:
    """Raise what a failing line of generated code means in Go's words; return if the error is to go on as it is."""
    call = _failed_call(error, unit)
    if call is None or isinstance(error, RecursionError):
        return
    name, number = call
    if name == TEMPLATE_LINE:
        if isinstance(error, ExecError):
            error.called_from(sites.scene.tree, sites[number].node, *_dot_given(error))
            # without its trace, or that of a deep recursion would hold all of its frames
            raise error.with_traceback(None) from error.__cause__
    elif not isinstance(error, LimitError):
        sites[number].fail_call(name, error)


def _dot_given(error: Exception) -> Sequence[Value]:
    """Return the dot that was given to the template that failed; nothing if closures executed it."""
    trace = error.__traceback__
    while trace is not None and (trace := trace.tb_next) is not None:
        if trace.tb_frame.f_code.co_name == "t" and "d0" in trace.tb_frame.f_locals:
            return (trace.tb_frame.f_locals["d0"],)
    return ()


def _failed_call(error: Exception, unit: Unit) -> Call | None:
    trace = error.__traceback__
    while trace is not None:
        call = unit.tables.calls.get(trace.tb_lineno)
        if call is None or call[0] != OUTLINED_LINE:
            return call
        trace = trace.tb_next
    return None


def _too_deep(run: Run, site: Site) -> NoReturn:
    raise site.error(f"exceeded maximum template depth ({run.max_depth})", LimitError)


# Values that are not plain

_ABSENT: Final = (KeyError, TypeError)


def walk_plain(start: Value, static: Type | None, path: Sequence[str], site: Site) -> Value:
    """Follow a chain as ``walk`` does, where a missing key is no error; keys missing from plain dicts first."""
    value = start
    for name in path:
        if value.__class__ is not dict:
            return walk(start, static, path, site)
        value = value.get(name, MISSING)
        if value is MISSING:
            return MISSING
    return value


def exact(value: Value, start: Value, static: Type | None, path: Sequence[str], site: Site) -> Value:
    """Return a chain's value with all that reflect knows of it, for a value that plain subscripts may have found."""
    if value.__class__ in PLAIN or is_settled(value):
        return value
    found = start
    try:
        for name in path:
            found = found[name]
    except _ABSENT:
        return value  # it was not found that way, but by walking
    return walk(start, static, path, site)


def walk_keep(start: Value, static: Type | None, path: Sequence[str], site: Site) -> Value:
    """Follow a chain to a value that keeps the interface it was held in."""
    return walk(start, static, path, site, keep=True)


def unheld(value: Value) -> Value:
    """Return a value as it is assigned to the variable of a range: not in what the elements are held in."""
    return value if value.__class__ is Ref else Ref(value, None)


def any_of(value: Value) -> Value:
    """Return a value as an argument of a parameter that takes anything."""
    if value.__class__ is Ref:
        value = value.value
    return None if value is MISSING else value


def plainly(value: Value) -> Value:
    """Return a value as reflect hands it to a builtin."""
    return value.value if value.__class__ is Ref else value


def index_of(item: Value, *keys: Value) -> Value:
    """Return ``index`` of a value: a map of strings is asked directly."""
    if len(keys) == 1:
        key = keys[0]
        if key.__class__ is str and item.__class__ is Map:
            go_type = item.go_type
            if go_type.key is STRING and go_type.elem is STRING:
                return item.get(key, "")
    return index(item, *keys)


def decide(stop: bool, values: Sequence[Value]) -> Value:
    """Return the value that ``and`` and ``or`` return of values that have all been evaluated."""
    return next((value for value in values[:-1] if bool(value) is stop), values[-1])


# Methods with arguments


class Deferred(Arguments):
    """The arguments of a method call in generated code: ``rows`` of literal, place and function."""

    __slots__ = ("count", "final", "has_final", "rows", "where")

    def __init__(self, rows: Sequence[tuple[Any, ...]], final: Value, where: Site) -> None:
        self.rows = rows
        self.count = len(rows)
        self.final = final
        self.has_final = final is not NOT_GIVEN
        self.where = where

    def evaluate(self, params: tuple[Type, ...], variadic: bool) -> Sequence[Value]:
        """Return the values, each checked against its parameter."""
        values: list[Value] = []
        where = self.where
        for i, (node, site, function) in enumerate(self.rows):
            wanted = parameter(params, variadic, i)
            if function is None:
                where = site
                values.append(literal(node, wanted, site))
            else:
                value, where = function()
                values.append(accept(value, wanted, where))
        if self.has_final:
            values.append(accept(self.final, parameter(params, variadic, self.count), where))
        return values


def call_chain(
    start: Value, static: Type | None, path: Sequence[str], site: Site, rows: Sequence[Any], final: Value
) -> Value:
    """Follow a chain whose last name is a method with arguments."""
    return walk_call(start, static, path, site, Deferred(rows, final, site))


# Rounds of a range


def elements_of(mapping: dict[Any, Value]) -> list[Value]:
    """Return the elements of a plain map in the order of their keys."""
    return [pair[1] for pair in pairs_of(mapping)]


def pairs_of(mapping: dict[Any, Value]) -> list[tuple[Any, Value]]:
    """Return the keys and elements of a plain map in the order of the keys."""
    try:
        if "".join(mapping).isascii():
            return sorted(mapping.items(), key=_KEY)
    except TypeError:
        pass  # not all keys are strings
    return [(key, mapping[key]) for key in sorted_keys(mapping)]


_KEY: Final = itemgetter(0)

_SHARED: Final[dict[str, Any]] = {
    "ACCEPT": accept,
    "ANY": ANY,
    "ANY_OF": any_of,
    "AT": index_of,
    "CALL": call_value,
    "CALLEE": callee_name,
    "DECIDE": decide,
    "ELEMENTS": elements_of,
    "EX": _ABSENT,
    "EXACT_AT": exact,
    "HELD": held,
    "INDEX": index_of,
    "KEEP": held,
    "MAKE_ROOM": make_room,
    "METHOD": call_chain,
    "MISSING": MISSING,
    "Map": Map,
    "NOT_GIVEN": NOT_GIVEN,
    "PAIRS": pairs_of,
    "PLAIN": PLAIN,
    "PLAINLY": plainly,
    "READY": ready_classes(ANY),
    "REFLECT_VALUE": REFLECT_VALUE,
    "SETTLE": settle,
    "SIZED": frozenset({dict, list}),
    "STATIC": static_element,
    "STATIC_KEY": static_key,
    "STRING": STRING,
    "TEXTUAL": frozenset({int, str}),
    "TOO_DEEP": _too_deep,
    "UNHELD": unheld,
    "UNSET": UNSET,
    "WALK_AT": walk,
    "WALK_KEEP": walk_keep,
    "WORDS": {False: "false", True: "true"},
}
"""The names all generated code refers to."""

__all__ = ["Binding", "CodeBody", "Sites", "Unit", "bind", "compile_source", "execute_of"]
