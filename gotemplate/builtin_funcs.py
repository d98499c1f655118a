"""The functions every template has: comparisons, printing, escaping, ``not``; with those of ``lookup`` in one table.

Each takes arguments that the evaluator has checked against its Go signature, and raises FuncError with Go's words.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, Final

from gotemplate import values
from gotemplate.errors import FuncError
from gotemplate.fmt import printable, sprint, sprintf, sprintln
from gotemplate.golib import utf8
from gotemplate.lookup import index, length, slice
from gotemplate.values import (
    BOOL,
    COMPLEX_KINDS,
    ERROR,
    FLOAT_KINDS,
    INT,
    INT_KINDS,
    REFLECT_VALUE,
    SLICE_ANY,
    STRING,
    UINT_KINDS,
    Box,
    Func,
    Kind,
    Pointer,
    Type,
    Value,
)


class Basic(IntEnum):
    """The kinds that comparisons know; NONE for all others and for nil."""

    NONE = 0
    BOOL = 1
    COMPLEX = 2
    INT = 3
    FLOAT = 4
    STRING = 5
    UINT = 6


_BASIC: Final[dict[Kind, Basic]] = {
    Kind.BOOL: Basic.BOOL,
    Kind.STRING: Basic.STRING,
    **dict.fromkeys(INT_KINDS, Basic.INT),
    **dict.fromkeys(UINT_KINDS, Basic.UINT),
    **dict.fromkeys(FLOAT_KINDS, Basic.FLOAT),
    **dict.fromkeys(COMPLEX_KINDS, Basic.COMPLEX),
}
_WHOLE: Final = frozenset({Basic.INT, Basic.UINT})
_SAME: Final = frozenset({str, int, bool, float})
"""Python classes whose values are equal as Go sees it when they are of the same class and equal in Python."""


def basic_kind(value: Value) -> Basic:
    """Return the kind by which comparisons know a value."""
    return _BASIC.get(values.kind_of(value), Basic.NONE)


def _incompatible(one: Value, other: Value) -> FuncError:
    return FuncError(f"incompatible types for comparison: {values.type_name(one)} and {values.type_name(other)}")


def eq(first: Value, *others: Value) -> bool:
    """Tell whether the first argument equals one of the others."""
    if not others:
        raise FuncError("missing argument for comparison")
    if len(others) == 1:
        return equal(first, others[0])
    return any(equal(first, other) for other in others)


def ne(one: Value, other: Value) -> bool:
    """Tell whether two arguments differ."""
    return not equal(one, other)


def equal(one: Value, other: Value) -> bool:
    """Tell whether two values are equal; FuncError when Go does not compare their types."""
    kind = one.__class__
    if kind is other.__class__ and kind in _SAME:
        return one == other or (kind is str and _same_bytes(one, other))
    if (one is None or one is values.MISSING) and other.__class__ in _SAME:
        return False
    basic, other_basic = basic_kind(one), basic_kind(other)
    if basic is not other_basic:
        if basic in _WHOLE and other_basic in _WHOLE:
            return int(one) == int(other)
        if values.type_of(one) is None or values.type_of(other) is None:
            return False
        raise _incompatible(one, other)
    if basic is Basic.NONE:
        return _equal_composites(one, other)
    if basic is Basic.STRING:
        return _same_bytes(one, other)
    return bool(_unboxed(one) == _unboxed(other))


def _same_bytes(one: str, other: str) -> bool:
    """Tell whether two strings are equal; bytes that are not UTF-8 may meet to form a character in one of them."""
    return one == other or (not one.isascii() and not other.isascii() and utf8.canonical(one) == utf8.canonical(other))


def _unboxed(value: Value) -> Value:
    return value.value if value.__class__ is Box else value


def _equal_composites(one: Value, other: Value) -> bool:
    one_type, other_type = values.type_of(one), values.type_of(other)
    if one_type is not None and other_type is not None and one_type.kind is not other_type.kind:
        text = sprintf("%s: %v, %s: %v", one, one_type.name, other_type.name, other)
        raise FuncError(f"non-comparable types {text}")
    if values.is_nil(one) or values.is_nil(other):
        return values.is_nil(one) and values.is_nil(other)
    assert other_type is not None  # it is not nil
    if not is_comparable(other_type):
        raise FuncError(f"non-comparable type {sprintf('%s: %v', other, other_type.name)}")
    return identical(one, other)


def is_comparable(go_type: Type) -> bool:
    """Tell whether Go's ``==`` is defined for a type: not for funcs, maps, slices and what contains one of them."""
    if go_type.kind in (Kind.FUNC, Kind.MAP, Kind.SLICE):
        return False
    if go_type.kind is Kind.ARRAY and go_type.elem is not None:
        return is_comparable(go_type.elem)
    return all(is_comparable(field.type) for field in go_type.fields)


def identical(one: Value, other: Value) -> bool:
    """Tell whether two interface values are equal in Go: of one type, and equal by its ``==``.

    Raises FuncError with the words of Go's panic when a type inside is not comparable.
    """
    go_type = values.type_of(one)
    if go_type is not values.type_of(other):
        return False
    if go_type is None:
        return True
    if go_type.kind in (Kind.FUNC, Kind.MAP, Kind.SLICE):
        raise FuncError(f"runtime error: comparing uncomparable type {go_type.name}")
    if go_type.kind is Kind.STRUCT:
        return all(identical(one.field(field.name), other.field(field.name)) for field in go_type.fields)
    if go_type.kind is Kind.ARRAY:
        return all(map(identical, one, other))
    if go_type.kind is Kind.POINTER:
        return _same_pointer(one, other)
    if go_type.kind is Kind.CHAN:
        return one is other
    return bool(one == other)


