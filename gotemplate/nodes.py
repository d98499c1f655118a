"""The parse tree, named as Go's text/template/parse names it; every node prints itself back as Go's ``String()`` does.

Nodes are plain data with ``pos``, the byte offset in the UTF-8 form of the template. They are built by the parser and
never changed afterwards. Printing walks without recursion: a template may nest thousands of parentheses or blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gotemplate.golib import utf8

Delims = tuple[str, str]
"""A left and a right delimiter, as a node prints them."""

STANDARD_DELIMS: Final[Delims] = ("{{", "}}")

GO_SPACE: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""The characters of Go's unicode.IsSpace, which are fewer than those of ``str.isspace``."""


class Node:
    """A node of the tree; ``_parts`` are the texts and nodes that make up its printed form, one level deep."""

    __slots__ = ("pos",)

    def __init__(self, pos: int) -> None:
        self.pos = pos

    def _parts(self) -> Sequence[str | Node]:
        raise NotImplementedError

    def __str__(self) -> str:
        out: list[str] = []
        pending: list[str | Node] = [self]
        while pending:
            part = pending.pop()
            if isinstance(part, str):
                out.append(part)
            else:
                pending.extend(reversed(part._parts()))
        return "".join(out)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.pos}, {str(self)!r})"


class ListNode(Node):
    """A sequence of texts and actions: the body of a template or of a control action."""

    __slots__ = ("nodes",)

    def __init__(self, pos: int, nodes: list[Node]) -> None:
        self.pos = pos
        self.nodes = nodes

    def _parts(self) -> Sequence[str | Node]:
        return self.nodes

    def is_empty(self) -> bool:
        """Report whether the list holds nothing but space and comments (Go's IsEmptyTree)."""
        return all(_is_blank(node) for node in self.nodes)


class TextNode(Node):
    """Plain text, trimmed as the markers around it say."""

    __slots__ = ("text",)

    def __init__(self, pos: int, text: str) -> None:
        self.pos = pos
        self.text = text

    def _parts(self) -> Sequence[str | Node]:
        return (self.text,)


class CommentNode(Node):
    """A comment with its ``/*`` and ``*/``; only in trees parsed with comments kept."""

    __slots__ = ("delims", "text")

    def __init__(self, pos: int, text: str, delims: Delims = STANDARD_DELIMS) -> None:
        self.pos = pos
        self.text = text
        self.delims = delims

    def _parts(self) -> Sequence[str | Node]:
        return (self.delims[0], self.text, self.delims[1])


class ActionNode(Node):
    """A pipeline between delimiters, whose value is printed unless it declares a variable."""

    __slots__ = ("delims", "line", "pipe")

    def __init__(self, pos: int, line: int, pipe: PipeNode, delims: Delims = STANDARD_DELIMS) -> None:
        self.pos = pos
        self.line = line
        self.pipe = pipe
        self.delims = delims

    def _parts(self) -> Sequence[str | Node]:
        return (self.delims[0], self.pipe, self.delims[1])


class PipeNode(Node):
    """Commands joined by ``|``, after declarations or (``is_assign``) assignments of variables."""

    __slots__ = ("cmds", "decl", "is_assign", "line")

    def __init__(self, pos: int, line: int, is_assign: bool, decl: list[VariableNode], cmds: list[CommandNode]) -> None:
        self.pos = pos
        self.line = line
        self.is_assign = is_assign
        self.decl = decl
        self.cmds = cmds

    def _parts(self) -> Sequence[str | Node]:
        if not self.decl:
            return _joined(self.cmds, " | ")
        return [*_joined(self.decl, ", "), " = " if self.is_assign else " := ", *_joined(self.cmds, " | ")]

    def is_only_a_pipe(self) -> bool:
        """Report whether the pipeline is nothing but another one in parentheses."""
        return (
            not self.decl
            and len(self.cmds) == 1
            and len(self.cmds[0].args) == 1
            and isinstance(self.cmds[0].args[0], PipeNode)
        )


