"""Go's package strconv: numbers, booleans and quoted strings to text and back, with its error texts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final

from gotemplate.golib.floats import FLOAT_PREFIX, format_float, read_float, to_float32, underscores_ok
from gotemplate.golib.quote import (
    QuoteSyntaxError,
    can_backquote,
    quote,
    quote_rune,
    quote_rune_to_ascii,
    quote_to_ascii,
    unquote,
    unquote_char,
)

__all__ = [
    "NumError",
    "QuoteSyntaxError",
    "atoi",
    "can_backquote",
    "format_bool",
    "format_complex",
    "format_float",
    "format_int",
    "itoa",
    "parse_bool",
    "parse_complex",
    "parse_float",
    "parse_int",
    "parse_uint",
    "quote",
    "quote_rune",
    "quote_rune_to_ascii",
    "quote_to_ascii",
    "to_float32",
    "unquote",
    "unquote_char",
]

SYNTAX: Final = "invalid syntax"
RANGE: Final = "value out of range"
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_DIGIT_VALUES: Final = {char: value for value, char in enumerate(_DIGITS)}
_PREFIXES: Final = {"0b": 2, "0o": 8, "0x": 16}
_SHORT_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


class NumError(ValueError):
    """A conversion that failed, as Go's NumError: ``strconv.FUNC: parsing "TEXT": REASON``.

    ``value`` is what Go returns beside the error: 0, or the nearest value in range.
    """

    def __init__(self, func: str, text: str, reason: str, value: float | complex = 0) -> None:
        super().__init__(f"strconv.{func}: parsing {quote(text)}: {reason}")
        self.func = func
        self.text = text
        self.reason = reason
        self.value = value


def _read_uint(func: str, whole: str, text: str, base: int, bits: int) -> int:
    """Read digits; ``whole`` is the text that errors quote. Out of range: the error carries the greatest value."""
    if not text:
        raise NumError(func, whole, SYNTAX)
    prefixed = base == 0
    if prefixed:
        base = _PREFIXES.get(text[:2].lower(), 0) if len(text) >= 3 else 0
        digits = text[2:] if base else text
        if not base:
            base = 8 if text[0] == "0" else 10
            digits = text[1:] if text[0] == "0" else text
    elif 2 <= base <= 36:
        digits = text
    else:
        raise NumError(func, whole, f"invalid base {base}")
    if not 0 <= bits <= 64:
        raise NumError(func, whole, f"invalid bit size {bits}")
    number = _read_digits(func, whole, digits, base, (1 << (bits or 64)) - 1, underscore=prefixed)
    if prefixed and not underscores_ok(text):
        raise NumError(func, whole, SYNTAX)
    return number


def _read_digits(func: str, whole: str, digits: str, base: int, limit: int, *, underscore: bool) -> int:
    number = 0
    for char in digits:
        if char == "_" and underscore:
            continue
        value = _DIGIT_VALUES.get(char.lower() if char.isascii() else char, 99)
        if value >= base:
            raise NumError(func, whole, SYNTAX)
        number = number * base + value
        if number > limit:  # reported before a later wrong digit is seen
            raise NumError(func, whole, RANGE, limit)
    return number


def parse_uint(text: str, base: int = 10, bits: int = 64) -> int:
    """Read an unsigned integer; ``base`` 0 goes by the prefix and allows underscores. Raises NumError."""
    return _read_uint("ParseUint", text, text, base, bits)


def parse_int(text: str, base: int = 10, bits: int = 64, *, func: str = "ParseInt") -> int:
    """Read a signed integer; ``base`` 0 goes by the prefix and allows underscores.

    Raises NumError in the name of ``func``.
    """
    if not text:
        raise NumError(func, text, SYNTAX)
    negative = text[0] == "-"
    limit = 1 << ((bits or 64) - 1) if 0 <= bits <= 64 else 0
    try:
        number = _read_uint(func, text, text[1:] if text[0] in "+-" else text, base, bits)
    except NumError as error:
        if error.reason != RANGE:
            raise
        number = int(error.value.real)
    if number >= limit + negative:
        raise NumError(func, text, RANGE, -limit if negative else limit - 1)
    return -number if negative else number


def atoi(text: str) -> int:
    """Read a decimal int. Raises NumError in the name of Atoi."""
    if _SHORT_DECIMAL.fullmatch(text):
        return int(text)
    return parse_int(text, 10, 0, func="Atoi")


def parse_float(text: str, bits: int = 64) -> float:
    """Read a float (decimal, hexadecimal, Inf, NaN). Raises NumError; its value is an infinity when out of range."""
    value = read_float(text, bits)
    if value is None:
        raise NumError("ParseFloat", text, SYNTAX)
    if math.isinf(value) and "n" not in text.lower():
        raise NumError("ParseFloat", text, RANGE, value)
    return value


def parse_bool(text: str) -> bool:
    """Read a bool: 1 t T TRUE true True, 0 f F FALSE false False. Raises NumError."""
    if text in ("1", "t", "T", "true", "TRUE", "True"):
        return True
    if text in ("0", "f", "F", "false", "FALSE", "False"):
        return False
    raise NumError("ParseBool", text, SYNTAX)


def parse_complex(text: str, bits: int = 128) -> complex:
    """Read a complex number: ``1``, ``2i``, ``1+2i``, ``(1+2i)``. Raises NumError."""
    inside = text[1:-1] if len(text) >= 2 and text[0] == "(" and text[-1] == ")" else text
    out_of_range = False

    def part(chunk: str) -> float:
        nonlocal out_of_range
        value = read_float(chunk, bits // 2)
        if value is None:
            raise NumError("ParseComplex", text, SYNTAX)
        out_of_range = out_of_range or (math.isinf(value) and "n" not in chunk.lower())
        return value

    value = _complex_of(text, inside, part)
    if out_of_range:
        raise NumError("ParseComplex", text, RANGE, value)
    return value


def _complex_of(text: str, inside: str, part: Callable[[str], float]) -> complex:
    first = FLOAT_PREFIX.match(inside)
    if first is None:
        raise NumError("ParseComplex", text, SYNTAX)
    rest = inside[first.end() :]
    if not rest:
        return complex(part(first.group()), 0)
    if rest == "i":
        return complex(0, part(first.group()))
    if rest[0] == "+" and rest[1:2] != "+":  # the plus may be followed by a sign, or by NaN, which takes none
        rest = rest[1:]
    elif rest[0] != "-":
        raise NumError("ParseComplex", text, SYNTAX)
    if rest[-1:] != "i":
        raise NumError("ParseComplex", text, SYNTAX)
    return complex(part(first.group()), part(rest[:-1]))


def format_int(number: int, base: int = 10) -> str:
    """Write an integer in a base from 2 to 36, lower case."""
    if base == 10:
        return str(int(number))
    rest, digits = abs(number), ""
    while rest or not digits:
        rest, value = divmod(rest, base)
        digits = _DIGITS[value] + digits
    return "-" + digits if number < 0 else digits


def itoa(number: int) -> str:
    """Write a decimal integer."""
    return str(int(number))


def format_bool(value: bool) -> str:
    """Write ``true`` or ``false``."""
    return "true" if value else "false"


def format_complex(value: complex, fmt: str = "g", prec: int = -1, bits: int = 128) -> str:
    """Write a complex number as ``(a+bi)``, each part by ``format_float``."""
    real = format_float(value.real, fmt, prec, bits // 2)
    imag = format_float(value.imag, fmt, prec, bits // 2)
    return f"({real}{imag if imag[0] in '+-' else '+' + imag}i)"
