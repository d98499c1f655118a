"""Go's time.Duration: a count of nanoseconds that writes itself as ``1h2m3.5s``."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from gotemplate import values
from gotemplate.golib import utf8
from gotemplate.values import FLOAT64, INT64, STRING, Method

NANOSECOND: Final = 1
MICROSECOND: Final = 1000
MILLISECOND: Final = 1000 * MICROSECOND
SECOND: Final = 1000 * MILLISECOND
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
MAX: Final = (1 << 63) - 1
MIN: Final = -(1 << 63)
_UINT64: Final = (1 << 64) - 1

_UNITS: Final = {
    "ns": NANOSECOND, "us": MICROSECOND, "µs": MICROSECOND, "μs": MICROSECOND, "ms": MILLISECOND,
    "s": SECOND, "m": MINUTE, "h": HOUR,
}  # fmt: skip
_PART: Final = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^.0-9]*)", re.ASCII)


def quote(text: str) -> str:
    """Return a string quoted as package time does: bytes outside printable ASCII as ``\\xNN``."""
    found = ""
    for char in utf8.canonical(text):
        if " " <= char < "\x80":
            found += "\\" + char if char in '"\\' else char
        else:
            found += "".join(f"\\x{byte:02x}" for byte in utf8.to_bytes(char))
    return f'"{found}"'


def duration_string(nanoseconds: int) -> str:
    """Return the text of a duration: ``72h3m0.5s``, ``1.5µs``, ``0s``."""
    rest = abs(nanoseconds)
    sign = "-" if nanoseconds < 0 else ""
    if rest == 0:
        return "0s"
    for limit, unit, size in ((MICROSECOND, "ns", 1), (MILLISECOND, "µs", MICROSECOND), (SECOND, "ms", MILLISECOND)):
        if rest < limit:
            return f"{sign}{_decimal(rest, size)}{unit}"
    minutes, seconds = divmod(rest, MINUTE)
    text = f"{_decimal(seconds, SECOND)}s"
    if minutes:
        hours, minutes = divmod(minutes, 60)
        text = f"{hours}h{minutes}m{text}" if hours else f"{minutes}m{text}"
    return sign + text


def _decimal(amount: int, size: int) -> str:
    whole, fraction = divmod(amount, size)
    if not fraction:
        return str(whole)
    return f"{whole}.{str(fraction).rjust(len(str(size)) - 1, '0').rstrip('0')}"


def parse_duration(text: str) -> int:
    """Read a duration such as ``300ms``, ``-1.5h`` or ``2h45m``; returns a Duration. ValueError carries Go's text."""
    if text in ("0", "+0", "-0"):
        return Duration(0)
    negative = text.startswith("-")
    total, at = 0, 1 if text[:1] in ("+", "-") else 0
    if at == len(text):
        raise ValueError(f"time: invalid duration {quote(text)}")
    while at < len(text):
        part = _PART.match(text, at)
        amount = _amount(text, part) if part else 0
        total = (total + amount) & _UINT64  # Go's sum wraps around before it is checked
        at = part.end() if part else len(text)
        if total > 1 << 63:
            raise ValueError(f"time: invalid duration {quote(text)}")
    if total > MAX and not negative:
        raise ValueError(f"time: invalid duration {quote(text)}")
    return Duration(-total if negative else total)


def _amount(text: str, part: re.Match[str]) -> int:
    whole, fraction, unit = part.groups()
    number = int(whole or 0) if len(whole) < 5000 else 1 << 64
    if (not whole and not fraction) or number > 1 << 63:
        raise ValueError(f"time: invalid duration {quote(text)}")
    if not unit:
        raise ValueError(f"time: missing unit in duration {quote(text)}")
    size = _UNITS.get(unit)
    if size is None:
        raise ValueError(f"time: unknown unit {quote(unit)} in duration {quote(text)}")
    if number > (1 << 63) // size:
        raise ValueError(f"time: invalid duration {quote(text)}")
    kept, scale = _fraction(fraction or "")
    return number * size + (int(kept * (size / scale)) if kept else 0)


def _fraction(digits: str) -> tuple[int, float]:
    """Return the digits as a number and its scale; digits that do not fit 63 bits are dropped, as in Go."""
    number, scale = 0, 1.0
    for digit in digits:
        longer = number * 10 + int(digit)
        if number > MAX // 10 or longer > 1 << 63:
            break
        number, scale = longer, scale * 10
    return number, scale


def truncate(duration: int, unit: int) -> int:
    """Return a duration rounded toward zero to a multiple of a unit; a unit of zero or less changes nothing."""
    if unit <= 0:
        return Duration(duration)
    return Duration(duration - abs(duration) % unit * (-1 if duration < 0 else 1))


def round_half_away(duration: int, unit: int) -> int:
    """Return a duration rounded to the nearest multiple of a unit, half-way away from zero, within int64."""
    if unit <= 0:
        return Duration(duration)
    rest = abs(duration) % unit
    size = abs(duration) - rest if 2 * rest < unit else abs(duration) - rest + unit
    return Duration(max(min(-size if duration < 0 else size, MAX), MIN))


def _whole_and_part(size: int, nanoseconds: int) -> float:
    whole = abs(nanoseconds) // size
    rest = abs(nanoseconds) % size
    found = float(whole) + rest / float(size)
    return -found if nanoseconds < 0 else found


def _count(size: int, nanoseconds: int) -> int:
    count = abs(nanoseconds) // size
    return int(values.make(INT64, -count if nanoseconds < 0 else count))


DURATION: Final = values.named("time.Duration", INT64)
Duration: Final[type[int]] = values.class_of(DURATION)
DURATION.methods = {
    method.name: method
    for method in (
        Method("Abs", lambda d: Duration(min(abs(d), MAX)), (), (DURATION,)),
        Method("Hours", partial(_whole_and_part, HOUR), (), (FLOAT64,)),
        Method("Microseconds", partial(_count, MICROSECOND), (), (INT64,)),
        Method("Milliseconds", partial(_count, MILLISECOND), (), (INT64,)),
        Method("Minutes", partial(_whole_and_part, MINUTE), (), (FLOAT64,)),
        Method("Nanoseconds", partial(_count, NANOSECOND), (), (INT64,)),
        Method("Round", round_half_away, (DURATION,), (DURATION,)),
        Method("Seconds", partial(_whole_and_part, SECOND), (), (FLOAT64,)),
        Method("String", duration_string, (), (STRING,)),
        Method("Truncate", truncate, (DURATION,), (DURATION,)),
    )
}
