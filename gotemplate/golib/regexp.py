"""Go's package regexp: RE2 when the package google-re2 is there, Python's ``re`` behind the same checks otherwise.

Both match leftmost-first, as Go does; in ``re`` a group that repeats an empty alternative may report another of its
turns. ``re`` backtracks: a hostile expression can take exponential time there, so install the extra ``re2`` where
expressions come from strangers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

from gotemplate.golib import regexp_syntax, unicode, utf8
from gotemplate.golib.quote import can_backquote, quote

Span = tuple[int, int]
_SPECIAL: Final = frozenset("\\.+*?()|[]{}^$")


class Regexp:
    """A compiled expression. Offsets of results are in characters; ``-1`` means all where a method takes a limit."""

    __slots__ = ("_looks_inside", "_pattern", "_plain", "expr", "names")

    def __init__(self, expr: str) -> None:
        self.expr = expr
        translation = regexp_syntax.translate(expr, regexp_syntax.PYTHON)
        self.names = translation.names
        self._plain = translation.pattern
        self._pattern: Any = _re2(expr)
        self._looks_inside = regexp_syntax.PYTHON.not_word in translation.pattern

    def __str__(self) -> str:
        return self.expr

    def __repr__(self) -> str:
        return f"<Regexp {self.expr}>"

    def _engine(self, text: str) -> Any:
        # RE2 stops at bytes that are not UTF-8, and finds \B between the bytes of a character; Go does neither.
        if self._pattern is None or (not text.isascii() and (self._looks_inside or utf8.has_invalid(text))):
            return _python(self._plain)
        return self._pattern

    def _groups(self, match: Any) -> list[Span]:
        return [match.span(group) for group in range(len(self.names))]

    def match_string(self, text: str) -> bool:
        """Tell whether the text contains a match."""
        return self._engine(text).search(text) is not None

    def find_string(self, text: str) -> str:
        """Return the leftmost match; empty when there is none."""
        match = self._engine(text).search(text)
        return str(match.group()) if match else ""

    def find_string_index(self, text: str) -> Span | None:
        """Return where the leftmost match starts and ends; None when there is none."""
        match = self._engine(text).search(text)
        return match.span() if match else None

    def find_string_submatch(self, text: str) -> list[str] | None:
        """Return the leftmost match and its groups, empty for one that took no part; None when there is none."""
        match = self._engine(text).search(text)
        return [_cut(text, span) for span in self._groups(match)] if match else None

    def find_all_submatch_index(self, text: str, limit: int = -1) -> list[list[Span]]:
        """Return the spans of all matches and their groups, ``(-1, -1)`` for a group that took no part."""
        found: list[list[Span]] = []
        for spans in self._matches(text):
            if 0 <= limit <= len(found):
                break
            found.append(spans)
        return found

    def _matches(self, text: str) -> Iterator[list[Span]]:
        """Yield all matches; an empty one right after another match does not count."""
        engine, before = self._engine(text), -1
        # RE2 encodes the text once for an iterator, but for every search anew.
        found = engine.finditer(text) if engine is self._pattern else _searches(engine, text)
        for match in found:
            start, end = match.span()
            if not start == end == before:
                yield self._groups(match)
            before = end

    def find_all_string(self, text: str, limit: int = -1) -> list[str]:
        """Return all matches, or the first ``limit``; Go's nil is an empty list here."""
        return [_cut(text, spans[0]) for spans in self.find_all_submatch_index(text, limit)]

    def find_all_string_index(self, text: str, limit: int = -1) -> list[Span]:
        """Return where all matches, or the first ``limit``, start and end."""
        return [spans[0] for spans in self.find_all_submatch_index(text, limit)]

    def find_all_string_submatch(self, text: str, limit: int = -1) -> list[list[str]]:
        """Return all matches, or the first ``limit``, with their groups."""
        return [[_cut(text, span) for span in spans] for spans in self.find_all_submatch_index(text, limit)]

    def replace_all_string(self, text: str, template: str) -> str:
        """Replace all matches; ``$1``, ``${1}``, ``${name}`` in the template stand for groups, ``$$`` for a dollar."""
        if "$" not in template:
            return self.replace_all_literal_string(text, template)
        return self._replaced(text, lambda spans: self.expand(template, text, spans))

    def replace_all_literal_string(self, text: str, replacement: str) -> str:
        """Replace all matches by a text taken as it is."""
        return self._replaced(text, lambda _: replacement)

    def replace_all_string_func(self, text: str, replace: Callable[[str], str]) -> str:
        """Replace all matches by what a function makes of them."""
        return self._replaced(text, lambda spans: replace(_cut(text, spans[0])))

    def _replaced(self, text: str, replace: Callable[[list[Span]], str]) -> str:
        parts, last = [], 0
        for spans in self._matches(text):
            start, end = spans[0]
            parts.append(text[last:start])
            parts.append(replace(spans))
            last = end
        parts.append(text[last:])
        return "".join(parts)

    def expand(self, template: str, text: str, spans: list[Span]) -> str:
        """Return a replacement template with its variables replaced by the groups of one match."""
        parts, rest = [], template
        while True:
            before, dollar, rest = rest.partition("$")
            parts.append(before)
            if not dollar:
                return "".join(parts)
            if rest.startswith("$"):
                parts.append("$")
                rest = rest[1:]
                continue
            name, length = _variable(rest)
            parts.append("$" if name is None else self._group_text(name, text, spans))
            rest = rest[length:]

    def _group_text(self, name: str, text: str, spans: list[Span]) -> str:
        if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0") and len(name) <= 9:
            number = int(name)
            return _cut(text, spans[number]) if number < len(spans) else ""
        named = (spans[at] for at, known in enumerate(self.names) if known == name and spans[at][0] >= 0)
        return _cut(text, next(named, (-1, -1)))

    def split(self, text: str, limit: int = -1) -> list[str]:
        """Split around matches into at most ``limit`` parts; 0 gives none (Go's nil)."""
        if limit == 0:
            return []
        if self.expr and not text:
            return [""]
        parts: list[str] = []
        begin = end = 0
        for start, stop in self.find_all_string_index(text, limit):
            if 0 < limit <= len(parts) + 1:
                break
            end = start
            if stop != 0:
                parts.append(text[begin:start])
            begin = stop
        return [*parts, text[begin:]] if end != len(text) else parts

    def num_subexp(self) -> int:
        """Return the number of groups."""
        return len(self.names) - 1


