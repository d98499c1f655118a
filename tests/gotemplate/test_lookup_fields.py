"""Field access: structs, pointers, methods, interfaces and missing keys, with Go's words for each failure."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import ExecError, Template
from gotemplate import values as go
from gotemplate.values import ANY, ERROR, INT, STRING, Field, Method

POINT = go.struct_type(
    "main.Point",
    [Field("X", INT), Field("Y", INT)],
    [
        Method("Sum", lambda p: p["X"] + p["Y"], (), (INT,)),
        Method("Times", lambda p, n: p.target["X"] * n, (INT,), (INT,), pointer=True),
        Method("Many", lambda p, s, *rest: f"{s}{list(rest)}", (STRING, go.slice_of(INT)), (STRING,), variadic=True),
        Method("Any", lambda p: None, (), (ANY,)),
        Method("Two", lambda p: None, (), (INT, INT)),
    ],
)
LABEL = go.struct_type("main.Label", [Field("N", INT)], [
    Method("String", lambda label: f"label {label.target['N']}", (), (STRING,), pointer=True),
])  # fmt: skip
FAULT = go.struct_type("main.Fault", [Field("Op", STRING)], [Method("Error", lambda f: f["Op"], (), (STRING,))])
OUTER = go.struct_type(
    "main.Outer",
    [
        Field("Point", go.pointer_to(POINT), embedded=True),
        Field("Val", POINT),
        Field("Label", LABEL),
        Field("Err", ERROR),
        Field("Any", ANY),
        Field("Fn", go.func_of((INT,), (INT,))),
        Field("secret", INT),
        Field("Labels", go.slice_of(LABEL)),
        Field("Array", go.array_of(2, INT)),
    ],
)


def outer(**fields: Any) -> Any:
    plain = {"Val": {"X": 1, "Y": 2}, "Label": {"N": 7}, "Labels": [{"N": 1}], "Array": [4, 5], "Fn": lambda n: n + 1}
    return go.make(OUTER, plain | fields)


def data() -> dict[str, Any]:
    embedded = {"X": 3, "Y": 4}
    return {
        "v": outer(Point=embedded),
        "p": go.pointer(outer(Point=embedded, Err=go.make(FAULT, {"Op": "op"}))),
        "nil": go.Pointer(go.pointer_to(OUTER)),
        "bare": outer(),
        "ints": go.make(go.map_of(INT, STRING), {1: "one"}),
        "strings": go.make(go.MAP_STRING_STRING, {"a": "A"}),
    }


def answer(text: str, **options: Any) -> str:
    """Return the output, or the message of the error behind its place."""
    try:
        return Template("t", **options).parse(text).render(data())
    except ExecError as e:
        return f"<{e.node}> {e.message}"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("{{.v.Val.X}} {{.p.Val.Y}}", "1 2"),
        ("{{.v.X}} {{.p.Y}} {{.v.Point.X}}", "3 4 3"),
        ("{{.v.Val.Sum}} {{.p.Val.Sum}} {{.v.Sum}}", "3 3 7"),
        ("{{.p.Val.Times 5}} {{.v.Times 5}} {{5 | .p.Val.Times}}", "5 15 5"),
        ('{{.v.Val.Many "a"}} {{.v.Val.Many "a" 1 2}} {{3 | .v.Val.Many "a" 1}}', "a[] a[1, 2] a[1, 3]"),
        ("{{.v.Val.Any}} {{.v.Val.Any.x}}", "<.v.Val.Any.x> nil pointer evaluating interface {}.x"),
        ("{{.p.Label}} {{.v.Label}}", "label 7 {7}"),
        ("{{with .p.Label}}{{.}}{{end}} {{$l := .p.Label}}{{$l}} {{(.p.Label).N}}", "label 7 label 7 7"),
        ("{{range .v.Labels}}{{.}}{{.N}}{{end}} {{index .v.Labels 0}}", "label 11 label 1"),
        ("{{.p.Err}} {{.v.Err}} {{.strings.a}} {{.strings.b}}", "op <nil> A <no value>"),
        ("{{slice .p.Array 1}} {{index .v.Array 1}}", "[5] 5"),
    ],
)
def test_values(text: str, want: str) -> None:
    assert answer(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("{{.v.Nope}}", "<.v.Nope> can't evaluate field Nope in type interface {}"),
        ("{{.v.Val.Nope}}", "<.v.Val.Nope> can't evaluate field Nope in type main.Point"),
        ("{{.p.Val.Nope.x}}", "<.p.Val.Nope.x> can't evaluate field Nope in type main.Point"),
        ("{{.nil.Val}}", "<.nil.Val> nil pointer evaluating interface {}.Val"),
        ("{{.nil.Nope}}", "<.nil.Nope> can't evaluate field Nope in type interface {}"),
        ("{{with .p}}{{.Nope}}{{end}}", "<.Nope> can't evaluate field Nope in type *main.Outer"),
        ("{{$n := .nil}}{{$n.Val}}", "<$n.Val> nil pointer evaluating *main.Outer.Val"),
        ("{{.v.secret}}", "<.v.secret> secret is an unexported field of struct type interface {}"),
        ("{{with .p}}{{.secret}}{{end}}", "<.secret> secret is an unexported field of struct type *main.Outer"),
        ("{{.bare.X}}", "<.bare.X> reflect: indirection through nil pointer to embedded struct field Point"),
        ("{{.v.Val.Times 5}}", "<.v.Val.Times> can't evaluate field Times in type main.Point"),
        ("{{.v.Val.X 1}}", "<.v.Val.X> X has arguments but cannot be invoked as function"),
        ("{{.v.Val.Sum 1}}", "<.v.Val.Sum> wrong number of args for Sum: want 0 got 1"),
        ("{{.v.Val.Many}}", "<.v.Val.Many> wrong number of args for Many: want at least 1 got 0"),
        ("{{.v.Val.Many 1}}", "<1> expected string; found 1"),
        ("{{.v.Val.Many .v}}", "<.v> wrong type for value; expected string; got main.Outer"),
        (
            "{{.v.Val.Two}}",
            "<.v.Val.Two> invalid function signature for Two: second return value should be error; is int",
        ),
        ("{{.ints.a}}", "<.ints.a> can't evaluate field a in type interface {}"),
        ("{{.v.Err.Op}}", "<.v.Err.Op> nil pointer evaluating error.Op"),
        ("{{.p.Err.Nope}}", "<.p.Err.Nope> can't evaluate field Nope in type error"),
        ("{{with .p.Err}}{{.Nope}}{{end}}", "<.Nope> can't evaluate field Nope in type error"),
        ("{{.v.Fn}}", "<{{.v.Fn}}> can't print {{.v.Fn}} of type func(int) int"),
        ("{{range .v.Err}}{{end}}", "<.v.Err> range can't iterate over <nil>"),
        ("{{slice .v.Array 1}}", "<slice .v.Array 1> error calling slice: reflect.Value.Slice: slice of unaddressable array"),
    ],
)  # fmt: skip
def test_failures(text: str, want: str) -> None:
    assert answer(text) == want


@pytest.mark.parametrize(
    ("mode", "text", "want"),
    [
        ("default", "{{.q}}", "<no value>"),
        ("invalid", "{{.q.r}}", "<no value>"),
        ("zero", "{{.q}}|{{.strings.q}}|", "<no value>||"),
        ("zero", "{{.q.r}}", "<.q.r> nil pointer evaluating interface {}.r"),
        ("zero", "{{.strings.q.r}}", "<.strings.q.r> can't evaluate field r in type string"),
        ("error", "{{.q}}", '<.q> map has no entry for key "q"'),
        ("error", "{{print .q}}", '<.q> map has no entry for key "q"'),
        ("error", '{{index . "q"}}', "<no value>"),
        ("error", '{{template "x"}}{{define "x"}}{{.q}}{{end}}', '<.q> nil data; no entry for key "q"'),
    ],
)
def test_missing_keys(mode: str, text: str, want: str) -> None:
    assert answer(text, missingkey=mode) == want


def test_methods_of_maps_come_before_their_keys() -> None:
    counted = go.named("main.Dict", go.map_of(STRING, INT), [Method("Total", lambda d: sum(d.values()), (), (INT,))])
    mapping = go.make(counted, {"a": 1, "Total": 5})
    assert Template("t").parse('{{.Total}} {{.a}} {{index . "Total"}}').render(mapping) == "6 1 5"


def test_subclasses_of_dict_may_compute_their_elements() -> None:
    class Computed(dict[str, Any]):
        def __missing__(self, key: str) -> str:
            return key.upper()

    assert Template("t").parse("{{.abc}} {{.m.x}}").render(Computed(m=Computed())) == "ABC X"


def test_fields_filled_in_late() -> None:
    class Lazy(go.Struct):
        def __missing__(self, name: str) -> Any:
            if name == "X":
                return 42
            return super().__missing__(name)

    assert Template("t").parse("{{.X}} {{.Y}}").render(Lazy(POINT)) == "42 0"
