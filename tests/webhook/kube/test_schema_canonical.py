"""The canonical form between decode and encode: what is kept, what is dropped, what is shared."""

from __future__ import annotations

import pytest

from webhook.kube.schema import DecodeError, api_versions, load_schema

SCHEMA = load_schema("1.10")


def pod(value, *, coerce=False):
    return SCHEMA.decode("v1.Pod", value, coerce=coerce)


def test_zero_values_and_unknown_fields_go():
    value = {
        "metadata": {"name": "", "creationTimestamp": None, "labels": None},
        "spec": {
            "containers": [{"name": "c", "image": "", "tty": False, "resources": {}, "what": 1}],
            "hostPID": False,
        },
        "status": {},
    }
    assert pod(value) == {"spec": {"containers": [{"name": "c"}]}}


def test_what_go_tells_apart_stays():
    value = {
        "metadata": {"labels": {}, "finalizers": []},
        "spec": {"securityContext": {}, "terminationGracePeriodSeconds": 0, "automountServiceAccountToken": False},
    }
    assert pod(value) == value


def test_fields_come_in_declaration_order():
    decoded = pod(
        {"spec": {"nodeName": "n", "containers": [{"image": "i", "name": "c"}], "volumes": []}, "kind": "Pod"}
    )
    assert list(decoded) == ["kind", "spec"]
    assert list(decoded["spec"]) == ["volumes", "containers", "nodeName"]
    assert list(decoded["spec"]["containers"][0]) == ["name", "image"]


def test_unchanged_parts_are_shared():
    value = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c"}], "hostPID": False}}
    decoded = pod(value)
    assert decoded["metadata"] is value["metadata"]
    assert decoded["spec"] is not value["spec"]
    assert decoded["spec"]["containers"] is value["spec"]["containers"]
    encoded = SCHEMA.encode("v1.Pod", decoded)
    assert SCHEMA.encode("v1.Pod", encoded) is encoded


def test_a_clean_object_is_returned_itself():
    value = {"metadata": {"name": "a"}, "spec": {"containers": [{"name": "c", "ports": [{"containerPort": 1}]}]}}
    assert pod(value) is value
    assert pod(value, coerce=True) is value


def test_encode_orders_what_was_put_together_by_hand():
    encoded = SCHEMA.encode(
        "v1.Container", {"image": "i", "args": [], "name": "c", "tty": False, "env": [{"name": "E"}]}
    )
    assert list(encoded.items()) == [("name", "c"), ("image", "i"), ("env", [{"name": "E"}]), ("resources", {})]


def test_encode_sorts_map_keys():
    encoded = SCHEMA.encode("meta/v1.ObjectMeta", {"labels": {"b": "1", "a": "2", "B": "3"}})
    assert list(encoded["labels"]) == ["B", "a", "b"]
    assert encoded["creationTimestamp"] is None


def test_creation_timestamp_is_omitted_from_1_34():
    assert load_schema("1.33").encode("meta/v1.ObjectMeta", {}) == {"creationTimestamp": None}
    assert load_schema("1.34").encode("meta/v1.ObjectMeta", {}) == {}


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"spec": {"containers": [{"name": "a"}, {"image": 5}]}}, "spec.containers[1].image"),
        ({"metadata": {"labels": {"a": []}}}, "metadata.labels.a"),
        (
            {"spec": {"containers": [{"resources": {"limits": {"cpu": "x"}}}]}},
            "spec.containers[0].resources.limits.cpu",
        ),
        ([], ""),
    ],
)
def test_error_has_the_path(value, path):
    with pytest.raises(DecodeError) as caught:
        pod(value)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("go", "text"),
    [
        ("1.10", "json: cannot unmarshal number into Go struct field ConfigMapKeySelector.name of type string"),
        ("1.14", "ConfigMapKeySelector.spec.containers.env.valueFrom.configMapKeyRef.name of type string"),
        ("1.24", "valueFrom.configMapKeyRef.LocalObjectReference.name of type string"),
    ],
)
def test_words_of_errors_follow_the_go_release(go, text):
    value = {"spec": {"containers": [{"env": [{"valueFrom": {"configMapKeyRef": {"name": 5}}}]}]}}
    with pytest.raises(DecodeError) as caught:
        load_schema("1.10", go).decode("v1.Pod", value, coerce=False)
    assert str(caught.value).endswith(text)


def test_infinity_is_text_for_a_string_and_an_error_elsewhere():
    assert pod({"metadata": {"name": float("inf")}}, coerce=True) == {"metadata": {"name": "+Inf"}}
    with pytest.raises(DecodeError) as caught:
        pod({"spec": {"priority": float("-inf")}}, coerce=True)
    assert str(caught.value) == "json: unsupported value: -Inf"


def test_before_1_11_a_time_that_is_no_string_is_an_empty_one():
    with pytest.raises(DecodeError) as caught:
        pod({"metadata": {"creationTimestamp": 5}})
    assert str(caught.value) == 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'


@pytest.mark.parametrize("version", api_versions())
def test_every_version_reads_a_pod(version):
    schema = load_schema(version)
    value = {"metadata": {"name": "a"}, "spec": {"containers": [{"name": "c", "resources": {"limits": {"cpu": 1}}}]}}
    assert schema.decode("v1.Pod", value, coerce=False)["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "1"}


def test_unknown_version_and_type():
    with pytest.raises(KeyError, match=r"no Kubernetes API tables for 1\.2"):
        load_schema("1.2")
    with pytest.raises(KeyError, match=r"has no type batch/v1\.CronJob"):
        SCHEMA.type("batch/v1.CronJob")


def test_whole_numbers_of_yaml_are_integers_below_promoted_fields_too():
    probe = {"grpc": {"port": 9.0}, "initialDelaySeconds": 2.0}
    value = {"spec": {"containers": [{"livenessProbe": probe, "readinessProbe": {"tcpSocket": {"port": 8.0}}}]}}
    schema = load_schema("1.36")
    container = schema.decode("v1.Pod", value, coerce=True)["spec"]["containers"][0]
    assert container["livenessProbe"] == {"grpc": {"port": 9}, "initialDelaySeconds": 2}
    assert container["readinessProbe"] == {"tcpSocket": {"port": 8}}
    with pytest.raises(DecodeError, match="cannot unmarshal number 1e\\+30 into Go struct field TCPSocketAction"):
        schema.decode(
            "v1.Pod", {"spec": {"containers": [{"livenessProbe": {"tcpSocket": {"port": 1e30}}}]}}, coerce=True
        )
