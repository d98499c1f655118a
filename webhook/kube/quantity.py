"""Kubernetes quantities (``500m``, ``1Gi``, ``12e6``): parse, canonical text, integer values, comparison.

The rules are those of apimachinery's resource.Quantity, the same in every release since 1.9: a quantity keeps its
suffix family, amounts finer than nano are rounded up, binary ones above 2^63-1 are cut, and the canonical text has the
largest suffix that leaves an integer. Text that is *nearly* canonical is kept as it was written; ``_keeps_text`` says
when.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from webhook.kube.short_texts import kept_for_short

Format = Literal["DecimalSI", "BinarySI", "DecimalExponent"]

FORMAT_WRONG: Final = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"  # Go's ErrFormatWrong
)
SUFFIX_WRONG: Final = "unable to parse quantity's suffix"
_SHAPE: Final = re.compile(r"([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)", re.ASCII)
_ZEROS: Final = re.compile(r"[+-]?0*", re.ASCII)
_EXPONENT: Final = re.compile(r"[eE]([+-]?[0-9]+)", re.ASCII)
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY: Final = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL_SUFFIX: Final = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_BINARY_SUFFIX: Final = {exponent: suffix for suffix, exponent in _BINARY.items()} | {0: ""}
_NANO: Final = -9
_BIGGEST_SCALE: Final = 4096
"""Amounts beyond 10**4096 are not written out in digits.

Their low 64 bits are 0, and so is all that Go can say of them.
"""
_MAX_INT64: Final = (1 << 63) - 1
_LONGEST: Final = 4096
"""Characters of a quantity. Go knows no limit, and needs 14 s to print a 1 and 300,000 zeros; Python ends at 4,300 digits."""


class QuantityError(ValueError):
    """A text is no quantity; ``str(e)`` is Go's message."""


class Quantity(NamedTuple):
    """An amount ``unscaled * 10**exponent`` in a suffix family.

    ``small`` says that Go holds it as an int64 with a scale (else as a big decimal), which decides how values round and
    overflow. ``text`` is what String() and JSON print; ``kept`` says that
    Go keeps it beside the amount, as it was read.
    """

    unscaled: int
    exponent: int
    format: Format
    small: bool
    text: str
    kept: bool = False

    def __str__(self) -> str:
        return self.text

    def is_zero(self) -> bool:
        """Tell whether the amount is zero."""
        return self.unscaled == 0

    def sign(self) -> int:
        """Return -1, 0 or 1."""
        return (self.unscaled > 0) - (self.unscaled < 0)

    def value(self) -> int:
        """Return the amount as an int64, rounded away from zero."""
        return self.scaled_value(0)

    def milli_value(self) -> int:
        """Return the amount in thousandths as an int64, rounded away from zero."""
        return self.scaled_value(-3)

    def scaled_value(self, scale: int) -> int:
        """Return the amount divided by ``10**scale`` as an int64.

        Out of range the result is 0 or wraps around, as Go's ScaledValue does.
        """
        shift = self.exponent - scale
        if not self.small:
            return _scaled_big(self.unscaled, shift)
        if shift < 0:
            return round_up(self.unscaled, -shift)
        return _scale_up(self.unscaled, shift)[0]

    def as_int64(self) -> tuple[int, bool]:
        """Return the amount and true when Go holds it as an int64 and it has no fraction, else 0 and false."""
        if not self.small or self.exponent < 0:
            return 0, False
        return _scale_up(self.unscaled, self.exponent)

    def compare(self, other: Quantity) -> int:
        """Return -1, 0 or 1 as the amount is less than, equal to or more than the other."""
        if self.sign() != other.sign() or self.is_zero():
            return (self.sign() > other.sign()) - (self.sign() < other.sign())
        size, other_size = (len(str(abs(q.unscaled))) + q.exponent for q in (self, other))
        if size != other_size:
            return self.sign() if size > other_size else -self.sign()
        low = min(self.exponent, other.exponent)
        mine: int = self.unscaled * 10 ** (self.exponent - low)
        theirs: int = other.unscaled * 10 ** (other.exponent - low)
        return (mine > theirs) - (mine < theirs)


ZERO: Final = Quantity(0, 0, "DecimalSI", True, "0")
_WRITTEN_ZERO: Final = Quantity(0, 0, "DecimalSI", True, "0", kept=True)


