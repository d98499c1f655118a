"""Words in names: ``snakecase``, ``kebabcase``, ``camelcase``, by the rules of huandu/xstrings 1.5.

A text is a row of runs: connectors (space, ``-``, ``_``), punctuation, digits, small letters, a capital with what
follows, the rest.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, NamedTuple

from gotemplate.golib import unicode
from gotemplate.golib.utf8 import canonical, to_valid

_UNIT: Final = re.compile("([\udc80-\udcff\ufffd]*)([^\udc80-\udcff\ufffd]?)", re.DOTALL)
_IDEOGRAPHS: Final = (("\u4e00", "\u9fcc"), ("\u3400", "\u4d85"), ("\U00020000", "\U0002b81d"))


class Run(Enum):
    """The kind of a run of characters."""

    NONE = 0
    NUMBER = 1
    UPPER = 2
    LETTERS = 3
    CONNECTOR = 4
    PUNCTUATION = 5
    OTHER = 6


_UNSEPARATED: Final = (Run.NONE, Run.CONNECTOR, Run.PUNCTUATION)


def _is_connector(char: str) -> bool:
    return char in "-_" or unicode.is_space(char)


def _is_alphabetic(char: str) -> bool:
    return unicode.is_letter(char) and not any(low <= char <= high for low, high in _IDEOGRAPHS)


def _kind(char: str) -> Run:
    if not char:
        return Run.NONE
    for kind, belongs in (
        (Run.CONNECTOR, _is_connector),
        (Run.PUNCTUATION, unicode.is_punct),
        (Run.UPPER, unicode.is_upper),
        (Run.LETTERS, _is_alphabetic),
        (Run.NUMBER, unicode.is_number),
    ):
        if belongs(char):
            return kind
    return Run.OTHER


class _Unit(NamedTuple):
    """A character, its kind, and its text: the character with the broken bytes that go with it."""

    kind: Run
    char: str
    text: str

    def continues(self, kind: Run) -> bool:
        """Tell whether the unit belongs to a run of a kind; hyphens and underscores also to one of punctuation."""
        return self.kind is kind or (kind is Run.PUNCTUATION and self.char in ("-", "_"))


def _units(text: str) -> list[_Unit]:
    """Return the units; broken bytes belong to the character after them, at the end to the one before."""
    units: list[_Unit] = []
    for broken, char in _UNIT.findall(canonical(text)):
        if char or (broken and not units):
            units.append(_Unit(_kind(char), char, broken + char))
        elif broken:
            units[-1] = units[-1]._replace(text=units[-1].text + broken)
    return units


def _runs(text: str) -> list[tuple[Run, str]]:
    """Return the runs of a text. Capitals before a small letter leave it the last of them: ``HTTP``, ``Status``."""
    units, runs, at = _units(text), [], 0
    while at < len(units):
        start, kind = at, units[at].kind
        at = _run_end(units, at)
        if kind is Run.UPPER:
            follows = at < len(units) and units[at].kind is Run.LETTERS
            if at - start == 1 and follows:
                at = _run_end(units, at)
            elif follows:
                at -= 1
        runs.append((kind, "".join(unit.text for unit in units[start:at])))
    return runs


def _run_end(units: list[_Unit], at: int) -> int:
    kind = units[at].kind
    while at < len(units) and units[at].continues(kind):
        at += 1
    return at


def _small(char: str) -> str:
    return unicode.to_lower(char) if unicode.is_upper(char) else char


class _Joiner:
    """Writes runs in small letters with a connector where a new word starts."""

    def __init__(self, text: str, connector: str) -> None:
        self.runs = _runs(text)
        self.connector = connector
        self.at = 0
        self.out: list[str] = []

    def kind(self) -> Run:
        return self.runs[self.at][0] if self.at < len(self.runs) else Run.NONE

    def write(self) -> Run:
        """Write the next run and return its kind."""
        kind, text = self.runs[self.at]
        self.at += 1
        if kind in (Run.UPPER, Run.CONNECTOR):
            text = "".join(self.connector if _is_connector(char) else _small(char) for char in to_valid(text))
        self.out.append(text)
        return kind

    def separate(self) -> None:
        """Write a connector unless the text ends or a run follows that separates by itself."""
        if self.kind() not in _UNSEPARATED:
            self.out.append(self.connector)

    def write_tail(self) -> None:
        """Write the small letters and digits that belong to a number, and separate."""
        while self.kind() in (Run.LETTERS, Run.NUMBER):
            self.write()
        self.separate()

    def join(self) -> str:
        while self.at < len(self.runs):
            kind = self.write()
            if kind is Run.NUMBER:
                self.write_tail()
            elif kind not in (Run.CONNECTOR, Run.PUNCTUATION):
                self.write_after_word()
        return "".join(self.out)

    def write_after_word(self) -> None:
        """Separate, or take in a number: with letters after it, it starts a word (``http_2xx``), else it ends one (``bld4_floor``)."""
        if self.kind() is not Run.NUMBER:
            self.separate()
        elif self.at + 1 < len(self.runs):
            if self.runs[self.at + 1][0] is Run.LETTERS:
                self.out.append(self.connector)
                self.write_tail()
            else:
                self.write()
                self.separate()


def snakecase(text: str) -> str:
    """Return the words of a name in small letters, joined by underscores."""
    return _Joiner(text, "_").join()


def kebabcase(text: str) -> str:
    """Return the words of a name in small letters, joined by hyphens."""
    return _Joiner(text, "-").join()


def camelcase(text: str) -> str:
    """Return the words of a name joined, each with a capital at the front; leading connectors stay.

    A name of connectors only gets its last one twice, as in xstrings.
    """
    runes = to_valid(text)
    start = next((i for i, char in enumerate(runes) if not _is_connector(char)), len(runes))
    if start == len(runes):
        return runes + runes[-1:]
    return runes[:start] + "".join(_camel_tail(runes[start:]))


def _camel_tail(runes: str) -> list[str]:
    current, capitals, out = unicode.to_upper(runes[0]), unicode.is_upper(runes[0]), []
    for char in runes[1:]:
        previous, current = current, char
        if _is_connector(previous):
            if _is_connector(char):
                out.append(previous)
            else:
                capitals, current = unicode.is_upper(char), unicode.to_upper(char)
            continue
        capitals = capitals and unicode.is_upper(char)
        current = unicode.to_lower(char) if capitals else char
        out.append(previous)
    return [*out, current]
