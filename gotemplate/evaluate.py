"""The tree as closures: how a template is executed unless generated code takes over; the reference for what it does.

``compile_body`` turns a tree into a ``Body``. A statement is a closure that takes the cursor, the frame and the write
function, and returns a signal (``BREAK``, ``CONTINUE``) or nothing. Evaluation only ever calls from one Python function
into the next, never through C, so that depth costs Python frames and no C stack.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any, Final

from gotemplate import nodes
from gotemplate.callees import Callees
from gotemplate.errors import ExecError, LimitError
from gotemplate.expressions import Expressions
from gotemplate.limits import StackRoom
from gotemplate.lookup import Scene, Site
from gotemplate.outline import Outline
from gotemplate.ranges import BREAK, CONTINUE, Ranging, Store, assigned, declared, loop_of, range_of
from gotemplate.runtime import (
    Body,
    Code,
    Features,
    Frame,
    Run,
    Signal,
    Statement,
    Write,
    make_room,
    shown,
)
from gotemplate.scopes import Scope
from gotemplate.strictness import NOTHING
from gotemplate.values import MISSING, Ref, Value

FRAMES_PER_LIST: Final = 4
"""Python frames that a list of statements and the action around it take at most, with a meter."""

FRAMES_PER_PIPELINE: Final = 6
"""Python frames that a pipeline, one of its stages, and a call take at most."""


class Bodies:
    """What a template needs of its set while it executes: the other bodies by name, the functions, the options."""

    __slots__ = ("builtins", "callees", "features", "find", "funcs", "metered", "missing_key", "strict")

    def __init__(
        self,
        find: Callable[[str], Body | None],
        funcs: dict[str, Any],
        builtins: dict[str, Any],
        *,
        missing_key: str,
        features: Features,
        metered: bool,
        strict: bool = False,
    ) -> None:
        self.find = find
        self.funcs = funcs
        self.builtins = builtins
        self.callees = Callees(funcs, builtins, features)
        self.missing_key = missing_key
        self.features = features
        self.metered = metered
        self.strict = strict


def compile_body(tree: nodes.Tree, name: str, bodies: Bodies) -> Body:
    """Return the executable form of a tree, to run under a name: its own unless it was added under another."""
    outline = Outline(tree.root)
    whole = Late(tree.root, Scope(), Setting(Scene(tree, name, bodies.missing_key), bodies, outline.jumping))
    cost = FRAMES_PER_LIST * outline.lists + 2
    return Body(name, whole.build(), outline.slots, cost, FRAMES_PER_PIPELINE * outline.pipelines)


class Setting:
    """What the lists of one template have in common: where they are executed, with what, and which of them jump."""

    __slots__ = ("bodies", "jumping", "scene")

    def __init__(self, scene: Scene, bodies: Bodies, jumping: Container[nodes.ListNode]) -> None:
        self.scene = scene
        self.bodies = bodies
        self.jumping = jumping


class Late:
    """A list of statements that is built when it is first entered: ``code`` is None until then.

    Most lists of a large template are not executed by its first rendering, many never. Two threads that enter a list at
    once build it twice, which does no harm.
    """

    __slots__ = ("_node", "_scope", "_setting", "code")

    def __init__(self, node: nodes.ListNode, scope: Scope, setting: Setting, code: Statement | None = None) -> None:
        self._node = node
        self._scope = scope
        self._setting = setting
        self.code = code

    def build(self) -> Statement:
        """Return the statements as one. What nests too deeply for Python's recursion limit gets more room on the stack."""
        room = StackRoom()
        try:
            while True:
                try:
                    self.code = code = Statements(self._scope, self._setting).all_of(self._node)
                    return code
                except RecursionError:
                    if not room.claim(max(2000, room.claimed)):
                        raise
        finally:
            room.release()


