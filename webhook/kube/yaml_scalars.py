"""What an unquoted YAML scalar means to yaml.v2.

YAML 1.1 with yaml.v2's own choices: ``y`` and ``on`` are booleans, ``1:30`` and dates are strings, ``010`` is octal,
``08`` a float. Pure functions of the text and the dialect; :class:`Resolver` remembers what it has seen.
"""

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Final

from gotemplate.golib.floats import format_float
from webhook.kube.short_texts import kept_for_short
from webhook.kube.yaml_dialects import Dialect

Scalar = str | int | float | bool | None

INT64_MIN: Final = -(1 << 63)
INT64_MAX: Final = (1 << 63) - 1
UINT64_MAX: Final = (1 << 64) - 1

CONSTANTS: Final[dict[str, bool | float | None]] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
"""Words with a meaning of their own: the table of yaml.v2's resolver."""

_NUMBER_START: Final = frozenset("+-.0123456789")
_OLD_INTEGER: Final = r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0(?P<octal>[0-7]+)|(?P<decimal>0|[1-9][0-9]*)"
_INTEGERS: Final = {
    False: _OLD_INTEGER + ")",
    True: _OLD_INTEGER + r"|0[oO](?P<new_octal>[0-7]+)|0[bB](?P<binary>[01]+))",
}
_BASES: Final = {"hex": 16, "octal": 8, "decimal": 10, "new_octal": 8, "binary": 2}
_BINARY: Final = r"0b(?P<digits>[-+]?[01]+)"
_MINUS_BINARY: Final = {
    True: r"-0b(?P<digits>[01]+)",
    False: r"-0b(?P<digits>[-+]?[01]+)",
}
_FLOATS: Final = {
    True: r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?",
    False: r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+][0-9]+)?",
}
_FRACTIONS: Final = {
    True: r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?",
    False: r"\.[0-9]+(?:[eE][-+]?[0-9]+)?",
}
_BASE_60: Final = r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
_TIMESTAMP: Final = (
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?:[Tt]|(?P<blank> +))(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2}):(?P<second>[0-9]{1,2})"
    r"(?P<fraction>[.,][0-9]+)?(?P<zone>Z|[-+](?P<zone_hour>[0-9]{2}):(?P<zone_minute>[0-9]{2}))?)?"
)
_compiled: Final = cache(re.compile)
"""Compiles a pattern when a text comes that it may be for: most of them are hardly ever needed."""

_MAX_DIGITS: Final = 64
"""A longer run of digits is no 64-bit integer in any base, and Python would be slow to say so."""

_CACHED_LENGTH: Final = 64
_CACHE_SIZE: Final = 8192


