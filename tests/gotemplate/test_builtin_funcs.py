"""The table of builtins: Go signatures, and comparisons of what has no basic kind."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import values
from gotemplate.builtin_funcs import BUILTINS, eq, ge, js, lt, ne, urlquery
from gotemplate.errors import FuncError
from gotemplate.values import MISSING, Field, Struct


def test_the_table_holds_every_builtin_of_go() -> None:
    assert sorted(BUILTINS) == (
        [
            "and",
            "call",
            "eq",
            "ge",
            "gt",
            "html",
            "index",
            "js",
            "le",
            "len",
            "lt",
            "ne",
            "not",
            "or",
            "print",
            "printf",
            "println",
            "slice",
            "urlquery",
        ]
    )
    assert BUILTINS["printf"].go_type.name == "func(string, ...interface {}) string"
    assert BUILTINS["eq"].go_type.name == "func(reflect.Value, ...reflect.Value) (bool, error)"


PAIR = values.struct_type("main.Pair", (Field("A", values.ANY),))
EQUAL: list[tuple[Any, Any, bool]] = [
    (1, values.make(values.UINT8, 1), True),
    (-1, values.make(values.UINT64, 2**64 - 1), False),
    (None, MISSING, True),
    (None, "x", False),
    (values.zero(values.pointer_to(PAIR)), None, True),
    (Struct(PAIR, {"A": 1}), Struct(PAIR, {"A": 1}), True),
    (Struct(PAIR, {"A": 1}), Struct(PAIR, {"A": 1.0}), False),
    (float("nan"), float("nan"), False),
    ("\udcc3\udca9", "é", True),
]


@pytest.mark.parametrize(("one", "other", "equal"), EQUAL)
def test_equality(one: Any, other: Any, equal: bool) -> None:
    assert eq(one, other) is equal
    assert ne(one, other) is not equal


REFUSED: list[tuple[Any, Any, str]] = [
    (1, "a", "incompatible types for comparison: int and string"),
    (True, 1, "incompatible types for comparison: bool and int"),
    ([1], [1], "non-comparable type [%!s(int=1)]: []interface {}"),
    ([1], {}, "non-comparable types [%!s(int=1)]: []interface {}, map[string]interface {}: map[]"),
    (Struct(PAIR, {"A": [1]}), Struct(PAIR, {"A": [1]}), "runtime error: comparing uncomparable type []interface {}"),
]


@pytest.mark.parametrize(("one", "other", "text"), REFUSED)
def test_what_cannot_be_compared(one: Any, other: Any, text: str) -> None:
    with pytest.raises(FuncError) as caught:
        eq(one, other)
    assert str(caught.value) == text


def test_order() -> None:
    assert lt(-1, values.make(values.UINT64, 0))
    assert lt("\udcff", "\U0010ffff") is False
    assert ge(float("nan"), 1.0)
    with pytest.raises(FuncError, match=r"^invalid type for comparison$"):
        lt(None, 1)
    with pytest.raises(FuncError, match=r"^missing argument for comparison$"):
        eq(1)


def test_escapers_print_their_arguments_first() -> None:
    assert js("<é\u200b=", 1, 2) == r"\u003Cé\u200B\u003D1 2"
    assert urlquery("a b&", None) == "a+b%26%3Cno+value%3E"
