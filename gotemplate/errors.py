"""The errors of this package, the words of every message, and the excerpt that points into the source.

``str(error)`` is exactly what Go's text/template says. What this package adds (worked out in ``explanations``) is in
``explain()`` and in the exception's notes. The data an error was worded from stays readable in its attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict, Unpack

if TYPE_CHECKING:
    from gotemplate.gotypes import Type, Value
    from gotemplate.nodes import Node, Tree


class Place(TypedDict, total=False):
    """What an error knows about where it happened; see ``TemplateError`` for the meaning of each."""

    message: str
    name: str
    line: int
    column: int
    source: str | None
    delims: tuple[str, str]


class TemplateError(Exception):
    """Something is wrong with a template or with its rendering.

    ``name`` is the name the text was parsed under, ``line`` counts from 1 (0: unknown), ``column`` is the byte offset
    in the line from 0 (-1: unknown), ``message`` is the complaint without its prefix, ``source`` the template's text
    if known, ``delims`` its delimiters.

    What this package adds to Go's text is worked out when it is asked for: by ``explain()``, or for ``__notes__`` when
    a traceback is printed. An error nobody looks at costs nothing.
    """

    def __init__(self, text: str, **place: Unpack[Place]) -> None:
        super().__init__(text)
        self.message = place.get("message", text)
        self.name = place.get("name", "")
        self.line = place.get("line", 0)
        self.column = place.get("column", -1)
        self.source = place.get("source")
        self.delims = place.get("delims", ("", ""))
        self._remarks: list[str] | None = None
        self._notes: list[str] | None = None

    def explain(self) -> str:
        """Return Go's text, and below it the source line with a caret, what was there instead, and the way there.

        >>> from gotemplate import Template
        >>> try:
        ...     Template("t", missingkey="error").parse("{{.image.tga}}").render({"image": {"tag": "1"}})
        ... except TemplateError as error:
        ...     print(error.explain())
        template: t:1:8: executing "t" at <.image.tga>: map has no entry for key "tga"
            1 | {{.image.tga}}
              |   ~~~~~~^^^^
          .image is a map[string]interface {} with "tag", without the key "tga"
          did you mean tag?
        """
        return "\n".join([str(self), *self.remarks()])

    def remarks(self) -> list[str]:
        """Return what this package adds to Go's text, remark by remark."""
        if self._remarks is None:
            from gotemplate.explanations import remarks_on

            self._remarks = remarks_on(self)
        return list(self._remarks)

    def excerpt(self) -> str:
        """Return the source line the error is about, the culprit underlined; empty when the place is not known."""
        from gotemplate.explanations import excerpt_of

        return excerpt_of(self)

    @property
    def __notes__(self) -> list[str]:  # type: ignore[override]  # read only: add_note adds to the list
        """The remarks, worded when a traceback is printed; ``add_note`` adds to them."""
        if self._notes is None:
            self._notes = self.remarks()
        return self._notes

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the words, not the data they are about."""
        self.remarks()
        return type(self), self.args, self._kept()

    def _kept(self) -> dict[str, Any]:
        return dict(self.__dict__)


class ParseError(TemplateError):
    """The text is not a template: Go's Parse would return this error.

    ``known`` are the names there are where one was not known: functions or variables.
    """

    def __init__(self, text: str, **place: Unpack[Place]) -> None:
        super().__init__(text, **place)
        self.known: tuple[str, ...] = ()


class Reach(NamedTuple):
    """How far a chain of fields was followed: ``path[at]`` failed on ``value``.

    ``static`` is the interface type the value was held in, None for its own.
    """

    value: Value
    static: Type | None
    path: Sequence[str]
    at: int

    @property
    def name(self) -> str:
        """The field, key or method that failed."""
        return self.path[self.at]


class Caller(NamedTuple):
    """A template call on the way to an error: ``NAME:LINE:COLUMN``, the printed call, and the dot it gave (in a list)."""

    place: str
    call: str
    dot: Sequence[Value] = ()


class ExecError(TemplateError):
    """The rendering of a parsed template failed; ``partial`` is the output written before the failure.

    ``template`` is the name of the executing template, ``node`` the printed node it failed at, ``reach`` how far it
    came in a chain of fields. ``callers`` are the template calls that led there, innermost first; long chains are cut.
    ``funcs`` and ``templates`` are the functions and the names of the templates in the set.
    """

    def __init__(
        self, text: str, *, template: str = "", node: str = "", partial: str = "", **place: Unpack[Place]
    ) -> None:
        super().__init__(text, **place)
        self.template = template
        self.node = node
        self.partial = partial
        self.reach: Reach | None = None
        self.callers: list[Caller] = []
        self.funcs: Mapping[str, Any] = {}
        self.templates: tuple[str, ...] = ()

    def reached(self, value: Value, static: Type | None, path: Sequence[str], left: int) -> None:
        """Note where in a chain of fields it failed: ``left`` names were still to come."""
        if self.reach is None:
            self.reach = Reach(value, static, path, len(path) - 1 - left)

    def called_from(self, tree: Tree, node: Node, *dot: Value) -> None:
        """Note the template call that led here, and the dot it gave if that is known."""
        if len(self.callers) < MAX_CALLERS:
            self.callers.append(Caller(*tree.error_context(node), dot))

    def _kept(self) -> dict[str, Any]:
        callers = [caller._replace(dot=()) for caller in self.callers]
        return {**super()._kept(), "reach": None, "callers": callers, "funcs": {}}


class LimitError(ExecError):
    """A rendering used up one of its budgets: output, steps, time or depth. It passes through functions unchanged."""


class FuncError(TemplateError):
    """A template function refuses its arguments; the evaluator words it as ``error calling NAME: …``."""


MAX_CALLERS: Final = 32
"""Template calls that an error remembers at most: a runaway recursion is a hundred thousand of them, all alike."""


def exec_error(tree: Tree, template: str, node: Node, message: str, kind: type[ExecError] = ExecError) -> ExecError:
    """Return the error of an execution that failed at a node, in Go's words."""
    place, shown = tree.error_context(node)
    line, column = tree.location(node)
    from gotemplate.golib.quote import quote

    return kind(
        f"template: {place}: executing {quote(template)} at <{shown}>: {message}",
        template=template,
        node=shown,
        message=message,
        name=tree.parse_name,
        line=line,
        column=column,
        source=tree.text,
        delims=(tree.left_delim, tree.right_delim),
    )


