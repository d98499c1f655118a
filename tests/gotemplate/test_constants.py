"""Numbers, characters and strings: which types can hold them, and what Go says when they are none."""

import pytest

from gotemplate.constants import complex_of, number_of, string_of

NUMBERS = [
    ("0", 0, 0, 0.0, None),
    ("1_000", 1000, 1000, 1000.0, None),
    ("-5", -5, None, -5.0, None),
    ("+5", 5, None, 5.0, None),
    ("-0", 0, 0, 0.0, None),
    ("017", 15, 15, 15.0, None),
    ("0x_1F", 31, 31, 31.0, None),
    ("18446744073709551615", None, 2**64 - 1, 2.0**64, None),
    ("-9223372036854775808", -(2**63), None, -(2.0**63), None),
    ("1e3", 1000, 1000, 1000.0, None),
    ("1e19", None, 10**19, 1e19, None),
    ("1.8446744073709551616e19", None, None, 2.0**64, None),
    ("-1e3", -1000, None, -1000.0, None),
    ("1.5", None, None, 1.5, None),
    ("0x1p4", 16, 16, 16.0, None),
    ("'a'", 97, 97, 97.0, None),
    ("'\\xff'", 255, 255, 255.0, None),
    ("'日'", 0x65E5, 0x65E5, 26085.0, None),
    ("2i", None, None, None, 2j),
    ("0i", 0, 0, 0.0, 0j),
]


@pytest.mark.parametrize(("text", "signed", "unsigned", "floating", "complex_"), NUMBERS)
def test_numbers(text, signed, unsigned, floating, complex_):
    node = number_of(7, text)
    assert (node.pos, node.text, str(node)) == (7, text, text)
    assert (node.int64 if node.is_int else None) == signed
    assert (node.uint64 if node.is_uint else None) == unsigned
    assert (node.float64 if node.is_float else None) == floating
    assert (node.complex128 if node.is_complex else None) == complex_
    assert node.is_char == text.startswith("'")


def test_complex_numbers():
    node = complex_of(0, "-1.5+2i")
    assert (node.complex128, node.is_float, node.is_int) == (-1.5 + 2j, False, False)
    node = complex_of(0, "3+0i")
    assert (node.complex128, node.float64, node.int64, node.uint64) == (3 + 0j, 3.0, 3, 3)


ERRORS = [
    (number_of, "1__0", 'illegal number syntax: "1__0"'),
    (number_of, "08", 'integer overflow: "08"'),
    (number_of, "18446744073709551616", 'integer overflow: "18446744073709551616"'),
    (number_of, "1e400", 'illegal number syntax: "1e400"'),
    (number_of, "0x1i", 'illegal number syntax: "0x1i"'),
    (number_of, "-", 'illegal number syntax: "-"'),
    (number_of, "''", "invalid syntax"),
    (number_of, "'ab'", "malformed character constant: 'ab'"),
    (number_of, "'\\q'", "invalid syntax"),
    (complex_of, "1+i", "syntax error scanning complex number"),
    (complex_of, "-i-2i", 'strconv.ParseFloat: parsing "-i": invalid syntax'),
    (complex_of, "+-i", "syntax error scanning complex number"),
    (complex_of, "+-2i", 'strconv.ParseFloat: parsing "+": invalid syntax'),
    (complex_of, "1_+2i", 'strconv.ParseFloat: parsing "1_": invalid syntax'),
    (string_of, '"\\q"', "invalid syntax"),
    (string_of, '"\\\'"', "invalid syntax"),
]


@pytest.mark.parametrize(("read", "text", "message"), ERRORS)
def test_what_is_none(read, text, message):
    with pytest.raises(ValueError) as caught:
        read(text) if read is string_of else read(0, text)
    assert str(caught.value) == message


STRINGS = [
    ('"a b"', "a b"),
    ('"\\t\\x41\\u00e9"', "\tAé"),
    ("`a\\n\r\n`", "a\\n\n"),
    ('"\udcff"', "\ufffd"),
    ("`\udcff`", "\udcff"),
]


@pytest.mark.parametrize(("quoted", "text"), STRINGS)
def test_strings(quoted, text):
    assert string_of(quoted) == text
