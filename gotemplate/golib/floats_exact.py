"""The parts of float conversion that need exact arithmetic: float32 and hexadecimal numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from gotemplate.golib.floats import to_float32

_FARTHEST = 20000
"""Exponents of two beyond this are the same for every float: out of range, or zero."""


def round_to_float32(exact: Fraction) -> float:
    """Round an exact number to float32 once, ties to even; beyond the range an infinity."""
    wide = to_float64(exact)
    near = to_float32(wide)
    if math.isinf(wide) or Fraction(wide) == exact or near == wide:
        return near
    # A double half-way between two float32 is itself a rounded number: the exact one says to which side.
    beside = math.nextafter(wide, math.inf if exact > Fraction(wide) else -math.inf)
    return to_float32(beside)


def to_float64(exact: Fraction) -> float:
    """Round an exact number to float64; beyond the range an infinity."""
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def shortest_float32(value: float) -> str:
    """Return the shortest decimal (``d.dde±x``) that reads back as the same float32, the closest one among equals."""
    for precision in range(9):
        text = f"{value:.{precision}e}"
        if round_to_float32(Fraction(text)) == value:
            return text
        # At a power of two the gap above is twice the gap below: the next decimal may do where the closest does not.
        mantissa, _, exponent = text.partition("e")
        raised = f"{float(mantissa) + 10.0**-precision:.{precision}f}e{exponent}"
        if math.frexp(value)[0] == 0.5 and round_to_float32(Fraction(raised)) == value:
            return raised
    return f"{value:.8e}"


def read_hexadecimal(text: str) -> Fraction | None:
    """Read ``h.hhp±d`` (lower case, no prefix); None without an exponent, which Go requires."""
    mantissa, p, exponent = text.partition("p")
    if not p:
        return None
    whole, _, fraction = mantissa.partition(".")
    number = int(whole + fraction, 16)
    shift = int(exponent) - 4 * len(fraction)
    if number == 0 or shift + number.bit_length() < -_FARTHEST:
        return Fraction(0)
    return number * Fraction(2) ** min(shift, _FARTHEST)
