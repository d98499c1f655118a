"""Delimiters may be anything: equal, like words, like trim markers, outside ASCII."""

import pytest

from gotemplate.lexer import lex

DELIMS = [
    ("[[", "]]", "a [[- .x -]] [[/* c */]]}}", ["Text a", "LeftDelim [[", "Field .x", "RightDelim ]]", "Text }}"]),
    ("|", "|", "a|.x|b", ["Text a", "LeftDelim |", "Field .x", "RightDelim |", "Text b"]),
    ("{{- ", " -}}", "a {{- .x -}}", ["Text a ", "LeftDelim {{- ", "Field .x", "RightDelim  -}}"]),
    ("hub", "hub}}", "hub.host hub}}", ["LeftDelim hub", "Field .host", "Space  ", "RightDelim hub}}"]),
    ("hub", "hub}}", "hub$hub}}", ["LeftDelim hub", "Variable $", "RightDelim hub}}"]),
    ("hub", "hub}}", "hubxhub}}", ["LeftDelim hub", "Error bad character U+007D '}'"]),
    ("«", "»", "«x»é", ["LeftDelim «", "Identifier x", "RightDelim »", "Text é"]),
    ("é", "é", "é.xé", ["LeftDelim é", "Field .xé", "Error unclosed action"]),
    ("é", "é", "é.x é", ["LeftDelim é", "Field .x", "Space  ", "RightDelim é"]),
    ("{{", ".", "{{$x.y", ["LeftDelim {{", "Variable $x", "RightDelim .", "Text y"]),
    ("{{", "0", "{{.0", ["LeftDelim {{", "Number .0", "Error unclosed action"]),
    (
        "(",
        ")",
        "(f (1)",
        ["LeftDelim (", "Identifier f", "Space  ", "LeftParen (", "Number 1", "Error unclosed left paren"],
    ),
    ("", "", "{{1}}", ["LeftDelim {{", "Number 1", "RightDelim }}"]),
]


@pytest.mark.parametrize(("left", "right", "text", "items"), DELIMS)
def test_delims(left, right, text, items):
    found = [f"{kind} {value}" for kind, _, value, _ in lex(text, left, right) if kind != "EOF"]
    assert found == items
