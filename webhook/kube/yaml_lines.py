"""The quick reading of everyday YAML: block style, one key, item or value a line, as templates and people write manifests.

    value = read_lines(text, dialect)

Owns a small part of the language, in which the dialects agree but for what a scalar means: block mappings and lists, plain and
quoted scalars on one line, literal blocks, flat ``{…}`` and ``[…]``, comments. Everything else is refused, errors included:
yaml_reader.py reads all of YAML and is the reference. What a line says does not depend on where it stands, and is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from math import isfinite
from typing import Any, Final

from webhook.kube.yaml_dialects import Dialect
from webhook.kube.yaml_scalars import Scalar, resolver_for

_CACHED_LENGTH: Final = 160
_CACHE_SIZE: Final = 4096

_NAME: Final = "[A-Za-z0-9_/][-A-Za-z0-9_./]{0,200}"
_PLAIN: Final = r"(?:[A-Za-z0-9_./$()+=<~^;\\]|-(?! |\Z))[^ :]*(?:(?::+(?![ :]|\Z)| +(?![ #]|\Z))[^ :]*)*"
_LINE: Final = re.compile(rf"( {{0,100}})(- +)?(?:({_NAME}):(?: +|\Z))?(?! )(.{{0,2000}})")
"""Indentation, dash, key, value. A mapping stands further right than the one around it, so 100 columns nest less than MAX_DEPTH.
Matching a line takes 100 times its memory, so very long ones are none of ours."""

_VALUE: Final = re.compile(
    rf"""(?:({_PLAIN})|"((?:[^"\\]|\\["\\nt])*)"|'((?:[^']|'')*)'|(\|-?)|([\[{{][^#]*))(?: *| +#.*)"""
)
_ATOM: Final = rf"""(?:"([^"\\\n]*)"|'([^'\n]*)'|({_NAME}))"""
_ITEM: Final = re.compile(rf"[ \n]*{_ATOM}[ \n]*")
_ENTRY: Final = re.compile(rf"[ \n]*{_ATOM}: +{_ATOM}[ \n]*")
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPES: Final = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_NOT_ASCII: Final = re.compile("[^\0-~]")

_BLANK, _PLAIN_VALUE, _DOUBLE, _SINGLE, _LITERAL, _FLOW, _NOTHING = range(7)
"""What stands behind indentation, dash and key; up to _FLOW the numbers are those of the groups of _VALUE."""

_Line = tuple[int, int, str | None, int, Scalar]
"""A line taken apart: column of the dash (-1: none), column of what follows, key, kind, and the scalar or the beginning of more."""

_BLANK_LINE: Final[_Line] = (-1, 0, None, _BLANK, None)


class NotEverydayError(Exception):
    """The text is not one of those that are read here."""


def read_lines(text: str, dialect: Dialect) -> Any:
    """Return the document that a text is, None when it is empty. Raises NotEverydayError."""
    lines = text.removeprefix("---\n").split("\n")
    known = _lines_of(dialect)
    opened = _Open()
    node: Any = opened.nodes[0]
    columns = opened.columns
    waiting: str | None = ""  # the key that has no value yet
    at = 0
    while at < len(lines):
        dash, start, key, kind, value = known[lines[at]]
        at += 1
        if kind == _BLANK:
            continue
        column = start if dash < 0 else dash
        if waiting is not None and (column > columns[-1] or column == columns[-1] == dash):
            child: Any = {} if dash < 0 else []
            node[waiting] = child
            node = opened.add(child, column)
        elif column != columns[-1] or dash >= 0 or node.__class__ is list:
            node = opened.back_at(column, list if dash >= 0 else dict)
        if dash >= 0 and key is not None:
            item: dict[str, Any] = {}
            node.append(item)
            node = opened.add(item, start)
        waiting = key if kind == _NOTHING else None
        if kind == _LITERAL:
            value, at = _literal(lines, at, columns[-1], is_clipped=value == "|")
        elif kind == _FLOW:
            value, at = _flow(str(value), lines, at, known.resolve)
        if key is None:
            node.append(value)
        else:
            node[key] = value
    return opened.nodes[0].get("")


class _Open:
    """The collections that are open, and their columns; the first one takes the whole document."""

    def __init__(self) -> None:
        self.nodes: list[Any] = [{}]
        self.columns = [-1]

    def add(self, node: Any, column: int) -> Any:
        self.nodes.append(node)
        self.columns.append(column)
        return node

    def back_at(self, column: int, kind: type) -> Any:
        """Return the collection that goes on in this column, those within it being closed."""
        while self.columns[-1] > column:
            self._close()
        if kind is dict and self.nodes[-1].__class__ is list:
            self._close()  # a list may stand in the column of the mapping around it
        if self.columns[-1] != column or self.nodes[-1].__class__ is not kind:
            raise NotEverydayError
        return self.nodes[-1]

    def _close(self) -> None:
        del self.nodes[-1], self.columns[-1]


