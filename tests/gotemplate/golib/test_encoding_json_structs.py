"""Structs and typed values as JSON: tags, embedded fields, cycles, numbers that keep their text."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate import values
from gotemplate.golib.encoding_json import NUMBER, JSONError, marshal, marshal_indent, unmarshal, valid
from gotemplate.values import Field, Struct


class Tagged(Field):
    """A field with a tag."""

    __slots__ = ("tag",)

    def __init__(self, name: str, type_: values.Type, tag: str, *, embedded: bool = False) -> None:
        super().__init__(name, type_, embedded=embedded)
        self.tag = tag


INNER = values.struct_type("main.Inner", (Field("A", values.INT), Field("B", values.INT)))
OUTER = values.struct_type(
    "main.Outer",
    (
        Field("Inner", INNER, embedded=True),
        Tagged("B", values.INT, 'json:"B"'),
        Tagged("Name", values.STRING, 'json:"name,omitempty"'),
        Tagged("Skipped", values.STRING, 'json:"-"'),
        Tagged("Text", values.INT, 'yaml:"x" json:",string"'),
        Field("hidden", values.INT),
    ),
)


def test_fields_go_by_their_tags() -> None:
    inner = Struct(INNER, {"A": 1, "B": 2})
    outer = Struct(OUTER, {"Inner": inner, "B": 3, "Name": "", "Skipped": "x", "Text": 5, "hidden": 6})
    assert marshal(outer) == '{"A":1,"B":3,"Text":"5"}'
    assert marshal(values.pointer(outer)) == marshal(outer)


def test_what_go_refuses() -> None:
    loop: dict[str, Any] = {}
    loop["a"] = loop
    for value, text in (
        (lambda: None, "json: unsupported type: func(...interface {}) (interface {}, error)"),
        ([float("nan")], "json: unsupported value: NaN"),
        (
            values.Map(values.map_of(values.ANY, values.ANY), {}),
            "json: unsupported type: map[interface {}]interface {}",
        ),
        (loop, "json: unsupported value: encountered a cycle via map[string]interface {}"),
    ):
        with pytest.raises(JSONError) as caught:
            marshal(value)
        assert str(caught.value) == text


def test_numbers_can_keep_their_text() -> None:
    read = unmarshal('{"big": 12345678901234567890}', use_number=True)
    assert values.type_of(read["big"]) is NUMBER
    assert marshal(read) == '{"big":12345678901234567890}'
    assert unmarshal('{"big": 1}') == {"big": 1.0}


def test_indents() -> None:
    assert marshal_indent({"a": [], "b": {}, "c": [1, "x: {"]}) == (
        '{\n  "a": [],\n  "b": {},\n  "c": [\n    1,\n    "x: {"\n  ]\n}'
    )


def test_valid() -> None:
    assert valid("[1]")
    assert not valid("[1")
