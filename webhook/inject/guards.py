"""What a hole may hold so that a text stays the YAML it was read as: rules by how the scalar around the hole is written.

The rules are stricter than YAML: what they refuse is read as text. Wherever it is, a hole holds printable ASCII, at least
one character and no blank at either end, since line breaks, indentation and the end of plain text depend on those.

- in double quotes neither a double quote nor a backslash, in single quotes no single quote
- in a literal block anything more
- in plain text, outside brackets, only characters that mean nothing to YAML where they stand. ``:`` does at the end, others at
  the beginning of the scalar; the whole is resolved again and has to be text, as what was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from webhook.kube.yaml_marked import MarkedScalar

_RULES: Final = {
    "double": re.compile(r"[!#-\[\]-~](?:[ !#-\[\]-~]*[!#-\[\]-~])?"),
    "single": re.compile(r"[!-&(-~](?:[ -&(-~]*[!-&(-~])?"),
    "literal": re.compile(r"[!-~](?:[ -~]*[!-~])?"),
    "plain": re.compile(r"[A-Za-z0-9_/$().=+~@:-]*[A-Za-z0-9_/$().=+~@-]"),
}
_PLAIN_START: Final = re.compile(r"[A-Za-z0-9_/$(]")

Resolve = Callable[[str], Any]


class UnfitError(Exception):
    """A text has no skeleton, or holes do not fit into one: the plain way has to be gone. The reason is for tuning."""


class Leaf:
    """A scalar with holes: the constant texts around them (``parts``, one more than ``holes``), and the rules for these."""

    __slots__ = ("_first", "_fits", "_resolve", "_rest", "_starts", "holes")

    def __init__(self, parts: Sequence[str], holes: Sequence[int], style: str, resolve: Resolve | None) -> None:
        self.holes = tuple(holes)
        self._first, self._rest = parts[0], tuple(zip(holes, parts[1:], strict=True))
        self._fits = _RULES[style].fullmatch
        self._resolve = resolve
        self._starts = resolve is not None and not parts[0]

    def text(self, holes: Sequence[str]) -> str:
        """Return the text of the scalar. Raises UnfitError for holes that break a rule."""
        text = self._first
        for number, part in self._rest:
            hole = holes[number]
            if self._fits(hole) is None:
                raise UnfitError
            text += hole + part
        if self._starts and _PLAIN_START.match(text) is None:
            raise UnfitError
        if self._resolve is not None and self._resolve(text).__class__ is not str:
            raise UnfitError
        return text


def leaf_of(scalar: MarkedScalar, mark: re.Pattern[str], resolve: Resolve) -> Leaf:
    """Return the leaf of a scalar; ``mark`` matches a mark and has a group with the number of its hole.

    Raises UnfitError where no hole would be safe.
    """
    words = mark.split(scalar.value)
    if scalar.style not in _RULES:
        raise UnfitError("a hole in a scalar of several lines")
    if scalar.style == "plain" and scalar.in_flow:
        raise UnfitError("a hole in plain text within brackets")
    return Leaf(words[::2], [int(word) for word in words[1::2]], scalar.style, _resolve_for(scalar, resolve))


def _resolve_for(scalar: MarkedScalar, resolve: Resolve) -> Resolve | None:
    return resolve if scalar.style == "plain" else None
