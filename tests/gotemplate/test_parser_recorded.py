"""Trees with all positions, lines and constants, and error texts, against what Go's parser recorded (recorder_parse)."""

import json
from pathlib import Path

import pytest

from gotemplate import nodes
from gotemplate.errors import ParseError
from gotemplate.golib.strconv import format_float, quote_to_ascii
from gotemplate.golib.utf8 import from_bytes
from gotemplate.nodes import BranchNode, Node
from gotemplate.parser import parse

FUNCTIONS = {"f", "g", "print", "printf", "len", "index", "eq", "not"}
ROWS = [json.loads(line) for line in Path(__file__).with_name("parse_vectors.jsonl").read_text().splitlines()]


def _text(row, key):
    return from_bytes(bytes.fromhex(row[key])) if row.get("hex") else row[key]


def _parse(row):
    return parse(
        row["name"],
        _text(row, "text"),
        left=row.get("left", ""),
        right=row.get("right", ""),
        funcs=FUNCTIONS.union(row.get("funcs", ())),
        mode_comments=row.get("comments", False),
    )


def _number(node):
    parts = [f" int {node.int64}" if node.is_int else "", f" uint {node.uint64}" if node.is_uint else ""]
    if node.is_float:
        parts.append(f" float {format_float(node.float64)}")
    if node.is_complex:
        parts.append(f" complex {format_float(node.complex128.real)} {format_float(node.complex128.imag)}")
    return "".join(parts)


def _branch(node):
    otherwise = f" else {_shown(node.else_list)}" if node.else_list else ""
    return f":{node.line} {_shown(node.pipe)} {_shown(node.list)}{otherwise}"


def _all(items):
    return "".join(f" {_shown(item)}" for item in items)


DETAILS = {
    nodes.ListNode: lambda n: _all(n.nodes),
    nodes.TextNode: lambda n: f" {quote_to_ascii(n.text)}",
    nodes.CommentNode: lambda n: f" {quote_to_ascii(n.text)}",
    nodes.ActionNode: lambda n: f":{n.line} {_shown(n.pipe)}",
    nodes.PipeNode: lambda n: f":{n.line} {str(n.is_assign).lower()}{_all(n.decl)} |{_all(n.cmds)}",
    nodes.CommandNode: lambda n: _all(n.args),
    nodes.IdentifierNode: lambda n: f" {quote_to_ascii(n.ident)}",
    nodes.VariableNode: lambda n: f" {quote_to_ascii('|'.join(n.ident))}",
    nodes.FieldNode: lambda n: f" {quote_to_ascii('|'.join(n.ident))}",
    nodes.ChainNode: lambda n: f" {quote_to_ascii('|'.join(n.field))} {_shown(n.node)}",
    nodes.BoolNode: lambda n: f" {str(n.true).lower()}",
    nodes.NumberNode: _number,
    nodes.StringNode: lambda n: f" {quote_to_ascii(n.quoted)} {quote_to_ascii(n.text)}",
    nodes.TemplateNode: lambda n: f":{n.line} {quote_to_ascii(n.name)} {_shown(n.pipe) if n.pipe else ''}",
    nodes.BreakNode: lambda n: f":{n.line}",
    nodes.ContinueNode: lambda n: f":{n.line}",
}


def _shown(node: Node) -> str:
    kind = type(node)
    detail = _branch(node) if isinstance(node, BranchNode) else DETAILS.get(kind, lambda _: "")(node)
    return f"({kind.__name__.removesuffix('Node')}@{node.pos}{detail})"


def test_recorded_trees():
    rows = [row for row in ROWS if "trees" in row]
    assert len(rows) > 200
    for row in rows:
        trees = _parse(row)
        shown = [
            f"{quote_to_ascii(name)} {quote_to_ascii(str(tree))} {_shown(tree.root)}"
            for name, tree in sorted(trees.items())
        ]
        assert "".join(shown) == row["trees"], row


def test_recorded_errors():
    rows = [row for row in ROWS if "error" in row]
    assert len(rows) > 900
    for row in rows:
        with pytest.raises(ParseError) as caught:
            _parse(row)
        assert str(caught.value) == _text(row, "error"), row
