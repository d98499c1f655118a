"""Formatting: the insides of actions as nodes print themselves, everything else byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotemplate import ParseError
from gotemplate.formatting import ANY_FUNCTION, format_text, same_tree
from gotemplate.parser import parse

ROWS = [
    ("{{.x}}", "{{.x}}"),
    ("{{ .x }}", "{{ .x }}"),
    ("{{   .x}}", "{{ .x }}"),
    ("{{.x   }}", "{{.x}}"),
    ("{{-   .x   -}}", "{{- .x -}}"),
    ("{{-   .x}}", "{{- .x}}"),
    ("{{.x   -}}", "{{.x -}}"),
    ("{{ -3 }} {{- -3 -}}", "{{ -3 }} {{- -3 -}}"),
    ("{{.a|f  1|g}}", "{{.a | f 1 | g}}"),
    ("{{f ( g  .x ).y  `raw  text`   'c'  1+2i }}", "{{f (g .x).y `raw  text` 'c' 1+2i}}"),
    ("{{$x:=1}}{{$x  =  2}}{{range $i,$e:=.l}}{{$e}}{{end}}", "{{$x := 1}}{{$x = 2}}{{range $i, $e := .l}}{{$e}}{{end}}"),
    ("{{ if  .a }}x{{  else   if .b}}y{{ else }}z{{  end  }}", "{{ if .a }}x{{ else if .b }}y{{ else }}z{{ end }}"),
    ("{{with  $x := .a}}{{else with   .b}}{{end}}", "{{with $x := .a}}{{else with .b}}{{end}}"),
    ('{{define   "x"}}{{end}}{{template  `x`  .a}}', '{{define "x"}}{{end}}{{template `x` .a}}'),
    ('{{block "y"  .}}{{end}}', '{{block "y" .}}{{end}}'),
    ("{{range .x}}{{ break  }}{{continue  }}{{end}}", "{{range .x}}{{ break }}{{continue}}{{end}}"),
    ("{{/*   a  comment  */}}{{- /* b */ -}}", "{{/*   a  comment  */}}{{- /* b */ -}}"),
    ("  text  {{  .x}}\r\n\ttext\t", "  text  {{ .x }}\r\n\ttext\t"),
    ('{{dict  "a"  1\n      "b"    (list 1  2)\n}}', '{{dict "a" 1\n      "b" (list 1 2)\n}}'),
    ("{{\n  .x|f\n}}", "{{\n  .x | f\n}}"),
    ("é{{  `日`|f}}é\udcff", "é{{ `日` | f }}é\udcff"),
    ("{{unknownFunction  .x}}", "{{unknownFunction .x}}"),
    ("{{.x|f  |}}{{ (.y  | ) }}", "{{.x | f |}}{{ (.y |) }}"),
    ("no actions", "no actions"),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "formatted"), ROWS)
def test_formatted(text: str, formatted: str) -> None:
    assert format_text("t", text) == formatted


@pytest.mark.parametrize("text", [formatted for _, formatted in ROWS])
def test_formatting_again_changes_nothing(text: str) -> None:
    assert format_text("t", text) == text


def test_delimiters_of_ones_own() -> None:
    assert format_text("t", "[[  .x|f]]{{  .x|f}}", "[[", "]]") == "[[ .x | f ]]{{  .x|f}}"
    assert format_text("t", "<-  .x|f ->", "<-", "->") == "<- .x | f ->"


def test_what_is_no_template() -> None:
    with pytest.raises(ParseError, match="unexpected EOF"):
        format_text("t", "{{if  .x}}")


PIECES = [
    "{{", "}}", "{{-", "-}}", " ", "  ", "\n", ".x", ".y.z", "$x", ":=", "=", "|", "(", ")", "if", "range", "with",
    "else", "end", "define", "template", "block", '"a"', "`b`", "1", "-1", "'c'", "f", "text", "/* c */", ",", "é",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_parses_keeps_its_trees(text: str) -> None:
    _keeps_its_trees(text)


@given(
    st.lists(st.sampled_from(PIECES[4:16] + PIECES[23:32]), max_size=9).map(lambda words: "{{" + " ".join(words) + "}}")
)
def test_whatever_action_parses_keeps_its_tree(text: str) -> None:
    _keeps_its_trees(text)


def _keeps_its_trees(text: str) -> None:
    try:
        before = parse("t", text, funcs=ANY_FUNCTION, mode_comments=True)
    except ParseError:
        return
    after = parse("t", format_text("t", text), funcs=ANY_FUNCTION, mode_comments=True)
    assert list(before) == list(after)
    assert all(same_tree(before[name].root, after[name].root) for name in before)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("{{.x}}", "{{  .x  }}", True),
        ("{{.x}}", "{{.y}}", False),
        ("{{.x}}", "{{$.x}}", False),
        ("a{{.x}}", "{{.x}}", False),
        ("{{1}}", "{{1.0}}", False),
        ('{{"a"}}', "{{`a`}}", False),
        ("{{if .x}}{{end}}", "{{with .x}}{{end}}", False),
        ("{{/* a */}}", "{{/* b */}}", False),
    ],
)
def test_same_tree(a: str, b: str, same: bool) -> None:
    trees = [parse("t", text, funcs=ANY_FUNCTION, mode_comments=True)["t"].root for text in (a, b)]
    assert same_tree(*trees) is same
