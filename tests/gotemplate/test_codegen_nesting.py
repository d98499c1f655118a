"""Templates deeper than CPython's limits (20 blocks, 100 indentations) are outlined, and beyond that left to closures."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import ExecError, Template

DATA: dict[str, Any] = {"l": [1, 2], "one": [1], "t": True, "f": False, "s": "x"}


def rendered(text: str, data: Any = None) -> str:
    code = Template("t", tier="code").parse(text)
    closures = Template("t", tier="closures").parse(text)
    data = DATA if data is None else data
    result = code.render(data)
    assert result == closures.render(data)
    return result


@pytest.mark.parametrize("depth", [5, 14, 19, 21, 40, 100, 240])
def test_nested_ranges(depth: int) -> None:
    text = "{{range $.one}}" * depth + "{{.}}" + "{{end}}" * depth
    assert rendered(text) == "1"


@pytest.mark.parametrize("depth", [60, 90, 110, 240, 400])
def test_nested_ifs(depth: int) -> None:
    assert rendered("{{if .t}}a" * depth + "{{.s}}" + "{{else}}b{{end}}" * depth) == "a" * depth + "x"


@pytest.mark.parametrize("count", [90, 240, 500])
def test_long_else_if_chain(count: int) -> None:
    chain = "{{if .f}}a" + "".join(f"{{{{else if .f}}}}{i}" for i in range(count)) + "{{else}}last{{end}}"
    assert rendered(chain) == "last"


def test_variables_across_outlined_bodies() -> None:
    deep = "{{range $.one}}" * 40
    text = "{{$x := 0}}" + deep + "{{$y := .}}{{$x = 5}}{{$y}}{{$x}}" + "{{end}}" * 40 + "{{$x}}"
    assert rendered(text) == "155"


@pytest.mark.parametrize(("jump", "wanted"), [("break", "(1.)(1.)"), ("continue", "(1.2.)(1.2.)")])
def test_jumps_out_of_outlined_bodies(jump: str, wanted: str) -> None:
    inner = "{{if $.t}}" * 80 + "{{" + jump + "}}" + "{{end}}" * 80
    text = "{{range .l}}({{range $.l}}{{.}}." + inner + "!{{end}}){{end}}"
    assert rendered(text) == wanted
    deep = "{{range $.one}}" * 20 + "{{range $.l}}({{range $.l}}{{.}}." + inner + "!{{end}}){{end}}" + "{{end}}" * 20
    assert rendered(deep) == wanted


def test_error_in_an_outlined_body() -> None:
    text = "{{range $.one}}" * 30 + "a{{index $.l 9}}" + "{{end}}" * 30
    with pytest.raises(ExecError) as code:
        Template("t", tier="code").parse(text).render(DATA)
    with pytest.raises(ExecError) as closures:
        Template("t", tier="closures").parse(text).render(DATA)
    assert (str(code.value), code.value.partial) == (str(closures.value), closures.value.partial)
    assert "error calling index: index out of range: 9" in str(code.value)


@pytest.mark.parametrize("depth", [100, 160, 3000])
def test_nested_calls(depth: int) -> None:
    assert rendered("{{" + "(not " * depth + ".t" + ")" * depth + "}}") == "true"


def test_many_arguments() -> None:
    assert rendered("{{or " + ".f " * 300 + ".s}}") == "x"
    assert rendered("{{printf `" + "%s" * 300 + "` " + ".s " * 300 + "}}") == "x" * 300


def test_ten_thousand_parentheses() -> None:
    assert rendered("{{" + "(" * 9000 + ".s" + ")" * 9000 + "}}") == "x"