def _same_pointer(one: Pointer, other: Pointer) -> bool:
    if one is other or (one.is_nil and other.is_nil):
        return True
    # Small numbers and strings are shared in Python: two pointers to equal ones are still two.
    return one.target is other.target and isinstance(one.target, dict | list | Pointer)


def _ordered(one: Value, other: Value) -> tuple[Value, Value]:
    """Return two arguments in a form that Python orders as Go does."""
    kind = one.__class__
    if kind is other.__class__ and (kind is int or kind is float):
        return one, other
    basic, other_basic = basic_kind(one), basic_kind(other)
    if Basic.NONE in (basic, other_basic):
        raise FuncError("invalid type for comparison")
    if basic is not other_basic:
        if basic in _WHOLE and other_basic in _WHOLE:
            return int(one), int(other)
        raise _incompatible(one, other)
    if basic in (Basic.BOOL, Basic.COMPLEX):
        raise FuncError("invalid type for comparison")
    if basic is Basic.STRING:
        return utf8.to_bytes(one), utf8.to_bytes(other)
    return one, other


def lt(one: Value, other: Value) -> bool:
    """Tell whether the first is less than the second: numbers by value, strings bytewise."""
    one, other = _ordered(one, other)
    return bool(one < other)


def le(one: Value, other: Value) -> bool:
    """Tell whether the first is less than or equal to the second."""
    one, other = _ordered(one, other)
    return bool(one <= other)


def gt(one: Value, other: Value) -> bool:
    """Tell whether the first is not less than or equal to the second: true for NaN, as in Go."""
    return not le(one, other)


def ge(one: Value, other: Value) -> bool:
    """Tell whether the first is not less than the second: true for NaN, as in Go."""
    return not lt(one, other)


def not_(value: Value) -> bool:
    """Tell whether a value is false or empty."""
    return not values.is_true(value)


def text_of(args: tuple[Value, ...]) -> str:
    """Return arguments printed as actions print them, with the spaces of Sprint: what the escapers work on."""
    if len(args) == 1 and args[0].__class__ is str:
        return str(args[0])
    return sprint(*map(printable, args))


def html(*args: Value) -> str:
    """Return the text of the arguments escaped for HTML."""
    from gotemplate.golib.html import html_escape

    return html_escape(text_of(args))


def js(*args: Value) -> str:
    """Return the text of the arguments escaped for JavaScript."""
    from gotemplate.golib.html import js_escape

    return js_escape(text_of(args))


def urlquery(*args: Value) -> str:
    """Return the text of the arguments escaped for a query of a URL."""
    from gotemplate.golib.net_url import query_escape

    return query_escape(text_of(args))


def _evaluated_apart(*_: Value) -> Value:
    raise FuncError("unreachable")  # and, or and call are the evaluator's: they do not get their arguments evaluated


_VALUES: Final = values.slice_of(REFLECT_VALUE)


def _func(
    name: str, call: Callable[..., Any], params: tuple[Type, ...], *results: Type, variadic: bool = False
) -> Func:
    return Func(values.func_of(params, results, variadic=variadic), call, name=name, pure=name != "call")


_TWO: Final = (REFLECT_VALUE, REFLECT_VALUE)
_SOME: Final = (REFLECT_VALUE, _VALUES)

BUILTINS: Final[dict[str, Func]] = {
    func.name: func
    for func in (
        _func("and", _evaluated_apart, _SOME, REFLECT_VALUE, variadic=True),
        _func("call", _evaluated_apart, _SOME, REFLECT_VALUE, ERROR, variadic=True),
        _func("eq", eq, _SOME, BOOL, ERROR, variadic=True),
        _func("ge", ge, _TWO, BOOL, ERROR),
        _func("gt", gt, _TWO, BOOL, ERROR),
        _func("html", html, (SLICE_ANY,), STRING, variadic=True),
        _func("index", index, _SOME, REFLECT_VALUE, ERROR, variadic=True),
        _func("js", js, (SLICE_ANY,), STRING, variadic=True),
        _func("le", le, _TWO, BOOL, ERROR),
        _func("len", length, (REFLECT_VALUE,), INT, ERROR),
        _func("lt", lt, _TWO, BOOL, ERROR),
        _func("ne", ne, _TWO, BOOL, ERROR),
        _func("not", not_, (REFLECT_VALUE,), BOOL),
        _func("or", _evaluated_apart, _SOME, REFLECT_VALUE, variadic=True),
        _func("print", sprint, (SLICE_ANY,), STRING, variadic=True),
        _func("printf", sprintf, (STRING, SLICE_ANY), STRING, variadic=True),
        _func("println", sprintln, (SLICE_ANY,), STRING, variadic=True),
        _func("slice", slice, _SOME, REFLECT_VALUE, ERROR, variadic=True),
        _func("urlquery", urlquery, (SLICE_ANY,), STRING, variadic=True),
    )
}
"""Go's builtins by name, with their Go signatures. A FuncMap may hide any of them."""