def round_up(amount: int, digits: int) -> int:
    """Divide by ``10**digits``, rounding away from zero."""
    if digits > len(str(amount)):
        return (amount > 0) - (amount < 0)
    divisor: int = 10**digits
    quotient = -(-abs(amount) // divisor)
    return quotient if amount >= 0 else -quotient


def _scale_up(amount: int, digits: int) -> tuple[int, bool]:
    """Multiply an int64 by ``10**digits``.

    False when it overflows: wrapped around for thousands and single steps, else 0.
    """
    if digits > 18 or amount == -_MAX_INT64 - 1:
        return (amount if digits == 0 or amount == 0 else 0), digits == 0 or amount == 0
    product = amount * 10**digits
    if -_MAX_INT64 - 1 <= product <= _MAX_INT64:
        return product, True
    return _wrap_int64(product) if digits in (1, 2, 3, 6, 9) else 0, False


def _wrap_int64(amount: int) -> int:
    amount &= (1 << 64) - 1
    return amount - (1 << 64) if amount >> 63 else amount


def _scaled_big(unscaled: int, shift: int) -> int:
    """Divide a big decimal as Go does.

    Up to the ceiling by floor division and one, except that int64 amounts truncate toward zero first.
    """
    if shift >= 0:
        factor = 10**shift if shift <= 18 else -_MAX_INT64 - 1
        return _wrap_int64(_wrap_int64(unscaled) * factor)
    divisor: int = 10**-shift
    if unscaled < _MAX_INT64 and -shift < 19:
        quotient, rest = divmod(abs(_wrap_int64(unscaled)), divisor)
        quotient = quotient if _wrap_int64(unscaled) >= 0 else -quotient
    else:
        quotient, rest = divmod(unscaled, divisor)
    return _wrap_int64(quotient + (rest > 0))


def _interpret(suffix: str) -> tuple[int, int, Format]:
    """Return base, exponent and suffix family of a suffix."""
    if suffix in _DECIMAL:
        return 10, _DECIMAL[suffix], "DecimalSI"
    if suffix in _BINARY:
        return 2, _BINARY[suffix], "BinarySI"
    match = _EXPONENT.fullmatch(suffix)
    if match is None or abs(int(match[1])) > _MAX_INT64:
        raise QuantityError(SUFFIX_WRONG)
    exponent = int(match[1]) & 0xFFFFFFFF
    return 10, exponent - (1 << 32) if exponent >> 31 else exponent, "DecimalExponent"


def _keeps_text(number: int, digits: str, scale: int, base: int, exponent: int) -> bool:
    """Tell whether Go keeps the text it was given.

    A test that is cheaper than exact: ``1.001``, ``+5`` and ``1E3`` stay.
    """
    if base == 2:
        return exponent % 10 == 0 and number & 7 != 0
    return scale % 3 == 0 and not digits.endswith("000") and not digits.startswith("0")


def _parse_small(text: str, sign: str, whole: str, fraction: str, suffix: tuple[int, int, Format]) -> Quantity | None:
    """Parse into an int64 with a scale; None when the digits or the scale are not surely within range."""
    base, exponent, family = suffix
    scale, factor = exponent - len(fraction), 1
    precision = 18 - len(whole) - len(fraction)
    if base == 2:
        scale, factor = 0, 1 << exponent
        precision = -1 if fraction else 14 - len(whole) - exponent * 3 // 10
    if precision < 0 or scale < _NANO:
        return None
    digits = whole + fraction
    number = int(digits)
    amount = number * factor if sign != "-" else -number * factor
    kept = _keeps_text(number, digits, scale, base, exponent)
    return Quantity(amount, scale, family, True, text if kept else _canonical(amount, scale, family), kept)


def _parse_big(sign: str, whole: str, fraction: str, suffix: tuple[int, int, Format]) -> Quantity:
    """Parse into a big decimal: round up to nano, cut binary amounts at 2^63-1, turn small binary ones into decimal."""
    base, exponent, family = suffix
    amount, scale = int(whole + fraction), -len(fraction)
    if base == 10:
        scale += exponent
    else:
        amount <<= exponent
    if amount and scale < _NANO:
        amount, scale = round_up(amount, _NANO - scale), _NANO
    elif amount and scale < _BIGGEST_SCALE:
        amount, scale = amount * 10 ** (scale - _NANO), _NANO
    if family == "BinarySI":
        unit = 10**-scale
        if amount > _MAX_INT64 * unit:
            amount, scale = _MAX_INT64, 0
        elif 0 < amount < unit:
            family = "DecimalSI"
    amount = -amount if sign == "-" else amount
    return Quantity(amount, scale, family, False, _canonical(amount, scale, family))


def _strip_factors(amount: int, factor: int) -> tuple[int, int]:
    times = 0
    while amount and amount % factor == 0:
        amount //= factor
        times += 1
    return amount, times


def _canonical(amount: int, scale: int, family: Format) -> str:
    """Return the canonical text; a decimal amount of 1e21 and more loses its suffix, as in Go."""
    if amount == 0:
        return "0"
    if family == "BinarySI":
        unit = 10 ** max(-scale, 0)
        if not -1024 * unit < amount < 1024 * unit and amount % unit == 0:
            number, times = _strip_factors(amount // unit * 10 ** max(scale, 0), 1024)
            return f"{number}{_BINARY_SUFFIX.get(times * 10, '')}"
        family = "DecimalSI"
    number, times = _strip_factors(amount, 10)
    exponent = scale + times
    number *= 10 ** (exponent % 3)
    exponent -= exponent % 3
    if family == "DecimalExponent":
        return f"{number}e{exponent}" if exponent else str(number)
    return f"{number}{_DECIMAL_SUFFIX.get(exponent, '')}"


@kept_for_short(count=4096, longest=64)
def parse_quantity(text: str) -> Quantity:
    """Parse a quantity as resource.ParseQuantity does; QuantityError (with Go's text) when it is none."""
    if len(text) > _LONGEST:
        raise QuantityError(f"a quantity of {len(text)} characters is longer than {_LONGEST}")
    if not text:
        raise QuantityError(FORMAT_WRONG)
    if text == "0":
        return _WRITTEN_ZERO
    if _ZEROS.fullmatch(text):
        return ZERO
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise QuantityError(FORMAT_WRONG)
    sign, whole, fraction, letters = match.groups(default="")
    whole = whole or "0"
    suffix = _interpret(letters)
    return _parse_small(text, sign, whole, fraction, suffix) or _parse_big(sign, whole, fraction, suffix)


def canonical_quantity(text: str) -> str:
    """Return the text that Go prints for a quantity it read from this one; QuantityError when it is none."""
    return parse_quantity(text).text