class CommandNode(Node):
    """An operand, or a function or method with its arguments; ``line`` is that of its first word."""

    __slots__ = ("args", "line")

    def __init__(self, pos: int, args: list[Node], line: int = 0) -> None:
        self.pos = pos
        self.args = args
        self.line = line

    def _parts(self) -> Sequence[str | Node]:
        if len(self.args) == 1:
            return _parenthesized(self.args[0])
        out: list[str | Node] = []
        for arg in self.args:
            out += (" ", *_parenthesized(arg))
        return out[1:]


class IdentifierNode(Node):
    """The name of a function."""

    __slots__ = ("ident",)

    def __init__(self, pos: int, ident: str) -> None:
        self.pos = pos
        self.ident = ident

    def _parts(self) -> Sequence[str | Node]:
        return (self.ident,)


class VariableNode(Node):
    """A variable and the fields read from it: ``['$x', 'Field', …]``."""

    __slots__ = ("ident",)

    def __init__(self, pos: int, ident: list[str]) -> None:
        self.pos = pos
        self.ident = ident

    def _parts(self) -> Sequence[str | Node]:
        return (".".join(self.ident),)


class DotNode(Node):
    """The cursor, ``.``."""

    __slots__ = ()

    def _parts(self) -> Sequence[str | Node]:
        return (".",)


class NilNode(Node):
    """The untyped constant ``nil``."""

    __slots__ = ()

    def _parts(self) -> Sequence[str | Node]:
        return ("nil",)


class FieldNode(Node):
    """Fields read from the cursor, ``.a.b``; the names without their dots."""

    __slots__ = ("ident",)

    def __init__(self, pos: int, ident: list[str]) -> None:
        self.pos = pos
        self.ident = ident

    def _parts(self) -> Sequence[str | Node]:
        return ("." + ".".join(self.ident),)


class ChainNode(Node):
    """Fields read from a parenthesized pipeline or from what a function returns: ``(…).a.b``."""

    __slots__ = ("field", "node")

    def __init__(self, pos: int, node: Node, field: list[str]) -> None:
        self.pos = pos
        self.node = node
        self.field = field

    def _parts(self) -> Sequence[str | Node]:
        return (*_parenthesized(self.node), "." + ".".join(self.field))


class BoolNode(Node):
    """``true`` or ``false``."""

    __slots__ = ("true",)

    def __init__(self, pos: int, true: bool) -> None:
        self.pos = pos
        self.true = true

    def _parts(self) -> Sequence[str | Node]:
        return ("true" if self.true else "false",)


class NumberNode(Node):
    """A number or character constant, under all the types that can represent it, as Go's ideal constants are."""

    __slots__ = ("complex128", "float64", "int64", "is_complex", "is_float", "is_int", "is_uint", "text", "uint64")

    def __init__(self, pos: int, text: str) -> None:
        self.pos = pos
        self.text = text
        self.is_int = self.is_uint = self.is_float = self.is_complex = False
        self.int64 = self.uint64 = 0
        self.float64 = 0.0
        self.complex128 = 0j

    def _parts(self) -> Sequence[str | Node]:
        return (self.text,)

    @property
    def is_char(self) -> bool:
        """Whether the constant was written as a character, ``'x'``."""
        return self.text.startswith("'")


class StringNode(Node):
    """A string constant: as written (``quoted``) and what it stands for (``text``)."""

    __slots__ = ("quoted", "text")

    def __init__(self, pos: int, quoted: str, text: str) -> None:
        self.pos = pos
        self.quoted = quoted
        self.text = text

    def _parts(self) -> Sequence[str | Node]:
        return (self.quoted,)


class BranchNode(Node):
    """What ``if``, ``range`` and ``with`` have in common; ``else_list`` is None without an else."""

    __slots__ = ("delims", "else_list", "line", "list", "pipe")

    keyword = ""

    def __init__(
        self,
        pos: int,
        line: int,
        pipe: PipeNode,
        list: ListNode,
        else_list: ListNode | None,
        delims: Delims = STANDARD_DELIMS,
    ) -> None:
        self.pos = pos
        self.line = line
        self.pipe = pipe
        self.list = list
        self.else_list = else_list
        self.delims = delims

    def _parts(self) -> Sequence[str | Node]:
        left, right = self.delims
        head = (f"{left}{self.keyword} ", self.pipe, right, self.list)
        if self.else_list is None:
            return (*head, f"{left}end{right}")
        return (*head, f"{left}else{right}", self.else_list, f"{left}end{right}")


