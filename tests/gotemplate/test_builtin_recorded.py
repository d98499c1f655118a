"""Comparisons, escapers and printing builtins answer what Go's templates answered, errors included."""

from __future__ import annotations

from recorded_fmt import answers, rows, shown


def test_builtins_answer_as_go_did() -> None:
    wrong = [row for row in rows("builtins") if answers.answer(row[0]) != row[1]]
    assert not wrong, shown(wrong)
