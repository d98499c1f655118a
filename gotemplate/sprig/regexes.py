"""Regular expressions: Go's package regexp, which is imported when the first of these functions is called.

An expression that does not compile is Go's panic; in the ``must`` variants the plain error, in ``regexMatch`` no match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gotemplate.errors import FuncError
from gotemplate.values import SLICE_STRING, Slice

if TYPE_CHECKING:
    from gotemplate.golib.regexp import Regexp


def _compiled(expression: str) -> Regexp:
    from gotemplate.golib import regexp

    try:
        return regexp.compile(expression)
    except ValueError as error:
        raise FuncError(str(error)) from None


def _or_panic(expression: str) -> Regexp:
    from gotemplate.golib import regexp

    try:
        return regexp.must_compile(expression)
    except ValueError as error:
        raise FuncError(str(error)) from None


def _found(texts: list[str]) -> Slice:
    return Slice(SLICE_STRING, texts or None)


def _pieces(expression: Regexp, text: str, limit: int) -> Slice:
    return Slice(SLICE_STRING, expression.split(text, limit) if limit else None)


def match(expression: str, text: str) -> bool:
    """Tell whether a text contains a match (``regexMatch``)."""
    try:
        return must_match(expression, text)
    except FuncError:
        return False


def must_match(expression: str, text: str) -> bool:
    """Tell whether a text contains a match (``mustRegexMatch``)."""
    return _compiled(expression).match_string(text)


def find(expression: str, text: str) -> str:
    """Return the first match, nothing when there is none (``regexFind``)."""
    return _or_panic(expression).find_string(text)


def must_find(expression: str, text: str) -> str:
    """Return the first match, nothing when there is none (``mustRegexFind``)."""
    return _compiled(expression).find_string(text)


def find_all(expression: str, text: str, limit: int) -> Slice:
    """Return at most ``limit`` matches, all for a negative one; the nil slice when there are none (``regexFindAll``)."""
    return _found(_or_panic(expression).find_all_string(text, limit))


def must_find_all(expression: str, text: str, limit: int) -> Slice:
    """Return at most ``limit`` matches, all for a negative one (``mustRegexFindAll``)."""
    return _found(_compiled(expression).find_all_string(text, limit))


def replace_all(expression: str, text: str, replacement: str) -> str:
    """Replace all matches; ``${1}`` in the replacement stands for a group (``regexReplaceAll``)."""
    return _or_panic(expression).replace_all_string(text, replacement)


def must_replace_all(expression: str, text: str, replacement: str) -> str:
    """Replace all matches; ``${1}`` in the replacement stands for a group (``mustRegexReplaceAll``)."""
    return _compiled(expression).replace_all_string(text, replacement)


def replace_all_literal(expression: str, text: str, replacement: str) -> str:
    """Replace all matches by a text as it stands (``regexReplaceAllLiteral``)."""
    return _or_panic(expression).replace_all_literal_string(text, replacement)


def must_replace_all_literal(expression: str, text: str, replacement: str) -> str:
    """Replace all matches by a text as it stands (``mustRegexReplaceAllLiteral``)."""
    return _compiled(expression).replace_all_literal_string(text, replacement)


def split(expression: str, text: str, limit: int) -> Slice:
    """Split around matches into at most ``limit`` pieces, all for a negative one, the nil slice for 0 (``regexSplit``)."""
    return _pieces(_or_panic(expression), text, limit)


def must_split(expression: str, text: str, limit: int) -> Slice:
    """Split around matches into at most ``limit`` pieces, all for a negative one (``mustRegexSplit``)."""
    return _pieces(_compiled(expression), text, limit)


def quote_meta(text: str) -> str:
    """Return an expression that matches exactly this text (``regexQuoteMeta``)."""
    from gotemplate.golib import regexp

    return regexp.quote_meta(text)