class Statements:
    """Builds the closures of one list."""

    def __init__(self, scope: Scope, setting: Setting) -> None:
        bodies = setting.bodies
        self.setting = setting
        self.scene = setting.scene
        self.bodies = bodies
        self.expressions = Expressions(setting.scene, scope, bodies.callees, bodies.features, strict=bodies.strict)

    def all_of(self, node: nodes.ListNode) -> Statement:
        """Return the statements of the list as one."""
        statements = [self._statement(child) for child in _merged(node.nodes)]
        return _sequence(statements, jumps=node in self.setting.jumping)

    def late(self, node: nodes.ListNode | None) -> Late:
        """Return an inner list, in a scope of its own."""
        if node is None:
            return _NO_LIST
        expressions = self.expressions
        return Late(node, Scope(expressions.newest, expressions.slots, expressions.dot_origin), self.setting)

    def _statement(self, node: nodes.Node) -> Statement:
        if isinstance(node, nodes.TextNode):
            text = node.text
            code: Statement = lambda _dot, _frame, write: write(text)  # noqa: E731
        else:
            code = _BUILDERS[type(node)](self, node)
        return _metered(code, self.scene.site(node)) if self.bodies.metered else code

    def action(self, node: nodes.ActionNode) -> Statement:
        """Return a pipeline whose value is printed, or declared."""
        if node.pipe.decl:
            declare = self.expressions.pipeline(node.pipe)
            return lambda dot, frame, _write: declare(dot, frame) and None
        value_of, site = self.expressions.commands(node.pipe), self.scene.site(node)
        if self.bodies.strict:
            value_of = _showing_something(value_of, self.scene.site(node.pipe))

        def show(dot: Value, frame: Frame, write: Write) -> None:
            value = value_of(dot, frame)
            if value.__class__ is str:
                write(value)
            elif value.__class__ is int:
                write(str(value))
            else:
                write(shown(value, site))

        return show

    def if_(self, node: nodes.IfNode) -> Statement:
        """Return ``if``: the variables its pipeline declares are there in both lists."""
        expressions = self.expressions
        outer = expressions.newest
        condition = expressions.condition(node.pipe, settled=False)
        then, otherwise = self.late(node.list), self.late(node.else_list)
        expressions.newest = outer

        def branch(dot: Value, frame: Frame, write: Write) -> Any:
            taken = then if condition(dot, frame) else otherwise
            return (taken.code or taken.build())(dot, frame, write)

        return branch

    def with_(self, node: nodes.WithNode) -> Statement:
        """Return ``with``: the value becomes the cursor of the first list, not of the else."""
        expressions = self.expressions
        outer, outer_origin = expressions.newest, expressions.dot_origin
        value_of = expressions.condition(node.pipe, settled=True)
        otherwise = self.late(node.else_list)
        expressions.dot_origin = None
        then = self.late(node.list)
        expressions.newest, expressions.dot_origin = outer, outer_origin

        def branch(dot: Value, frame: Frame, write: Write) -> Any:
            value = value_of(dot, frame)
            if value:
                return (then.code or then.build())(value, frame, write)
            return (otherwise.code or otherwise.build())(dot, frame, write)

        return branch

    def jump(self, node: nodes.BreakNode | nodes.ContinueNode) -> Statement:
        """Return ``break`` or ``continue``."""
        signal = BREAK if isinstance(node, nodes.BreakNode) else CONTINUE
        return lambda _dot, _frame, _write: signal

    # range

    def range_(self, node: nodes.RangeNode) -> Statement:
        """Return ``range``: in the else, and before the first round, its variables hold the whole value."""
        expressions = self.expressions
        pipe = node.pipe
        outer, outer_origin = expressions.newest, expressions.dot_origin
        value_of = self._ranged(pipe)
        origin = expressions.new_slot()
        otherwise = self.late(node.else_list)
        store = self._round_variables(pipe, origin)
        expressions.dot_origin = origin
        body = self.late(node.list)
        expressions.newest, expressions.dot_origin = outer, outer_origin
        loop = loop_of(store, lambda: self._round(body, node), jumps=node.list in self.setting.jumping)
        pairs = len(pipe.decl) > 1
        ranging = Ranging(origin, expressions.site_after(pipe), self.bodies.features, pairs=pairs)
        return range_of(value_of, ranging, loop, otherwise)

    def _round(self, body: Late, node: nodes.RangeNode) -> Statement:
        """Return the code of a round, which is a step, even that of an empty list."""
        code = body.code or body.build()
        return _metered(code, self.scene.site(node)) if self.bodies.metered else code

    def _ranged(self, pipe: nodes.PipeNode) -> Code:
        """Return the code of the pipeline of a range, whose variables all get its value."""
        expressions = self.expressions
        decl, pipe_decl = pipe.decl, pipe
        bare = _without_declarations(pipe)
        value_of = expressions.pipeline(bare)
        if not decl:
            return value_of
        at = expressions.site_after(pipe_decl)
        stores = []
        for variable in decl:
            if not pipe.is_assign:
                expressions.declare(variable.ident[0])
            stores.append(expressions.assign(variable.ident[0], at))

        def declaring(dot: Value, frame: Frame) -> Value:
            value = value_of(dot, frame)
            for store in stores:
                store(frame, value)
            return value

        return declaring

    def _round_variables(self, pipe: nodes.PipeNode, origin: int) -> Store | None:
        """Return what sets the variables of a range for a round."""
        if not pipe.decl:
            return None
        expressions = self.expressions
        names = [variable.ident[0] for variable in pipe.decl]
        if pipe.is_assign:
            at = expressions.site_after(pipe)
            return assigned([expressions.assign(name, at) for name in names], origin)
        return declared([expressions.range_over(name, origin, is_key=name != names[-1]) for name in names])

    # template

    def template(self, node: nodes.TemplateNode) -> Statement:
        """Return a call of another template, found by name when it is first executed."""
        site, name, find = self.scene.site(node), node.name, self.bodies.find
        argument = self.expressions.pipeline(node.pipe) if node.pipe is not None else lambda _dot, _frame: MISSING
        found: Body | None = None

        def call(dot: Value, frame: Frame, write: Write) -> None:
            nonlocal found
            run: Run = frame[0]
            if found is None:
                found = find(name)
                if found is None:
                    site.fail(f"template {_quoted(name)} not defined")
            if run.depth >= run.max_depth:
                raise site.error(f"exceeded maximum template depth ({run.max_depth})", LimitError)
            value = argument(dot, frame)
            run.depth += 1
            if run.depth >= run.headroom or found.roomy:
                make_room(run, found, site)
            try:
                found.code(value, found.frame(run, value), write)
            except ExecError as e:
                e.called_from(self.scene.tree, node, value)
                raise e.with_traceback(
                    None
                ) from e.__cause__  # or the trace of a deep recursion would hold all of its frames
            run.depth -= 1

        return call


