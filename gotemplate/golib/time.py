"""Go's package time: moments in a zone, with the methods a template can call on them, and their layouts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gotemplate import values
from gotemplate.golib import calendar, timelayout
from gotemplate.golib.duration import (
    DURATION,
    Duration,
    duration_string,
    parse_duration,
    quote,
    round_half_away,
    truncate,
)
from gotemplate.golib.timelayout import ParseError, format_clock
from gotemplate.golib.zone import (
    LOCAL,
    LOCATION_POINTER,
    UTC,
    Location,
    fixed_zone,
    load_location,
    local_zone,
    location_code,
)
from gotemplate.values import BOOL, BYTES, ERROR, INT, INT64, STRING, Field, Method, Type

__all__ = [
    "DURATION",
    "LOCAL",
    "MONTH",
    "RFC3339",
    "RFC3339_NANO",
    "TIME",
    "UTC",
    "WEEKDAY",
    "Duration",
    "Location",
    "ParseError",
    "Time",
    "date",
    "duration_string",
    "fixed_zone",
    "load_location",
    "local_zone",
    "parse",
    "parse_duration",
    "parse_in_location",
    "quote",
    "round_half_away",
    "truncate",
    "unix",
]

ANSIC: Final = "Mon Jan _2 15:04:05 2006"
RFC3339: Final = "2006-01-02T15:04:05Z07:00"
RFC3339_NANO: Final = "2006-01-02T15:04:05.999999999Z07:00"
RFC1123: Final = "Mon, 02 Jan 2006 15:04:05 MST"
_STRING_LAYOUT: Final = "2006-01-02 15:04:05.999999999 -0700 MST"

_YEAR_ONE: Final = -62135596800
"""Unix time of the zero Time: 1 January of year 1."""
_SECOND: Final = 1_000_000_000
_DAY: Final = 86400

TIME: Final = values.struct_type(
    "time.Time", (Field("wall", values.UINT64), Field("ext", INT64), Field("loc", LOCATION_POINTER))
)


class Time(values.Struct):
    """A moment: Unix seconds (any year), nanoseconds from 0, and the location whose clocks show it.

    The zero Time of Go is ``Time(-62135596800)``. Two are equal when they are the same moment in the same location.
    """

    __slots__ = ("location", "nsec", "unix")

    def __init__(self, unix: int, nsec: int = 0, location: Location = UTC) -> None:
        super().__init__(TIME)
        self.unix = unix
        self.nsec = nsec
        self.location = location

    def field(self, name: str) -> Any:
        """Return one of the unexported fields, for those who print a time with a verb that passes its methods by."""
        if name == "wall":
            return values.make(values.UINT64, self.nsec)
        if name == "ext":
            return values.make(INT64, self.unix - _YEAR_ONE)
        return values.Pointer(LOCATION_POINTER, values.MISSING if self.location is UTC else self.location)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Time) and self._key() == other._key()

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self._key())

    def _key(self) -> tuple[int, int, int]:
        return self.unix, self.nsec, id(self.location)

    def __repr__(self) -> str:
        return f"<Time {self.string()}>"

    def clock(self) -> timelayout.Clock:
        """Return the moment as the clocks of its location show it."""
        zone, offset, _ = self.location.lookup(self.unix)
        return timelayout.clock_of(self.unix, self.nsec, zone, offset)

    def format(self, layout: str) -> str:
        """Write the moment by a Go layout."""
        return format_clock(self.clock(), layout)

    def string(self) -> str:
        """Return ``2006-01-02 15:04:05.999999999 -0700 MST``: how a time prints."""
        return self.format(_STRING_LAYOUT)

    def go_string(self) -> str:
        """Return the Go expression for the moment: how ``%#v`` prints it."""
        clock = self.clock()
        rest = ", ".join(map(str, (clock.day, clock.hour, clock.minute, clock.second, clock.nsec)))
        month = calendar.MONTHS[clock.month - 1]
        return f"time.Date({clock.year}, time.{month}, {rest}, {location_code(self.location)})"

    def in_location(self, location: Location) -> Time:
        """Return the same moment on the clocks of another location."""
        return Time(self.unix, self.nsec, location)

    def add(self, duration: int) -> Time:
        """Return the moment some nanoseconds later."""
        seconds, nsec = divmod(self.nsec + duration, _SECOND)
        return Time(self.unix + seconds, nsec, self.location)

    def add_date(self, years: int, months: int, days: int) -> Time:
        """Return the same time of day on a later date; a day that the month lacks carries over, as in Go."""
        now = self.clock()
        day = (now.year + years, now.month + months, now.day + days)
        return date(day, (now.hour, now.minute, now.second), self.nsec, self.location)

    def sub(self, other: Time) -> int:
        """Return the Duration since another moment, at most what a Duration can hold."""
        return int(Duration(_saturated(self.nanoseconds() - other.nanoseconds())))

    def nanoseconds(self) -> int:
        """Return the nanoseconds since 1970, without the limits of int64."""
        return self.unix * _SECOND + self.nsec

    def is_zero(self) -> bool:
        """Tell whether this is the first moment of year 1 in UTC: Go's zero Time."""
        return self.unix == _YEAR_ONE and self.nsec == 0

    def truncate(self, duration: int) -> Time:
        """Return the moment rounded down to a multiple of a duration since the zero Time."""
        return self.add(-self._beyond(duration)) if duration > 0 else self

    def round(self, duration: int) -> Time:
        """Return the moment rounded to the nearest multiple of a duration since the zero Time, half-way up."""
        if duration <= 0:
            return self
        beyond = self._beyond(duration)
        return self.add(-beyond if 2 * beyond < duration else duration - beyond)

    def _beyond(self, duration: int) -> int:
        return (self.nanoseconds() - _YEAR_ONE * _SECOND) % duration

    def rfc3339(self, what: str) -> str:
        """Return the moment as Go's encoders write it; ValueError in the name of the method refuses other years."""
        clock = self.clock()
        if not 0 <= clock.year <= 9999:
            raise ValueError(f"Time.{what}: year outside of range [0,9999]")
        if abs(int(clock.offset / 60)) >= 24 * 60:
            raise ValueError(f"Time.{what}: timezone hour outside of range [0,23]")
        return self.format(RFC3339_NANO)


