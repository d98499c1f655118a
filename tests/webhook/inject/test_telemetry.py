"""OpenTelemetry's resource attributes."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.mesh_settings import assign_all
from webhook.config.release import release_of
from webhook.inject.funcs import function_table
from webhook.kube.schema import load_schema
from webhook.kube.structview import view
from webhook.mesh.mesh import default_mesh

PROVIDER = {
    "name": "o",
    "opentelemetry": {"service": "s", "port": 1, "serviceAttributeEnrichment": "OTEL_SEMANTIC_CONVENTIONS"},
}
PREFIX = "resource.opentelemetry.io/service."
ROWS = [
    ({}, {}, "ns", ["r.io:5/i:v1"], "service.namespace=ns,service.version=v1,service.instance.id=ns.$(POD_NAME).c0"),
    ({}, {}, "", ["i@sha256:0"], "service.version=sha256:0,service.instance.id=.$(POD_NAME).c0"),
    ({}, {}, "n", ["i:t@sha256:0"], "service.namespace=n,service.version=t@sha256:0,service.instance.id=n.$(POD_NAME).c0"),
    ({}, {}, "n", ["i:1", "j:2"], "service.namespace=n,service.instance.id=n.$(POD_NAME).c0"),
    ({}, {"app.kubernetes.io/version": "l"}, "n", ["i:1"],
     "service.namespace=n,service.version=l,service.instance.id=n.$(POD_NAME).c0"),
    ({PREFIX + "namespace": "a", PREFIX + "version": "b", PREFIX + "instance.id": "c"}, {}, "n", ["i:1"],
     "service.namespace=a,service.version=b,service.instance.id=c"),
]  # fmt: skip


@pytest.mark.parametrize(("annotations", "labels", "namespace", "images", "expected"), ROWS)
def test_attributes(
    annotations: dict[str, str], labels: dict[str, str], namespace: str, images: list[str], expected: str
) -> None:
    containers = [{"name": f"c{index}", "image": image} for index, image in enumerate(images)]
    assert _call([PROVIDER], annotations, labels, namespace, containers) == expected


def test_nobody_asks() -> None:
    assert _call([{"name": "z", "zipkin": {"service": "s", "port": 1}}], {}, {}, "n", [{"name": "c"}]) == ""


def _call(providers: list[Any], annotations: Any, labels: Any, namespace: str, containers: list[Any]) -> str:
    mesh = assign_all(default_mesh("1.30.3"), {"extensionProviders": providers})
    spec = view(
        load_schema(release_of("1.30.3").kube_version), "core/v1.PodSpec", {"containers": containers}, pointer=False
    )
    function = function_table(release_of("1.30.3"))["otelResourceAttributes"]
    result: str = function(mesh.view, annotations, labels, namespace, spec["Containers"])
    return result
