"""Mesh messages of a release: fields come, go, move and change type when they did upstream."""

import pytest

from webhook.mesh.schema import PROXY_CONFIG, schema_of


@pytest.mark.parametrize(
    ("version", "field", "present"),
    [
        ("0.5.0", "concurrency", False),
        ("0.5.1", "concurrency", True),
        ("0.7.1", "interception_mode", False),
        ("0.8.0", "interception_mode", True),
        ("1.12.0", "image", False),
        ("1.12.1", "image", True),
        ("1.31.0-rc.0", "proxy_headers", True),
    ],
)
def test_a_field_is_there_from_its_first_patch_on(version, field, present):
    assert (field in schema_of(version).proxy_config.by_name) is present


def test_order_of_an_old_release_is_its_own():
    old = [field.name for field in schema_of("0.5.1").mesh_config.fields]
    new = [field.name for field in schema_of("0.6.0").mesh_config.fields]
    assert old[:2] == ["egress_proxy_address", "mixer_address"]
    assert new.index("mixer_address") > new.index("default_config")


@pytest.mark.parametrize(
    ("version", "label", "type_"), [("1.6.14", "single", "int32"), ("1.7.0", "wrapper", "google.protobuf.Int32Value")]
)
def test_a_field_changes_its_type(version, label, type_):
    field = schema_of(version).proxy_config.by_name["concurrency"]
    assert (field.label, field.type) == (label, type_)


@pytest.mark.parametrize(("version", "oneof"), [("1.12.9", None), ("1.13.0", "cluster_name")])
def test_a_field_moves_into_a_oneof(version, oneof):
    assert schema_of(version).proxy_config.by_name["service_cluster"].oneof == oneof


@pytest.mark.parametrize(("version", "number"), [("1.5.10", 2), ("1.6.0", 3)])
def test_an_enum_is_renumbered(version, number):
    enum = schema_of(version).enum("istio.mesh.v1alpha1.MeshConfig.IngressControllerMode")
    assert enum.numbers["STRICT"] == number


def test_a_bare_minor_is_its_newest_patch():
    assert "concurrency" in schema_of("0.5").message(PROXY_CONFIG).by_name
