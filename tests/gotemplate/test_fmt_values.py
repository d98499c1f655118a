"""Values of declared types: their own methods come first, then their kind decides."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import values
from gotemplate.fmt import format_value, sprint, sprintf, sprintln
from gotemplate.values import MISSING, STRING, Field, Method, Struct

COLOUR = values.named("main.Colour", values.INT, (Method("String", lambda c: f"colour {int(c)}", (), (STRING,)),))
POINT = values.struct_type("main.Point", (Field("X", values.INT), Field("hidden", COLOUR)))
NODE = values.struct_type("main.Node", (Field("N", values.INT),))
NODE.methods = {"String": Method("String", lambda p: f"node {p.target['N']}", (), (STRING,), pointer=True)}


def _broken(_: int) -> str:
    raise ValueError("boom")


BROKEN = values.named("main.Broken", values.INT, (Method("String", _broken, (), (STRING,)),))
RED = values.make(COLOUR, 1)
CORNER = Struct(POINT, {"X": 1, "hidden": RED})

CASES: list[tuple[str, Any, str]] = [
    ("%v", RED, "colour 1"),
    ("%d", RED, "1"),
    ("%#v", RED, "1"),
    ("%q", [RED], '["colour 1"]'),
    ("%v", CORNER, "{1 1}"),
    ("%+v", CORNER, "{X:1 hidden:1}"),
    ("%#v", CORNER, "main.Point{X:1, hidden:1}"),
    ("%v", values.pointer(CORNER), "&{1 1}"),
    ("%v", values.zero(values.pointer_to(POINT)), "<nil>"),
    ("%s", values.zero(values.pointer_to(POINT)), "%!s(*main.Point=<nil>)"),
    ("%v", values.make(BROKEN, 3), "%!v(PANIC=String method: boom)"),
    ("%v", values.make(values.slice_of(values.INT), [1, 2]), "[1 2]"),
    ("%#v", values.zero(values.slice_of(values.INT)), "[]int(nil)"),
    ("%v", {2: "b", 1: "a"}, "map[1:a 2:b]"),
    ("%v", b"ab", "[97 98]"),
    ("%s", b"ab", "ab"),
    ("%#v", b"ab", "[]byte{0x61, 0x62}"),
    ("%#v", values.make(values.UINT8, 5), "0x5"),
    ("%v", values.make(values.FLOAT32, 0.1), "0.1"),
    ("%.1f", 1 + 2.25j, "(1.0+2.2i)"),
]


@pytest.mark.parametrize(("form", "value", "text"), CASES)
def test_values(form: str, value: Any, text: str) -> None:
    assert sprintf(form, value) == text


def test_an_action_follows_pointers_and_marks_nil() -> None:
    assert format_value(values.pointer(5)) == "5"
    assert format_value(values.pointer(Struct(NODE, {"N": 2}))) == "node 2"
    assert format_value(Struct(NODE, {"N": 2})) == "{2}"
    assert format_value(None) == format_value(MISSING) == "<no value>"


def test_spaces_between_operands() -> None:
    assert sprint("a", 1, 2, "b", 3.0, None, True) == "a1 2b3 <nil> true"
    assert sprintln("a", 1, None) == "a 1 <nil>\n"


def test_an_address_stays_the_same_while_the_value_lives() -> None:
    held = {"a": 1}
    assert sprintf("%p", held) == sprintf("%p", held)
    assert sprintf("%p", held).startswith("0xc0")
    assert sprintf("%p", 5) == "%!p(int=5)"
