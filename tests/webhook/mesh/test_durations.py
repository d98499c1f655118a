"""Go durations as text; the wanted texts are those of Go's time package."""

import pytest

from webhook.mesh.durations import duration_string, parse_duration

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0), ("45s", 45 * SECOND), ("1m0s", 60 * SECOND), ("1h1m0.25s", 3660 * SECOND + SECOND // 4), ("-1.5s", -3 * SECOND // 2),
        (".5s", SECOND // 2), ("1.s", SECOND), ("+3ms", 3_000_000), ("2us", 2_000), ("2\u00b5s", 2_000), ("7ns", 7),
        ("2562047h47m16.854775807s", 2**63 - 1), ("-2562047h47m16.854775808s", -(2**63)),
    ],
)  # fmt: skip
def test_reads(text, nanoseconds):
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", 'time: invalid duration ""'), ("abc", 'time: invalid duration "abc"'), ("5", 'time: missing unit in duration "5"'),
        ("5x", 'time: unknown unit "x" in duration "5x"'), ("3000000h", 'time: invalid duration "3000000h"'),
        ("-", 'time: invalid duration "-"'), (".s", 'time: invalid duration ".s"'),
    ],
)  # fmt: skip
def test_refuses_in_the_words_of_go(text, error):
    with pytest.raises(ValueError, match="time: ") as caught:
        parse_duration(text)
    assert str(caught.value) == error


def test_old_go_does_not_quote():
    with pytest.raises(ValueError, match=r"^time: unknown unit x in duration 5x$"):
        parse_duration("5x", quoted=False)


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0s"), (7, "7ns"), (1_500, "1.5\u00b5s"), (2_000_000, "2ms"), (SECOND, "1s"), (3 * SECOND // 2, "1.5s"), (60 * SECOND, "1m0s"),
        (3661 * SECOND, "1h1m1s"), (-90 * SECOND, "-1m30s"), (2**63 - 1, "2562047h47m16.854775807s"),
    ],
)  # fmt: skip
def test_prints(nanoseconds, text):
    assert duration_string(nanoseconds) == text
