"""The tree as Python source: one function a template, for templates that are rendered often.

``generate`` returns the source with what it refers to; ``runtime`` compiles and binds it. The rules are those of
``evaluate``, which is the reference: for plain values they are written out in place, and for any others the generated
code calls the functions the evaluator calls. Bodies too deep for CPython (20 blocks, 100 indentations) are outlined into
functions of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gotemplate import nodes
from gotemplate.codegen.expressions import (
    TRUTH,
    VALUE,
    ExpressionWriter,
    TooDeepError,
    Variable,
)
from gotemplate.codegen.options import Options
from gotemplate.codegen.source import OUTLINED_LINE, TEMPLATE_LINE, Call, Function, Term, literal_text
from gotemplate.fmt import format_value

MAX_BLOCKS: Final = 14
"""For loops and try statements around a body before it is outlined; CPython allows 20 of both."""

MAX_INDENT: Final = 70
"""Indentation of a body before it is outlined; CPython allows 100 levels."""

MAX_LISTS: Final = 250
"""Lists within lists that are generated; CPython's compiler walks its own tree recursively."""

MAX_GUARDS: Final = 6
"""Values that are written as one, if each is a str or int."""

_PRINTED_IN_PLACE: Final = frozenset({str, int, bool})


class Source:
    """Generated code: its text, and what its names, numbers and lines stand for.

    ``rows`` are the names to be bound; ``used`` the functions it depends on, each with whether it is a builtin and its
    signature; ``sites`` the nodes by number; ``chains`` names to follow with the
    number of the place that reports; ``calls`` what a line calls; ``texts`` constant text by number (only with
    holes).
    """

    __slots__ = ("calls", "chains", "cost", "rows", "sites", "text", "texts", "used")

    def __init__(self, writer: StatementWriter) -> None:
        lines: list[str] = []
        self.calls: dict[int, Call] = {}
        writer.main.finish(lines, self.calls, 0)
        self.text = "\n".join(lines) + "\n"
        self.rows = tuple((name, *row) for row, name in writer.unbound.rows.items())
        self.used = writer.unbound.used
        self.sites = writer.sites
        self.chains = tuple(writer.chains)
        self.texts = tuple(writer.texts)
        self.cost = 3 + writer.outlined


class Printed:
    """A value that an action prints: its term, and the number of the place of the action."""

    __slots__ = ("number", "term")

    def __init__(self, term: Term, number: int) -> None:
        self.term = term
        self.number = number

    def write(self) -> str:
        """Return the line that writes the value."""
        text = self.term.text
        if self.term.cls == "str":
            return f"W({text})"
        shown = f"SHOW({self.term.exact}, {self.number})"
        shown = f"WORDS[{text}] if {text}.__class__ is bool else {shown}"
        return f"W({text} if {text}.__class__ is str else f'{{{text}}}' if {text}.__class__ is int else {shown})"


def _joined(parts: Sequence[str | Printed]) -> list[str | Printed]:
    """Return parts with neighbouring texts as one."""
    out: list[str | Printed] = []
    for part in parts:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        else:
            out.append(part)
    return out


def _is_textual(name: str) -> str:
    """Return the condition that a value is a str or int: two comparisons are quicker than to look into a set."""
    known = f"{_is_index(name)} or " if name[0] == "k" else ""
    return f"({known}{name}.__class__ is str or {name}.__class__ is int)"


def _is_index(key: str) -> str:
    """Return the name of what tells whether the keys of a loop are the indexes of a list."""
    return f"i{key[1:]}"


def _f_string(parts: Sequence[str | Printed]) -> str:
    texts = [literal_text(part) if isinstance(part, str) else f"{{{part.term.text}}}" for part in parts]
    return f"f'{''.join(texts)}'"


def generate(tree: nodes.Tree, funcs: Mapping[str, Any], builtins: Mapping[str, Any], options: Options) -> Source:
    """Return the source of a template. Raises TooDeepError for one that only the evaluator can execute."""
    writer = StatementWriter(tree, funcs, builtins, options)
    try:
        writer.whole(tree.root)
    except RecursionError:
        raise TooDeepError from None
    return Source(writer)


