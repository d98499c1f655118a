"""With other webhooks before and after ours, and called again: one sidecar, a valid pod, nothing of others undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.other_webhook import OtherWebhook
from e2e.webhooks import Cluster, client_config, configuration, is_injected, names

from bench.load.configurations import stock
from bench.load.served import Served


@pytest.mark.parametrize("release", ["0.8.0", "1.20.8", "1.30.3"])
@pytest.mark.parametrize(("ours", "policy", "calls"), [
    ("b-ours", "Never", 1),
    ("b-ours", "IfNeeded", 2),  # its own containers are seen again with the token mounted
    ("z-ours", "Never", 1),
    ("z-ours", "IfNeeded", 2),
])  # fmt: skip
def test_with_another_webhook(
    cluster: Cluster, namespace: Callable[..., str], pod: Callable[..., dict[str, Any]], upstream: Path, tmp_path: Path,
    release: str, ours: str, policy: str, calls: int,
) -> None:  # fmt: skip
    name = namespace(istio_injection="enabled", order=ours)
    selector = {"matchLabels": {"istio-injection": "enabled", "order": ours}}
    cert, key = cluster.plane.authority.issue("other", ["127.0.0.1"])
    with (
        Served(tmp_path, stock(release, upstream), flags=("--workers", "1")) as server,
        OtherWebhook(cert, key, "other") as other,
    ):
        mine = configuration(
            ours, client_config(server.url, tmp_path / "ca"), reinvocationPolicy=policy, namespaceSelector=selector
        )
        theirs = configuration(
            "m-theirs", client_config(other.url, cluster.plane.authority.cert_file), namespaceSelector=selector
        )
        with cluster.registered(mine), cluster.registered(theirs):
            stored = cluster.created(name, pod())
        assert is_injected(stored), names(stored)
        assert {"app", "other"} < set(names(stored))
        assert len(names(stored)) == len(set(names(stored)))
        assert server.metric("sidecar_injection_success_total") == calls
        assert ("istio-proxy" in names(other.seen[0])) is (ours == "b-ours")


@pytest.mark.parametrize("release", ["0.5.1", "0.8.0", "1.20.8", "1.30.3"])
def test_two_of_ours(
    cluster: Cluster,
    namespace: Callable[..., str],
    pod: Callable[..., dict[str, Any]],
    upstream: Path,
    tmp_path: Path,
    release: str,
) -> None:
    """Two configurations that point at the same server, as during a move from one name to another."""
    name = namespace(istio_injection="enabled", twice="yes")
    selector = {"matchLabels": {"twice": "yes"}}
    with Served(tmp_path, stock(release, upstream)) as server:
        client = client_config(server.url, tmp_path / "ca")
        old, new = (
            configuration(n, client, namespaceSelector=selector, reinvocationPolicy="IfNeeded") for n in ("old", "new")
        )
        with cluster.registered(old), cluster.registered(new):
            stored = cluster.created(name, pod())
    assert is_injected(stored), names(stored)
    assert len(names(stored)) == len(set(names(stored)))
