"""Items stand at byte offsets, and on the lines Go counts."""

import pytest

from gotemplate.lexer import lex


def _places(text, left="", right=""):
    return [(kind, pos, line) for kind, pos, _, line in lex(text, left, right)]


def test_offsets_are_bytes_of_utf8():
    assert _places("é{{.ü $x}}日{{1}}") == [
        ("Text", 0, 1),
        ("LeftDelim", 2, 1),
        ("Field", 4, 1),
        ("Space", 7, 1),
        ("Variable", 8, 1),
        ("RightDelim", 10, 1),
        ("Text", 12, 1),
        ("LeftDelim", 15, 1),
        ("Number", 17, 1),
        ("RightDelim", 18, 1),
        ("EOF", 20, 1),
    ]


def test_surrogate_escapes_are_one_byte_each():
    assert _places("\udcff\udcc3{{1}}")[:2] == [("Text", 0, 1), ("LeftDelim", 2, 1)]


def test_trimmed_newlines_count():
    assert _places("a\n\n{{-\n.x\n-}}\n\nb") == [
        ("Text", 0, 1),
        ("LeftDelim", 3, 3),
        ("Field", 7, 4),
        ("RightDelim", 11, 5),
        ("Text", 15, 7),
        ("EOF", 16, 7),
    ]


def test_newlines_in_actions_raw_strings_and_comments_count():
    assert _places("{{f\n\n`a\nb`}}{{/*\n*/}}c") == [
        ("LeftDelim", 0, 1),
        ("Identifier", 2, 1),
        ("Space", 3, 1),
        ("RawString", 5, 3),
        ("RightDelim", 10, 4),
        ("Text", 21, 5),
        ("EOF", 22, 5),
    ]


@pytest.mark.parametrize(("text", "line"), [("{{\n1\n}}x", 1), ("{{\n/* c */\n}}x", 3)], ids=["action", "comment"])
def test_a_newline_in_a_delimiter_counts_beside_a_comment_only(text, line):
    assert _places(text, "{{\n", "\n}}")[-1][2] == line


@pytest.mark.parametrize(
    ("text", "pos", "line"),
    [("a\n{{.x\n", 7, 3), ('a\n{{.x "b\n', 7, 2), ("{{\n(1}}", 5, 2), ("{{1}}\n{{/* c", 8, 2)],
)
def test_an_error_stands_where_its_item_starts(text, pos, line):
    assert _places(text)[-1] == ("Error", pos, line)
