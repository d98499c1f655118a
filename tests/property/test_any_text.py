"""Whatever the text, the engine answers with a result or with an error of its own."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from property.templates import anything, near_misses, unhurried

from gotemplate import ExecError, ParseError, Template
from gotemplate.lexer import lex

DATA = {"x": 1, "l": [1, "a", None], "m": {"a": "b"}}


@unhurried
@given(anything)
@example(b"{{")
@example(b"{{\xff}}")
@example(b"\xc3{{.}}\xa9")
def test_bytes(text: bytes) -> None:
    check(text)


@unhurried
@given(near_misses)
def test_words(text: str) -> None:
    check(text)


@unhurried
@given(near_misses, near_misses)
def test_words_as_delimiters(text: str, delim: str) -> None:
    with contextlib.suppress(ParseError, ExecError):
        Template("t", delims=(delim, delim[::-1])).parse(text).render(DATA)


def check(text: str | bytes) -> None:
    for tier in ("closures", "code"):
        try:
            Template("t", tier=tier).parse(text).render(DATA)  # type: ignore[arg-type]
        except (ParseError, ExecError) as error:
            assert str(error).startswith("template: t")
            assert error.explain().startswith(str(error))


@unhurried
@given(near_misses)
def test_items_are_the_text_in_order(text: str) -> None:
    at = 0
    data = text.encode("utf-8", "surrogateescape")
    for kind, pos, written, line in lex(text):
        if kind == "Error":
            break
        item = written.encode("utf-8", "surrogateescape")
        assert pos >= at
        assert data[pos : pos + len(item)] == item
        assert line == data.count(b"\n", 0, pos) + 1
        at = pos + len(item)
    else:
        assert at == len(data) or not data[at:].strip(b" \t\r\n") or b"/*" in data[at:]


def test_an_error_is_no_python_error() -> None:
    with pytest.raises(ParseError, match=r"unrecognized character in action: U\+FFFD"):
        Template("t").parse(b"{{\xc3")
