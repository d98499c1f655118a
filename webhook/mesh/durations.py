"""Go's time.Duration as text, both ways, with the error texts of its parser."""

from __future__ import annotations

import re
from typing import Final

UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60 * 1_000_000_000,
    "h": 3600 * 1_000_000_000,
}
_LONGEST: Final = 2**63 - 1
_PART = re.compile(r"([0-9]*)(\.?)([0-9]*)([^0-9.]*)")


def _quote(text: str) -> str:
    out = []
    for char in text:
        if char in '"\\':
            out.append("\\" + char)
        elif " " <= char < "\x7f":
            out.append(char)
        else:
            out.extend(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
    return '"' + "".join(out) + '"'


def parse_duration(text: str, *, quoted: bool = True) -> int:
    """Return the nanoseconds of a Go duration such as ``1h1m0.25s``.

    ``quoted`` is false for the error texts before Go 1.15. Raises ValueError with the text of Go's time.ParseDuration.
    """

    def shown(part: str) -> str:
        return _quote(part) if quoted else part

    negative, rest = text.startswith("-"), text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return 0
    total = 0
    if not rest:
        raise ValueError(f"time: invalid duration {shown(text)}")
    while rest:
        match = _PART.match(rest)
        whole, dot, fraction, unit = match.groups() if match else ("", "", "", "")
        if not (whole or fraction) or int(whole or 0) > _LONGEST + 1:
            raise ValueError(f"time: invalid duration {shown(text)}")
        if not unit:
            raise ValueError(f"time: missing unit in duration {shown(text)}")
        if unit not in UNITS:
            raise ValueError(f"time: unknown unit {shown(unit)} in duration {shown(text)}")
        total += int(whole or 0) * UNITS[unit]
        if dot and fraction:
            total += int(int(fraction) * (UNITS[unit] / 10 ** len(fraction)))
        rest = rest[match.end() :] if match else ""
        if total > _LONGEST + negative:
            raise ValueError(f"time: invalid duration {shown(text)}")
    return -total if negative else total


def _decimal(value: int, digits: int) -> str:
    whole, part = divmod(value, 10**digits)
    fraction = str(part).rjust(digits, "0").rstrip("0")
    return f"{whole}.{fraction}" if fraction else str(whole)


def duration_string(nanoseconds: int) -> str:
    """Return what Go's time.Duration.String() gives: ``42s``, ``1m0s``, ``1.5s``, ``0s``."""
    sign, value = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if value == 0:
        return "0s"
    if value < 1_000:
        return f"{sign}{value}ns"
    if value < 1_000_000:
        return f"{sign}{_decimal(value, 3)}\u00b5s"
    if value < UNITS["s"]:
        return f"{sign}{_decimal(value, 6)}ms"
    minutes, rest = divmod(value, UNITS["m"])
    seconds = _decimal(rest, 9) + "s"
    if not minutes:
        return sign + seconds
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}h{minutes}m{seconds}" if hours else f"{sign}{minutes}m{seconds}"
