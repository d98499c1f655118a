"""The terminals of an ordinary text, read in one pass: a way around ``lexer`` for nearly all texts.

Between their delimiters they have nothing but ASCII words, strings, plain numbers and parentheses, with blanks where they
belong. Those are read here, a word with the blanks before it at a time, in half the time that items and their terminals
take. Anything else, be it right or wrong, is left to ``lexer`` and ``terminals``, which know the whole language. What is read
here is what they would have made of it, except that nobody looks here whether parentheses match: the grammar does.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import Final

from gotemplate.lexer import KEYWORDS, SPACES, as_bytes, as_text
from gotemplate.terminals import MAX_PARENTHESES, Terminal

RIGHT_STARTS: Final = frozenset("}]>%")
"""What a right delimiter starts with here: characters that start no word."""

NAMED: Final = frozenset({"block", "define", "template"})
WHOLE: Final = frozenset({"break", "continue", "else", "end"})

_OPENING: Final = r"""
    {left}(?P<trim>-{space})?+
    (?:
        (?P<comment>/\*)
      | {space}*+(?P<keyword>block|break|continue|define|else|end|if|range|template|with)
        (?:(?<=else){space}++(?P<inner>if|with))?+
        (?={space}|{right})
    )?+
"""
_WORD: Final = r"""
    {space}++-{right}{space}*+
  | {space}*+(?:
        \.{name}(?:\.{name})*+{end}
      | {name}{end}
      | [(|,=]
      | `[^`]*+`{end}
      | "(?:[^"\\\n]++|\\[^\n])*+"{end}
      | {right}
      | \)(?:\.{name})*+{end}
      | \$[0-9A-Za-z_]*+(?:\.{name})*+{end}
      | :=
      | \.{end}
      | [+-]?[0-9]++(?:\.[0-9]++)?+{end}
    )
  |
"""
_KINDS: Final = {
    '"': "STRING",
    "(": "LEFT_PAREN",
    ")": "RIGHT_PAREN",
    ",": "COMMA",
    ":": "DECLARE",
    "=": "ASSIGN",
    "`": "STRING",
    "|": "PIPE",
    **dict.fromkeys("+-0123456789", "NUMBER"),
}
"""The terminals of words by their first character, but for those with names in them."""

_NAMES: Final = {"Bool": "BOOL", "Identifier": "FUNCTION", "Nil": "NIL"}

Word = tuple[str, int, str, int]
"""``(terminal, pos, text, mark)``, as in a ``Terminal``, but counted from the first of the blanks before it."""

Right = tuple[int, int, int]
"""A right delimiter: where it begins, counted so, the lines that end before, and the lines that end after that."""


