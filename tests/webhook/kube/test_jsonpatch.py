"""Applying JSON patches."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.kube.jsonpatch import PatchError, apply_patch

DOCUMENT: dict[str, Any] = {"a": {"b/c": 1, "d~e": 2}, "list": [1, 2]}
ROWS = [
    ([{"op": "add", "path": "/x", "value": {}}], {**DOCUMENT, "x": {}}),
    ([{"op": "add", "path": "/a/b~1c", "value": 9}], {**DOCUMENT, "a": {"b/c": 9, "d~e": 2}}),
    ([{"op": "remove", "path": "/a/d~0e"}], {**DOCUMENT, "a": {"b/c": 1}}),
    ([{"op": "replace", "path": "/list/1", "value": 9}], {**DOCUMENT, "list": [1, 9]}),
    ([{"op": "add", "path": "/list/0", "value": 9}], {**DOCUMENT, "list": [9, 1, 2]}),
    ([{"op": "add", "path": "/list/-", "value": 9}], {**DOCUMENT, "list": [1, 2, 9]}),
    ([{"op": "remove", "path": "/list/1"}, {"op": "remove", "path": "/list/0"}], {**DOCUMENT, "list": []}),
    ([{"op": "replace", "path": "", "value": 1}], 1),
]
BAD = [
    {"op": "remove", "path": "/none"},
    {"op": "replace", "path": "/none", "value": 1},
    {"op": "add", "path": "/none/deeper", "value": 1},
    {"op": "add", "path": "/list/3", "value": 1},
    {"op": "remove", "path": "/list/2"},
    {"op": "replace", "path": "/list/x", "value": 1},
    {"op": "add", "path": "/list/0/deeper", "value": 1},
]


@pytest.mark.parametrize(("operations", "expected"), ROWS)
def test_applied(operations: list[dict[str, Any]], expected: Any) -> None:
    before = {**DOCUMENT, "list": [1, 2]}
    assert apply_patch(before, operations) == expected
    assert before == DOCUMENT


@pytest.mark.parametrize("operation", BAD)
def test_no_such_place(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchError, match=operation["op"]):
        apply_patch(DOCUMENT, [operation])
