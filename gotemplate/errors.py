"""The errors of this package, the words of every message, and the excerpt that points into the source.

``str(error)`` is exactly what Go's text/template says. What this package adds (the source line with a caret) is in
``explain()`` and in the exception's notes. The data an error was worded from stays readable in its attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict, Unpack

if TYPE_CHECKING:
    from gotemplate.nodes import Node, Tree


class Place(TypedDict, total=False):
    """What an error knows about where it happened; see ``TemplateError`` for the meaning of each."""

    message: str
    name: str
    line: int
    column: int
    source: str | None


class TemplateError(Exception):
    """Something is wrong with a template or with its rendering.

    ``name`` is the name the text was parsed under, ``line`` counts from 1 (0: unknown), ``column`` is the byte offset
    in the line from 0 (-1: unknown), ``message`` is the complaint without its prefix, ``source`` the template's text
    if known.
    """

    def __init__(self, text: str, **place: Unpack[Place]) -> None:
        super().__init__(text)
        self.message = place.get("message", text)
        self.name = place.get("name", "")
        self.line = place.get("line", 0)
        self.column = place.get("column", -1)
        self.source = place.get("source")

    def explain(self) -> str:
        """Return Go's text, and below it the source line with a caret when the place is known."""
        shown = self.excerpt()
        return f"{self}\n{shown}" if shown else str(self)

    def excerpt(self) -> str:
        """Return the source line the error is about, with a caret when the column is known; empty without a source."""
        if self.source is None or self.line < 1:
            return ""
        return excerpt(self.source, self.line, self.column)


class ParseError(TemplateError):
    """The text is not a template: Go's Parse would return this error."""


class ExecError(TemplateError):
    """The rendering of a parsed template failed; ``partial`` is the output written before the failure.

    ``template`` is the name of the executing template, ``node`` the printed node it failed at. ``callers`` are the
    template calls that led there, innermost first, each ``(NAME:LINE:COLUMN, printed call)``; long chains are cut.
    """

    def __init__(
        self, text: str, *, template: str = "", node: str = "", partial: str = "", **place: Unpack[Place]
    ) -> None:
        super().__init__(text, **place)
        self.template = template
        self.node = node
        self.partial = partial
        self.callers: list[tuple[str, str]] = []

    def explain(self) -> str:
        """Return Go's text, the source line with a caret, and the template calls that led there."""
        trail = [f"  called by {call} at {place}" for place, call in self.callers]
        return "\n".join([super().explain(), *trail])


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


def excerpt(source: str, line: int, column: int = -1) -> str:
    """Return one numbered source line, and under it a caret at a byte column (none for -1).

    Lines count from 1 and end at ``\\n`` only, columns are bytes of UTF-8 from 0, as in Go. A long line is cut around
    the caret.
    """
    lines = source.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    shown = lines[line - 1].rstrip("\r")
    at = _characters(shown, column) if column >= 0 else 0
    start = max(0, at - EXCERPT_WIDTH // 2) if len(shown) > EXCERPT_WIDTH else 0
    shown, at = shown[start : start + EXCERPT_WIDTH], at - start
    gutter = f"{line:>5} | "
    if column < 0:
        return gutter + shown
    padding = "".join("\t" if char == "\t" else " " for char in shown[:at])
    return f"{gutter}{shown}\n{' ' * (len(gutter) - 2)}| {padding}^"


def _characters(line: str, column: int) -> int:
    """Return how many characters the first ``column`` bytes of a line are."""
    if line.isascii():
        return min(column, len(line))
    from gotemplate.golib.utf8 import from_bytes, to_bytes

    return len(from_bytes(to_bytes(line)[:column]))
