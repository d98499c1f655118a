"""Reflection: ``typeOf``, ``kindOf`` and their questions, and Go's ``reflect.DeepEqual``."""

from __future__ import annotations

from typing import Any, Final

from gotemplate.values import Box, Func, Kind, Pointer, Struct, Value, is_nil, kind_of, type_name, type_of

_ODD_NAMES: Final = {Kind.POINTER: "ptr", Kind.UNSAFE_POINTER: "unsafe.Pointer"}


def kind_name(value: Value) -> str:
    """Return the name reflect gives to the kind of a value (``kindOf``)."""
    kind = kind_of(value)
    return _ODD_NAMES.get(kind) or kind.name.lower()


def kind_is(name: str, value: Value) -> bool:
    """Tell whether a value is of the named kind (``kindIs``)."""
    return kind_name(value) == name


def type_is(name: str, value: Value) -> bool:
    """Tell whether a value is of the named type (``typeIs``)."""
    return type_name(value) == name


def type_is_like(name: str, value: Value) -> bool:
    """Tell whether a value is of the named type or a pointer to it (``typeIsLike``)."""
    return type_name(value) in (name, "*" + name)


def deep_equal(a: Value, b: Value) -> bool:
    """Compare as reflect.DeepEqual does: same types all the way down; a nil map or slice differs from an empty one."""
    go_type = type_of(a)
    if go_type is not type_of(b):
        return False
    if go_type is None:
        return True
    if a is b and go_type.kind in (Kind.MAP, Kind.SLICE, Kind.POINTER, Kind.CHAN):
        return True
    return _equal_contents(a, b)


def _equal_contents(a: Value, b: Value) -> bool:
    if isinstance(a, Struct):
        return _equal_structs(a, b)
    if isinstance(a, dict):
        return is_nil(a) == is_nil(b) and len(a) == len(b) and all(_equal_key(b, k, v) for k, v in a.items())
    if isinstance(a, (list, tuple)):
        return is_nil(a) == is_nil(b) and len(a) == len(b) and all(map(deep_equal, a, b))
    if isinstance(a, Pointer):
        return a.is_nil == b.is_nil and (a.is_nil or deep_equal(a.target, b.target))
    if isinstance(a, Func) or kind_of(a) is Kind.FUNC:
        return is_nil(a) and is_nil(b)
    if isinstance(a, Box):
        return bool(a.value == b.value)
    return bool(a == b)


def _equal_structs(a: Struct, b: Struct) -> bool:
    if a.go_type.name == "time.Time":
        return bool(a == b)
    return all(deep_equal(a.field(field.name), b.field(field.name)) for field in a.go_type.fields)


def _equal_key(other: dict[Any, Any], key: Value, value: Value) -> bool:
    found = other.get(key, Ellipsis)
    if found is Ellipsis or not deep_equal(value, found):
        return False
    # 1, 1.0 and true are one key to Python and three to Go.
    return type_of(key) is None or any(type_of(k) is type_of(key) for k in other if k == key)
