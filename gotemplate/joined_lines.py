"""Trim markers that put two lines of YAML into one.

``{{-`` takes the line break and the indentation before it. That is right before an ``if``, whose text brings a line break
of its own, and wrong before what prints: ``key: a`` and ``{{- .b}}`` on the next line become ``key: ab``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from gotemplate.golib import utf8
from gotemplate.lexer import Item, lex
from gotemplate.nodes import ActionNode, BranchNode, Node, TextNode, Tree

JoinedLine = tuple[int, int, str, str]
"""Line, column (from 1, in bytes), what is wrong, and the remedy."""

_YAML_LINE: Final = re.compile(r"\s*(?:- |[\w./-]+\s*:(?:\s|\Z)|[\"'][^\"']+[\"']\s*:(?:\s|\Z))")
_BRINGS_BREAK: Final = frozenset({"nindent"})
_OPENING: Final = frozenset({"Block", "Define", "If", "Range", "With"})
_NO_OUTPUT: Final = _OPENING | {"End", "Else", "Break", "Continue"}


class _Piece(NamedTuple):
    """A piece of output: where it starts and ends in the source, and its first and last line; empty if printed."""

    start: int
    end: int
    first: str
    last: str
    action: str


def joined_lines(text: str, trees: Mapping[str, Tree], left: str = "", right: str = "") -> Iterator[JoinedLine]:
    """Yield the places where two lines of YAML become one; ``trees`` are the templates that may be called."""
    data = utf8.to_bytes(text)
    before: _Piece | None = None
    for piece in _pieces(text, trees, left, right):
        if piece is None:
            before = None
            continue
        if before is not None and _is_joined(data, before, piece):
            line = data.count(b"\n", 0, piece.start) + 1
            column = piece.start - (data.rfind(b"\n", 0, piece.start) + 1) + 1
            what = f"{_named(piece.action, piece.first)} comes to stand on the line of {_named(before.action, before.last)}"
            yield line, column, f"trim markers take the line break: {what}", _remedy(piece)
        before = piece


def _named(action: str, line: str) -> str:
    shown = action or line.strip()
    return f"{shown[:40]}…" if len(shown) > 40 else shown


def _remedy(piece: _Piece) -> str:
    if piece.action:
        return "drop the minus of {{-, or let the value bring its line break: nindent"
    return "drop the minus of -}}, or of the {{- after it"


def _is_joined(data: bytes, before: _Piece, piece: _Piece) -> bool:
    """Tell whether a line break between two pieces in the source is gone, and one of them is a line of YAML."""
    if b"\n" not in data[before.end : piece.start] or before.last == "\n" or piece.first == "\n":
        return False
    if piece.action:
        line_start = data.rfind(b"\n", 0, before.end) + 1
        return bool(_YAML_LINE.match(utf8.from_bytes(data[line_start : before.end])))
    return bool(_YAML_LINE.match(piece.first))


def _pieces(text: str, trees: Mapping[str, Tree], left: str, right: str) -> Iterator[_Piece | None]:
    """Yield the pieces of output in the order of the source; None where what follows is not written after it."""
    items = lex(text, left, right)
    width, at = utf8.byte_len(right or "}}"), 0
    open_: list[str] = []
    while at < len(items):
        kind, pos, written, _ = items[at]
        if kind == "Text":
            yield from _text_pieces(pos, written)
        elif kind == "LeftDelim":
            end = at + 1
            while end < len(items) and items[end][0] not in ("RightDelim", "EOF", "Error"):
                end += 1
            inner = [item for item in items[at + 1 : end] if item[0] != "Space"]
            if inner and _is_boundary(inner[0][0], open_):
                yield None
            yield from _action_pieces(pos, items[end][1] + width, inner, trees)
            at = end
        at += 1


def _is_boundary(keyword: str, open_: list[str]) -> bool:
    """Keep track of the open blocks; tell whether output is interrupted: by an else, a define, or the end of one."""
    if keyword in _OPENING:
        open_.append(keyword)
    ended = open_.pop() if keyword == "End" and open_ else keyword
    return ended in ("Define", "Else")


def _text_pieces(pos: int, text: str) -> Iterator[_Piece]:
    """Yield a text without the spaces around it that keep its line breaks, as ``\\n`` where there are some."""
    stripped = text.strip()
    if not stripped:
        if "\n" in text:
            yield _Piece(pos, pos + utf8.byte_len(text), "\n", "\n", "")
        return
    lead, trail = text[: text.index(stripped[0])], text[len(text.rstrip()) :]
    lines = stripped.split("\n")
    start = pos + utf8.byte_len(lead)
    first = "\n" if "\n" in lead else lines[0]
    last = "\n" if "\n" in trail else lines[-1]
    yield _Piece(start, start + utf8.byte_len(stripped), first, last, "")


def _action_pieces(start: int, end: int, inner: list[Item], trees: Mapping[str, Tree]) -> Iterator[_Piece | None]:
    if not inner:
        return
    if inner[0][0] not in _NO_OUTPUT and not any(item[0] in ("Declare", "Assign") for item in inner[:4]):
        written = " ".join(item[2] for item in inner)
        first = "\n" if _brings_break(inner, trees) else ""
        yield _Piece(start, end, first, "", written)


def _brings_break(inner: list[Item], trees: Mapping[str, Tree]) -> bool:
    """Tell whether what an action prints begins with a line break, as far as that can be told."""
    stages = [item for before, item in pairwise([("Pipe", 0, "", 0), *inner]) if before[0] == "Pipe"]
    if stages[-1][2] in _BRINGS_BREAK:
        return True
    if len(inner) > 1 and (inner[0][0] == "Template" or inner[0][2] == "include"):
        tree = trees.get(inner[1][2][1:-1])
        return tree is None or _begins_with_break(tree.root.nodes)
    return any(item[0] in ("String", "RawString") and item[2][1:].startswith(("\\n", "\n")) for item in inner)


def _begins_with_break(children: list[Node]) -> bool:
    """Tell whether the first text that a list writes begins with a line break; what is no text may bring one."""
    for node in children:
        if isinstance(node, TextNode):
            return node.text.lstrip(" \t\r").startswith("\n")
        if isinstance(node, BranchNode):
            return _begins_with_break(node.list.nodes)
        if isinstance(node, ActionNode) and not node.pipe.decl:
            return False
    return True
