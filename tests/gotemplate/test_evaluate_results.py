"""What templates print: one row a rule, each answer taken from Go."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import Template

DATA: dict[str, Any] = {
    "a": 1,
    "s": "str",
    "nil": None,
    "yes": True,
    "half": 1.5,
    "empty": "",
    "m": {"x": {"y": 5, "n": None}, "k": "v"},
    "l": [1, "two", None, {"k": "v"}],
    "el": [],
}

VALUES = [
    ("text only", "text only"),
    ("{{.a}}|{{.s}}|{{.yes}}|{{.half}}", "1|str|true|1.5"),
    ("{{.nil}}|{{.missing}}|{{.missing.x.y}}", "<no value>|<no value>|<no value>"),
    ("{{.m.x.y}} {{$.m.k}}", "5 v"),
    ("{{.l}} {{.m}}", "[1 two <nil> map[k:v]] map[k:v x:map[n:<nil> y:5]]"),
    ("{{print .nil .missing}} {{html .nil .missing}}", "<nil> <nil> &lt;no value&gt;&lt;no value&gt;"),
    ("{{(index .l 3).k}}", "v"),
    ("{{((((.a))))}}", "1"),
    ('{{1 | printf "%d-%d" 2}}', "2-1"),
    ("{{\"quoted\" | len}} {{`raw`}} {{'x'}} {{0x1F}} {{1e3}} {{1i}}", "6 raw 120 31 1000 (0+1i)"),
    ("{{true}}{{false}}", "truefalse"),
    ("a{{- 1 -}} b", "a1b"),
]

BRANCHES = [
    ("{{if .a}}T{{else}}F{{end}}{{if .el}}T{{else}}F{{end}}{{if .missing}}T{{else}}F{{end}}", "TFF"),
    ("{{if .empty}}1{{else if .nil}}2{{else if .s}}3{{else}}4{{end}}", "3"),
    ("{{with .m.x}}{{.y}}{{end}}{{with .nil}}{{else}}none{{end}}", "5none"),
    ("{{with .nil}}1{{else with .m}}{{.k}}{{end}}", "v"),
    ("{{with $x := .s}}{{$x}}{{.}}{{end}}{{if $y := .a}}{{$y}}{{end}}", "strstr1"),
    ("{{if $x := .el}}{{else}}{{$x}}{{end}}", "[]"),
    (
        "{{if and .a .s}}both{{end}}{{if or .nil .missing}}{{else}}neither{{end}}{{if not .el}}not{{end}}",
        "bothneithernot",
    ),
]

LOGIC = [
    ("{{and .a .s}} {{and .empty .s}} {{or .empty .s}} {{or .nil .empty}}.", "str  str ."),
    ("{{or .a (index .l 99)}} {{and .empty (index .l 99)}}", "1 "),
    ("{{1 | and 0}} {{1 | and 2}} {{0 | or 3}} {{4 | or}}", "0 1 3 4"),
    ("{{or .missing .nil}} {{and .missing 1}}", "<no value> <no value>"),
]

CALLS = [
    ('{{define "x"}}<{{.}}{{$}}>{{end}}{{template "x" .a}}{{template "x"}}', "<11><<no value><no value>>"),
    ('{{block "b" .m}}{{.k}}{{end}}', "v"),
    ('{{template "x" $y := .s}}{{$y}}{{define "x"}}[{{.}}]{{end}}', "[str]str"),
    ('{{define "loop"}}{{if .}}{{len .}}{{template "loop" (slice . 1)}}{{end}}{{end}}{{template "loop" .s}}', "321"),
]


@pytest.mark.parametrize(("text", "want"), VALUES + BRANCHES + LOGIC + CALLS)
def test_output(text: str, want: str) -> None:
    assert Template("t").parse(text).render(DATA) == want


def test_data_may_be_anything() -> None:
    template = Template("t").parse("{{.}}")
    assert [template.render(d) for d in (1, "x", None, [1], {"a": 1})] == ["1", "x", "<no value>", "[1]", "map[a:1]"]


def test_bytes_of_one_character_come_together_again() -> None:
    assert Template("t").parse("{{slice .s 0 1}}{{slice .s 1}}").render({"s": "é"}) == "é"


def test_a_lone_byte_stays_as_it_is() -> None:
    assert Template("t").parse("{{slice .s 1}}").render({"s": "é"}) == "\udca9"


def test_execute_writes_piece_by_piece() -> None:
    pieces: list[str] = []
    Template("t").parse("a{{.}}b{{.}}").execute(pieces.append, 1)
    assert pieces == ["a", "1", "b", "1"]


def test_what_the_writer_returns_does_not_matter() -> None:
    pieces: list[str] = []

    def write(text: str) -> int:
        pieces.append(text)
        return len(text)

    Template("t").parse("{{range .}}x{{if eq . 3}}{{break}}{{end}}{{end}}").execute(write, [1, 2, 3, 4])
    assert "".join(pieces) == "xxx"
