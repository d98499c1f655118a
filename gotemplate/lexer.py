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
from typing import Final, NamedTuple

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

_SPACE: Final = r"[ \t\r\n]"
_NUMBER: Final = r"""(?>[+-]?(?>
    0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
  | 0[oO][0-7_]*(?:\.[0-7_]*)?
  | 0[bB][01_]*(?:\.[01_]*)?
  | [0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?
)i?)"""
_ALPHANUMERIC_NEXT: Final = r"[0-9A-Za-z_\x80-\xff]"

_ITEM: Final = r"""
    {space}-{right}{space}*+
  | {right}
  | {space}+(?={space}-{right})
  | {space}++
  | \.(?=[ \t\r\n.,|:)(]|(?![0-9]){right})
  | \.[A-Za-z_][0-9A-Za-z_]*+(?![\x80-\xff]){terminator}
  | [A-Za-z_][0-9A-Za-z_]*+(?![\x80-\xff]){terminator}
  | [()|=!\#%&*,/;<>?@\[\\\]^{{}}~]
  | `[^`]*+`
  | \$(?:{terminator}|[0-9A-Za-z_]++(?![\x80-\xff]){terminator})
  | "(?:[^"\\\n]++|\\[^\n])*+"
  | :=
  | (?=[+\-0-9]|\.[0-9]){number}(?=[+-]){number}(?<=i)(?!{alphanumeric})
  | (?=[+\-0-9]|\.[0-9]){number}(?!{alphanumeric}|[+-])
  | '(?:[^'\\\n]++|\\[^\n])*+'
  |
"""
"""One item inside an action, or nothing where there is none: what is wrong there, or is no ASCII, takes a closer look."""

_KINDS: Final = {
    **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", "Identifier"),
    **dict.fromkeys("!#%&*,/;<>?@[\\]^{}~", "Char"),
    **dict.fromkeys("+-0123456789", "Number"),
    **dict.fromkeys(SPACES, "Space"),
    "$": "Variable",
    "'": "CharConstant",
    "(": "LeftParen",
    ")": "RightParen",
    ".": "Field",
    ":": "Declare",
    "=": "Assign",
    '"': "String",
    "`": "RawString",
    "|": "Pipe",
}
"""The kinds of items by their first character, but for the few that ``_kind_of`` knows."""


class _Patterns(NamedTuple):
    """What depends on the delimiters: a left delimiter with its marker and the start of a comment, an item, a word's end."""

    opening: re.Pattern[str]
    item: re.Pattern[str]
    terminator: re.Pattern[str]


@lru_cache(maxsize=64)
def _patterns(left: str, right: str) -> _Patterns:
    left, right = _literal(left), _literal(right)
    terminator = f"(?=[ \\t\\r\\n.,|:)(]|{right}|\\Z)"
    item = _ITEM.format(
        right=right, space=_SPACE, terminator=terminator, number=_NUMBER, alphanumeric=_ALPHANUMERIC_NEXT
    )
    return _Patterns(re.compile(f"{left}(-{_SPACE})?(/\\*)?"), re.compile(item, re.VERBOSE), re.compile(terminator))


def _literal(text: str) -> str:
    return "".join(f"\\x{ord(char):02x}" for char in text)


_NUMBER_PATTERN: Final = re.compile(_NUMBER, re.VERBOSE)


def as_bytes(text: str) -> str:
    """Return the text with one character for each byte of its UTF-8 form; ASCII text is returned as it is."""
    return text if text.isascii() else utf8.to_bytes(text).decode("latin-1")


def as_text(data: str) -> str:
    """Undo ``as_bytes``; bytes that are not UTF-8 come out as surrogate escapes."""
    return data if data.isascii() else utf8.from_bytes(data.encode("latin-1"))


_DEEPER: Final = {"LeftParen": 1, "RightParen": -1}
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
    lexer.known |= {
        word: kind for word, kind in KEYWORDS.items() if not (word in ("break", "continue") and word in functions)
    }
    lexer.known.pop(lexer.right, None)
    return lexer.run()


class _Refusal(Exception):  # noqa: N818 - becomes an item
    """The text cannot be split further; the message is Go's."""


