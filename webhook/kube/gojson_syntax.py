"""What Go's encoding/json says about text that is not JSON.

A regular grammar with a stack, walked only after a fast parser has refused the text. Owns the wording, not the values.
"""

import re
from typing import Final, NamedTuple, NoReturn

from gotemplate.golib.quote import quote

_SPACE: Final = re.compile(rb"[ \t\r\n]*")
_STRING_RUN: Final = re.compile(rb"[^\"\\\x00-\x1f]*")
_DIGITS: Final = re.compile(rb"[0-9]+")
_ESCAPES: Final = b'bfnrt\\/"'
_HEX: Final = b"0123456789abcdefABCDEF"
_LITERALS: Final = {ord("t"): b"true", ord("f"): b"false", ord("n"): b"null"}


class Complaint(NamedTuple):
    """Go's sentence and the byte offset it is about."""

    text: str
    offset: int


class _SyntaxError(Exception):
    """Carries the complaint out of the walk."""


def complaint(text: bytes, max_depth: int) -> Complaint | None:
    """The first thing Go objects to, or None for JSON within max_depth levels."""
    walk = _Walk(text, max_depth)
    try:
        walk.document()
    except _SyntaxError:
        return walk.found
    return None


class _Walk:
    def __init__(self, text: bytes, max_depth: int) -> None:
        self._text = text
        self._max_depth = max_depth
        self._at = 0
        self.found: Complaint | None = None

    def document(self) -> None:
        """One value and white space; containers are kept on a stack of their closing bytes."""
        stack: list[int] = []
        while True:
            if self._value(stack):
                continue
            if not self._after_value(stack):
                return

    def _value(self, stack: list[int]) -> bool:
        """Read the beginning of a value. True when it opened a container that has a value to come."""
        char = self._peek()
        if char in b"{[":
            self._at += 1
            self._open(stack, ord("}") if char == 0x7B else ord("]"))
            if self._peek() == stack[-1]:
                self._at += 1
                stack.pop()
                return False
            if stack[-1] == ord("}"):
                self._key()
            return True
        if char == 0x22:
            self._string()
        elif char in _LITERALS:
            self._literal(_LITERALS[char])
        elif char in b"-0123456789":
            self._number()
        else:
            self._fail(char, "looking for beginning of value")
        return False

    def _open(self, stack: list[int], closing: int) -> None:
        stack.append(closing)
        if len(stack) > self._max_depth:
            self._raise("exceeded max depth")

    def _after_value(self, stack: list[int]) -> bool:
        """Close what ends here. True when another value follows."""
        while stack:
            char = self._peek()
            closing = stack[-1]
            if char == closing:
                stack.pop()
            elif char != 0x2C:
                self._fail(char, "after object key:value pair" if closing == 0x7D else "after array element")
            self._at += 1
            if char == 0x2C:
                if closing == 0x7D:
                    self._key()
                return True
        self._at = self._skip_space()
        if self._at < len(self._text):
            self._fail(self._text[self._at], "after top-level value")
        return False

    def _key(self) -> None:
        char = self._peek()
        if char != 0x22:
            self._fail(char, "looking for beginning of object key string")
        self._string()
        char = self._peek()
        if char != 0x3A:
            self._fail(char, "after object key")
        self._at += 1

    def _string(self) -> None:
        self._at += 1
        while True:
            self._match(_STRING_RUN)
            char = self._next()
            if char == 0x22:
                return
            if char != 0x5C:
                self._fail(char, "in string literal")
            char = self._next(at_end=0x20)
            if char == 0x75:
                for _ in range(4):
                    self._need(_HEX, "in \\u hexadecimal character escape")
            elif char not in _ESCAPES:
                self._fail(char, "in string escape code")

    def _literal(self, word: bytes) -> None:
        self._at += 1
        for expected in word[1:]:
            self._need(bytes((expected,)), f"in literal {word.decode()} (expecting {_quote_byte(expected)})")

    def _number(self) -> None:
        if self._text[self._at] == 0x2D:
            self._at += 1
        if self._need(b"0123456789", "in numeric literal") != 0x30:
            self._match(_DIGITS)
        if self._text[self._at : self._at + 1] == b".":
            self._at += 1
            self._need(b"0123456789", "after decimal point in numeric literal")
            self._match(_DIGITS)
        if self._text[self._at : self._at + 1] in (b"e", b"E"):
            self._at += 1
            if self._text[self._at : self._at + 1] in (b"+", b"-"):
                self._at += 1
            self._need(b"0123456789", "in exponent of numeric literal")
            self._match(_DIGITS)

    def _skip_space(self) -> int:
        match = _SPACE.match(self._text, self._at)
        return match.end() if match else self._at

    def _match(self, pattern: re.Pattern[bytes]) -> None:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _peek(self) -> int:
        """The next byte that is not white space."""
        self._at = self._skip_space()
        if self._at >= len(self._text):
            self._raise("unexpected end of JSON input")
        return self._text[self._at]

    def _next(self, at_end: int | None = None) -> int:
        """The next byte. Go closes the text with a blank, so what needs a certain byte complains about that one."""
        if self._at >= len(self._text):
            if at_end is not None:
                return at_end
            self._raise("unexpected end of JSON input")
        self._at += 1
        return self._text[self._at - 1]

    def _need(self, allowed: bytes, where: str) -> int:
        char = self._next(at_end=0x20)
        if char not in allowed:
            self._fail(char, where)
        return char

    def _fail(self, char: int, where: str) -> NoReturn:
        self._raise(f"invalid character {_quote_byte(char)} {where}")

    def _raise(self, text: str) -> NoReturn:
        self.found = Complaint(text, self._at)
        raise _SyntaxError


def _quote_byte(char: int) -> str:
    """One byte in single quotes; a byte beyond ASCII shows as the code point of the same number."""
    if char == 0x27:
        return r"'\''"
    return "'\"'" if char == 0x22 else f"'{quote(chr(char))[1:-1]}'"
