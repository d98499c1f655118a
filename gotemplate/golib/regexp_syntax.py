"""The syntax of Go's regular expressions: checked as Go checks it, and translated for another engine.

What Go refuses (backreferences, lookaround, nested repetition, sizes) is refused here, with its words. What it accepts
comes out as an equal pattern of plain groups, explicit classes and anchors, with flags and case folding spelled out,
that means the same to Python's ``re`` and to RE2.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from gotemplate.golib import regexp_class, utf8
from gotemplate.golib.regexp_class import Ranges

MAX_REPEAT: Final = 1000
"""Go refuses a repeat count above this, nested counts multiplied."""
MAX_HEIGHT: Final = 1000
MAX_SIZE: Final = (128 << 20) // 40
"""Go refuses an expression whose program would not fit 128 MB, at 40 bytes an instruction."""

_CAPTURE_NAME: Final = re.compile(r"[A-Za-z0-9_]+")
_REPEAT: Final = re.compile(r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}")
_CONTROL: Final = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_OCTAL: Final = re.compile(r"[0-7]{1,3}")
_HEX: Final = frozenset("0123456789abcdefABCDEF")


class SyntaxError(ValueError):
    """An expression Go does not compile: ``error parsing regexp: CODE: `EXPR```."""

    def __init__(self, code: str, expr: str) -> None:
        super().__init__(f"error parsing regexp: {code}: `{expr}`")
        self.code = code
        self.expr = expr


class Flags(NamedTuple):
    """What ``(?imsU)`` switches."""

    fold: bool = False
    multiline: bool = False
    dot_all: bool = False
    ungreedy: bool = False


class Piece(NamedTuple):
    """A translated part: its pattern, whether a repetition can follow it as it is, and the sizes that Go limits."""

    text: str
    atom: bool = True
    repeats: int = 1
    height: int = 1
    size: int = 1


class _Group:
    """An open parenthesis (or the whole expression): finished alternatives and the pieces of the current one."""

    def __init__(self, opening: str, flags: Flags) -> None:
        self.opening = opening
        self.flags = flags
        self.alternatives: list[Piece] = []
        self.pieces: list[Piece] = []

    def close_alternative(self) -> None:
        self.alternatives.append(_joined(self.pieces, "", 0))
        self.pieces = []

    def closed(self) -> Piece:
        self.close_alternative()
        inner = _joined(self.alternatives, "|", len(self.alternatives) - 1)
        captures = self.opening == "("
        return Piece(
            f"{self.opening}{inner.text})", True, inner.repeats, inner.height + captures, inner.size + 2 * captures
        )


def _joined(pieces: list[Piece], separator: str, extra: int) -> Piece:
    if not pieces:
        return Piece("", False)
    height = max(piece.height for piece in pieces)
    return Piece(
        separator.join(piece.text for piece in pieces),
        False,
        max(piece.repeats for piece in pieces),
        height + (len(pieces) > 1 and (height > 1 or bool(separator))),
        sum(piece.size for piece in pieces) + extra,
    )


class Translation(NamedTuple):
    """A checked expression: the equal pattern and the names of its groups (empty for none, the whole match first)."""

    pattern: str
    names: tuple[str, ...]


class Dialect(NamedTuple):
    """How an engine writes what they write differently."""

    code_point: Callable[[int], str]
    end: str
    word: str
    not_word: str
    line_start: str
    line_end: str
    nothing: str


PYTHON: Final = Dialect(lambda code: f"\\U{code:08x}", r"\Z", r"(?a:\b)", r"(?!(?a:\b))", "(?m:^)", "(?m:$)", "(?!)")
RE2: Final = Dialect(lambda code: f"\\x{{{code:x}}}", r"\z", r"\b", r"\B", "(?m:^)", "(?m:$)", r"[^\x{0}-\x{10ffff}]")


def translate(expr: str, dialect: Dialect) -> Translation:
    """Check an expression and write it for an engine. Raises SyntaxError with Go's text."""
    return _Parser(expr, dialect).parse()


