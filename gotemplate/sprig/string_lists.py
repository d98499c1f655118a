"""String lists: ``join``, ``split``, ``splitn``, ``splitList``, ``sortAlpha``."""

from __future__ import annotations

from gotemplate.golib.strings import split as go_split
from gotemplate.golib.strings import split_n
from gotemplate.golib.utf8 import to_bytes
from gotemplate.sprig.conversion import items_of, string_of, strings_of
from gotemplate.values import MAP_STRING_STRING, SLICE_STRING, Map, Slice, Value, indirect


def split_list(separator: str, text: str) -> Slice:
    """Split into a list (``splitList``)."""
    return Slice(SLICE_STRING, go_split(text, separator))


def split(separator: str, text: str) -> Map:
    """Split into a map with the keys ``_0``, ``_1`` and so on."""
    return splitn(separator, -1, text)


def splitn(separator: str, limit: int, text: str) -> Map:
    """Split into a map of at most ``limit`` pieces."""
    return Map(MAP_STRING_STRING, {f"_{i}": piece for i, piece in enumerate(split_n(text, separator, limit) or [])})


def join(separator: str, items: Value) -> str:
    """Join the texts of a list's elements."""
    return separator.join(strings_of(items))


def sort_alpha(items: Value) -> Slice:
    """Return the texts of a list in byte order (``sortAlpha``); a ``[]string`` is sorted in place, as in Go."""
    if items_of(indirect(items)) is None:
        return Slice(SLICE_STRING, [string_of(items)])
    texts = strings_of(items)
    texts.sort(key=to_bytes)
    return texts
