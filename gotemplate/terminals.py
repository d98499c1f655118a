"""The terminals of the grammar, read off the items of the lexer.

One look ahead must be enough for the parser, so what belongs together is joined here: a left delimiter with its
keyword, a whole ``{{end}}``, a word with the fields that touch it. Spaces have then done their work and are dropped.
What no grammar could take (two operands that touch, a stray character, an error of the lexer) raises ``Refused``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gotemplate.lexer import Item

Terminal = tuple[str, int, int, str, int]
"""``(terminal, pos, line, text, mark)``. ``mark`` is a second offset: for words the first field joined to them (else
``pos``), for what ends with a right delimiter the item after it, for ELSE_IF and ELSE_WITH the inner keyword."""

MAX_PARENTHESES: Final = 10_000
"""How deep parentheses may nest: Go's parser is recursive and gives up there since 1.25, so a tree is never deeper."""

OPERANDS: Final = {
    "Bool": "BOOL",
    "CharConstant": "NUMBER",
    "Complex": "COMPLEX",
    "Dot": "DOT",
    "Field": "FIELD",
    "Identifier": "FUNCTION",
    "LeftParen": "LEFT_PAREN",
    "Nil": "NIL",
    "Number": "NUMBER",
    "RawString": "STRING",
    "String": "STRING",
    "Variable": "VARIABLE",
}
"""The items an operand starts with, and their terminals."""

_OPENING: Final = {
    "Block": "BLOCK",
    "Define": "DEFINE",
    "If": "IF",
    "Range": "RANGE",
    "Template": "TEMPLATE",
    "With": "WITH",
}
_WHOLE: Final = {"Break": "BREAK", "Continue": "CONTINUE", "Else": "ELSE", "End": "END"}
_ELSE_CHAINS: Final = {"If": "ELSE_IF", "With": "ELSE_WITH"}
_PLAIN: Final = {"Assign": "ASSIGN", "Comment": "COMMENT", "Declare": "DECLARE", "Pipe": "PIPE", "Text": "TEXT"}
_OPERAND_ENDS: Final = frozenset({*OPERANDS, "RightParen"}) - {"LeftParen"}
_NAMED: Final = frozenset({"BLOCK", "DEFINE", "TEMPLATE"})


class Refused(Exception):  # noqa: N818 - no error yet: what is wrong, and where, is for diagnose to say
    """The text is not a template."""


def terminals(items: list[Item]) -> Iterator[Terminal]:
    """Yield the terminals of a template, the last one ``$END``."""
    at, depth, last = 0, 0, ""
    while True:
        kind, pos, text, line = items[at]
        at += 1
        terminal = OPERANDS.get(kind)
        if terminal is not None:
            mark = pos
            if last in _OPERAND_ENDS:
                terminal = _chain(kind, last)
            if kind == "LeftParen":
                depth += 1
                if depth > MAX_PARENTHESES:
                    raise Refused
            elif items[at][0] == "Field" and (kind in ("Field", "Variable")):
                mark, text, at, terminal = _joined(items, at, pos, text, terminal)
                kind = "Field"
            yield terminal, pos, line, text, mark
        elif kind == "LeftDelim":
            at, joined = _delimiter(items, at, pos, line)
            yield joined
            if joined[0] in _NAMED:
                at, name = _name(items, at)
                yield name
        elif kind == "RightDelim":
            yield "RIGHT", pos, line, text, items[at][1]
        elif kind == "RightParen":
            depth -= 1
            yield "RIGHT_PAREN", pos, line, text, pos
        elif kind == "EOF":
            yield "$END", pos, line, text, pos
            return
        elif kind != "Space":
            yield _other(kind, text), pos, line, text, pos
        last = kind


def _chain(kind: str, last: str) -> str:
    """Return the terminal of an operand that touches the one before: fields may, after what returns a value."""
    if kind == "Field" and last in ("RightParen", "Identifier"):
        return "CHAIN"
    raise Refused


def _joined(items: list[Item], at: int, pos: int, text: str, terminal: str) -> tuple[int, str, int, str]:
    """Return mark, text, next index and terminal of a word with all fields that touch it."""
    mark = pos if terminal == "CHAIN" else items[at][1]
    parts = [text]
    while items[at][0] == "Field":
        parts.append(items[at][2])
        at += 1
    return mark, "".join(parts), at, "VARIABLE_FIELD" if terminal == "VARIABLE" else terminal


def _delimiter(items: list[Item], at: int, pos: int, line: int) -> tuple[int, Terminal]:
    """Return the index after a left delimiter and its keyword, and the terminal they make."""
    keyword = _after_space(items, at)
    kind, keyword_pos, text, keyword_line = items[keyword]
    if kind in _OPENING:
        return keyword + 1, (_OPENING[kind], pos, line, text, pos)
    if kind not in _WHOLE:
        return keyword, ("LEFT", pos, line, "", pos)
    after = _after_space(items, keyword + 1)
    following = items[after][0]
    if following == "RightDelim":
        return after + 1, (_WHOLE[kind], keyword_pos, keyword_line, text, items[after + 1][1])
    if kind == "Else" and following in _ELSE_CHAINS:
        return after + 1, (_ELSE_CHAINS[following], pos, line, text, items[after][1])
    raise Refused


def _name(items: list[Item], at: int) -> tuple[int, Terminal]:
    """Return the index after the name of a template, and its terminal. What follows it may touch it."""
    at = _after_space(items, at)
    kind, pos, text, line = items[at]
    if kind not in ("String", "RawString"):
        raise Refused
    return at + 1, ("NAME", pos, line, text, pos)


def _after_space(items: list[Item], at: int) -> int:
    return at + 1 if items[at][0] == "Space" else at


def _other(kind: str, text: str) -> str:
    if kind == "Char" and text == ",":
        return "COMMA"
    if kind not in _PLAIN:
        raise Refused
    return _PLAIN[kind]
