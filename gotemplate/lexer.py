"""The items of a template, exactly as Go's lexer splits it: text, delimiters, and the words between them.

Trim markers, comments and any pair of delimiters are this module's business; what the items mean is not. An item is a
plain tuple ``(kind, pos, text, line)``: the kind named as in Go, the position a byte offset in the UTF-8 form of the
template, the text as written, the line from 1. The last item is an ``EOF`` or an ``Error`` whose text is Go's
complaint.

Byte offsets come for free: ASCII text is scanned as it is, other text as the latin-1 reading of its UTF-8 bytes, one
character a byte.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import Final

from gotemplate.golib import unicode, utf8
from gotemplate.golib.quote import quote

Item = tuple[str, int, str, int]
"""``(kind, pos, text, line)``."""

KEYWORDS: Final = {
    "block": "Block",
    "break": "Break",
    "continue": "Continue",
    "define": "Define",
    "else": "Else",
    "end": "End",
    "false": "Bool",
    "if": "If",
    "nil": "Nil",
    "range": "Range",
    "template": "Template",
    "true": "Bool",
    "with": "With",
}
"""The words that name no function; ``break`` and ``continue`` do when there is a function of that name (since 1.18)."""

SPACES: Final = " \t\r\n"
"""What a trim marker needs beside it and removes, and what separates words. Go knows no other space in templates."""

_SPACES: Final = frozenset(SPACES)
_SPACE: Final = r"[ \t\r\n]"
_NUMBER: Final = r"""(?>[+-]?(?>
    0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
  | 0[oO][0-7_]*(?:\.[0-7_]*)?
  | 0[bB][01_]*(?:\.[01_]*)?
  | [0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?
)i?)"""
_ALPHANUMERIC_NEXT: Final = r"[0-9A-Za-z_\x80-\xff]"

_ACTION: Final = r"""
    (?P<TrimRightDelim>{space}-{right})
  | (?P<RightDelim>{right})
  | (?P<Space>{space}+(?={space}-{right})|{space}++)
  | (?P<Dot>\.(?=[ \t\r\n.,|:)(]|(?![0-9]){right}))
  | (?P<Field>\.[A-Za-z_][0-9A-Za-z_]*+(?![\x80-\xff]){terminator})
  | (?P<Variable>\$(?:{terminator}|[0-9A-Za-z_]++(?![\x80-\xff]){terminator}))
  | (?P<Identifier>[A-Za-z_][0-9A-Za-z_]*+(?![\x80-\xff]){terminator})
  | (?P<String>"(?:[^"\\\n]++|\\[^\n])*+")
  | (?P<LeftParen>\()
  | (?P<RightParen>\))
  | (?P<Pipe>\|)
  | (?P<Declare>:=)
  | (?P<Assign>=)
  | (?P<Complex>(?=[+\-0-9]|\.[0-9]){number}(?=[+-]){number}(?<=i)(?!{alphanumeric}))
  | (?P<Number>(?=[+\-0-9]|\.[0-9]|\.\Z){number}(?!{alphanumeric}|[+-]))
  | (?P<RawString>`[^`]*+`)
  | (?P<CharConstant>'(?:[^'\\\n]++|\\[^\n])*+')
  | (?P<Char>[!\#%&*,/;<>?@\[\\\]^{{}}~])
"""


@lru_cache(maxsize=64)
def _action_pattern(right: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of one item inside an action, and that of what may follow a word."""
    terminator = f"(?=[ \\t\\r\\n.,|:)(]|{_literal(right)}|\\Z)"
    action = _ACTION.format(
        right=_literal(right), space=_SPACE, terminator=terminator, number=_NUMBER, alphanumeric=_ALPHANUMERIC_NEXT
    )
    return re.compile(action, re.VERBOSE), re.compile(terminator)


def _literal(text: str) -> str:
    return "".join(f"\\x{ord(char):02x}" for char in text)


_NUMBER_PATTERN: Final = re.compile(_NUMBER, re.VERBOSE)


def as_bytes(text: str) -> str:
    """Return the text with one character for each byte of its UTF-8 form; ASCII text is returned as it is."""
    return text if text.isascii() else utf8.to_bytes(text).decode("latin-1")


def as_text(data: str) -> str:
    """Undo ``as_bytes``; bytes that are not UTF-8 come out as surrogate escapes."""
    return data if data.isascii() else utf8.from_bytes(data.encode("latin-1"))


_SPACE_RUN: Final = re.compile(r"[ \t\r\n]*")
_CLOSING: Final = frozenset({"RightDelim", "TrimRightDelim", "RightParen"})
_MULTILINE: Final = frozenset({"Space", "RawString"})
_UNFINISHED: Final = {
    "": "unclosed action",
    '"': "unterminated quoted string",
    "`": "unterminated raw quoted string",
    "'": "unterminated character constant",
    ":": "expected :=",
}
"""What is wrong at a character that starts no item, by that character."""


