"""Float math: arguments become the shortest decimals that read as the same floats, and the arithmetic on these is exact.

Sprig's manual page "Float Math Functions"; it computes with shopspring/decimal, whose division keeps 16 places.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from gotemplate.errors import FuncError
from gotemplate.sprig.conversion import cast_float
from gotemplate.values import Value

Decimal = tuple[int, int]
"""A number as digits and a power of ten."""
_DIVISION_PLACES: Final = 16


def decimal_of(value: Value) -> Decimal:
    """Return the shortest decimal of a value cast to float64; NaN and infinity raise FuncError."""
    number = cast_float(value)
    if not math.isfinite(number):
        sign = {math.inf: "+Inf", -math.inf: "-Inf"}.get(number, "NaN")
        raise FuncError(f"Cannot create a Decimal from {sign}")
    mantissa, _, exponent = repr(number).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.rstrip("0")
    return int(whole + fraction), int(exponent or 0) - len(fraction)


def float_of(number: Decimal) -> float:
    """Return the float64 nearest to a decimal, infinity beyond the range."""
    digits, exponent = number
    try:
        return float(digits * 10**exponent) if exponent > 0 else digits / 10**-exponent
    except OverflowError:
        return math.inf if digits > 0 else -math.inf


def _sum(a: Decimal, b: Decimal) -> Decimal:
    exponent = min(a[1], b[1])
    return a[0] * 10 ** (a[1] - exponent) + b[0] * 10 ** (b[1] - exponent), exponent


def _difference(a: Decimal, b: Decimal) -> Decimal:
    return _sum(a, (-b[0], b[1]))


def _product(a: Decimal, b: Decimal) -> Decimal:
    return a[0] * b[0], a[1] + b[1]


def _quotient(a: Decimal, b: Decimal) -> Decimal:
    if b[0] == 0:
        raise FuncError("decimal division by 0")
    shift = a[1] - b[1] + _DIVISION_PLACES
    numerator, denominator = abs(a[0]) * 10 ** max(shift, 0), abs(b[0]) * 10 ** max(-shift, 0)
    digits = (2 * numerator + denominator) // (2 * denominator)
    return (-digits if (a[0] < 0) != (b[0] < 0) else digits), -_DIVISION_PLACES


def _fold(operation: Callable[[Decimal, Decimal], Decimal], first: Value, rest: tuple[Value, ...]) -> float:
    result = decimal_of(first)
    for value in rest:
        result = operation(result, decimal_of(value))
    return float_of(result)


def addf(*terms: Value) -> float:
    """Return the sum."""
    return _fold(_sum, 0.0, terms)


def add1f(term: Value) -> float:
    """Return the argument plus one."""
    return _fold(_sum, term, (1,))


def subf(first: Value, *terms: Value) -> float:
    """Return the first argument less all others."""
    return _fold(_difference, first, terms)


def mulf(first: Value, *factors: Value) -> float:
    """Return the product."""
    return _fold(_product, first, factors)


def divf(first: Value, *divisors: Value) -> float:
    """Return the first argument divided by each of the others."""
    return _fold(_quotient, first, divisors)


def _choose(a: float, b: float, *, upper: bool) -> float:
    limit = math.inf if upper else -math.inf
    if limit in (a, b):
        return limit
    if math.isnan(a) or math.isnan(b):
        return math.nan
    if a == b == 0:
        negative = math.copysign(1, a) < 0 or math.copysign(1, b) < 0
        both = math.copysign(1, a) < 0 and math.copysign(1, b) < 0
        return -0.0 if (both if upper else negative) else 0.0
    return max(a, b) if upper else min(a, b)


def maxf(first: Value, *others: Value) -> float:
    """Return the largest argument; NaN wins over all but infinity."""
    result = cast_float(first)
    for other in others:
        result = _choose(result, cast_float(other), upper=True)
    return result


def minf(first: Value, *others: Value) -> float:
    """Return the smallest argument; NaN wins over all but minus infinity."""
    result = cast_float(first)
    for other in others:
        result = _choose(result, cast_float(other), upper=False)
    return result
