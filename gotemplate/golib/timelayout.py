"""Go's time layouts: the reference time ``Mon Jan 2 15:04:05 MST 2006`` as a time shall be written or read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import takewhile
from typing import Final, NamedTuple, Protocol

from gotemplate.golib import calendar
from gotemplate.golib.duration import quote

_ELEMENT: Final = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|__2|_2(?!006)|2|3|4|5|PM|pm"
    r"|[-Z]07:00:00|[-Z]07:00|[-Z]070000|[-Z]0700|[-Z]07|[.,](?:0+|9+)(?![0-9])",
    re.ASCII,
)


@lru_cache(maxsize=256)
def elements(layout: str) -> tuple[tuple[str, str], ...]:
    """Split a layout into pairs of literal text and the element after it; the last element is empty."""
    found, at = [], 0
    for match in _ELEMENT.finditer(layout):
        found.append((layout[at : match.start()], match.group()))
        at = match.end()
    return (*found, (layout[at:], ""))


class Clock(NamedTuple):
    """A moment as the clocks of its zone show it; ``days`` since 1970-01-01."""

    days: int
    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nsec: int
    zone: str
    offset: int


def clock_of(unix: int, nsec: int, zone: str, offset: int) -> Clock:
    """Return what clocks ``offset`` seconds east of UTC show at a Unix time."""
    days, second = divmod(unix + offset, 86400)
    return Clock(days, *calendar.date_of(days), second // 3600, second // 60 % 60, second % 60, nsec, zone, offset)


def format_clock(clock: Clock, layout: str) -> str:
    """Write a moment by a layout."""
    return "".join(literal + _written(clock, element) for literal, element in elements(layout))


def _written(clock: Clock, element: str) -> str:
    writer = _WRITERS.get(element)
    if writer is not None:
        return writer(clock)
    if not element:
        return ""
    if element[0] in ".,":
        return _fraction(clock.nsec, element)
    return _offset(clock.offset, element)


def _year(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def _zone(clock: Clock) -> str:
    if clock.zone:
        return clock.zone
    minutes = abs(clock.offset) // 60
    return f"{'-' if int(clock.offset / 60) < 0 else '+'}{minutes // 60:02d}{minutes % 60:02d}"


_WRITERS: Final[dict[str, Callable[[Clock], str]]] = {
    "2006": lambda clock: _year(clock.year),
    "06": lambda clock: f"{abs(clock.year) % 100:02d}",
    "January": lambda clock: calendar.MONTHS[clock.month - 1],
    "Jan": lambda clock: calendar.MONTHS[clock.month - 1][:3],
    "1": lambda clock: str(clock.month),
    "01": lambda clock: f"{clock.month:02d}",
    "Monday": lambda clock: calendar.WEEKDAYS[calendar.weekday(clock.days)],
    "Mon": lambda clock: calendar.WEEKDAYS[calendar.weekday(clock.days)][:3],
    "2": lambda clock: str(clock.day),
    "_2": lambda clock: f"{clock.day:2d}",
    "02": lambda clock: f"{clock.day:02d}",
    "__2": lambda clock: f"{calendar.year_day(clock.days):3d}",
    "002": lambda clock: f"{calendar.year_day(clock.days):03d}",
    "15": lambda clock: f"{clock.hour:02d}",
    "3": lambda clock: str(clock.hour % 12 or 12),
    "03": lambda clock: f"{clock.hour % 12 or 12:02d}",
    "4": lambda clock: str(clock.minute),
    "04": lambda clock: f"{clock.minute:02d}",
    "5": lambda clock: str(clock.second),
    "05": lambda clock: f"{clock.second:02d}",
    "PM": lambda clock: "PM" if clock.hour >= 12 else "AM",
    "pm": lambda clock: "pm" if clock.hour >= 12 else "am",
    "MST": _zone,
}


def _fraction(nsec: int, element: str) -> str:
    digits = f"{nsec:09d}"[: len(element) - 1]
    if element[1] == "9":
        digits = digits.rstrip("0")
    return element[0] + digits if digits else ""


def _offset(offset: int, element: str) -> str:
    if element[0] == "Z" and offset == 0:
        return "Z"
    minutes = abs(offset) // 60
    parts = [f"{minutes // 60:02d}", f"{minutes % 60:02d}", f"{abs(offset) % 60:02d}"]
    shown = {3: 1, 5: 2, 6: 2, 7: 3, 9: 3}[len(element)]
    # The sign is taken from the whole minutes: half a minute west is written as if it were east.
    sign = "-" if int(offset / 60) < 0 else "+"
    return sign + (":" if ":" in element else "").join(parts[:shown])


class ParseError(ValueError):
    """A time that does not fit its layout; the message is Go's ParseError."""

    def __init__(self, layout: str, value: str, layout_element: str, value_element: str, message: str = "") -> None:
        if message:
            super().__init__(f"parsing time {quote(value)}{message}")
        else:
            what = f"cannot parse {quote(value_element)} as {quote(layout_element)}"
            super().__init__(f"parsing time {quote(value)} as {quote(layout)}: {what}")


