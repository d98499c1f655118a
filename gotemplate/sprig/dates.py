"""Dates: ``now``, ``date`` and its relatives, ``ago``, ``duration``, ``toDate``, ``unixEpoch``.

Time and local zone are the host's. Go's ``now`` also carries a monotonic reading, which its text shows; ours does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gotemplate.errors import FuncError
from gotemplate.golib import strconv
from gotemplate.golib import time as go
from gotemplate.values import INT32, INT64, Kind, Pointer, Value, type_of, wrap_int

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host

_SECOND: Final = 10**9
_HOUR: Final = 3600 * _SECOND
_ZERO_TIME: Final = -62135596800
_FIRST_SECOND: Final = -9223372028741760000
"""Go counts seconds, modulo 2**64, from March of the year -292277022400; what is before that is far in the future."""
_HTML_LAYOUT: Final = "2006-01-02"
_UNITS: Final = (
    (365 * 24 * _HOUR, "y"),
    (30 * 24 * _HOUR, "mo"),
    (24 * _HOUR, "d"),
    (_HOUR, "h"),
    (60 * _SECOND, "m"),
    (_SECOND, "s"),
)


def now(host: Host) -> go.Time:
    """Return the host's time in its local zone."""
    seconds, nanoseconds = divmod(host.clock(), _SECOND)
    return go.Time(seconds, nanoseconds, _local(host))


def _local(host: Host) -> go.Location:
    zone = host.zone
    if zone == "UTC":
        return go.LOCAL
    try:
        return go.local_zone(go.load_location(zone).zone)
    except ValueError:
        return go.LOCAL


def date(host: Host, layout: str, moment: Value) -> str:
    """Write a moment by a layout, in the local zone; a moment is a time, seconds since 1970, or else now."""
    return date_in_zone(host, layout, moment, "Local")


def html_date(host: Host, moment: Value) -> str:
    """Write a date as HTML's date fields want it, in the local zone (``htmlDate``)."""
    return date_in_zone(host, _HTML_LAYOUT, moment, "Local")


def html_date_in_zone(host: Host, moment: Value, zone: str) -> str:
    """Write a date as HTML's date fields want it, in a zone (``htmlDateInZone``)."""
    return date_in_zone(host, _HTML_LAYOUT, moment, zone)


def date_in_zone(host: Host, layout: str, moment: Value, zone: str) -> str:
    """Write a moment by a layout, in a zone of the tz database; UTC when there is no such zone (``dateInZone``)."""
    try:
        location = go.load_location(zone, _local(host))
    except ValueError:
        location = go.UTC
    return _moment(host, moment, with_int32=True).in_location(location).format(layout)


def _moment(host: Host, value: Value, *, with_int32: bool = False) -> go.Time:
    if isinstance(value, Pointer) and isinstance(value.target, go.Time) and with_int32:
        value = value.target
    if isinstance(value, go.Time):
        return value
    go_type = type_of(value)
    if value.__class__ is int or go_type is INT64 or (with_int32 and go_type is INT32):
        return go.unix(value if value >= _FIRST_SECOND else value + (1 << 64))
    return now(host)


def ago(host: Host, moment: Value) -> str:
    """Return how long ago a moment was, to the second."""
    elapsed = now(host).sub(_moment(host, moment))
    return go.duration_string(go.round_half_away(elapsed, _SECOND))


def modify(duration: str, moment: go.Time) -> go.Time:
    """Return a moment moved by a duration; unmoved when that cannot be read (``dateModify``)."""
    try:
        return must_modify(duration, moment)
    except FuncError:
        return moment


def must_modify(duration: str, moment: go.Time) -> go.Time:
    """Return a moment moved by a duration (``mustDateModify``)."""
    try:
        return moment.add(go.parse_duration(duration))
    except ValueError as error:
        raise FuncError(str(error)) from None


def duration(seconds: Value) -> str:
    """Write seconds as a duration; only a string or an int64 counts, anything else is zero."""
    count = 0
    if seconds.__class__ is str:
        try:
            count = strconv.parse_int(seconds, 10, 64)
        except strconv.NumError as error:
            count = int(error.value.real)
    elif type_of(seconds) is INT64:
        count = int(seconds)
    return go.duration_string(wrap_int(count * _SECOND, Kind.INT64))


def duration_round(host: Host, length: Value) -> str:
    """Write the largest unit of a duration: text, int64 nanoseconds, or the time since a moment (``durationRound``)."""
    span = 0
    if length.__class__ is str:
        try:
            span = go.parse_duration(length)
        except ValueError:
            span = 0
    elif type_of(length) is INT64:
        span = int(length)
    elif isinstance(length, go.Time):
        span = now(host).sub(length)
    size = abs(span)
    return next((f"{size // unit}{name}" for unit, name in _UNITS if size > unit), "0s")


def to_date(host: Host, layout: str, text: str) -> go.Time:
    """Read a time by a layout, in the local zone; the zero time when that fails (``toDate``)."""
    try:
        return must_to_date(host, layout, text)
    except FuncError:
        return go.Time(_ZERO_TIME)


def must_to_date(host: Host, layout: str, text: str) -> go.Time:
    """Read a time by a layout, in the local zone (``mustToDate``)."""
    try:
        return go.parse_in_location(layout, text, _local(host))
    except ValueError as error:
        raise FuncError(str(error)) from None


def unix_epoch(moment: go.Time) -> str:
    """Return the seconds since 1970 (``unixEpoch``)."""
    return str(moment.unix)
