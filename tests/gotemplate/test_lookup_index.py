"""``index``, ``slice``, ``len`` and ``call`` on every kind of value."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import FuncError
from gotemplate import values as go
from gotemplate.calls import call_value, callee_name
from gotemplate.lookup import index, length, slice
from gotemplate.values import ANY, INT, MISSING, STRING, UINT

TYPED = go.make(go.map_of(INT, STRING), {1: "one"})
MIXED = go.Map(go.map_of(ANY, ANY), {1: "int", "a": "str"})


@pytest.mark.parametrize(
    ("item", "indexes", "want"),
    [
        ({"a": {"b": 1}}, ("a", "b"), 1),
        ({"a": 1}, ("z",), None),
        ([1, [2, 3]], (1, 0), 2),
        ("abc", (1,), 98),
        ("é", (1,), 0xA9),
        (b"ab", (0,), 97),
        (TYPED, (1,), "one"),
        (TYPED, (2,), ""),
        (TYPED, (go.make(UINT, 1),), "one"),
        (MIXED, (1,), "int"),
        (MIXED, (True,), None),
        (MIXED, ("a",), "str"),
        (go.pointer([1, 2]), (1,), 2),
        (go.make(go.array_of(2, INT), [4, 5]), (1,), 5),
        ([1], (), [1]),
    ],
)
def test_index(item: Any, indexes: tuple[Any, ...], want: Any) -> None:
    assert index(item, *indexes) == want


@pytest.mark.parametrize(
    ("item", "indexes", "want"),
    [
        (None, (1,), "index of untyped nil"),
        ({"a": None}, ("a", 1), "index of nil pointer"),
        (go.Pointer(go.pointer_to(INT)), (1,), "index of nil pointer"),
        ([1], (5,), "index out of range: 5"),
        ([1], (-1,), "index out of range: -1"),
        ([1], (1,), "reflect: slice index out of range"),
        ("a", (1,), "reflect: string index out of range"),
        (go.make(go.array_of(1, INT), [4]), (1,), "reflect: array index out of range"),
        ([1], ("a",), "cannot index slice/array with type string"),
        ([1], (None,), "cannot index slice/array with nil"),
        (5, (1,), "can't index item of type int"),
        ({"a": 1}, (1,), "value has type int; should be string"),
        ({"a": 1}, (None,), "value is nil; should be of type string"),
        (TYPED, ("a",), "value has type string; should be int"),
        (MIXED, ([],), "runtime error: hash of unhashable type []interface {}"),
    ],
)
def test_index_refuses(item: Any, indexes: tuple[Any, ...], want: str) -> None:
    with pytest.raises(FuncError) as caught:
        index(item, *indexes)
    assert str(caught.value) == want


@pytest.mark.parametrize(
    ("item", "indexes", "want"),
    [
        ("hello", (), "hello"),
        ("hello", (1,), "ello"),
        ("hello", (1, 3), "el"),
        ("é", (1,), "\udca9"),
        ([1, 2, 3], (1, 2), [2]),
        ([1, 2, 3], (0, 1, 2), [1]),
        (b"abc", (1,), b"bc"),
        (go.make(go.slice_of(INT), [1, 2]), (1,), [2]),
        (go.pointer(go.make(go.array_of(2, INT), [1, 2])), (1,), [2]),
    ],
)
def test_slice(item: Any, indexes: tuple[int, ...], want: Any) -> None:
    assert slice(item, *indexes) == want


def test_slice_keeps_the_type() -> None:
    assert go.type_name(slice(go.make(go.slice_of(INT), [1, 2]), 1)) == "[]int"
    assert go.type_name(slice(go.make(go.named("main.Word", STRING), "abc"), 1)) == "main.Word"
    assert go.type_name(slice(go.pointer(go.make(go.array_of(2, INT), [1, 2])), 1)) == "[]int"


@pytest.mark.parametrize(
    ("item", "indexes", "want"),
    [
        (None, (1,), "slice of untyped nil"),
        (go.Pointer(go.pointer_to(go.slice_of(INT))), (), "slice of nil pointer"),
        ("abc", (1, 2, 3), "cannot 3-index slice a string"),
        ("abc", (2, 1), "invalid slice index: 2 > 1"),
        ([1, 2, 3], (0, 2, 1), "invalid slice index: 2 > 1"),
        ("abc", (4,), "index out of range: 4"),
        ([1], (1, 2, 3, 4), "too many slice indexes: 4"),
        (5, (1,), "can't slice item of type int"),
        ("abc", ("a",), "cannot index slice/array with type string"),
        (go.make(go.array_of(2, INT), [1, 2]), (1,), "reflect.Value.Slice: slice of unaddressable array"),
        (go.make(go.array_of(2, INT), [1, 2]), (0, 1, 2), "reflect.Value.Slice3: slice of unaddressable array"),
    ],
)
def test_slice_refuses(item: Any, indexes: tuple[Any, ...], want: str) -> None:
    with pytest.raises(FuncError) as caught:
        slice(item, *indexes)
    assert str(caught.value) == want


@pytest.mark.parametrize(
    ("item", "want"),
    [("é", 2), ("\udca9", 1), ([1], 1), ({}, 0), (b"ab", 2), (go.pointer("abc"), 3), (TYPED, 1),
     (go.make(go.chan_of(INT), [1, 2]), 2), (go.zero(go.SLICE_STRING), 0)],
)  # fmt: skip
def test_length(item: Any, want: int) -> None:
    assert length(item) == want


@pytest.mark.parametrize(
    ("item", "want"),
    [
        (3, "len of type int"),
        (None, "len of nil pointer"),
        (MISSING, "reflect: call of reflect.Value.Type on zero Value"),
        (len, "len of type func(...interface {}) (interface {}, error)"),
    ],
)
def test_length_refuses(item: Any, want: str) -> None:
    with pytest.raises(FuncError) as caught:
        length(item)
    assert str(caught.value) == want


ADD = go.Func(go.func_of((INT, INT), (INT,)), lambda a, b: a + b)
JOIN = go.Func(go.func_of((STRING, go.SLICE_STRING), (STRING,), variadic=True), lambda s, *rest: s.join(rest))


@pytest.mark.parametrize(
    ("function", "args", "want"),
    [(ADD, (1, 2), 3), (ADD, (1, go.make(UINT, 2)), 3), (JOIN, ("-", "a", "b"), "a-b"), (JOIN, ("-",), "")],
)
def test_call(function: Any, args: tuple[Any, ...], want: Any) -> None:
    assert call_value(".F", function, *args) == want


@pytest.mark.parametrize(
    ("function", "args", "want"),
    [
        (None, (), "call of nil"),
        (5, (), "non-function .F of type int"),
        (ADD, (1,), "wrong number of args for .F: got 1 want 2"),
        (JOIN, (), "wrong number of args for .F: got 0 want at least 1"),
        (ADD, (1, "x"), "arg 1: value has type string; should be int"),
        (ADD, (None, 1), "arg 0: value is nil; should be of type int"),
        (go.zero(ADD.go_type), (1, 2), "reflect.Value.Call: call of nil function"),
        (go.Func(go.func_of((), ()), print), (), "function .F has 0 return values; should be 1 or 2"),
    ],
)
def test_call_refuses(function: Any, args: tuple[Any, ...], want: str) -> None:
    with pytest.raises(FuncError) as caught:
        call_value(".F", function, *args)
    assert str(caught.value) == want


def test_callee_from_a_pipeline_is_named_as_reflect_does() -> None:
    assert [callee_name(v) for v in ("text", 5, MISSING)] == ["text", "<int Value>", "<invalid Value>"]
