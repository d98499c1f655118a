"""JSON by orjson, for the inputs and values on which it does exactly what ``gojson`` does; for all others there is ``gojson``.

orjson is part of the extra ``webhook``: without it everything goes through ``gojson``, which is slower and otherwise the
same. Imported by the server only, since importing orjson costs a command more than it gains.
"""

from __future__ import annotations

from typing import Any, Final

from webhook.kube import gojson

try:
    import orjson
except ImportError:  # pragma: no cover - the extra is not installed
    orjson = None  # type: ignore[assignment]

_DIGITS: Final = bytes(0x30 if 0x30 <= code <= 0x39 else 0x20 for code in range(256))
_LONG_NUMBER: Final = b"0" * 19
"""What may be an integer between 2^63 and 2^64, an int for orjson and a float for the Kubernetes decoder."""


def loads(data: bytes) -> Any:
    """Read JSON as ``gojson.loads(data, numbers="number")`` does. Raises gojson.JsonError."""
    if orjson is not None and _LONG_NUMBER not in data.translate(_DIGITS):
        try:
            value = orjson.loads(data)
        except ValueError:
            pass  # what orjson refuses gojson may read, or words the refusal
        else:
            if data.count(b"[") + data.count(b"{") <= gojson.MAX_DEPTH or not gojson.is_too_deep(value):
                return value
    return gojson.loads(data, numbers="number")


def dumps(value: Any) -> bytes:
    """Write a value without floats as ``gojson.dumps(value, sort_keys=False)`` does, in UTF-8.

    Raises JsonError and TypeError as it does.
    """
    if orjson is not None:
        try:
            return _escaped(orjson.dumps(value))
        except (TypeError, ValueError):
            pass  # lone surrogates, integers beyond 64 bits, subclasses that orjson does not know
    return gojson.dumps(value, sort_keys=False).encode("utf-8", "surrogateescape")


def _escaped(data: bytes) -> bytes:
    """Escape what Go escapes for the sake of HTML; in JSON these bytes only occur within strings."""
    if b"<" in data or b">" in data or b"&" in data:
        data = data.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")
    if not data.isascii():
        data = data.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
    return data
