"""Image references of proxy and init container."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.images import init_image, proxy_image
from webhook.mesh.messages import Message
from webhook.mesh.schema import PROXY_CONFIG

CHART: dict[str, Any] = {"hub": "h", "tag": "1.20", "proxy": {"image": "p"}, "proxy_init": {}, "variant": "debug"}
ANNOTATED = {"annotations": {"sidecar.istio.io/proxyImageType": "distroless"}}


def _proxy(image_type: str | None) -> Message:
    image = None if image_type is None else Message("istio.networking.v1beta1.ProxyImage", {"image_type": image_type})
    return Message(PROXY_CONFIG, {} if image is None else {"image": image})


@pytest.mark.parametrize(
    ("version", "metadata", "image_type", "changes", "expected"),
    [
        ("1.13.9", {}, None, {}, "h/p:1.20"),
        ("1.13.9", ANNOTATED, "debug", {}, "h/p:1.20-distroless"),
        ("1.13.9", {}, "debug", {}, "h/p:1.20-debug"),
        ("1.13.9", {}, "default", {"tag": "1.20-distroless"}, "h/p:1.20"),
        ("1.13.9", {}, "debug", {"tag": "1.20-distroless"}, "h/p:1.20-debug"),
        ("1.22.8", {}, None, {}, "h/p:1.20-debug"),
        ("1.22.8", {}, "", {}, "h/p:1.20"),
        ("1.31.0", {}, "", {}, "h/p:1.20-debug"),
        ("1.13.9", {}, None, {"tag": 1.12}, "h/p:1.12"),
        ("1.13.9", {}, None, {"tag": 20210101.0}, "h/p:2.0210101e+07"),
        ("1.13.9", {}, None, {"proxy": {}}, "h/proxyv2:1.20"),
    ],
)
def test_proxy(
    version: str, metadata: dict[str, Any], image_type: str | None, changes: dict[str, Any], expected: str
) -> None:
    values = {"global": {**CHART, **changes}}
    assert proxy_image(metadata, _proxy(image_type), values, release_of(version)) == expected


def test_init() -> None:
    assert init_image({}, {"global": CHART}, release_of("1.31.0")) == "h/proxyv2:1.20-debug"