def _searches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield matches as Go looks for them: the next one from the end of the last, or a character on if that was empty."""
    position = 0
    while position <= len(text):
        match = pattern.search(text, position)
        if match is None:
            return
        yield match
        position = position + 1 if match.end() == position else match.end()


def _cut(text: str, span: Span) -> str:
    return text[span[0] : span[1]] if span[0] >= 0 else ""


def _variable(template: str) -> tuple[str | None, int]:
    """Read the name after a dollar; returns it and the length to skip, None and 0 for a dollar that is just one."""
    brace = template.startswith("{")
    end = start = int(brace)
    while end < len(template) and (
        template[end] == "_" or unicode.is_letter(template[end]) or unicode.is_digit(template[end])
    ):
        end += 1
    if end == start or (brace and not template.startswith("}", end)):
        return None, 0
    return template[start:end], end + brace


@lru_cache(maxsize=256)
def _python(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _re2(expr: str) -> Any:
    """Compile for RE2; None when it is not installed or has no room for the expression."""
    try:
        import re2
    except ImportError:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(regexp_syntax.translate(expr, regexp_syntax.RE2).pattern, options)
    except re2.error:
        return None


@lru_cache(maxsize=256)
def compile(expr: str) -> Regexp:
    """Compile an expression. Raises regexp_syntax.SyntaxError (``error parsing regexp: …``)."""
    return Regexp(utf8.canonical(expr))


def must_compile(expr: str) -> Regexp:
    """Compile an expression; the error has the words of Go's panic (``regexp: Compile(`…`): …``)."""
    try:
        return compile(expr)
    except regexp_syntax.SyntaxError as error:
        shown = f"`{expr}`" if can_backquote(expr) else quote(expr)
        raise ValueError(f"regexp: Compile({shown}): {error}") from None


def match_string(expr: str, text: str) -> bool:
    """Tell whether a text contains a match. Raises regexp_syntax.SyntaxError."""
    return compile(expr).match_string(text)


def quote_meta(text: str) -> str:
    """Return an expression that matches exactly the text."""
    return "".join("\\" + char if char in _SPECIAL else char for char in text)
