"""The events of a YAML text as yaml.v2's parser would report them, and its syntax errors.

libyaml reads the text (through PyYAML). yaml.v2 descends from an older libyaml; the few places where the newer one
reads flow collections, escapes, byte order marks and directives differently are put right here: by looking at the events,
and by giving libyaml other characters (stand-ins) for those that it would not take as yaml.v2 does.
"""

import re
from contextlib import suppress
from typing import Any, Final

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.reader import ReaderError
from yaml.scanner import ScannerError

from webhook.kube.yaml_dialects import MAX_DEPTH, Dialect, YamlError

CONVERT_PREFIX: Final = "error converting YAML to JSON: "
SYNTAX_PREFIX: Final = CONVERT_PREFIX + "yaml: "

_UNEXPECTED_COLON: Final = "found unexpected ':'"
_BOM: Final = "\ufeff"
_BACKSLASH: Final = "\\"
_TOO_DEEP: Final = "exceeded maximum nesting depth"
_FLOW_END: Final = re.compile("[?]")
_OLD_FLOW_END: Final = re.compile("[?:]")
_BREAK: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_ESCAPED_QUOTE: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\(?=')")
_CHUNK: Final = 512
_BUFFER: Final = 16384
"""Size of libyaml's own buffer; what it asks for is what there is room for, behind the rest of a character."""
_TAG_DIRECTIVE: Final = re.compile(rb"(?:[\r\n]|\xc2\x85|\xe2\x80[\xa8\xa9])%TAG")
_MAX_TAG_DIRECTIVES: Final = 1000
"""libyaml compares each with all before it."""
_MAX_COLONS: Final = 64
"""How often a text is read again for the sake of one more ``{a:}``; each time costs a pass."""


class _Chunks:
    """A text as Go's library takes it in, 512 bytes at a time: it does not object to characters further on than it has come."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read(self, size: int = _BUFFER) -> bytes:
        start = self._at
        self._at += _CHUNK - (_BUFFER - size)
        return self._data[start : self._at]


class EventSource:
    """Hands out events one by one; ``next`` raises YamlError with Go's text."""

    def __init__(self, text: str | bytes, dialect: Dialect) -> None:
        self._dialect = dialect
        self._stand_ins: dict[str, str] = {}
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else _as_utf8(text)
        if b"%TAG" in data and len(_TAG_DIRECTIVE.findall(data)) > _MAX_TAG_DIRECTIVES:
            raise YamlError(SYNTAX_PREFIX, f"exceeded {_MAX_TAG_DIRECTIVES} %TAG directives")
        self._data = self._with_stand_ins(data)
        self._parser = CParser(_Chunks(self._data or b"\n"))
        self._delivered = 0
        self._colons = 0
        self._closers: list[str] = []
        unusual = b"?" in self._data or b"%YAML" in self._data or self._stand_ins
        self._watched = bool(unusual or dialect.flow_colon_is_error)

    def next(self) -> Any:
        """The next event, an instance of a class of ``yaml.events``."""
        try:
            event = self._parser.get_event()
        except MarkedYAMLError as error:
            event = self._recovered(error)
        except ReaderError as error:
            raise YamlError(SYNTAX_PREFIX, str(error.reason)) from None
        except YAMLError as error:
            raise YamlError(SYNTAX_PREFIX, str(error)) from None
        self._delivered += 1
        if self._watched:
            self._check(event)
        return event

    def _recovered(self, error: MarkedYAMLError) -> Any:
        """The event after ``{a:}``, where ``:`` belongs to the text for yaml.v2 and is an error for libyaml.

        The colon is replaced by a character that the text does not have, and the events so far are read again.
        """
        forgiven = error.problem == _UNEXPECTED_COLON and not self._dialect.flow_colon_is_error
        if not forgiven or self._colons >= _MAX_COLONS or error.problem_mark is None:
            raise self._syntax_error(error) from None
        text = self._data.decode("utf-8", "replace").removeprefix(_BOM)
        index = error.problem_mark.index
        self._data = f"{text[:index]}{self._stand_in(':', text)}{text[index + 1 :]}".encode()
        self._colons += 1
        self._watched = True
        self._parser = CParser(_Chunks(self._data))
        try:
            for _ in range(self._delivered):
                self._parser.get_event()
            return self._parser.get_event()
        except MarkedYAMLError as another:
            return self._recovered(another)

    def _with_stand_ins(self, data: bytes) -> bytes:
        """The text with stand-ins where yaml.v2 sees plain characters and libyaml does not.

        These are byte order marks that begin a line, and ``\\'`` in double quotes.
        """
        if data.find(_BOM.encode(), 1) < 0 and b"\\'" not in data:
            return data
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return data
        head, rest = text[:1], text[1:]
        if _BOM in rest:
            rest = rest.replace(_BOM, self._stand_in(_BOM, text))
        if "\\'" in rest:
            rest = _ESCAPED_QUOTE.sub(rf"\1{self._stand_in(_BACKSLASH, text)}", rest)
        return (head + rest).encode()

    def _stand_in(self, char: str, text: str) -> str:
        """The character that stands for another one: one that the text does not have."""
        if char not in self._stand_ins:
            unused = (found for found in map(chr, range(0xE000, 0xF900)) if found not in text)
            self._stand_ins[char] = next((found for found in unused if found not in self._stand_ins.values()), _BOM)
        return self._stand_ins[char]

    def _syntax_error(self, error: MarkedYAMLError) -> YamlError:
        context = error.context_mark.line if error.context_mark else 0
        problem = error.problem_mark.line if error.problem_mark else 0
        reason = str(error.problem)
        if reason == _TOO_DEEP:
            return YamlError(SYNTAX_PREFIX, f"exceeded max depth of {MAX_DEPTH}", problem + 1)
        if reason.startswith("found a tab character that"):
            reason = self._dialect.tab_error
        return self._error(reason, problem, context, isinstance(error, ScannerError))

    def _error(self, reason: str, problem: int, context: int, from_scanner: bool) -> YamlError:
        """Go's sentence: the line is the problem's, else the context's; 0 counts as unknown, parsers count from 0."""
        line = problem + (from_scanner and self._dialect.scanner_line_is_one_based) if problem else context
        where = f"line {line}: " if line else ""
        return YamlError(SYNTAX_PREFIX + where, reason, (problem or context) + 1)

    def _check(self, event: Any) -> None:
        kind = type(event)
        if kind is ScalarEvent:
            if self._closers and not event.style:
                self._check_plain(event)
            for char, stand_in in self._stand_ins.items():
                meant = "" if char == _BACKSLASH and event.style == '"' else char
                event.value = event.value.replace(stand_in, meant)
        elif kind in (SequenceStartEvent, MappingStartEvent):
            if event.flow_style:
                self._closers.append("]" if kind is SequenceStartEvent else "}")
        elif kind in (SequenceEndEvent, MappingEndEvent):
            # Everything inside a flow collection is flow, and its own end comes last.
            if self._closers:
                self._closers.pop()
        elif kind is DocumentStartEvent and event.version not in (None, (1, 1)):
            raise self._error("found incompatible YAML document", event.start_mark.line, 0, from_scanner=False)

    def _check_plain(self, event: Any) -> None:
        """Refuse what the older libyaml did not take for plain text inside brackets."""
        found = (_OLD_FLOW_END if self._dialect.flow_colon_is_error else _FLOW_END).search(event.value)
        if found is None:
            return
        line = self._line_of(found[0], event)
        if found[0] == ":":
            raise self._error(_UNEXPECTED_COLON, line, 0, from_scanner=True)
        raise self._error(f"did not find expected ',' or '{self._closers[-1]}'", line, 0, from_scanner=False)

    def _line_of(self, char: str, event: Any) -> int:
        """The line of the first such character of a scalar that may span lines."""
        text = self._data.decode("utf-8", "replace").removeprefix(_BOM)
        source = text[event.start_mark.index : event.end_mark.index]
        return int(event.start_mark.line) + len(_BREAK.findall(source.partition(char)[0]))


def _as_utf8(data: bytes) -> bytes:
    """Text in UTF-16 with its mark as UTF-8; what is not valid stays for libyaml to complain about."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        with suppress(UnicodeDecodeError):
            return data.decode("utf-16").encode()
    return data
