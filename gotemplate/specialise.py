"""A template made for data that is partly known: what depends on the known part alone is done once, and text has numbers.

    special = specialise(template, {"Values": values, "Revision": "default"})
    path, holes = special.render(data)      # what was written: constant texts by number, and the pieces between them
    special.text(path, holes) == template.render(data)

The code is that of ``codegen`` with smaller statements: a pipeline of known values becomes its value, a branch on one the
list it takes, a range over one its rounds, and the call of a template that template's text. Only pure functions are called
ahead of time, and nothing is known of data that some function might change. An execution that fails says nothing about the
error: render the template itself then.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from gotemplate import nodes
from gotemplate.callees import python_function
from gotemplate.calls import accept, count_complaint, ideal_constant, literal, parameter, signature
from gotemplate.codegen.expressions import LITERALS, Block, Variable, assigned_names
from gotemplate.codegen.options import Options
from gotemplate.codegen.source import Term, constant_term
from gotemplate.codegen.statements import Source, StatementWriter, TooDeepError, without_declarations
from gotemplate.errors import TemplateError
from gotemplate.limits import UNLIMITED
from gotemplate.lookup import Scene, walk
from gotemplate.runtime import Run, container_of, make_room, rounds_of, settle, shown
from gotemplate.units import Binding, CodeBody, bind, compile_source
from gotemplate.values import MISSING, Map, Type, Value

if TYPE_CHECKING:
    from gotemplate.template import Program, Template

Written = tuple[Any, ...]
"""What a rendering wrote as it did: numbers of constant texts, and the texts between them."""

Path = tuple[int, ...]
"""What a rendering wrote: numbers of constant texts, ``BARE`` and ``QUOTED`` for holes."""

BARE: Final = -1
"""A hole: a piece that is not known ahead of time."""

QUOTED: Final = -2
"""A hole in double quotes, which are not part of it."""

MAX_UNROLLED: Final = 32
"""Rounds of a range over known values that are written out."""

MAX_INLINED: Final = 16
"""Templates within templates that are written out."""

MUTATORS: Final = frozenset({"merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite", "mustSet", "set", "unset"})
"""Functions that change a map they are given: with one of them in a template, nothing is known for sure."""

_WORD: Final = re.compile(r"\w+")
UNKNOWN: Final[Any] = object()


class Lacking(Map):
    """A map of which is known that some keys are not in it: those that it was asked for, collected in ``asked``.

    Whoever wants to know more than whether it has a key gets LookupError.
    """

    __slots__ = ("asked",)

    def __init__(self, go_type: Type, asked: set[str]) -> None:
        super().__init__(go_type, {})
        self.asked = asked

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return False

    def get(self, key: Any, default: Any = None) -> Any:
        """Return the default."""
        self.asked.add(str(key))
        return default

    def _refuse(self, *_: object) -> NoReturn:
        raise LookupError("nothing else is known of this map")

    __bool__ = __eq__ = __iter__ = __len__ = __or__ = __reversed__ = _refuse
    copy = items = keys = values = _refuse
    __hash__ = None  # type: ignore[assignment]


class Specialised:
    """A template for partly known data. ``texts`` are the constant pieces by number."""

    def __init__(self, body: CodeBody) -> None:
        self.texts = body.texts
        self._body = body

    def render(self, data: Value) -> tuple[Path, tuple[str, ...]]:
        """Return path and holes for the whole data. Raises whatever the execution fails with."""
        return path_and_holes(self.written(data))

    def written(self, data: Value) -> Written:
        """Return what was written for the whole data. Raises whatever the execution fails with."""
        out: list[Any] = []
        run = Run(UNLIMITED.depth, None)
        try:
            make_room(run, self._body)
            self._body.execute(data, run, out.append)
        finally:
            run.room.release()
        return tuple(out)

    def text(self, path: Path, holes: Sequence[str]) -> str:
        """Return the text that a path and its holes stand for."""
        return "".join(self.pieces(path, holes))

    def pieces(self, path: Path, holes: Sequence[str]) -> Iterator[str]:
        """Yield constant texts and holes, in order."""
        given = iter(holes)
        for number in path:
            if number >= 0:
                yield self.texts[number]
            else:
                yield next(given) if number == BARE else f'"{next(given)}"'


def path_and_holes(written: Written) -> tuple[Path, tuple[str, ...]]:
    """Return the path and the holes of what was written."""
    path: list[int] = []
    holes: list[str] = []
    for piece in written:
        if piece.__class__ is int:
            path.append(piece)
        elif piece:
            if piece[0] == '"' and piece[-1] == '"' and len(piece) > 2:
                path.append(QUOTED)
                holes.append(piece[1:-1])
            else:
                path.append(BARE)
                holes.append(piece)
    return tuple(path), tuple(holes)


def specialise(
    template: Template,
    known: Mapping[str, Value],
    *,
    partly: Mapping[tuple[str, ...], Value] | None = None,
    lookups: frozenset[str] = frozenset(),
    fresh: frozenset[str] = frozenset(),
) -> Specialised:
    """Return a template of a set for data of which some fields are known.

    known: fields of the root struct by name. partly: stand-ins (``Lacking`` maps, or structs that hold one) for what is
    under a path of names; only the functions in ``lookups`` get to see them. fresh: functions that would be pure if what
    they return were not new each time, so that others could change it.

    Raises TooDeepError for what cannot be generated.
    """
    program: Program = template._set.program(metered=False)
    trees = program._trees
    tree = trees[template.name]
    is_fixed = not any(_uses(each, MUTATORS) for each in trees.values())
    given = _Given(known, partly or {}, lookups, fresh, is_fixed) if is_fixed else _NOTHING
    options = template._set.options(recording="holes")
    writer = _Writer(program, tree, options, given)
    try:
        writer.whole(tree.root)
        source = Source(writer)
    except RecursionError:
        raise TooDeepError from None
    source.rows = tuple((name, kind, *(_opened(item) for item in row)) for name, kind, *row in source.rows)
    scenery = program._scenery
    scene = Scene(tree, tree.name, scenery.missing_key)
    binding = Binding(scene, scenery.funcs, scenery.builtins, scenery.find, scenery.features)
    return Specialised(bind(compile_source(source, tree.name), binding))


class _Given(NamedTuple):
    """What is known of the data, and what may be done with it; see ``specialise``. ``is_fixed``: no function changes any."""

    known: Mapping[str, Value]
    partly: Mapping[tuple[str, ...], Value]
    lookups: frozenset[str]
    fresh: frozenset[str]
    is_fixed: bool


_NOTHING: Final = _Given({}, {}, frozenset(), frozenset(), False)


class _Held:
    """A known value as part of a row: rows are told apart by identity then."""

    def __init__(self, value: Value) -> None:
        self.value = value


def _opened(item: Any) -> Any:
    return item.value if item.__class__ is _Held else item


def _uses(tree: nodes.Tree, names: frozenset[str]) -> bool:
    """Tell whether a template calls one of some functions, by their text: a rare mistake costs only speed."""
    return any(name in names for name in _WORD.findall(tree.text))


class _Known(Term):
    """The term of a value that is known."""

    __slots__ = ("value",)

    def __init__(self, text: str, value: Value) -> None:
        super().__init__(text, atom=True)
        self.value = value


def _value_of(term: Term) -> Value:
    if term.__class__ is _Known:
        return term.value
    return term.constant if term.is_constant else UNKNOWN


class _Scope(Block):
    """A block of code, and what is computed in it."""

    def __init__(self, function: Any, shared: list[dict[tuple[Any, ...], Term]]) -> None:
        super().__init__(function)
        self.shared = shared

    def __enter__(self) -> None:
        super().__enter__()
        self.shared.append({})

    def __exit__(self, *given: object) -> None:
        self.shared.pop()
        super().__exit__(*given)


class _Writer(StatementWriter):
    """Writes a template for partly known data."""

    def __init__(
        self,
        program: Program,
        tree: nodes.Tree,
        options: Options,
        given: _Given,
    ) -> None:
        scenery = program._scenery
        super().__init__(tree, scenery.funcs, scenery.builtins, options)
        self.program = program
        self.given = given
        self.held: dict[int, _Held] = {}
        self.shared: list[dict[tuple[Any, ...], Term]] = [{}]
        self.inlined = 0
        self.assigned = frozenset().union(*(assigned_names(each.root) for each in program._trees.values()))
        if "$" in self.assigned:
            raise TooDeepError

    # Terms

    def term_of(self, value: Value) -> Term:
        """Return the term of a known value."""
        if value is MISSING:
            return _Known("MISSING", value)
        if value.__class__ in (str, bool, int) or (value.__class__ is float and math.isfinite(value)):
            return constant_term(value)
        held = self.held.setdefault(id(value), _Held(value))
        return _Known(self.unbound.name("value", held), value)

    def settled(self, term: Term) -> Term:  # type: ignore[override]
        """Return a term as the end of a pipeline leaves it; the whole data is as it is."""
        if term.__class__ is _Known:
            return self.term_of(settle(term.value))
        return term if term.text == "d0" else super().settled(term)

    def declare(self, name: str, value: Term) -> Variable:
        """Open a variable; one that never changes is as known as its value."""
        variable = super().declare(name, value)
        if _value_of(value) is not UNKNOWN and name not in self.assigned and not self.skipping:
            variable.term = value
        return variable

    # Values that were computed before, where no function can have changed them

    def block(self) -> Block:
        """Return a context manager for a block: what is computed in it is not there after it."""
        return _Scope(self.function, self.shared)

    def _shared(self, key: tuple[Any, ...]) -> Term | None:
        return next((scope[key] for scope in self.shared if key in scope), None)

    def _share(self, key: tuple[Any, ...], term: Term) -> Term:
        term.owned = False
        self.shared[-1][key] = term
        return term

    def _chain(self, node: nodes.Node, use: int, *, keep: bool) -> Term:
        start = "" if keep or not self.given.is_fixed else self._start_of(node)
        if not start:
            return super()._chain(node, use, keep=keep)
        key = (start, *node.ident)  # type: ignore[attr-defined]
        return self._shared(key) or self._share(key, super()._chain(node, use, keep=keep))

    def _start_of(self, node: nodes.Node) -> str:
        """Return what a chain starts from, where that does not change; else nothing."""
        if isinstance(node, nodes.FieldNode):
            return self.dot.text
        if not isinstance(node, nodes.VariableNode) or node.ident[0] in self.assigned:
            return ""
        variable = self.find(node.ident[0])
        return "" if variable is None or variable.skippable else variable.term.text

    def call(
        self, word: nodes.IdentifierNode, node: nodes.Node, args: Sequence[nodes.Node], final: Term | None, use: int
    ) -> Term:
        """Return the result of a function; of a pure one that was called with the same arguments its former result."""
        term = super().call(word, node, args, final, use)
        function, builtin = self.resolve(word.ident)
        if builtin or term.atom or not self.given.is_fixed or not getattr(function, "pure", False):
            return term
        return self._shared((term.text,)) or self._share((term.text,), self.atom(term))

    def _outlined(self, node: nodes.ListNode | None, *, ends_at_break: bool) -> None:
        self.shared.append({})
        super()._outlined(node, ends_at_break=ends_at_break)
        self.shared.pop()

    def _pending(self, node: nodes.Node) -> str:
        self.shared.append({})
        row = super()._pending(node)
        self.shared.pop()
        return row

    # Known values

    def operand(self, node: nodes.Node, use: int, *, keep: bool = False) -> Term:
        """Return an operand; a known one as its value."""
        value = UNKNOWN if keep else self.folded(node)
        return super().operand(node, use, keep=keep) if value is UNKNOWN else self.term_of(value)

    def command(self, command: nodes.CommandNode, at: str, final: Term | None, use: int) -> Term:
        """Return the value of a command, called ahead of time if it can be."""
        word = command.args[0]
        if isinstance(word, nodes.IdentifierNode):
            given = () if final is None else (_value_of(final),)
            value = self._called(word.ident, command.args[1:], given)
            if value is not UNKNOWN:
                return self.term_of(value)
        return super().command(command, at, final, use)

    def folded(self, node: nodes.Node) -> Value:
        """Return the value of an operand, UNKNOWN where it depends on the rest of the data or fails."""
        try:
            return self._folded(node)
        except (TemplateError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
            return UNKNOWN

    def _folded(self, node: nodes.Node) -> Value:
        path = self._path(node)
        if path:
            if path in self.given.partly or path[0] not in self.given.known:
                return UNKNOWN
            start, names = self.given.known[path[0]], path[1:]
            return walk(start, None, names, self._scene.site(node)) if names else start
        if isinstance(node, nodes.PipeNode):
            return self._folded_pipe(node)
        if isinstance(node, nodes.IdentifierNode):
            return self._called(node.ident, (), ())
        if isinstance(node, nodes.DotNode):
            return _value_of(self.dot)
        if isinstance(node, nodes.FieldNode):
            return self._walked(_value_of(self.dot), node.ident, node)
        if isinstance(node, nodes.VariableNode):
            variable = self.find(node.ident[0])
            start = UNKNOWN if variable is None or variable.skippable else _value_of(variable.term)
            return self._walked(start, node.ident[1:], node)
        if isinstance(node, nodes.ChainNode):
            return self._walked(self._folded(node.node), node.field, node)
        return UNKNOWN

    def _path(self, node: nodes.Node) -> tuple[str, ...]:
        """Return the names of a chain on the whole data; empty for anything else."""
        if isinstance(node, nodes.FieldNode) and self.dot.text == "d0":
            return tuple(node.ident)
        if isinstance(node, nodes.VariableNode) and len(node.ident) > 1:
            variable = self.find(node.ident[0])
            if variable is not None and variable.term.text == "d0":
                return tuple(node.ident[1:])
        return ()

    def _walked(self, start: Value, names: Sequence[str], node: nodes.Node) -> Value:
        if start is UNKNOWN or not names:
            return start
        return walk(start, None, names, self._scene.site(node))

    def _folded_pipe(self, pipe: nodes.PipeNode) -> Value:
        while pipe.is_only_a_pipe():
            pipe = pipe.cmds[0].args[0]  # type: ignore[assignment]
        if pipe.decl:
            return UNKNOWN
        final: tuple[Value, ...] = ()
        for command in pipe.cmds:
            word = command.args[0]
            if isinstance(word, nodes.IdentifierNode):
                value = self._called(word.ident, command.args[1:], final)
            elif isinstance(word, LITERALS) and len(command.args) == 1 and not final:
                value = ideal_constant(word, self._scene.site(word))
            elif len(command.args) == 1 and not final:
                value = self._folded(word)
            else:
                return UNKNOWN
            if value is UNKNOWN:
                return UNKNOWN
            final = (settle(value),)
        return final[0]

    # Calls ahead of time

    def _called(self, name: str, args: Sequence[nodes.Node], final: tuple[Value, ...]) -> Value:
        if any(value is UNKNOWN for value in final):
            return UNKNOWN
        function, builtin = self.resolve(name)
        if function is None:
            return UNKNOWN
        if builtin and name in ("and", "or"):
            return self._decided(name == "or", args, final)
        if not getattr(function, "pure", False) and (builtin or name not in self.given.fresh):
            return UNKNOWN
        go_type = signature(function)
        if count_complaint(name, go_type.params, go_type.variadic, len(args), bool(final)):
            return UNKNOWN
        values = []
        for i, node in enumerate(args):
            value = self._argument(node, parameter(go_type.params, go_type.variadic, i), name)
            if value is UNKNOWN:
                return UNKNOWN
            values.append(value)
        return self._result(function, values, final, go_type)

    def _result(self, function: Any, values: list[Value], final: tuple[Value, ...], go_type: Type) -> Value:
        site = self._scene.site(self.tree.root)
        try:
            for value in final:
                values.append(accept(value, parameter(go_type.params, go_type.variadic, len(values)), site))
            call: Callable[..., Value] = python_function(function)
            return call(*values)
        except RecursionError:
            raise
        except Exception:  # whatever a function refuses: it will say so when the template is rendered
            return UNKNOWN

    def _argument(self, node: nodes.Node, wanted: Type, name: str) -> Value:
        site = self._scene.site(node)
        try:
            if isinstance(node, LITERALS):
                return literal(node, wanted, site)
            partial = self.given.partly.get(self._path(node)) if name in self.given.lookups else None
            value = self.folded(node) if partial is None else partial
            if value is UNKNOWN:
                return UNKNOWN
            return accept(settle(value) if isinstance(node, nodes.PipeNode) else value, wanted, site)
        except (TemplateError, LookupError):
            return UNKNOWN

    def _decided(self, stop: bool, args: Sequence[nodes.Node], final: tuple[Value, ...]) -> Value:
        """Return what ``or`` (``stop``) or ``and`` returns, as far as its arguments are known up to the deciding one."""
        value: Value = UNKNOWN
        known = []
        for node in args:
            if isinstance(node, LITERALS):
                value = UNKNOWN if isinstance(node, nodes.NilNode) else ideal_constant(node, self._scene.site(node))
            else:
                value = self.folded(node)
            if value is UNKNOWN:
                return UNKNOWN
            if bool(value) is stop and not self.options.eager_and_or:
                return value
            known.append(value)
        known += final
        return next((value for value in known[:-1] if bool(value) is stop), known[-1])

    # Statements

    def action(self, node: nodes.ActionNode) -> None:
        """Write an action; a known value as text."""
        if node.pipe.decl:
            super().action(node)
            return
        value = self._folded_action(node.pipe)
        if value is UNKNOWN:
            super().action(node)
        else:
            self.constant_text(value if value.__class__ is str else shown(value, self._scene.site(node)), node)

    def _folded_action(self, pipe: nodes.PipeNode) -> Value:
        try:
            return self._folded_pipe(pipe)
        except (TemplateError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
            return UNKNOWN

    def spliced(self, node: nodes.ListNode | None) -> None:
        """Write a list where it stands, so that its text joins the text around it."""
        self.scopes.append({})
        for child in node.nodes if node is not None else ():
            self.statement(child)
        self.scopes.pop()

    def if_(self, node: nodes.IfNode) -> None:
        """Write ``if``; of one on a known value the list it takes."""
        value = UNKNOWN if node.pipe.decl else self._folded_action(node.pipe)
        if value is UNKNOWN:
            super().if_(node)
        else:
            self.spliced(node.list if value else node.else_list)

    def with_(self, node: nodes.WithNode) -> None:
        """Write ``with``; of one on a known value the list it takes."""
        value = UNKNOWN if node.pipe.is_assign else self._folded_action(without_declarations(node.pipe))
        if value is UNKNOWN:
            super().with_(node)
            return
        self.scopes.append({})
        term = self.term_of(value)
        for variable in node.pipe.decl:
            self.declare(variable.ident[0], term)
        outer, origin = self.dot, self.dot_origin
        if value:
            self.dot, self.dot_origin = term, ""
        self.spliced(node.list if value else node.else_list)
        self.dot, self.dot_origin = outer, origin
        self.scopes.pop()

    def range_(self, node: nodes.RangeNode) -> None:
        """Write ``range``; one over a few known values as its rounds."""
        rounds = self._known_rounds(node)
        if rounds is None:
            super().range_(node)
            return
        if not rounds:
            if _jumps_out(node.else_list):
                self.body(node.else_list, ends_at_break=True)
            else:
                self.spliced(node.else_list)
            return
        outer, origin = self.dot, self.dot_origin
        names = [variable.ident[0] for variable in node.pipe.decl]
        for key, item in rounds:
            self.scopes.append({})
            self.dot, self.dot_origin = self.term_of(item), ""
            for name, value in zip(names, (key, item) if len(names) > 1 else (item,), strict=False):
                self.declare(name, self.term_of(value))
            self.spliced(node.list)
            self.scopes.pop()
        self.dot, self.dot_origin = outer, origin

    def _known_rounds(self, node: nodes.RangeNode) -> list[tuple[Value, Value]] | None:
        pipe = node.pipe
        if pipe.is_assign or _jumps_out(node.list) or (pipe.decl and node.else_list is not None):
            return None
        if any(variable.ident[0] in self.assigned for variable in pipe.decl):
            return None
        value = self._folded_action(without_declarations(pipe))
        if value is UNKNOWN:
            return None
        site, features = self._scene.site(node), self.program._scenery.features
        try:
            container, addressable = container_of(value, site)
            pairs = len(pipe.decl) > 1
            rounds = list(rounds_of(container, site, features, pairs=pairs, addressable=addressable))
        except TemplateError:
            return None
        return rounds if len(rounds) <= MAX_UNROLLED else None

    def template(self, node: nodes.TemplateNode) -> None:
        """Write the call of a template as that template's text."""
        tree = self.program._trees.get(node.name)
        self.inlined += 1
        if tree is None or self.inlined > MAX_INLINED:
            raise TooDeepError
        dot = self.full(self.pipeline(node.pipe)) if node.pipe is not None else self.term_of(MISSING)
        outer = self.scopes, self.dot, self.dot_origin, self.function.loops
        self.scopes = [{"$": Variable(dot, self.function)}]
        self.dot, self.dot_origin, self.function.loops = dot, "", 0
        self.spliced(tree.root)
        self.scopes, self.dot, self.dot_origin, self.function.loops = outer
        self.inlined -= 1


def _jumps_out(node: nodes.ListNode | None) -> bool:
    """Tell whether a list has a break or continue anywhere."""
    pending: list[Any] = list(node.nodes) if node is not None else []
    while pending:
        child = pending.pop()
        if isinstance(child, nodes.BreakNode | nodes.ContinueNode):
            return True
        if isinstance(child, nodes.BranchNode):
            pending += [*child.list.nodes, *(child.else_list.nodes if child.else_list is not None else ())]
    return False


__all__ = [
    "BARE",
    "QUOTED",
    "Lacking",
    "Path",
    "Specialised",
    "TooDeepError",
    "Written",
    "path_and_holes",
    "specialise",
]