def bare_error(template: str, message: str, kind: type[ExecError] = ExecError) -> ExecError:
    """Return the error of an execution that failed before, or apart from, any node."""
    return kind(f"template: {template}: {message}", template=template, message=message, name=template)


def no_template_error(name: str, root: str) -> ExecError:
    """Return the error of asking a set for a template that it does not hold."""
    from gotemplate.golib.quote import quote

    message = f"no template {quote(name)} associated with template {quote(root)}"
    return ExecError(f"template: {message}", template=name, message=message)


EXCERPT_WIDTH: Final = 160
"""Characters of a source line that an excerpt shows at most: a minified template must not flood a terminal."""


def excerpt(source: str, line: int, column: int = -1, width: int = 0, lead: int = 0) -> str:
    """Return one numbered source line, and under it carets from a byte column on (none for -1).

    Lines count from 1 and end at ``\\n`` only, columns are bytes of UTF-8 from 0, as in Go. ``width`` bytes are
    underlined, the first ``lead`` of them with ``~`` and the rest with ``^``. A long line is cut around the column.
    """
    lines = source.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    whole = lines[line - 1].rstrip("\r")
    at = _characters(whole, column) if column >= 0 else 0
    start = max(0, at - EXCERPT_WIDTH // 2) if len(whole) > EXCERPT_WIDTH else 0
    shown = whole[start : start + EXCERPT_WIDTH]
    gutter = f"{line:>5} | "
    if column < 0:
        return gutter + shown
    end = min(max(_characters(whole, column + width), at + 1), start + EXCERPT_WIDTH)
    mark = min(_characters(whole, column + lead), end - 1)
    padding = "".join("\t" if char == "\t" else " " for char in whole[start:at])
    return f"{gutter}{shown}\n{' ' * (len(gutter) - 2)}| {padding}{'~' * (mark - at)}{'^' * (end - mark)}"


def _characters(line: str, column: int) -> int:
    """Return how many characters the first ``column`` bytes of a line are."""
    if line.isascii():
        return min(column, len(line))
    from gotemplate.golib.utf8 import from_bytes, to_bytes

    return len(from_bytes(to_bytes(line)[:column]))
