"""How an execution fails: Go's words, the node and place it names, and the output written before."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import ExecError, LimitError, Template

DATA: dict[str, Any] = {
    "a": 1,
    "s": "str",
    "nil": None,
    "m": {"x": {"y": 5}},
    "l": [1, {"k": 2}],
}

AT_T = 'executing "t" at '

PLACES = [
    ("{{.a.b}}", f"template: t:1:4: {AT_T}<.a.b>: can't evaluate field b in type interface {{}}"),
    ("{{.s.a.b}}", f"template: t:1:4: {AT_T}<.s.a.b>: can't evaluate field a in type interface {{}}"),
    ("{{$.s.a.b}}", f"template: t:1:3: {AT_T}<$.s.a.b>: can't evaluate field a in type interface {{}}"),
    ("{{$x := .s}}{{$x.b}}", f"template: t:1:16: {AT_T}<$x.b>: can't evaluate field b in type string"),
    ("{{with .s}}{{.b}}{{end}}", f"template: t:1:13: {AT_T}<.b>: can't evaluate field b in type string"),
    ("{{range .l}}{{.b.c}}{{end}}", f"template: t:1:16: {AT_T}<.b.c>: can't evaluate field b in type interface {{}}"),
    ("{{range $e := .l}}{{$e.b}}{{end}}", f"template: t:1:22: {AT_T}<$e.b>: can't evaluate field b in type interface {{}}"),
    ("{{(.s).x}}", f"template: t:1:3: {AT_T}<.s>: can't evaluate field x in type string"),
    ("{{(or 0 .s).x}}", f"template: t:1:8: {AT_T}<.s>: can't evaluate field x in type string"),
    ("{{.nil.x}}", f"template: t:1:6: {AT_T}<.nil.x>: nil pointer evaluating interface {{}}.x"),
    ("a\nbc{{.a.b}}", f"template: t:2:6: {AT_T}<.a.b>: can't evaluate field b in type interface {{}}"),
    ("é{{.a.b}}", f"template: t:1:6: {AT_T}<.a.b>: can't evaluate field b in type interface {{}}"),
    ("{{template \"x\" .}}{{define \"x\"}}{{.s.q}}{{end}}",
     'template: t:1:36: executing "x" at <.s.q>: can\'t evaluate field q in type interface {}'),
    ("{{template \"no\" .}}", f'template: t:1:11: {AT_T}<{{{{template "no" .}}}}>: template "no" not defined'),
]  # fmt: skip

PIPELINES = [
    ("{{1 2}}", f"template: t:1:2: {AT_T}<1>: can't give argument to non-function 1"),
    ("{{.a 1}}", f"template: t:1:2: {AT_T}<.a>: a is not a method but has arguments"),
    ("{{1 | .a}}", f"template: t:1:6: {AT_T}<.a>: a is not a method but has arguments"),
    ("{{1 | (.a)}}", f"template: t:1:2: {AT_T}<1>: can't give argument to non-function .a"),
    ("{{nil}}", f"template: t:1:2: {AT_T}<nil>: nil is not a command"),
    ("{{18446744073709551615}}", f"template: t:1:2: {AT_T}<18446744073709551615>: 18446744073709551615 overflows int"),
    ("{{range .s}}{{end}}", f"template: t:1:8: {AT_T}<.s>: range can't iterate over str"),
    ("{{range or 0 .s}}{{end}}", f"template: t:1:13: {AT_T}<.s>: range can't iterate over str"),
    ("{{range $i, $x := 3}}{{end}}", f"template: t:1:18: {AT_T}<3>: can't use 3 to iterate over more than one variable"),
    ("{{or 1 ($y := 2)}}{{$y}}", f"template: t:1:20: {AT_T}<$y>: undefined variable: $y"),
    ("{{or 1 ($y := 2)}}{{$y = 3}}", f"template: t:1:25: {AT_T}<3>: undefined variable: $y"),
]  # fmt: skip

FUNCTIONS = [
    ("{{len 3}}", f"template: t:1:2: {AT_T}<len 3>: error calling len: len of type int"),
    ("{{len .nil}}", f"template: t:1:2: {AT_T}<len .nil>: error calling len: len of nil pointer"),
    ("{{len .missing}}",
     f"template: t:1:2: {AT_T}<len .missing>: error calling len: reflect: call of reflect.Value.Type on zero Value"),
    ("{{len}}", f"template: t:1:2: {AT_T}<len>: wrong number of args for len: want 1 got 0"),
    ("{{1 | len 2}}", f"template: t:1:6: {AT_T}<len>: wrong number of args for len: want 1 got 2"),
    ("{{and}}", f"template: t:1:2: {AT_T}<and>: wrong number of args for and: want at least 1 got 0"),
    ("{{index .l 5}}", f"template: t:1:2: {AT_T}<index .l 5>: error calling index: index out of range: 5"),
    ("{{print (index .l 5)}}", f"template: t:1:9: {AT_T}<index .l 5>: error calling index: index out of range: 5"),
    ("{{index .nil 1}}", f"template: t:1:2: {AT_T}<index .nil 1>: error calling index: index of untyped nil"),
    ("{{call .a}}", f"template: t:1:2: {AT_T}<call .a>: error calling call: non-function .a of type int"),
    ("{{.a | call}}", f"template: t:1:7: {AT_T}<call>: error calling call: non-function <int Value> of type int"),
    ("{{call nil}}", f"template: t:1:2: {AT_T}<call nil>: error calling call: call of nil"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "want"), PLACES + PIPELINES + FUNCTIONS)
def test_message(text: str, want: str) -> None:
    with pytest.raises(ExecError) as caught:
        Template("t").parse(text).render(DATA)
    assert str(caught.value) == want


def test_data_of_the_error() -> None:
    with pytest.raises(ExecError) as caught:
        Template("t").parse("one\ntwo {{.a}}{{.a.b}}").render(DATA)
    e = caught.value
    assert (e.name, e.line, e.column, e.template, e.node) == ("t", 2, 14, "t", ".a.b")
    assert e.message == "can't evaluate field b in type interface {}"
    assert e.partial == "one\ntwo 1"


def test_callers_are_explained() -> None:
    text = '{{define "in"}}{{.a.b}}{{end}}\n{{define "out"}}{{template "in" .}}{{end}}{{template "out" .}}'
    with pytest.raises(ExecError) as caught:
        Template("t").parse(text).render(DATA)
    shown = caught.value.explain()
    assert shown.splitlines()[0] == str(caught.value)
    dot = 'where dot is a map[string]interface {} with "a"'
    assert f'  called by {{{{template "in" .}}}} at t:2:27, {dot}' in shown
    assert f'  called by {{{{template "out" .}}}} at t:2:53, {dot}' in shown


def test_exception_of_a_function_is_the_cause() -> None:
    def refuse() -> None:
        raise KeyError("gone")

    with pytest.raises(ExecError) as caught:
        Template("t", funcs={"refuse": refuse}).parse("{{refuse}}").render()
    assert str(caught.value) == "template: t:1:2: executing \"t\" at <refuse>: error calling refuse: 'gone'"
    assert isinstance(caught.value.__cause__, KeyError)


def test_limits_pass_through_functions() -> None:
    def exhaust() -> None:
        raise LimitError("no more")

    with pytest.raises(LimitError, match="no more"):
        Template("t", funcs={"exhaust": exhaust}).parse("{{exhaust}}").render()


def test_objects_without_a_go_type_are_named() -> None:
    with pytest.raises(ExecError, match="a Python object has no Go type:"):
        Template("t").parse("{{.x.y}}").render({"x": object()})


def test_incomplete_template() -> None:
    with pytest.raises(ExecError) as caught:
        Template("t").render()
    assert str(caught.value) == 'template: t: "t" is an incomplete or empty template'
