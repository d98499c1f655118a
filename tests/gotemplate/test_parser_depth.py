"""Depth and size: nothing recurses, nothing but ParseError comes out, and Go's own limit holds."""

import pytest

from gotemplate.errors import ParseError
from gotemplate.parser import parse

NESTED = 5000

ACCEPTED = {
    "parentheses": "{{" + "(" * 10_000 + "1" + ")" * 10_000 + "}}",
    "parentheses with declarations": "{{" + "($x := " * NESTED + "1" + ")" * NESTED + "}}",
    "if": "{{if 1}}" * NESTED + "{{end}}" * NESTED,
    "range": "{{range .}}" * NESTED + "{{break}}" + "{{end}}" * NESTED,
    "else if": "{{if 1}}" + "{{else if 2}}" * NESTED + "{{end}}",
    "else with": "{{with 1}}" + "{{else with 2}}" * NESTED + "{{end}}",
    "blocks": "".join(f'{{{{block "{number}" .}}}}' for number in range(NESTED)) + "x" + "{{end}}" * NESTED,
    "pipeline": "{{1" + "|f" * NESTED + "}}",
    "arguments": "{{f" + " 1" * NESTED + "}}",
    "fields": "{{" + ".a" * NESTED + "}}",
    "spaces": "{{" + " " * 200_000 + ".x}}",
}

REFUSED = {
    "parentheses": ("{{" + "(" * 10_001 + "1" + ")" * 10_001 + "}}", "t:1: max expression depth exceeded"),
    "open parentheses": ("{{" + "(" * 100_000, "t:1: max expression depth exceeded"),
    "open if": ("{{if 1}}" * NESTED, "t:1: unexpected EOF"),
    "open else if": ("{{if 1}}" + "{{else if 2}}" * NESTED, "t:1: unexpected EOF"),
    "one end too many": ("{{if 1}}" * NESTED + "{{end}}" * (NESTED + 1), "t:1: unexpected {{end}}"),
    "open block": ('{{block "b" .}}' * NESTED, "t:1: unexpected EOF"),
    "open comment": ("{{/*" + "x" * 200_000, "t:1: unclosed comment"),
    "open string": ('{{"' + "x" * 200_000, "t:1: unterminated quoted string"),
    "spaces": ("{{" + " " * 200_000, "t:1: unclosed action"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_deep_and_long_templates(name):
    text = ACCEPTED[name]
    tree = parse("t", text, funcs={"f"})["t"]
    assert len(str(tree)) > NESTED or name == "blocks" or name == "spaces"


@pytest.mark.parametrize("name", REFUSED)
def test_deep_and_long_nonsense(name):
    text, message = REFUSED[name]
    with pytest.raises(ParseError) as caught:
        parse("t", text, funcs=())
    assert str(caught.value) == f"template: {message}"
    assert len(caught.value.explain()) < 1000


def test_every_byte_anywhere_is_answered():
    pieces = [bytes([byte]).decode("utf-8", "surrogateescape") for byte in range(256)]
    for piece in pieces:
        for text in (piece, "{{" + piece, "{{.x" + piece + "}}", '{{"' + piece + '"}}', "{{$" + piece + " 1" + piece):
            try:
                parse("t", text, funcs=())
            except ParseError as error:
                assert str(error).startswith("template: t:")


def test_surrogates_that_carry_no_byte_are_answered():
    assert str(parse("t", "\ud800{{`\ud800`}}", funcs=())["t"]) == "\ufffd{{`\ufffd`}}"
