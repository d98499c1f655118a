"""Character classes of regular expressions as sorted ranges of code points, with Go's simple case folding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from gotemplate.golib import unicode
from gotemplate.golib.utf8 import MAX_RUNE

Ranges = tuple[tuple[int, int], ...]
"""Sorted, disjoint, not adjacent pairs of first and last code point."""


def ranges_of(text: str) -> Ranges:
    """Return the ranges of a list such as ``09AZaz``: firsts and lasts in turn."""
    return tuple((ord(text[at]), ord(text[at + 1])) for at in range(0, len(text), 2))


PERL: Final[dict[str, Ranges]] = {
    "d": ranges_of("09"),
    "s": ranges_of("\t\n\f\r  "),
    "w": ranges_of("09AZ__az"),
}
POSIX: Final[dict[str, Ranges]] = {
    "alnum": ranges_of("09AZaz"),
    "alpha": ranges_of("AZaz"),
    "ascii": ranges_of("\x00\x7f"),
    "blank": ranges_of("\t\t  "),
    "cntrl": ranges_of("\x00\x1f\x7f\x7f"),
    "digit": ranges_of("09"),
    "graph": ranges_of("!~"),
    "lower": ranges_of("az"),
    "print": ranges_of(" ~"),
    "punct": ranges_of("!/:@[`{~"),
    "space": ranges_of("\t\r  "),
    "upper": ranges_of("AZ"),
    "word": ranges_of("09AZ__az"),
    "xdigit": ranges_of("09AFaf"),
}


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return ranges in any order as a class."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def negated(ranges: Ranges) -> Ranges:
    """Return all other code points."""
    found, at = [], 0
    for first, last in ranges:
        if at < first:
            found.append((at, first - 1))
        at = last + 1
    return (*found, (at, MAX_RUNE)) if at <= MAX_RUNE else tuple(found)


@cache
def _orbits() -> dict[int, tuple[int, ...]]:
    """Return, for every character that case folding knows, all characters equal to it."""
    groups: dict[str, list[int]] = defaultdict(list)
    for char in unicode.cased():
        groups[unicode.fold(char)].append(ord(char))
    return {code: tuple(group) for group in groups.values() if len(group) > 1 for code in group}


@lru_cache(maxsize=256)
def folded(ranges: Ranges) -> Ranges:
    """Return the class with every character that equals one of it when case is ignored."""
    orbits = _orbits()
    found = list(ranges)
    for first, last in ranges:
        few = last - first < len(orbits)
        codes = range(first, last + 1) if few else (code for code in orbits if first <= code <= last)
        found.extend((other, other) for code in codes for other in orbits.get(code, ()))
    return union(found)


@cache
def named(name: str) -> Ranges | None:
    """Return the class of ``\\p{NAME}``; None for a name that Go does not know."""
    from gotemplate.golib import unicode_classes

    key = name.translate({ord(char): None for char in "_- "}).lower()
    words = unicode_classes.CLASSES.get(unicode_classes.ALIASES.get(key, key))
    if words is None:
        return None
    at, bounds = 0, []
    for word in words.split():
        at += int(word, 36)
        bounds.append(at)
    return tuple((bounds[i], bounds[i + 1] - 1) for i in range(0, len(bounds), 2))
