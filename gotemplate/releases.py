"""What differs between releases of Go, by name, and the check of a parsed text against an older one.

The newest Go is the rule; these are its exceptions, each with the release that brought the change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from gotemplate.errors import ParseError
from gotemplate.nodes import BranchNode, BreakNode, ContinueNode, ListNode, Node, Tree, WithNode


class GoVersion(NamedTuple):
    """The features of a release of Go; ``go_version`` reads them from its number."""

    eager_and_or: bool = False
    """Before 1.18 ``and`` and ``or`` evaluated all of their arguments."""
    break_continue: bool = True
    """1.18 brought ``break`` and ``continue``."""
    else_with: bool = True
    """1.23 brought ``{{else with}}``."""
    range_int: bool = True
    """1.24 brought range over integers."""
    range_func: bool = True
    """1.24 brought range over iterator functions."""
    comparison_types: bool = True
    """Since 1.25 the complaint about incompatible types names them."""
    print_delims: bool = False
    """Since 1.27 nodes are printed with the delimiters of their template."""


def go_version(text: str) -> GoVersion:
    """Return the features of a Go release, given as ``1.23`` or ``1.23.4``. Raises ValueError for anything else."""
    found = re.fullmatch(r"1\.(\d+)(?:\.\d+)?", text)
    if found is None:
        raise ValueError(f"not a Go version: {text!r}")
    release = int(found[1])
    return GoVersion(
        eager_and_or=release < 18,
        break_continue=release >= 18,
        else_with=release >= 23,
        range_int=release >= 24,
        range_func=release >= 24,
        comparison_types=release >= 25,
        print_delims=release >= 27,
    )


_ELSE_WITH: Final = re.compile(r"else\s+with\s*\Z")


def check_tree(tree: Tree, go: GoVersion) -> None:
    """Raise the ParseError with which an older Go refuses what only a newer one knows."""
    if go.break_continue and go.else_with:
        return
    for node in _walk(tree.root):
        if not go.break_continue and isinstance(node, BreakNode | ContinueNode):
            word = "break" if isinstance(node, BreakNode) else "continue"
            raise _refused(tree, node, f'function "{word}" not defined')
        if not go.else_with and isinstance(node, WithNode) and _ELSE_WITH.search(_text_before(tree, node)):
            raise _refused(tree, node, "unexpected <with> in else")


def _walk(root: ListNode) -> Iterator[Node]:
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ListNode):
            pending.extend(reversed(node.nodes))
        elif isinstance(node, BranchNode):
            pending.extend([node.else_list, node.list] if node.else_list else [node.list])


def _text_before(tree: Tree, node: Node) -> str:
    if tree.text.isascii():
        return tree.text[: node.pos]
    return tree.text.encode("utf-8", "surrogateescape")[: node.pos].decode("utf-8", "replace")


def _refused(tree: Tree, node: Node, message: str) -> ParseError:
    line, _ = tree.location(node)
    text = f"template: {tree.parse_name}:{line}: {message}"
    return ParseError(text, message=message, name=tree.parse_name, line=line, source=tree.text)