def _literal(lines: list[str], at: int, parent: int, is_clipped: bool) -> tuple[str, int]:
    """Return the text of a literal block, and the number of the first line behind it."""
    first = lines[at] if at < len(lines) else ""
    width = len(first) - len(first.lstrip(" "))
    if width <= parent or width == len(first):
        raise NotEverydayError
    pad = " " * width
    end = at
    while end < len(lines) and (lines[end].startswith(pad) or not lines[end].strip(" ")):
        end += 1
    body = [line[width:] for line in lines[at:end]]
    if not "".join(body).isprintable() or (end == len(lines) and lines[-1]):
        raise NotEverydayError
    return "\n".join(body).rstrip("\n") + "\n" * is_clipped, end


def _flow(text: str, lines: list[str], at: int, resolve: Callable[[str], Scalar]) -> tuple[Any, int]:
    """Return the value of a flat flow collection, and the number of the first line behind it."""
    closing = "]" if text[0] == "[" else "}"
    parts = [text.rstrip(" ")]
    while not parts[-1].endswith(closing):
        if at == len(lines):
            raise NotEverydayError
        parts.append(lines[at].rstrip(" "))
        at += 1
    inner = "\n".join(parts)[1:-1].strip(" \n")
    if closing == "]":
        return [_atom(match, 1, resolve) for match in _parts(inner, _ITEM)], at
    return {_as_key(_atom(match, 1, resolve)): _atom(match, 4, resolve) for match in _parts(inner, _ENTRY)}, at


def _parts(inner: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The items or entries between the brackets; a comma may follow the last one."""
    if not inner:
        return
    inner = inner.removesuffix(",")
    at = -1
    while at < len(inner):
        match = pattern.match(inner, at + 1)
        if match is None or inner[match.end() : match.end() + 1] not in ("", ","):
            raise NotEverydayError
        yield match
        at = match.end()


def _atom(match: re.Match[str], group: int, resolve: Callable[[str], Scalar]) -> Scalar:
    """The scalar whose three forms are the groups from this one on."""
    plain = match[group + 2]
    if plain is not None:
        return _finite(resolve(plain))
    double = match[group]
    return match[group + 1] if double is None else double


def _finite(value: Scalar) -> Scalar:
    if value.__class__ is float and not isfinite(value):
        raise NotEverydayError
    return value


def _as_key(value: Scalar) -> str:
    if not isinstance(value, str):
        raise NotEverydayError
    return value


class _Lines(dict[str, _Line]):
    """What is known of lines: a line that is asked for the first time is read. Forgets all when it gets large."""

    def __init__(self, resolve: Callable[[str], Scalar]) -> None:
        super().__init__()
        self.resolve = resolve

    def __missing__(self, line: str) -> _Line:
        read = self._read(line)
        if len(line) <= _CACHED_LENGTH:
            if len(self) >= _CACHE_SIZE:
                self.clear()
            self[line] = read
        return read

    def _read(self, line: str) -> _Line:
        # what is printable for Python is so for YAML, and is neither a line break nor a mark there
        match = _LINE.fullmatch(line if line.isascii() else _NOT_ASCII.sub("x", line))
        if match is None or not line.isprintable():
            raise NotEverydayError
        dash = match.end(1) if match[2] else -1
        start = match.end(2) if match[2] else match.end(1)
        key, at = match[3] and line[match.start(3) : match.end(3)], match.start(4)
        is_empty = at == len(line) or line[at] == "#"
        if key is not None:
            _as_key(self.resolve(key))
        elif is_empty and dash < 0:
            return _BLANK_LINE
        elif is_empty or dash < 0:
            raise NotEverydayError
        kind, value = (_NOTHING, None) if is_empty else self._value(match[4], line[at:])
        return dash, start, key, kind, value

    def _value(self, shape: str, text: str) -> tuple[int, Scalar]:
        match = _VALUE.fullmatch(shape)
        if match is None or match.lastindex is None:
            raise NotEverydayError
        kind = match.lastindex
        found = text[match.start(kind) : match.end(kind)]
        if kind == _PLAIN_VALUE:
            return kind, _finite(self.resolve(found))
        if kind == _DOUBLE:
            found = _ESCAPE.sub(lambda escape: _ESCAPES[escape[1]], found)
        elif kind == _SINGLE:
            found = found.replace("''", "'")
        return kind, found


@cache
def _lines_of(dialect: Dialect) -> _Lines:
    return _Lines(resolver_for(dialect).resolve)