def lex(
    text: str, left: str = "", right: str = "", *, functions: Container[str] = (), comments: bool = False
) -> list[Item]:
    """Return all items of a template, the last one an ``EOF`` or an ``Error``.

    Empty delimiters stand for ``{{`` and ``}}``. ``comments`` keeps comments as items, otherwise they leave no trace.
    """
    lexer = _Lexer(text, left or "{{", right or "}}", comments=comments)
    lexer.keywords = {
        word: kind for word, kind in KEYWORDS.items() if not (word in ("break", "continue") and word in functions)
    }
    return lexer.run()


class _Refusal(Exception):  # noqa: N818 - becomes an item
    """The text cannot be split further; the message is Go's."""


class _Lexer:
    """The state of one scan. Positions and texts are those of the byte form of the template until an item is stored."""

    def __init__(self, text: str, left: str, right: str, *, comments: bool) -> None:
        self.input = as_bytes(text)
        self.left = as_bytes(left)
        self.right = as_bytes(right)
        self.comments = comments
        self.keywords = KEYWORDS
        self.items: list[Item] = []
        self.pos = 0
        self.line = 1
        self.action, self.terminator = _action_pattern(self.right)

    def run(self) -> list[Item]:
        """Alternate between text and actions until the input ends or is refused."""
        try:
            while self.text():
                if not self.comment():
                    self.inside_action()
        except _Refusal as refusal:
            return [*self.readable(), ("Error", self.pos, str(refusal), self.line)]
        return self.readable()

    def readable(self) -> list[Item]:
        """Return the items with their texts turned back from bytes to characters."""
        if self.input.isascii() and self.right.isascii():
            return self.items
        return [(kind, pos, as_text(text), line) for kind, pos, text, line in self.items]

    def text(self) -> bool:
        """Store the text up to the next left delimiter, trimmed as the delimiter says; false when there is none."""
        source, start = self.input, self.pos
        at = source.find(self.left, start)
        if at < 0:
            self.store_text(source[start:])
            self.line += source.count("\n", start)
            self.items.append(("EOF", len(source), "", self.line))
            return False
        if at > start:
            text = source[start:at]
            self.store_text(text.rstrip(SPACES) if self.has_left_marker(at + len(self.left)) else text)
            self.line += text.count("\n")
            self.pos = at
        return True

    def store_text(self, text: str) -> None:
        """Store a text item at the current position unless it is empty."""
        if text:
            self.items.append(("Text", self.pos, text, self.line))

    def has_left_marker(self, at: int) -> bool:
        """Report whether a left trim marker, a minus before a space, is there."""
        return self.input[at : at + 1] == "-" and self.input[at + 1 : at + 2] in _SPACES

    def has_right_marker(self, at: int) -> bool:
        """Report whether a right trim marker, a minus after a space, is there with its delimiter."""
        return self.input[at : at + 1] in _SPACES and self.input.startswith("-" + self.right, at + 1)

    def comment(self) -> bool:
        """Pass the left delimiter; if a comment follows, pass that too and report true.

        A newline in a delimiter counts as a line only beside a comment, as in Go.
        """
        start, after = self.pos, self.pos + len(self.left)
        marker = 2 if self.has_left_marker(after) else 0
        if not self.input.startswith("/*", after + marker):
            self.items.append(("LeftDelim", start, self.left, self.line))
            self.line += self.input.count("\n", after, after + marker)
            self.pos = after + marker
            return False
        self.line += self.input.count("\n", start, after + marker)
        self.pos = after + marker
        self.close_comment()
        return True

    def close_comment(self) -> None:
        """Pass a comment, whose start is the current position, and the right delimiter."""
        source, start = self.input, self.pos
        end = source.find("*/", start + 2) + 2
        if end < 2:
            raise _Refusal("unclosed comment")
        trim = self.has_right_marker(end)
        if not trim and not source.startswith(self.right, end):
            raise _Refusal("comment ends before closing delimiter")
        if self.comments:
            self.items.append(("Comment", start, source[start:end], self.line))
        after = end + 2 * trim + len(self.right)
        self.pos = self.trimmed(after) if trim else after
        self.line += source.count("\n", start, self.pos)

    def trimmed(self, at: int) -> int:
        """Return the position after the spaces that start at a position."""
        found = _SPACE_RUN.match(self.input, at)
        return found.end() if found else at

    def inside_action(self) -> None:
        """Store the items from after a left delimiter up to and with the right one."""
        match, source, keywords = self.action.match, self.input, self.keywords
        append, pos, line, depth = self.items.append, self.pos, self.line, 0
        while True:
            found = match(source, pos)
            if found is None:
                self.pos, self.line = pos, line
                kind, end = self.irregular_item()
                text = source[pos:end]
            else:
                kind, text, end = found.lastgroup or "", found[0], found.end()
            if kind == "Identifier":
                kind = keywords.get(text, kind)
            elif kind in _CLOSING:
                self.pos, self.line = pos, line
                if kind != "RightParen":
                    return self.right_delim(depth, trim=kind == "TrimRightDelim")
                if depth == 0:
                    raise _Refusal("unexpected right paren")
                depth -= 1
            elif kind == "LeftParen":
                depth += 1
            append((kind, pos, text, line))
            if text != " " and kind in _MULTILINE:
                line += text.count("\n")
            pos = end

    def right_delim(self, depth: int, *, trim: bool) -> None:
        """Store the right delimiter and pass the space that its trim marker removes."""
        if depth:
            raise _Refusal("unclosed left paren")
        if trim:
            self.line += self.input[self.pos] == "\n"
            self.pos += 2
        self.items.append(("RightDelim", self.pos, self.right, self.line))
        self.pos += len(self.right)
        if trim:
            end = self.trimmed(self.pos)
            self.line += self.input.count("\n", self.pos, end)
            self.pos = end

    def irregular_item(self) -> tuple[str, int]:
        """Return the kind and end of an item outside the pattern (a word that is not ASCII), or raise what is wrong."""
        char, _ = self.rune(self.pos)
        if char in _UNFINISHED:
            raise _Refusal(_UNFINISHED[char])
        if char == "$":
            return "Variable", self.word_end(self.pos + 1)
        if char == "." and not self.input[self.pos + 1 : self.pos + 2].isdecimal():
            return "Field", self.word_end(self.pos + 1)
        if char in "+-.0123456789":
            return self.number()
        if _is_alphanumeric(char):
            return "Identifier", self.word_end(self.pos)
        raise _Refusal(f"unrecognized character in action: {_code_point(char)}")

    def word_end(self, at: int) -> int:
        """Return where the letters and digits end that start at a position; raise if no word may end there."""
        char, width = self.rune(at)
        while _is_alphanumeric(char):
            at += width
            char, width = self.rune(at)
        if not self.terminator.match(self.input, at):
            raise _Refusal(f"bad character {_code_point(char)}")
        return at

    def number(self) -> tuple[str, int]:
        """Return the kind and end of a number before a character outside ASCII, or raise what is wrong with it."""
        end = self.number_end(self.pos)
        if self.input[end : end + 1] not in ("+", "-"):
            return "Number", end
        end = self.number_end(end)
        if self.input[end - 1] != "i":
            raise self.bad_number(end)
        return "Complex", end

    def number_end(self, at: int) -> int:
        """Return the end of the simple number at a position."""
        found = _NUMBER_PATTERN.match(self.input, at)
        end = found.end() if found else at
        char, width = self.rune(end)
        if _is_alphanumeric(char):
            raise self.bad_number(end + width)
        return end

    def bad_number(self, end: int) -> _Refusal:
        """Return the refusal of the number that starts at the current position."""
        return _Refusal(f"bad number syntax: {quote(as_text(self.input[self.pos : end]))}")

    def rune(self, at: int) -> tuple[str, int]:
        """Return the character at a position and its bytes: U+FFFD and 1 for an invalid byte, empty at the end."""
        if self.input[at : at + 1].isascii():
            return self.input[at : at + 1], 1
        for width in (2, 3, 4):
            char = as_text(self.input[at : at + width])
            if len(char) == 1 and not "\udc80" <= char <= "\udcff":
                return char, width
        return "\ufffd", 1


def _is_alphanumeric(char: str) -> bool:
    return char == "_" or (char != "" and (unicode.is_letter(char) or unicode.is_digit(char)))


def _code_point(char: str) -> str:
    """Return a character as ``%#U`` prints it."""
    number = f"U+{ord(char):04X}"
    return f"{number} '{char}'" if unicode.is_print(char) else number
