"""Servers under load, each with one configuration for a module; the load comes from a Go program, so the tests are skipped without Go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from commit_seed import commit_seed

from bench.load.configurations import embedded
from bench.load.generator import has_go
from bench.load.served import Served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.loopback)


@pytest.fixture(scope="session")
def go() -> None:
    if not has_go():
        pytest.skip("the load generator is a Go program, and there is no Go")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running server with the embedded default."""
    flags = ("--logLevel", "warning", "--reloadInterval", "0.1", "--drain", "1")
    with Served(tmp_path_factory.mktemp("served"), embedded(), flags=flags) as server:
        yield server


@pytest.fixture
def seed() -> int:
    """A seed of this run, printed; REMORA_SEED repeats one."""
    drawn = commit_seed()
    print(f"REMORA_SEED={drawn}")
    return drawn
