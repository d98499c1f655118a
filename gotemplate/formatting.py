"""Templates with the insides of their actions normalised, as nodes print themselves, and nothing else changed.

Text, trim markers and comments stay byte for byte. So do line breaks inside an action: only the spacing of a line is
normalised. The space beside the delimiters becomes one where there was some. What comes out parses to the same trees,
which is checked for every text before it is returned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gotemplate import nodes
from gotemplate.errors import TemplateError
from gotemplate.golib import utf8
from gotemplate.lexer import Item, lex
from gotemplate.nodes import BranchNode, ListNode, Node, Tree
from gotemplate.parser import parse
from gotemplate.spans import Action, actions


class FormatError(TemplateError):
    """A text that cannot be formatted without changing what it means; it is left alone."""


class AnyFunction:
    """The names of all functions there could be: a text can be formatted without knowing its functions."""

    def __contains__(self, name: object) -> bool:
        return name not in ("break", "continue")


ANY_FUNCTION: Final = AnyFunction()


def format_text(name: str, text: str, left: str = "", right: str = "") -> str:
    """Return a template with the insides of its actions normalised. ``name`` is for messages.

    Raises ParseError for what is no template, FormatError if the result would not parse to the same trees.

    >>> format_text("t", "a  {{-   if   (eq .x  1)}}{{/*  b  */}}{{ .y|quote  }}{{end }}")
    'a  {{- if (eq .x 1)}}{{/*  b  */}}{{ .y | quote }}{{end}}'
    """
    before = _trees(name, text, left, right)
    spacing = _Spacing(before)
    data, out, at = utf8.to_bytes(text), list[bytes](), 0
    for action in actions(text, left, right):
        start, end = action.start + utf8.byte_len(left or "{{"), action.end - utf8.byte_len(right or "}}")
        first, last = action.items[0], action.items[-1]
        opening = data[start : first[1]]
        closing = data[last[1] + utf8.byte_len(last[2]) : end]
        out += (data[at:start], *_edges(opening, spacing.inside(data, action), closing))
        at = end
    out.append(data[at:])
    formatted = utf8.from_bytes(b"".join(out))
    if formatted != text and not _same(before, name, formatted, left, right):
        raise FormatError(f"template: {name}: formatting would change what the template means", name=name)
    return formatted


def _trees(name: str, text: str, left: str, right: str) -> dict[str, Tree]:
    return parse(name, text, left=left, right=right, funcs=ANY_FUNCTION, mode_comments=True)


def _edges(opening: bytes, inside: bytes, closing: bytes) -> tuple[bytes, bytes, bytes]:
    """Return an action with one space, or none, beside its delimiters; a side that breaks the line stays as it was.

    A trim marker has to have its space. An action without markers has on the right what it has on the left.
    """
    before, after = _edge(opening), _edge(closing)
    if b"-" not in opening and b"-" not in closing and b"\n" not in opening and b"\n" not in closing:
        after = before
    return before, inside, after


def _edge(written: bytes) -> bytes:
    if b"\n" in written:
        return written
    return written.replace(written.strip(b"-"), b" ") if written.strip(b"-") else written


class _Spacing:
    """The spacing of the pipelines of a template, as its nodes print them, by the places of their tokens."""

    def __init__(self, trees: dict[str, Tree]) -> None:
        self.pipes = sorted((pipe.pos, str(pipe)) for tree in trees.values() for pipe in _pipes(tree.root))
        self.at = 0

    def inside(self, data: bytes, action: Action) -> bytes:
        """Return the tokens of an action with the spaces between them that printing puts there.

        A bar at the end of a pipeline, which Go allows, is not printed; it keeps its place, like all tokens.
        """
        items, printed = action.items, self._printed(action)
        out, head = list[bytes](), _head(items)
        for i, item in enumerate(items):
            wanted = b" "
            if i >= head and printed and printed[0][1] == item[2]:
                wanted = printed.pop(0)[0] if i > head else printed.pop(0)[0] or b" "
            if i:
                out.append(_gap(data, items[i - 1], item, wanted))
            out.append(utf8.to_bytes(item[2]))
        return b"".join(out)

    def _printed(self, action: Action) -> list[tuple[bytes, str]]:
        """Return the tokens of the pipeline of an action, each with the space that goes before it."""
        while self.at < len(self.pipes) and self.pipes[self.at][0] < action.start:
            self.at += 1
        if self.at == len(self.pipes) or self.pipes[self.at][0] >= action.end:
            return []
        return list(_spaced_tokens(self.pipes[self.at][1]))


def _head(items: Sequence[Item]) -> int:
    """Return how many tokens there are in front of the pipeline of an action."""
    kinds = [item[0] for item in items[:2]]
    if kinds[0] in ("Template", "Block", "Define") or kinds in (["Else", "If"], ["Else", "With"]):
        return 2
    return 1 if kinds[0] in ("If", "Range", "With") else 0


def _pipes(root: ListNode) -> Iterator[nodes.PipeNode]:
    """Yield the pipelines of the actions of a tree."""
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, ListNode):
            pending.extend(node.nodes)
        elif isinstance(node, BranchNode):
            yield node.pipe
            pending.extend([node.list, node.else_list] if node.else_list else [node.list])
        elif isinstance(node, nodes.ActionNode | nodes.TemplateNode) and node.pipe is not None:
            yield node.pipe


def _spaced_tokens(printed: str) -> Iterator[tuple[bytes, str]]:
    space = b""
    for kind, _, text, _ in lex(f"{{{{{printed}}}}}"):
        if kind == "Space":
            space = b" "
        elif kind not in ("LeftDelim", "RightDelim", "EOF"):
            yield space, text
            space = b""


def _gap(data: bytes, before: Item, after: Item, wanted: bytes) -> bytes:
    """Return the space between two tokens: as it was if it breaks the line."""
    written = data[before[1] + utf8.byte_len(before[2]) : after[1]]
    return written if b"\n" in written else wanted


def _same(before: dict[str, Tree], name: str, text: str, left: str, right: str) -> bool:
    try:
        after = _trees(name, text, left, right)
    except TemplateError:
        return False
    return list(before) == list(after) and all(same_tree(before[key].root, after[key].root) for key in before)


_PLACES: Final = frozenset({"pos", "line", "delims"})


def same_tree(a: Node, b: Node) -> bool:
    """Tell whether two trees differ in nothing but the positions of their nodes."""
    pending: list[tuple[object, object]] = [(a, b)]
    while pending:
        x, y = pending.pop()
        if x.__class__ is not y.__class__:
            return False
        if isinstance(x, Node):
            names = [name for cls in type(x).__mro__ for name in getattr(cls, "__slots__", ()) if name not in _PLACES]
            pending.extend((getattr(x, name), getattr(y, name)) for name in names)
        elif isinstance(x, list) and isinstance(y, list):
            if len(x) != len(y):
                return False
            pending.extend(zip(x, y, strict=True))
        elif x != y and not (x != x and y != y):  # noqa: PLR0124 - NaN constants do not exist, but compare honestly
            return False
    return True
