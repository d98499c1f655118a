"""Nodes print themselves as Go's String() does, and trees know where nodes stand."""

import pytest

from gotemplate.nodes import ListNode, Node
from gotemplate.parser import parse

FUNCS = {"f", "g", "printf"}

PRINTED = [
    ("a {{- .x -}} b", "a{{.x}}b"),
    ("{{/* gone */}}a", "a"),
    ("{{f   1|g}}", "{{f 1 | g}}"),
    ("{{(f 1).x.y | g (f  .a)}}", "{{(f 1).x.y | g (f .a)}}"),
    ("{{(.x)}} {{((1|f))}}", "{{(.x)}} {{((1 | f))}}"),
    ("{{$x:=1}}{{$x =2}}{{$x.y.z}}", "{{$x := 1}}{{$x = 2}}{{$x.y.z}}"),
    ("{{range $i,$e:=.x}}{{break}}{{continue}}{{end}}", "{{range $i, $e := .x}}{{break}}{{continue}}{{end}}"),
    ("{{range $i,$}}{{end}}", "{{range $i := $}}{{end}}"),
    ("{{if .x}}a{{else if .y}}b{{else}}c{{end}}", "{{if .x}}a{{else}}{{if .y}}b{{else}}c{{end}}{{end}}"),
    ("{{with .x}}a{{else with .y}}b{{end}}", "{{with .x}}a{{else}}{{with .y}}b{{end}}{{end}}"),
    ("{{template `a\"b`}}{{template \"c\" .x}}", '{{template "a\\"b"}}{{template "c" .x}}'),
    ("{{block \"b\" $}}in{{end}}{{define \"d\"}}in{{end}}", '{{template "b" $}}'),
    ("{{nil|f}} {{true}} {{.}} {{'a'}} {{0x1F}} {{`r`}} {{f.x}}", "{{nil | f}} {{true}} {{.}} {{'a'}} {{0x1F}} {{`r`}} {{f.x}}"),
    ("{{.x | f |}}", "{{.x | f}}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_printed_form(text, printed):
    tree = parse("t", text, funcs=FUNCS)["t"]
    assert str(tree) == str(tree.root) == printed


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_printed_form_parses_to_itself(text, printed):
    assert str(parse("t", printed, funcs=FUNCS)["t"]) == printed


def test_comments_print_when_kept():
    assert str(parse("t", "a {{- /* c */ -}} b", funcs=(), mode_comments=True)["t"]) == "a{{/* c */}}b"


def test_nodes_print_the_standard_delimiters_unless_told_otherwise():
    text = '[[if .x]]a[[else]][[template "t" .]][[end]][[range .]][[break]][[continue]][[end]][[/* c */]]'
    options = {"left": "[[", "right": "]]", "funcs": (), "mode_comments": True}
    assert str(parse("t", text, print_delims=True, **options)["t"]) == text
    assert str(parse("t", text, **options)["t"]) == text.replace("[[", "{{").replace("]]", "}}")


def test_repr_shows_kind_position_and_text():
    assert repr(parse("t", "ab{{.x}}", funcs=())["t"].root.nodes[1]) == "ActionNode(4, '{{.x}}')"


def _action(text: str, **options) -> tuple[object, Node]:
    tree = parse("t", text, funcs=FUNCS, **options)["t"]
    return tree, tree.root.nodes[-1].pipe.cmds[0].args[0]


PLACES = [
    ("{{.x}}", (1, 2)),
    ("{{.x.y}}", (1, 4)),
    ("{{$.x.y}}", (1, 3)),
    ("a\nbc{{.x}}", (2, 4)),
    ("é\né{{.x}}", (2, 4)),
    ("日{{f}}", (1, 5)),
    ("{{(f 1).x}}", (1, 7)),
    ("\udcff{{f}}", (1, 3)),
    ("\ud800{{f}}", (1, 5)),
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_location_is_line_and_byte_column(text, place):
    tree, node = _action(text)
    assert tree.location(node) == place


def test_error_context_names_the_text_that_was_parsed():
    trees = parse("file", '{{define "a"}}\n{{.x}}{{end}}', funcs=())
    assert trees["a"].error_context(trees["a"].root.nodes[1]) == ("file:2:2", "{{.x}}")


EMPTY = [
    ("", True),
    (" \t\r\n\v\f\x85\xa0\u2028\u3000", True),
    ("\x1c", False),
    ("{{/* c */}} \n", True),
    ("x", False),
    ("{{.}}", False),
    ("{{if 1}}{{end}}", False),
]


@pytest.mark.parametrize(("text", "empty"), EMPTY)
def test_a_list_of_space_and_comments_is_empty(text, empty):
    assert parse("t", text, funcs=(), mode_comments=True)["t"].root.is_empty() is empty


def test_printing_does_not_recurse():
    text = "{{" + "(" * 9000 + "1" + ")" * 9000 + "}}" + "{{if 1}}" * 9000 + "{{end}}" * 9000
    root = parse("t", text, funcs=())["t"].root
    assert isinstance(root, ListNode)
    assert str(root) == text
