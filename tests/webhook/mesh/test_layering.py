"""A mesh file over the defaults, an annotation over the proxy configuration, and what protoToJSON leaves out."""

import json

import pytest

from webhook.mesh.errors import MeshError
from webhook.mesh.layering import apply_proxy_config, clean_proxy_config
from webhook.mesh.mesh import Mesh, check_proxy_annotation, default_mesh, read_mesh
from webhook.mesh.protojson import write_message


def proxy_json(mesh: Mesh) -> dict:
    return json.loads(write_message(mesh.proxy, mesh.schema))


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        ("0.5.1", {"discoveryAddress": "istio-pilot:15003", "drainDuration": "2.000s"}),
        ("0.8.0", {"discoveryAddress": "istio-pilot:15007", "connectTimeout": "1.000s"}),
        ("1.1.17", {"discoveryAddress": "istio-pilot:15010", "drainDuration": "45s", "statNameLength": 189}),
        ("1.6.14", {"discoveryAddress": "istiod.istio-system.svc:15012", "concurrency": 2, "statusPort": 15020}),
        ("1.16.7", {"parentShutdownDuration": "60s", "controlPlaneAuthPolicy": "MUTUAL_TLS"}),
        ("1.17.8", {"parentShutdownDuration": None, "concurrency": 2}),
        ("1.22.8", {"tracing": None, "concurrency": None, "terminationDrainDuration": "5s"}),
    ],
)
def test_defaults_of_a_release(version, wanted):
    found = proxy_json(default_mesh(version))
    assert {key: found.get(key) for key in wanted} == wanted


@pytest.mark.parametrize(
    ("version", "shutdown"),
    [
        ("1.7.8", "60s"),  # the file's defaultConfig is written out again: a zero is lost and the default comes back
        ("1.8.6", None),
    ],
)
def test_an_explicit_zero(version, shutdown):
    mesh = read_mesh({"defaultConfig": {"proxyAdminPort": 16000, "statNameLength": 0}}, version)
    assert proxy_json(mesh).get("statNameLength") == (189 if shutdown else None)
    assert proxy_json(mesh)["proxyAdminPort"] == 16000


@pytest.mark.parametrize("version", ["0.8.0", "1.12.9", "1.30.3"])
def test_null_leaves_the_default(version):
    assert read_mesh({"defaultConfig": None, "connectTimeout": None}, version).json == default_mesh(version).json


def test_snake_case_default_config_is_lost_since_1_8():
    data = {"default_config": {"proxy_admin_port": 16000}}
    assert proxy_json(read_mesh(data, "1.7.8"))["proxyAdminPort"] == 16000
    assert proxy_json(read_mesh(data, "1.8.6"))["proxyAdminPort"] == 15000


def test_a_message_replaces_the_old_one_whole():
    mesh = read_mesh({"defaultConfig": {"tracing": {"sampling": 10}}}, "1.20.8")
    assert proxy_json(mesh)["tracing"] == {"sampling": 10}


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        ("1.9.9", {"B": "2"}),
        ("1.10.2", {"B": "2"}),
        ("1.10.3", {"A": "1", "B": "2"}),
        ("1.20.8", {"A": "1", "B": "2"}),
    ],
)
def test_proxy_metadata_of_an_annotation(version, wanted):
    mesh = read_mesh({"defaultConfig": {"proxyMetadata": {"A": "1"}}}, version)
    assert proxy_json(mesh.with_proxy({"proxyMetadata": {"B": "2"}}))["proxyMetadata"] == wanted


@pytest.mark.parametrize(("version", "kept"), [("1.19.0", False), ("1.19.1", True)])
def test_proxy_headers_keep_what_the_annotation_does_not_name(version, kept):
    mesh = read_mesh({"defaultConfig": {"proxyHeaders": {"attemptCount": {"disabled": True}}}}, version)
    headers = proxy_json(mesh.with_proxy({"proxyHeaders": {"requestId": {"disabled": True}}}))["proxyHeaders"]
    assert ("attemptCount" in headers) is kept
    assert headers["requestId"] == {"disabled": True}


def test_extension_providers_are_merged_by_name():
    data = {"extensionProviders": [{"name": "envoy", "prometheus": {}}, {"name": "mine", "prometheus": {}}]}
    found = json.loads(read_mesh(data, "1.20.8").json)["extensionProviders"]
    assert [provider["name"] for provider in found] == ["prometheus", "stackdriver", "envoy", "mine"]
    assert found[2] == {"name": "envoy", "prometheus": {}}


def test_default_providers_are_laid_over():
    data = {"defaultProviders": {"metrics": ["prometheus"]}}
    assert json.loads(read_mesh(data, "1.20.8").json)["defaultProviders"] == {"metrics": ["prometheus"]}


@pytest.mark.parametrize(("version", "copied"), [("0.5.1", False), ("0.6.0", True), ("1.0.9", True), ("1.1.17", False)])
def test_a_mixer_address_alone_is_copied(version, copied):
    mesh = read_mesh({"mixerAddress": "mixer.istio-system:9091"}, version)
    assert bool(mesh.message.get("mixer_check_server")) is copied


def test_unknown_fields():
    with pytest.raises(MeshError, match=r'^failed to convert to proto. unknown field "bogus" in v1alpha1.MeshConfig$'):
        read_mesh({"bogus": 1}, "1.0.9")
    assert read_mesh({"bogus": 1}, "1.1.17").json == default_mesh("1.1.17").json


def test_an_annotation_that_cannot_be_read():
    mesh = default_mesh("1.20.8")
    with pytest.raises(MeshError, match=r"^could not parse proxy config: json: cannot unmarshal string into Go value"):
        mesh.with_proxy("what")


@pytest.mark.parametrize(
    ("version", "data", "json_text"),
    [
        ("1.6.14", {}, "{}"),
        ("1.20.8", {}, "{}"),
        ("1.20.8", {"concurrency": 0}, '{"concurrency":0}'),
        ("1.17.8", {"concurrency": 2}, "{}"),
        ("1.18.7", {"concurrency": 2}, '{"concurrency":2}'),
        ("1.20.8", {"interceptionMode": "TPROXY"}, '{"interceptionMode":"TPROXY"}'),
        ("1.20.8", {"tracing": {}}, '{"tracing":{}}'),
        ("1.20.8", {"proxyMetadata": {}}, "{}"),
        ("1.12.9", {"proxyMetadata": {}}, "{}"),
        ("1.8.6", {"proxyMetadata": {}}, '{"proxyMetadata":{}}'),
        ("1.20.8", {"serviceCluster": "x", "drainDuration": "23s"}, '{"serviceCluster":"x","drainDuration":"23s"}'),
    ],
)
def test_what_is_left_after_cleaning(version, data, json_text):
    mesh = default_mesh(version)
    proxy = apply_proxy_config(data, mesh.proxy, mesh.schema)
    assert write_message(clean_proxy_config(proxy, mesh.schema), mesh.schema) == json_text


def test_check_of_an_annotation():
    assert check_proxy_annotation({"concurrency": 3}, "1.20.8") is None
    assert check_proxy_annotation({"drainDuration": "0s"}, "1.20.8") == (
        "1 error occurred:\n\t* invalid drain duration: duration must be greater than 1ms\n\n"
    )
