"""Whether the application waits for the proxy: values, mesh, annotation, by release."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from webhook.config.model import Snapshot
from webhook.inject.hold import holds_application
from webhook.inject.proxy_config import mesh_of_pod

Configure = Callable[..., Snapshot]
WAITS = {"holdApplicationUntilProxyStarts": True}


@pytest.mark.parametrize(
    ("release", "values", "mesh", "annotation", "expected"),
    [
        ("1.9", True, False, "", True),
        ("1.9", False, True, "", False),
        ("1.9", False, True, "concurrency: 1", True),
        ("1.9", False, False, "holdApplicationUntilProxyStarts: true", True),
        ("1.10", False, True, "", True),
        ("1.10", False, True, "holdApplicationUntilProxyStarts: false", False),
        ("1.30", True, True, "holdApplicationUntilProxyStarts: false", True),
        ("1.30", False, False, "", False),
    ],
)
def test_either_is_enough(
    configure: Configure, release: str, values: bool, mesh: bool, annotation: str, expected: bool
) -> None:
    snapshot = configure(release, values={"global": {"proxy": WAITS if values else {}}}, sidecar="")
    if mesh:
        snapshot = snapshot._replace(mesh=snapshot.mesh.with_proxy(WAITS))
    metadata = {"annotations": {"proxy.istio.io/config": annotation} if annotation else {}}
    assert holds_application(mesh_of_pod(metadata, snapshot), snapshot) is expected
