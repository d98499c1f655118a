"""Times and durations as template values: methods with Go signatures, printing, JSON."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from gotemplate import values
from gotemplate.fmt import sprintf
from gotemplate.golib import encoding_json, time

NEW_YORK = time.load_location("America/New_York")
LUNCH = time.date((2024, 3, 10), (12, 30, 0), 0, NEW_YORK)


def test_it_prints_by_its_own_methods() -> None:
    assert sprintf("%v", LUNCH) == "2024-03-10 12:30:00 -0400 EDT"
    assert sprintf("%#v", LUNCH) == 'time.Date(2024, time.March, 10, 12, 30, 0, 0, time.Location("America/New_York"))'
    assert sprintf("%v %d", time.Duration(1_500_000_000), time.Duration(5)) == "1.5s 5"
    assert sprintf("%v", values.make(time.MONTH, 13)) == "%!Month(13)"


def test_every_method_is_exported_and_typed() -> None:
    for name, method in time.TIME.methods.items():
        assert values.is_exported(name)
        assert method.results
    assert values.bind_method(LUNCH, "Weekday")() == 0  # type: ignore[misc]
    assert str(values.bind_method(LUNCH, "Location")().target) == "America/New_York"  # type: ignore[misc]


def test_the_gap_and_the_overlap_of_the_clocks() -> None:
    assert time.date((2024, 3, 10), (2, 30, 0), 0, NEW_YORK).string() == "2024-03-10 01:30:00 -0500 EST"
    assert time.date((2024, 11, 3), (1, 30, 0), 0, NEW_YORK).string() == "2024-11-03 01:30:00 -0400 EDT"


def test_a_local_zone_is_named_local() -> None:
    local = time.local_zone(ZoneInfo("Europe/Berlin"))
    read = time.parse(time.RFC3339, "2024-07-01T12:00:00+02:00", local)
    assert read.go_string() == "time.Date(2024, time.July, 1, 12, 0, 0, 0, time.Local)"
    assert time.load_location("Local", local) is local


def test_json_knows_its_years() -> None:
    assert encoding_json.marshal({"t": LUNCH, "d": time.Duration(5)}) == '{"d":5,"t":"2024-03-10T12:30:00-04:00"}'
    with pytest.raises(encoding_json.JSONError) as caught:
        encoding_json.marshal(time.date((10000, 1, 1)))
    assert str(caught.value) == (
        "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]"
    )
