"""golib answers what Go's packages answered to the questions of recorder_fmt (strconv, text, time, JSON, regexp, URLs)."""

from __future__ import annotations

import pytest
from recorded_fmt import Row, answers, rows, shown

TOPICS = ("json", "regexp", "strconv", "texts", "times")


@pytest.mark.parametrize("topic", TOPICS)
def test_answers_as_go_did(topic: str) -> None:
    wrong = [row for row in rows(topic) if answers.answer(row[0]) != row[1]]
    assert not wrong, shown(wrong)


def test_expressions_match_alike_without_re2(monkeypatch: pytest.MonkeyPatch) -> None:
    # Takes about a second: Python's re compiles four hundred expressions.
    from gotemplate.golib import regexp

    regexp.compile.cache_clear()
    monkeypatch.setattr(regexp, "_re2", lambda expr: None)
    wrong: list[Row] = [row for row in rows("regexp") if answers.answer(row[0]) != row[1]]
    regexp.compile.cache_clear()
    assert not wrong, shown(wrong)
