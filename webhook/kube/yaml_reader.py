"""YAML text to JSON-like values, as ghodss/yaml and sigs.k8s.io/yaml convert it for an untyped target.

yaml_events.py supplies the events; scalars, tags, keys, merge keys, aliases and limits get their meaning here.
"""

import base64
import math
import re
from collections.abc import Iterator
from typing import Any, Final

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from gotemplate.golib.floats import format_float
from gotemplate.golib.quote import quote
from webhook.kube.yaml_dialects import MAX_DEPTH, Dialect, YamlError
from webhook.kube.yaml_events import CONVERT_PREFIX, SYNTAX_PREFIX, EventSource
from webhook.kube.yaml_scalars import INT64_MAX, Scalar, is_timestamp, resolver_for, scalar_to_string

_TAGS: Final = "tag:yaml.org,2002:"
_RESOLVED_TAGS: Final = frozenset(("str", "bool", "int", "float", "null", "timestamp"))
_TAG_OF_TYPE: Final = {str: "str", bool: "bool", int: "int", float: "float", type(None): "null"}
_SPECIAL_FLOATS: Final = {"NaN": ".nan", "+Inf": ".inf", "-Inf": "-.inf"}
_LONE: Final = re.compile("[\ud800-\udfff]")
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def load(text: str | bytes, dialect: Dialect, finite: bool = True) -> object:
    """The first document of text; see :func:`webhook.kube.yaml.load`."""
    for value in _Reader(text, dialect, finite).documents():
        return value
    return None


def load_all(text: str | bytes, dialect: Dialect, finite: bool = True) -> Iterator[object]:
    """Every document of text, one at a time; see :func:`webhook.kube.yaml.load_all`."""
    return _Reader(text, dialect, finite).documents()


class _Anchor:
    """A named node: its value, how many nodes it expands to, and whether it is still being read."""

    def __init__(self, value: object, nodes: int, is_open: bool, is_mapping: bool) -> None:
        self.value = value
        self.nodes = nodes
        self.is_open = is_open
        self.is_mapping = is_mapping