class Resolver:
    """The meaning of scalars in one dialect.

    ``resolve(text)`` is the value of an untagged plain scalar: None, bool, int (-2^63 to 2^64-1), float (may be
    infinite or NaN) or the text itself. ``is_text(text)`` says whether a string may be written without quotes and
    still be read as that string; it also refuses base-60 numbers and, from yaml.v2 2.1, timestamps, which this library
    itself reads as strings.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        keep = kept_for_short(count=_CACHE_SIZE, longest=_CACHED_LENGTH)
        self.resolve: Callable[[str], Scalar] = keep(self._resolve)

    def is_text(self, text: str) -> bool:
        """Whether plain text is read back as the same string, by this library and by those that know base 60."""
        if text[:1] in _NUMBER_START and (
            (":" in text and _compiled(_BASE_60).fullmatch(text)) or self._is_timestamp(text)
        ):
            return False
        return isinstance(self._resolve(text), str)

    def _is_timestamp(self, text: str) -> bool:
        return self.dialect.timestamps and is_timestamp(text, self.dialect.modern_go)

    def _resolve(self, text: str) -> Scalar:
        if text in CONSTANTS:
            return CONSTANTS[text]
        first = text[0]
        if first not in _NUMBER_START:
            return text
        if first == ".":
            return (
                _finite(text.replace("_", ""))
                if _compiled(_FRACTIONS[self.dialect.modern_go]).fullmatch(text)
                else text
            )
        if self._is_timestamp(text):
            return text
        value = self._number(text.replace("_", ""))
        return text if value is None else value

    def _number(self, plain: str) -> Scalar:
        value = self._integer(plain)
        if value is not None:
            return value
        if _compiled(_FLOATS[self.dialect.bare_exponent]).fullmatch(plain):
            number = _finite(plain)
            return None if isinstance(number, str) else number
        return self._binary(plain)

    def _integer(self, plain: str) -> int | None:
        match = _compiled(_INTEGERS[self.dialect.modern_go]).fullmatch(plain)
        if match is None or match.lastgroup is None:
            return None
        digits = match[match.lastgroup].lstrip("0")
        if len(digits) > _MAX_DIGITS:
            return None
        value = int(digits or "0", _BASES[match.lastgroup])
        if match["sign"] == "-":
            value = -value
        limit = INT64_MAX if match["sign"] else UINT64_MAX
        return value if INT64_MIN <= value <= limit else None

    def _binary(self, plain: str) -> int | None:
        """The resolver's own reading of ``0b``, which Go before 1.13 did not know, signs in odd places included."""
        match = _compiled(_BINARY).fullmatch(plain)
        if match is not None:
            return _in_range(match["digits"], INT64_MIN, INT64_MAX if match["digits"][0] in "+-" else UINT64_MAX)
        match = _compiled(_MINUS_BINARY[self.dialect.signed_binary]).fullmatch(plain)
        if match is None:
            return None
        if self.dialect.signed_binary:
            return _in_range("-" + match["digits"], INT64_MIN, INT64_MAX)
        value = _in_range(match["digits"], INT64_MIN, INT64_MAX)
        return None if value is None else -value


def _in_range(digits: str, lowest: int, highest: int) -> int | None:
    """Signed binary digits as an integer, None outside the range."""
    if len(digits.lstrip("-+0")) > _MAX_DIGITS:
        return None
    value = int(digits, 2)
    return value if lowest <= value <= highest else None


@cache
def resolver_for(dialect: Dialect) -> Resolver:
    """The one resolver of a dialect."""
    return Resolver(dialect)


def _finite(text: str) -> float | str:
    """A float, or the text where Go reports that it is out of range."""
    value = float(text)
    return text if math.isinf(value) else value


def is_timestamp(text: str, modern_go: bool = True) -> bool:
    """Whether yaml.v2 reads text as a date or a time (Go's time.Parse with its four layouts)."""
    match = _compiled(_TIMESTAMP).fullmatch(text) if text[4:5] == "-" else None
    if match is None:
        return False
    month, day = int(match["month"]), int(match["day"])
    if not 1 <= month <= 12 or not 1 <= day <= _days(int(match["year"]), month):
        return False
    return match["hour"] is None or _is_clock(match, modern_go)


def _days(year: int, month: int) -> int:
    from calendar import monthrange

    # Python has no year 0; Go has, and it is a leap year.
    return monthrange(year or 4, month)[1]


def _is_clock(match: re.Match[str], modern_go: bool) -> bool:
    if (match["blank"] is None) == (match["zone"] is None):
        return False
    if int(match["hour"]) > 23 or int(match["minute"]) > 59 or int(match["second"]) > 59:
        return False
    if not modern_go:
        fraction = match["fraction"]
        return fraction is None or (fraction[0] == "." and len(fraction) <= 10)
    return match["zone_hour"] is None or (int(match["zone_hour"]) <= 24 and int(match["zone_minute"]) <= 60)


def scalar_to_string(value: Scalar) -> str:
    """The text that a YAML scalar becomes where the target is a Go string.

    The conversion of ghodss/yaml: integers in decimal, floats with 32-bit precision, booleans as words. A string is
    itself; null has no text and gives "".
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else format_float(value, bits=32)