class _Mismatch(Exception):  # noqa: N818 - a signal inside this module, not an error of its own
    """The value does not continue as the element demands."""


class _OutOfRange(Exception):  # noqa: N818 - as above
    """A number of the value is too large; the argument names what it is, after it the rest of the value."""


class Zone(Protocol):
    """What reading a time needs to know of a location."""

    def lookup(self, unix: int) -> tuple[str, int, bool]:
        """Return abbreviation, offset and summer time at a Unix time."""


class Reading:
    """What has been read of a value so far."""

    def __init__(self, value: str) -> None:
        self.rest = value
        self.year = 0
        self.month = -1
        self.day = -1
        self.year_day = -1
        self.hour = 0
        self.minute = 0
        self.second = 0
        self.nsec = 0
        self.half: str | None = None
        self.utc = False
        self.offset: int | None = None
        self.zone = ""

    def skip(self, literal: str) -> None:
        """Consume literal text; a run of spaces stands for any run of spaces."""
        while literal:
            if literal[0] == " ":
                if self.rest and self.rest[0] != " ":
                    raise _Mismatch
                literal, self.rest = literal.lstrip(" "), self.rest.lstrip(" ")
            elif self.rest[:1] == literal[0]:
                literal, self.rest = literal[1:], self.rest[1:]
            else:
                raise _Mismatch

    def take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Consume what a pattern matches at the front."""
        match = pattern.match(self.rest)
        if match is None:
            raise _Mismatch
        self.rest = self.rest[match.end() :]
        return match

    def number(self, pattern: re.Pattern[str], limit: int, what: str, least: int = 0) -> int:
        """Consume a number; outside its range it is reported by name."""
        number = int(self.take(pattern).group())
        if not least <= number <= limit:
            raise _OutOfRange(what)
        return number


_LOOSE: Final = re.compile(r"[0-9]{1,2}", re.ASCII)
_FIXED: Final = re.compile(r"[0-9]{2}", re.ASCII)
_FOUR: Final = re.compile(r"[0-9]{4}", re.ASCII)
_THREE: Final = re.compile(r"[0-9]{3}", re.ASCII)
_UP_TO_THREE: Final = re.compile(r"[0-9]{1,3}", re.ASCII)
_ANY_FRACTION: Final = re.compile(r"[.,][0-9]+", re.ASCII)
_EXACT_FRACTION: Final = re.compile(r"[.,][+-]?[0-9]+", re.ASCII)
_TWO_YEAR: Final = re.compile(r"[0-9]{2}|[+-][0-9]", re.ASCII)
_ZONE_NAME: Final = re.compile(
    r"ChST|MeST|GMT(?:[+-](?:0*2[0-3]|0*1[0-9]|0*[0-9])(?![0-9]))?|[+-](?:0*2[0-3]|0*1[0-9]|0*[0-9])(?![0-9])"
    r"|[A-Z]{4}T(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])|[A-Z]{3}(?![A-Z])",
    re.ASCII,
)
_OFFSETS: Final = {
    "07:00:00": re.compile(r"(.)(..):(..):(..)", re.DOTALL),
    "07:00": re.compile(r"(.)(..):(..)", re.DOTALL),
    "070000": re.compile(r"(.)(..)(..)(..)", re.DOTALL),
    "0700": re.compile(r"(.)(..)(..)", re.DOTALL),
    "07": re.compile(r"(.)(..)", re.DOTALL),
}


def _read_name(reading: Reading, names: tuple[str, ...], length: int | None) -> int:
    for index, name in enumerate(names):
        wanted = name[:length]
        if reading.rest[: len(wanted)].lower() == wanted.lower() and reading.rest[: len(wanted)].isascii():
            reading.rest = reading.rest[len(wanted) :]
            return index
    raise _Mismatch


def _read_short_year(reading: Reading, _: str) -> None:
    year = int(reading.take(_TWO_YEAR).group())
    reading.year = year + (1900 if year >= 69 else 2000)


def _read_year(reading: Reading, _: str) -> None:
    reading.year = int(reading.take(_FOUR).group())


def _read_month_name(reading: Reading, element: str) -> None:
    reading.month = _read_name(reading, calendar.MONTHS, 3 if element == "Jan" else None) + 1


def _read_weekday(reading: Reading, element: str) -> None:
    _read_name(reading, calendar.WEEKDAYS, 3 if element == "Mon" else None)


def _read_month(reading: Reading, element: str) -> None:
    reading.month = reading.number(_FIXED if element == "01" else _LOOSE, 12, "month", 1)


def _read_day(reading: Reading, element: str) -> None:
    if element == "_2":
        reading.rest = reading.rest.removeprefix(" ")
    reading.day = int(reading.take(_FIXED if element == "02" else _LOOSE).group())


def _read_year_day(reading: Reading, element: str) -> None:
    if element == "__2":
        reading.rest = reading.rest.removeprefix(" ").removeprefix(" ")
    reading.year_day = int(reading.take(_THREE if element == "002" else _UP_TO_THREE).group())


def _read_hour(reading: Reading, element: str) -> None:
    reading.hour = reading.number(_FIXED if element == "03" else _LOOSE, 23 if element == "15" else 12, "hour")


def _read_minute(reading: Reading, element: str) -> None:
    reading.minute = reading.number(_FIXED if element == "04" else _LOOSE, 59, "minute")


def _read_second(reading: Reading, element: str) -> None:
    reading.second = reading.number(_FIXED if element == "05" else _LOOSE, 59, "second")


def _read_half(reading: Reading, element: str) -> None:
    half = reading.rest[:2]
    if half not in (("PM", "AM") if element == "PM" else ("pm", "am")):
        raise _Mismatch
    reading.half, reading.rest = half.lower(), reading.rest[2:]


def _read_zone(reading: Reading, _: str) -> None:
    if reading.rest.startswith("UTC"):
        reading.utc, reading.rest = True, reading.rest[3:]
    elif len(reading.rest) < 3:
        raise _Mismatch
    else:
        reading.zone = reading.take(_ZONE_NAME).group()


def _read_offset(reading: Reading, element: str) -> None:
    if element[0] == "Z" and reading.rest.startswith("Z"):
        reading.utc, reading.rest = True, reading.rest[1:]
        return
    sign, *numbers = reading.take(_OFFSETS[element[1:]]).groups()
    good = all(_FIXED.fullmatch(number) for number in numbers)
    read = takewhile(_FIXED.fullmatch, numbers)
    hours, minutes, seconds = [*map(int, read), 0, 0, 0][:3]
    for amount, limit, what in ((seconds, 60, "second"), (minutes, 60, "minute"), (hours, 24, "hour")):
        if amount > limit:
            raise _OutOfRange(f"time zone offset {what}")
    if sign not in "+-" or not good:
        raise _Mismatch
    reading.offset = (hours * 60 + minutes) * 60 + seconds
    if sign == "-":
        reading.offset = -reading.offset


def _read_fraction(reading: Reading, element: str) -> None:
    if element[1] == "9":
        if _ANY_FRACTION.match(reading.rest):
            _take_fraction(reading)
        return
    taken = reading.rest[: len(element)]
    if len(taken) < len(element) or not _EXACT_FRACTION.fullmatch(taken[:10]):  # Go looks at nine digits only
        raise _Mismatch
    reading.rest = reading.rest[len(element) :]
    number = int(taken[1:10])
    if number < 0:
        raise _OutOfRange("fractional second")
    reading.nsec = number * 10 ** (9 - len(taken[1:10]))


def _take_fraction(reading: Reading) -> None:
    reading.nsec = int(reading.take(_ANY_FRACTION).group()[1:10].ljust(9, "0"))


_READERS: Final[dict[str, Callable[[Reading, str], None]]] = {
    "2006": _read_year, "06": _read_short_year,
    "January": _read_month_name, "Jan": _read_month_name, "1": _read_month, "01": _read_month,
    "Monday": _read_weekday, "Mon": _read_weekday,
    "2": _read_day, "_2": _read_day, "02": _read_day, "__2": _read_year_day, "002": _read_year_day,
    "15": _read_hour, "3": _read_hour, "03": _read_hour,
    "4": _read_minute, "04": _read_minute, "5": _read_second, "05": _read_second,
    "PM": _read_half, "pm": _read_half, "MST": _read_zone,
}  # fmt: skip


def read(layout: str, value: str) -> Reading:
    """Read a value by a layout; the date is checked and complete afterwards. Raises ParseError."""
    reading = Reading(value)
    parts = elements(layout)
    for at, (literal, element) in enumerate(parts):
        _read_part(reading, (layout, value), literal, element)
        if element in ("5", "05") and _ANY_FRACTION.match(reading.rest) and parts[at + 1][1][:1] not in (".", ","):
            _take_fraction(reading)  # a fraction that the layout does not mention is read all the same
    if reading.half == "pm" and reading.hour < 12:
        reading.hour += 12
    elif reading.half == "am" and reading.hour == 12:
        reading.hour = 0
    _settle_date(reading, layout, value)
    return reading


def _read_part(reading: Reading, whole: tuple[str, str], literal: str, element: str) -> None:
    try:
        reading.skip(literal)
    except _Mismatch:
        raise ParseError(*whole, literal, reading.rest) from None
    if not element:
        if reading.rest:
            raise ParseError(*whole, "", reading.rest, f": extra text: {quote(reading.rest)}")
        return
    held = reading.rest
    try:
        _READERS.get(element, _read_fraction if element[0] in ".," else _read_offset)(reading, element)
    except _Mismatch:
        raise ParseError(*whole, element, held) from None
    except _OutOfRange as error:
        raise ParseError(*whole, element, reading.rest, f": {error} out of range") from None


def _settle_date(reading: Reading, layout: str, value: str) -> None:
    if reading.year_day >= 0:
        _settle_year_day(reading, layout, value)
    reading.month = max(reading.month, 1)
    if reading.day < 0:
        reading.day = 1
    if not 1 <= reading.day <= calendar.days_in_month(reading.year, reading.month):
        raise ParseError(layout, value, "", reading.rest, ": day out of range")


def _settle_year_day(reading: Reading, layout: str, value: str) -> None:
    # The 29th of February of a year without one is refused, 366 in such a year as well.
    if not 1 <= reading.year_day <= 365 + calendar.is_leap(reading.year):
        raise ParseError(layout, value, "", reading.rest, ": day-of-year out of range")
    _, month, day = calendar.date_of(calendar.days_of(reading.year, 1, reading.year_day))
    if reading.month >= 0 and reading.month != month:
        raise ParseError(layout, value, "", reading.rest, ": day-of-year does not match month")
    if reading.day >= 0 and reading.day != day:
        raise ParseError(layout, value, "", reading.rest, ": day-of-year does not match day")
    reading.month, reading.day = month, day
