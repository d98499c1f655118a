"""Snapshots with templates of a few lines, in the configuration format of 1.9 and later."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import release_of
from webhook.inject.funcs import function_table

Configure = Callable[..., Snapshot]


@pytest.fixture
def configure() -> Configure:
    """Build a snapshot: ``configure("1.20", values={...}, sidecar="template text", ...)``; other keys of the config by name."""

    def build(release: str, *, values: Any = None, config: dict[str, Any] | None = None, **templates: str) -> Snapshot:
        document = {"policy": "enabled", "templates": templates, **(config or {})}
        chart = json.dumps({"global": {}} if values is None else values)
        return build_snapshot(json.dumps(document), None, chart, release=release_of(release), funcs_for=function_table)

    return build
