"""Dictionaries: maps of string to anything. ``set``, ``unset`` and the merges change the map they are given, as in Go.

Sprig's manual page "Dictionaries and Dict Functions". Go walks maps in no particular order, here it is the order of insertion.
"""

from __future__ import annotations

from typing import Any

from gotemplate.errors import FuncError
from gotemplate.sprig.conversion import string_of
from gotemplate.values import MAP_STRING_ANY, SLICE_STRING, Slice, Value, is_nil, type_name, type_of

Dict = dict[str, Any]


def build(*pairs: Value) -> Dict:
    """Return a map of keys and values in turn; a key without value gets the empty string (``dict``)."""
    keys = [string_of(key) for key in pairs[::2]]
    return dict(zip(keys, (*pairs[1::2], *([""] * (len(pairs) % 2))), strict=True))


def get(mapping: Dict, key: str) -> Value:
    """Return an element, the empty string when there is none."""
    return mapping.get(key, "")


def set_key(mapping: Dict, key: str, value: Value) -> Dict:
    """Set an element and return the same map (``set``)."""
    if is_nil(mapping):
        raise FuncError("assignment to entry in nil map")
    mapping[key] = value
    return mapping


def unset(mapping: Dict, key: str) -> Dict:
    """Remove an element and return the same map."""
    mapping.pop(key, None)
    return mapping


def has_key(mapping: Dict, key: str) -> bool:
    """Tell whether there is such a key (``hasKey``)."""
    return key in mapping


def pluck(key: str, *mappings: Dict) -> list[Any]:
    """Return the elements that several maps have under one key."""
    return [mapping[key] for mapping in mappings if key in mapping]


def keys(*mappings: Dict) -> Slice:
    """Return the keys of all maps."""
    return Slice(SLICE_STRING, [key for mapping in mappings for key in mapping])


def values(mapping: Dict) -> list[Any]:
    """Return the elements of a map."""
    return list(mapping.values())


def pick(mapping: Dict, *wanted: str) -> Dict:
    """Return a new map of the named keys that exist."""
    return {key: mapping[key] for key in wanted if key in mapping}


def omit(mapping: Dict, *unwanted: str) -> Dict:
    """Return a new map without the named keys."""
    return {key: value for key, value in mapping.items() if key not in unwanted}


def dig(*arguments: Value) -> Value:
    """Walk ``KEY… DEFAULT MAP``: the element under nested keys, or the default when one of them is missing."""
    if len(arguments) < 3:
        raise FuncError("dig needs at least three arguments")
    *path, default, mapping = arguments
    _assert_dict(mapping)
    for key in path:
        if key.__class__ is not str:
            raise FuncError(_assertion(key, "string"))
    for depth, key in enumerate(path):
        if depth:
            _assert_dict(mapping)
        if key not in mapping:
            return default
        mapping = mapping[key]
    return mapping


def _assert_dict(value: Value) -> None:
    if type_of(value) is not MAP_STRING_ANY:
        raise FuncError(_assertion(value, MAP_STRING_ANY.name))


def _assertion(value: Value, wanted: str) -> str:
    found = "nil" if value is None else type_name(value)
    return f"interface conversion: interface {{}} is {found}, not {wanted}"
