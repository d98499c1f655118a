"""IstioOperator documents become values: what is derived, what wins, and what a null does, era by era."""

import json

import pytest

from webhook.config.operator import OperatorError, OperatorInputs, operator_texts, operator_values

PROFILES = {
    "default": {
        "metadata": {"namespace": "mesh-ns"},
        "spec": {"hub": "hub", "tag": "tag", "values": {"x": {"a": 1.0, "b": 2.0}}},
    },
    "small": {"spec": {"components": {"cni": {"enabled": True}}, "values": {"x": {"b": 3.0}}}},
}


def values_of(version, *files, flags=()):
    return operator_values(OperatorInputs(PROFILES, files, flags), version).values


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((1, 5, 10), {"global": {"hub": "hub", "tag": "tag"}, "istio_cni": {"enabled": False}}),
        (
            (1, 8, 6),
            {
                "global": {"hub": "hub", "tag": "tag", "istioNamespace": "mesh-ns"},
                "istio_cni": {"enabled": False},
                "revision": "",
                "meshConfig": {},
            },
        ),
        (
            (1, 20, 8),
            {
                "global": {
                    "hub": "hub", "tag": "tag", "istioNamespace": "mesh-ns", "namespace": "mesh-ns", "enabled": False,
                },
                "istio_cni": {"enabled": False},
                "revision": "",
                "meshConfig": {},
            },
        ),
        ((1, 24, 6), {"global": {"hub": "hub", "tag": "tag"}, "pilot": {"enabled": False, "cni": {"enabled": False}}}),
    ],
)  # fmt: skip
def test_what_istioctl_derives(version, expected):
    assert values_of(version) == {**expected, "x": {"a": 1.0, "b": 2.0}}


@pytest.mark.parametrize("version", [(1, 8, 6), (1, 20, 8), (1, 24, 6)])
def test_a_profile_lies_over_the_default_one_and_the_user_over_both(version):
    values = values_of(
        version, {"spec": {"profile": "small", "values": {"x": {"a": 9.0}}}}, flags=["values.y=2", "hub=mine"]
    )
    assert (values["x"], values["y"], values["global"]["hub"]) == ({"a": 9.0, "b": 3.0}, 2, "mine")


@pytest.mark.parametrize(("version", "expected"), [((1, 20, 8), {"b": 2.0}), ((1, 24, 6), {"a": None, "b": 2.0})])
def test_a_null_of_the_user(version, expected):
    assert values_of(version, {"spec": {"values": {"x": {"a": None}}}})["x"] == expected


@pytest.mark.parametrize("version", [(1, 20, 8), (1, 24, 6)])
def test_the_user_wins_over_what_is_derived(version):
    user = {
        "spec": {
            "revision": "r1",
            "values": {"revision": "r2", "pilot": {"cni": {"enabled": True}}, "istio_cni": {"enabled": True}},
        }
    }
    values = values_of(version, user)
    assert values["revision"] == "r2"
    assert values["pilot"]["cni"]["enabled"] is values["istio_cni"]["enabled"] is True


@pytest.mark.parametrize(("given", "expected"), [(120.0, "120"), (1.5, "1.5"), (7, "7"), ("x", "x")])
def test_a_tag_is_text(given, expected):
    assert values_of((1, 24, 6), {"spec": {"tag": given}})["global"]["tag"] == expected


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"spec": {"profile": "none"}}, 'profile "none" not found; there are: default, small'),
        ({"spec": [1]}, "the spec of the IstioOperator is no object"),
    ],
)
def test_what_cannot_be_translated(document, sentence):
    with pytest.raises(OperatorError, match=sentence):
        values_of((1, 24, 6), document)


def test_an_empty_spec_is_none():
    assert values_of((1, 24, 6), {"spec": None})["x"] == {"a": 1.0, "b": 2.0}


@pytest.mark.parametrize(
    ("document", "mesh", "values"),
    [
        ({"spec": {"meshConfig": {"a": 1.0}, "values": {"b": 2.0}}}, '{"a":1}', '{"b":2}'),
        ({"spec": {}}, "", ""),
        ({"spec": None}, "", ""),
        ({"spec": {"hub": "mine"}}, "", ""),
    ],
)
def test_what_kube_inject_takes_from_a_document(document, mesh, values):
    found = operator_texts(document, (1, 20, 8), "1.20.8")
    assert (found.mesh, found.values) == (mesh, values)


def test_since_1_24_kube_inject_lays_a_document_over_the_default_profile():
    document = {
        "spec": {"profile": "ambient", "tag": "mine", "meshConfig": {"a": 1.0}, "values": {"global": {"x": None}}}
    }
    found = operator_texts(document, (1, 24, 6), "1.24.6")
    assert json.loads(found.values) == {
        "defaultRevision": "",
        "gateways": {"istio-egressgateway": {}, "istio-ingressgateway": {}},
        "global": {
            "configValidation": True, "hub": "docker.io/istio", "istioNamespace": "istio-system", "tag": "mine", "x": None,
        },
        "meshConfig": {"a": 1},
        "pilot": {"cni": {"enabled": False}, "enabled": True},
    }  # fmt: skip
    assert found.mesh == '{"a":1}'
    assert json.loads(operator_texts({}, (1, 30, 3), "1.30.3").values)["global"]["hub"] == "registry.istio.io/release"


def test_a_spec_that_is_no_object_is_refused():
    with pytest.raises(OperatorError):
        operator_texts({"spec": "x"}, (1, 20, 8), "1.20.8")
