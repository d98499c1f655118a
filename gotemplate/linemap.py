"""Which template line wrote a line of output: the question that rendered YAML with an error in it asks.

``trace`` renders with a variant of generated code that notes for each piece of output which action or text wrote it;
ordinary renderings pay nothing for it. Lines count from 1 and end at ``\\n``, columns are bytes from 0, as in errors.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from gotemplate.errors import ExecError
from gotemplate.limits import MAX_DEPTH
from gotemplate.nodes import TextNode
from gotemplate.runtime import Run
from gotemplate.template import Template
from gotemplate.units import Sites
from gotemplate.values import Value


class Origin(NamedTuple):
    """Where a stretch of output comes from.

    ``template`` is the executing template, ``name`` the text it was parsed from, ``line`` and ``column`` the place there;
    ``expression`` is the action as it prints itself, empty for plain text.
    """

    template: str
    name: str
    line: int
    column: int
    expression: str

    def __str__(self) -> str:
        what = f": {self.expression}" if self.expression else ""
        return f"{self.name}:{self.line}{what}"


class Piece(NamedTuple):
    """A stretch of output and what wrote it; ``start`` is its offset in characters."""

    start: int
    text: str
    origin: Origin


class LineMap:
    """The output of a traced rendering, and the origin of each of its pieces in order."""

    def __init__(self, output: str, pieces: list[Piece]) -> None:
        self.output = output
        self.pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self._lines = [0, *(i + 1 for i, char in enumerate(output) if char == "\n")]

    def origins(self, line: int) -> list[Origin]:
        """Return what wrote a line of output, from left to right; empty for a line there is not.

        Of a text that spans several lines, the origin is that of the line in question.
        """
        if not 1 <= line <= len(self._lines):
            return []
        start = self._lines[line - 1]
        end = self._lines[line] if line < len(self._lines) else len(self.output)
        found = [self._within(piece, start) for piece in self._overlapping(start, end)]
        return list(dict.fromkeys(found))

    def origin(self, line: int) -> Origin | None:
        """Return what a line of output is to be blamed on: its first value, else its first visible text."""
        start, end = self._span(line)
        pieces = list(self._overlapping(start, end))
        values = [piece for piece in pieces if piece.origin.expression and piece.text.strip()]
        texts = [piece for piece in pieces if self._part(piece, start, end).strip()]
        for piece in [*values, *texts, *pieces]:
            return self._within(piece, start)
        return None

    def _span(self, line: int) -> tuple[int, int]:
        if not 1 <= line <= len(self._lines):
            return 0, 0
        return self._lines[line - 1], self._lines[line] if line < len(self._lines) else len(self.output)

    @staticmethod
    def _part(piece: Piece, start: int, end: int) -> str:
        return piece.text[max(0, start - piece.start) : end - piece.start]

    def _overlapping(self, start: int, end: int) -> Iterator[Piece]:
        at = max(0, bisect_right(self._starts, start) - 1)
        while at < len(self.pieces) and self.pieces[at].start < end:
            piece = self.pieces[at]
            if piece.start + len(piece.text) > start:
                yield piece
            at += 1

    @staticmethod
    def _within(piece: Piece, start: int) -> Origin:
        """Return the origin of what a piece has from an offset of the output on: a text moves down line by line."""
        before = piece.text.count("\n", 0, max(0, start - piece.start))
        if piece.origin.expression or not before:
            return piece.origin
        return piece.origin._replace(line=piece.origin.line + before, column=0)


class TracedRun(Run):
    """A run that is told before each piece of output where it comes from."""

    __slots__ = ("marks", "out")

    def __init__(self) -> None:
        super().__init__(MAX_DEPTH, None)
        self.out: list[str] = []
        self.marks: list[tuple[int, Sites, int]] = []

    def trace(self, sites: Sites, number: int) -> None:
        """Note that the next piece comes from a node."""
        self.marks.append((len(self.out), sites, number))

    def line_map(self) -> LineMap:
        """Return the map of what was written."""
        starts, at = [], 0
        for text in self.out:
            starts.append(at)
            at += len(text)
        origins: dict[tuple[int, int], Origin] = {}
        pieces = []
        for index, sites, number in self.marks:
            if index < len(self.out):
                key = (id(sites), number)
                origin = origins.get(key) or origins.setdefault(key, _origin(sites, number))
                pieces.append(Piece(starts[index], self.out[index], origin))
        return LineMap("".join(self.out), pieces)


def _origin(sites: Sites, number: int) -> Origin:
    tree, node = sites.scene.tree, sites[number].node
    line, column = tree.location(node)
    expression = "" if isinstance(node, TextNode) else str(node)
    return Origin(sites.scene.name, tree.parse_name, line, column, expression)


def trace(template: Template, data: Value = None, *, name: str | None = None) -> LineMap:
    """Render a template, or the one of its set with that name, and return the output with the origin of its lines.

    Raises ExecError as ``render`` does; the map of what was written before is its attribute ``line_map``.

    >>> found = trace(Template("a.yaml").parse("kind: x\\nname: {{.name}}\\n"), {"name": "shop"})
    >>> str(found.origin(2))
    'a.yaml:2: {{.name}}'
    """
    run = TracedRun()
    try:
        template.record(run, run.out.append, data, recording="traced", template=name)
    except ExecError as error:
        error.partial = "".join(run.out)
        error.line_map = run.line_map()  # type: ignore[attr-defined]
        raise
    return run.line_map()
