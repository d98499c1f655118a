"""Template text to trees, by the grammar in ``grammar.lark`` and the checks that Go makes while parsing.

The parser of this module only accepts or refuses. When it refuses, ``diagnose`` reads the items again in Go's order and
finds the words Go has for what is wrong.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import cache
from typing import Any, Final

from gotemplate.constants import complex_of, number_of, string_of
from gotemplate.errors import ParseError
from gotemplate.grammar import Machine, link, load_table
from gotemplate.lexer import Item, lex
from gotemplate.nodes import (
    STANDARD_DELIMS,
    ActionNode,
    BoolNode,
    BreakNode,
    ChainNode,
    CommandNode,
    CommentNode,
    ContinueNode,
    Delims,
    DotNode,
    FieldNode,
    IdentifierNode,
    IfNode,
    ListNode,
    NilNode,
    Node,
    NumberNode,
    PipeNode,
    RangeNode,
    StringNode,
    TemplateNode,
    TextNode,
    Tree,
    VariableNode,
    WithNode,
)
from gotemplate.ordinary import ordinary_terminals
from gotemplate.terminals import Refused, Terminal, terminals

_LITERALS: Final = frozenset({BoolNode, DotNode, NilNode, NumberNode, StringNode})
"""What cannot be called: no later stage of a pipeline may start with one."""


def parse(  # noqa: PLR0913 - the options of one parse, all but two by name
    name: str,
    text: str,
    *,
    left: str = "",
    right: str = "",
    funcs: Container[str],
    parse_name: str | None = None,
    mode_comments: bool = False,
    print_delims: bool = False,
) -> dict[str, Tree]:
    """Return the trees of a text by name: those of its defines and blocks as they end, and its own as the last.

    ``text`` carries invalid UTF-8 as surrogate escapes, positions are byte offsets. Empty delimiters are ``{{`` and
    ``}}``. ``funcs`` are the names of all functions, the builtin ones too. ``mode_comments`` keeps comments in the
    trees. Nodes print themselves with ``{{`` and ``}}`` whatever the delimiters are, as Go does to 1.26;
    ``print_delims`` makes them use the template's own, as it does after. An empty tree never takes the place of another
    of its name. Raises ParseError with Go's text.
    """
    parse_name = name if parse_name is None else parse_name
    builder = _Builder(name, parse_name, text, (left or "{{", right or "}}"), funcs)
    if print_delims:
        builder.delims = builder.source_delims
    ordinary = None if mode_comments else ordinary_terminals(text, left, right, funcs)
    try:
        builder.build(ordinary or terminals(lex(text, left, right, functions=funcs, comments=mode_comments)))
    except Refused:
        items = lex(text, left, right, functions=funcs, comments=mode_comments)
        raise _error(builder, items) from None
    return builder.trees


def _error(builder: _Builder, items: list[Item]) -> ParseError:
    """Return the error for a refused text. That diagnose finds one whenever the grammar refuses is held by its tests."""
    from gotemplate.diagnose import diagnose

    name, parse_name, text = builder.name, builder.parse_name, builder.text
    error = diagnose(name, text, items, funcs=builder.funcs, parse_name=parse_name, delims=builder.delims)
    error = error or ParseError(f"template: {parse_name}: not a template", name=parse_name, source=text)
    error.delims = builder.source_delims
    return error


class _Builder:
    """Makes the nodes; the methods that the grammar names take the values of the symbols of their rule.

    Rules are reduced in the order of the source, so the scopes kept here are those at the place being read, as in Go's
    parser.
    """

    def __init__(self, name: str, parse_name: str, text: str, source_delims: Delims, funcs: Container[str]) -> None:
        self.name = name
        self.parse_name = parse_name
        self.text = text
        self.source_delims = source_delims
        self.delims: Delims = STANDARD_DELIMS
        self.funcs = funcs
        self.trees: dict[str, Tree] = {}
        self.root_pos = 0
        self.variables = ["$"]
        self.range_depth = 0
        self.outer: list[tuple[list[str], int]] = []
        self.start: Terminal = ("", 0, 0, "", 0)
        """The first terminal of the operand made last: where a command starts, whatever position its node has."""

    def build(self, tokens: Iterable[Terminal]) -> None:
        """Fill ``trees`` from the terminals of a template, or raise Refused."""
        tokens = list(tokens)
        self.root_pos = tokens[0][1]
        _run(tokens, _machine(), self)

    # Templates and lists

    def template(self, parts: list[Node]) -> None:
        self.add(self.name, self.root_pos, parts)

    def add(self, name: str, pos: int, nodes: list[Node]) -> None:
        """Store a tree; one with content may neither be replaced by an empty one nor meet another with content."""
        root = ListNode(pos, nodes)
        known = self.trees.get(name)
        if known is None or known.root.is_empty():
            self.trees[name] = Tree(name, self.parse_name, root, self.text, *self.source_delims)
        elif not root.is_empty():
            raise Refused

    def enter_tree(self) -> None:
        self.outer.append((self.variables, self.range_depth))
        self.variables, self.range_depth = ["$"], 0

    def leave_tree(self) -> None:
        self.variables, self.range_depth = self.outer.pop()

    def nothing(self) -> list[Node]:
        return []

    def more(self, nodes: list[Node], node: Node) -> list[Node]:
        nodes.append(node)
        return nodes

    def same(self, value: Any, _define: None = None) -> Any:
        return value

    def define_head(self, _define: Terminal, name: Terminal, right: Terminal) -> tuple[str, int]:
        self.enter_tree()
        return _string_of(name), right[4]

    def define(self, head: tuple[str, int], items: list[Node], _end: Terminal) -> None:
        self.add(*head, items)
        self.leave_tree()

    def block_head(self, _block: Terminal, name: Terminal, pipe: PipeNode, right: Terminal) -> tuple[int, TemplateNode]:
        self.enter_tree()
        return right[4], TemplateNode(name[1], name[2], _string_of(name), pipe, self.delims)

    def block(self, head: tuple[int, TemplateNode], items: list[Node], _end: Terminal) -> Node:
        pos, call = head
        self.add(call.name, pos, items)
        self.leave_tree()
        return call

    # Parts

    def text_part(self, token: Terminal) -> Node:
        return TextNode(token[1], token[3])

    def comment(self, token: Terminal) -> Node:
        return CommentNode(token[1], token[3], self.delims)

    def action(self, _left: Terminal, pipe: PipeNode, _right: Terminal) -> Node:
        return ActionNode(pipe.pos, pipe.line, pipe, self.delims)

    def template_call(self, _template: Terminal, name: Terminal, *rest: Any) -> Node:
        pipe = rest[0] if len(rest) == 2 else None
        return TemplateNode(name[1], name[2], _string_of(name), pipe, self.delims)

    def break_action(self, token: Terminal) -> Node:
        if not self.range_depth:
            raise Refused
        return BreakNode(token[1], token[2], self.delims)

    def continue_action(self, token: Terminal) -> Node:
        if not self.range_depth:
            raise Refused
        return ContinueNode(token[1], token[2], self.delims)

    # Control actions

    def scope(self, _keyword: Terminal) -> int:
        return len(self.variables)

    def if_action(self, scope: int, pipe: PipeNode, right: Terminal, items: list[Node], rest: ListNode | None) -> Node:
        del self.variables[scope:]
        return IfNode(pipe.pos, pipe.line, pipe, ListNode(right[4], items), rest, self.delims)

    def with_action(
        self, scope: int, pipe: PipeNode, right: Terminal, items: list[Node], rest: ListNode | None
    ) -> Node:
        del self.variables[scope:]
        return WithNode(pipe.pos, pipe.line, pipe, ListNode(right[4], items), rest, self.delims)

    def end(self, _end: Terminal) -> None:
        return None

    def else_items(self, token: Terminal, items: list[Node], _end: Terminal) -> ListNode:
        return ListNode(token[4], items)

    def else_if(
        self, token: Terminal, pipe: PipeNode, right: Terminal, items: list[Node], rest: ListNode | None
    ) -> ListNode:
        return ListNode(token[4], [IfNode(pipe.pos, pipe.line, pipe, ListNode(right[4], items), rest, self.delims)])

    def else_with(
        self, token: Terminal, pipe: PipeNode, right: Terminal, items: list[Node], rest: ListNode | None
    ) -> ListNode:
        return ListNode(token[4], [WithNode(pipe.pos, pipe.line, pipe, ListNode(right[4], items), rest, self.delims)])

    def range_head(self, scope: int, pipe: PipeNode, right: Terminal) -> tuple[int, PipeNode, int]:
        self.range_depth += 1
        return scope, pipe, right[4]

    def range_end(self, _end: Terminal) -> None:
        self.range_depth -= 1

    def range_else(self, token: Terminal) -> Terminal:
        self.range_depth -= 1
        return token

    def range_action(self, head: tuple[int, PipeNode, int], items: list[Node], rest: ListNode | None) -> Node:
        scope, pipe, pos = head
        del self.variables[scope:]
        return RangeNode(pipe.pos, pipe.line, pipe, ListNode(pos, items), rest, self.delims)

    # Pipelines

    def index(self, variable: Terminal, _comma: Terminal) -> Terminal:
        self.variables.append(variable[3])
        return variable

    def indexed(self, index: Terminal, pipe: PipeNode) -> PipeNode:
        """A second variable, or at least a variable to range over, must follow the first."""
        if not pipe.decl and not isinstance(pipe.cmds[0].args[0], VariableNode):
            raise Refused
        pipe.decl.insert(0, VariableNode(index[1], [index[3]]))
        pipe.pos, pipe.line = index[1], index[2]
        return pipe

    def declaration(self, variable: Terminal, sign: Terminal) -> tuple[Terminal, bool]:
        self.variables.append(variable[3])
        return variable, sign[0] == "ASSIGN"

    def pipeline(self, commands: list[CommandNode], _bar: Terminal | None = None) -> PipeNode:
        first = commands[0]
        return PipeNode(first.pos, first.line, False, [], commands)

    def declaring_pipeline(
        self, declaration: tuple[Terminal, bool], commands: list[CommandNode], _bar: Terminal | None = None
    ) -> PipeNode:
        (_, pos, line, name, _), is_assign = declaration
        return PipeNode(pos, line, is_assign, [VariableNode(pos, [name])], commands)

    def first_command(self, command: CommandNode) -> list[CommandNode]:
        return [command]

    def next_command(self, commands: list[CommandNode], _bar: Terminal, command: CommandNode) -> list[CommandNode]:
        if command.args[0].__class__ in _LITERALS:
            raise Refused
        commands.append(command)
        return commands

    def first_operand(self, operand: Node) -> CommandNode:
        return CommandNode(self.start[1], [operand], self.start[2])

    def next_operand(self, command: CommandNode, operand: Node) -> CommandNode:
        command.args.append(operand)
        return command

    # Operands

    def field(self, token: Terminal) -> Node:
        self.start = token
        return FieldNode(token[4], token[3][1:].split("."))

    def variable(self, token: Terminal) -> Node:
        self.start = token
        names = token[3].split(".")
        if names[0] not in self.variables:
            raise Refused
        return VariableNode(token[4], names)

    def function(self, token: Terminal) -> Node:
        self.start = token
        if token[3] not in self.funcs:
            raise Refused
        return IdentifierNode(token[1], token[3])

    def function_chain(self, token: Terminal, chain: Terminal) -> Node:
        return ChainNode(chain[1], self.function(token), chain[3][1:].split("."))

    def parenthesized(self, left: Terminal, pipe: PipeNode, _right: Terminal) -> Node:
        self.start = left
        return pipe

    def parenthesized_chain(self, left: Terminal, pipe: PipeNode, _right: Terminal, chain: Terminal) -> Node:
        self.start = left
        return ChainNode(chain[1], pipe, chain[3][1:].split("."))

    def dot(self, token: Terminal) -> Node:
        self.start = token
        return DotNode(token[1])

    def nil(self, token: Terminal) -> Node:
        self.start = token
        return NilNode(token[1])

    def boolean(self, token: Terminal) -> Node:
        self.start = token
        return BoolNode(token[1], token[3] == "true")

    def string(self, token: Terminal) -> Node:
        self.start = token
        return StringNode(token[1], token[3], _string_of(token))

    def number(self, token: Terminal) -> Node:
        self.start = token
        try:
            return number_of(token[1], token[3])
        except ValueError:
            raise Refused from None

    def complex_number(self, token: Terminal) -> Node:
        self.start = token
        try:
            return complex_of(token[1], token[3])
        except ValueError:
            raise Refused from None


def _string_of(token: Terminal) -> str:
    try:
        return string_of(token[3])
    except ValueError:
        raise Refused from None


@cache
def _machine() -> Machine:
    return link(load_table(), vars(_Builder))


def _run(tokens: Iterable[Terminal], machine: Machine, builder: Any) -> None:
    """Drive the parse table over the terminals, calling the function of each rule with the builder.

    Lark's own loop over the same table takes more than twice as long, most of it for hashing rules.
    """
    row, end = machine
    rows, values = [row], list[Any]()
    for token in tokens:
        terminal = token[0]
        while (step := row.get(terminal)).__class__ is tuple:
            function, symbol, size = step
            if size == 1:
                values[-1] = function(builder, values[-1])
            elif size == 2:
                last = values.pop()
                values[-1] = function(builder, values[-1], last)
                rows.pop()
            elif size:
                values[-size:] = [function(builder, *values[-size:])]
                del rows[1 - size :]
            else:
                values.append(function(builder))
                rows.append(row)
            rows[-1] = row = rows[-2][symbol]
        if step is None:
            if row is end:
                return
            raise Refused
        row = step
        rows.append(row)
        values.append(token)
