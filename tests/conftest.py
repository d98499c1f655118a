"""What all tests share: where the upstream data is, and no network but loopback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytest_socket import disable_socket, socket_allow_hosts

pytest_plugins = ["fake_api"]

ROOT = Path(__file__).resolve().parent.parent
HOW = "set REMORA_UPSTREAM to a directory with one folder of test data an Istio release (see docs/architecture.md)"


def _upstream() -> Path | None:
    given = os.environ.get("REMORA_UPSTREAM")
    path = Path(given) if given else ROOT.parent / "shared" / "upstream"
    return path if path.is_dir() else None


@pytest.fixture(scope="session")
def upstream() -> Path:
    """The directory of upstream data; the test is skipped, or fails where the data is required, when there is none."""
    found = _upstream()
    if found is not None:
        return found
    if os.environ.get("REMORA_REQUIRE_UPSTREAM"):
        pytest.fail(f"upstream data is required but not there: {HOW}")
    pytest.skip(f"no upstream data: {HOW}")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("loopback"):
        socket_allow_hosts(["127.0.0.1", "::1", "localhost"])
    else:
        disable_socket(allow_unix_socket=True)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "loopback: the test talks to a server of its own on the loopback interface")


_TOGETHER = ("tests/e2e/", "tests/load/", "tests/webhook/server/test_serving.py", "tests/webhook/cli/test_try.py")
"""Tests that start servers, and share a cluster or measure: one process runs them all, one after the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        place = item.path.relative_to(ROOT).as_posix()
        if place.startswith(_TOGETHER):
            item.add_marker(pytest.mark.xdist_group("servers"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "no upstream data" in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} tests need upstream data and were skipped: {HOW}")
