"""Arguments of functions with a Go signature: counts, literals that adapt, assignability, and what the callee gets."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import ExecError, Template
from gotemplate import values as go
from gotemplate.values import ANY, BOOL, COMPLEX128, FLOAT64, INT, REFLECT_VALUE, STRING, UINT8, Field, Func, Method

POINT = go.struct_type("main.Point", [Field("X", INT)], [
    Method("String", lambda p: f"P{p['X']}", (), (STRING,)),
])  # fmt: skip
WORDS = go.named("main.Words", go.slice_of(STRING))


def shows(*params: go.Type, variadic: bool = False) -> Func:
    """Return a function that prints the types and values it is given."""

    def show(*args: Any) -> str:
        return " ".join(f"{go.type_name(a)}:{go.indirect(a)!r}" if a is not go.MISSING else "missing" for a in args)

    return Func(go.func_of(params, (STRING,), variadic=variadic), show)


FUNCS: dict[str, Any] = {
    "any": shows(ANY),
    "int": shows(INT),
    "small": shows(UINT8),
    "float": shows(FLOAT64),
    "complex": shows(COMPLEX128),
    "bool": shows(BOOL),
    "str": shows(STRING),
    "two": shows(INT, STRING),
    "rest": shows(STRING, go.slice_of(INT), variadic=True),
    "map": shows(go.MAP_STRING_ANY),
    "words": shows(WORDS),
    "point": shows(POINT),
    "pointer": shows(go.pointer_to(POINT)),
    "stringer": shows(go.STRINGER),
    "value": shows(REFLECT_VALUE),
    "python": lambda *args: repr(args),
}

DATA: dict[str, Any] = {
    "i": 1,
    "s": "x",
    "nil": None,
    "m": {"a": 1},
    "words": go.make(go.slice_of(STRING), ["a"]),
    "p": go.pointer(go.make(POINT, {"X": 1})),
    "v": go.make(POINT, {"X": 2}),
    "list": go.make(go.slice_of(POINT), [{"X": 3}]),
    "np": go.Pointer(go.pointer_to(POINT)),
}


def answer(text: str) -> str:
    try:
        return Template("t", funcs=FUNCS).parse(text).render(DATA)
    except ExecError as e:
        return f"<{e.node}> {e.message}"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("{{int 5}} {{int 1e3}} {{int 'a'}}", "int:5 int:1000 int:97"),
        ("{{small 200}} {{small 300}}", "uint8:200 uint8:44"),
        ("{{float 5}} {{float 1.5}} {{complex 2i}}", "float64:5.0 float64:1.5 complex128:2j"),
        ("{{any 5}} {{any 5.0}} {{any `s`}} {{any true}} {{any nil}}", "int:5 float64:5.0 string:'s' bool:True <nil>:None"),
        ("{{int 1.5}}", "<1.5> expected integer; found 1.5"),
        ("{{small -1}}", "<-1> expected unsigned integer; found -1"),
        ('{{float "x"}}', '<"x"> expected float; found "x"'),
        ("{{complex true}}", "<true> expected complex; found true"),
        ("{{bool 1}}", "<1> expected bool; found 1"),
        ("{{str 1}}", "<1> expected string; found 1"),
        ("{{int nil}}", "<nil> cannot assign nil to int"),
        ("{{map 1}}", "<1> can't handle 1 for arg of type map[string]interface {}"),
        ("{{stringer 1}}", "<1> can't handle 1 for arg of type fmt.Stringer"),
    ],
)  # fmt: skip
def test_literals(text: str, want: str) -> None:
    assert answer(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("{{int .i}} {{.i | int}} {{str .s}}", "int:1 int:1 string:'x'"),
        ("{{str .i}}", "<.i> wrong type for value; expected string; got int"),
        ("{{.i | str}}", "<str> wrong type for value; expected string; got int"),
        ("{{small .i}}", "<.i> wrong type for value; expected uint8; got int"),
        ("{{str .nil}}", "<.nil> wrong type for value; expected string; got interface {}"),
        ("{{str .missing}}", "<.missing> invalid value; expected string"),
        ("{{.nil | str}}", "<str> invalid value; expected string"),
        ("{{str (.nil)}}", "<.nil> invalid value; expected string"),
        ("{{any .nil}} {{any .missing}} {{.missing | any}}", "<nil>:None <nil>:None <nil>:None"),
        ("{{value .nil}} {{value .missing}} {{value nil}}", "<nil>:None missing missing"),
        ("{{map .m}} {{words .words}}", "map[string]interface {}:{'a': 1} main.Words:['a']"),
        ("{{map .missing}} {{map nil}}", "map[string]interface {}:{} map[string]interface {}:{}"),
        ("{{point .v}} {{point .p}}", "main.Point:{'X': 2} main.Point:{'X': 1}"),
        ("{{point .np}}", "<.np> dereference of nil pointer of type main.Point"),
        ("{{pointer .p}} {{pointer (index .list 0)}}", "*main.Point:{'X': 1} *main.Point:{'X': 3}"),
        ("{{pointer .v}}", "<.v> wrong type for value; expected *main.Point; got main.Point"),
        ("{{stringer .v}} {{stringer .p}}", "main.Point:{'X': 2} *main.Point:{'X': 1}"),
        ("{{stringer .i}}", "<.i> wrong type for value; expected fmt.Stringer; got int"),
        ("{{int (or 0 .s)}}", "<.s> wrong type for value; expected int; got string"),
    ],
)
def test_values(text: str, want: str) -> None:
    assert answer(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("{{two 1}}", "<two> wrong number of args for two: want 2 got 1"),
        ("{{1 | two 2 `x`}}", "<two> wrong number of args for two: want 2 got 3"),
        ("{{`x` | two 1}}", "int:1 string:'x'"),
        ("{{rest}}", "<rest> wrong number of args for rest: want at least 1 got 0"),
        ("{{rest `a`}} {{rest `a` 1 2}} {{3 | rest `a` 1}}", "string:'a' string:'a' int:1 int:2 string:'a' int:1 int:3"),
        ("{{`a` | rest}}", "string:'a'"),
        ("{{rest `a` `b`}}", "<`b`> expected integer; found `b`"),
        ("{{.s | rest `a`}}", "<`a`> wrong type for value; expected int; got string"),
        ("{{python}} {{python 1 nil .missing}} {{.s | python 1.5}}", "() (1, None, None) (1.5, 'x')"),
    ],
)  # fmt: skip
def test_counts(text: str, want: str) -> None:
    assert answer(text) == want


def test_counts_are_checked_when_the_call_is_reached() -> None:
    assert answer("{{if .nil}}{{two}}{{end}}fine") == "fine"


def test_functions_shadow_builtins() -> None:
    funcs = {"len": lambda x: "mine", "or": lambda *args: f"all {len(args)}"}
    assert Template("t", funcs=funcs).parse("{{len 1}} {{or 1 2 (len 3)}}").render() == "mine all 3"


def test_functions_may_return_functions_and_nil() -> None:
    add = Func(go.func_of((INT,), (INT,)), lambda n: n + 1)
    template = Template("t", funcs={"get": lambda: add, "nothing": lambda: None})
    assert template.parse("{{call get 1}} {{nothing}} {{print nothing}}").render() == "2 <no value> <nil>"