class _Reader:
    """One pass over the events of a text.

    yaml.v2 parses a whole document before it decodes it, so an error of decoding is kept back until the document has
    ended: an error of syntax further down comes first.
    """

    def __init__(self, text: str | bytes, dialect: Dialect, finite: bool) -> None:
        self._dialect = dialect
        self._finite = finite
        self._resolve = resolver_for(dialect).resolve
        self._next = EventSource(text, dialect).next
        self._ahead: Any = None

    def documents(self) -> Iterator[object]:
        event = self._next()
        while type(event) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                yield self._document()
            event = self._ahead or self._next()
            self._ahead = None

    def _document(self) -> object:
        self._anchors: dict[str, _Anchor] = {}
        self._decoded = 1
        self._aliased = 0
        self._failure: YamlError | None = None
        self._bad_key: YamlError | None = None
        self._has_infinite = False
        self._odd_keys: dict[tuple[int, str], object] = {}
        value = self._node(self._next(), 0)
        while type(self._next()) is not DocumentEndEvent:
            pass
        if self._dialect.reads_ahead:
            self._ahead = self._next()
        failure = self._failure or self._bad_key
        if failure is not None:
            raise failure
        if self._has_infinite and self._finite:
            _check_finite(value)
        return value

    def _fail(self, reason: str) -> None:
        if self._failure is None:
            self._failure = YamlError(SYNTAX_PREFIX, reason)

    def _node(self, event: Any, depth: int) -> object:
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event.anchor).value
        self._decoded += 1
        if kind is ScalarEvent:
            value = self._scalar(event)
            if event.anchor is not None:
                self._anchors[event.anchor] = _Anchor(value, 1, is_open=False, is_mapping=False)
            return value
        if depth >= MAX_DEPTH:
            raise YamlError(SYNTAX_PREFIX, f"exceeded max depth of {MAX_DEPTH}", event.start_mark.line + 1)
        if kind is MappingStartEvent:
            mapping: dict[str, object] = {}
            anchor = self._open(event.anchor, mapping, is_mapping=True)
            self._mapping(mapping, depth + 1)
            self._close(anchor)
            return mapping
        sequence: list[object] = []
        anchor = self._open(event.anchor, sequence, is_mapping=False)
        while type(event := self._next()) is not SequenceEndEvent:
            sequence.append(self._node(event, depth + 1))
        self._close(anchor)
        return sequence

    def _mapping(self, result: dict[str, object], depth: int) -> None:
        while type(event := self._next()) is not MappingEndEvent:
            if _is_merge(event):
                if event.anchor is not None:
                    self._anchors[event.anchor] = _Anchor("<<", 1, is_open=False, is_mapping=False)
                self._merge(result, depth)
                continue
            key = self._node(event, depth)
            if type(key) is str:
                result[key] = self._node(self._next(), depth)
                continue
            if isinstance(key, dict | list):
                self._fail(f"invalid map key: {self._go_syntax(key)}")
            value = self._node(self._next(), depth)
            name = self._key_text(key, value)
            result[name] = value
            self._odd_keys[id(result), name] = key

    def _key_text(self, key: object, value: object) -> str:
        """The JSON name of a key that is not text; null and unsigned 64-bit keys have none."""
        if key is None or (isinstance(key, int) and key > INT64_MAX):
            self._refuse_key(key, value)
            return ""
        text = scalar_to_string(key) if isinstance(key, bool | int | float) else ""
        return _SPECIAL_FLOATS.get(text, text)

    def _refuse_key(self, key: int | None, value: object) -> None:
        if self._bad_key is None:
            name, text = ("%!s(<nil>)", "<nil>") if key is None else ("uint64", hex(key))
            shown = "<nil>" if value is None else self._go_syntax(value)
            reason = f"{self._dialect.bad_key_text} of type: {name}, key: {text}, value: {shown}"
            self._bad_key = YamlError(CONVERT_PREFIX, reason)

    def _merge(self, result: dict[str, object], depth: int) -> None:
        """The value of a ``<<`` key: its entries overwrite what stands above, and are overwritten by what follows."""
        event = self._next()
        if type(event) is not SequenceStartEvent:
            result.update(self._merged(event, depth))
            return
        sources: list[dict[str, object]] = []
        anchor = self._open(event.anchor, sources, is_mapping=False)
        while type(event := self._next()) is not SequenceEndEvent:
            sources.append(self._merged(event, depth + 1))
        self._close(anchor)
        for source in reversed(sources):
            result.update(source)

    def _merged(self, event: Any, depth: int) -> dict[str, object]:
        if type(event) is AliasEvent:
            anchor = self._alias(str(event.anchor))
            value, is_mapping = anchor.value, anchor.is_mapping
        else:
            value, is_mapping = self._node(event, depth), type(event) is MappingStartEvent
        if not is_mapping or not isinstance(value, dict):
            self._fail("map merge requires map or sequence of maps as the value")
            return {}
        return value

    def _open(self, name: str | None, value: object, is_mapping: bool) -> _Anchor | None:
        if name is None:
            return None
        anchor = self._anchors[name] = _Anchor(value, self._decoded - 1, is_open=True, is_mapping=is_mapping)
        return anchor

    def _close(self, anchor: _Anchor | None) -> None:
        if anchor is not None:
            anchor.nodes = self._decoded - anchor.nodes
            anchor.is_open = False

    def _alias(self, name: str) -> _Anchor:
        """The anchor an alias refers to; its value is shared, its nodes are counted as if they were copied."""
        anchor = self._anchors.get(name)
        if anchor is None:
            reason = f"unknown anchor '{name}' referenced"
            if not self._dialect.late_aliases:
                raise YamlError(SYNTAX_PREFIX, reason)
            self._fail(reason)
            return _Anchor({}, 0, is_open=False, is_mapping=True)
        self._decoded += 1
        if anchor.is_open:
            self._fail(f"anchor '{name}' value contains itself")
            return _Anchor({}, 0, is_open=False, is_mapping=True)
        self._decoded += anchor.nodes
        self._aliased += anchor.nodes
        if self._aliased > 100 and self._decoded > 1000 and self._aliased > self._decoded * _alias_share(self._decoded):
            self._fail("document contains excessive aliasing")
        return anchor

    def _scalar(self, event: Any) -> Scalar:
        text: str = event.value
        if event.tag is not None:
            value = self._tagged(event.tag, text)
        elif event.implicit[0]:
            value = self._resolve(text)
        else:
            return text
        if type(value) is float and not math.isfinite(value):
            self._has_infinite = True
        return value

    def _tagged(self, tag: str, text: str) -> Scalar:
        name = tag.removeprefix(_TAGS)
        if name == "binary" and name != tag:
            return self._binary(text)
        if name not in _RESOLVED_TAGS or name == tag or (name == "timestamp" and not self._dialect.timestamps):
            return text
        if name == "timestamp" and is_timestamp(text, self._dialect.modern_go):
            return text
        value = self._resolve(text)
        found = _TAG_OF_TYPE[type(value)]
        if name == "str":
            return text
        if found == name:
            return value
        if name == "float" and type(value) is int and value <= INT64_MAX and self._dialect.int_as_float:
            return float(value)
        self._fail(f"cannot decode !!{found} `{text}` as a !!{name}")
        return None

    def _binary(self, text: str) -> str:
        data = text.replace("\r", "").replace("\n", "")
        if not _BASE64.fullmatch(data):
            self._fail("!!binary value contains invalid base64 data")
            return ""
        # JSON has no bytes: Go's encoder writes U+FFFD for each byte that is not UTF-8.
        return _LONE.sub("\ufffd", base64.b64decode(data).decode("utf-8", "surrogateescape"))

    def _go_syntax(self, value: object) -> str:
        """A decoded value as Go's ``%#v`` prints it, for the sentences that quote one."""
        if isinstance(value, dict):
            names = {name: self._odd_keys.get((id(value), name), name) for name in sorted(value)}
            items = (f"{self._go_syntax(key)}:{self._go_syntax(value[name])}" for name, key in names.items())
            return f"map[interface {{}}]interface {{}}{{{', '.join(items)}}}"
        if isinstance(value, list):
            return f"[]interface {{}}{{{', '.join(map(self._go_syntax, value))}}}"
        if value is None:
            return "interface {}(nil)"
        if isinstance(value, str):
            return quote(value)
        if isinstance(value, float):
            return format_float(value)
        return hex(value) if isinstance(value, int) and value > INT64_MAX else str(value).lower()


def _is_merge(event: Any) -> bool:
    return (
        type(event) is ScalarEvent
        and event.value == "<<"
        and (event.implicit[0] or event.tag == "tag:yaml.org,2002:merge")
    )


def _alias_share(decoded: int) -> float:
    """How much of a document may come from aliases: 99 % up to 400,000 nodes, falling to 10 % at 4,000,000."""
    return min(0.99, max(0.10, 0.99 - 0.89 * ((decoded - 400_000) / 3_600_000)))


def _check_finite(value: object) -> None:
    """Refuse the first infinity or NaN, in the order in which Go's JSON encoder meets it."""
    if isinstance(value, dict):
        for key in sorted(value):
            _check_finite(value[key])
    elif isinstance(value, list):
        for item in value:
            _check_finite(item)
    elif isinstance(value, float) and not math.isfinite(value):
        raise YamlError(CONVERT_PREFIX, f"json: unsupported value: {format_float(value)}")
