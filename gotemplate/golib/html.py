"""The escapers of Go's text/template: for HTML text and for JavaScript strings."""

from __future__ import annotations

import re
from typing import Final

from gotemplate.golib import unicode, utf8

_HTML: Final = {"\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HTML_SPECIAL: Final = re.compile("[\0\"'&<>]")
_JS: Final = {"\\": r"\\", "'": r"\'", '"': r"\"", "<": r"\u003C", ">": r"\u003E", "&": r"\u0026", "=": r"\u003D"}
_JS_SPECIAL: Final = re.compile("[\x00-\x1f\\\\'\"<>&=\x80-\U0010ffff]")


def html_escape(text: str) -> str:
    """Return text with NUL and the five characters that mean something in HTML replaced."""
    return _HTML_SPECIAL.sub(lambda match: _HTML[match.group()], text)


def js_escape(text: str) -> str:
    """Return text for the inside of a JavaScript string, quotes and the characters of HTML escaped."""
    return _JS_SPECIAL.sub(_js_character, utf8.canonical(text))


def _js_character(match: re.Match[str]) -> str:
    char = match.group()
    if char in _JS:
        return _JS[char]
    code = ord(char)
    if code < 0x80:
        return f"\\u{code:04X}"
    kept = 0xD800 <= code <= 0xDFFF or unicode.is_print(char)  # a byte that is not UTF-8 stays as it is
    return char if kept else f"\\u{code:04X}"