def _saturated(nanoseconds: int) -> int:
    return max(min(nanoseconds, (1 << 63) - 1), -(1 << 63))


def unix(seconds: int, nsec: int = 0, location: Location = LOCAL) -> Time:
    """Return the moment so many seconds and nanoseconds after 1970, in the local zone as Go's Unix gives it."""
    carried, nsec = divmod(nsec, _SECOND)
    return Time(seconds + carried, nsec, location)


def date(
    day: tuple[int, int, int], clock: tuple[int, int, int] = (0, 0, 0), nsec: int = 0, location: Location = UTC
) -> Time:
    """Return the moment of a date (year, month, day) and time of day (hour, minute, second) in a location.

    Numbers outside their range carry over. Where the clocks change, one of the two zones applies, the same as in Go.
    """
    carried, nsec = divmod(nsec, _SECOND)
    hour, minute, second = clock
    wall = calendar.days_of(*day) * _DAY + hour * 3600 + minute * 60 + second + carried
    offset = location.lookup(wall)[1]
    if offset:
        offset = location.lookup(wall - offset)[1]
    return Time(wall - offset, nsec, location)


def parse(layout: str, value: str, local: Location = LOCAL) -> Time:
    """Read a time by a layout; without a zone in it the time is UTC. Raises ParseError."""
    return _parse(layout, value, UTC, local)


def parse_in_location(layout: str, value: str, location: Location) -> Time:
    """Read a time by a layout; without a zone in it the time is the location's. Raises ParseError."""
    return _parse(layout, value, location, location)


def _parse(layout: str, value: str, default: Location, local: Location) -> Time:
    read = timelayout.read(layout, value)
    where = UTC if read.utc or read.offset is not None or read.zone else default
    found = date((read.year, read.month, read.day), (read.hour, read.minute, read.second), read.nsec, where)
    if read.utc:
        return found
    if read.offset is not None:
        return _at_offset(found.add(-read.offset * _SECOND), read.offset, read.zone, local)
    return _at_zone(found, read.zone, local) if read.zone else found


def _at_offset(found: Time, offset: int, zone: str, local: Location) -> Time:
    name, current, _ = local.lookup(found.unix)
    if current == offset and zone in ("", name):
        return found.in_location(local)
    return found.in_location(fixed_zone(zone, offset))


