"""JSON as Go's encoding/json reads and writes it for values without types.

Owns the texts: byte order of keys, HTML-safe escapes, Go's floats, Go's error sentences. Typed decoding and encoding
live with the schema tables.
"""

import json
import math
import re
from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Any, Final, Literal

from gotemplate.golib.floats import format_float
from gotemplate.golib.utf8 import from_bytes, to_valid
from webhook.kube.gojson_syntax import complaint

Numbers = Literal["float64", "number"]

MAX_DEPTH: Final = 250
"""Deepest nesting read or written. Go reads 10,000 levels; what walks values here spends a Python frame or two on
each, and no Kubernetes object comes near."""

_HTML: Final = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_PLAIN: Final = re.compile("[\u2028\u2029\ud800-\udfff]")
_ESCAPES: Final = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]|[" + "\ud800-\udfff" + "]")
_NESTING: Final = frozenset({dict, list})
_INT64: Final = range(-(1 << 63), 1 << 63)


class JsonError(ValueError):
    """Text or a value that Go's encoding/json refuses; ``str(e)`` is its sentence.

    offset: the byte of the text that it is about, None when a value could not be written.
    """

    def __init__(self, text: str, offset: int | None = None) -> None:
        self.offset = offset
        super().__init__(text)


def dumps(value: object, *, escape_html: bool = True, indent: str | None = None, sort_keys: bool = True) -> str:
    """Write value as json.Marshal does, or json.MarshalIndent with an empty prefix when indent is given.

    value: dict with str keys, list, tuple, str, int, float, bool, None. sort_keys: True for Go's maps (byte order),
    False to keep the order of the dict, as for the fields of a struct. escape_html: write ``<``, ``>`` and ``&`` as
    ``\\u003c`` and so on; U+2028 and U+2029 always are. A lone surrogate stands for a byte that is not UTF-8 and
    becomes ``\\ufffd``.

    Raises JsonError for infinities, NaN and nesting beyond MAX_DEPTH, TypeError for other types.
    """
    unsafe = _HTML if escape_html else _PLAIN
    if indent is None:
        text = _compact(value, sort_keys, 1)
        return unsafe.sub(_escape, text) if unsafe.search(text) else text
    out: list[str] = []
    _Writer(unsafe, indent, sort_keys, out.append).write(value, 0)
    return "".join(out)


def _compact(value: object, sort_keys: bool, depth: int) -> str:
    """Return a value on one line, what is to be escaped left as it is: it only occurs within strings."""
    if value.__class__ is str:
        return encode_basestring(value)
    if value.__class__ is int:
        return str(value)
    if isinstance(value, dict):
        if depth > MAX_DEPTH and value:
            raise JsonError("exceeded max depth")
        members = [
            f"{encode_basestring(key)}:{_compact(item, sort_keys, depth + 1)}"
            for key, item in (sorted(value.items()) if sort_keys else value.items())
        ]
        return f"{{{','.join(members)}}}"
    if isinstance(value, (list, tuple)):
        if depth > MAX_DEPTH and value:
            raise JsonError("exceeded max depth")
        return f"[{','.join([_compact(item, sort_keys, depth + 1) for item in value])}]"
    return encode_basestring(value) if isinstance(value, str) else _atom(value)


