"""JSON-like values to the YAML that Go's libraries write for them.

Go marshals a struct to JSON, reads that JSON as YAML and writes the result with yaml.v2. All three steps show: numbers
have gone through JSON, keys come in natural order, and strings are plain, quoted, literal or folded as yaml.v2
decides. Text is built directly, line by line; the decision about a string does not depend on where it stands and is
remembered.
"""

import math
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Final

from gotemplate.golib.floats import format_float
from gotemplate.golib.utf8 import to_valid
from webhook.kube import gojson
from webhook.kube.yaml_dialects import MAX_DEPTH, Dialect, YamlError
from webhook.kube.yaml_keys import natural_sort
from webhook.kube.yaml_scalars import INT64_MIN, UINT64_MAX, resolver_for

_MAX_SIMPLE_KEY: Final = 128
"""Bytes of the longest key written as ``key:``; a longer one needs ``? key``."""

_MAX_JSON_KEY: Final = 1024
"""Characters of the longest key, quoted, that yaml.v2 reads back from JSON."""

_MARSHAL_JSON: Final = "error marshaling into JSON: "
_CACHED_LENGTH: Final = 200
_CACHE_SIZE: Final = 8192
_NO_FOLD: Final = 1 << 31

_BREAKS: Final = "\n\r\x85\u2028\u2029"
_BREAK: Final = re.compile(f"[{_BREAKS}]")
_SPECIAL: Final = "[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
_ASCII_SPECIAL: Final = re.compile("[^\n\x20-\x7e]")
_NOT_PLAIN: Final = re.compile(r"\A[ #,\[\]{}&*!|>'\"%@`]|\A[-?:](?: |\Z)|\A---|\A\.\.\.| \Z|:(?: |\Z)| #")
_NOT_BLOCK: Final = re.compile(f" \\Z| [{_BREAKS}]")
_NOT_SINGLE: Final = f" [{_BREAKS}]|[{_BREAKS}] "
_ESCAPED: Final = r"[^\x20\x21\x23-\x5b\x5d-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
_ASCII_ESCAPED: Final = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e]")
_compiled: Final = cache(re.compile)
"""Compiles the larger classes when a text that is not ASCII comes: that takes longer than writing a workload."""
_ANY_CHARACTER: Final = "(?s:.)"
_ESCAPES: Final = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", "\x85": "N",
    "\xa0": "_", "\u2028": "L", "\u2029": "P", '"': '"', "\\": "\\",
}  # fmt: skip
_SINGLE_SPACE: Final = re.compile(r"(?<! ) (?! )")
_FIRST_SPACE: Final = re.compile(r"(?<! ) ")
_LINE_START: Final = re.compile(f"(?:\\A|(?<=[{_BREAKS}]))(?=[^{_BREAKS}])")
_ODD: Final = "[\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
_REFUSED: Final = "[\x7f-\x84\x86-\x9f\ufffe\uffff]|\x85(?:---|\\.\\.\\.)[ \x85]"
"""Control characters, and what looks like the border of a document where U+0085 begins a line."""
_NEL_RUN: Final = "(?<! ) *\x85(?: *\x85)* *"

_LISTS: Final = (list, tuple)  # a union of types would be built anew at each use
_Entries = tuple[tuple[str, str | None], ...]


class _UnreadableError(Exception):
    """There is a string in the value whose JSON yaml.v2 cannot read."""


