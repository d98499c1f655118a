"""Floating-point numbers to text and back as Go writes them (the float half of package strconv)."""

from __future__ import annotations

import math
import re
import struct
from typing import Final

_EXPONENT_BIAS: Final = {64: 1075, 32: 150}
_MANTISSA_BITS: Final = {64: 52, 32: 23}


def to_float32(value: float) -> float:
    """Round to the nearest float32 (ties to even); beyond its range an infinity."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _split(text: str) -> tuple[str, int]:
    """Split ``d.ddde±x`` into DIGITS, without zeros at the ends, and PLACE: the number is 0.DIGITS times 10**PLACE."""
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    raw = whole + fraction
    digits = raw.lstrip("0")
    place = len(whole) - (len(raw) - len(digits)) + int(exponent or 0)
    digits = digits.rstrip("0")
    return digits, place if digits else 0


def _shortest(value: float, bits: int) -> tuple[str, int]:
    """Return the fewest digits that read back as the same number, and the decimal point's place."""
    if bits == 64:
        return _split(repr(value))
    from gotemplate.golib.floats_exact import shortest_float32

    return _split(shortest_float32(value)) if value else ("", 0)


def _exponent_form(digits: str, place: int, precision: int, letter: str) -> str:
    digits = digits or "0"
    text = digits[0]
    if precision > 0:
        text += "." + digits[1 : precision + 1].ljust(precision, "0")
    exponent = place - 1 if digits != "0" else 0
    return f"{text}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _plain_form(digits: str, place: int, precision: int) -> str:
    whole = digits[:place].ljust(place, "0") if place > 0 else "0"
    if precision <= 0:
        return whole
    fraction = "0" * -place + digits if place <= 0 else digits[place:]
    return f"{whole}.{fraction[:precision].ljust(precision, '0')}"


def _general_form(digits: str, place: int, precision: int, letter: str) -> str:
    limit = 6 if precision < 0 else precision
    if precision >= 0 and limit > len(digits) >= place:
        limit = len(digits)
    exponent = place - 1 if digits else -1
    if exponent < -4 or exponent >= limit:
        return _exponent_form(digits, place, len(digits) - 1, letter)
    return _plain_form(digits, place, max(len(digits) - place, 0))


def _binary_form(value: float, bits: int) -> str:
    mantissa_bits, bias = _MANTISSA_BITS[bits], _EXPONENT_BIAS[bits]
    mantissa, exponent = math.frexp(value)
    power = max(exponent - mantissa_bits - 1, 1 - bias) if value else 1 - bias
    return f"{int(math.ldexp(mantissa, exponent - power))}p{power:+d}"


def _round_half_even(number: int, drop: int) -> int:
    kept, rest = number >> drop, number & ((1 << drop) - 1)
    half = 1 << (drop - 1)
    return kept + (rest > half or (rest == half and kept & 1))


def _hexadecimal_form(value: float, precision: int, letter: str) -> str:
    mantissa, exponent = math.frexp(value)
    bits = int(math.ldexp(mantissa, 61))  # one bit, then 15 hexadecimal digits
    exponent -= 1
    if 0 <= precision < 15:
        drop = 60 - 4 * precision
        bits = _round_half_even(bits, drop) << drop
        if bits >> 61:
            bits >>= 1
            exponent += 1
    if value == 0:
        exponent = 0
    fraction = f"{bits & ((1 << 60) - 1):015x}"
    fraction = fraction.rstrip("0") if precision < 0 else fraction[:precision].ljust(precision, "0")
    text = f"0x{bits >> 60}{'.' if fraction else ''}{fraction}p{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return text.upper() if letter == "X" else text