def _showing_something(value_of: Code, site: Site) -> Code:
    """Return the code of a printed value that must not be missing: strict mode."""

    def some(dot: Value, frame: Frame) -> Value:
        value = value_of(dot, frame)
        if value is None or value is MISSING or (value.__class__ is Ref and value.value is None):
            site.fail(NOTHING)
        return value

    return some


def _quoted(text: str) -> str:
    from gotemplate.golib.quote import quote

    return quote(text)


def _nothing(dot: Value, frame: Frame, write: Write) -> None:
    """Do nothing: an empty list."""


def _merged(children: list[nodes.Node]) -> list[nodes.Node]:
    """Return the children that do something, neighbouring texts as one."""
    out: list[nodes.Node] = []
    for child in children:
        if isinstance(child, nodes.TextNode) and out and isinstance(out[-1], nodes.TextNode):
            out[-1] = nodes.TextNode(out[-1].pos, out[-1].text + child.text)
        elif not isinstance(child, nodes.CommentNode):
            out.append(child)
    return out


def _sequence(statements: list[Statement], *, jumps: bool) -> Statement:
    if not statements:
        return _nothing
    if len(statements) == 1:
        return statements[0]
    steps = tuple(statements)

    def run_all(dot: Value, frame: Frame, write: Write) -> None:
        for step in steps:
            step(dot, frame, write)

    def run_until_jump(dot: Value, frame: Frame, write: Write) -> Signal:
        for step in steps:
            signal: Signal = step(dot, frame, write)
            if signal:
                return signal
        return None

    return run_until_jump if jumps else run_all


def _metered(code: Statement, site: Site) -> Statement:
    def metered(dot: Value, frame: Frame, write: Write) -> Any:
        frame[0].at = site
        frame[0].meter.step(site)
        return code(dot, frame, write)

    return metered


def _without_declarations(pipe: nodes.PipeNode) -> nodes.PipeNode:
    return nodes.PipeNode(pipe.pos, pipe.line, False, [], pipe.cmds) if pipe.decl else pipe


_NO_LIST: Final = Late(nodes.ListNode(0, []), Scope(), None, _nothing)  # type: ignore[arg-type]  # it is never built

_BUILDERS: Final[dict[type[nodes.Node], Callable[[Statements, Any], Statement]]] = {
    nodes.ActionNode: Statements.action,
    nodes.BreakNode: Statements.jump,
    nodes.ContinueNode: Statements.jump,
    nodes.IfNode: Statements.if_,
    nodes.RangeNode: Statements.range_,
    nodes.TemplateNode: Statements.template,
    nodes.WithNode: Statements.with_,
}
