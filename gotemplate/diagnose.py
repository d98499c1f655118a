"""What Go says about a text that is not a template.

Go's message depends on the order in which its recursive parser looks at the items, which no parse table reproduces:
``{{foo}}{{if}}`` complains of foo first. ``diagnose`` reads the refused items in that order, with the same contexts and
the same look ahead, and builds nothing. It does not recurse: templates may nest as deep as they like.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Final, NoReturn

from gotemplate.constants import complex_of, number_of, string_of
from gotemplate.errors import ParseError
from gotemplate.golib import utf8
from gotemplate.golib.quote import quote
from gotemplate.lexer import Item
from gotemplate.nodes import GO_SPACE, STANDARD_DELIMS, Delims
from gotemplate.terminals import MAX_PARENTHESES, OPERANDS

_LITERALS: Final = frozenset({"Bool", "CharConstant", "Complex", "Dot", "Nil", "Number", "RawString", "String"})
_KEYWORDS: Final = frozenset(
    {"Block", "Break", "Continue", "Define", "Dot", "Else", "End", "If", "Nil", "Range", "Template", "With"}
)
"""The items that a message shows in angle brackets."""


def diagnose(
    name: str,
    text: str,
    items: list[Item],
    *,
    funcs: Container[str],
    parse_name: str | None = None,
    delims: Delims = STANDARD_DELIMS,
) -> ParseError | None:
    """Return the error Go's Parse returns for the items of a text; None for a template.

    ``delims`` are those a message shows around ``end`` and ``else``; ``funcs`` are the names of all functions.
    """
    reader = _Reader(name, name if parse_name is None else parse_name, items, funcs, delims)
    try:
        reader.read()
    except _Complaint as complaint:
        return _error(text, reader, complaint)
    return None


class _Complaint(Exception):  # noqa: N818 - becomes the error once its place is known
    """Go's format and arguments of a message.

    ``item`` is the one to point at, ``last`` the one whose line the message names; both are the last one read if not
    given.
    """

    def __init__(self, format_: str, *args: str | int, item: Item | None = None, last: Item | None = None) -> None:
        super().__init__(format_)
        self.format = format_
        self.arguments = args
        self.item = item or last
        self.last = last


def _error(text: str, reader: _Reader, complaint: _Complaint) -> ParseError:
    last = complaint.last or reader.last()
    line, at = last[3], (complaint.item or last)[1]
    data = utf8.to_bytes(text)
    line_start = data.rfind(b"\n", 0, at) + 1
    shown = data.count(b"\n", 0, line_start) + 1 == line
    error = ParseError(
        _worded(reader.parse_name, line, complaint),
        message=_filled(complaint.format, complaint.arguments),
        name=reader.parse_name,
        line=line,
        column=at - line_start if shown else -1,
        source=text,
    )
    error.known = _known(reader, complaint)
    return error


def _known(reader: _Reader, complaint: _Complaint) -> tuple[str, ...]:
    """Return the names there are where the complaint is about one that is not."""
    if complaint.format.startswith("undefined variable"):
        return tuple(reader.variables)
    if complaint.format.startswith("function") and isinstance(reader.funcs, Iterable):
        return tuple(reader.funcs)
    return ()


def _worded(parse_name: str, line: int, complaint: _Complaint) -> str:
    """Return the whole text. Go makes the name of the template part of the format, so verbs in it take arguments."""
    whole = f"template: {parse_name}:{line}: {complaint.format}"
    if "%" not in parse_name:
        return _filled(whole, complaint.arguments)
    from gotemplate.fmt import sprintf

    return str(sprintf(whole, *complaint.arguments))


def _filled(format_: str, arguments: tuple[str | int, ...]) -> str:
    left = iter(arguments)
    return re.sub("%[sdq]", lambda verb: quote(str(next(left))) if verb[0] == "%q" else str(next(left)), format_)


@dataclass(slots=True)
class _Frame:
    """What is open, a tree (``root``, ``define``, ``block``) or a control action, and what its end restores.

    An else in a block is a complaint of the tree around it, which has read no further than ``opened_by``.
    """

    kind: str
    scope: int = 0
    in_else: bool = False
    name: str = ""
    blank: bool = True
    outer: tuple[list[str], int] = field(default_factory=lambda: ([], 0))
    opened_by: Item | None = None


@dataclass(slots=True)
class _Pipe:
    """A pipeline being read: where it is, what ends it, its commands, and the first of them that cannot be called."""

    context: str
    end: str
    commands: int = 0
    fresh: bool = False
    literal_stage: int = 0


class _Reader:
    """Go's parser without its trees; each method reads what the one of the same name reads there."""

    def __init__(self, name: str, parse_name: str, items: list[Item], funcs: Container[str], delims: Delims) -> None:
        self.parse_name = parse_name
        self.items = items
        self.funcs = funcs
        self.delims = delims
        self.at = 0
        self.furthest = 0
        self.variables = ["$"]
        self.range_depth = 0
        self.action_line = 0
        self.blank_trees: dict[str, bool] = {}
        self.frames = [_Frame("root", name=name)]

    # Items

    def last(self) -> Item:
        """Return the item furthest ahead that has been looked at: Go's messages name its line."""
        return self.items[self.furthest - 1]

    def next(self) -> Item:
        item = self.items[self.at]
        self.at += 1
        self.furthest = max(self.furthest, self.at)
        return item

    def next_non_space(self) -> Item:
        item = self.next()
        return self.next() if item[0] == "Space" else item

    def peek(self) -> Item:
        item = self.next()
        self.at -= 1
        return item

    def peek_non_space(self) -> Item:
        item = self.next_non_space()
        self.at -= 1
        return item

    def expect(self, kinds: tuple[str, ...], context: str) -> Item:
        item = self.next_non_space()
        if item[0] not in kinds:
            self.unexpected(item, context)
        return item

    def unexpected(self, item: Item, context: str) -> NoReturn:
        kind, _, text, line = item
        if kind != "Error":
            raise _Complaint("unexpected %s in %s", _shown(item), context, item=item)
        started = ""
        if self.action_line not in (0, line):
            started = f" in action started at {self.parse_name}:{self.action_line}"
            if text.endswith(" action"):
                started = started.removeprefix(" in action")
        raise _Complaint("%s%s", text, started, item=item)

    # Templates and actions

    def read(self) -> None:
        """Read everything, or raise the complaint."""
        while True:
            kind = self.peek_non_space()[0]
            if kind == "EOF":
                if len(self.frames) > 1:
                    raise _Complaint("unexpected EOF")
                return self.add_tree(self.frames[0])
            if kind == "LeftDelim" and len(self.frames) == 1 and self.is_define():
                self.define()
            else:
                self.text_or_action()

    def is_define(self) -> bool:
        """Report whether the action that starts here is a define, and pass its keyword if so."""
        start = self.at
        self.next()
        if self.next_non_space()[0] == "Define":
            return True
        self.at = start
        return False

    def define(self) -> None:
        name = self.expect(("String", "RawString"), "define clause")
        frame = _Frame("define", name=self.unquoted(name))
        self.expect(("RightDelim",), "define clause")
        self.open_tree(frame)

    def open_tree(self, frame: _Frame) -> None:
        frame.outer = self.variables, self.range_depth
        self.variables, self.range_depth, self.action_line = ["$"], 0, 0
        self.frames.append(frame)

    def add_tree(self, frame: _Frame) -> None:
        if self.blank_trees.get(frame.name, True):
            self.blank_trees[frame.name] = frame.blank
        elif not frame.blank:
            raise _Complaint("template: multiple definition of template %q", frame.name)

    def text_or_action(self) -> None:
        item = self.next_non_space()
        if item[0] == "Text":
            self.frames[-1].blank &= not item[2].strip(GO_SPACE)
        elif item[0] == "LeftDelim":
            self.action_line = item[3]
            self.action()
        elif item[0] != "Comment":
            self.unexpected(item, "input")

    def action(self) -> None:
        """Read an action. The line it started at stays known until a control action meets its first inner action."""
        item = self.next_non_space()
        kind = item[0]
        if kind in ("If", "Range", "With"):
            return self.control(item[2])
        if kind == "End":
            self.end()
        elif kind == "Else":
            self.else_()
        elif kind == "Block":
            return self.block()
        elif kind == "Template":
            self.template()
        elif kind in ("Break", "Continue"):
            self.break_or_continue(item[2])
        else:
            self.at -= 1
            self.pipeline("command")
        if kind not in ("End", "Else"):
            self.frames[-1].blank = False
        self.action_line = 0
        return None

    def control(self, keyword: str) -> None:
        self.frames[-1].blank = False
        frame = _Frame(keyword, scope=len(self.variables))
        self.pipeline(keyword)
        self.range_depth += keyword == "range"
        self.frames.append(frame)

    def block(self) -> None:
        self.frames[-1].blank = False
        frame = _Frame("block", name=self.template_name("block clause"))
        self.pipeline("block clause")
        frame.opened_by = self.last()
        self.open_tree(frame)

    def template(self) -> None:
        self.template_name("template clause")
        if self.next_non_space()[0] != "RightDelim":
            self.at -= 1
            self.pipeline("template clause")

    def template_name(self, context: str) -> str:
        return self.unquoted(self.expect(("String", "RawString"), context))

    def break_or_continue(self, keyword: str) -> None:
        self.expect(("RightDelim",), f"{{{{{keyword}}}}}")
        if self.range_depth == 0:
            raise _Complaint(f"{{{{{keyword}}}}} outside {{{{range}}}}")

    def end(self) -> None:
        self.expect(("RightDelim",), "end")
        frame = self.frames[-1]
        if frame.kind == "root":
            raise _Complaint("unexpected %s", self.delimited("end"))
        if frame.kind in ("define", "block"):
            self.add_tree(frame)
            self.variables, self.range_depth = frame.outer
        else:
            self.range_depth -= frame.kind == "range" and not frame.in_else
            del self.variables[frame.scope :]
        self.frames.pop()

    def else_(self) -> None:
        """Read an else; ``else if`` and ``else with`` go on in a frame of their own kind and are wrong elsewhere."""
        following = self.peek_non_space()
        chained = following[0] in ("If", "With")
        if not chained:
            self.expect(("RightDelim",), "else")
        self.action_line = 0
        frame = self.frames[-1]
        if frame.kind == "root":
            raise _Complaint("unexpected %s", self.delimited("else"))
        if frame.kind in ("define", "block"):
            raise _Complaint(
                "unexpected %s in %s", self.delimited("else"), f"{frame.kind} clause", last=frame.opened_by
            )
        if frame.in_else:
            raise _Complaint("expected end; found %s", self.delimited("else"))
        if chained and following[2] == frame.kind:
            self.next_non_space()
            self.pipeline(frame.kind)
        else:
            frame.in_else = True
            self.range_depth -= frame.kind == "range"

    def delimited(self, word: str) -> str:
        return word.join(self.delims)

    # Pipelines

    def pipeline(self, context: str) -> None:
        """Read a pipeline with everything in parentheses inside it, up to and with the right delimiter."""
        pipes = [_Pipe(context, "RightDelim")]
        self.declarations(context)
        in_command = False
        while pipes:
            pipe = pipes[-1]
            if in_command:
                in_command = False
                if self.command(pipe):
                    self.open_parenthesis(pipes)
                continue
            item = self.next_non_space()
            if item[0] == pipe.end:
                _check_pipeline(pipe)
                pipes.pop()
                in_command = bool(pipes) and self.operand_end("LeftParen", ")")
            elif item[0] in OPERANDS:
                self.at -= 1
                pipe.commands += 1
                pipe.fresh = in_command = True
            else:
                self.unexpected(item, pipe.context)

    def open_parenthesis(self, pipes: list[_Pipe]) -> None:
        if len(pipes) > MAX_PARENTHESES:
            raise _Complaint("max expression depth exceeded")
        pipes.append(_Pipe("parenthesized pipeline", "RightParen"))
        self.declarations("parenthesized pipeline")

    def declarations(self, context: str) -> None:
        """Read the variables a pipeline declares or assigns."""
        for count in (1, 2):
            start = self.at
            variable = self.next_non_space()
            following = self.peek_non_space() if variable[0] == "Variable" else variable
            is_comma = following[0] == "Char" and following[2] == ","
            if variable[0] != "Variable" or not (is_comma or following[0] in ("Assign", "Declare")):
                self.at = start
                return
            self.next_non_space()
            self.variables.append(variable[2])
            if not is_comma:
                return
            if context != "range" or count == 2:
                raise _Complaint("too many declarations in %s", context)
            if self.peek_non_space()[0] not in ("Variable", "RightDelim", "RightParen"):
                raise _Complaint("range can only initialize variables")

    def command(self, pipe: _Pipe) -> bool:
        """Read operands up to the end of the command, or up to a left parenthesis; report whether it was that."""
        while True:
            item = self.next_non_space()
            if item[0] in OPERANDS:
                if pipe.fresh and pipe.commands > 1 and not pipe.literal_stage and item[0] in _LITERALS:
                    pipe.literal_stage = pipe.commands
                pipe.fresh = False
                if item[0] == "LeftParen":
                    return True
                self.term(item)
            else:
                self.at -= 1
            if not self.operand_end(item[0], item[2]):
                return False

    def operand_end(self, kind: str, text: str) -> bool:
        """Read the fields that touch an operand and what follows it; report whether its command goes on."""
        if kind in OPERANDS and self.peek()[0] == "Field":
            while self.peek()[0] == "Field":
                self.next()
            if kind in _LITERALS:
                raise _Complaint("unexpected . after term %q", text)
        item = self.next()
        if item[0] in ("RightDelim", "RightParen"):
            self.at -= 1
        elif item[0] not in ("Space", "Pipe"):
            self.unexpected(item, "operand")
        return item[0] == "Space"

    def term(self, item: Item) -> None:
        kind, pos, text, _ = item
        if kind == "Identifier" and text not in self.funcs:
            raise _Complaint("function %q not defined", text, item=item)
        if kind == "Variable" and text not in self.variables:
            raise _Complaint("undefined variable %q", text, item=item)
        if kind in ("String", "RawString"):
            self.unquoted(item)
        elif kind in ("CharConstant", "Number", "Complex"):
            try:
                (complex_of if kind == "Complex" else number_of)(pos, text)
            except ValueError as error:
                raise _Complaint("%s", str(error), item=item) from None

    def unquoted(self, item: Item) -> str:
        try:
            return string_of(item[2])
        except ValueError as error:
            raise _Complaint("%s", str(error), item=item) from None


def _check_pipeline(pipe: _Pipe) -> None:
    if not pipe.commands:
        raise _Complaint("missing value for %s", pipe.context)
    if pipe.literal_stage:
        raise _Complaint("non executable command in pipeline stage %d", pipe.literal_stage)


def _shown(item: Item) -> str:
    """Return an item as a message shows it."""
    kind, _, text, _ = item
    if kind == "EOF":
        return "EOF"
    if kind in _KEYWORDS:
        return f"<{text}>"
    if utf8.byte_len(text) > 10:
        return f"{quote(utf8.canonical(text)[:10])}..."
    return quote(text)