def _at_zone(found: Time, zone: str, local: Location) -> Time:
    offset = local.offset_of(zone, found.unix)
    if offset is not None:
        return found.add(-offset * _SECOND).in_location(local)
    hours = int(zone[3:] or 0) if zone.startswith("GMT") and len(zone) > 3 else 0
    return found.in_location(fixed_zone(zone, hours * 3600))


def _named_number(name: str, words: tuple[str, ...], first: int) -> Type:
    def text(number: int) -> str:
        if first <= number < first + len(words):
            return words[number - first]
        return f"%!{name}({int(number) & (1 << 64) - 1})"

    return values.named(f"time.{name}", INT, (Method("String", text, (), (STRING,)),))


MONTH: Final = _named_number("Month", calendar.MONTHS, 1)
WEEKDAY: Final = _named_number("Weekday", calendar.WEEKDAYS, 0)


def _method(name: str, call: Callable[..., Any], params: tuple[Type, ...] = (), *results: Type) -> Method:
    return Method(name, call, params, results)


def _int64(number: int) -> Any:
    return values.make(INT64, values.wrap_int(number, values.Kind.INT64))


def _compare(time: Time, other: Time) -> int:
    return (time.nanoseconds() > other.nanoseconds()) - (time.nanoseconds() < other.nanoseconds())


_METHODS: Final = (
    _method("Add", Time.add, (DURATION,), TIME),
    _method("AddDate", Time.add_date, (INT, INT, INT), TIME),
    _method("After", lambda t, u: t.nanoseconds() > u.nanoseconds(), (TIME,), BOOL),
    _method("Before", lambda t, u: t.nanoseconds() < u.nanoseconds(), (TIME,), BOOL),
    _method("Clock", lambda t: t.clock()[4:7], (), INT, INT, INT),
    _method("Compare", _compare, (TIME,), INT),
    _method("Date", lambda t: t.clock()[1:4], (), INT, MONTH, INT),
    _method("Day", lambda t: t.clock().day, (), INT),
    _method("Equal", lambda t, u: t.nanoseconds() == u.nanoseconds(), (TIME,), BOOL),
    _method("Format", Time.format, (STRING,), STRING),
    _method("GoString", Time.go_string, (), STRING),
    _method("Hour", lambda t: t.clock().hour, (), INT),
    _method("ISOWeek", lambda t: calendar.iso_week(t.clock().days), (), INT, INT),
    _method("In", lambda t, location: t.in_location(values.indirect(location)), (LOCATION_POINTER,), TIME),
    _method("IsDST", lambda t: t.location.lookup(t.unix)[2], (), BOOL),
    _method("IsZero", Time.is_zero, (), BOOL),
    _method("Local", lambda t: t.in_location(LOCAL), (), TIME),
    _method("Location", lambda t: values.Pointer(LOCATION_POINTER, t.location), (), LOCATION_POINTER),
    _method("MarshalJSON", lambda t: f'"{t.rfc3339("MarshalJSON")}"'.encode(), (), BYTES, ERROR),
    _method("MarshalText", lambda t: t.rfc3339("MarshalText").encode(), (), BYTES, ERROR),
    _method("Minute", lambda t: t.clock().minute, (), INT),
    _method("Month", lambda t: values.make(MONTH, t.clock().month), (), MONTH),
    _method("Nanosecond", lambda t: t.nsec, (), INT),
    _method("Round", Time.round, (DURATION,), TIME),
    _method("Second", lambda t: t.clock().second, (), INT),
    _method("String", Time.string, (), STRING),
    _method("Sub", Time.sub, (TIME,), DURATION),
    _method("Truncate", Time.truncate, (DURATION,), TIME),
    _method("UTC", lambda t: t.in_location(UTC), (), TIME),
    _method("Unix", lambda t: _int64(t.unix), (), INT64),
    _method("UnixMicro", lambda t: _int64(t.nanoseconds() // 1000), (), INT64),
    _method("UnixMilli", lambda t: _int64(t.nanoseconds() // 1_000_000), (), INT64),
    _method("UnixNano", lambda t: _int64(t.nanoseconds()), (), INT64),
    _method("Weekday", lambda t: values.make(WEEKDAY, calendar.weekday(t.clock().days)), (), WEEKDAY),
    _method("Year", lambda t: t.clock().year, (), INT),
    _method("YearDay", lambda t: calendar.year_day(t.clock().days), (), INT),
    _method("Zone", lambda t: t.location.lookup(t.unix)[:2], (), STRING, INT),
)
TIME.methods = {method.name: method for method in _METHODS}
