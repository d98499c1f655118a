"""Which pods the selectors of Istio's own webhook configurations send, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.webhooks import Cluster, client_config, is_injected, stock_configuration

from bench.load.configurations import stock
from bench.load.served import Served

RELEASE = "1.20.8"
INJECT, REV = "sidecar.istio.io/inject", "istio.io/rev"


@pytest.fixture(scope="module")
def server(cluster: Cluster, upstream: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("server")
    file = upstream / RELEASE / "stock" / "istio-sidecar-injector-webhook.yaml"
    with (
        Served(folder, stock(RELEASE, upstream)) as server,
        cluster.registered(
            stock_configuration(file, "istio-sidecar-injector", client_config(server.url, folder / "ca"))
        ),
    ):
        yield server


@pytest.mark.parametrize(("labels", "pod_labels", "annotations", "injected"), [
    ({"istio_injection": "enabled"}, {}, {}, True),
    ({"istio_injection": "enabled"}, {INJECT: "false"}, {}, False),
    ({"istio_injection": "enabled"}, {INJECT: "true"}, {INJECT: "false"}, True),  # the label wins
    ({"istio_injection": "enabled"}, {}, {INJECT: "false"}, False),
    ({"istio_injection": "disabled"}, {}, {}, False),
    ({"istio_injection": "disabled"}, {INJECT: "true"}, {}, False),
    ({}, {}, {}, False),
    ({}, {INJECT: "true"}, {}, True),
    ({}, {}, {INJECT: "true"}, False),  # never sent
    ({"istio.io__rev": "default"}, {}, {}, True),
    ({"istio.io__rev": "default"}, {INJECT: "false"}, {}, False),
    ({"istio.io__rev": "canary"}, {}, {}, False),
    ({"istio.io__rev": "canary"}, {INJECT: "true"}, {}, False),
    ({}, {REV: "default"}, {}, True),
    ({}, {REV: "canary"}, {}, False),
    ({}, {REV: "default", INJECT: "false"}, {}, False),
    ({"istio.io__rev": "default", "istio_injection": "enabled"}, {}, {}, True),
])  # fmt: skip
def test_selectors(
    cluster: Cluster, server: Served, namespace: Callable[..., str], pod: Callable[..., dict[str, Any]],
    labels: dict[str, str], pod_labels: dict[str, str], annotations: dict[str, str], injected: bool,
) -> None:  # fmt: skip
    name = namespace(**labels)
    stored = cluster.created(name, pod(labels={"app": "web", **pod_labels}, annotations=annotations or None))
    assert is_injected(stored) is injected
