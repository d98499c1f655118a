"""Go's time.Location: UTC, fixed offsets and the zones of the tz database."""

from __future__ import annotations

import struct
from datetime import UTC as PYTHON_UTC
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from gotemplate import values
from gotemplate.golib.duration import quote
from gotemplate.values import STRING, Method

if TYPE_CHECKING:
    from datetime import tzinfo

_CYCLE: Final = 146097 * 86400
"""Seconds in 400 years, after which the calendar repeats."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=PYTHON_UTC)

LOCATION: Final = values.struct_type("time.Location")
LOCATION_POINTER: Final = values.pointer_to(LOCATION)


class Location(values.Struct):
    """A place whose clocks agree: a name, and either one offset or a zone of the tz database."""

    __slots__ = ("abbreviation", "name", "offset", "zone")

    def __init__(self, name: str, *, offset: int = 0, abbreviation: str = "", zone: tzinfo | None = None) -> None:
        super().__init__(LOCATION)
        self.name = name
        self.offset = offset
        self.abbreviation = abbreviation
        self.zone = zone

    def lookup(self, unix: int) -> tuple[str, int, bool]:
        """Return abbreviation, offset east of UTC in seconds, and whether it is summer time, at a Unix time."""
        if self.zone is None:
            return self.abbreviation, self.offset, False
        if not -62135596800 + 86400 <= unix < 253402300800 - 86400:  # outside the years Python's calendar has
            unix = unix % _CYCLE + (4 * _CYCLE if unix > 0 else -4 * _CYCLE)
        local = (_EPOCH + timedelta(seconds=unix)).astimezone(self.zone)
        offset = local.utcoffset() or timedelta()
        return local.tzname() or "", int(offset.total_seconds()), bool(local.dst())

    def offset_of(self, abbreviation: str, unix: int) -> int | None:
        """Return the offset that an abbreviation means here near a time read as UTC; None if unknown."""
        known = [offset for name, offset in self._periods() if name == abbreviation]
        for offset in known:
            name, found, _ = self.lookup(unix - offset)
            if name == abbreviation:
                return found
        return known[0] if known else None

    def _periods(self) -> list[tuple[str, int]]:
        """Return abbreviation and offset of every kind of time this location ever kept."""
        if self.zone is None:
            return [(self.abbreviation, self.offset)]
        return _kinds_of_time(getattr(self.zone, "key", None) or "UTC")

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    def __str__(self) -> str:
        return self.name


UTC: Final = Location("UTC", abbreviation="UTC")
LOCATION.methods = {
    "String": Method("String", lambda location: values.indirect(location).name, (), (STRING,), pointer=True)
}


@cache
def _kinds_of_time(key: str) -> list[tuple[str, int]]:
    """Read the kinds of local time out of a file of the tz database (RFC 9636), in the order of the file."""
    data = _zone_file(key)
    start = 0
    if data[4:5] >= b"2":  # the first block is for readers that know 32-bit times only
        isut, isstd, leap, times, kinds, chars = struct.unpack(">6L", data[20:44])
        start = 44 + times * 5 + kinds * 6 + chars + leap * 8 + isstd + isut
    *_, leap, times, kinds, chars = struct.unpack(">6L", data[start + 20 : start + 44])
    at = start + 44 + times * (9 if start else 5)
    names = data[at + kinds * 6 : at + kinds * 6 + chars]
    found = []
    for offset, _, name in struct.iter_unpack(">lBB", data[at : at + kinds * 6]):
        found.append((names[name : names.index(b"\0", name)].decode(), offset))
    return found


def _zone_file(key: str) -> bytes:
    import zoneinfo
    from importlib import resources
    from pathlib import Path

    for folder in zoneinfo.TZPATH:
        path = Path(folder, key)
        if path.is_file():
            return path.read_bytes()
    return resources.files("tzdata").joinpath("zoneinfo", *key.split("/")).read_bytes()


_loaded: dict[str, Location] = {"": UTC, "UTC": UTC}


def fixed_zone(name: str, offset: int) -> Location:
    """Return a location that is always so many seconds east of UTC."""
    return Location(name, offset=offset, abbreviation=name)


def local_zone(zone: tzinfo | None = None) -> Location:
    """Return a location named ``Local`` that keeps the time of a Python zone (none: UTC)."""
    return Location("Local", zone=zone) if zone is not None else Location("Local", abbreviation="UTC")


LOCAL: Final = local_zone()
"""The local zone unless the caller has another: UTC, as in a container."""


def load_location(name: str, local: Location = LOCAL) -> Location:
    """Return a zone of the tz database by its name (``""`` and ``UTC``: UTC; ``Local``: the one given).

    ValueError carries Go's text: ``unknown time zone NAME`` or ``time: invalid location name``.
    """
    if name == "Local":
        return local
    if name in _loaded:
        return _loaded[name]
    if ".." in name or name[:1] in ("/", "\\"):
        raise ValueError("time: invalid location name")
    from zoneinfo import ZoneInfo

    try:
        zone = ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise ValueError(f"unknown time zone {name}") from None
    return _loaded.setdefault(name, Location(name, zone=zone))


def location_code(location: Location, local: Location = LOCAL) -> str:
    """Return the Go expression for a location, as Time.GoString writes it."""
    if location is UTC:
        return "time.UTC"
    if location is local or location.name == "Local":
        return "time.Local"
    return f"time.Location({quote(location.name)})"
