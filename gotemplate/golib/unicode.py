"""Go's package unicode: character classes and case of the Unicode version Go implements, whatever version Python has.

Functions take a string of one character. The tables are read when the first character outside ASCII is asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

_SPACES = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

_NEVER_FOLDED = "\u0130\u0131"
"""Dotted capital I and dotless i have no simple case folding."""


@cache
def _boundaries(name: str) -> list[int]:
    from gotemplate.golib import unicode_tables

    at, found = 0, []
    for word in getattr(unicode_tables, name).split():
        at += int(word, 36)
        found.append(at)
    return found


def _in(name: str, char: str) -> bool:
    return bisect_right(_boundaries(name), ord(char)) % 2 == 1


@cache
def _cases() -> dict[str, tuple[str, str, str]]:
    from gotemplate.golib import unicode_tables

    found = {}
    for run in unicode_tables.CASE.split():
        first, *numbers = run.split(",")
        count, stride, upper, lower, title = map(int, numbers)
        start = int(first, 16)
        for code in range(start, start + count * stride, stride):
            found[chr(code)] = (chr(code + upper), chr(code + lower), chr(code + title))
    return found


def is_print(char: str) -> bool:
    """Tell whether Go calls a character printable: letters, marks, numbers, punctuation, symbols, ASCII space."""
    return " " <= char <= "~" if char < "\x7f" else _in("PRINT", char)


def is_letter(char: str) -> bool:
    """Tell whether a character is a letter (category L)."""
    return char.isalpha() if char < "\x80" else _in("LETTER", char)


def is_digit(char: str) -> bool:
    """Tell whether a character is a decimal digit (category Nd)."""
    return "0" <= char <= "9" if char < "\x80" else _in("DIGIT", char)


def is_number(char: str) -> bool:
    """Tell whether a character is a number (category N)."""
    return "0" <= char <= "9" if char < "\x80" else _in("NUMBER", char)


def is_mark(char: str) -> bool:
    """Tell whether a character is a mark (category M)."""
    return char >= "\x80" and _in("MARK", char)


def is_punct(char: str) -> bool:
    """Tell whether a character is punctuation (category P)."""
    return _in("PUNCT", char)


def is_symbol(char: str) -> bool:
    """Tell whether a character is a symbol (category S)."""
    return _in("SYMBOL", char)


def is_upper(char: str) -> bool:
    """Tell whether a character is an upper case letter."""
    return "A" <= char <= "Z" if char < "\x80" else _in("UPPER", char)


def is_lower(char: str) -> bool:
    """Tell whether a character is a lower case letter."""
    return "a" <= char <= "z" if char < "\x80" else _in("LOWER", char)


def is_title(char: str) -> bool:
    """Tell whether a character is a title case letter such as U+01C5."""
    return char >= "\x80" and _in("TITLE", char)


def is_space(char: str) -> bool:
    """Tell whether a character is white space (property White_Space)."""
    return char in _SPACES


def is_control(char: str) -> bool:
    """Tell whether a character is a control character (category Cc)."""
    return char < " " or "\x7f" <= char < "\xa0"


def to_upper(char: str) -> str:
    """Return the upper case of one character, always one character: ß stays."""
    if char < "\x80":
        return char.upper()
    found = _cases().get(char)
    return found[0] if found else char


def to_lower(char: str) -> str:
    """Return the lower case of one character, always one character."""
    if char < "\x80":
        return char.lower()
    found = _cases().get(char)
    return found[1] if found else char


def to_title(char: str) -> str:
    """Return the title case of one character, always one character."""
    if char < "\x80":
        return char.upper()
    found = _cases().get(char)
    return found[2] if found else char


def fold(char: str) -> str:
    """Return the character that stands for all that are equal to it when case is ignored (simple folding)."""
    return char if char in _NEVER_FOLDED else to_lower(to_upper(char))


def cased() -> list[str]:
    """Return every character that has another case."""
    return [*(char for char in map(chr, range(0x80)) if char.isalpha()), *(c for c in _cases() if c >= "\x80")]
