"""Strategic merge keeps what a patch does not touch as the same object, so that a difference can skip it."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.kube.schema import load_schema
from webhook.kube.strategic import merge_patch, rules_of

POD = load_schema("1.28").type("core/v1.Pod")
ORIGINAL: dict[str, Any] = {
    "metadata": {"labels": {"a": "1"}, "finalizers": ["f"]},
    "spec": {
        "containers": [{"name": "app", "env": [{"name": "A", "value": "1"}], "args": ["x"]}, {"name": "other"}],
        "volumes": [{"name": "v"}],
    },
}


def merge(patch: dict[str, Any]) -> dict[str, Any]:
    return merge_patch(ORIGINAL, patch, POD, rules_of("1.28"))


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"metadata": {"labels": {"a": "1"}}},
        {"metadata": {"labels": {"b": None}}},
        {"spec": {"containers": []}},
        {"spec": {"containers": [{"name": "app"}]}},
        {"spec": {"containers": [{"name": "app", "env": [{"name": "A", "value": "1"}]}]}},
        {"spec": {"containers": [{"name": "missing", "$patch": "delete"}]}},
    ],
)
def test_a_patch_without_effect_gives_the_original(patch: dict[str, Any]) -> None:
    assert merge(patch) is ORIGINAL


def test_siblings_of_a_change_are_shared() -> None:
    merged = merge({"spec": {"containers": [{"name": "app", "image": "i"}, {"name": "new"}]}})
    assert merged["metadata"] is ORIGINAL["metadata"]
    assert merged["spec"]["volumes"] is ORIGINAL["spec"]["volumes"]
    app, new, other = merged["spec"]["containers"]
    assert (app["image"], new, other) == ("i", {"name": "new"}, {"name": "other"})
    assert app["env"] is ORIGINAL["spec"]["containers"][0]["env"]
    assert other is ORIGINAL["spec"]["containers"][1]
