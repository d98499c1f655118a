"""Older releases of Go, by name."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import ExecError, GoVersion, ParseError, Template, TemplateError
from gotemplate.releases import go_version

DATA: dict[str, Any] = {"zero": 0, "one": 1, "l": [1, 2]}


def answer(text: str, go: str | GoVersion) -> str:
    try:
        return Template("t", go=go).parse(text).render(DATA)
    except TemplateError as e:
        return str(e)


@pytest.mark.parametrize(
    ("since", "text", "before", "after"),
    [
        (18, "{{range .l}}{{break}}{{end}}", 'template: t:1: function "break" not defined', ""),
        (18, "{{range .l}}\n{{continue}}{{end}}", 'template: t:2: function "continue" not defined', "\n\n"),
        (18, "{{or .one (index .l 9)}}",
         'template: t:1:11: executing "t" at <index .l 9>: error calling index: index out of range: 9', "1"),
        (18, "{{or .zero .one}}{{and .one 2 .zero}}", "10", "10"),
        (23, "é{{with .zero}}{{else with .one}}{{.}}{{end}}", "template: t:1: unexpected <with> in else", "é1"),
        (23, "{{with .zero}}{{else}}{{with .one}}{{.}}{{end}}{{end}}", "1", "1"),
        (24, "{{range 2}}x{{end}}", 'template: t:1:8: executing "t" at <2>: range can\'t iterate over 2', "xx"),
        (25, "{{eq 1 `a`}}",
         'template: t:1:2: executing "t" at <eq 1 `a`>: error calling eq: incompatible types for comparison',
         'template: t:1:2: executing "t" at <eq 1 `a`>: error calling eq: '
         "incompatible types for comparison: int and string"),
    ],
)  # fmt: skip
def test_change(since: int, text: str, before: str, after: str) -> None:
    assert answer(text, f"1.{since - 1}") == before
    assert answer(text, f"1.{since}.3") == after
    assert answer(text, "1.26") == after


def test_single_features() -> None:
    assert answer("{{range 2}}x{{end}}", GoVersion(comparison_types=False)) == "xx"


@pytest.mark.parametrize("text", ["", "1", "2.0", "go1.20", "1.x", "1.20rc1"])
def test_not_a_version(text: str) -> None:
    with pytest.raises(ValueError, match="not a Go version: "):
        go_version(text)


def test_refusals_are_parse_errors_that_change_nothing() -> None:
    template = Template("t", go="1.17").parse("fine")
    with pytest.raises(ParseError) as caught:
        template.parse("{{range .}}\n{{break}}{{end}}")
    assert caught.value.line == 2
    assert template.render() == "fine"


def test_other_comparison_errors_stay() -> None:
    with pytest.raises(ExecError, match="invalid type for comparison"):
        Template("t", go="1.20").parse("{{lt true false}}").render()
