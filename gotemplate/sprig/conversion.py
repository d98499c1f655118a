"""Type conversion: ``int``, ``int64``, ``float64``, ``atoi``, ``toDecimal``, ``toString``, ``toStrings``.

The number conversions follow spf13/cast 1.7, which Sprig 3.3 uses: whatever cannot be converted is zero, and a named type such as
time.Duration cannot. ``toString`` is fmt's ``%v``, except that bytes are text.
"""

from __future__ import annotations

import math
from typing import Any, Final

from gotemplate import fmt
from gotemplate.golib import strconv
from gotemplate.golib.utf8 import from_bytes
from gotemplate.values import (
    FLOAT32,
    INT8,
    INT16,
    INT32,
    INT64,
    SLICE_STRING,
    UINT,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    Box,
    Kind,
    Pointer,
    Slice,
    Value,
    class_of,
    indirect,
    kind_of,
    type_of,
    wrap_int,
)

Int64: Final = class_of(INT64)
_MIN_INT64: Final = -(1 << 63)
_CAST_INTEGERS: Final = frozenset({INT64, INT32, INT16, INT8, UINT, UINT64, UINT32, UINT16, UINT8})
_CALENDAR: Final = frozenset({"time.Weekday", "time.Month"})


def int64_of(value: float) -> int:
    """Convert a float to int64 as Go on amd64 does: towards zero, and the smallest integer for what does not fit."""
    if math.isnan(value) or not -9223372036854775808.0 <= value < 9223372036854775808.0:
        return _MIN_INT64
    return int(value)


def without_zero_fraction(text: str) -> str:
    """Cut a fraction of zeros (``1.00`` becomes ``1``); cast does so before it reads an integer."""
    whole, point, fraction = text.rpartition(".")
    return whole if point and fraction and not fraction.strip("0") else text


def cast_int(value: Value) -> int:
    """Convert a value to an integer of 64 bits by cast's rules; 0 when that is impossible."""
    cls = value.__class__
    if cls is int:
        return value  # type: ignore[no-any-return]
    if cls is str:
        return _parse_int(value, 0)
    if cls is float:
        return int64_of(value)
    if cls is bool:
        return int(value)
    return 0 if value is None else _cast_typed_int(indirect(value))


def _cast_typed_int(value: Value) -> int:
    go_type = type_of(value)
    if go_type in _CAST_INTEGERS:
        return wrap_int(int(value), Kind.INT64)
    if go_type is FLOAT32:
        return int64_of(float(value))
    if go_type is not None and go_type.name in _CALENDAR:
        return int(value)
    if go_type is not None and go_type.name == "json.Number":
        return _parse_int(str(value), 0)
    return cast_int(value) if value.__class__ in (int, str, float, bool) else 0


def _parse_int(text: str, base: int) -> int:
    try:
        return strconv.parse_int(without_zero_fraction(text) if base == 0 else text, base, 64)
    except strconv.NumError:
        return 0


def cast_float(value: Value) -> float:
    """Convert a value to a float64 by cast's rules; 0 when that is impossible."""
    cls = value.__class__
    if cls is float:
        return value  # type: ignore[no-any-return]
    if cls is int or cls is bool:
        return float(value)
    if cls is str:
        return _parse_float(value)
    return 0.0 if value is None else _cast_typed_float(indirect(value))


def _cast_typed_float(value: Value) -> float:
    go_type = type_of(value)
    if go_type in _CAST_INTEGERS or go_type is FLOAT32:
        return float(value)
    if go_type is not None and go_type.name in _CALENDAR:
        return float(value)
    if go_type is not None and go_type.name == "json.Number":
        return _parse_float(str(value))
    return cast_float(value) if value.__class__ in (int, str, float, bool) else 0.0


def _parse_float(text: str) -> float:
    try:
        return strconv.parse_float(text, 64)
    except strconv.NumError:
        return 0.0


def to_int64(value: Value) -> Value:
    """Return ``int64``'s result."""
    return Int64(cast_int(value))


def atoi(text: str) -> int:
    """Read a decimal integer; 0 for no number, the nearest end of the range for a number out of it."""
    try:
        return strconv.atoi(text)
    except strconv.NumError as error:
        return int(error.value.real)


def to_decimal(value: Value) -> Value:
    """Read what the value prints as an octal integer; 0 when it is none."""
    return Int64(_parse_int(fmt.sprint(value), 8))


def string_of(value: Value) -> str:
    """Return the text of a value: bytes as text, errors and Stringers by their method, anything else as ``%v``."""
    if value.__class__ is str:
        return value
    if value.__class__ is int:
        return str(value)
    if value.__class__ is bytes:
        return from_bytes(value)
    return fmt.sprintf("%v", value)


def items_of(value: Value) -> list[Any] | None:
    """Return the elements of a slice or array, each with its Go type; None for anything else."""
    if isinstance(value, (list, tuple)):
        return list(value) if isinstance(value, tuple) else value
    if isinstance(value, bytes):
        return [class_of(UINT8)(octet) for octet in value]
    if isinstance(value, Box) and kind_of(value) is Kind.SLICE:
        return [class_of(UINT8)(octet) for octet in value.value]
    return None


def strings_of(value: Value) -> Slice:
    """Return the texts of a list's elements without the nil ones; a scalar is a list of one, nil an empty list.

    A ``[]string`` is returned itself, not a copy.
    """
    if value.__class__ is Slice and value.go_type is SLICE_STRING:
        return value
    items = None if isinstance(value, Pointer) else items_of(value)
    if items is None:
        items = [] if value is None else [value]
    return Slice(SLICE_STRING, [string_of(item) for item in items if item is not None])
