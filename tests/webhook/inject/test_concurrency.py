"""The --concurrency arguments of 1.1 to 1.8."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.inject.concurrency import with_concurrency


@pytest.mark.parametrize(
    ("arguments", "resources", "added"),
    [
        ([], {"limits": {"cpu": "2"}}, "2"),
        ([], {"limits": {"cpu": "10m"}}, "1"),
        ([], {"requests": {"cpu": "1500m"}}, "2"),
        ([], {"limits": {"cpu": "3"}, "requests": {"cpu": "1"}}, "3"),
        ([], {"limits": {"memory": "1Gi"}}, None),
        ([], {}, None),
        (["--concurrency", "4"], {"limits": {"cpu": "2"}}, None),
        (["--concurrency=4"], {"limits": {"cpu": "2"}}, None),
        (["-concurrency", "4"], {"limits": {"cpu": "2"}}, None),
        (["--concurrency", "0"], {"limits": {"cpu": "2"}}, "2"),
        (["--concurrency", "many"], {"limits": {"cpu": "2"}}, "2"),
        (["--concurrency"], {"limits": {"cpu": "2"}}, "2"),
        (["---concurrency=4"], {"limits": {"cpu": "2"}}, "2"),
    ],
)
def test_arguments(arguments: list[str], resources: dict[str, Any], added: str | None) -> None:
    containers = [{"name": "app"}, {"name": "istio-proxy", "args": arguments, "resources": resources}]
    app, proxy = with_concurrency(containers)
    assert app is containers[0]
    assert proxy["args"] == [*arguments, *([] if added is None else ["--concurrency", added])]
