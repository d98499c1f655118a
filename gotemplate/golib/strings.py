"""Go's package strings where it differs from Python's str methods: Title, Fields, Map, case, trimming, and its kin."""

from __future__ import annotations

from collections.abc import Callable

from gotemplate.golib import unicode, utf8


def to_upper(text: str) -> str:
    """Return the string in upper case, character by character: ß stays ß."""
    return text.upper() if text.isascii() else map_runes(unicode.to_upper, text)


def to_lower(text: str) -> str:
    """Return the string in lower case, character by character."""
    return text.lower() if text.isascii() else map_runes(unicode.to_lower, text)


def to_title(text: str) -> str:
    """Return the string with every character in title case (not only the first of a word)."""
    return text.upper() if text.isascii() else map_runes(unicode.to_title, text)


def title(text: str) -> str:
    """Return the string with the first letter of each word in title case; letters, digits and ``_`` continue one."""
    found, before = [], " "
    for char in utf8.to_valid(text):
        found.append(unicode.to_title(char) if _is_separator(before) else char)
        before = char
    return "".join(found)


def _is_separator(char: str) -> bool:
    if char < "\x80":
        return not (char.isalnum() or char == "_")
    if unicode.is_letter(char) or unicode.is_digit(char):
        return False
    return unicode.is_space(char)


def map_runes(mapping: Callable[[str], str], text: str) -> str:
    """Return the string with every character mapped; an empty result drops it. Invalid bytes become U+FFFD."""
    return "".join(map(mapping, utf8.to_valid(text)))


def fields(text: str) -> list[str]:
    """Split around runs of white space; no empty parts."""
    return fields_func(text, unicode.is_space)


def fields_func(text: str, separates: Callable[[str], bool]) -> list[str]:
    """Split around runs of characters that separate; no empty parts."""
    found, start = [], -1
    for at, char in enumerate(text):
        if separates(char):
            if start >= 0:
                found.append(text[start:at])
            start = -1
        elif start < 0:
            start = at
    return [*found, text[start:]] if start >= 0 else found


def trim_space(text: str) -> str:
    """Return the string without white space at its ends (Unicode's, so not the separators \\x1c to \\x1f)."""
    if text.isascii():
        return text.strip(" \t\n\v\f\r")
    return trim_func(text, unicode.is_space)


def trim_func(text: str, drops: Callable[[str], bool]) -> str:
    """Return the string without leading and trailing characters that are to be dropped."""
    start, end = 0, len(text)
    while start < end and drops(text[start]):
        start += 1
    while end > start and drops(text[end - 1]):
        end -= 1
    return text[start:end]


def trim(text: str, cutset: str) -> str:
    """Return the string without leading and trailing characters of the cutset; an empty one removes nothing."""
    return text.strip(cutset) if cutset else text


def trim_left(text: str, cutset: str) -> str:
    """Return the string without leading characters of the cutset."""
    return text.lstrip(cutset) if cutset else text


def trim_right(text: str, cutset: str) -> str:
    """Return the string without trailing characters of the cutset."""
    return text.rstrip(cutset) if cutset else text


def split(text: str, separator: str) -> list[str]:
    """Split around a separator; an empty one splits into characters."""
    return text.split(separator) if separator else list(utf8.canonical(text))


def split_n(text: str, separator: str, count: int) -> list[str] | None:
    """Split into at most ``count`` parts, the last one unsplit; 0 gives None (Go's nil), a negative count all parts."""
    if count == 0:
        return None
    if separator:
        return text.split(separator, count - 1 if count > 0 else -1)
    chars = list(utf8.canonical(text))
    return chars if count < 0 or len(chars) <= count else [*chars[: count - 1], "".join(chars[count - 1 :])]


def replace(text: str, old: str, new: str, count: int = -1) -> str:
    """Replace the first ``count`` (negative: all) places of ``old``; an empty one matches between characters."""
    return utf8.canonical(text).replace(old, new, count)


def repeat(text: str, count: int) -> str:
    """Return ``count`` copies; a negative count raises ValueError with Go's panic text."""
    if count < 0:
        raise ValueError("strings: negative Repeat count")
    return text * count


def index(text: str, part: str) -> int:
    """Return the byte offset of the first place of a part, -1 without one."""
    if text.isascii() and part.isascii():
        return text.find(part)
    return utf8.to_bytes(text).find(utf8.to_bytes(part))


def count(text: str, part: str) -> int:
    """Return the number of places that do not overlap; an empty part: the number of characters and one."""
    return text.count(part) if part else utf8.rune_count(text) + 1


def equal_fold(one: str, other: str) -> bool:
    """Tell whether two strings are equal under simple case folding."""
    if one.isascii() and other.isascii():
        return one.lower() == other.lower()
    return map_runes(unicode.fold, one) == map_runes(unicode.fold, other)
