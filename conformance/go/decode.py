"""The neutral encoding of Go values (``recorder/encode.go`` has the rules), decoded into values of the engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from conformance.go import world
from gotemplate import Chan, Map, Pointer, Slice, Struct, make
from gotemplate.values import BYTES, COMPLEX_KINDS, FLOAT_KINDS, MAP_STRING_ANY, SLICE_ANY, Kind, Type, Value, zero

_type: Final[Callable[[str], Type]] = cache(world.go_type)


def decode(encoded: Any) -> Value:
    """Return the value that stands in the place of an interface: its type is written down or implied."""
    if isinstance(encoded, list):
        return [decode(item) for item in encoded]
    if isinstance(encoded, dict):
        if "m" in encoded:
            return {key: decode(value) for key, value in encoded["m"].items()}
        return decode_as(_type(encoded["t"]), encoded["v"])
    return encoded


def decode_as(go_type: Type, bare: Any) -> Value:
    """Return a value of a known type from its bare form."""
    kind = go_type.kind
    if kind is Kind.INTERFACE:
        return decode(bare)
    if kind in FLOAT_KINDS:
        return make(go_type, float(bare))
    if kind in COMPLEX_KINDS:
        return make(go_type, complex(float(bare[0]), float(bare[1])))
    if kind is Kind.STRUCT:
        return Struct(go_type, {f.name: decode_as(f.type, item) for f, item in zip(go_type.fields, bare, strict=True)})
    if kind in _COMPOSITES:
        return zero(go_type) if bare is None else _COMPOSITES[kind](go_type, bare)
    return make(go_type, bare)


def _elem(go_type: Type) -> Type:
    if go_type.elem is None:
        raise ValueError(f"{go_type} has no element type")
    return go_type.elem


def _sequence(go_type: Type, bare: list[Any]) -> Value:
    if go_type is BYTES:
        return bytes(bare)
    items = [decode_as(_elem(go_type), item) for item in bare]
    return items if go_type is SLICE_ANY else Slice(go_type, items)


def _map(go_type: Type, bare: list[list[Any]]) -> Value:
    key_type = go_type.key
    if key_type is None:
        raise ValueError(f"{go_type} has no key type")
    pairs = {decode_as(key_type, key): decode_as(_elem(go_type), item) for key, item in bare}
    return pairs if go_type is MAP_STRING_ANY else Map(go_type, pairs)


_COMPOSITES: Final[dict[Kind, Callable[[Type, Any], Value]]] = {
    Kind.SLICE: _sequence,
    Kind.ARRAY: _sequence,
    Kind.MAP: _map,
    Kind.POINTER: lambda t, bare: Pointer(t, decode_as(_elem(t), bare[0])),
    Kind.CHAN: lambda t, bare: Chan(t, [decode_as(_elem(t), item) for item in bare]),
    Kind.FUNC: lambda _, name: world.function_value(name),
}
