"""``--set`` on a command line: ``a.b=c`` into nested data, by the rules Helm has for it.

``,`` separates assignments, ``.`` descends into a map, ``[2]`` into a list (longer lists are filled with nil), ``{a,b}`` is a
list, and a backslash takes the meaning from the next character. ``true``, ``false``, ``null`` and whole numbers without
leading zeros are what they look like, anything else is a string; ``null`` removes a key.
"""

from __future__ import annotations

import re
from typing import Any, Final

MAX_INDEX: Final = 65536
"""The largest list index, as in Helm: a slip of the keyboard must not allocate gigabytes."""

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_WORDS: Final = {"true": True, "false": False, "null": None}
_STEP: Final = re.compile(r"\[(\d+)\]\Z")


class AssignmentError(ValueError):
    """A ``--set`` that cannot be read or does not fit the data."""


def assign(data: Any, text: str, *, float64: bool = False) -> Any:
    """Return the data with the assignments of one ``--set`` made; maps and lists on the way are copied, not changed.

    ``float64`` makes every number a float, as JSON has them in Go. Raises AssignmentError.

    >>> assign({"a": {"b": 1}}, "a.c=x,l[1]=true,m={1,2}")
    {'a': {'b': 1, 'c': 'x'}, 'l': [None, True], 'm': [1, 2]}
    """
    for written in _split(text, ","):
        key, equals, value = _partition(written)
        if not equals:
            raise AssignmentError(f"--set {written}: no value (expected path=value)")
        data = _placed(data, _path(key), _value(value, float64), written)
    return data


def _path(text: str) -> list[str | int]:
    steps: list[str | int] = []
    for word in _split(text, "."):
        indexes: list[int] = []
        while found := _STEP.search(word):
            indexes.insert(0, int(found[1]))
            word = word[: found.start()]  # noqa: PLW2901 - peeled from its end
        if word or not indexes:
            steps.append(_unescaped(word))
        steps += indexes
    if any(step == "" for step in steps):
        raise AssignmentError(f"--set {text}: a name is missing in the path")
    if any(isinstance(step, int) and step > MAX_INDEX for step in steps):
        raise AssignmentError(f"--set {text}: list indexes end at {MAX_INDEX}")
    return steps


def _value(text: str, float64: bool) -> Any:
    if text.startswith("{") and text.endswith("}"):
        return [_value(item, float64) for item in _split(text[1:-1], ",") if text != "{}"]
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) and -(1 << 63) <= int(text) < 1 << 63:
        return float(text) if float64 else int(text)
    return _unescaped(text)


def _placed(data: Any, steps: list[str | int], value: Any, written: str) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        if data is not None and not isinstance(data, list):
            raise AssignmentError(f"--set {written}: [{step}] is asked of what is no list")
        items = list(data or [])
        items += [None] * (step + 1 - len(items))
        items[step] = _placed(items[step], rest, value, written)
        return items
    if data is not None and not isinstance(data, dict):
        data = None  # as Helm does: a map takes the place of a scalar
    mapping = dict(data or {})
    if not rest and value is None:
        mapping.pop(step, None)
    else:
        mapping[step] = _placed(mapping.get(step), rest, value, written)
    return mapping


def _split(text: str, separator: str) -> list[str]:
    """Split at separators that are neither escaped nor inside braces."""
    parts, depth, at, start = list[str](), 0, 0, 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char in "{}":
            depth += 1 if char == "{" else -1
        elif char == separator and depth <= 0:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]


def _partition(text: str) -> tuple[str, str, str]:
    key, *rest = _split(text, "=")
    return key, "=" * bool(rest), "=".join(rest)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
