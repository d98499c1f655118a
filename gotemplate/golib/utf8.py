"""Strings as Go has them: bytes that are usually UTF-8, carried in Python strings with surrogateescape."""

from __future__ import annotations

import re
from typing import Final

RUNE_ERROR: Final = "\ufffd"
MAX_RUNE: Final = 0x10FFFF
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LONE: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def to_bytes(text: str) -> bytes:
    """Return the bytes of a string.

    A surrogate that carries no byte (``"\\ud800"`` out of a Python JSON document) has no place in a Go string and
    becomes U+FFFD.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return _LONE.sub(RUNE_ERROR, text).encode("utf-8", "surrogateescape")


def from_bytes(data: bytes) -> str:
    """Return the string of these bytes; what is not UTF-8 is carried as surrogates, one a byte."""
    return data.decode("utf-8", "surrogateescape")


def has_invalid(text: str) -> bool:
    """Tell whether a string may hold bytes that are not UTF-8."""
    return not text.isascii() and _SURROGATE.search(text) is not None


def canonical(text: str) -> str:
    """Return the string with bytes that meet to form a character joined: ``"\\udcc3\\udca9"`` is ``"é"``."""
    return from_bytes(to_bytes(text)) if has_invalid(text) else text


def valid_string(text: str) -> bool:
    """Tell whether the bytes of a string are valid UTF-8."""
    return not has_invalid(text) or not has_invalid(canonical(text))


def to_valid(text: str) -> str:
    """Return the string with every byte that is not UTF-8 replaced by U+FFFD, as converting to runes and back does."""
    return _SURROGATE.sub(RUNE_ERROR, canonical(text)) if has_invalid(text) else text


def byte_len(text: str) -> int:
    """Return the length in bytes: Go's ``len``."""
    return len(text) if text.isascii() else len(to_bytes(text))


def rune_count(text: str) -> int:
    """Return the number of runes; a byte that is not UTF-8 counts as one."""
    return len(canonical(text))


def valid_rune(code: int) -> bool:
    """Tell whether a number is a code point that UTF-8 can encode."""
    return 0 <= code < 0xD800 or 0xDFFF < code <= MAX_RUNE


def rune_text(code: int) -> str:
    """Return the string of one rune, U+FFFD for a number that is none: Go's ``string(rune)``."""
    return chr(code) if valid_rune(code) else RUNE_ERROR
