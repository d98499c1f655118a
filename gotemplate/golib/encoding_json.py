"""Go's package encoding/json over the values of this package: Marshal, MarshalIndent, and Unmarshal into plain values."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, NamedTuple

from gotemplate import values
from gotemplate.golib import utf8
from gotemplate.golib.floats import format_float, to_float32
from gotemplate.golib.json_decode import NUMBER, JSONError, unmarshal, valid
from gotemplate.golib.quote import quote
from gotemplate.values import BITS, Kind, Type, Value

__all__ = ["NUMBER", "JSONError", "indent", "marshal", "marshal_indent", "unmarshal", "valid"]

_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL: Final = re.compile('[\x00-\x1f"\\\\\u2028\u2029\ud800-\udfff]')
_SPECIAL_HTML: Final = re.compile('[\x00-\x1f"\\\\<>&\u2028\u2029\ud800-\udfff]')
_INDENTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{\[]\s*[}\]]|[{}\[\],:]|[^{}\[\],:"\s]+|\s+')
_KEY_KINDS: Final = values.INT_KINDS | values.UINT_KINDS | {Kind.STRING}


def _escaped(match: re.Match[str]) -> str:
    char = match.group()
    if "\ud800" <= char <= "\udfff":
        return "\\ufffd"
    return _SHORT.get(char) or f"\\u{ord(char):04x}"


def encode_string(text: str, *, escape_html: bool = True) -> str:
    """Return a string as JSON, with ``< > &`` as escapes unless told otherwise; bytes that are not UTF-8 as U+FFFD."""
    pattern = _SPECIAL_HTML if escape_html else _SPECIAL
    if pattern.search(text) is None:
        return f'"{text}"'
    return f'"{pattern.sub(_escaped, utf8.canonical(text))}"'


def encode_float(number: float, bits: int = 64) -> str:
    """Return a float as JSON: plain from 1e-6 up to 1e21, else with an exponent. JSONError for NaN and infinities."""
    if math.isnan(number) or math.isinf(number):
        raise JSONError(f"json: unsupported value: {format_float(number, 'g', -1, bits)}")
    least, most = (to_float32(1e-6), to_float32(1e21)) if bits == 32 else (1e-6, 1e21)
    exponent = number != 0 and not least <= abs(number) < most
    text = format_float(number, "e" if exponent else "f", -1, bits)
    return f"{text[:-2]}{text[-1]}" if text[-4:-1] == "e-0" else text


def marshal(value: Value, *, escape_html: bool = True) -> str:
    """Return a value as JSON, map keys sorted, no white space: Go's Marshal.

    ``escape_html=False`` is what an Encoder with SetEscapeHTML(false) writes, without its newline. Raises JSONError.
    """
    try:
        return _Encoder(escape_html).text(value)
    except RecursionError:
        raise JSONError(f"json: unsupported value: encountered a cycle via {values.type_name(value)}") from None


def marshal_indent(value: Value, prefix: str = "", indentation: str = "  ", *, escape_html: bool = True) -> str:
    """Return a value as JSON with each element on a line of its own: Go's MarshalIndent. Raises JSONError."""
    return indent(marshal(value, escape_html=escape_html), prefix, indentation)


def indent(text: str, prefix: str = "", indentation: str = "  ") -> str:
    """Return valid JSON with each element on a line of its own; empty objects and arrays stay short."""
    parts: list[str] = []
    depth = 0
    for token in _INDENTED.findall(text):
        if token.isspace():
            continue
        opens, closes = token in "{[", token in "}]"
        depth += opens - closes
        line = f"\n{prefix}{indentation * depth}" if opens or closes or token == "," else ""
        if len(token) > 1 and token[0] in "{[":
            parts.append(token[0] + token[-1])
        else:
            parts.append(line + token if closes else ": " if token == ":" else token + line)
    return "".join(parts)


class Tag(NamedTuple):
    """What a ``json`` tag says of a field."""

    name: str
    omit_empty: bool = False
    omit_zero: bool = False
    as_string: bool = False


