"""Budgets end a rendering by generated code where they end one by closures."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from gotemplate import LimitError, Limits, Template

TEXT = """{{define "r"}}{{.}}{{if gt . 0}}{{template "r" (len (slice "xxxxxxxx" 0 .))}}{{end}}{{end -}}
start {{range $i, $e := .l}}{{$i}}:{{$e}}{{if eq $e "b"}}!{{else}}?{{end}} {{end}}{{range .l}}{{end}}{{with .s}}<{{.}}>{{end}}"""
DATA = {"l": ["a", "b", "é"], "s": "text"}


def ended(tier: Any, limits: Limits, text: str = TEXT, data: Any = DATA) -> tuple[str, str]:
    template = Template("t", tier=tier).parse(text)
    try:
        return "", template.render(data, limits=limits)
    except LimitError as error:
        return str(error), error.partial


@pytest.mark.parametrize("steps", range(1, 30))
def test_steps(steps: int) -> None:
    assert ended("code", Limits(steps=steps)) == ended("closures", Limits(steps=steps))


@pytest.mark.parametrize("output", range(0, 27, 2))
def test_output(output: int) -> None:
    error, partial = ended("code", Limits(output=output))
    assert error
    assert error == ended("closures", Limits(output=output))[0]
    whole = Template("t").parse(TEXT).render(DATA).encode()
    assert whole.startswith(partial.encode())
    assert output - 2 < len(partial.encode()) <= output


def test_time() -> None:
    ticks = count()
    limits = Limits(seconds=3, clock=lambda: float(next(ticks)))
    error, _ = ended("code", limits, "{{range .}}{{.}}{{end}}", list(range(10_000)))
    assert error == 'template: t:1:13: executing "t" at <{{.}}>: exceeded the time limit of 3 seconds'


@pytest.mark.parametrize("depth", [1, 3, 50])
def test_depth(depth: int) -> None:
    text = '{{define "r"}}{{.}}{{template "r" .}}{{end}}{{template "r" 1}}'
    code, closures = (ended(tier, Limits(depth=depth), text) for tier in ("code", "closures"))
    assert code == closures
    assert f"exceeded maximum template depth ({depth})" in code[0]


def test_go_depth() -> None:  # a hundred thousand calls: a second
    error, partial = ended("code", Limits(), '{{define "r"}}x{{template "r" .}}{{end}}{{template "r" 1}}')
    assert error == 'template: t:1:26: executing "r" at <{{template "r" .}}>: exceeded maximum template depth (100000)'
    assert len(partial) == 100_000 - 1 or len(partial) == 100_000
