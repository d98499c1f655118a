"""The Kubernetes types that read and write their own JSON: quantities, int-or-string, times, raw objects.

Canonical values: the canonical text of a quantity, int or str, the UTC text of a time, and the raw value as it came.
Errors carry Go's text, and say whether encoding/json adds the field to it.
"""

from __future__ import annotations

import base64
import re
from typing import Any, Final

from webhook.kube.decode_errors import MismatchError
from webhook.kube.gotypes import GoType
from webhook.kube.quantity import QuantityError, canonical_quantity

_JSON_SPACE: Final = (
    " \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
"""The white space that strings.TrimSpace removes and that stands unescaped in JSON text."""
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*", re.ASCII)
_INT32_MAX: Final = (1 << 31) - 1
_ZEROS: Final[dict[str, Any]] = {
    "resource.Quantity": "0",
    "intstr.IntOrString": 0,
    "meta/v1.Time": None,
    "meta/v1.FieldsV1": None,
    "runtime.RawExtension": None,
}


def json_word(value: Any) -> str:
    """Return Go's word for the JSON kind of a value: number, string, bool, object, array, null."""
    if value is None:
        return "null"
    words = ((bool, "bool"), (str, "string"), (dict, "object"), (list, "array"))
    return next((word for python, word in words if isinstance(value, python)), "number")


def number_text(value: float) -> str:
    """Return a number as Go's encoding/json writes it; MismatchError for infinities and NaN, which it does not."""
    if isinstance(value, int):
        return str(value)
    from webhook.kube.gojson import JsonError, format_number  # floats are rare in these objects

    try:
        return format_number(value)
    except JsonError as error:
        raise MismatchError(str(error)) from error


def zero_of(go_type: GoType) -> Any:
    """Return the canonical zero value of a type: what null means for a list item or a map value."""
    match go_type.kind:
        case "struct":
            return {}
        case "string":
            return ""
        case "int" | "float":
            return 0
        case "bool":
            return False
        case "opaque":
            return _ZEROS[go_type.name]
    return None


def is_zero_opaque(go_type: GoType, value: Any) -> bool:
    """Tell whether a canonical value is the zero value of an opaque type; of int-or-string only the integer 0 is."""
    zero = _ZEROS[go_type.name]
    return (value == "" and zero is None) or (value == zero and value.__class__ is zero.__class__)


def decode_opaque(go_type: GoType, value: Any, *, of_yaml: bool) -> Any:
    """Return the canonical value of an opaque type for a JSON value other than null.

    MismatchError when it does not fit.
    """
    match go_type.name:
        case "resource.Quantity":
            return _quantity(value)
        case "intstr.IntOrString":
            return _int_or_string(value, of_yaml=of_yaml)
        case "meta/v1.Time":
            return _time(value)
    return sort_keys(value) if of_yaml else value


def sort_keys(value: Any) -> Any:
    """Return a raw value with the keys of its objects in order, as it comes out of the YAML libraries.

    The same object if it is.
    """
    if isinstance(value, list):
        items = [sort_keys(item) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if not isinstance(value, dict):
        return value
    keys = sorted(value)
    result = {key: sort_keys(value[key]) for key in keys}
    return value if keys == list(value) and all(result[key] is value[key] for key in keys) else result


def _quantity(value: Any) -> str:
    if isinstance(value, str):
        text = value.strip(_JSON_SPACE)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        text = number_text(value)
    else:
        text = json_word(value)
    try:
        canonical = canonical_quantity(text)
    except QuantityError as error:
        raise MismatchError(str(error)) from error
    return value if canonical == value else canonical


def _int_or_string(value: Any, *, of_yaml: bool) -> int | str:
    if isinstance(value, str):
        return value
    number = int(value) if isinstance(value, float) and of_yaml and value.is_integer() else value
    if number.__class__ is int and -_INT32_MAX - 1 <= number <= _INT32_MAX:
        return int(number)
    word = json_word(value)
    raise MismatchError(value=f"number {number_text(value)}" if word == "number" else word, target="int32")


def canonical_time(text: str) -> str:
    """Return an RFC 3339 time in UTC, whole seconds, as Go writes it back; ``""`` for the zero time.

    MismatchError with Go's text when it is none.
    """
    from gotemplate.golib import time  # objects with times are rare, and the package is not small

    try:
        moment = time.parse(time.RFC3339, text, time.UTC)
    except time.ParseError as error:
        raise MismatchError(str(error)) from error
    return "" if moment.is_zero() else moment.in_location(time.UTC).format(time.RFC3339)


def _time(value: Any) -> str:
    if not isinstance(value, str):
        raise MismatchError(value=json_word(value), target="string")
    canonical = canonical_time(value)
    return value if canonical == value else canonical


def canonical_base64(text: str) -> str:
    """Return the base64 text of the bytes that a base64 text stands for.

    Line ends do not count. MismatchError with Go's text.
    """
    packed = text.replace("\r", "").replace("\n", "")
    body = packed.rstrip("=")
    if len(packed) % 4 == 0 and len(packed) - len(body) <= 2 and _BASE64.fullmatch(body):
        return base64.b64encode(base64.b64decode(packed)).decode()
    raise MismatchError(f"illegal base64 data at input byte {_corrupt_offset(text)}")


def _corrupt_offset(text: str) -> int:
    """Return where Go's base64 decoder stops.

    At the first byte that does not belong, or at the start of an incomplete group.
    """
    data = text.encode()
    places = [index for index, byte in enumerate(data) if byte not in b"\r\n"]
    for count, index in enumerate(places):
        place, char = count % 4, chr(data[index])
        if char == "=":
            return _corrupt_padding(data, places[count:], place)
        if not _BASE64.fullmatch(char):
            return index
    return len(data) - len(places) % 4


def _corrupt_padding(data: bytes, places: list[int], place: int) -> int:
    """Return where Go stops for padding that starts at the first of ``places``, as the given character of its group."""
    if place < 2:
        return places[0]
    if place == 2:
        if len(places) < 2:
            return len(data)
        if data[places[1]] != ord("="):
            return places[1] - 1
        places = places[1:]
    return places[1] if len(places) > 1 else places[0]
