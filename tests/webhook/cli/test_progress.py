"""The progress line: when it shows, what it says, and that it goes away."""

from __future__ import annotations

import io
from itertools import count

import pytest

from webhook.cli.progress import with_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_says_nothing_where_nobody_looks() -> None:
    stream = io.StringIO()
    assert list(with_progress(["a", "-"] * 50, stream, "documents", clock=count().__next__)) == ["a", "-"] * 50
    assert stream.getvalue() == ""


def test_says_nothing_in_the_first_second() -> None:
    terminal = Terminal()
    assert list(with_progress(["a", "-"], terminal, "documents", clock=lambda: 0.0)) == ["a", "-"]
    assert terminal.getvalue() == ""


def test_counts_documents_and_cleans_up() -> None:
    terminal, clock = Terminal(), count()
    assert len(list(with_progress(["a", "-"] * 3, terminal, "documents", clock=lambda: next(clock) / 2))) == 6
    written = terminal.getvalue()
    assert "\r2 documents\x1b[K" in written and written.endswith("\r\x1b[K")


def test_cleans_up_after_a_failure() -> None:
    def texts() -> object:
        yield "a"
        yield "-"
        raise ValueError

    terminal, clock = Terminal(), count()
    with pytest.raises(ValueError):
        list(with_progress(texts(), terminal, "documents", clock=clock.__next__))  # type: ignore[arg-type]
    assert terminal.getvalue().endswith("\r\x1b[K")
