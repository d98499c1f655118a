"""The order in which Go prints and ranges over a map: by key, nil first, then by what the key is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gotemplate import values
from gotemplate.golib import utf8
from gotemplate.values import Kind, Value

BASE_ADDRESS: Final = 0xC000000000


def address(value: Value) -> int:
    """Return the address that stands for where a value lies: 0 for nil, else stable while the value lives."""
    if values.is_nil(value):
        return 0
    target = value.target if value.__class__ is values.Pointer else value
    place = target if isinstance(target, (dict, list, values.Pointer)) else value
    return BASE_ADDRESS + (id(place) & 0xFFFFFFF0)


def sorted_keys(mapping: Mapping[Any, Any]) -> list[Any]:
    """Return the keys of a map in Go's order; keys of several types are grouped by type."""
    try:
        if all(map(str.isascii, mapping)):
            return sorted(mapping)
    except TypeError:
        pass  # not all keys are strings
    order: dict[object, int] = {}
    return sorted(mapping, key=lambda key: _rank(key, order))


def sorted_items(mapping: Mapping[Any, Any]) -> Iterable[tuple[Any, Any]]:
    """Return the pairs of a map in Go's order."""
    keys = sorted_keys(mapping)
    return ((key, mapping.get(key)) for key in keys)


def _rank(key: Value, types: dict[object, int]) -> tuple[Any, ...]:
    if key is None:
        return (-1,)
    go_type = values.type_of(key)
    assert go_type is not None  # only nil has no type
    return types.setdefault(go_type, len(types)), *_key(key, go_type.kind, types)


def _key(key: Value, kind: Kind, types: dict[object, int]) -> tuple[Any, ...]:
    if kind is Kind.STRING:
        return (utf8.to_bytes(key),)
    if kind in values.FLOAT_KINDS:
        return _float_key(key)
    if kind in values.COMPLEX_KINDS:
        return *_float_key(key.real), *_float_key(key.imag)
    if kind is Kind.BOOL:
        return (bool(key),)
    if kind is Kind.STRUCT:
        return tuple(_rank(key.field(field.name), types) for field in key.go_type.fields)
    if kind is Kind.ARRAY:
        return tuple(_rank(item, types) for item in key)
    return (address(key),) if kind in values.NILABLE_KINDS else (int(key),)


def _float_key(number: float) -> tuple[bool, float]:
    return (False, 0.0) if number != number else (True, float(number))  # noqa: PLR0124 - NaN comes first
