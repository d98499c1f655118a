"""Template sets: templates that share functions and options, and call each other by name.

A ``Template`` is one member and the way into its set, as in Go: ``new`` adds members, ``parse`` defines this one and
whatever its text defines, ``clone`` copies the set. A set may be rendered from many threads at once; changing it
belongs to one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from gotemplate.calls import result_complaint, signature
from gotemplate.codegen.options import Options
from gotemplate.compiled import Text, Workshop, code_pays
from gotemplate.errors import ExecError, LimitError, TemplateError, bare_error, no_template_error
from gotemplate.evaluate import Bodies, compile_body
from gotemplate.limits import UNLIMITED, Limits, Meter
from gotemplate.lookup import Scene
from gotemplate.nodes import Tree
from gotemplate.releases import GoVersion, go_version
from gotemplate.runtime import Body, Features, Run, make_room
from gotemplate.values import MISSING, Func, Type, Value

if TYPE_CHECKING:
    from gotemplate.cache import CodeCache

FuncMap = Mapping[str, Any]
"""Functions by name: Python callables, which take and return anything, or ``values.Func`` with a Go signature."""

Tier = Literal["auto", "closures", "code"]
"""How templates are executed: as closures, as generated Python code, or as closures until code pays."""

MISSING_KEY: Final = {"default": "invalid", "invalid": "invalid", "zero": "zero", "error": "error"}


class _Set:
    """What the templates of a set share. ``program`` is the compiled form; changing anything drops it."""

    def __init__(self, go: GoVersion) -> None:
        self.templates: dict[str, Template] = {}
        self.funcs: dict[str, Any] = {}
        self.missing_key = "invalid"
        self.go = go
        self.programs: dict[tuple[bool, str], Program] = {}
        self.strict = False
        self.tier: Tier = "auto"
        self.workshop = Workshop()

    def changed(self) -> None:
        self.programs = {}

    def options(self, *, metered: bool = False, recording: str = "") -> Options:
        """Return the variant of generated code that this set executes."""
        return Options(
            strict_missing=self.missing_key == "error",
            eager_and_or=self.go.eager_and_or,
            metered=metered,
            traced=recording == "traced",
            covered=recording == "covered",
            holes=recording == "holes",
        )

    def program(self, *, metered: bool, recording: str = "") -> Program:
        """Return the executable form of the set; one that records is always code."""
        key = (metered, recording)
        found = self.programs.get(key)
        if found is None:
            found = self.programs[key] = Program(self, metered=metered, recording=recording)
        return found


class Program:
    """A set as it was when it was first rendered: its templates, each compiled when it is first executed."""

    def __init__(self, shared: _Set, *, metered: bool, recording: str = "") -> None:
        from gotemplate.builtin_funcs import BUILTINS

        self._trees = {name: t.tree for name, t in shared.templates.items() if t.tree is not None}
        self._bodies: dict[tuple[str, int], Body] = {}
        go = shared.go
        features = Features(
            eager_and_or=go.eager_and_or,
            range_int=go.range_int,
            range_func=go.range_func,
            comparison_types=go.comparison_types,
        )
        self._scene_options = shared.options(metered=metered, recording=recording)
        self._workshop = shared.workshop
        strict = shared.strict and not recording
        self._tier: Tier = "closures" if strict else "code" if recording else shared.tier
        self.coded = self._tier == "code" or (self._tier == "auto" and shared.workshop.cache is not None)
        self._spent = 0.0
        self._scenery = Bodies(
            self.find,
            dict(shared.funcs),
            BUILTINS,
            missing_key="error" if strict else shared.missing_key,
            features=features,
            metered=metered,
            strict=strict,
        )

    def find(self, name: str) -> Body | None:
        """Return the body of an associated template; None if the set has none of that name."""
        tree = self._trees.get(name)
        return None if tree is None else self.body(tree, name)

    def body(self, tree: Tree, name: str) -> Body:
        """Return the body of a tree under the name it is executed by."""
        key = (name, id(tree))
        found = self._bodies.get(key)
        if found is None:
            found = self._bodies[key] = self._coded_body(tree, name) or compile_body(tree, name, self._scenery)
        return found

    def _coded_body(self, tree: Tree, name: str) -> Body | None:
        """Return the body of a tree as generated code; None where closures execute it."""
        if not self.coded:
            return None
        from gotemplate.units import Binding, bind

        scenery = self._scenery
        unit = self._workshop.unit(tree, scenery.funcs, scenery.builtins, self._scene_options)
        if unit is None:
            return None
        scene = Scene(tree, name, scenery.missing_key)
        return bind(unit, Binding(scene, scenery.funcs, scenery.builtins, scenery.find, scenery.features))

    def use_code(self) -> None:
        """Go over to generated code, made now for every template that has a name in the set."""
        self.coded = not self._scenery.strict
        self._bodies = {}
        for name in self._trees:
            self.find(name)

    def spend(self, seconds: float) -> None:
        """Take note of a rendering by closures; go over to code when it pays."""
        if self._tier != "auto":
            return
        self._spent += seconds
        texts = {id(tree.text): len(tree.text) for tree in self._trees.values()}
        if code_pays(self._spent, sum(texts.values())):
            self.coded = True
            self._bodies = {}


class Template:
    """A Go template: parse a text once, render it with as much data as you like.

    ``delims`` are the left and right delimiter (empty: ``{{`` and ``}}``). ``funcs`` are there in addition to Go's
    builtins and may shadow them. ``missingkey`` is ``default`` (or ``invalid``), ``zero`` or ``error``. ``go`` names
    the release of Go to be exact about. ``tier`` says how templates are executed: ``closures`` are ready at once,
    ``code`` is faster, ``auto`` goes over from one to the other when that pays, and at once where a ``cache`` keeps the
    code for the next process. ``strict`` makes a missing key an error except where the template deals with that (see
    ``strictness``); such a set is executed as closures. All of these belong to the set, delimiters to the template.

        >>> t = Template("hello").parse("{{range .names}}Hello, {{.}}! {{else}}Nobody.{{end}}")
        >>> t.render({"names": ["Ada", "Rob"]})
        'Hello, Ada! Hello, Rob! '
        >>> t.render({})
        'Nobody.'
        >>> Template("shout", delims=("[[", "]]"), funcs={"shout": str.upper}).parse("[[.x | shout]]!").render({"x": "hey"})
        'HEY!'
    """

    def __init__(  # noqa: PLR0913  # the options of a set, by name
        self,
        name: str,
        *,
        delims: tuple[str, str] = ("", ""),
        funcs: FuncMap | None = None,
        missingkey: str = "default",
        strict: bool = False,
        go: str | GoVersion = "1.26",
        tier: Tier = "auto",
        cache: CodeCache | None = None,
    ) -> None:
        self.name = name
        self.tree: Tree | None = None
        self._left, self._right = delims
        self._set = _Set(go_version(go) if isinstance(go, str) else go)
        self._set.strict = strict
        self._set.tier = tier
        self._set.workshop = Workshop(cache)
        self.option(f"missingkey={missingkey}")
        if funcs:
            self.funcs(funcs)

    def __repr__(self) -> str:
        return f"<Template {self.name!r}>"

    # The set

    def new(self, name: str) -> Template:
        """Return a new template of the same set, with these delimiters; it is in the set once it has been parsed.

        >>> main = Template("main").parse('<{{template "part" .}}>')
        >>> part = main.new("part").parse("{{.}}")
        >>> main.render("x"), part.render("x"), main.render("x", template="part")
        ('<x>', 'x', 'x')
        """
        return self._handle(name, None, self._set)

    def _handle(self, name: str, tree: Tree | None, shared: _Set) -> Template:
        handle = object.__new__(type(self))
        handle.name, handle.tree = name, tree
        handle._left, handle._right, handle._set = self._left, self._right, shared
        return handle

    def lookup(self, name: str) -> Template | None:
        """Return the template of the set with that name, None if there is none."""
        return self._set.templates.get(name)

    def templates(self) -> list[Template]:
        """Return the templates of the set that have been defined, this one among them if it has."""
        return list(self._set.templates.values())

    def defined_templates(self) -> str:
        """Return the names of the defined templates as Go lists them in messages; empty if there are none."""
        from gotemplate.golib.quote import quote

        names = ", ".join(quote(name) for name, t in self._set.templates.items() if t.tree is not None)
        return f"; defined templates are: {names}" if names else ""

    def clone(self) -> Self:
        """Return a copy of the set, seen from this template. Definitions are shared until one side parses again.

        >>> base = Template("page").parse('{{block "title" .}}untitled{{end}}')
        >>> own = base.clone().parse('{{define "title"}}{{.}}{{end}}')
        >>> base.render("x"), own.render("x", template="title")
        ('untitled', 'x')
        """
        shared = _Set(self._set.go)
        shared.missing_key = self._set.missing_key
        shared.funcs = dict(self._set.funcs)
        shared.strict = self._set.strict
        shared.tier = self._set.tier
        shared.workshop = self._set.workshop.copy()
        copy = self._handle(self.name, self.tree, shared)
        for name, template in self._set.templates.items():
            shared.templates[name] = copy if name == self.name else template._handle(name, template.tree, shared)
        return copy  # type: ignore[return-value]

    def delims(self, left: str, right: str) -> Self:
        """Set the delimiters of later ``parse`` calls; an empty one is the default."""
        self._left, self._right = left, right
        return self

    def option(self, *options: str) -> Self:
        """Set options, each as in Go: ``missingkey=error``. Raises ValueError for an unknown one.

        >>> Template("t").option("missingkey=error").parse("{{.a}}").render({})
        Traceback (most recent call last):
        gotemplate.errors.ExecError: template: t:1:2: executing "t" at <.a>: map has no entry for key "a"
            1 | {{.a}}
              |   ^^
          . is an empty map[string]interface {}, without the key "a"
        """
        for option in options:
            key, _, value = option.partition("=")
            if key != "missingkey" or value not in MISSING_KEY:
                raise ValueError(f"unrecognized option: {option}" if option else "empty option string")
            self._set.missing_key = MISSING_KEY[value]
        self._set.changed()
        return self

    def funcs(self, funcs: FuncMap) -> Self:
        """Add functions; they have to be there before a text that uses them is parsed.

        Raises ValueError for a name that is no identifier or a signature that Go refuses, TypeError for what is no
        function.
        """
        for name, function in funcs.items():
            if isinstance(function, Func) and function.declared:
                continue
            if not (name.isascii() and name.isidentifier()) and not _is_good_name(name):
                raise ValueError(f'function name "{name}" is not a valid identifier')
            go_type = signature(function)
            if go_type not in _good_types:
                if complaint := result_complaint(name, go_type.results):
                    raise ValueError(complaint)
                _good_types.add(go_type)
        self._set.funcs.update(funcs)
        self._set.changed()
        return self

    # Parsing

    def parse(self, text: str | bytes) -> Self:
        """Define this template and those that the text defines.

        Raises ParseError in Go's words, and changes nothing then. A definition of nothing but space and comments does
        not replace an earlier one.
        """
        from gotemplate.builtin_funcs import BUILTINS

        if isinstance(text, bytes):
            text = text.decode("utf-8", "surrogateescape")
        shared = self._set
        parsed = Text(self.name, text, (self._left, self._right), dict(shared.funcs), BUILTINS, shared.go)
        trees = shared.workshop.parse(parsed, shared.options())
        for name, tree in trees.items():
            self.add_parse_tree(name, tree)
        return self

    def add_parse_tree(self, name: str, tree: Tree) -> Template:
        """Define a template of the set, or this one, by a tree that has been parsed already."""
        handle = self if name == self.name else self.new(name)
        known = self._set.templates.get(name)
        keeps = known is not None and known.tree is not None and tree.is_empty()
        if not keeps:
            self._set.templates[name] = handle
        if not keeps or handle.tree is None:
            handle.tree = tree
        self._set.changed()
        return handle

    def compile(self, *, metered: bool = False) -> Self:
        """Go over to generated code now, for every template of the set; ``metered`` for renderings with limits."""
        program = self._set.program(metered=metered)
        program.use_code()
        return self

    # Rendering

    def render(self, data: Value = None, *, template: str | None = None, limits: Limits = UNLIMITED) -> str:
        """Return the output of this template, or of another one of the set, for some data.

        Raises ExecError in Go's words, with the output so far in ``partial``; LimitError when a budget of ``limits`` is
        used up.

        >>> from gotemplate import Limits
        >>> Template("t").parse("{{range .}}{{.}} {{end}}").render([1, 2, 3], limits=Limits(output=4))
        Traceback (most recent call last):
        gotemplate.errors.LimitError: template: t: exceeded the limit of 4 bytes of output
        """
        out: list[str] = []
        try:
            self._execute(out.append, data, template, limits)
        except ExecError as e:
            e.partial = _text(out)
            raise
        return _text(out)

    def execute(
        self,
        write: Callable[[str], object],
        data: Value = None,
        *,
        template: str | None = None,
        limits: Limits = UNLIMITED,
    ) -> None:
        """Render piece by piece into a function. Pieces may end in the middle of a character, as surrogate escapes.

        >>> Template("t").parse("a{{.}}b").execute(lambda piece: print(repr(piece)), 1)
        'a'
        '1'
        'b'
        """

        def sink(text: str) -> None:
            write(text)

        self._execute(sink, data, template, limits)

    def _execute(self, write: Callable[[str], None], data: Value, template: str | None, limits: Limits) -> None:
        target = self._target(template)
        if target.tree is None:
            from gotemplate.golib.quote import quote

            raise bare_error(target.name, f"{quote(target.name)} is an incomplete or empty template")
        meter = Meter(limits, target.name) if limits.metered else None
        run = Run(limits.depth, meter)
        program = self._set.program(metered=limits.steps is not None or limits.seconds is not None)
        body = program.body(target.tree, target.name)
        start = MISSING if data is None else data
        started = 0.0 if program.coded else perf_counter()
        try:
            if body.roomy:
                make_room(run, body)
            body.code(start, body.frame(run, start), write if meter is None else meter.writer(write))
        except ExecError as e:
            e.funcs, e.templates = self._set.funcs, tuple(self._set.templates)
            raise
        except RecursionError:
            message = f"exceeded maximum template depth ({run.depth})"
            raise bare_error(target.name, message, LimitError) from None
        finally:
            if run.room.claimed:
                run.room.release()
            if started:
                program.spend(perf_counter() - started)

    def record(
        self, run: Run, write: Callable[[Any], None], data: Value, *, recording: str, template: str | None = None
    ) -> None:
        """Execute a variant of generated code with a run of one's own, which is told what the variant records.

        ``recording`` is ``traced``, ``covered`` or ``holes``; see ``codegen.options``. Raises as ``execute`` does.
        """
        target = self._target(template)
        if target.tree is None:
            raise bare_error(target.name, f"{target.name} has not been parsed")
        body = self._set.program(metered=False, recording=recording).body(target.tree, target.name)
        start = MISSING if data is None else data
        try:
            body.code(start, body.frame(run, start), write)
        except ExecError as e:
            e.funcs, e.templates = self._set.funcs, tuple(self._set.templates)
            raise
        finally:
            run.room.release()

    def _target(self, name: str | None) -> Template:
        if name is None:
            return self
        found = self.lookup(name)
        if found is None:
            error = no_template_error(name, self.name)
            error.templates = tuple(self._set.templates)
            raise error
        return found


def _text(pieces: Iterable[str]) -> str:
    """Join pieces of output; bytes of one character that came in several pieces become that character again."""
    text = "".join(pieces)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return text


_good_types: Final[set[Type]] = set()
"""Func types that were found to have results that Go accepts."""


def _is_good_name(name: str) -> bool:
    if not name or not (name[0] == "_" or name[0].isalpha()):
        return False
    return all(c == "_" or c.isalpha() or c.isdecimal() for c in name)


__all__ = ["FuncMap", "GoVersion", "Program", "Template", "TemplateError", "go_version"]
