"""Functions that change a dictionary change the one they are given, and the others change nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gotemplate import Template
from gotemplate.values import Func


@pytest.mark.parametrize(
    ("call", "changed"),
    [
        ('set .d "k" 1', {"a": 1, "n": {"x": 1}, "k": 1}),
        ('unset .d "a"', {"n": {"x": 1}}),
        ('merge .d (dict "a" 2 "b" 3 "n" (dict "y" 2))', {"a": 1, "b": 3, "n": {"x": 1, "y": 2}}),
        ('mergeOverwrite .d (dict "a" 2 "n" (dict "x" 2))', {"a": 2, "n": {"x": 2}}),
        ('set .d.n "x" nil', {"a": 1, "n": {"x": None}}),
    ],
)
def test_the_given_dictionary_is_changed(call: str, changed: dict[str, Any], functions: dict[str, Func]) -> None:
    data: dict[str, Any] = {"d": {"a": 1, "n": {"x": 1}}}
    Template("t", funcs=functions).parse(f"{{{{ $_ := {call} }}}}").render(data)
    assert data["d"] == changed


LISTS = "append .l 1|prepend .l 1|rest .l|initial .l|reverse .l|uniq .l|without .l 3|compact .l|concat .l .l|chunk 2 .l"
TEXTS = "sortAlpha .l|toStrings .l|join `-` .l"
DICTS = "pick .d `a`|omit .d `a`|merge (dict) .d|set (deepCopy .d) `a` 2|set (deepCopy .d).n `x` 2|values .d"


@pytest.mark.parametrize("call", [*LISTS.split("|"), *TEXTS.split("|"), *DICTS.split("|")])
def test_other_data_stays(call: str, functions: dict[str, Func]) -> None:
    data: dict[str, Any] = {"d": {"a": 1, "n": {"x": 1}}, "l": [3, 1, None, 3, ""]}
    before = copy.deepcopy(data)
    Template("t", funcs=functions).parse(f"{{{{ $_ := {call} }}}}").render(data)
    assert data == before
