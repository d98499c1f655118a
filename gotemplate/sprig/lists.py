"""Lists: building, taking apart, searching. Nothing here changes a list; ``must`` variants differ only in how Go reports an error.

Sprig's manual page "Lists and List Functions". A list is any slice or array; results are ``[]interface {}``.
"""

from __future__ import annotations

import math
from typing import Any, Final

from gotemplate.errors import FuncError
from gotemplate.sprig.conversion import cast_int, int64_of, items_of
from gotemplate.sprig.host import NIL_DEREFERENCE
from gotemplate.sprig.reflection import deep_equal, kind_name
from gotemplate.values import SLICE_ANY, Box, Kind, Slice, Value, is_true, kind_of, slice_of, type_of, zero

_SLICE_SLICE_ANY: Final = slice_of(SLICE_ANY)


def _elements(value: Value, complaint: str) -> list[Any]:
    items = items_of(value)
    if items is not None:
        return items
    if value is None:
        raise FuncError(NIL_DEREFERENCE)
    raise FuncError(complaint % kind_name(value))


def build(*items: Value) -> list[Any]:
    """Return the arguments as a list (``list``, ``tuple``)."""
    return list(items)


def append(items: Value, item: Value) -> list[Any]:
    """Return a list with one more element at the end (``append``, ``push``)."""
    return [*_elements(items, "Cannot push on type %s"), item]


def prepend(items: Value, item: Value) -> list[Any]:
    """Return a list with one more element at the front."""
    return [item, *_elements(items, "Cannot prepend on type %s")]


def first(items: Value) -> Value:
    """Return the first element, nil of an empty list."""
    elements = _elements(items, "Cannot find first on type %s")
    return elements[0] if elements else None


def last(items: Value) -> Value:
    """Return the last element, nil of an empty list."""
    elements = _elements(items, "Cannot find last on type %s")
    return elements[-1] if elements else None


def rest(items: Value) -> Value:
    """Return all but the first element; the nil slice of an empty list."""
    elements = _elements(items, "Cannot find rest on type %s")
    return elements[1:] if elements else zero(SLICE_ANY)


def initial(items: Value) -> Value:
    """Return all but the last element; the nil slice of an empty list."""
    elements = _elements(items, "Cannot find initial on type %s")
    return elements[:-1] if elements else zero(SLICE_ANY)


def reverse(items: Value) -> list[Any]:
    """Return the elements from last to first."""
    return _elements(items, "Cannot find reverse on type %s")[::-1]


def compact(items: Value) -> list[Any]:
    """Return the elements that are not empty."""
    return [item for item in _elements(items, "Cannot compact on type %s") if is_true(item)]


def _among(needle: Value, haystack: list[Any] | tuple[Any, ...]) -> bool:
    return any(deep_equal(needle, item) for item in haystack)


def uniq(items: Value) -> list[Any]:
    """Return the elements without those that equal an earlier one."""
    kept: list[Any] = []
    for item in _elements(items, "Cannot find uniq on type %s"):
        if not _among(item, kept):
            kept.append(item)
    return kept


def without(items: Value, *unwanted: Value) -> list[Any]:
    """Return the elements that equal none of the other arguments."""
    return [item for item in _elements(items, "Cannot find without on type %s") if not _among(item, unwanted)]


def has(needle: Value, haystack: Value) -> bool:
    """Tell whether an element equals the first argument; nil has no elements."""
    return haystack is not None and _among(needle, _elements(haystack, "Cannot find has on type %s"))


def concat(*lists: Value) -> Value:
    """Return the elements of all lists in one; the nil slice when there are none."""
    joined = [item for items in lists for item in _elements(items, "Cannot concat type %s as list")]
    return joined or zero(SLICE_ANY)


def cut(items: Value, *bounds: Value) -> Value:
    """Return the elements from the first bound to before the second, as a slice of the same type (``slice``).

    An empty list gives nil. A slice is taken to have no room behind its length (Go could look into it).
    """
    elements = _elements(items, "list should be type of slice or array but %s")
    if not elements:
        return None
    start = cast_int(bounds[0]) if bounds else 0
    end = cast_int(bounds[1]) if len(bounds) > 1 else len(elements)
    if kind_of(items) is Kind.ARRAY:
        raise FuncError("reflect.Value.Slice: slice of unaddressable array")
    if not 0 <= start <= end <= len(elements):
        raise FuncError("reflect.Value.Slice: slice index out of bounds")
    return _part(items, start, end)


def _part(items: Value, start: int, end: int) -> Value:
    if isinstance(items, bytes):
        return items[start:end]
    if isinstance(items, Box):
        return Box(items.go_type, items.value[start:end])
    go_type = type_of(items)
    part = list(items[start:end])
    return part if go_type is None or go_type is SLICE_ANY else Slice(go_type, part)


def chunk(size: int, items: Value) -> Slice:
    """Return the elements in lists of ``size``; the last list has the rest.

    Go counts the lists in floats, so sizes below one end in its complaint about the length of a slice, or in odd results.
    """
    elements = _elements(items, "Cannot chunk type %s")
    lists: list[list[Any]] = []
    count = _chunk_count(len(elements), size)
    for number in range(count):
        width = size
        if number == count - 1:
            width = int(math.fmod(len(elements), size)) or size
        _check_length(width)
        lists.append(elements[number * size : number * size + width])
    return Slice(_SLICE_SLICE_ANY, lists)


def _chunk_count(length: int, size: int) -> int:
    if size == 0:
        return _check_length(-1)
    return _check_length(int64_of(float(math.floor((length - 1) / size)) + 1))


def _check_length(length: int) -> int:
    if length < 0:
        raise FuncError("runtime error: makeslice: len out of range")
    return length
