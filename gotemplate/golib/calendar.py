"""The proleptic Gregorian calendar for any year, by Go's rules of normalisation."""

from __future__ import annotations

import datetime
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

_CYCLE: Final = 146097
"""Days in 400 years, after which the calendar repeats."""
_UNIX_DAY: Final = datetime.date(1970, 1, 1).toordinal()
_BASE: Final = datetime.date(2000, 1, 1).toordinal()


def _same_in_cycle(days: int) -> tuple[datetime.date, int]:
    cycles, rest = divmod(days + _UNIX_DAY - _BASE, _CYCLE)
    return datetime.date.fromordinal(_BASE + rest), 400 * cycles


def days_of(year: int, month: int, day: int) -> int:
    """Return the days since 1970-01-01 of a date; month and day may lie outside their range and carry over."""
    years, month_index = divmod(month - 1, 12)
    cycles, in_cycle = divmod(year + years, 400)
    first = datetime.date(2000 + in_cycle, month_index + 1, 1).toordinal() - _UNIX_DAY
    return first + (cycles - 5) * _CYCLE + day - 1


def date_of(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a number of days since 1970-01-01."""
    date, years = _same_in_cycle(days)
    return date.year + years, date.month, date.day


def year_day(days: int) -> int:
    """Return the day of the year, from 1."""
    return _same_in_cycle(days)[0].timetuple().tm_yday


def weekday(days: int) -> int:
    """Return the day of the week, Sunday is 0."""
    return (days + 4) % 7


def iso_week(days: int) -> tuple[int, int]:
    """Return the ISO 8601 year and week."""
    date, years = _same_in_cycle(days)
    found = date.isocalendar()
    return found.year + years, found.week


def is_leap(year: int) -> bool:
    """Tell whether a year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return days_of(year, month + 1, 1) - days_of(year, month, 1)
