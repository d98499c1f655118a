"""JSON text to plain values as Go's Unmarshal into an ``any`` makes them, with the words of its syntax errors."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from gotemplate import values
from gotemplate.golib import utf8
from gotemplate.golib.quote import quote
from gotemplate.values import FLOAT64, INT64, STRING, Method, Value


class JSONError(ValueError):
    """JSON that Go refuses to read or a value it refuses to write; ``offset`` is the bytes read until the error."""

    def __init__(self, text: str, offset: int = 0) -> None:
        super().__init__(text)
        self.offset = offset


def _as_int64(text: str) -> int:
    from gotemplate.golib.strconv import parse_int

    return int(values.make(INT64, parse_int(text, 10, 64)))


def _as_float64(text: str) -> float:
    from gotemplate.golib.strconv import parse_float

    return parse_float(text)


NUMBER: Final = values.named(
    "json.Number",
    STRING,
    (
        Method("Float64", _as_float64, (), (FLOAT64, values.ERROR)),
        Method("Int64", _as_int64, (), (INT64, values.ERROR)),
        Method("String", str, (), (STRING,)),
    ),
)
"""The type of numbers under UseNumber: their text."""

MAX_DEPTH: Final = 10000
_END: Final = "unexpected end of JSON input"
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?", re.ASCII)
_PLAIN: Final = re.compile('[^"\\\\\x00-\x1f]*')
_ESCAPES: Final = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip
_LOW_HALF: Final = re.compile(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_LITERALS: Final[dict[str, tuple[str, Any]]] = {
    "t": ("true", True),
    "f": ("false", False),
    "n": ("null", None),
}


def unmarshal(text: str | bytes, *, use_number: bool = False) -> Value:
    """Return the value of a JSON document: every number a float64 (or a json.Number), objects and arrays plain.

    Raises JSONError with Go's text, such as ``invalid character 'x' looking for beginning of value``.
    """
    source = utf8.from_bytes(text) if isinstance(text, bytes) else utf8.canonical(text)
    if not use_number and "\\u" not in source and not utf8.has_invalid(source):
        try:
            found = _QUICK.decode(source)
        except (ValueError, RecursionError):
            pass  # read again for Go's words, or for its depth
        else:
            return found
    return _Decoder(source, use_number=use_number).document()


def valid(text: str | bytes) -> bool:
    """Tell whether a text is a JSON document."""
    source = utf8.from_bytes(text) if isinstance(text, bytes) else text
    try:
        _Decoder(source, use_number=True).document()
    except JSONError:
        return False
    return True


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def _refuse(text: str) -> float:
    raise ValueError(text)  # NaN and Infinity, which Python would read


_QUICK: Final = json.JSONDecoder(parse_float=_finite, parse_int=_finite, parse_constant=_refuse)


_TIGHT: Final = ("in literal", "in numeric", "after decimal", "in exponent", "in string escape", "in \\u")
"""Where no white space may stand: Go tries a space after the end of the text, and complains about that."""


class _Decoder:
    """Reads a document with its own stack: Go allows ten thousand levels."""

    def __init__(self, text: str, *, use_number: bool) -> None:
        self.text = text
        self.at = 0
        self.use_number = use_number
        self.number_error: JSONError | None = None

    def document(self) -> Value:
        found = self.nested()
        self.blank()
        if self.at < len(self.text):
            raise self.unexpected("after top-level value")
        if self.number_error is not None:
            raise self.number_error
        return found

    def nested(self) -> Value:
        stack: list[Any] = []
        keys: list[str] = []
        while True:
            value, opened = self.begin(len(stack))
            if opened:
                stack.append(value)
                if isinstance(value, dict):
                    keys.append(self.key("looking for beginning of object key string"))
                continue
            while stack:
                holder = stack[-1]
                if isinstance(holder, dict):
                    holder[keys.pop()] = value
                    more = self.after("}", "after object key:value pair")
                    if more:
                        keys.append(self.key("looking for beginning of object key string"))
                else:
                    holder.append(value)
                    more = self.after("]", "after array element")
                if more:
                    break
                value = stack.pop()
            else:
                return value

    def begin(self, depth: int) -> tuple[Value, bool]:
        """Read a scalar or an empty container, or open one; tells which."""
        char = self.peek()
        if char in "{[" and char:
            if depth >= MAX_DEPTH:
                raise self.unexpected("exceeded max depth")
            self.at += 1
            closing = "}" if char == "{" else "]"
            empty = self.peek() == closing
            self.at += empty
            return ({} if char == "{" else []), not empty
        if char == '"':
            return self.string(), False
        if char in _LITERALS:
            return self.literal(*_LITERALS[char]), False
        if char and char in "-0123456789":
            return self.number(), False
        raise self.unexpected("looking for beginning of value")

    def after(self, closing: str, context: str) -> bool:
        char = self.peek()
        if char not in (",", closing) or not char:
            raise self.unexpected(context)
        self.at += 1
        return char == ","

    def key(self, context: str) -> str:
        if self.peek() != '"':
            raise self.unexpected(context)
        found = self.string()
        if self.peek() != ":":
            raise self.unexpected("after object key")
        self.at += 1
        return found

    def blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def peek(self) -> str:
        self.blank()
        return self.text[self.at : self.at + 1]

    def unexpected(self, context: str) -> JSONError:
        """Return the error about the character (or its first byte) at the current place, or about the end of the text."""
        offset = utf8.byte_len(self.text[: self.at])
        at_end = self.at >= len(self.text)
        if at_end and not context.startswith(_TIGHT):
            return JSONError(_END, offset)
        first = " " if at_end else chr(utf8.to_bytes(self.text[self.at])[0])
        shown = {"'": r"'\''", '"': "'\"'"}.get(first) or f"'{quote(first)[1:-1]}'"
        return JSONError(f"invalid character {shown} {context}", offset + 1)

    def literal(self, word: str, value: Value) -> Value:
        for char in word:
            if self.text[self.at : self.at + 1] != char:
                raise self.unexpected(f"in literal {word} (expecting '{char}')")
            self.at += 1
        return value

    def number(self) -> Value:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            self.at += 1
            raise self.unexpected("in numeric literal")
        self.at = match.end()
        self.check_number_end(match)
        text = match.group()
        if self.use_number:
            return values.make(NUMBER, text)
        number = float(text)
        if math.isinf(number) and self.number_error is None:
            words = f"json: cannot unmarshal number {text} into Go value of type float64"
            self.number_error = JSONError(words, self.at)
        return number

    def check_number_end(self, match: re.Match[str]) -> None:
        """Complain where a number breaks off: after its point or in its exponent."""
        following = self.text[self.at : self.at + 1]
        if following == "." and match["fraction"] is None and match["exponent"] is None:
            self.at += 1
            raise self.unexpected("after decimal point in numeric literal")
        if following in ("e", "E") and match["exponent"] is None:
            self.at += 2 if self.text[self.at + 1 : self.at + 2] in ("+", "-") else 1
            raise self.unexpected("in exponent of numeric literal")

    def string(self) -> str:
        parts: list[str] = []
        self.at += 1
        while True:
            match = _PLAIN.match(self.text, self.at)
            if match is not None:
                parts.append(match.group())
                self.at = match.end()
            char = self.text[self.at : self.at + 1]
            if char == '"':
                self.at += 1
                return utf8.to_valid("".join(parts))
            if char != "\\":
                raise self.unexpected("in string literal")
            self.at += 1
            parts.append(self.escape())

    def escape(self) -> str:
        char = self.text[self.at : self.at + 1]
        if char == "u":
            return self.unicode_escape()
        if char not in _ESCAPES:
            raise self.unexpected("in string escape code")
        self.at += 1
        return _ESCAPES[char]

    def unicode_escape(self) -> str:
        """Read ``\\uXXXX``; two that make a pair are one character, half a pair is U+FFFD."""
        high = self.hexadecimal()
        if 0xD800 <= high < 0xDC00 and (low := _LOW_HALF.match(self.text, self.at)):
            self.at = low.end()
            return chr(0x10000 + ((high - 0xD800) << 10) + int(low[1], 16) - 0xDC00)
        return utf8.rune_text(high)

    def hexadecimal(self) -> int:
        self.at += 1
        digits = self.text[self.at : self.at + 4]
        for char in digits.ljust(4):
            if char not in _HEX:
                raise self.unexpected("in \\u hexadecimal character escape")
            self.at += 1
        return int(digits, 16)
