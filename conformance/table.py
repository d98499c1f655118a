"""Counts by release in a table, for the terminal and for a page: one row a release, a total below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

NOTHING: Final = "–"
"""Stands where a release has nothing of a column."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of how many."""

    passed: int = 0
    total: int = 0

    def __add__(self, other: Count) -> Count:
        """Return both counts together."""
        return Count(self.passed + other.passed, self.total + other.total)

    def __str__(self) -> str:
        """Return the count in words."""
        return f"{self.passed} of {self.total}" if self.total else NOTHING


Row = Mapping[str, Count]
"""The counts of one release, by column."""


def print_table(rows: Mapping[str, Row], columns: Sequence[str], total: str = "") -> str:
    """Return a table for the terminal; ``total`` names a column at the end that adds up the others, if there is to be one."""
    lines = list(_lines(rows, columns, total))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.rjust, line, widths)).rstrip() for line in lines)


def write_table(rows: Mapping[str, Row], columns: Sequence[str], total: str = "") -> str:
    """Return the same table in Markdown."""
    lines = list(_lines(rows, columns, total))
    rule = ["---", *("---:" for _ in lines[0][1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


def _lines(rows: Mapping[str, Row], columns: Sequence[str], total: str) -> Iterator[list[str]]:
    yield ["release", *columns, *([total] if total else [])]
    sums = {column: sum((row.get(column, Count()) for row in rows.values()), Count()) for column in columns}
    for release, row in {**rows, "total": sums}.items():
        counts = [row.get(column, Count()) for column in columns]
        yield [release, *map(str, counts), *([str(sum(counts, Count()))] if total else [])]
