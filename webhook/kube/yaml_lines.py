"""The quick reading of everyday YAML: block style, one key, item or value a line, as templates and people write manifests.

    value = read_lines(text, dialect)

Owns a small part of the language, in which the dialects agree but for what a scalar means: block mappings and lists, plain and
quoted scalars on one line, literal blocks, ``{…}`` and ``[…]`` of plain words, comments. Everything else is refused, errors included:
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
_ATOM: Final = re.compile(rf"""(?:"((?:[^"\\\n]|\\["\\nt])*)"|'([^'\n]*)'|({_NAME}))""")
_COLON: Final = re.compile(r""": +|(?<=["']):""")
_SPACE: Final = re.compile("[ \n]*")
_FLOW_DEPTH: Final = 20
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPES: Final = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_NOT_ASCII: Final = re.compile("[^\0-~]")

_FLOW_ALONE, _BLANK, _PLAIN_VALUE, _DOUBLE, _SINGLE, _LITERAL, _FLOW, _NOTHING = range(-1, 7)
"""What stands behind indentation, dash and key; from _PLAIN_VALUE to _FLOW the numbers are those of the groups of _VALUE."""

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
        if kind <= _BLANK:
            if kind == _FLOW_ALONE:
                if waiting is None or start <= columns[-1]:
                    raise NotEverydayError
                node[waiting], at = _flow(str(value), lines, at, known.resolve)
                waiting = None
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
    if not "".join(body).isprintable():
        raise NotEverydayError
    is_ended = end < len(lines) or not body[-1]
    return "\n".join(body).rstrip("\n") + "\n" * (is_clipped and is_ended), end


def _flow(text: str, lines: list[str], at: int, resolve: Callable[[str], Scalar]) -> tuple[Any, int]:
    """Return the value of a flow collection, and the number of the first line behind it."""
    parts = [text]
    depth = _depth(text)
    while depth > 0:
        if at == len(lines):
            raise NotEverydayError
        parts.append(lines[at])
        depth += _depth(lines[at])
        at += 1
    if not "".join(parts).isprintable():
        raise NotEverydayError
    flow = _Flow("\n".join(parts).rstrip(" "), resolve)
    value = flow.value(_FLOW_DEPTH)
    if flow.at != len(flow.text):
        raise NotEverydayError
    return value, at


def _depth(text: str) -> int:
    return text.count("{") + text.count("[") - text.count("}") - text.count("]")


class _Flow:
    """The text of a flow collection, and how far it is read."""

    def __init__(self, text: str, resolve: Callable[[str], Scalar]) -> None:
        self.text = text
        self.at = 0
        self._resolve = resolve

    def value(self, depth: int) -> Any:
        """Read what stands here: a collection, within which no more than so many others are open, or a scalar."""
        char = self.text[self.at : self.at + 1]
        if char == "[" and depth:
            return [self.value(depth - 1) for _ in self._parts("]")]
        if char == "{" and depth:
            return dict(self._entry(depth - 1) for _ in self._parts("}"))
        match = _ATOM.match(self.text, self.at)
        if match is None:
            raise NotEverydayError
        self.at = match.end()
        double, single, plain = match.groups()
        if plain is not None:
            return _finite(self._resolve(plain))
        return single if double is None else _unescaped(double)

    def _entry(self, depth: int) -> tuple[str, Any]:
        key = _as_key(self.value(0))
        colon = _COLON.match(self.text, self.at)
        if colon is None:
            raise NotEverydayError
        self.at = colon.end()
        return key, self.value(depth)

    def _parts(self, closing: str) -> Iterator[None]:
        """Stand before each part in turn, and in the end behind the bracket; a comma may follow the last part."""
        self.at += 1
        while (char := self._next()) != closing:
            if char == ",":
                raise NotEverydayError
            yield
            char = self._next()
            if char == ",":
                self.at += 1
            elif char != closing:
                raise NotEverydayError
        self.at += 1

    def _next(self) -> str:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda escape: _ESCAPES[escape[1]], text) if "\\" in text else text


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
        elif is_empty:
            raise NotEverydayError
        kind, value = (_NOTHING, None) if is_empty else self._value(match[4], line[at:])
        if key is None and dash < 0:
            if kind != _FLOW:
                raise NotEverydayError
            kind = _FLOW_ALONE
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
            found = _unescaped(found)
        elif kind == _SINGLE:
            found = found.replace("''", "'")
        return kind, found


@cache
def _lines_of(dialect: Dialect) -> _Lines:
    return _Lines(resolver_for(dialect).resolve)
