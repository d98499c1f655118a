"""Kinds, their Go types and paths, by era."""

from __future__ import annotations

import pytest

from webhook.kube import workloads
from webhook.kube.schema import load_schema

API = {"0.5": "1.9", "0.6": "1.9", "1.0": "1.10", "1.2": "1.13", "1.11": "1.21"}


@pytest.mark.parametrize("era", workloads.WORKLOADS)
def test_types_exist_and_templates_hold_pods(era):
    schema = load_schema(API[era])
    for workload in workloads.WORKLOADS[era].values():
        at = schema.type(workload.type_name)
        for key in workload.template:
            field = at.json_field(key)
            assert field is not None, (workload, key)
            at = field.field.type.elem if field.field.type.kind == "pointer" else field.field.type
            is_pointer = field.field.type.kind == "pointer"
        if workload.template:
            assert at.name == "core/v1.PodTemplateSpec"
            assert is_pointer == workload.pointer


@pytest.mark.parametrize(
    ("kind", "era", "type_name"),
    [
        ("Deployment", "0.5", "extensions/v1beta1.Deployment"),
        ("Deployment", "1.2", "apps/v1.Deployment"),
        ("StatefulSet", "1.0", "apps/v1beta1.StatefulSet"),
        ("CronJob", "1.2", "batch/v2alpha1.CronJob"),
        ("CronJob", "1.11", "batch/v1.CronJob"),
        ("DeploymentConfig", "0.6", "openshift/apps/v1.DeploymentConfig"),
        ("Pod", "1.0", "core/v1.Pod"),
    ],
)
def test_type_of_kind(kind, era, type_name):
    assert workloads.workload_of(kind, era).type_name == type_name


@pytest.mark.parametrize(
    ("kind", "era"), [("Pod", "0.6"), ("DeploymentConfig", "0.5"), ("Service", "1.11"), ("List", "1.2")]
)
def test_unknown_kind(kind, era):
    assert workloads.workload_of(kind, era) is None


@pytest.mark.parametrize(
    ("kind", "template", "metadata"),
    [
        ("Pod", (), ("metadata",)),
        ("Job", ("spec", "template"), ("spec", "template", "metadata")),
        ("CronJob", ("spec", "jobTemplate", "spec", "template"), ("spec", "jobTemplate", "metadata")),
    ],
)
def test_paths(kind, template, metadata):
    found = workloads.workload_of(kind, workloads.NEWEST_ERA)
    assert (found.template, found.metadata) == (template, metadata)


def test_replacing_at_a_path_shares_the_rest():
    document = {"a": {"b": 1}, "spec": {"x": {"y": 1}, "template": {"z": 1}}}
    changed = workloads.with_value_at(document, ("spec", "template"), {"z": 2})
    assert changed == {"a": {"b": 1}, "spec": {"x": {"y": 1}, "template": {"z": 2}}}
    assert changed["spec"]["x"] is document["spec"]["x"]
    assert document["spec"]["template"] == {"z": 1}
    assert workloads.value_at(changed, ("spec", "template", "z")) == 2
    assert workloads.value_at(changed, ("nothing", "here")) is None
