"""The figures of a template that are known before its parts are built."""

from __future__ import annotations

import pytest

from gotemplate.builtin_funcs import BUILTINS
from gotemplate.outline import FIRST_SLOT, Outline
from gotemplate.parser import parse


def outline(text: str) -> Outline:
    return Outline(parse("t", text, funcs=BUILTINS)["t"].root)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("", 0),
        ("{{$x := 1}}{{$x = 2}}{{$x := 3}}", 2),
        ("{{if $x := .}}{{$y := .}}{{else}}{{$z := .}}{{end}}", 3),
        ("{{range .}}{{end}}", 1),
        ("{{range $i, $e := .}}{{$y := .}}{{end}}", 4),
        ("{{$i := 0}}{{$e := 0}}{{range $i, $e = .}}{{end}}", 3),
        ("{{print ($x := 1) (len ($y := `a`))}}{{($z := .).a}}", 3),
        ("{{template `t` ($x := 1)}}", 1),
    ],
)
def test_slots(text: str, slots: int) -> None:
    assert outline(text).slots == FIRST_SLOT + slots


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("a{{.}}", 1),
        ("{{if .}}{{end}}{{with .}}{{end}}", 2),
        ("{{if .}}{{else if .}}{{else}}{{range .}}{{end}}{{end}}", 4),
    ],
)
def test_lists(text: str, lists: int) -> None:
    assert outline(text).lists == lists


@pytest.mark.parametrize(
    ("text", "pipelines"),
    [
        ("a", 0),
        ("{{.}}", 1),
        ("{{print (len .)}}", 2),
        ("{{print (((len (print .))))}}", 3),
        ("{{(print (.a).b).c}}", 3),
    ],
)
def test_pipelines(text: str, pipelines: int) -> None:
    assert outline(text).pipelines == pipelines


@pytest.mark.parametrize(
    ("text", "jumping"),
    [
        ("{{range .}}{{end}}", 0),
        ("{{range .}}{{break}}{{end}}", 1),
        ("{{range .}}{{if .}}{{continue}}{{else}}a{{end}}{{end}}", 2),
        ("{{range .}}{{range .}}{{break}}{{end}}{{end}}", 1),
        ("{{range .}}{{range .}}{{else}}{{break}}{{end}}{{end}}", 2),
        ("{{if .}}{{range .}}{{with .}}{{else}}{{if .}}{{break}}{{end}}{{end}}{{end}}{{end}}", 3),
    ],
)
def test_jumping(text: str, jumping: int) -> None:
    assert len(outline(text).jumping) == jumping
