"""The vectors recorded from the real Kubernetes structs by recorder_schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

HERE = Path(__file__).parent


@cache
def load(name: str) -> Any:
    return json.loads((HERE / name).read_text())


@pytest.fixture(scope="session")
def recorded():
    """A JSON file of this directory, by its path in it."""
    return load


class Case(NamedTuple):
    """One question to one dialect: Go's text, or its error as ``{"err": text}``."""

    dialect: str
    given: object
    answer: object


class Recorded:
    """Cases by topic (``record.py`` names them)."""

    def cases(self, topic: str) -> Iterator[Case]:
        table = json.loads((HERE / "vectors" / f"yaml_{topic}.json").read_text("utf-8"))
        for given, answer, *digits in table["cases"]:
            for index, dialect in enumerate(table["dialects"]):
                own = answer[int(digits[0][index])] if digits else answer
                yield Case(dialect, given, own)

    def rows(self, topic: str) -> list[list[object]]:
        return list(json.loads((HERE / "vectors" / f"yaml_{topic}.json").read_text("utf-8"))["cases"])


@pytest.fixture(scope="session")
def go_answers() -> Recorded:
    """What Go's YAML and JSON libraries answered, recorded by recorder_yaml."""
    return Recorded()