class _Lexer:
    """The state of one scan. Positions and texts are those of the byte form of the template until an item is stored."""

    def __init__(self, text: str, left: str, right: str, *, comments: bool) -> None:
        self.input = as_bytes(text)
        self.left = as_bytes(left)
        self.right = as_bytes(right)
        self.trimming = f"-{self.right}"
        self.comments = comments
        self.items: list[Item] = []
        self.pos = 0
        self.line = 1
        self.opening, self.item, self.terminator = _patterns(self.left, self.right)
        self.known = {" ": "Space"}
        """The kinds of items that have been met: those that are nothing but one of their kind, on one line."""

    def run(self) -> list[Item]:
        """Alternate between text and actions until the input ends or is refused."""
        try:
            while opening := self.text():
                if opening.lastindex == 2:
                    self.comment(opening)
                else:
                    self.action(opening)
        except _Refusal as refusal:
            return [*self.readable(), ("Error", self.pos, str(refusal), self.line)]
        return self.readable()

    def readable(self) -> list[Item]:
        """Return the items with their texts turned back from bytes to characters."""
        if self.input.isascii() and self.right.isascii():
            return self.items
        return [(kind, pos, as_text(text), line) for kind, pos, text, line in self.items]

    def text(self) -> re.Match[str] | None:
        """Store the text up to the next left delimiter, trimmed as the delimiter says; return what opens there."""
        opening = self.opening.search(self.input, self.pos)
        end = opening.start() if opening else len(self.input)
        if end > self.pos:
            text = self.input[self.pos : end]
            shown = text.rstrip(SPACES) if opening and opening[1] else text
            if shown:
                self.items.append(("Text", self.pos, shown, self.line))
            self.line += text.count("\n")
            self.pos = end
        if opening is None:
            self.items.append(("EOF", end, "", self.line))
        return opening

    def comment(self, opening: re.Match[str]) -> None:
        """Pass a comment with its delimiters. A newline in a delimiter counts as a line only here, as in Go."""
        source, self.pos = self.input, opening.start(2)
        self.line += source.count("\n", opening.start(), self.pos)
        end = source.find("*/", self.pos + 2) + 2
        if end < 2:
            raise _Refusal("unclosed comment")
        closing = self.item.match(source, end)
        if closing is None or not self.is_right_delim(closing[0]):
            raise _Refusal("comment ends before closing delimiter")
        if self.comments:
            self.items.append(("Comment", self.pos, source[self.pos : end], self.line))
        self.line += source.count("\n", self.pos, closing.end())
        self.pos = closing.end()

    def action(self, opening: re.Match[str]) -> None:
        """Store the items of an action from its left delimiter up to and with the right one."""
        match, source, known = self.item.match, self.input, self.known
        append, pos, line, depth = self.items.append, opening.end(), self.line, 0
        append(("LeftDelim", self.pos, self.left, line))
        if opening.lastindex:
            line += source[pos - 1] == "\n"
        while True:
            text = match(source, pos)[0]  # type: ignore[index]  # it matches, if only nothing
            kind = known.get(text)
            if kind is None:
                self.pos, self.line = pos, line
                if self.is_right_delim(text):
                    return self.right_delim(text, depth)
                kind, text = self.new_item(text)
                if kind in _DEEPER:
                    depth += _DEEPER[kind]
                    if depth < 0:
                        raise _Refusal("unexpected right paren")
                elif "\n" not in text:
                    known[text] = kind
                append((kind, pos, text, line))
                line += text.count("\n")
            else:
                append((kind, pos, text, line))
            pos += len(text)

    def is_right_delim(self, text: str) -> bool:
        """Report whether an item is a right delimiter, with its trim marker and what that removes or without."""
        return text == self.right or (text.startswith(self.trimming, 1) and text[0] in SPACES)

    def right_delim(self, text: str, depth: int) -> None:
        """Store a right delimiter and pass what its trim marker removes."""
        if depth:
            raise _Refusal("unclosed left paren")
        pos, line, after = self.pos, self.line, self.pos + len(text)
        if text != self.right:
            pos += 2
            line += text[0] == "\n"
        self.items.append(("RightDelim", pos, self.right, line))
        self.line = line + self.input.count("\n", pos + len(self.right), after)
        self.pos = after

    def new_item(self, text: str) -> tuple[str, str]:
        """Return the kind and text of an item at the current position that may stand for more than its kind."""
        if text == ".":
            return "Dot", text
        if text[:1] in _KINDS:
            kind = _KINDS[text[0]]
            number = kind == "Number" or (kind == "Field" and text[1].isdecimal())
            return (_kind_of_number(text) if number else kind), text
        kind, end = self.irregular_item()
        text = self.input[self.pos : end]
        return self.known.get(text, kind) if kind == "Identifier" else kind, text

    def irregular_item(self) -> tuple[str, int]:
        """Return the kind and end of an item outside the pattern (a word that is not ASCII), or raise what is wrong."""
        char, _ = self.rune(self.pos)
        if char in _UNFINISHED:
            raise _Refusal(_UNFINISHED[char])
        if char == "$":
            return "Variable", self.word_end(self.pos + 1)
        if char == "." and self.input[self.pos + 1 :] and not self.input[self.pos + 1].isdecimal():
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


def _kind_of_number(text: str) -> str:
    return "Number" if _NUMBER_PATTERN.fullmatch(text) else "Complex"


def _is_alphanumeric(char: str) -> bool:
    return char == "_" or (char != "" and (unicode.is_letter(char) or unicode.is_digit(char)))


def _code_point(char: str) -> str:
    """Return a character as ``%#U`` prints it."""
    number = f"U+{ord(char):04X}"
    return f"{number} '{char}'" if unicode.is_print(char) else number