class IfNode(BranchNode):
    """``{{if pipe}} list {{else}} else_list {{end}}``."""

    __slots__ = ()

    keyword = "if"


class RangeNode(BranchNode):
    """``{{range pipe}} list {{else}} else_list {{end}}``."""

    __slots__ = ()

    keyword = "range"


class WithNode(BranchNode):
    """``{{with pipe}} list {{else}} else_list {{end}}``."""

    __slots__ = ()

    keyword = "with"


class TemplateNode(Node):
    """A call of another template; ``pipe`` is its dot, None for nil. A block leaves one of these in its place."""

    __slots__ = ("delims", "line", "name", "pipe")

    def __init__(self, pos: int, line: int, name: str, pipe: PipeNode | None, delims: Delims = STANDARD_DELIMS) -> None:
        self.pos = pos
        self.line = line
        self.name = name
        self.pipe = pipe
        self.delims = delims

    def _parts(self) -> Sequence[str | Node]:
        from gotemplate.golib.strconv import quote

        head = f"{self.delims[0]}template {quote(self.name)}"
        if self.pipe is None:
            return (head, self.delims[1])
        return (head, " ", self.pipe, self.delims[1])


class BreakNode(Node):
    """``{{break}}``."""

    __slots__ = ("delims", "line")

    def __init__(self, pos: int, line: int, delims: Delims = STANDARD_DELIMS) -> None:
        self.pos = pos
        self.line = line
        self.delims = delims

    def _parts(self) -> Sequence[str | Node]:
        return (f"{self.delims[0]}break{self.delims[1]}",)


class ContinueNode(Node):
    """``{{continue}}``."""

    __slots__ = ("delims", "line")

    def __init__(self, pos: int, line: int, delims: Delims = STANDARD_DELIMS) -> None:
        self.pos = pos
        self.line = line
        self.delims = delims

    def _parts(self) -> Sequence[str | Node]:
        return (f"{self.delims[0]}continue{self.delims[1]}",)


class Tree:
    """One parsed template: its root list and the text it came from.

    ``parse_name`` is the name of the whole text that was parsed; inside a define it differs from ``name``, and
    errors show it.
    """

    __slots__ = ("left_delim", "name", "parse_name", "right_delim", "root", "text")

    def __init__(
        self, name: str, parse_name: str, root: ListNode, text: str, left_delim: str = "{{", right_delim: str = "}}"
    ) -> None:
        self.name = name
        self.parse_name = parse_name
        self.root = root
        self.text = text
        self.left_delim = left_delim
        self.right_delim = right_delim

    def __str__(self) -> str:
        return str(self.root)

    def is_empty(self) -> bool:
        """Report whether the template holds nothing but space and comments."""
        return self.root.is_empty()

    def location(self, node: Node) -> tuple[int, int]:
        """Return where a node is: its line from 1, and the byte offset in that line from 0."""
        if self.text.isascii():
            return self.text.count("\n", 0, node.pos) + 1, node.pos - (self.text.rfind("\n", 0, node.pos) + 1)
        head = utf8.to_bytes(self.text)[: node.pos]
        return head.count(b"\n") + 1, len(head) - (head.rfind(b"\n") + 1)

    def error_context(self, node: Node) -> tuple[str, str]:
        """Return ``NAME:LINE:COLUMN`` and the printed node, the two parts of Go's ErrorContext."""
        line, column = self.location(node)
        return f"{self.parse_name}:{line}:{column}", str(node)


def _is_blank(node: Node) -> bool:
    if isinstance(node, TextNode):
        return not node.text.strip(GO_SPACE)
    return isinstance(node, CommentNode)


def _joined(nodes: Sequence[Node], separator: str) -> list[str | Node]:
    out: list[str | Node] = []
    for node in nodes:
        out += (separator, node)
    return out[1:]


def _parenthesized(node: Node) -> tuple[str | Node, ...]:
    return ("(", node, ")") if isinstance(node, PipeNode) else (node,)
