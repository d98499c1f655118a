"""What the names of functions mean in a template: its own functions, then Go's builtins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gotemplate.calls import count_complaint, result_complaint, signature
from gotemplate.errors import FuncError
from gotemplate.runtime import Features
from gotemplate.values import ANY, Type, Value

SPECIAL: Final = frozenset({"and", "call", "index", "or", "slice"})
"""The builtins whose arguments are not simply evaluated and checked."""


class Callee:
    """A function by its name: the Python function, Go's type of it, and for a ``SPECIAL`` builtin, which it is."""

    __slots__ = ("_fixed", "_rest", "call", "go_type", "name", "special")

    def __init__(self, name: str, call: Callable[..., Value], go_type: Type, special: str) -> None:
        params = go_type.params
        self.name = name
        self.call = call
        self.go_type = go_type
        self.special = special
        self._fixed = params[:-1] if go_type.variadic else params
        self._rest = (params[-1].elem or ANY) if go_type.variadic else ANY

    def complaint(self, count: int, *, final: bool) -> str | None:
        """Return Go's complaint about a call with so many written arguments; None if there is nothing to complain about."""
        go_type = self.go_type
        return count_complaint(self.name, go_type.params, go_type.variadic, count, final) or result_complaint(
            self.name, go_type.results
        )

    def parameter(self, position: int) -> Type:
        """Return the type that an argument at a position has to have."""
        return self._fixed[position] if position < len(self._fixed) else self._rest


class Callees:
    """The functions of a template set; a name is looked up once."""

    __slots__ = ("_builtins", "_features", "_found", "_funcs")

    def __init__(self, funcs: Mapping[str, Any], builtins: Mapping[str, Any], features: Features) -> None:
        self._funcs = funcs
        self._builtins = builtins
        self._features = features
        self._found: dict[str, Callee] = {}

    def find(self, name: str) -> Callee | None:
        """Return what a name means; users may shadow builtins. None for a name that means nothing."""
        found = self._found.get(name)
        if found is None:
            function = self._funcs[name] if name in self._funcs else self._builtins.get(name)
            if function is None:
                return None
            found = self._found[name] = self._callee(name, function, builtin=name not in self._funcs)
        return found

    def _callee(self, name: str, function: Any, *, builtin: bool) -> Callee:
        call, special = python_function(function), name if builtin and name in SPECIAL else ""
        if builtin and not special and not self._features.comparison_types:
            call = without_types(call)
        return Callee(name, call, signature(function), special)


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
