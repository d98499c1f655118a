"""The name that was probably meant: the closest of those there are, by edit distance."""

from __future__ import annotations

from collections.abc import Iterable


def distance(a: str, b: str) -> int:
    """Return how many characters have to be inserted, dropped, replaced or swapped with their neighbour to get from a to b."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        earlier, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name closest to one that is not there; None when none is close.

    Close is a third of its letters wrong, or only the case of letters; of equally close ones the first in order.

    >>> nearest("Namespcae", ["Name", "Namespace"])
    'Namespace'
    """
    allowed = max(1, len(name) // 3)
    folded = name.lower()
    best: tuple[int, str] | None = None
    for candidate in names:
        if candidate == name or abs(len(candidate) - len(name)) > allowed:
            continue
        lowered = candidate.lower()
        found = (0 if lowered == folded else distance(folded, lowered), candidate)
        if found[0] <= allowed and found[0] < max(len(name), len(candidate)) and (best is None or found < best):
            best = found
    return best[1] if best else None
