"""Format strings: what each form of a directive writes, and how mistakes are reported."""

from __future__ import annotations

from typing import Any

import pytest

from gotemplate.fmt import MAX_NUMBER, compile_format, sprintf

DIRECTIVES: list[tuple[str, tuple[Any, ...], str]] = [
    ("%d%%", (5,), "5%"),
    ("%5d|%-5d|%05d", (42, 42, 42), "   42|42   |00042"),
    ("%+d % d %+05d", (7, 7, 7), "+7  7 +0007"),
    ("%x %X %#x %#o %b %O", (255, 255, 255, 8, 5, 8), "ff FF 0xff 010 101 0o10"),
    ("%c %q %U %#U", (65, 65, 65, 0x1F600), "A 'A' U+0041 U+1F600 '😀'"),
    ("%.2f %8.3f %e %g", (3.14159, 2.5, 1e6, 1e6), "3.14    2.500 1.000000e+06 1e+06"),
    ("%s %q %x % x %.2s", ("hé", 'a"b', "hé", "hé", "日本語"), 'hé "a\\"b" 68c3a9 68 c3 a9 日本'),
    ("%v %+v %#v", ({"a": [1, None]}, True, ["x"]), 'map[a:[1 <nil>]] true []interface {}{"x"}'),
    ("%T %T %T", (1, "x", None), "int string <nil>"),
    ("%[2]*[1]d|%-*d|", (3, 5, 7), "    3|7    |"),
    ("%[2]d %[1]d", (1, 2), "2 1"),
]


@pytest.mark.parametrize(("form", "args", "text"), DIRECTIVES)
def test_directives(form: str, args: tuple[Any, ...], text: str) -> None:
    assert sprintf(form, *args) == text


COMPLAINTS: list[tuple[str, tuple[Any, ...], str]] = [
    ("%z", (1,), "%!z(int=1)"),
    ("%d", ("x",), "%!d(string=x)"),
    ("%d", (None,), "%!d(<nil>)"),
    ("%d", (), "%!d(MISSING)"),
    ("%", (), "%!(NOVERB)"),
    ("x", (1, None), "x%!(EXTRA int=1, <nil>)"),
    ("%[1]d", (1, 2), "1"),
    ("%[3]d", (1,), "%!d(BADINDEX)"),
    ("%[x]d", (1,), "%!d(BADINDEX)"),
    ("%*d", ("a", 1), "%!(BADWIDTH)1"),
    ("%.*d", (-1, 1), "%!(BADPREC)1"),
    ("%5.1z", (3,), "%!z(int=    3)"),
    ("%s", ([1, "a", None],), "[%!s(int=1) a <nil>]"),
]


@pytest.mark.parametrize(("form", "args", "text"), COMPLAINTS)
def test_mistakes_are_reported_in_the_text(form: str, args: tuple[Any, ...], text: str) -> None:
    assert sprintf(form, *args) == text


def test_a_width_beyond_the_limit_is_no_width() -> None:
    assert sprintf("%*d", MAX_NUMBER + 1, 5) == "%!(BADWIDTH)5"
    assert sprintf("%99999999999999999999d", 5) == "%!(NOVERB)%!(EXTRA int=5)"
    assert len(sprintf("%*d", MAX_NUMBER, 5)) == MAX_NUMBER


def test_a_format_is_read_once() -> None:
    assert compile_format("%s-%d", 2) is compile_format("%s-%d", 2)
