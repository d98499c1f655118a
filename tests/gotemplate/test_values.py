"""The value model: kinds and type names, conversion to declared types, zero values, truth, methods and fields."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gotemplate import values as go
from gotemplate.values import ANY, BOOL, BYTES, FLOAT32, INT, INT8, SLICE_STRING, STRING, UINT8, UINT64, Kind

CELSIUS = go.named("main.Celsius", go.FLOAT64)
FLAG = go.named("main.Flag", BOOL)
WORD = go.named("main.Word", STRING)
INNER = go.struct_type(
    "main.Inner",
    [go.Field("Name", STRING), go.Field("hidden", INT)],
    [
        go.Method("Greet", lambda inner, word: f"{word}, {inner['Name']}", (STRING,), (STRING,)),
        go.Method("Rename", lambda inner: inner.target["Name"], (), (STRING,), pointer=True),
    ],
)
OUTER = go.struct_type("main.Outer", [go.Field("Inner", INNER, embedded=True), go.Field("ID", INT)])
BY_POINTER = go.struct_type("main.ByPointer", [go.Field("Inner", go.pointer_to(INNER), embedded=True)])


@pytest.mark.parametrize(
    ("value", "kind", "name"),
    [
        (None, Kind.INVALID, "<nil>"),
        (go.MISSING, Kind.INVALID, "<nil>"),
        (True, Kind.BOOL, "bool"),
        (1, Kind.INT, "int"),
        (1.0, Kind.FLOAT64, "float64"),
        (1j, Kind.COMPLEX128, "complex128"),
        ("x", Kind.STRING, "string"),
        (b"x", Kind.SLICE, "[]uint8"),
        ([1], Kind.SLICE, "[]interface {}"),
        ((1,), Kind.SLICE, "[]interface {}"),
        ({"a": 1}, Kind.MAP, "map[string]interface {}"),
        (go.make(INT8, 5), Kind.INT8, "int8"),
        (go.make(CELSIUS, 5), Kind.FLOAT64, "main.Celsius"),
        (go.make(FLAG, True), Kind.BOOL, "main.Flag"),
        (go.make(go.map_of(STRING, INT), {"a": 1}), Kind.MAP, "map[string]int"),
        (go.make(go.array_of(2, INT), [1, 2]), Kind.ARRAY, "[2]int"),
        (go.make(OUTER, {}), Kind.STRUCT, "main.Outer"),
        (go.pointer(go.make(OUTER, {})), Kind.POINTER, "*main.Outer"),
        (go.make(go.chan_of(INT), [1]), Kind.CHAN, "chan int"),
        (go.Func(go.func_of((STRING, SLICE_STRING), (INT, go.ERROR), variadic=True), len), Kind.FUNC,
         "func(string, ...string) (int, error)"),
        (len, Kind.FUNC, "func(...interface {}) (interface {}, error)"),
    ],
)  # fmt: skip
def test_type(value: Any, kind: Kind, name: str) -> None:
    assert go.kind_of(value) is kind
    assert go.type_name(value) == name


def test_subclasses_of_plain_classes_count_as_them() -> None:
    class Settings(dict[str, Any]):
        pass

    assert go.type_of(Settings()) is go.MAP_STRING_ANY


def test_other_objects_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match="a Python object has no Go type: give a dict"):
        go.type_of(object())


def test_composite_types_are_the_same_for_the_same_parts() -> None:
    assert go.slice_of(STRING) is SLICE_STRING
    assert go.map_of(STRING, ANY) is go.MAP_STRING_ANY
    assert go.func_of((INT,), (INT,)) is go.func_of((INT,), (INT,))
    assert go.named("main.Word", STRING) is not WORD


@pytest.mark.parametrize(
    ("go_type", "plain", "want"),
    [
        (INT8, 300, 44),
        (INT8, -129, 127),
        (UINT8, -1, 255),
        (UINT64, -1, 2**64 - 1),
        (INT, 2**63, -(2**63)),
        (FLOAT32, 0.1, 0.10000000149011612),
        (FLOAT32, 1e39, math.inf),
        (FLOAT32, -1e39, -math.inf),
        (go.COMPLEX64, 0.1 + 0j, 0.10000000149011612 + 0j),
        (BYTES, b"ab", b"ab"),
        (SLICE_STRING, ["a"], ["a"]),
        (go.map_of(STRING, INT8), {"a": 300}, {"a": 44}),
    ],
)
def test_make(go_type: go.Type, plain: Any, want: Any) -> None:
    made = go.make(go_type, plain)
    assert made == want
    assert go.type_of(made) is go_type


def test_make_keeps_what_has_the_type_already() -> None:
    value = go.make(go.map_of(STRING, INT), {"a": 1})
    assert go.make(go.map_of(STRING, INT), value) is value


@pytest.mark.parametrize(
    ("go_type", "nil"),
    [(ANY, True), (go.pointer_to(INNER), True), (go.map_of(STRING, INT), True), (SLICE_STRING, True),
     (go.func_of((), (INT,)), True), (go.chan_of(INT), True), (INT, False), (STRING, False), (OUTER, False),
     (go.array_of(2, INT), False), (FLAG, False)],
)  # fmt: skip
def test_zero(go_type: go.Type, nil: bool) -> None:
    value = go.zero(go_type)
    assert go.is_nil(value) is nil
    assert go_type is ANY or go.type_of(value) is go_type


@pytest.mark.parametrize("value", [math.nan, 1, -1, "x", [0], {"a": None}, go.make(OUTER, {}), go.pointer(0), len, 1j])
def test_true(value: Any) -> None:
    assert go.is_true(value)


@pytest.mark.parametrize(
    "value",
    [None, go.MISSING, 0, 0.0, 0j, "", b"", [], {}, False, go.make(FLAG, False), go.Pointer(go.pointer_to(INNER)),
     go.zero(go.func_of((), (INT,))), go.zero(go.chan_of(INT)), go.zero(SLICE_STRING), go.make(INT8, 0)],
)  # fmt: skip
def test_false(value: Any) -> None:
    assert not go.is_true(value)


def test_struct_keeps_unexported_fields_from_subscripts() -> None:
    inner = go.Struct(INNER, {"Name": "n", "hidden": 3})
    assert inner["Name"] == "n"
    assert inner.field("hidden") == 3
    with pytest.raises(KeyError):
        inner["hidden"]


def test_struct_fills_in_zero_values() -> None:
    outer = go.Struct(OUTER)
    assert outer["ID"] == 0
    assert outer["Inner"]["Name"] == ""
    assert outer["Inner"].field("hidden") == 0
    with pytest.raises(KeyError):
        outer["Nope"]


def test_structs_are_values() -> None:
    one, same, other = (go.make(INNER, {"Name": n, "hidden": h}) for n, h in (("a", 1), ("a", 1), ("a", 2)))
    assert one == same
    assert one != other
    assert hash(one) == hash(same)
    assert {one: "found"}[same] == "found"


def test_map_with_methods_is_guarded() -> None:
    counted = go.named("main.Dict", go.map_of(STRING, INT), [go.Method("Total", len, (), (INT,))])
    mapping = go.make(counted, {"a": 1, "Total": 2})
    assert mapping["a"] == 1
    assert mapping.get("Total") == 2
    with pytest.raises(KeyError):
        mapping["Total"]


def test_map_with_named_keys_is_guarded() -> None:
    mapping = go.make(go.map_of(WORD, INT), {"a": 1})
    with pytest.raises(KeyError):
        mapping["a"]
    assert mapping[go.make(WORD, "a")] == 1


@pytest.mark.parametrize(
    ("go_type", "name", "addressable", "found"),
    [
        (INNER, "Greet", False, True),
        (INNER, "Rename", False, False),
        (INNER, "Rename", True, True),
        (go.pointer_to(INNER), "Rename", False, True),
        (OUTER, "Greet", False, True),
        (OUTER, "Rename", False, False),
        (OUTER, "Rename", True, True),
        (BY_POINTER, "Rename", False, True),
        (INNER, "Name", True, False),
        (INT, "Greet", True, False),
    ],
)
def test_method_sets(go_type: go.Type, name: str, addressable: bool, found: bool) -> None:
    assert (go.method_of(go_type, name, addressable=addressable) is not None) is found


def test_two_embedded_fields_hide_each_other() -> None:
    twin = go.struct_type("main.Twin", [go.Field("Name", STRING)])
    both = go.struct_type("main.Both", [go.Field("Inner", INNER, embedded=True), go.Field("Twin", twin, embedded=True)])
    assert both.member("Name") is None
    assert both.member("Greet") is not None


def test_bind_method_goes_through_embedded_fields() -> None:
    outer = go.make(OUTER, {"Inner": {"Name": "Ann", "hidden": 0}})
    greet = go.bind_method(outer, "Greet")
    assert greet is not None
    assert greet("Hi") == "Hi, Ann"
    assert go.bind_method(outer, "Rename") is None
    rename = go.bind_method(go.pointer(outer), "Rename")
    assert rename is not None
    assert rename() == "Ann"


def test_nil_receivers_panic_in_go_words() -> None:
    nil = go.bind_method(go.Pointer(go.pointer_to(INNER)), "Greet")
    assert nil is not None
    with pytest.raises(ValueError, match=r"^value method main\.Inner\.Greet called using nil \*Inner pointer$"):
        nil("Hi")


def test_where_addresses_matter() -> None:
    plain = go.struct_type("main.Plain", [go.Field("N", INT)])
    holder = go.struct_type("main.Holder", [go.Field("Inner", INNER)])
    assert not plain.by_address
    assert INNER.by_address
    assert holder.by_address
    assert go.array_of(1, INT).by_address
    go.func_of((go.pointer_to(plain),), (INT,))
    assert plain.by_address


def test_implements() -> None:
    assert go.implements(go.pointer_to(INNER), go.interface_type("main.I", [go.Method("Rename", lambda: None)]))
    assert not go.implements(INNER, go.interface_type("main.I", [go.Method("Rename", lambda: None)]))
    assert not go.implements(INT, go.STRINGER)
    assert go.implements(go.ERROR, ANY)


@pytest.mark.parametrize(
    ("container", "want"),
    [([1, 2], [1, 2]), ((1,), [1]), (b"ab", [97, 98]), (go.make(go.named("main.Raw", BYTES), b"a"), [97])],
)
def test_elements(container: Any, want: list[Any]) -> None:
    assert list(go.elements(container)) == want
