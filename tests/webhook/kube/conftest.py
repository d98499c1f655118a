"""The answers that Go gave, recorded by the programs in the ``recorder_*`` folders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

VECTORS = Path(__file__).parent / "vectors"


class Case(NamedTuple):
    """One question to one dialect: Go's text, or its error as ``{"err": text}``."""

    dialect: str
    given: object
    answer: object


class Recorded:
    """Cases by topic (``record.py`` names them)."""

    def cases(self, topic: str) -> Iterator[Case]:
        table = json.loads((VECTORS / f"yaml_{topic}.json").read_text("utf-8"))
        for given, answer, *digits in table["cases"]:
            for index, dialect in enumerate(table["dialects"]):
                own = answer[int(digits[0][index])] if digits else answer
                yield Case(dialect, given, own)

    def rows(self, topic: str) -> list[list[object]]:
        return list(json.loads((VECTORS / f"yaml_{topic}.json").read_text("utf-8"))["cases"])


@pytest.fixture(scope="session")
def recorded() -> Recorded:
    """What Go answered."""
    return Recorded()
