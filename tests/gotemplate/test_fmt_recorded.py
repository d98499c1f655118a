"""Sprint, Sprintln and Sprintf write what Go wrote: every verb, flag and complaint over values of all kinds."""

from __future__ import annotations

from recorded_fmt import answers, rows, shown


def test_formats_as_go_did() -> None:
    wrong = [row for row in rows("fmt") if answers.answer(row[0]) != row[1]]
    assert not wrong, shown(wrong)
