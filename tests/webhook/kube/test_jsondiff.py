"""JSON patches: by index as gomodules.xyz/jsonpatch v3 writes them, free ones by what they do."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhook.kube.jsondiff import diff, diff_by_index
from webhook.kube.jsonpatch import apply_patch

RECORDED = json.loads((Path(__file__).parent / "vectors" / "jsondiff.json").read_text("utf-8"))["cases"]

SCALARS = st.booleans() | st.integers(-2, 2) | st.sampled_from(["a", "b", "c/d", "e~f"])
NAMES = st.sampled_from(["name", "mountPath", "a", "b/c", "d~e"])


def values_of(scalars: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=25
    )


VALUES = values_of(SCALARS | st.none())
WITHOUT_NULL = values_of(SCALARS)


def exact(value: Any) -> str:
    """Return a text that tells 1 from true and keeps no order of keys."""
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize(("first", "then", "answer"), RECORDED)
def test_by_index_is_what_go_writes(first: Any, then: Any, answer: list[Any]) -> None:
    assert json.dumps(list(diff_by_index(first, then))) == json.dumps(answer)


@given(VALUES, VALUES)
def test_a_patch_leads_from_the_first_to_the_second(first: Any, then: Any) -> None:
    before = copy.deepcopy((first, then))
    assert exact(apply_patch(first, list(diff(first, then)))) == exact(then)
    assert exact((first, then)) == exact(before)


@given(WITHOUT_NULL, WITHOUT_NULL)
def test_a_patch_by_index_does_so_where_no_list_has_null(first: Any, then: Any) -> None:
    # for a null in a list the original adds an item instead of replacing it
    assert exact(apply_patch(first, list(diff_by_index(first, then)))) == exact(then)


@given(VALUES)
def test_equal_values_have_no_difference(value: Any) -> None:
    assert list(diff(value, copy.deepcopy(value))) == []


@pytest.mark.parametrize(
    ("first", "then", "operations"),
    [
        ({"a": 1}, {"a": 2}, [{"op": "replace", "path": "/a", "value": 2}]),
        ({"a": 1}, {"a": True}, [{"op": "replace", "path": "/a", "value": True}]),
        ({"a": 1}, {}, [{"op": "remove", "path": "/a"}]),
        ({}, {"a/b": None}, [{"op": "add", "path": "/a~1b", "value": None}]),
        (["x", "y"], ["n", "x", "y"], [{"op": "add", "path": "/0", "value": "n"}]),
        (["x", "y", "z"], ["x", "z"], [{"op": "remove", "path": "/1"}]),
        (
            [{"name": "app", "image": "1"}, {"name": "last"}],
            [{"name": "first"}, {"name": "app", "image": "2"}, {"name": "last"}],
            [
                {"op": "add", "path": "/0", "value": {"name": "first"}},
                {"op": "replace", "path": "/1/image", "value": "2"},
            ],
        ),
        (
            [{"name": "v", "mountPath": "/1"}, {"name": "v", "mountPath": "/2"}],
            [{"name": "v", "mountPath": "/2"}],
            [{"op": "remove", "path": "/0"}],
        ),
    ],
)
def test_a_free_patch_is_small(first: Any, then: Any, operations: list[Any]) -> None:
    assert list(diff(first, then)) == operations


def test_the_same_object_is_not_looked_into() -> None:
    class Unreadable(dict[str, Any]):
        def items(self) -> Any:
            raise AssertionError

    shared = Unreadable(a=1)
    assert list(diff({"x": shared, "y": 1}, {"x": shared, "y": 2})) == [{"op": "replace", "path": "/y", "value": 2}]
