"""Strings: trimming, cutting, casing, wrapping, quoting. Lengths and positions are bytes, as in Go.

Sprig's manual page "String Functions"; its words come from Go's strings package and from Masterminds/goutils 1.1, whose functions
sometimes take a byte for a character (``nospace``, ``initials``), which is kept.
"""

from __future__ import annotations

import re
from typing import Final

from gotemplate import fmt
from gotemplate.errors import FuncError
from gotemplate.golib import strconv, unicode
from gotemplate.golib import strings as go
from gotemplate.golib.utf8 import byte_len, from_bytes, to_bytes, to_valid
from gotemplate.sprig.conversion import string_of
from gotemplate.sprig.octets import cut
from gotemplate.values import Value

_LATIN_SPACES: Final = dict.fromkeys(b"\t\n\v\f\r \x85\xa0")
_MAX_LENGTH: Final = (1 << 63) - 1


def title(text: str) -> str:
    """Return the text with every word's first letter in title case, by Go's old idea of a word."""
    return go.title(to_valid(text))


trim, upper, lower = go.trim_space, go.to_upper, go.to_lower


def untitle(text: str) -> str:
    """Return the text with every word's first letter in lower case."""
    start, out = True, []
    for char in to_valid(text):
        out.append(unicode.to_lower(char) if start else char)
        start = unicode.is_space(char)
    return "".join(out)


def swapcase(text: str) -> str:
    """Exchange upper and lower case; a small letter at the start of a word becomes title case."""
    start, out = True, []
    for char in to_valid(text):
        if unicode.is_upper(char) or unicode.is_title(char):
            out.append(unicode.to_lower(char))
        elif unicode.is_lower(char):
            out.append(unicode.to_title(char) if start else unicode.to_upper(char))
        else:
            out.append(char)
            start = unicode.is_space(char)
            continue
        start = False
    return "".join(out)


def repeat(count: int, text: str) -> str:
    """Return the text several times over."""
    if count < 0:
        raise FuncError("strings: negative Repeat count")
    if byte_len(text) * count > _MAX_LENGTH:
        raise FuncError("strings: Repeat output length overflow")
    return text * count


def trim_all(characters: str, text: str) -> str:
    """Cut all of the given characters off both ends (``trimAll``, ``trimall``)."""
    return go.trim(text, characters)


def trim_prefix(prefix: str, text: str) -> str:
    """Cut a prefix (``trimPrefix``)."""
    return text.removeprefix(prefix)


def trim_suffix(suffix: str, text: str) -> str:
    """Cut a suffix (``trimSuffix``)."""
    return text.removesuffix(suffix)


def trunc(length: int, text: str) -> str:
    """Keep the first bytes of a text, or for a negative length the last."""
    size = byte_len(text)
    if length < 0:
        return cut(text, size + length) if size + length > 0 else text
    return cut(text, 0, length) if size > length else text


def substr(start: int, end: int, text: str) -> str:
    """Return the bytes from start to before end; a negative start means the front, an end that is negative or too large the back."""
    if start < 0:
        return cut(text, 0, end)
    return cut(text, start, None if end < 0 or end > byte_len(text) else end)


def nospace(text: str) -> str:
    """Remove white space, byte by byte: if there is some, each byte above 127 of the rest becomes a character of Latin-1."""
    kept = to_bytes(text).decode("latin-1").translate(_LATIN_SPACES)
    return kept if len(kept) != byte_len(text) else text


def initials(text: str) -> str:
    """Return the first byte of every word, as a character of Latin-1."""
    return "".join(word[0] for word in re.split(r"[\t-\r \x85\xa0]", to_bytes(text).decode("latin-1")) if word)


def abbrev(width: int, text: str) -> str:
    """Cut a text to a width with three dots at its end; a width below 4 leaves it."""
    return text if width < 4 else _abbreviate(text, 0, width)


def abbrevboth(left: int, width: int, text: str) -> str:
    """Cut a text to a width, with three dots for what is left out before ``left`` and at the end."""
    if width < 4 or (left > 0 and width < 7):
        return text
    return _abbreviate(text, left, width)


def _abbreviate(text: str, offset: int, width: int) -> str:
    size = byte_len(text)
    if size <= width:
        return text
    room = width - 3
    offset = min(offset, size)
    if size - offset < room:
        offset = size - room
    if offset <= 4:
        return cut(text, 0, room) + "..."
    if width < 7:
        return ""
    if offset + room < size:
        return "..." + _abbreviate(cut(text, offset), 0, room)
    return "..." + cut(text, size - room)


def wrap(width: int, text: str) -> str:
    """Break a text into lines of a width at spaces; a longer word stays whole."""
    return _wrap(text, width, b"\n", break_words=False)


def wrap_with(width: int, separator: str, text: str) -> str:
    """Break a text into pieces of a width, long words too, with a separator between them (``wrapWith``)."""
    return _wrap(text, width, to_bytes(separator) or b"\n", break_words=True)


def _wrap(text: str, width: int, separator: bytes, *, break_words: bool) -> str:
    octets, width = to_bytes(text), max(width, 1)
    out: list[bytes] = []
    at = 0
    while len(octets) - at > width:
        if octets[at] == 0x20:
            at += 1
            continue
        space = octets.rfind(b" ", at, at + width + 1)
        if space < 0 and not break_words:
            space = octets.find(b" ", at + width)
            if space < 0:
                break
        end = at + width if space < 0 else space
        out += (octets[at:end], separator)
        at = end if space < 0 else space + 1
    return from_bytes(b"".join((*out, octets[at:])))


def contains(part: str, text: str) -> bool:
    """Tell whether a text contains another."""
    return part in text


def has_prefix(prefix: str, text: str) -> bool:
    """Tell whether a text starts with another (``hasPrefix``)."""
    return text.startswith(prefix)


def has_suffix(suffix: str, text: str) -> bool:
    """Tell whether a text ends with another (``hasSuffix``)."""
    return text.endswith(suffix)


def quote(*values: Value) -> str:
    """Return the texts of the values that are not nil in double quotes, escaped as Go does."""
    if len(values) == 1 and values[0].__class__ is str:
        return strconv.quote(values[0])
    return " ".join(strconv.quote(string_of(value)) for value in values if value is not None)


def squote(*values: Value) -> str:
    """Return the values that are not nil, as ``%v`` prints them, in single quotes."""
    return " ".join(f"'{_printed(value)}'" for value in values if value is not None)


def cat(*values: Value) -> str:
    """Return the values that are not nil, as ``%v`` prints them, with spaces between."""
    return " ".join(_printed(value) for value in values if value is not None)


def _printed(value: Value) -> str:
    return value if value.__class__ is str else fmt.sprintf("%v", value)


def indent(spaces: int, text: str) -> str:
    """Put spaces in front of every line."""
    pad = repeat(spaces, " ")
    return pad + text.replace("\n", "\n" + pad)


def nindent(spaces: int, text: str) -> str:
    """Put spaces in front of every line, and a new line in front of it all."""
    return "\n" + indent(spaces, text)


def replace(old: str, new: str, text: str) -> str:
    """Replace every occurrence; an empty ``old`` is found before every character and at the end."""
    return go.replace(text, old, new)


def plural(one: str, many: str, count: int) -> str:
    """Return the first text for a count of one, else the second."""
    return one if count == 1 else many
