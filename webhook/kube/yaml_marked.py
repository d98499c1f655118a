"""Reading a YAML text in which marks stand for what is not known yet: the values, and how the scalars with marks are written.

    document, scalars = read_marked(text, "mark", dialect)

A scalar with a mark becomes ``<mark>l<number>x`` in the document, the number being its place among the scalars. Texts with
anything that is out of the ordinary (anchors, tags, merge keys, keys that are no text or come twice) are refused: they are
few, and nobody needs to be quick about them.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, Final, Literal, NamedTuple

from yaml._yaml import CParser
from yaml.error import YAMLError
from yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from webhook.kube.yaml_dialects import Dialect
from webhook.kube.yaml_scalars import resolver_for

MAX_DEPTH: Final = 60
Style = Literal["plain", "single", "double", "literal", "other"]
_STYLES: Final[dict[str | None, Style]] = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal"}


class UnusualError(Exception):
    """The text is not one of those that are read here; the reason is for people who tune templates."""


class MarkedScalar(NamedTuple):
    """A scalar with marks: its value, how it is written (``other``: folded, or on several lines), and whether in brackets."""

    value: str
    style: Style
    in_flow: bool


def read_marked(text: str, mark: str, dialect: Dialect) -> tuple[Any, list[MarkedScalar]]:
    """Return the first document of a text and its scalars with marks. Raises UnusualError."""
    reader = _Reader(text, mark, dialect)
    try:
        return reader.document(), reader.scalars
    except YAMLError as error:
        raise UnusualError(f"not YAML: {error}") from None


def standing_for(mark: str, number: int) -> str:
    """Return what stands for a scalar with marks in the document."""
    return f"{mark}l{number}x"


class _Reader:
    def __init__(self, text: str, mark: str, dialect: Dialect) -> None:
        if text.startswith("%") or "\n%" in text:
            raise UnusualError("a directive")
        if "\ufeff" in text:
            raise UnusualError("a byte order mark")
        self._take = CParser(text.encode("utf-8", "surrogatepass") or b"\n").get_event
        self._mark = mark
        self._dialect = dialect
        self._resolve = resolver_for(dialect).resolve
        self._wary = dialect.flow_colon_is_error or "?" in text
        self._flow = 0
        self.scalars: list[MarkedScalar] = []

    def document(self) -> Any:
        self._take()
        start = self._take()
        if start.__class__ is not DocumentStartEvent or start.version is not None:
            raise UnusualError("no document, or one with a version")
        value = self._node(self._take(), 0)
        if self._take().__class__ is not DocumentEndEvent:
            raise UnusualError("no end of the document")
        if self._dialect.reads_ahead:
            self._take()
        return value

    def _node(self, event: Any, depth: int) -> Any:
        kind = event.__class__
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind not in (MappingStartEvent, SequenceStartEvent) or event.anchor is not None or event.tag is not None:
            raise UnusualError("an alias, an anchor or a tag")
        if depth > MAX_DEPTH or (self._wary and event.flow_style):
            raise UnusualError("deep nesting, or a question mark and brackets")
        self._flow += bool(event.flow_style)
        value = self._mapping(depth) if kind is MappingStartEvent else self._sequence(depth)
        self._flow -= bool(event.flow_style)
        return value

    def _mapping(self, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while (event := self._take()).__class__ is not MappingEndEvent:
            key = self._constant(event) if event.__class__ is ScalarEvent and self._mark not in event.value else None
            if key.__class__ is not str or key == "<<" or key in result:
                raise UnusualError("a key with a mark, that is no text, or that comes twice")
            result[key] = self._node(self._take(), depth + 1)
        return result

    def _sequence(self, depth: int) -> list[Any]:
        result = []
        while (event := self._take()).__class__ is not SequenceEndEvent:
            result.append(self._node(event, depth + 1))
        return result

    def _scalar(self, event: Any) -> Any:
        if self._mark not in event.value:
            return self._constant(event)
        if event.anchor is not None or event.tag is not None:
            raise UnusualError("a mark in a scalar with anchor or tag")
        style = _STYLES.get(event.style, "other")
        if style != "literal" and event.start_mark.line != event.end_mark.line:
            style = "other"
        self.scalars.append(MarkedScalar(event.value, style, self._flow > 0))
        return standing_for(self._mark, len(self.scalars) - 1)

    def _constant(self, event: Any) -> Any:
        if event.anchor is not None or event.tag is not None:
            raise UnusualError("an anchor or a tag")
        if not event.implicit[0]:
            return event.value
        value = self._resolve(event.value)
        if value.__class__ is float and not isfinite(value):
            raise UnusualError("a number that is not finite")
        return value
