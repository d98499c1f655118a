"""Where a node stands in the source of its template, from and to: found by its printed form, token by token.

Go knows one position for a node, which for a chain of fields is not even its start. This module reads the action around
that position again; nothing here runs before something has failed, or a tool asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from gotemplate.golib import utf8
from gotemplate.lexer import Item, lex

Span = tuple[int, int]
"""Byte offsets of a start and an end."""

MAX_TOKENS: Final = 400
"""Tokens of a node that is looked for; a longer one is pointed at by its start."""


class Action(NamedTuple):
    """One action as it is written: its items without spaces, and the offsets of its delimiters' outer ends."""

    start: int
    end: int
    items: Sequence[Item]


def actions(text: str, left: str = "", right: str = "") -> Iterator[Action]:
    """Yield the actions of a text, comments not among them, as far as the lexer gets."""
    start, items = -1, list[Item]()
    width = utf8.byte_len(right or "}}")
    for item in lex(text, left, right):
        if item[0] == "LeftDelim":
            start, items = item[1], []
        elif item[0] == "RightDelim" and start >= 0:
            yield Action(start, item[1] + width, items)
            start = -1
        elif start >= 0 and item[0] not in ("Space", "EOF"):
            items.append(item)
    if start >= 0:
        yield Action(start, utf8.byte_len(text), items)


def action_at(text: str, offset: int, left: str = "", right: str = "") -> Action | None:
    """Return the action around a byte offset; None when it lies in plain text or in a comment."""
    for action in actions(text, left, right):
        if action.start <= offset < action.end:
            return action
        if action.start > offset:
            break
    return None


def find_span(action: Action, offset: int, shown: str) -> Span:
    """Return where in an action the node stands that prints as ``shown`` and has Go's position ``offset``.

    Falls back to the token at the offset, and to the offset alone.
    """
    wanted = _tokens(shown)
    if wanted and len(wanted) <= MAX_TOKENS:
        found = [span for span in _occurrences(action.items, wanted) if span[0] <= offset <= span[1]]
        if found:
            return min(found, key=lambda span: (abs(offset - span[0]), span[1] - span[0]))
    return token_span(action, offset)


def token_span(action: Action, offset: int) -> Span:
    """Return the token at an offset, or an empty span there."""
    for _, pos, text, _ in action.items:
        end = pos + utf8.byte_len(text)
        if pos <= offset < end:
            return pos, end
    return offset, offset


def _tokens(shown: str) -> list[str]:
    """Return the texts of the tokens that a printed node consists of; empty for a node with delimiters of its own."""
    if shown.startswith("{{"):
        return []
    return [item[2] for item in lex(f"{{{{ {shown} }}}}") if item[0] not in ("LeftDelim", "RightDelim", "Space", "EOF")]


def _occurrences(items: Sequence[Item], wanted: list[str]) -> Iterator[Span]:
    texts = [item[2] for item in items]
    size = len(wanted)
    for at in range(len(texts) - size + 1):
        if texts[at : at + size] == wanted:
            last = items[at + size - 1]
            yield items[at][1], last[1] + utf8.byte_len(last[2])
