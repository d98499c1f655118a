"""Strict mode: a missing key is an error, except where the template deals with it."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import ExecError, Template, sprig

DATA: dict[str, Any] = {"a": 1, "e": "", "m": {"k": "v", "nothing": None}}


def _render(text: str, **options: Any) -> str:
    return Template("t", funcs=sprig.funcs(), strict=True, **options).parse(text).render(DATA)


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ('{{.b | default "x"}}', "x"),
        ('{{default "x" .b}}', "x"),
        ('{{default "x" .m.z.y}}', "x"),
        ('{{.b.c | default "x" | upper}}', "X"),
        ("{{$x := .b | default 3}}{{$x}}", "3"),
        ("{{if .b}}y{{else}}n{{end}}", "n"),
        ("{{if (.b)}}y{{else}}n{{end}}", "n"),
        ("{{if (.m).z}}y{{else}}n{{end}}", "n"),
        ("{{if .b}}1{{else if .c}}2{{else}}3{{end}}", "3"),
        ("{{with .m.q}}y{{else}}n{{end}}", "n"),
        ("{{if and .b (not .c)}}y{{else}}n{{end}}", "n"),
        ("{{if $.b}}y{{else}}n{{end}}", "n"),
        ("{{or .b .a}}", "1"),
        ("{{not .b}}", "true"),
        ("{{coalesce .b .e .a}}", "1"),
        ("{{ternary .b .a false}}", "1"),
        ("{{empty .b}}", "true"),
        ('{{hasKey .q "x"}}', "false"),
        ("{{.a}}{{.e}}{{.m.k}}", "1v"),
    ],
)
def test_where_a_key_may_be_missing(text: str, output: str) -> None:
    assert _render(text) == output


@pytest.mark.parametrize(
    ("text", "node", "message"),
    [
        ("{{.b}}", ".b", 'map has no entry for key "b"'),
        ("{{.m.kk}}", ".m.kk", 'map has no entry for key "kk"'),
        ("{{.b | quote}}", ".b", 'map has no entry for key "b"'),
        ("{{quote .b}}", ".b", 'map has no entry for key "b"'),
        ("{{if .b | quote}}{{end}}", ".b", 'map has no entry for key "b"'),
        ("{{if eq .b 1}}{{end}}", ".b", 'map has no entry for key "b"'),
        ("{{if .a}}{{.b}}{{end}}", ".b", 'map has no entry for key "b"'),
        ("{{if .b}}{{else}}{{.c}}{{end}}", ".c", 'map has no entry for key "c"'),
        ("{{range .b}}{{end}}", ".b", 'map has no entry for key "b"'),
        ("{{$x := .b}}", ".b", 'map has no entry for key "b"'),
        ('{{template "x" .b}}{{define "x"}}{{end}}', ".b", 'map has no entry for key "b"'),
        ("{{or .b .c}}", ".c", 'map has no entry for key "c"'),
        ("{{quote (or .b .c)}}", ".c", 'map has no entry for key "c"'),
        ("{{and .a .b}}", "and .a .b", "nothing to print: the value is missing or nil"),
        ("{{ternary .b .a true}}", "ternary .b .a true", "nothing to print: the value is missing or nil"),
        ("{{.m.nothing}}", ".m.nothing", "nothing to print: the value is missing or nil"),
        ('{{index .m "z"}}', 'index .m "z"', "nothing to print: the value is missing or nil"),
    ],
)
def test_where_it_may_not(text: str, node: str, message: str) -> None:
    with pytest.raises(ExecError) as caught:
        _render(text)
    assert (caught.value.node, caught.value.message) == (node, message)


def test_the_nearest_key_is_named() -> None:
    with pytest.raises(ExecError) as caught:
        _render("{{.m.kk}}")
    assert "did you mean k?" in caught.value.explain()


def test_generated_code_is_as_strict() -> None:
    template = Template("t", strict=True, tier="code").parse("{{if .b}}{{end}}{{.b}}").compile()
    with pytest.raises(ExecError, match='no entry for key "b"'):
        template.render(DATA)


def test_a_clone_is_as_strict() -> None:
    with pytest.raises(ExecError, match='no entry for key "b"'):
        Template("t", strict=True).parse("{{.b}}").clone().render(DATA)


def test_without_it_nothing_changes() -> None:
    assert Template("t").parse("{{.b}}{{or .b .c}}").render(DATA) == "<no value><no value>"
