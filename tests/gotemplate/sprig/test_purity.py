"""A function marked as pure may be called ahead of time: its result must not be something another function can change."""

from __future__ import annotations

import pytest

from gotemplate.sprig import NONHERMETIC
from gotemplate.values import MAP_STRING_ANY, MAP_STRING_STRING, SLICE_STRING, Func


def test_functions_that_look_outside_are_not_pure(functions: dict[str, Func]) -> None:
    harmless = {"dateModify", "date_modify"}  # Sprig counts them in, though they only add to a time they are given
    assert {name for name in NONHERMETIC if functions[name].pure} == harmless


def test_results_that_can_be_changed_are_not_pure(functions: dict[str, Func]) -> None:
    changeable = {MAP_STRING_ANY, MAP_STRING_STRING, SLICE_STRING}
    assert not [name for name, func in functions.items() if func.pure and func.go_type.results[0] in changeable]


@pytest.mark.parametrize(
    "name", ["set", "unset", "merge", "mustMergeOverwrite", "sortAlpha", "fail", "deepCopy", "fromJson"]
)
def test_functions_that_change_or_copy_are_not_pure(name: str, functions: dict[str, Func]) -> None:
    assert not functions[name].pure


@pytest.mark.parametrize(
    "name", ["upper", "default", "add", "list", "toJson", "semverCompare", "regexMatch", "get", "until"]
)
def test_plain_functions_are_pure(name: str, functions: dict[str, Func]) -> None:
    assert functions[name].pure
