"""Integer math: every argument is cast to int64, and results wrap around as int64 does.

Sprig's manual page "Integer Math Functions".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gotemplate.errors import FuncError
from gotemplate.sprig.conversion import Int64, cast_float, cast_int
from gotemplate.values import Kind, Value, wrap_int

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host


def _int64(number: int) -> Value:
    return Int64(wrap_int(number, Kind.INT64))


def add(*terms: Value) -> Value:
    """Return the sum."""
    return _int64(sum(map(cast_int, terms)))


def add1(term: Value) -> Value:
    """Return the number after the argument."""
    return _int64(cast_int(term) + 1)


def sub(a: Value, b: Value) -> Value:
    """Return the difference."""
    return _int64(cast_int(a) - cast_int(b))


def mul(a: Value, *factors: Value) -> Value:
    """Return the product."""
    return _int64(math.prod(map(cast_int, factors), start=cast_int(a)))


def _divide(a: Value, b: Value) -> tuple[int, int]:
    dividend, divisor = cast_int(a), cast_int(b)
    if divisor == 0:
        raise FuncError("runtime error: integer divide by zero")
    quotient = abs(dividend) // abs(divisor)
    quotient = -quotient if (dividend < 0) != (divisor < 0) else quotient
    return quotient, dividend - quotient * divisor


def div(a: Value, b: Value) -> Value:
    """Return the quotient, cut towards zero."""
    return _int64(_divide(a, b)[0])


def mod(a: Value, b: Value) -> Value:
    """Return the remainder, which has the sign of the dividend."""
    return _int64(_divide(a, b)[1])


def largest(a: Value, *others: Value) -> Value:
    """Return the largest argument (``max``, ``biggest``)."""
    return Int64(max(map(cast_int, (a, *others))))


def smallest(a: Value, *others: Value) -> Value:
    """Return the smallest argument (``min``)."""
    return Int64(min(map(cast_int, (a, *others))))


def floor(number: Value) -> float:
    """Return the greatest whole float that is not above the number."""
    value = cast_float(number)
    return math.copysign(math.floor(value), value) if math.isfinite(value) else value


def ceil(number: Value) -> float:
    """Return the least whole float that is not below the number; minus zero for what is between -1 and 0."""
    value = cast_float(number)
    return math.copysign(math.ceil(value), value) if math.isfinite(value) else value


def round_half(number: Value, places: int, *turn: float) -> float:
    """Round to a number of decimal places; a rest of ``turn`` (one half) and more goes up (``round``)."""
    power = power_of_ten(places)
    shifted = power * cast_float(number)
    rest = math.modf(shifted)[0]
    up = rest >= (turn[0] if turn else 0.5)
    return _over(ceil(shifted) if up else floor(shifted), power)


def _over(a: float, b: float) -> float:
    if b != 0:
        return a / b
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)


def power_of_ten(exponent: int) -> float:
    """Return Go's math.Pow(10, n): repeated squaring of the mantissa, so that its last bits are Go's and not C's."""
    result, base = 1.0, 0.625
    result_exponent, base_exponent, rest = 0, 4, abs(exponent)
    while rest:
        if not -4096 <= base_exponent <= 4096:
            return math.inf if exponent > 0 else 0.0
        if rest & 1:
            result *= base
            result_exponent += base_exponent
        base *= base
        base_exponent <<= 1
        if base < 0.5:
            base += base
            base_exponent -= 1
        rest >>= 1
    if exponent < 0:
        result, result_exponent = 1 / result, -result_exponent
    try:
        return math.ldexp(result, result_exponent)
    except OverflowError:
        return math.inf


def random_int(host: Host, low: int, high: int) -> int:
    """Return a random integer from ``low`` up to, not including, ``high`` (``randInt``)."""
    if high <= low:
        raise FuncError("invalid argument to Intn")
    return host.random.randrange(low, high)
