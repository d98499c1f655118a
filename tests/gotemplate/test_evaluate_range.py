"""``range`` over every kind, its variables, and ``break`` and ``continue``."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from gotemplate import ExecError, Template
from gotemplate import values as go
from gotemplate.values import ANY, BOOL, INT, STRING


def seq(*elements: Any, of: tuple[go.Type, ...] = (INT,)) -> go.Seq:
    return go.Seq(go.func_of((go.func_of(of, (BOOL,)),), ()), lambda: elements)


def data() -> dict[str, Any]:
    return {
        "l": ["a", "b", "c"],
        "m": {"b": 2, "a": 1, "é": 3},
        "el": [],
        "em": {},
        "nil": None,
        "n": 3,
        "ints": go.make(go.map_of(INT, STRING), {10: "x", 9: "y", -1: "z"}),
        "floats": go.Map(go.map_of(go.FLOAT64, INT), {1.5: 1, float("nan"): 2, -1.0: 3}),
        "seq": seq(7, 8),
        "pairs": seq(("k", 1), ("l", 2), of=(STRING, INT)),
        "none": seq(),
        "chan": go.make(go.chan_of(INT), [5, 6]),
        "nilchan": go.zero(go.chan_of(INT)),
        "u": go.make(go.UINT8, 2),
        "bytes": b"ab",
        "p": go.pointer(["x"]),
        "np": go.Pointer(go.pointer_to(go.SLICE_STRING)),
        "fn": len,
    }


def answer(text: str, **options: Any) -> str:
    try:
        return Template("t", **options).parse(text).render(data())
    except ExecError as e:
        return f"{e.partial}<{e.node}> {e.message}"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("{{range .l}}{{.}}{{end}} {{range $x := .l}}{{$x}}{{end}}", "abc abc"),
        ("{{range $i, $x := .l}}{{$i}}{{$x}}{{end}}", "0a1b2c"),
        ("{{range .m}}{{.}}{{end}} {{range $k, $v := .m}}{{$k}}{{$v}}{{end}}", "123 a1b2é3"),
        ("{{range $k, $v := .ints}}{{$k}}{{$v}} {{end}}", "-1z 9y 10x "),
        ("{{range $k, $v := .floats}}{{$k}} {{end}}", "NaN -1 1.5 "),
        ("{{range .n}}{{.}}{{end}} {{range $i := 2}}{{$i}}{{end}} {{range .u}}{{printf `%T` .}}{{end}}", "012 01 uint8uint8"),
        ("{{range .seq}}{{.}}{{end}} {{range $x := .seq}}{{$x}}{{end}}", "78 78"),
        ("{{range $k, $v := .pairs}}{{$k}}{{$v}}{{end}} {{range $k := .pairs}}{{$k}}{{.}}{{end}}", "k1l2 kkll"),
        ("{{range $i, $x := .chan}}{{$i}}{{$x}}{{end}}{{range .chan}}{{else}}drained{{end}}", "0516drained"),
        ("{{range .bytes}}{{.}} {{end}}{{range .p}}{{.}}{{end}}", "97 98 x"),
    ],
)  # fmt: skip
def test_rounds(text: str, want: str) -> None:
    assert answer(text) == want


@pytest.mark.parametrize("name", [".el", ".em", ".nil", ".missing", ".none", ".nilchan", "0", "-1"])
def test_else(name: str) -> None:
    assert answer(f"{{{{range {name}}}}}body{{{{else}}}}none{{{{end}}}}") == "none"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("{{range .l}}{{if eq . `b`}}{{break}}{{end}}{{.}}{{end}}!", "a!"),
        ("{{range .l}}{{if eq . `b`}}{{continue}}{{end}}{{.}}{{end}}!", "ac!"),
        ("{{range .l}}{{range $.n}}{{if .}}{{break}}{{end}}{{.}}{{end}}{{.}}{{end}}", "0a0b0c"),
        ("{{range .l}}{{with .}}{{if true}}x{{continue}}{{end}}{{end}}never{{end}}", "xxx"),
        (
            "{{range .l}}{{range $.el}}{{else}}x{{break}}never{{end}}{{.}}{{end}}!",
            "xaxbxc!",
        ),  # it breaks the inner range
        ("{{range .l}}{{range $.el}}{{else}}x{{continue}}{{end}}never{{end}}!", "xxx!"),
        ("{{range .l}}{{range $.el}}{{else}}{{with $.n}}{{$y := .}}{{break}}{{end}}never{{end}}{{.}}{{end}}!", "abc!"),
        ("{{range .l}}{{range $.el}}{{else}}{{range $.el}}{{else}}x{{break}}{{end}}y{{end}}{{.}}{{end}}", "xyaxybxyc"),
        ("{{range .l}}{{range $.el}}{{else}}{{range $.l}}({{break}}{{end}}q{{break}}{{end}}{{.}}{{end}}", "(qa(qb(qc"),
        ("{{range .l}}{{$y := .}}{{range $.el}}{{else}}{{$y = 1}}{{break}}{{end}}{{$y}}{{end}}", "111"),
        (
            "{{range .l}}{{range $.el}}{{else}}{{if eq $.n 3}}{{if eq . `b`}}{{break}}{{end}}{{continue}}{{end}}{{end}}{{.}}{{end}}",
            "b",
        ),
        ("{{range $i, $x := .l}}{{if $i}}{{break}}{{end}}{{$x}}{{end}}", "a"),
    ],
)
def test_jumps(text: str, want: str) -> None:
    assert answer(text) == want
    assert answer(text, tier="code") == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("{{$x := 0}}{{range $x = .l}}{{end}}{{$x}}", "c"),
        ("{{$i := 0}}{{$x := 0}}{{range $i, $x = .l}}{{end}}{{$i}}{{$x}}", "2c"),
        ("{{$x := 0}}{{range $x = .el}}{{else}}{{$x}}{{end}}{{$x}}", "[][]"),
        ("{{range $i, $x := .el}}{{else}}{{$i}}{{$x}}{{end}}", "[][]"),
        ("{{$last := 0}}{{range $x := .l}}{{$last = $x}}{{end}}{{$last}}", "c"),
        ("{{range $x := .l}}{{$y := $x}}{{$y}}{{end}}", "abc"),
        ("{{range $x := .l}}{{or 1 ($x := 2)}}{{$x}}{{end}}", "1a1b1c"),
    ],
)
def test_variables(text: str, want: str) -> None:
    assert answer(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("{{range `abc`}}{{end}}", "<`abc`> range can't iterate over abc"),
        ("{{range true}}{{end}}", "<true> range can't iterate over true"),
        ("{{range .np}}{{end}}", "<.np> range can't iterate over <nil>"),
        ("{{range $i, $x := .n}}{{end}}", "<.n> can't use 3 to iterate over more than one variable"),
        ("{{range $x := .l}}{{$x = 5}}{{$x.y}}{{end}}", "<$x.y> can't evaluate field y in type int"),
        ("{{range $x := .l}}{{$x.y}}{{end}}", "<$x.y> can't evaluate field y in type interface {}"),
        ("{{range $k, $v := .m}}{{$k.y}}{{end}}", "<$k.y> can't evaluate field y in type string"),
        ("{{range .ints}}{{.y}}{{end}}", "<.y> can't evaluate field y in type string"),
        ("{{$x := 0}}{{range $x = .l}}{{end}}{{$x.y}}", "<$x.y> can't evaluate field y in type interface {}"),
        ("{{range $x := .el}}{{else}}{{$x.y}}{{end}}", "<$x.y> can't evaluate field y in type []interface {}"),
    ],
)
def test_failures(text: str, want: str) -> None:
    assert answer(text) == want


def test_iterators_are_not_read_ahead() -> None:
    endless = go.Seq(go.func_of((go.func_of((INT,), (BOOL,)),), ()), itertools.count)
    assert Template("t").parse("{{range .}}{{.}}{{if eq . 3}}{{break}}{{end}}{{end}}").render(endless) == "0123"


def test_keys_held_in_interfaces() -> None:
    mapping = go.Map(go.map_of(ANY, ANY), {"a": 1})
    with pytest.raises(ExecError, match=r"can't evaluate field x in type interface \{\}"):
        Template("t").parse("{{range $k, $v := .}}{{$k.x}}{{end}}").render(mapping)
