"""Calls as closures: arguments evaluated and checked in order, then the function; ``and``, ``or`` and ``call`` in their own ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from gotemplate import nodes
from gotemplate.calls import Arguments, accept, literal, parameter
from gotemplate.errors import ExecError, FuncError, LimitError
from gotemplate.lookup import Site
from gotemplate.runtime import NOT_GIVEN, Code, Filter, Frame
from gotemplate.values import MISSING, Type, Value


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


Check = tuple[Code, frozenset[type], Type, Site | None]
"""An argument's code, the classes that need no check, the parameter type, and where a failed check reports."""


class _Every(frozenset[type]):
    def __contains__(self, item: object) -> bool:
        return True


EVERY_CLASS: Final = _Every()


def python_function(function: Any) -> Callable[..., Value]:
    """Return the Python function behind a declared one."""
    call = getattr(function, "call", None)
    return call if hasattr(function, "go_type") and callable(call) else function  # type: ignore[no-any-return]


def without_types(function: Callable[..., Value]) -> Callable[..., Value]:
    """Return a comparison that words its complaint as Go did before 1.25, without the types."""
    words = "incompatible types for comparison"

    def compare(*args: Value) -> Value:
        try:
            return function(*args)
        except FuncError as e:
            raise FuncError(words) if str(e).startswith(words) else e from None

    return compare


def constant(make: Callable[[], Value]) -> Code:
    """Return code for a literal; one that is wrong in its place fails when it is evaluated, not before."""
    try:
        value = make()
    except ExecError:
        return lambda _dot, _frame: make()
    return lambda _dot, _frame: value


def caller(
    function: Callable[..., Value],
    checks: Sequence[Check],
    last: tuple[frozenset[type], Type, Site | None],
    name: str,
    site: Site,
) -> Filter:
    """Return the code of a function call: evaluate and check each argument in order, then call."""
    final_ready, final_wanted, final_at = last
    if len(checks) == 1:
        return call_one(function, checks[0], last, name, site)

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


def call_one(
    function: Callable[..., Value],
    check: Check,
    last: tuple[frozenset[type], Type, Site | None],
    name: str,
    site: Site,
) -> Filter:
    """Return the code of a function call with one written argument, as most are."""
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
