"""The generated tables: version ranges, patch tags, and what the decoder relies on."""

from __future__ import annotations

from pathlib import Path

import pytest

from webhook.kube.gotypes import GoType, load_index
from webhook.kube.schema import api_versions, load_schema

ROOTS = [
    "core/v1.Pod",
    "core/v1.List",
    "apps/v1.Deployment",
    "batch/v1beta1.CronJob",
    "openshift/apps/v1.DeploymentConfig",
]


def reachable(root: GoType) -> dict[str, GoType]:
    found: dict[str, GoType] = {}
    queue = [root]
    while queue:
        go_type = queue.pop()
        if go_type.name not in found:
            found[go_type.name] = go_type
            queue += [field.type for field in go_type.fields]
            queue += [part for part in (go_type.elem, go_type.key) if part is not None]
    return found


def types_of(version):
    schema = load_schema(version)
    return [go_type for root in ROOTS for go_type in reachable(schema.type(root)).values()]


@pytest.mark.parametrize(
    ("type_name", "field", "first"),
    [
        ("core/v1.PodSpec", "ephemeralContainers", "1.16"),
        ("core/v1.Container", "startupProbe", "1.16"),
        ("core/v1.PodSpec", "os", "1.23"),
        ("core/v1.Container", "restartPolicy", "1.28"),
        ("core/v1.PodSpec", "hostAliases", "1.9"),
        ("core/v1.Lifecycle", "stopSignal", "1.33"),
    ],
)
def test_field_is_there_from_its_version_on(type_name, field, first):
    has = [v for v in api_versions() if load_schema(v).type(type_name).json_field(field) is not None]
    assert has == api_versions()[api_versions().index(first) :]


@pytest.mark.parametrize(
    ("type_name", "field", "strategy", "key"),
    [
        ("core/v1.PodSpec", "containers", "merge", "name"),
        ("core/v1.PodSpec", "volumes", "merge,retainKeys", "name"),
        ("core/v1.Container", "ports", "merge", "containerPort"),
        ("core/v1.Container", "volumeMounts", "merge", "mountPath"),
        ("core/v1.Container", "args", "", ""),
        ("meta/v1.ObjectMeta", "finalizers", "merge", ""),
    ],
)
def test_patch_tags(type_name, field, strategy, key):
    found = load_schema("1.35").type(type_name).json_field(field)
    assert (found.field.strategy, found.field.merge_key) == (strategy, key)


@pytest.mark.parametrize("version", api_versions())
def test_no_two_fields_share_a_json_name(version):
    for go_type in types_of(version):
        names = [field.name.lower() for field in go_type.json_fields]
        assert len(names) == len(set(names)), go_type.name


@pytest.mark.parametrize("version", api_versions())
def test_promoted_fields_hold_no_text_named_like_their_siblings(version):
    """ghodss/yaml looks below a promoted field for the fields of the embedded struct: no text may be found there.

    Lists are out of its sight.
    """
    for go_type in types_of(version):
        promoted = [field for field in go_type.json_fields if field.promoted]
        texts = {field.name for field in promoted if field.field.type.kind == "string"}
        for field in promoted:
            inner = field.field.type.elem if field.field.type.kind == "pointer" else field.field.type
            names = {below.name for below in inner.json_fields}
            assert texts.isdisjoint(names), (go_type.name, field.name)


def test_all_opaque_types_are_known():
    from webhook.kube.opaque import zero_of

    for version in api_versions():
        for go_type in types_of(version):
            if go_type.kind == "opaque":
                zero_of(go_type)


def test_names_resolve_with_and_without_package():
    schema = load_schema("1.16")
    assert schema.type("v1.Pod") is schema.type("core/v1.Pod")
    assert schema.type("v1beta1.DaemonSet").name == "extensions/v1beta1.DaemonSet"
    with pytest.raises(KeyError, match="ambiguous"):
        schema.type("v1.DeploymentStrategy")


def test_index_lists_every_table():
    from webhook.kube.gotypes import TABLES

    files = {path.stem for path in Path(TABLES).glob("*.json")} - {"index"}
    assert files == {package.replace("/", ".") for package in load_index()["packages"]}
