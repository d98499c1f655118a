"""The vectors recorded from the real Kubernetes structs by recorder_schema."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


@cache
def load(name: str) -> Any:
    return json.loads((HERE / name).read_text())


@pytest.fixture(scope="session")
def recorded():
    """A JSON file of this directory, by its path in it."""
    return load