def format_float(value: float, fmt: str = "g", prec: int = -1, bits: int = 64) -> str:
    """Write a float as Go's FormatFloat does.

    ``fmt`` is one of b e E f g G x X, ``prec`` the number of digits (-1: as few as read back as the same number),
    ``bits`` 32 or 64. Any other ``fmt`` gives a percent sign and itself.
    """
    value = float(value)
    if fmt == "g" and prec < 0 and bits == 64 and 1e-4 <= abs(value) < 1e6:  # where Python writes the same
        return repr(value).removesuffix(".0")
    if bits == 32:
        value = to_float32(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    sign = "-" if math.copysign(1, value) < 0 else ""
    text = _format_finite(abs(value), fmt, prec, bits)
    return "%" + fmt if text is None else sign + text


def _format_finite(value: float, fmt: str, prec: int, bits: int) -> str | None:
    if fmt in "fF" and prec >= 0:
        return None if fmt == "F" else f"{value:.{prec}f}"
    if fmt == "b":
        return _binary_form(value, bits)
    if fmt in "xX":
        return _hexadecimal_form(value, prec, fmt)
    if fmt not in "eEfgG":
        return None
    if prec < 0:
        digits, place = _shortest(value, bits)
        prec = {"f": max(len(digits) - place, 0)}.get(fmt, len(digits) - 1 if fmt in "eE" else -1)
    else:
        shown = prec if fmt in "eE" else max(prec, 1) - 1
        digits, place = _split(f"{value:.{min(shown, 800)}e}")
        prec = max(prec, 1) if fmt in "gG" else prec
    if fmt == "f":
        return _plain_form(digits, place, prec)
    letter = "E" if fmt in "EG" else "e"
    form = _exponent_form if fmt in "eE" else _general_form
    return form(digits, place, prec, letter)


FLOAT_PREFIX: Final = re.compile(
    r"nan|[+-]?(?:inf(?:inity)?|0x(?=_*[.]?_*[0-9a-f])[0-9a-f_]*(?:\.[0-9a-f_]*)?(?:p[+-]?[0-9][0-9_]*)?"
    r"|(?=_*[.]?_*[0-9])[0-9_]*(?:\.[0-9_]*)?(?:e[+-]?[0-9][0-9_]*)?)",
    re.IGNORECASE | re.ASCII,
)
_PREFIX: Final = re.compile(r"[+-]?0([box])", re.IGNORECASE)
_STRAY_UNDERSCORE: Final = re.compile("(?<![0-9])_|_(?![0-9])")
_STRAY_IN_HEX: Final = re.compile("(?<![0-9a-f])_|_(?![0-9a-f])", re.IGNORECASE)


def underscores_ok(text: str) -> bool:
    """Tell whether the underscores of a number stand between digits (or after a base prefix), as in Go's literals."""
    if "_" not in text:
        return True
    prefix = _PREFIX.match(text)
    digits = "0" + text[prefix.end() :] if prefix else text
    stray = _STRAY_IN_HEX if prefix and prefix[1] in "xX" else _STRAY_UNDERSCORE
    return stray.search(digits) is None


def read_float(text: str, bits: int) -> float | None:
    """Read the text of a float (all of it); None when the syntax is wrong. A value out of range is an infinity."""
    if not text.isascii() or FLOAT_PREFIX.fullmatch(text) is None or not underscores_ok(text):
        return None
    plain = text.replace("_", "").lower()
    value = _read_unsigned(plain.lstrip("+-"), bits)
    return -value if value is not None and plain.startswith("-") else value


def _read_unsigned(plain: str, bits: int) -> float | None:
    if plain.startswith("0x") or (bits == 32 and plain[0] not in "in"):
        return _read_exact(plain, bits)
    return float(plain)


def _read_exact(plain: str, bits: int) -> float | None:
    from fractions import Fraction

    from gotemplate.golib.floats_exact import read_hexadecimal, round_to_float32, to_float64

    if plain.startswith("0x"):
        exact = read_hexadecimal(plain[2:])
        if exact is None:
            return None
        return round_to_float32(exact) if bits == 32 else to_float64(exact)
    wide = float(plain)
    near = to_float32(wide)
    return near if wide in (near, 0, math.inf) else round_to_float32(Fraction(plain))
