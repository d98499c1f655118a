"""Go's quoting of strings and characters and its reverse (the quote half of package strconv)."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gotemplate.golib import unicode, utf8

_SIMPLE: Final = {
    "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v", "\\": r"\\",
}  # fmt: skip
_UNQUOTED: Final = {text[1]: ord(char) for char, text in _SIMPLE.items() if char != "\\"} | {"\\": ord("\\")}
_HEX_WIDTH: Final = {"x": 2, "u": 4, "U": 8}
_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_OCTAL: Final = re.compile(r"[0-7]{3}")


class QuoteSyntaxError(ValueError):
    """A text that is not a quoted string; the message is Go's ErrSyntax."""

    def __init__(self) -> None:
        super().__init__("invalid syntax")


def _hex_escape(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escape(char: str, *, ascii_only: bool) -> str:
    """Return one character as it stands in a quoted string; a byte that is not UTF-8 as ``\\xNN``."""
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if " " <= char <= "~" and char != "\\":
        return char
    if not ascii_only and code > 0x7F and unicode.is_print(char):
        return char
    simple = _SIMPLE.get(char)
    if simple is not None:
        return simple
    return f"\\x{code:02x}" if code < 0x80 and (code < 0x20 or code == 0x7F) else _hex_escape(code)


@cache
def _needs_escape(delimiter: str, ascii_only: bool) -> re.Pattern[str]:
    return re.compile(
        f"[^ -~]|[\\\\{delimiter}]" if ascii_only else f"[^ -~\u00a1-\u00ac\u00ae-\u0377]|[\\\\{delimiter}]"
    )


def _quoted(text: str, delimiter: str, *, ascii_only: bool) -> str:
    def replace(match: re.Match[str]) -> str:
        char = match.group()
        return "\\" + delimiter if char == delimiter else _escape(char, ascii_only=ascii_only)

    return delimiter + _needs_escape(delimiter, ascii_only).sub(replace, utf8.canonical(text)) + delimiter


def quote(text: str) -> str:
    """Return the string as a Go literal in double quotes, printable characters kept."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return _quoted(text, '"', ascii_only=False)


def quote_to_ascii(text: str) -> str:
    """Return the string as a Go literal in double quotes, everything outside ASCII escaped."""
    return _quoted(text, '"', ascii_only=True)


def quote_rune(code: int) -> str:
    """Return a code point as a Go character literal; U+FFFD for a number that is none."""
    return _quoted(utf8.rune_text(code), "'", ascii_only=False)


def quote_rune_to_ascii(code: int) -> str:
    """Return a code point as a Go character literal of ASCII only."""
    return _quoted(utf8.rune_text(code), "'", ascii_only=True)


def can_backquote(text: str) -> bool:
    """Tell whether the string can be a raw literal: valid UTF-8, no backquotes, no controls but tab."""
    if re.search("[\x00-\x08\x0a-\x1f`\x7f\ufeff]", text):
        return False
    return utf8.valid_string(text)


def unquote_char(text: str, delimiter: str) -> tuple[int, bool, str]:
    """Decode the first character of the inside of a quoted string.

    Returns its value, whether it is a rune (a value below 256 may be a byte instead: ``\\xff``), and the rest.
    The delimiter itself and any escape that Go does not know raise QuoteSyntaxError.
    """
    if not text or (text[0] == delimiter and delimiter in ("'", '"')):
        raise QuoteSyntaxError
    char = text[0]
    if char != "\\":
        code = ord(char)
        return (0xFFFD if 0xD800 <= code <= 0xDFFF else code), code >= 0x80, text[1:]
    letter = text[1:2]
    if letter in _HEX_WIDTH:
        return _unquote_hex(text, letter)
    if letter in ("'", '"'):
        if letter != delimiter:
            raise QuoteSyntaxError
        return ord(letter), False, text[2:]
    if letter in _UNQUOTED:
        return _UNQUOTED[letter], False, text[2:]
    octal = _OCTAL.match(text, 1)
    if octal is None or int(octal.group(), 8) > 0xFF:
        raise QuoteSyntaxError
    return int(octal.group(), 8), False, text[4:]


def _unquote_hex(text: str, letter: str) -> tuple[int, bool, str]:
    end = 2 + _HEX_WIDTH[letter]
    digits = text[2:end]
    if len(digits) != end - 2 or not _HEX.fullmatch(digits):
        raise QuoteSyntaxError
    value = int(digits, 16)
    if letter != "x" and not utf8.valid_rune(value):
        raise QuoteSyntaxError
    return value, letter != "x", text[end:]


def unquote(text: str) -> str:
    """Return the string that a Go literal (double quotes, backquotes, or one character in single quotes) stands for.

    Two single quotes stand for the empty string, as Go has it. Raises QuoteSyntaxError (``invalid syntax``).
    """
    if len(text) < 2 or text[0] != text[-1] or text[0] not in "\"'`":
        raise QuoteSyntaxError
    delimiter, inside = text[0], text[1:-1]
    if delimiter == "`":
        if "`" in inside:
            raise QuoteSyntaxError
        return inside.replace("\r", "")
    if "\n" in inside:
        raise QuoteSyntaxError
    if delimiter == '"' and "\\" not in inside and '"' not in inside and not utf8.has_invalid(inside):
        return inside
    return _unquote_inside(utf8.canonical(inside), delimiter)


def _unquote_inside(inside: str, delimiter: str) -> str:
    found: list[str] = []
    rest, loose = inside, False
    while rest:
        code, is_rune, rest = unquote_char(rest, delimiter)
        is_byte = not is_rune and code >= 0x80
        loose = loose or is_byte
        found.append(chr(0xDC00 + code) if is_byte else chr(code))
        if delimiter == "'" and rest:
            raise QuoteSyntaxError
    return utf8.canonical("".join(found)) if loose else "".join(found)
