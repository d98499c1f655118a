"""Lint rules, a row a case: what is found, and what looks like it and is not."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import ParseError
from gotemplate.linting import RULES, Finding, lint
from gotemplate.rendering import InputError, Options, Source

SPRIG = Options(function_sets=("sprig",))


def _found(text: str, data: Any = None, *, options: Options = SPRIG, **more: Any) -> list[tuple[str, int, int]]:
    return [(f.rule, f.line, f.column) for f in lint([Source("t", text)], options, data, **more)]


def _one(text: str, data: Any = None, options: Options = SPRIG) -> Finding:
    (finding,) = lint([Source("t", text)], options, data)
    return finding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ foo .x }}", [("unknown-function", 1, 4)]),
        ("{{ .x | bar }}{{ if (baz) }}{{end}}", [("unknown-function", 1, 9), ("unknown-function", 1, 22)]),
        ("{{ upper .x }}{{ len .x }}", []),
        ('a\n{{ template "x" }}', [("undefined-template", 2, 13)]),
        ('{{ template "x" }}{{define "x"}}a{{end}}', []),
        ('{{define "x"}}a{{end}}text', [("unused-define", 1, 15)]),
        ('{{define "x"}}a{{end}}{{template "x"}}', []),
        ('{{define "x"}}a{{end}}{{include "x" .}}', [("unknown-function", 1, 25)]),
        ('{{define "x"}}a{{end}}{{include .name .}}', [("unknown-function", 1, 25)]),
        ('{{define "x"}}a{{end}}\n\n{{define "y"}}b{{end}}', []),
        ('{{block "x" .}}a{{end}}', []),
    ],
)
def test_names(text: str, found: list[tuple[str, int, int]]) -> None:
    assert _found(text) == found


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("{{$x := 1}}", ["$x"]),
        ("{{$x := 1}}{{$x}}", []),
        ("{{$x := 1}}{{$x = 2}}", ["$x"]),
        ("{{$x := 1}}{{$x := 2}}{{$x}}", ["$x"]),
        ("{{$x := 1}}{{if .a}}{{$x := 2}}{{$x}}{{end}}", ["$x"]),
        ("{{if $x := .a}}{{end}}", ["$x"]),
        ("{{if $x := .a}}{{else}}{{$x}}{{end}}", []),
        ("{{range $i, $e := .a}}{{$e}}{{end}}", []),
        ("{{range $i, $e := .a}}{{$i}}{{end}}", []),
        ("{{range $i, $e := .a}}{{end}}", ["$i", "$e"]),
        ("{{$_ := 1}}{{$_x := 1}}", []),
        ('{{$a := set .x "k" 1}}', []),
        ("{{$x := 1}}{{template `t` $x.y}}", []),
        ("{{$x := 1}}{{print (len $x)}}", []),
    ],
)
def test_unused_variables(text: str, unused: list[str]) -> None:
    findings = [f for f in lint([Source("t", text)], SPRIG) if f.rule == "unused-variable"]
    assert [f.message.removeprefix("nothing reads ") for f in findings] == unused


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("key: a\n  {{- .b }}", True),
        ("key:\n  {{- toYaml .b | indent 2 }}", True),
        ("key: {{ .a -}}\nother: b\n", True),
        ("a: 1\n{{- if .x -}}\nb: 2\n{{- end }}\n", True),
        ("- a\n{{- .b }}", True),
        ('a: 1\n{{- template "x" }}\n{{define "x"}}b: 2{{end}}', True),
        ("key:\n  {{- toYaml .b | nindent 2 }}", False),
        ("a: 1\n{{- if .x }}\nb: 2\n{{- end }}\n", False),
        ("a: 1\n{{ if .x -}}\nb: 2\n{{ end -}}\nc: 3\n", False),
        ('a: 1\n{{- template "x" }}\n{{define "x"}}\nb: 2{{end}}', False),
        ('a: 1\n{{- print "\\nb: 2" }}', False),
        ("key: a {{- .b }}", False),
        ("some words\n{{- .b }} and more", False),
        ("{{- $x := 1 }}\na: {{$x}}", False),
        ("a: 1\n{{- $x := 1 }}\nb: {{$x}}", False),
        ("{{- if .x -}}\na: 1\n{{- else -}}\nb: 2\n{{- end -}}", False),
        ('{{- define "x" -}}\na: 1\n{{- end -}}\nb: 2\n{{template "x"}}', False),
        ("a: 1\n{{- /* why */ -}}\n\nb: 2", True),
    ],
)
def test_joined_lines(text: str, joined: bool) -> None:
    rules = [f.rule for f in lint([Source("t", text)], Options(funcs={"toYaml": str, "indent": str, "nindent": str}))]
    assert rules == ["joined-lines"] * joined


DATA: dict[str, Any] = {
    "name": "n",
    "big": 2e6,
    "small": 5.0,
    "whole": 2_000_000,
    "nothing": None,
    "image": {"repo": "r", "tag": "1"},
    "items": [{"k": 1}, {"m": 2}, {"k": None}],
    "empty": {},
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ .name }}{{ .image.tag }}{{ $.image.repo }}", []),
        ("{{ .nmae }}", [("absent-field", 1, 4)]),
        ("{{ .image.tga }}", [("absent-field", 1, 4)]),
        ("{{ .image.tga.more }}", [("absent-field", 1, 4)]),
        ("{{ .name.x }}", [("absent-field", 1, 4)]),
        ("{{ .nothing.x }}", [("absent-field", 1, 4)]),
        ("{{ if .nmae }}{{ end }}", [("absent-optional", 1, 7)]),
        ('{{ .image.tga | default "x" }}', [("absent-optional", 1, 4)]),
        ('{{ default "x" .image.tga }}', [("absent-optional", 1, 16)]),
        ("{{ if .empty.x }}{{ .never.there }}{{ end }}", [("absent-optional", 1, 7)]),
        ('{{ if eq .name "other" }}{{ .never }}{{ end }}', []),
        ('{{ if eq .name "n" }}{{ .never }}{{ end }}', [("absent-field", 1, 25)]),
        ("{{ with .image }}{{ .tag }}{{ .name }}{{ end }}", [("absent-field", 1, 31)]),
        ("{{ range .items }}{{ .k }}{{ end }}", [("no-value", 1, 22)]),
        ("{{ range .items }}{{ with .k }}{{ . }}{{ end }}{{ end }}", []),
        ("{{ range .items }}{{ .q }}{{ end }}", [("absent-field", 1, 22)]),
        ("{{ range $i, $e := .items }}{{ $e.q }}{{ $i }}{{ break }}{{ end }}", [("absent-field", 1, 32)]),
        ("{{ range .empty }}{{ .q }}{{ else }}{{ .r }}{{ end }}", [("absent-field", 1, 40)]),
        ("{{ .nothing }}", [("no-value", 1, 4)]),
        ("{{ $x := .image }}{{ $x.tga }}", [("absent-field", 1, 22)]),
        ('{{ template "p" .image }}{{ define "p" }}{{ .tga }}{{ end }}', [("absent-field", 1, 45)]),
        ('{{ define "p" }}{{ template "p" . }}{{ end }}{{ template "p" . }}', []),
        ("{{ (index .items 0).q }}", [("absent-field", 1, 4)]),
        ("{{ .big }}", [("float-exponent", 1, 4)]),
        ("{{ .big | quote }}{{ quote .big }}", [("float-exponent", 1, 28)]),
        ("{{ .small }}{{ .whole }}{{ int64 .big }}", []),
        ('{{ printf "%.0f" .big }}', []),
    ],
)
def test_data(text: str, found: list[tuple[str, int, int]]) -> None:
    assert _found(text, DATA) == found


def test_functions_that_change_something_are_not_called() -> None:
    data: dict[str, Any] = {"m": {"a": 1}}
    called: list[int] = []
    options = Options(function_sets=("sprig",), funcs={"own": lambda: called.append(1)})
    assert (
        _found('{{ $_ := set .m "b" 2 }}{{ own }}{{ genCA "x" 1 }}{{ (dict "k" .m.a).k }}', data, options=options) == []
    )
    assert data == {"m": {"a": 1}}
    assert called == []


def test_without_data_there_are_no_rules_about_it() -> None:
    assert _found("{{ .nmae }}") == []


def test_a_file_that_others_call_is_looked_at_from_there() -> None:
    sources = [Source("main", '{{ template "part" .image }}'), Source("part", "{{ .tag }}{{ .tga }}")]
    assert [(f.name, f.rule, f.column) for f in lint(sources, SPRIG, DATA)] == [("part", "absent-field", 14)]


def test_the_start_may_be_named() -> None:
    text = '{{ define "a" }}{{ .nmae }}{{ end }}{{ .nmea }}'
    assert _found(text, DATA, start="a") == [("absent-field", 1, 20)]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("{{ uper .name }}", "did you mean upper?"),
        ("{{ .nmae }}", "did you mean name?"),
        ('{{ template "x" }}{{ define "xx" }}{{ template "xx" }}{{ end }}', "did you mean xx?"),
        ("{{ $x := 1 }}", "take it out or call it $_x"),
    ],
)
def test_remedies(text: str, remedy: str) -> None:
    assert _one(text, DATA).remedy == remedy


def test_sprig_is_the_remedy_for_its_functions() -> None:
    assert _one("{{ upper 1 }}", options=Options()).remedy == "it is one of Sprig's: add --funcs sprig"


def test_a_finding_as_text() -> None:
    assert str(_one("a\n{{ .image.tga }}", DATA)) == (
        't:2:4: absent-field: .image.tga: .image (a map[string]interface {} with "repo", "tag") never has tga; '
        "<no value> is printed\n  remedy: did you mean tag?"
    )


def test_delimiters_of_ones_own() -> None:
    assert _found("{{ foo }}[[ foo ]]", options=Options(delims=("[[", "]]"))) == [("unknown-function", 1, 13)]


def test_what_is_no_template() -> None:
    with pytest.raises(ParseError, match="unexpected EOF"):
        _found("{{if .x}}")
    with pytest.raises(InputError, match="no function set"):
        _found("x", options=Options(function_sets=("nope",)))


def test_every_rule_is_told() -> None:
    assert all(RULES.values())
    assert list(RULES) == sorted(RULES)


def test_deep_nesting_ends_well() -> None:
    depth = 5000
    assert _found("{{if .a}}" * depth + "x" + "{{end}}" * depth, {"a": 1}) == []
