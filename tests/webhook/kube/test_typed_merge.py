"""Laying a simple patch over canonical values gives what the strategic merge of their JSON gives, or declines."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.kube.schema import load_schema
from webhook.kube.strategic import merge_patch, rules_of
from webhook.kube.typed_merge import has_inexact_numbers, in_order, is_simple_patch, lay_typed

VERSION = "1.30"
SCHEMA = load_schema(VERSION)
POD = SCHEMA.type("core/v1.Pod")
BASE: dict[str, Any] = {
    "metadata": {"name": "a", "labels": {"b": "1", "a": "2"}, "finalizers": ["x"]},
    "spec": {
        "volumes": [{"name": "data", "emptyDir": {}}],
        "containers": [{"name": "app", "image": "app:1"}],
        "serviceAccountName": "shop",
        "securityContext": {"fsGroup": 7},
        "tolerations": [{"key": "k"}],
    },
}


def _the_long_way(base: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    merged = merge_patch(SCHEMA.encode("core/v1.Pod", base), patch, POD, rules_of(VERSION))
    return SCHEMA.decode("core/v1.Pod", merged, coerce=False)


def _laid(base: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any] | None:
    typed = SCHEMA.decode("core/v1.Pod", patch, coerce=False)
    return lay_typed(base, typed, POD) if is_simple_patch(patch, typed, POD) else None


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"metadata": {"labels": {"c": "3", "a": "9"}, "annotations": {"x": "y"}}},
        {
            "spec": {
                "containers": [{"name": "istio-proxy", "env": [{"name": "A"}, {"name": "A"}], "livenessProbe": None}]
            }
        },
        {"spec": {"initContainers": [], "volumes": [{"name": "v", "emptyDir": None}]}},
        {"spec": {"dnsPolicy": "Default", "serviceAccountName": "other", "hostAliases": [{"ip": "1.2.3.4"}]}},
        {"spec": {"securityContext": {"runAsUser": 0, "runAsNonRoot": False}}},
        {"spec": {"tolerations": [{"key": "other"}]}},
        {"unknown": {"a": 1}, "spec": {"unknown": None, "shareProcessNamespace": True}},
        {"spec": {"containers": [{"name": "p", "unknown": 1, "resources": {}, "ports": [{"containerPort": 1}]}]}},
    ],
)
@pytest.mark.parametrize("base", [{}, BASE, {"spec": {"containers": [{"name": "only"}]}}])
def test_simple_patches(patch: dict[str, Any], base: dict[str, Any]) -> None:
    laid = _laid(base, patch)
    assert laid is not None
    assert laid == _the_long_way(base, patch)
    assert list(laid.get("spec", {})) == list(_the_long_way(base, patch).get("spec", {}))


@pytest.mark.parametrize(
    "patch",
    [
        {"spec": {"containers": [{"name": "app", "image": "other"}]}},
        {"spec": {"volumes": [{"name": "a"}, {"name": "a"}]}},
        {"spec": {"volumes": [{"emptyDir": {}}]}},
        {"spec": {"serviceAccountName": None}},
        {"spec": {"hostNetwork": False}},
        {"spec": {"$patch": "replace"}},
        {"spec": {"$setElementOrder/containers": [], "containers": []}},
        {"spec": {"containers": [{"name": "b", "$patch": "delete"}]}},
        {"spec": {"volumes": [{"name": "b", "projected": {"sources": [{"$patch": "x"}]}}]}},
        {"metadata": {"labels": {"a": None}}},
        {"metadata": {"finalizers": ["y"]}},
        {"Spec": {"dnsPolicy": "Default"}},
        {"spec": {"overhead": {"cpu": "1"}}},
    ],
)
def test_what_is_not_simple(patch: dict[str, Any]) -> None:
    assert _laid(BASE, patch) is None


@pytest.mark.parametrize("items", [[{"name": "a"}, {"name": "a"}], [{"image": "x"}], [{"name": "proxy"}]])
def test_pods_that_need_the_long_way(items: list[dict[str, Any]]) -> None:
    assert _laid({"spec": {"containers": items}}, {"spec": {"containers": [{"name": "proxy"}]}}) is None


def test_shares_what_neither_touches() -> None:
    laid = _laid(BASE, {"metadata": {"labels": {"c": "3"}}})
    assert laid is not None and laid["spec"] is BASE["spec"]
    assert BASE["metadata"]["labels"] == {"b": "1", "a": "2"}


def test_maps_in_order() -> None:
    ordered = {"a": "1", "b": "2"}
    assert in_order(ordered) is ordered
    assert list(in_order({"b": "2", "a": "1"})) == ["a", "b"]


@pytest.mark.parametrize(
    ("pod", "found"),
    [
        (BASE, False),
        ({"spec": {"securityContext": {"runAsUser": 2**53}}}, False),
        ({"spec": {"securityContext": {"runAsUser": 2**53 + 1}}}, True),
        ({"spec": {"containers": [{}, {"securityContext": {"runAsGroup": -(2**60)}}]}}, True),
        ({"spec": {"tolerations": [{"tolerationSeconds": 2**62}]}}, True),
        ({"spec": {"containers": [{"env": [{"name": "A", "value": str(2**62)}]}]}}, False),
    ],
)
def test_numbers_beyond_a_float(pod: dict[str, Any], found: bool) -> None:
    assert has_inexact_numbers(pod, POD) is found
