"""Calls as closures: arguments evaluated and checked in order, then the function; ``and``, ``or`` and ``call`` in their own ways.

What a failing or unusual call needs is kept in one object beside the closure: most calls neither fail nor are unusual.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from gotemplate.calls import Arguments, accept, call_value, callee_name, literal, parameter, ready_classes
from gotemplate.errors import LimitError
from gotemplate.lookup import Scene, Site
from gotemplate.nodes import Node
from gotemplate.runtime import NOT_GIVEN, Code, Filter, Frame
from gotemplate.values import ANY, MISSING, Type, Value


class Parameter:
    """What becomes of an argument: the classes that are taken as they are, the type, and where a failed check reports.

    ``at`` is the node that the evaluation of the argument ends at, None if only the run knows.
    """

    __slots__ = ("at", "ready", "scene", "wanted")

    def __init__(self, wanted: Type, scene: Scene, at: Node | None) -> None:
        self.ready = ready_classes(wanted)
        self.wanted = wanted
        self.scene = scene
        self.at = at

    def accept(self, value: Value, frame: Frame) -> Value:
        """Return an argument of another class as the parameter takes it. Raises ExecError."""
        return accept(value, self.wanted, frame[0].at if self.at is None else Site(self.scene, self.at))


class _Literal(Parameter):
    """What becomes of a literal: it has been made for its parameter."""

    __slots__ = ()

    def __init__(self) -> None:
        self.ready = ready_classes(ANY)

    def accept(self, value: Value, frame: Frame) -> Value:  # noqa: ARG002
        return value


LITERAL: Final = _Literal()

Given = tuple[Code, Parameter]
"""A written argument: its code, and what becomes of its value."""


class Argument:
    """One written argument of a method: its node, its code (None for a literal), and the node its evaluation ends at."""

    __slots__ = ("after", "code", "node")

    def __init__(self, node: Node, code: Code | None, after: Node | None) -> None:
        self.node = node
        self.code = code
        self.after = after


class Pending(Arguments):
    """The arguments of a method call, evaluated once the method is known."""

    __slots__ = ("after", "count", "dot", "final", "frame", "has_final", "scene", "written")

    def __init__(
        self, written: Sequence[Argument], scene: Scene, after: Node | None, dot: Value, frame: Frame, final: Value
    ) -> None:
        self.written = written
        self.count = len(written)
        self.scene = scene
        self.after = after
        self.dot = dot
        self.frame = frame
        self.final = final
        self.has_final = final is not NOT_GIVEN

    def evaluate(self, params: tuple[Type, ...], variadic: bool) -> Sequence[Value]:
        """Return the values, each checked against its parameter."""
        values: list[Value] = []
        for i, argument in enumerate(self.written):
            wanted = parameter(params, variadic, i)
            if argument.code is None:
                values.append(literal(argument.node, wanted, Site(self.scene, argument.node)))
            else:
                value = argument.code(self.dot, self.frame)
                values.append(Parameter(wanted, self.scene, argument.after).accept(value, self.frame))
        if self.has_final:
            last = Parameter(parameter(params, variadic, self.count), self.scene, self.after)
            values.append(last.accept(self.final, self.frame))
        return values


# Functions


def caller(function: Callable[..., Value], given: Sequence[Given], name: str, site: Site) -> Code:
    """Return the code of a function call: evaluate and check each argument in order, then call."""
    if len(given) == 1:
        return _call_one(function, *given[0], name, site)

    def call(dot: Value, frame: Frame) -> Value:
        values = []
        for code, wanted in given:
            value = code(dot, frame)
            values.append(value if value.__class__ in wanted.ready else wanted.accept(value, frame))
        try:
            return function(*values)
        except (LimitError, RecursionError):
            raise
        except Exception as e:
            return site.fail_call(name, e)

    return call


def _call_one(function: Callable[..., Value], code: Code, wanted: Parameter, name: str, site: Site) -> Code:
    ready = wanted.ready

    def call(dot: Value, frame: Frame) -> Value:
        value = code(dot, frame)
        if value.__class__ not in ready:
            value = wanted.accept(value, frame)
        try:
            return function(value)
        except (LimitError, RecursionError):
            raise
        except Exception as e:
            return site.fail_call(name, e)

    return call


def piped_caller(
    function: Callable[..., Value], given: Sequence[Given], last: Parameter, name: str, site: Site
) -> Filter:
    """Return the code of a function call whose final argument comes from the pipeline."""

    def call(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
        values = []
        for code, wanted in given:
            value = code(dot, frame)
            values.append(value if value.__class__ in wanted.ready else wanted.accept(value, frame))
        values.append(final if final.__class__ in last.ready else last.accept(final, frame))
        try:
            return function(*values)
        except (LimitError, RecursionError):
            raise
        except Exception as e:
            return site.fail_call(name, e)

    return call


def calling_raw(function: Callable[..., Value], codes: Sequence[Code], name: str, site: Site) -> Filter:
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


def calling_value(codes: Sequence[Code], written: str | None, site: Site) -> Filter:
    """Return the code of ``call``; without a written callee it is the final argument."""

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
            return site.fail_call("call", e)

    return call


# Logic


def lazy_logic(stop: bool, items: tuple[tuple[Code, Site | None], ...], site: Site) -> Filter:
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


def eager_logic(stop: bool, items: tuple[tuple[Code, Site | None], ...], site: Site) -> Filter:
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
