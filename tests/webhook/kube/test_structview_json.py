"""What json.Marshal makes of values that templates hold: views go back to the JSON of their structs."""

from __future__ import annotations

from gotemplate.values import is_nil
from webhook.kube.schema import load_schema
from webhook.kube.structview import json_of, view, view_type

SCHEMA = load_schema("1.16")
POD = SCHEMA.decode(
    "v1.Pod",
    {
        "metadata": {"name": "n", "labels": {"b": "2", "a": "1"}},
        "spec": {
            "volumes": [{"name": "v", "emptyDir": {}}],
            "containers": [
                {"name": "c", "resources": {"limits": {"cpu": "0.5"}}, "livenessProbe": {"httpGet": {"port": 5}}}
            ],
        },
    },
    coerce=False,
)


def spec():
    return view(SCHEMA, "v1.PodSpec", POD["spec"], pointer=True)


def test_struct_with_its_zero_fields():
    meta = view(SCHEMA, "meta/v1.ObjectMeta", POD["metadata"], pointer=True)
    assert json_of(SCHEMA, meta) == {"name": "n", "creationTimestamp": None, "labels": {"a": "1", "b": "2"}}


def test_parts():
    container = spec()["Containers"][0]
    assert json_of(SCHEMA, spec()["Volumes"]) == [{"name": "v", "emptyDir": {}}]
    assert json_of(SCHEMA, container["Resources"]["Limits"]) == {"cpu": "500m"}
    assert json_of(SCHEMA, container["LivenessProbe"].target["Handler"]["HTTPGet"]) == {"port": 5}
    assert json_of(SCHEMA, container["ImagePullPolicy"]) == ""


def test_nil_is_null():
    assert json_of(SCHEMA, spec()["Affinity"]) is None
    assert json_of(SCHEMA, spec()["NodeSelector"]) is None
    assert json_of(SCHEMA, spec()["InitContainers"]) is None


def test_mixed_with_plain_values():
    assert json_of(SCHEMA, {"z": [spec()["Volumes"][0], 1, None, True], "a": 1.5}) == {
        "a": 1.5,
        "z": [{"name": "v", "emptyDir": {}}, 1, None, True],
    }


def test_nil_pointer_view():
    assert is_nil(view(SCHEMA, "v1.PodSpec", None, pointer=True))


def test_types_are_one_per_schema():
    assert spec().go_type is view_type(SCHEMA, "v1.PodSpec", pointer=True)
    assert spec().go_type.name == "*v1.PodSpec"


def test_fields_are_converted_once():
    one = spec()
    assert one["Containers"] is one["Containers"]
