"""Which outcomes of branch points came, over several renderings."""

from __future__ import annotations

import pytest

from gotemplate import ExecError, Template
from gotemplate.branches import Coverage

TEXT = """{{if .a}}1{{else if .b}}2{{end}}
{{range .l}}{{with .}}x{{end}}{{end}}
{{define "u"}}{{if .}}y{{end}}{{end}}"""


def outcomes(coverage: Coverage) -> list[tuple[str, str, int]]:
    return [(branch.condition, branch.outcome, branch.times) for branch in coverage.branches()]


def test_nothing_rendered() -> None:
    coverage = Coverage(Template("t").parse(TEXT))
    assert {times for _, _, times in outcomes(coverage)} == {0}
    assert coverage.ratio() == 0
    assert len(coverage.missed()) == 10


def test_counts_add_up() -> None:
    coverage = Coverage(Template("t").parse(TEXT))
    coverage.render({"a": 1, "l": ["", "x", "y"]})
    coverage.render({"b": 1})
    assert outcomes(coverage) == [
        (".a", "then", 1),
        (".a", "else", 1),
        (".b", "then", 1),
        (".b", "else", 0),
        (".l", "rounds", 1),
        (".l", "none", 1),
        (".", "then", 2),
        (".", "else", 1),
        (".", "then", 0),
        (".", "else", 0),
    ]
    assert coverage.ratio() == 0.7
    coverage.render(1, template="u")
    assert [str(branch) for branch in coverage.missed()] == ["t:1:20: if .b: else (0)", "t:3:19: if .: else (0)"]


def test_output_is_the_rendering() -> None:
    template = Template("t").parse(TEXT)
    data = {"a": 0, "b": 2, "l": [1]}
    assert Coverage(template).render(data) == template.render(data)


def test_what_ran_before_an_error_counts() -> None:
    coverage = Coverage(Template("t").parse("{{if .a}}{{.a.b.c}}{{end}}"))
    with pytest.raises(ExecError):
        coverage.render({"a": {"b": 1}})
    assert outcomes(coverage) == [(".a", "then", 1), (".a", "else", 0)]


def test_set_without_branches() -> None:
    assert Coverage(Template("t").parse("x{{.}}")).ratio() == 1
