"""Which tier executes a template, and when it changes."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import ExecError, Template
from gotemplate.compiled import code_pays
from gotemplate.units import CodeBody


def body(template: Template) -> Any:
    assert template.tree is not None
    return template._set.program(metered=False).body(template.tree, template.name)


def test_closures_first() -> None:
    template = Template("t").parse("{{.}}")
    template.render(1)
    assert not isinstance(body(template), CodeBody)


def test_code_when_it_pays() -> None:
    template = Template("t").parse("{{range .}}{{.}}{{end}}")
    data = list(range(1000))
    for _ in range(100):
        assert template.render(data) == "".join(map(str, data))
    assert isinstance(body(template), CodeBody)


@pytest.mark.parametrize(
    ("seconds", "characters", "pays"), [(0.0001, 100, False), (0.02, 24_000, False), (0.04, 24_000, True)]
)
def test_price(seconds: float, characters: int, pays: bool) -> None:
    assert code_pays(seconds, characters) is pays


def test_compile_is_code_at_once() -> None:
    template = Template("t").parse('{{template "u" .}}{{define "u"}}{{.}}{{end}}').compile()
    assert isinstance(body(template), CodeBody)
    assert template.render(1) == "1"


def test_closures_stay_closures() -> None:
    template = Template("t", tier="closures").parse("{{range .}}{{.}}{{end}}")
    for _ in range(100):
        template.render(list(range(1000)))
    assert not isinstance(body(template), CodeBody)


def test_definitions_after_rendering() -> None:
    template = Template("t", tier="code").parse('{{template "u" .}}{{define "u"}}1{{end}}')
    assert template.render() == "1"
    template.new("u").parse("2")
    assert template.render() == "2"


def test_functions_are_bound_anew() -> None:
    template = Template("t", funcs={"f": lambda: 1}, tier="code").parse("{{f}}")
    assert template.render() == "1"
    template.funcs({"f": lambda: 2})
    assert template.render() == "2"


def test_options_after_rendering() -> None:
    template = Template("t", tier="code").parse("{{.x}}")
    assert template.render({}) == "<no value>"
    with pytest.raises(ExecError, match='map has no entry for key "x"'):
        template.option("missingkey=error").render({})


def test_clones_are_apart() -> None:
    template = Template("t", tier="code").parse('{{template "u"}}{{define "u"}}1{{end}}')
    assert template.render() == "1"
    copy = template.clone()
    copy.new("u").parse("2")
    assert (template.render(), copy.render()) == ("1", "2")


def test_code_calls_closures_and_back() -> None:
    deep = "{{if .}}" * 300 + "{{template `u` .}}" + "{{end}}" * 300  # too deep for code
    template = Template("t", tier="code").parse(
        "{{template `d` .}}{{define `u`}}<{{.}}>{{end}}{{define `d`}}" + deep + "{{end}}"
    )
    assert template.render(5) == "<5>"
    assert not isinstance(template._set.program(metered=False).find("d"), CodeBody)
    assert isinstance(template._set.program(metered=False).find("u"), CodeBody)


def test_function_that_renders_the_same_set() -> None:
    def include(name: str, data: Any) -> str:
        return template.render(data, template=name)

    template = Template("t", funcs={"include": include}, tier="code")
    template.parse('{{include "u" .}}{{define "u"}}[{{.x.y}}]{{end}}')
    assert template.render({"x": {"y": 1}}) == "[1]"
    with pytest.raises(ExecError) as caught:
        template.render({"x": 1})
    inner = 'template: t:1:36: executing "u" at <.x.y>: can\'t evaluate field y in type interface {}'
    assert str(caught.value) == f'template: t:1:2: executing "t" at <include "u" .>: error calling include: {inner}'
