"""The proxy configuration in effect for a pod: layers, and the merge that is not proto JSON's."""

import json

import pytest

from webhook.mesh.effective import Target, effective_proxy_config, read_resource
from webhook.mesh.errors import MeshError
from webhook.mesh.mesh import read_mesh
from webhook.mesh.protojson import write_message


def effective(mesh_data, annotation=None, resources=(), *, version="1.20.8", namespace="shop", labels=None):
    mesh = read_mesh(mesh_data, version)
    found = [read_resource(spec, place, mesh.schema) for place, spec in resources]
    message = effective_proxy_config(mesh, Target(namespace, labels or {}, annotation), found)
    return json.loads(write_message(message, mesh.schema))


MESH = {
    "defaultConfig": {
        "extraStatTags": ["a"],
        "proxyMetadata": {"A": "1"},
        "runtimeValues": {"a": "1"},
        "terminationDrainDuration": "45.5s",
        "concurrency": 4,
        "holdApplicationUntilProxyStarts": True,
        "proxyHeaders": {"server": {"disabled": True}},
        "image": {"imageType": "debug"},
        "statNameLength": 0,
    }
}


@pytest.mark.parametrize(
    ("annotation", "field", "replaced", "merged"),
    [
        ({"tracing": {"sampling": 10}}, "tracing", {"sampling": 10},
         {"zipkin": {"address": "zipkin.istio-system:9411"}, "sampling": 10}),
        ({"tracing": {"lightstep": {"address": "l:1"}}}, "tracing", {"lightstep": {"address": "l:1"}}, ...),
        ({"extraStatTags": ["b"]}, "extraStatTags", ["b"], ["a", "b"]),
        ({"extraStatTags": []}, "extraStatTags", ["a"], ...),
        ({"proxyMetadata": {"B": "2"}}, "proxyMetadata", {"A": "1", "B": "2"}, ...),
        ({"terminationDrainDuration": "2s"}, "terminationDrainDuration", "2s", "2.500s"),
        ({"concurrency": 0}, "concurrency", 0, ...),
        ({"image": {}}, "image", {}, ...),
        ({"holdApplicationUntilProxyStarts": False}, "holdApplicationUntilProxyStarts", False, True),
        ({"tracingServiceName": "CANONICAL_NAME_ONLY"}, "serviceCluster", None, ...),
        ({"statusPort": 0}, "statusPort", 15020, ...),
        ({}, "statNameLength", 189, ...),
        ("not a map", "statusPort", 15020, ...),
    ],
)  # fmt: skip
def test_an_annotation_replaces_fields_and_was_merged_part_by_part(annotation, field, replaced, merged):
    assert effective(MESH, annotation, version="1.20.8").get(field) == replaced
    assert effective(MESH, annotation, version="1.16.3").get(field) == (replaced if merged is ... else merged)


def test_members_of_maps_and_headers():
    annotation = {"runtimeValues": {"b": "2"}, "proxyHeaders": {"requestId": {"disabled": True}}}
    found = effective(MESH, annotation, version="1.31.0")
    assert found["runtimeValues"] == {"b": "2"}
    assert found["proxyHeaders"] == {"server": {"disabled": True}, "requestId": {"disabled": True}}


@pytest.mark.parametrize(("version", "there"), [("1.17.1", True), ("1.17.2", False), ("1.18.7", False)])
def test_tracing_that_the_mesh_turned_off(version, there):
    found = effective({"defaultConfig": {"tracing": {}}}, version=version)
    assert bool(found["tracing"]) is there


def test_resources_by_rank():
    resources = [
        ("istio-system", {"environmentVariables": {"A": "root", "B": "root"}, "concurrency": 1}),
        ("shop", {"environmentVariables": {"A": "shop"}, "image": {"imageType": "debug"}}),
        ("shop", {"environmentVariables": {"A": "second"}}),
        ("shop", {"selector": {"matchLabels": {"app": "cart"}}, "environmentVariables": {"C": "cart"}}),
        ("other", {"environmentVariables": {"A": "other"}}),
    ]
    found = effective(
        {}, {"proxyMetadata": {"C": "annotation", "D": "annotation"}}, resources, labels={"app": "cart", "x": "y"}
    )
    assert found["proxyMetadata"] == {"A": "shop", "B": "root", "C": "cart", "D": "annotation"}
    assert found["image"] == {"imageType": "debug"}
    assert found["concurrency"] == 1


def test_a_selector_that_does_not_match():
    resources = [("shop", {"selector": {"matchLabels": {"app": "cart"}}, "concurrency": 7})]
    assert "concurrency" not in effective({}, None, resources, labels={"app": "till"})


def test_the_root_namespace_counts_once():
    resources = [("istio-system", {"environmentVariables": {"A": "1"}})]
    assert effective({}, None, resources, namespace="istio-system")["proxyMetadata"] == {"A": "1"}


def test_a_resource_that_cannot_be_read():
    with pytest.raises(MeshError, match="invalid character 'm' looking for beginning of value"):
        effective({}, None, [("shop", {"concurrency": "many"})])
