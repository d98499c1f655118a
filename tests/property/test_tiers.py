"""Closures and generated code agree on every template and all data, and keep to their budgets."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from property.templates import data, templates, unhurried

from gotemplate import ExecError, LimitError, Template
from gotemplate.limits import Limits


def outcome(text: str, value: Any, limits: Limits, **options: Any) -> tuple[str, ...]:
    try:
        return ("ok", Template("t", **options).parse(text).render(value, limits=limits))
    except ExecError as error:
        return type(error).__name__, error.partial, str(error)


@unhurried
@given(templates, data, st.sampled_from(["default", "zero", "error"]))
def test_tiers_agree(text: str, value: dict[str, Any], missingkey: str) -> None:
    limits = Limits(depth=4)
    code, closures = (outcome(text, value, limits, missingkey=missingkey, tier=tier) for tier in ("code", "closures"))
    assert code == closures


@unhurried
@given(templates, data, st.integers(0, 20))
def test_steps_are_counted_alike(text: str, value: dict[str, Any], steps: int) -> None:
    limits = Limits(steps=steps, depth=4)
    assert outcome(text, value, limits, tier="code") == outcome(text, value, limits, tier="closures")


@unhurried
@given(templates, data, st.integers(0, 30), st.sampled_from(["code", "closures"]))
def test_output_budget_holds(text: str, value: dict[str, Any], size: int, tier: Any) -> None:
    whole = outcome(text, value, Limits(depth=4), tier=tier)[1]
    try:
        output = Template("t", tier=tier).parse(text).render(value, limits=Limits(output=size, depth=4))
    except ExecError as error:
        output = error.partial
        assert isinstance(error, LimitError) or output == whole
    assert len(output.encode("utf-8", "surrogateescape")) <= size or output == whole
    assert whole.encode("utf-8", "surrogateescape").startswith(output.encode("utf-8", "surrogateescape"))