def tag_of(field: values.Field) -> Tag | None:
    """Return what the tag of a field says; None for ``json:"-"``."""
    found = re.search(r'(?:^|\s)json:"((?:[^"\\]|\\.)*)"', field.tag)
    text = found[1] if found else ""
    if text == "-":
        return None
    name, *options = text.split(",")
    return Tag(name or field.name, "omitempty" in options, "omitzero" in options, "string" in options)


def _has_ascii_keys(mapping: dict[Any, Value]) -> bool:
    try:
        return "".join(mapping).isascii()
    except TypeError:
        return False  # a key that is no string


class _Encoder:
    def __init__(self, escape_html: bool) -> None:
        self.escape_html = escape_html
        self._string_of = partial(encode_string, escape_html=escape_html)

    def text(self, value: Value) -> str:
        """Return a value as JSON; plain maps, lists and strings without detours."""
        kind = value.__class__
        if kind is str:
            return self._string_of(value)
        if kind is int:
            return f"{value}"
        if kind is list:
            return f"[{','.join([self.text(item) for item in value])}]"
        if kind is dict and _has_ascii_keys(value):
            return f"{{{','.join([f'{self._string_of(key)}:{self.text(value[key])}' for key in sorted(value)])}}}"
        return "".join(self.encode(value))

    def encode(self, value: Value) -> Iterable[str]:
        kind = value.__class__
        if kind is str:
            return (encode_string(value, escape_html=self.escape_html),)
        if value is None or value is values.MISSING:
            return ("null",)
        if kind is bool:
            return ("true" if value else "false",)
        if kind is int:
            return (str(value),)
        go_type = values.type_of(value)
        assert go_type is not None  # only nil has no type
        return self._by_method(value, go_type) or self._by_kind(value, go_type)

    def _by_method(self, value: Value, go_type: Type) -> Iterable[str] | None:
        if not (go_type.methods or go_type.fields or go_type.kind is Kind.POINTER):
            return None
        for name in ("MarshalJSON", "MarshalText"):
            method = values.bind_method(value, name)
            if method is not None:
                if go_type.kind is Kind.POINTER and value.is_nil:
                    return ("null",)
                return (self._marshalled(method, name, go_type),)
        return None

    def _marshalled(self, method: Callable[[], Any], name: str, go_type: Type) -> str:
        try:
            text = utf8.from_bytes(bytes(method()))
            if name == "MarshalText":
                return encode_string(text, escape_html=self.escape_html)
            unmarshal(text)
        except Exception as error:
            raise JSONError(f"json: error calling {name} for type {go_type.name}: {error}") from None
        return _compact(text, escape_html=self.escape_html)

    def _by_kind(self, value: Value, go_type: Type) -> Iterable[str]:
        kind = go_type.kind
        if kind in values.INT_KINDS or kind in values.UINT_KINDS:
            return (str(int(value)),)
        if kind in values.FLOAT_KINDS:
            return (encode_float(value, BITS[kind]),)
        if kind is Kind.STRING:
            return (self._string(value, go_type),)
        if kind is Kind.BOOL:
            return ("true" if value else "false",)
        if kind is Kind.MAP:
            return self._map(value, go_type)
        if kind is Kind.STRUCT:
            return self._struct(value, go_type)
        return self._container(value, go_type)

    def _container(self, value: Value, go_type: Type) -> Iterable[str]:
        if go_type.kind is Kind.POINTER:
            return ("null",) if value.is_nil else self.encode(value.target)
        if go_type.kind is Kind.SLICE and values.is_nil(value):
            return ("null",)
        if go_type.kind is Kind.SLICE and go_type.elem is not None and go_type.elem.kind is Kind.UINT8:
            return (f'"{base64.b64encode(bytes(values.elements(value))).decode()}"',)
        if go_type.kind in (Kind.SLICE, Kind.ARRAY):
            return self._joined("[", ([item] for item in map(self.encode, values.elements(value))), "]")
        raise JSONError(f"json: unsupported type: {go_type.name}")

    @staticmethod
    def _joined(opening: str, items: Iterable[Iterable[Iterable[str]]], closing: str) -> list[str]:
        parts = [opening]
        for item in items:
            if len(parts) > 1:
                parts.append(",")
            for piece in item:
                parts.extend(piece)
        parts.append(closing)
        return parts

    def _string(self, value: str, go_type: Type) -> str:
        if go_type is NUMBER:
            text = str(value) or "0"
            if not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", text, re.ASCII):
                raise JSONError(f"json: invalid number literal {quote(text)}")
            return text
        return encode_string(value, escape_html=self.escape_html)

    def _map(self, value: Value, go_type: Type) -> Iterable[str]:
        key = go_type.key
        if key is not None and key.kind not in _KEY_KINDS and values.method_of(key, "MarshalText") is None:
            raise JSONError(f"json: unsupported type: {go_type.name}")
        if values.is_nil(value):
            return ("null",)
        named = sorted(((self._key(key), item) for key, item in value.items()), key=lambda pair: utf8.to_bytes(pair[0]))
        return self._joined("{", (([self._name(name)], self.encode(item)) for name, item in named), "}")

    def _name(self, name: str) -> str:
        return encode_string(name, escape_html=self.escape_html) + ":"

    @staticmethod
    def _key(key: Value) -> str:
        if isinstance(key, str):
            return key
        method = values.bind_method(key, "MarshalText")
        return utf8.from_bytes(bytes(method())) if method else str(key)

    def _struct(self, value: Value, go_type: Type) -> Iterable[str]:
        items = []
        for tag, held in _json_fields(value, go_type):
            if (tag.omit_empty and _is_empty(held)) or (tag.omit_zero and _is_zero(held)):
                continue
            encoded = self.encode(held)
            if tag.as_string and _is_quotable(held):
                encoded = (self._quoted_text("".join(encoded)),)
            items.append(([self._name(tag.name)], encoded))
        return self._joined("{", items, "}")

    def _quoted_text(self, text: str) -> str:
        return encode_string(text, escape_html=self.escape_html) if text[0] == '"' else f'"{text}"'