class StatementWriter(ExpressionWriter):
    """Writes the statements of one template."""

    def __init__(
        self, tree: nodes.Tree, funcs: Mapping[str, Any], builtins: Mapping[str, Any], options: Options
    ) -> None:
        super().__init__(tree, funcs, builtins, options)
        self.pending: list[str | Printed] = []
        self.pending_site: int = 0
        self.texts: list[str] = []
        self.lists = 0
        self.outlined = 0
        self.main.blocks = 1

    def whole(self, root: nodes.ListNode) -> None:
        """Write the whole template."""
        if "$" in self.assigned:
            self.main.prologue.append("v0 = d0")
        if self.options.metered:
            self.main.prologue.append("M = R.meter.step")
        self.body(root)

    def emit(self, text: str, call: Call | None = None, only_for: str = "") -> None:
        """Add a line, after the text that comes before it."""
        if self.pending:
            self.flush()
        super().emit(text, call, only_for)

    # Output

    def flush(self) -> None:
        """Write what has come together: constant text, and values that are printed."""
        parts, self.pending = _joined(self.pending), []
        for part in parts if self.options.traced or self.options.holes else ():
            self._write_located(part)
        if not parts or self.options.traced or self.options.holes:
            return
        guards = dict.fromkeys(
            _is_textual(part.term.text)
            for part in parts
            if isinstance(part, Printed) and part.term.cls not in ("str", "int")
        )
        if len(parts) == 1 or len(guards) > MAX_GUARDS:
            self._write_apart(parts)
        elif not guards:
            super().emit(f"W({_f_string(parts)})")
        else:
            super().emit(
                f"if {' and '.join(guards).strip('()') if len(guards) == 1 else ' and '.join(guards)}: W({_f_string(parts)})"
            )
            super().emit("else:")
            with self.block():
                self._write_apart(parts)

    def _write_apart(self, parts: Sequence[str | Printed]) -> None:
        for part in parts:
            super().emit(f"W({part!r})" if isinstance(part, str) else part.write())

    def _write_located(self, part: str | Printed) -> None:
        if self.options.traced:
            site = self.pending_site if isinstance(part, str) else part.number
            super().emit(f"R.trace(S, {site})")
        if isinstance(part, str) and self.options.holes:
            self.texts.append(part)
            super().emit(f"W({len(self.texts) - 1})")
        else:
            self._write_apart([part])

    def constant_text(self, text: str, node: nodes.Node) -> None:
        """Write constant text, with what follows directly as one if nothing is to be counted or located."""
        if self.options.traced:
            self.flush()
            self.pending_site = self.site(node)
        if text:
            self.pending.append(text)
        if self.options.metered:
            self.flush()

    def cover(self, node: nodes.Node, branch: int) -> None:
        """Note that a branch of a node was taken."""
        if self.options.covered:
            self.emit(f"R.cover(S, {self.site(node)}, {branch})")

    # Lists

    def body(self, node: nodes.ListNode | None, *, ends_at_break: bool = False) -> None:
        """Write the statements of a list in a scope of their own, outlined if they would lie too deep.

        ``ends_at_break`` says that a break leaves this list and nothing else, for which it is outlined too.
        """
        self.lists += 1
        if self.lists > MAX_LISTS:
            raise TooDeepError
        ends_at_break = ends_at_break and nodes.BreakNode in _jumps(node)
        if ends_at_break or self.function.blocks > MAX_BLOCKS or self.function.indent > MAX_INDENT:
            self._outlined(node, ends_at_break=ends_at_break)
        else:
            self._inline(node)
        self.lists -= 1

    def _inline(self, node: nodes.ListNode | None) -> None:
        self.scopes.append({})
        before = len(self.function.lines)
        for child in node.nodes if node is not None else ():
            self.statement(child)
        self.flush()
        if len(self.function.lines) == before:
            self.emit("pass")
        self.scopes.pop()

    def _outlined(self, node: nodes.ListNode | None, *, ends_at_break: bool) -> None:
        outer = self.function
        part = Function(f"def {(name := self.fresh('o'))}():", outer, guards=False)
        outer.parts.append(part)
        self.outlined += 1
        self.flush()
        self.function = part
        self._inline(node)
        self.function = outer
        jumps = _jumps(node) - ({nodes.BreakNode} if ends_at_break else set())
        if not jumps:
            self.emit(f"{name}()", (OUTLINED_LINE, 0))
            return
        signal = self.fresh("s")
        self.emit(f"{signal} = {name}()", (OUTLINED_LINE, 0))
        if nodes.BreakNode in jumps:
            self.emit(f"if {signal} == 1: {'break' if outer.loops else 'return 1'}")
        if nodes.ContinueNode in jumps:
            self.emit(f"if {signal} == 2: {'continue' if outer.loops else 'return 2'}")

    def statement(self, node: nodes.Node) -> None:
        """Write one statement."""
        if isinstance(node, nodes.CommentNode):
            return
        if self.options.metered:
            self.emit(f"M({self.place(node)})")
        if isinstance(node, nodes.TextNode):
            self.constant_text(node.text, node)
        elif isinstance(node, nodes.ActionNode):
            self.action(node)
        elif isinstance(node, nodes.IfNode):
            self.if_(node)
        elif isinstance(node, nodes.WithNode):
            self.with_(node)
        elif isinstance(node, nodes.RangeNode):
            self.range_(node)
        elif isinstance(node, nodes.TemplateNode):
            self.template(node)
        elif isinstance(node, nodes.BreakNode | nodes.ContinueNode):
            self.jump(node)
        else:
            raise TypeError(f"a {type(node).__name__} is no statement")

    def action(self, node: nodes.ActionNode) -> None:
        """Write a pipeline whose value is printed, or declared."""
        if node.pipe.decl:
            term = self.pipeline(node.pipe)
            if not term.atom:
                self.emit(term.text, term.call)
            return
        term = self.commands(node.pipe)
        if term.is_constant and term.constant.__class__ in _PRINTED_IN_PLACE:
            self.constant_text(format_value(term.constant), node)
            return
        if not term.atom or term.is_constant:
            term = self.atom(term)
        self.pending.append(Printed(term, self.site(node)))
        if self.options.metered or term.is_constant:
            self.flush()

    # Branches

    def if_(self, node: nodes.IfNode) -> None:
        """Write ``if``: the variables its pipeline declares are there in both lists."""
        self.scopes.append({})
        condition = self.commands(node.pipe, TRUTH)
        self.emit(f"if {condition.text}:", condition.call)
        self._branches(node)
        self.scopes.pop()

    def _branches(self, node: nodes.BranchNode, dot: Term | None = None) -> None:
        """Write the two lists of a branch; in the first one the cursor is ``dot``."""
        outer, origin = self.dot, self.dot_origin
        with self.block():
            self.cover(node, 1)
            if dot is not None:
                self.dot, self.dot_origin = dot, ""
            self.body(node.list)
            self.dot, self.dot_origin = outer, origin
            self.flush()
        if node.else_list is None and not self.options.covered:
            return
        self.emit("else:")
        with self.block():
            self.cover(node, 0)
            self.body(node.else_list)
            self.flush()

    def with_(self, node: nodes.WithNode) -> None:
        """Write ``with``: the value becomes the cursor of the first list, not of the else."""
        self.scopes.append({})
        term = self.pipeline(node.pipe, VALUE)
        value = self.full(term)
        if node.pipe.decl and (node.pipe.decl[0].ident[0] in self.assigned or node.pipe.is_assign):
            value = self._named(value)  # the variable may change while the cursor stays
        self.emit(f"if {value.text}:")
        dot = Term(value.text, atom=True, cls=value.cls, constant=value.constant)
        self._branches(node, dot)
        self.scopes.pop()

    # range

    def range_(self, node: nodes.RangeNode) -> None:
        """Write ``range``: in the else, and before the first round, its variables hold the whole value."""
        self.scopes.append({})
        pipe = node.pipe
        term = self.atom(self.pipeline(without_declarations(pipe), VALUE))
        whole = self.full(term) if pipe.decl else term
        if pipe.decl:
            self._declare_whole(pipe, whole)
        container, rounds = self.fresh("c"), self.fresh("r")
        pairs = len(pipe.decl) > 1
        exact = whole.full_text
        self.emit(f"{container} = {whole.text}")
        listed = f"{container} and enumerate({container})" if pairs else container
        self.emit(f"if {container}.__class__ is list: {rounds} = {listed}")
        self.emit(f"elif {container}.__class__ is dict: {rounds} = {'PAIRS' if pairs else 'ELEMENTS'}({container})")
        rest = f"{'ROUNDS_OF_PAIRS' if pairs else 'ROUNDS'}({exact}, {self.after(pipe)})"
        self.emit(f"else: {container}, {rounds} = {rest}")
        self.emit(f"if {rounds}:")
        with self.block():
            self.cover(node, 1)
            self._rounds(node, container, rounds)
            self.flush()
        for name, variable in self.scopes[-1].items():
            if variable.origin:  # in the else they hold the whole value
                self.scopes[-1][name] = self._whole_again(name, variable, whole)
        if node.else_list is not None or self.options.covered:
            self.emit("else:")
            with self.block():
                self.cover(node, 0)
                self.body(node.else_list, ends_at_break=True)
                self.flush()
        self.scopes.pop()

    def _declare_whole(self, pipe: nodes.PipeNode, whole: Term) -> None:
        for variable in pipe.decl:
            name = variable.ident[0]
            if pipe.is_assign:
                self.store(name, whole, self.after(pipe))
            else:
                self.declare(name, whole)

    def _whole_again(self, name: str, variable: Variable, whole: Term) -> Variable:
        if name in self.assigned:
            variable.origin = ""
            return variable
        return Variable(whole, self.function)

    def _rounds(self, node: nodes.RangeNode, container: str, rounds: str) -> None:
        """Write the loop of a range over ``rounds``, the elements of ``container`` or pairs of their keys and them."""
        pipe, function = node.pipe, self.function
        key, dot = self.fresh("k"), self.fresh("d")
        target = f"{key}, {dot}" if len(pipe.decl) > 1 else dot
        outer, origin = self.dot, self.dot_origin
        if len(pipe.decl) > 1:
            self.emit(f"{_is_index(key)} = {container}.__class__ is list")
        self.emit(f"for {target} in {rounds}:")
        function.blocks += 1
        function.loops += 1
        with self.block():
            self.dot, self.dot_origin = Term(dot, atom=True), container
            self._set_variables(pipe, container, key, dot)
            if self.options.metered:
                self.emit(f"M({self.place(node)})")  # a round is a step, even of an empty list
            self.body(node.list)
            self.flush()
        function.blocks -= 1
        function.loops -= 1
        self.dot, self.dot_origin = outer, origin

    def _set_variables(self, pipe: nodes.PipeNode, container: str, key: str, dot: str) -> None:
        names = [variable.ident[0] for variable in pipe.decl]
        values = [(dot, False)] if len(names) == 1 else [(key, True), (dot, False)]
        for name, (value, is_key) in zip(names, values, strict=False):
            if pipe.is_assign:
                held = f"HELD({value}, {self.static_of(container, is_key=is_key)})"
                self.store(name, Term(held), self.after(pipe))
                continue
            variable = self.scopes[-1][name]
            if name in self.assigned:
                self.emit(f"{variable.term.text} = {value}")
            else:
                variable = self.scopes[-1][name] = Variable(Term(value, atom=True), self.function)
            variable.origin, variable.is_key = container, is_key

    def jump(self, node: nodes.BreakNode | nodes.ContinueNode) -> None:
        """Write a break or continue; in an outlined body the loop is its caller's."""
        word = "break" if isinstance(node, nodes.BreakNode) else "continue"
        if self.function.loops:
            self.emit(word)
        else:
            self.emit(f"return {1 if word == 'break' else 2}")

    # template

    def template(self, node: nodes.TemplateNode) -> None:
        """Write a call of another template, found by name when it is first executed."""
        place, code, body = self.place(node), self.fresh("f"), self.fresh("b")
        self.emit(f"{code}, {body} = B.get({node.name!r}) or FIND({node.name!r}, {place})")
        self.emit(f"if R.depth >= R.max_depth: TOO_DEEP(R, {place})")
        value = self.full(self.pipeline(node.pipe)).text if node.pipe is not None else "MISSING"
        self.emit("R.depth += 1")
        self.emit(f"if R.depth >= R.headroom or {body}.roomy: MAKE_ROOM(R, {body}, {place})")
        self.emit(f"{code}({value}, R, W)", (TEMPLATE_LINE, self.site(node)))
        self.emit("R.depth -= 1")


def without_declarations(pipe: nodes.PipeNode) -> nodes.PipeNode:
    return nodes.PipeNode(pipe.pos, pipe.line, False, [], pipe.cmds) if pipe.decl else pipe


def _jumps(node: nodes.Node | None) -> set[type[nodes.Node]]:
    """Return the kinds of jumps out of it, to an enclosing range, that executing a node may end in."""
    if isinstance(node, nodes.BreakNode | nodes.ContinueNode):
        return {type(node)}
    if isinstance(node, nodes.ListNode):
        return set().union(*map(_jumps, node.nodes))
    if isinstance(node, nodes.RangeNode):
        return _jumps(node.else_list) - {nodes.BreakNode}
    return _jumps(node.list) | _jumps(node.else_list) if isinstance(node, nodes.BranchNode) else set()


__all__ = ["Options", "Source", "TooDeepError", "generate"]
