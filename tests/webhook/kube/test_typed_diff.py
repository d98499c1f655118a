"""The difference of canonical objects is the difference of their JSON."""

from __future__ import annotations

import random
from typing import Any

import pytest
from property.hostile_pods import PodMaker

from webhook.kube.jsondiff import diff, diff_by_index
from webhook.kube.schema import load_schema
from webhook.kube.typed_diff import typed_diff

TYPE = "core/v1.Pod"
APP = {"name": "app", "env": [{"name": "A"}], "resources": {"limits": {"cpu": "1"}}}
CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({}, {"metadata": {"labels": {"b": "1", "a": "2"}}, "spec": {"containers": [APP]}}),
    ({"metadata": {"labels": {"a": "1"}}}, {"metadata": {"annotations": {"a/b~c": "x"}}}),
    ({"spec": {"volumes": [], "containers": [APP]}}, {"spec": {"containers": [{"name": "proxy"}, APP]}}),
    ({"spec": {"containers": [APP, {"name": "b"}]}}, {"spec": {"containers": [{"name": "b", "image": "x"}, APP]}}),
    ({"spec": {"containers": [APP]}}, {"spec": {"containers": [{**APP, "resources": {"requests": {"cpu": "1"}}}]}}),
    ({"spec": {"securityContext": {}}}, {"spec": {"securityContext": {"fsGroup": 0, "supplementalGroups": [1, 2]}}}),
    ({"spec": {"hostNetwork": True, "dnsPolicy": "a", "nodeName": "n"}}, {"spec": {"restartPolicy": "Always"}}),
    ({"spec": {"initContainers": [{"name": "a"}]}}, {"spec": {"initContainers": []}}),
    ({"spec": {"tolerations": [{"key": "a"}, {"key": "b"}]}}, {"spec": {"tolerations": [{"key": "b"}]}}),
]


@pytest.mark.parametrize("version", ["1.9", "1.20", "1.35"])
@pytest.mark.parametrize("by_index", [False, True])
def test_equals_the_difference_of_json(version: str, by_index: bool) -> None:
    schema = load_schema(version)
    plain = diff_by_index if by_index else diff
    for old, new in CASES + [(new, old) for old, new in CASES]:
        expected = list(plain(schema.encode(TYPE, old), schema.encode(TYPE, new)))
        assert typed_diff(schema, by_index=by_index).of(TYPE, old, new) == expected


@pytest.mark.parametrize("by_index", [False, True])
def test_equals_it_for_any_pods(by_index: bool) -> None:
    schema, maker, chance = load_schema("1.30"), PodMaker(1), random.Random(1)
    plain = diff_by_index if by_index else diff
    pods = [schema.decode(TYPE, {**maker.pod(), "kind": "Pod"}, coerce=True) for _ in range(60)]
    for old in pods:
        new = chance.choice(pods)
        mixed = {**new, "spec": {**new["spec"], "containers": [*old["spec"]["containers"], *new["spec"]["containers"]]}}
        for one, other in ((old, new), (old, mixed), (mixed, old)):
            expected = list(plain(schema.encode(TYPE, one), schema.encode(TYPE, other)))
            assert typed_diff(schema, by_index=by_index).of(TYPE, one, other) == expected


def test_takes_the_json_it_knows() -> None:
    schema = load_schema("1.30")
    differ = typed_diff(schema, by_index=False)
    new = {"spec": {"containers": [APP, {"name": "b", "env": [{"name": "X"}]}]}}
    known = differ.note(TYPE, new, {id(APP), id(new["spec"]["containers"][1]["env"][0])})
    assert set(known) == {id(APP), id(new["spec"]["containers"][1]["env"][0])}
    old = {"spec": {"containers": [{"name": "x"}]}}
    assert differ.of(TYPE, old, new, known) == differ.of(TYPE, old, new)
    added = [operation["value"] for operation in differ.of(TYPE, old, new, known) if operation["op"] == "add"]
    assert any(value is known[id(APP)] for value in added)