@lru_cache(maxsize=16)
def _patterns(left: str, right: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    space, left, right = r"[ \t\r\n]", re.escape(left), re.escape(right)
    end = rf"(?=[ \t\r\n|),:]|{right})"
    opening = _OPENING.format(left=left, right=right, space=space)
    word = _WORD.format(right=right, space=space, end=end, name="[A-Za-z_][0-9A-Za-z_]*+")
    return re.compile(opening, re.VERBOSE), re.compile(word, re.VERBOSE)


def ordinary_terminals(text: str, left: str, right: str, functions: Container[str]) -> list[Terminal] | None:
    """Return the terminals of a text, the last one ``$END``; None if there is anything in it that is not ordinary."""
    left, right = as_bytes(left or "{{"), as_bytes(right or "}}")
    if right[0] not in RIGHT_STARTS or not set(SPACES).isdisjoint(left + right):
        return None
    if "break" in functions or "continue" in functions or text.count("(") > MAX_PARENTHESES:
        return None
    reader = _Reader(as_bytes(text), left, right)
    try:
        reader.run()
    except _Unusual:
        return None
    if reader.source.isascii():
        return reader.out
    return [(terminal, pos, line, as_text(written), mark) for terminal, pos, line, written, mark in reader.out]


class _Unusual(Exception):  # noqa: N818 - no error: others read on
    """There is something that is not ordinary."""


class _Reader:
    """The state of one reading.

    ``words`` and ``rights`` are the words and right delimiters met before, each with the blanks before it. ``closing`` is a
    terminal that waits for its mark, the position of the item after it.
    """

    def __init__(self, source: str, left: str, right: str) -> None:
        self.source = source
        self.right = right
        self.opening, self.word = _patterns(left, right)
        self.words: dict[str, Word] = {}
        self.rights: dict[str, Right] = {}
        self.out: list[Terminal] = []
        self.closing: tuple[str, int, int, str] | None = None
        self.pos = 0
        self.line = 1

    def run(self) -> None:
        """Alternate between text and actions until the source ends."""
        search, source = self.opening.search, self.source
        while opening := search(source, self.pos):
            trim, comment, keyword, inner = opening.groups()
            self.text(opening.start(), trim=trim is not None)
            if comment:
                self.comment(opening)
            elif keyword in WHOLE and not inner:
                self.whole_action(opening, keyword)
            else:
                self.action(opening, keyword, inner)
        end = len(source)
        self.text(end, trim=False)
        self.item_at(end)
        self.out.append(("$END", end, self.line, "", end))

    def item_at(self, pos: int) -> None:
        """Note where an item starts: the terminal before it may wait for that."""
        if self.closing is not None:
            self.out.append((*self.closing, pos))
            self.closing = None

    def text(self, end: int, *, trim: bool) -> None:
        """Read the text up to an end, and pass it."""
        start = self.pos
        if end > start:
            text = self.source[start:end]
            shown = text.rstrip(SPACES) if trim else text
            if shown:
                self.item_at(start)
                self.out.append(("TEXT", start, self.line, shown, start))
            self.line += text.count("\n")
            self.pos = end

    def comment(self, opening: re.Match[str]) -> None:
        """Pass a comment with its delimiters."""
        end = self.source.find("*/", opening.end()) + 2
        if end < 2 or (self.source[end : end + 1] in SPACES and not self.source.startswith(f"-{self.right}", end + 1)):
            raise _Unusual
        self.line += self.source.count("\n", opening.start(), end)
        self.pos = end
        self.right_delim(self.next_word())

    def whole_action(self, opening: re.Match[str], keyword: str) -> None:
        """Read an action that is nothing but a keyword."""
        self.item_at(self.pos)
        self.pos = opening.end()
        self.line += opening[0].count("\n")
        self.closing = (keyword.upper(), opening.start(3), self.line, keyword)
        self.right_delim(self.next_word())

    def action(self, opening: re.Match[str], keyword: str | None, inner: str | None) -> None:
        """Read an action from its left delimiter up to and with the right one."""
        start, line = self.pos, self.line
        self.item_at(start)
        self.pos = opening.end()
        self.line += opening[0].count("\n")
        if keyword is None:
            self.out.append(("LEFT", start, line, "", start))
        elif inner is None:
            self.out.append((keyword.upper(), start, line, keyword, start))
        else:
            self.out.append((f"ELSE_{inner.upper()}", start, line, keyword, opening.start(4)))
        named = len(self.out)
        whole = self.words_of_action()
        if keyword in NAMED:
            self.name_at(named)
        self.closing = ("RIGHT", *self.right_delim(whole), self.right)

    def name_at(self, index: int) -> None:
        """Make the string that follows a keyword a name."""
        terminal, *rest = self.out[index] if index < len(self.out) else ("",)
        if terminal != "STRING":
            raise _Unusual
        self.out[index] = ("NAME", *rest)  # type: ignore[assignment]

    def words_of_action(self) -> str:
        """Read the words of an action up to its right delimiter, and return that."""
        match, source, words, append = self.word.match, self.source, self.words, self.out.append
        pos, line = self.pos, self.line
        while True:
            whole = match(source, pos)[0]  # type: ignore[index]  # it matches, if only nothing
            word = words.get(whole)
            if word is not None:
                terminal, at, text, mark = word
                append((terminal, pos + at, line, text, pos + mark))
            elif whole in self.rights or self.is_right(whole):
                break
            else:
                terminal, at, text, mark = word = self.new_word(whole)
                line += whole.count("\n", 0, at)
                if terminal == "CHAIN":  # the parenthesis that it touches is part of the word
                    append(("RIGHT_PAREN", pos + at, line, ")", pos + at))
                    at = mark
                elif "\n" not in whole:
                    words[whole] = word
                append((terminal, pos + at, line, text, pos + mark))
                line += text.count("\n")
            pos += len(whole)
        self.pos, self.line = pos, line
        return whole

    def new_word(self, whole: str) -> Word:
        """Return what a word is that was not met before, or that is more than a terminal on one line."""
        text = whole.lstrip(SPACES)
        at = len(whole) - len(text)
        first = text[:1]
        if first == ".":
            return ("DOT" if text == "." else "FIELD"), at, text, at + max(text.find(".", 1), 0)
        if first == "$":
            field = text.find(".")
            return ("VARIABLE" if field < 0 else "VARIABLE_FIELD"), at, text, at + max(field, 0)
        if first == ")" and text != ")":
            return "CHAIN", at, text[1:], at + 1
        terminal = _KINDS.get(first) or _NAMES.get(KEYWORDS.get(text, "Identifier"))
        if not text or terminal is None:
            raise _Unusual
        return terminal, at, text, at

    # Right delimiters

    def is_right(self, whole: str) -> bool:
        """Report whether a word is a right delimiter, with its trim marker or without; if so it is known from now on."""
        text = whole.lstrip(SPACES)
        at = whole.find(self.right)
        if not (text == self.right or text.startswith(f"-{self.right}")):
            return False
        self.rights[whole] = (at, whole.count("\n", 0, at), whole.count("\n", at))
        return True

    def right_delim(self, whole: str) -> tuple[int, int]:
        """Pass a right delimiter and what its trim marker removes; return its position and line."""
        if whole not in self.rights and not self.is_right(whole):
            raise _Unusual
        at, before, after = self.rights[whole]
        pos, line = self.pos + at, self.line + before
        self.pos += len(whole)
        self.line = line + after
        return pos, line

    def next_word(self) -> str:
        """Return the word at the current position with the blanks before it; empty if there is none."""
        return self.word.match(self.source, self.pos)[0]  # type: ignore[index]  # it matches, if only nothing