class _Parser:
    def __init__(self, expr: str, dialect: Dialect) -> None:
        self.expr = utf8.canonical(expr)
        self.dialect = dialect
        self.at = 0
        self.flags = Flags()
        self.names = [""]
        self.groups = [_Group("", self.flags)]
        self.last_repeat = -1

    def parse(self) -> Translation:
        while self.at < len(self.expr):
            repeat_at = -1
            char = self.expr[self.at]
            if char in "*+?" or (char == "{" and _REPEAT.match(self.expr, self.at)):
                repeat_at = self.at
                self.repeat()
            else:
                self.element(char)
            self.last_repeat = repeat_at
        if len(self.groups) > 1:
            raise SyntaxError("missing closing )", self.expr)
        return Translation(self.groups[0].closed().text.removesuffix(")"), tuple(self.names))

    def element(self, char: str) -> None:
        """Read one element that is no repetition."""
        if char == "(":
            self.open_group()
        elif char == ")":
            self.close_group()
        elif char == "|":
            self.groups[-1].close_alternative()
            self.at += 1
        elif char == "[":
            self.push_class(self.bracket())
        elif char == "\\":
            self.escape()
        elif char in "^$.":
            self.at += 1
            self.push(self.anchor(char))
        else:
            self.literal(self.next_rune())

    # Pieces

    def push(self, text: str) -> None:
        self.groups[-1].pieces.append(Piece(text, text[:1] in "[\\" and len(text) != 2))

    def push_class(self, ranges: Ranges) -> None:
        self.push(self.written_class(ranges))

    def written_class(self, ranges: Ranges) -> str:
        if not ranges:
            return self.dialect.nothing
        point = self.dialect.code_point
        parts = [point(first) if first == last else f"{point(first)}-{point(last)}" for first, last in ranges]
        return f"[{''.join(parts)}]"

    def literal(self, char: str) -> None:
        code = ord(char)
        if self.flags.fold:
            ranges = regexp_class.folded(((code, code),))
            if ranges != ((code, code),):
                self.push_class(ranges)
                return
        plain = char.isascii() and (char.isalnum() or char in " _-/:,;=@%&<>\"'~`!")
        text = char if plain or code > 0x7F else self.dialect.code_point(code)
        self.groups[-1].pieces.append(Piece(text))

    def anchor(self, char: str) -> str:
        if char == ".":
            whole = ((0, utf8.MAX_RUNE),)
            return self.written_class(whole if self.flags.dot_all else regexp_class.negated(((10, 10),)))
        if char == "^":
            return self.dialect.line_start if self.flags.multiline else r"\A"
        return self.dialect.line_end if self.flags.multiline else self.dialect.end

    def next_rune(self) -> str:
        char = self.expr[self.at : self.at + 1]
        if "\ud800" <= char <= "\udfff":
            raise SyntaxError("invalid UTF-8", self.expr[self.at :])
        self.at += 1
        return char

    # Groups

    def open_group(self) -> None:
        if self.expr.startswith("(?", self.at):
            self.perl_group()
            return
        self.at += 1
        self.names.append("")
        self.groups.append(_Group("(", self.flags))

    def perl_group(self) -> None:
        rest = len(self.expr) - self.at
        if rest > 4 and self.expr.startswith("(?P<", self.at):
            self.named_group(self.at + 4)
        elif rest > 3 and self.expr.startswith("(?<", self.at):
            self.named_group(self.at + 3)
        else:
            self.flag_group()

    def named_group(self, start: int) -> None:
        end = self.expr.find(">", start)
        if end < 0:
            self.check_utf8(self.expr[self.at :])
            raise SyntaxError("invalid named capture", self.expr[self.at :])
        name = self.expr[start:end]
        self.check_utf8(name)
        if not _CAPTURE_NAME.fullmatch(name):
            raise SyntaxError("invalid named capture", self.expr[self.at : end + 1])
        self.at = end + 1
        self.names.append(name)
        self.groups.append(_Group("(", self.flags))

    def check_utf8(self, text: str) -> None:
        for at, char in enumerate(text):
            if "\ud800" <= char <= "\udfff":
                raise SyntaxError("invalid UTF-8", text[at:])

    def flag_group(self) -> None:
        start, self.at = self.at, self.at + 2
        flags, negative, seen = self.flags, False, False
        names = {"i": "fold", "m": "multiline", "s": "dot_all", "U": "ungreedy"}
        while self.at < len(self.expr):
            char = self.next_rune()
            if char in names:
                flags, seen = flags._replace(**{names[char]: not negative}), True
            elif char == "-" and not negative:
                negative, seen = True, False
            elif char in ":)" and (seen or not negative):
                if char == ":":
                    self.groups.append(_Group("(?:", self.flags))
                self.flags = flags
                return
            else:
                break
        raise SyntaxError("invalid or unsupported Perl syntax", self.expr[start : self.at])

    def close_group(self) -> None:
        if len(self.groups) == 1:
            raise SyntaxError("unexpected )", self.expr)
        group = self.groups.pop()
        self.flags = group.flags
        self.at += 1
        piece = group.closed()
        self.check_limits(piece)
        self.groups[-1].pieces.append(piece)

    # Repetition

    def repeat(self) -> None:
        start = self.at
        least, most, counted = self.repeat_counts()
        lazy = self.expr.startswith("?", self.at)
        self.at += lazy
        text = self.expr[start : self.at]
        if self.last_repeat >= 0:
            raise SyntaxError("invalid nested repetition operator", self.expr[self.last_repeat : self.at])
        pieces = self.groups[-1].pieces
        if not pieces:
            raise SyntaxError("missing argument to repetition operator", text)
        piece = self.repeated(pieces.pop(), least, most, lazy=lazy != self.flags.ungreedy, counted=counted)
        self.check_limits(piece)
        if counted and (least >= 2 or most >= 2) and piece.repeats > MAX_REPEAT:
            raise SyntaxError("invalid repeat count", text)
        pieces.append(piece)

    def repeat_counts(self) -> tuple[int, int, bool]:
        """Consume a repetition operator; returns its least and greatest count (-1: none), and whether it is counted."""
        char = self.expr[self.at]
        if char in "*+?":
            self.at += 1
            return *{"*": (0, -1), "+": (1, -1), "?": (0, 1)}[char], False
        match = _REPEAT.match(self.expr, self.at)
        assert match is not None  # the caller looked
        least, most = match[1], match[3] if match[2] else match[1]
        too_long = len(least) > 4 or len(most or "") > 4
        if too_long or int(least) > MAX_REPEAT or (most and not int(least) <= int(most) <= MAX_REPEAT):
            raise SyntaxError("invalid repeat count", match.group())
        self.at = match.end()
        return int(least), int(most) if most else -1, True

    def repeated(self, piece: Piece, least: int, most: int, *, lazy: bool, counted: bool) -> Piece:
        text = piece.text if piece.atom else f"(?:{piece.text})"
        mark = {(0, -1): "*", (1, -1): "+", (0, 1): "?"}.get((least, most))
        if mark is None:
            mark = f"{{{least}}}" if least == most else f"{{{least},{'' if most < 0 else most}}}"
        factor = (least if most < 0 else most) if counted else 1
        repeats = 0 if counted and most == 0 else (factor or 1) * piece.repeats
        size = piece.size * max(least, most) + max(most - least, 0) if most >= 0 else 2 + max(least, 1) * piece.size
        # Each repetition in a group of its own: another engine knows a++ and a{2}{3} otherwise.
        return Piece(f"(?:{text}{mark}{'?' * lazy})", True, repeats, piece.height + 1, max(size, 1))

    def check_limits(self, piece: Piece) -> None:
        if piece.size > MAX_SIZE:
            raise SyntaxError("expression too large", self.expr)
        if piece.height > MAX_HEIGHT:
            raise SyntaxError("expression nests too deeply", self.expr)

    # Escapes and classes

    def escape(self) -> None:
        letter = self.expr[self.at + 1 : self.at + 2]
        simple = {"A": r"\A", "b": self.dialect.word, "B": self.dialect.not_word, "z": self.dialect.end}
        if letter in simple:
            self.at += 2
            self.push(simple[letter])
        elif letter == "C":
            raise SyntaxError("invalid escape sequence", r"\C")
        elif letter == "Q":
            self.quoted()
        else:
            ranges = self.class_escape()
            if ranges is None:
                self.literal(chr(self.escaped_rune()))
            else:
                self.push_class(ranges)

    def quoted(self) -> None:
        end = self.expr.find(r"\E", self.at + 2)
        stop = len(self.expr) if end < 0 else end
        self.at += 2
        while self.at < stop:
            self.literal(self.next_rune())
        self.at = len(self.expr) if end < 0 else end + 2

    def class_escape(self) -> Ranges | None:
        """Consume ``\\d``, ``\\pN`` and the like; None when there is another escape."""
        letter = self.expr[self.at + 1 : self.at + 2]
        if self.expr[self.at] != "\\" or not letter:
            return None
        if letter in "pP":
            return self.unicode_class(negative=letter == "P")
        ranges = regexp_class.PERL.get(letter.lower())
        if ranges is None:
            return None
        self.at += 2
        return self.group_class(ranges, negative=letter.isupper())

    def group_class(self, ranges: Ranges, *, negative: bool) -> Ranges:
        if self.flags.fold:
            ranges = regexp_class.folded(ranges)
        return regexp_class.negated(ranges) if negative else ranges

    def unicode_class(self, *, negative: bool) -> Ranges:
        start, self.at = self.at, self.at + 2
        name = self.next_rune() if self.at < len(self.expr) else ""
        if name == "{":
            end = self.expr.find("}", start)
            if end < 0:
                self.check_utf8(self.expr[start:])
                raise SyntaxError("invalid character class range", self.expr[start:])
            name, self.at = self.expr[self.at : end], end + 1
            self.check_utf8(name)
        if name.startswith("^"):
            negative, name = not negative, name[1:]
        ranges = regexp_class.named(name)
        if ranges is None:
            raise SyntaxError("invalid character class range", self.expr[start : self.at])
        return self.group_class(ranges, negative=negative)

    def bracket(self) -> Ranges:
        start, self.at = self.at, self.at + 1
        negative = self.expr.startswith("^", self.at)
        self.at += negative
        found: list[tuple[int, int]] = []
        first = True
        while first or not self.expr.startswith("]", self.at):
            first = False
            ranges = self.posix_class()
            if ranges is None and self.at < len(self.expr):
                ranges = self.class_escape()
            found.extend(self.class_range(start) if ranges is None else ranges)
        self.at += 1
        ranges = regexp_class.union(found)
        return regexp_class.negated(ranges) if negative else ranges

    def posix_class(self) -> Ranges | None:
        end = self.expr.find(":]", self.at + 2)
        if not self.expr.startswith("[:", self.at) or end < 0:
            return None
        name = self.expr[self.at + 2 : end]
        ranges = regexp_class.POSIX.get(name.removeprefix("^"))
        if ranges is None:
            raise SyntaxError("invalid character class range", self.expr[self.at : end + 2])
        self.at = end + 2
        return self.group_class(ranges, negative=name.startswith("^"))

    def class_range(self, start: int) -> Ranges:
        begin = self.at
        first = last = self.class_rune(start)
        if self.expr.startswith("-", self.at) and self.expr[self.at + 1 : self.at + 2] not in ("", "]"):
            self.at += 1
            last = self.class_rune(start)
            if last < first:
                raise SyntaxError("invalid character class range", self.expr[begin : self.at])
        return regexp_class.folded(((first, last),)) if self.flags.fold else ((first, last),)

    def class_rune(self, start: int) -> int:
        if self.at >= len(self.expr):
            raise SyntaxError("missing closing ]", self.expr[start:])
        return self.escaped_rune() if self.expr[self.at] == "\\" else ord(self.next_rune())

    def escaped_rune(self) -> int:
        """Consume an escape that stands for one character."""
        start, self.at = self.at, self.at + 1
        if self.at == len(self.expr):
            raise SyntaxError("trailing backslash at end of expression", "")
        char = self.next_rune()
        if char in "01234567":
            octal = _OCTAL.match(self.expr, self.at - 1)
            if octal is not None and (char == "0" or len(octal.group()) > 1):
                self.at = octal.end()
                return int(octal.group(), 8)
        elif char == "x":
            code = self.hexadecimal()
            if code is not None:
                return code
        elif char in _CONTROL:
            return _CONTROL[char]
        elif char.isascii() and not char.isalnum():
            return ord(char)
        raise SyntaxError("invalid escape sequence", self.expr[start : self.at])

    def hexadecimal(self) -> int | None:
        """Consume what follows ``\\x``; None when it is no number, with the offending character consumed as in Go."""
        char = self.next_rune()
        if char != "{":
            second = self.next_rune() if char else ""
            return int(char + second, 16) if char in _HEX and second in _HEX else None
        code, count = 0, 0
        while True:
            char = self.next_rune()
            if char == "}":
                return code if count else None
            if char not in _HEX:
                return None
            code, count = code * 16 + int(char, 16), count + 1
            if code > utf8.MAX_RUNE:
                return None