def _json_fields(value: Value, go_type: Type) -> Iterable[tuple[Tag, Value]]:
    """Yield what Go writes of a struct: exported fields, those of embedded structs in their place unless a tag names it."""
    own = {tag.name for field in go_type.fields if not _is_inlined(field) and (tag := _written(field))}
    for field in go_type.fields:
        tag = _written(field)
        if not _is_inlined(field):
            if tag is not None:
                yield tag, value.field(field.name)
            continue
        inner = values.indirect(value.field(field.name))
        if inner.__class__ is not values.Pointer:
            yield from (pair for pair in _json_fields(inner, inner.go_type) if pair[0].name not in own)


def _written(field: values.Field) -> Tag | None:
    return tag_of(field) if values.is_exported(field.name) else None


def _is_inlined(field: values.Field) -> bool:
    struct = field.type.elem if field.type.kind is Kind.POINTER else field.type
    tag = tag_of(field)
    named = tag is not None and tag.name != field.name
    return field.embedded and struct is not None and struct.kind is Kind.STRUCT and tag is not None and not named


def _is_quotable(value: Value) -> bool:
    return values.kind_of(values.indirect(value)) in (
        values.INT_KINDS | values.UINT_KINDS | values.FLOAT_KINDS | {Kind.STRING, Kind.BOOL}
    )


def _is_empty(value: Value) -> bool:
    kind = values.kind_of(value)
    if kind in (Kind.STRUCT, Kind.CHAN, Kind.FUNC):
        return False
    return values.is_nil(value) or not value if kind is not Kind.POINTER else values.is_nil(value)


def _is_zero(value: Value) -> bool:
    is_zero = values.bind_method(value, "IsZero")
    if is_zero is not None:
        return bool(is_zero())
    kind = values.kind_of(value)
    if kind is Kind.STRUCT:
        return all(_is_zero(value.field(field.name)) for field in value.go_type.fields)
    if kind is Kind.ARRAY:
        return all(map(_is_zero, value))
    return values.is_nil(value) if kind in values.NILABLE_KINDS or kind is Kind.INVALID else not value


def _compact(text: str, *, escape_html: bool) -> str:
    """Return valid JSON without white space, and with what HTML minds escaped."""
    parts = (token for token in _INDENTED.findall(text) if not token.isspace())
    joined = "".join(token if token[0] == '"' else "".join(token.split()) for token in parts)
    if escape_html:
        joined = re.sub("[<>&\u2028\u2029]", lambda match: f"\\u{ord(match.group()):04x}", joined)
    return joined