class Emitter:
    """Writes values in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._width = _NO_FOLD if dialect.fold_width is None else dialect.fold_width
        self._is_text = resolver_for(dialect).is_text
        self._resolve = resolver_for(dialect).resolve
        self._cached: Callable[[str], str | None] = lru_cache(_CACHE_SIZE)(self._flat)
        self._entries: Callable[[tuple[str, ...]], _Entries] = lru_cache(_CACHE_SIZE)(self._ordered)

    def dump(self, value: object) -> str:
        """The YAML document of value, ending in a newline."""
        try:
            return self._document(value)
        except _UnreadableError:
            raise self._complaint(value) from None

    def _document(self, value: object) -> str:
        out: list[str] = []
        if isinstance(value, dict) and value:
            self._mapping(value, "", "", out, 0)
        elif isinstance(value, _LISTS) and value:
            self._sequence(value, "", "", out, 0)
        else:
            out.append(self._scalar(value, 0, 2))
        return "".join(out)

    def _mapping(self, value: dict[str, object], lead: str, pad: str, out: list[str], depth: int) -> None:
        """Entries at the indentation ``pad``; the first one stands after ``lead`` (``pad``, or a dash on its line)."""
        self._check_depth(depth)
        taken = len(pad) + 1
        for key, label in self._entries(tuple(value)):
            item = value[key]
            if label is None:
                self._complex_entry(key, item, lead, pad, out, depth)
            elif type(item) is str:
                self._text(item, f"{lead}{label} ", taken + len(label), taken + 1, out)
            elif isinstance(item, dict) and item:
                out.append(f"{lead}{label}\n")
                self._mapping(item, pad + "  ", pad + "  ", out, depth + 1)
            elif isinstance(item, _LISTS) and item:
                out.append(f"{lead}{label}\n")
                self._sequence(item, pad, pad, out, depth + 1)
            else:
                out.append(f"{lead}{label} {self._scalar(item, taken + len(label), taken + 1)}")
            lead = pad

    def _sequence(self, items: Sequence[object], lead: str, pad: str, out: list[str], depth: int) -> None:
        self._check_depth(depth)
        for item in items:
            self._item(item, f"{lead}- ", pad, out, depth)
            lead = pad

    def _item(self, item: object, lead: str, pad: str, out: list[str], depth: int) -> None:
        """A node after a dash, or after the colon of a complex key: what belongs to it is indented two more."""
        if type(item) is str:
            self._text(item, lead, len(pad) + 2, len(pad) + 2, out)
        elif isinstance(item, dict) and item:
            self._mapping(item, lead, pad + "  ", out, depth + 1)
        elif isinstance(item, _LISTS) and item:
            self._sequence(item, lead, pad + "  ", out, depth + 1)
        else:
            out.append(lead + self._scalar(item, len(pad) + 2, len(pad) + 2))

    def _text(self, text: str, lead: str, column: int, indent: int, out: list[str]) -> None:
        """A string that starts at column, after ``lead``: as it is remembered, or laid out anew where it takes several lines."""
        flat = self._cached(text) if len(text) <= _CACHED_LENGTH else None
        if flat is None or (column + len(flat) > self._width and " " in flat):
            out.append(lead + self._string(text, column, indent))
        else:
            out.append(f"{lead}{flat}\n")

    def _complex_entry(self, key: str, item: object, lead: str, pad: str, out: list[str], depth: int) -> None:
        out.append(f"{lead}? {self._string(key, len(pad) + 2, len(pad) + 2)}")
        self._item(item, f"{pad}: ", pad, out, depth)

    def _ordered(self, keys: tuple[str, ...]) -> _Entries:
        """Keys in order, each with its label ``key:``, or None where only the complex form will do."""
        names = {self._through_json(key, is_key=True): key for key in keys}
        ordered = natural_sort(names, self._dialect.zero_run_order)
        return tuple((names[name], self._label(name)) for name in ordered)

    def _label(self, name: str) -> str | None:
        if _BREAK.search(name) or len(name.encode()) > _MAX_SIMPLE_KEY:
            return None
        return f"{self._flat(name)}:"

    def _check_depth(self, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise YamlError(self._dialect.marshal_prefix, f"yaml: exceeded max depth of {MAX_DEPTH}")

    def _scalar(self, value: object, column: int, indent: int) -> str:
        """The text of a scalar or an empty collection that starts at column, newline included."""
        if isinstance(value, str):
            return self._string(value, column, indent)
        if value is None:
            return "null\n"
        if isinstance(value, bool):
            return "true\n" if value else "false\n"
        if isinstance(value, int | float):
            return self._number(value) + "\n"
        if isinstance(value, dict):
            return "{}\n"
        if isinstance(value, _LISTS):
            return "[]\n"
        raise TypeError(f"cannot write {type(value).__name__} as YAML")

    def _number(self, value: float) -> str:
        """A number as it comes back from JSON: an integer where its JSON is one that fits 64 bits, else a float."""
        if isinstance(value, int) and INT64_MIN <= value <= UINT64_MAX:
            return str(value)
        if not math.isfinite(value):
            reason = f"json: unsupported value: {format_float(value)}"
            raise YamlError(_MARSHAL_JSON, reason)
        text = str(value) if isinstance(value, int) else gojson.format_number(value)
        number = self._resolve(text)
        if not isinstance(number, float):
            return str(number)
        shown = format_float(number, bits=self._dialect.float_bits)
        # A float32 has a smaller range: yaml.v2 before 2.1 wrote 1e300 as infinity.
        return {"+Inf": ".inf", "-Inf": "-.inf"}.get(shown, shown)

    def _string(self, text: str, column: int, indent: int) -> str:
        """A string that starts at column; its further lines start at indent. Newline included."""
        text = self._through_json(text)
        flat = self._flat(text)
        if flat is None:
            return self._with_breaks(text, column, indent)
        if column + len(flat) <= self._width or " " not in text:
            return flat + "\n"
        if flat[0] == '"':
            return f'"{self._fold(flat[1:-1], column + 1, indent, _FIRST_SPACE)}"\n'
        if flat[0] == "'":
            return f"'{self._fold(flat[1:-1], column + 1, indent, _SINGLE_SPACE)}'\n"
        return self._fold(flat, column, indent, _SINGLE_SPACE) + "\n"

    def _flat(self, text: str) -> str | None:
        """The string on one line, without folding; None where it has line breaks of its own that are kept."""
        if _is_odd(text):
            text = self._through_json(text)
        if (_ASCII_SPECIAL if text.isascii() else _compiled(_SPECIAL)).search(text):
            return _double_quoted(text)
        if _BREAK.search(text):
            return None
        if not self._is_text(text):
            return f'"{text}"'
        if _NOT_PLAIN.search(text):
            return "'" + text.replace("'", "''") + "'"
        return text

    def _with_breaks(self, text: str, column: int, indent: int) -> str:
        if "\n" in text:
            if _NOT_BLOCK.search(text):
                return f'"{self._fold(_double_quoted(text)[1:-1], column + 1, indent, _FIRST_SPACE)}"\n'
            return _literal(text, indent)
        if _compiled(_NOT_SINGLE).search(text) or not self._is_text(text):
            return f'"{self._fold(_double_quoted(text)[1:-1], column + 1, indent, _FIRST_SPACE)}"\n'
        return f"'{self._fold_with_breaks(text, column + 1, indent)}'\n"

    def _fold(self, text: str, column: int, indent: int, candidates: re.Pattern[str]) -> str:
        """Break at candidate spaces that stand beyond the width; a space after a break in double quotes is escaped."""
        pieces: list[str] = []
        start, origin = 0, column
        for match in candidates.finditer(text):
            position = match.start()
            if origin + position - start <= self._width or not 0 < position < len(text) - 1:
                continue
            escape = "\\" if candidates is _FIRST_SPACE and text[position + 1] == " " else ""
            pieces.append(text[start:position] + "\n" + " " * indent + escape)
            start, origin = position + 1, indent + len(escape)
        return "".join(pieces) + text[start:]

    def _fold_with_breaks(self, text: str, column: int, indent: int) -> str:
        """Single-quoted text with Unicode line separators: they stay, and the next character is indented."""
        lines = re.split("(?<=[\u2028\u2029])", text)
        folded = []
        for number, line in enumerate(lines):
            pad = " " * indent if number and line and line[0] not in _BREAKS else ""
            start = column if number == 0 else indent
            folded.append(pad + self._fold(line.replace("'", "''"), start, indent, _SINGLE_SPACE))
        return "".join(folded)

    def _through_json(self, text: str, is_key: bool = False) -> str:
        """The string after Go wrote it as JSON and yaml.v2 read that JSON."""
        if is_key and len(text) * 6 > _MAX_JSON_KEY and len(gojson.dumps(text)) > _MAX_JSON_KEY:
            raise _UnreadableError
        if not _is_odd(text):
            return text
        if _compiled(_REFUSED).search(text) or (is_key and "\x85" in text):
            raise _UnreadableError
        # JSON does not escape U+0085, and in a quoted YAML scalar it is a line break that folds.
        runs: re.Pattern[str] = _compiled(_NEL_RUN)
        return runs.sub(lambda match: "\n" * (match[0].count("\x85") - 1) or " ", to_valid(text))

    def _complaint(self, value: object) -> YamlError:
        """What Go says of a value whose JSON yaml.v2 cannot read."""
        from webhook.kube import yaml_events, yaml_reader

        try:
            yaml_reader.load(gojson.dumps(value), self._dialect)
        except gojson.JsonError as error:
            return YamlError(_MARSHAL_JSON, str(error))
        except YamlError as error:
            return YamlError(self._dialect.marshal_prefix, str(error).removeprefix(yaml_events.CONVERT_PREFIX))
        raise AssertionError("JSON that was taken for unreadable is read")


@cache
def emitter_for(dialect: Dialect) -> Emitter:
    """The one emitter of a dialect."""
    return Emitter(dialect)


def _is_odd(text: str) -> bool:
    """Whether there is a character that does not come through JSON as it is."""
    return "\x7f" in text if text.isascii() else _compiled(_ODD).search(text) is not None


def _double_quoted(text: str) -> str:
    # yaml.v2 asks whether the *whole* string starts with a byte order mark where it means the character: then all is
    # escaped.
    pattern = _ASCII_ESCAPED if text.isascii() else _compiled(_ANY_CHARACTER if text.startswith("\ufeff") else _ESCAPED)
    return f'"{pattern.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _ESCAPES:
        return "\\" + _ESCAPES[char]
    code = ord(char)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _literal(text: str, indent: int) -> str:
    hint = "2" if text[0] in " " + _BREAKS else ""
    if text[-1] not in _BREAKS:
        return f"|{hint}-\n{_LINE_START.sub(' ' * indent, text)}\n"
    keep = "+" if len(text) == 1 or text[-2] in _BREAKS else ""
    return f"|{hint}{keep}\n{_LINE_START.sub(' ' * indent, text)}"