class _Writer:
    """Writes a value with every member on a line of its own."""

    def __init__(self, unsafe: re.Pattern[str], indent: str, sort_keys: bool, put: Callable[[str], None]) -> None:
        self._unsafe = unsafe
        self._indent = indent
        self._sort_keys = sort_keys
        self._put = put

    def write(self, value: object, depth: int) -> None:
        if isinstance(value, str):
            self._put(self._string(value))
        elif isinstance(value, dict):
            self._object(value, depth)
        elif isinstance(value, list | tuple):
            self._array(value, depth)
        else:
            self._put(_atom(value))

    def _object(self, value: dict[str, object], depth: int) -> None:
        if not value:
            self._put("{}")
            return
        separator = "{" + self._line(depth + 1)
        for key in sorted(value) if self._sort_keys else value:
            self._put(f"{separator}{self._string(key)}: ")
            self.write(value[key], depth + 1)
            separator = "," + self._line(depth + 1)
        self._put(self._line(depth) + "}")

    def _array(self, value: list[object] | tuple[object, ...], depth: int) -> None:
        if not value:
            self._put("[]")
            return
        separator = "[" + self._line(depth + 1)
        for item in value:
            self._put(separator)
            self.write(item, depth + 1)
            separator = "," + self._line(depth + 1)
        self._put(self._line(depth) + "]")

    def _line(self, depth: int) -> str:
        if depth > MAX_DEPTH:
            raise JsonError("exceeded max depth")
        return "\n" + self._indent * depth

    def _string(self, text: str) -> str:
        quoted = encode_basestring(text)
        return self._unsafe.sub(_escape, quoted) if self._unsafe.search(quoted) else quoted


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0], "\\ufffd")


def _atom(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return format_number(value)
    raise TypeError(f"json: unsupported type: {type(value).__name__}")


def format_number(value: float) -> str:
    """A float64 as Go's JSON has it: plain between 1e-6 and 1e21, else with an exponent of as few digits as it needs.

    Raises JsonError for infinities and NaN.
    """
    if not math.isfinite(value):
        raise JsonError(f"json: unsupported value: {format_float(value)}")
    magnitude = abs(value)
    if value == 0 or 1e-6 <= magnitude < 1e21:
        return format_float(value, "f")
    return format_float(value, "e").replace("e-0", "e-")


def loads(text: str | bytes, numbers: Numbers = "float64") -> object:
    """Read JSON as json.Unmarshal does into an untyped variable.

    numbers: "float64" makes every number a float; "number" keeps integers that fit an int64 as int (the Kubernetes
    decoder), the rest float. Duplicate keys: the last wins. Bytes that are not UTF-8 and lone surrogates become
    U+FFFD.

    Raises JsonError with Go's text, also for nesting beyond MAX_DEPTH and for numbers beyond float64.
    """
    source = from_bytes(text) if isinstance(text, bytes) else text
    try:
        value = _DECODERS[numbers].decode(source)
    except (ValueError, RecursionError):
        _check(source)
        raise
    if source.count("[") + source.count("{") > MAX_DEPTH and is_too_deep(value):
        _check(source)
    return _repaired(value) if _SURROGATE.search(source) else value


def is_too_deep(value: object) -> bool:
    """Tell whether a value read from JSON nests deeper than MAX_DEPTH."""
    level: list[Any] = [value] if value.__class__ in _NESTING else []
    for _ in range(MAX_DEPTH):
        if not level:
            return False
        members = [item.values() if item.__class__ is dict else item for item in level]
        level = [item for items in members for item in items if item.__class__ in _NESTING]
    return bool(level)


def _check(source: str) -> None:
    found = complaint(source.encode("utf-8", "surrogateescape"), MAX_DEPTH)
    if found is not None:
        raise JsonError(*found) from None


def _number(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise JsonError(f"json: cannot unmarshal number {text} into Go value of type float64")
    return value


def _integer(text: str) -> int | float:
    value = int(text) if len(text) <= 20 else None
    return value if value is not None and value in _INT64 else _number(text)


def _refuse_constant(text: str) -> float:
    raise ValueError(text)


def _repaired(value: object) -> object:
    if isinstance(value, str):
        return to_valid(value)
    if isinstance(value, list):
        return [_repaired(item) for item in value]
    if isinstance(value, dict):
        return {to_valid(key): _repaired(item) for key, item in value.items()}
    return value


_DECODERS: Final[dict[Numbers, json.JSONDecoder]] = {
    "float64": json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_refuse_constant),
    "number": json.JSONDecoder(parse_int=_integer, parse_float=_number, parse_constant=_refuse_constant),
}
