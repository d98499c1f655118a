"""The assignments of ``--set``: Helm's language (``a.b=c,d={x,y},e[0]=f``) and istioctl's (one ``path=value`` a flag).

Both change a copy of what they are given. They type a value differently, and istioctl takes commas literally.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any, Final

from gotemplate.golib.quote import quote, quote_rune
from webhook.config.charts import Values
from webhook.mesh.versions import Version

MAX_INDEX: Final = 65536
"""The largest list index Helm accepts: an index fills the list up to it, and larger ones were an attack on memory."""

MAX_NESTING: Final = 30
"""The deepest path Helm accepts."""

_DECIMAL: Final = re.compile(r"[-+]?[0-9]+")
_INT64: Final = range(-(1 << 63), 1 << 63)
_FLOAT: Final = re.compile(r"[-+]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][-+]?\d+)?|[-+]?(inf|infinity)|nan", re.IGNORECASE)
_BOOLS: Final = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}


class SetError(ValueError):
    """A ``--set`` that is not in its language; ``str(e)`` is Helm's or istioctl's sentence."""


# Helm


def typed(text: str) -> Any:
    """Return what Helm takes a text for: true, false, null, a decimal integer without leading zero, else the text."""
    lowered = text.lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    if lowered == "null":
        return None
    if text == "0":
        return 0
    if not text.startswith("0") and _DECIMAL.fullmatch(text) and int(text) in _INT64:
        return int(text)
    return text


def only_bools(text: str) -> Any:
    """Return what Helm 2.9 takes the text of ``--set-string`` for: true and false are still bools, all else is text."""
    return text.lower() == "true" if text.lower() in ("true", "false") else text


def as_text(text: str) -> str:
    """Return the text: the typing of ``--set-string``."""
    return text


def apply_set(values: Values, expression: str, typing: Callable[[str], Any] = typed) -> Values:
    """Return values with the assignments of one ``--set`` made, in Helm's language.

    Raises SetError, with Helm's sentence.
    """
    result = deepcopy(values)
    _Parser(expression, typing).run(result)
    return result


class _EndError(Exception):
    """The text ended where something could still have followed; what was read so far holds."""


class _Parser:
    """Reads one expression from left to right and assigns as it goes, as Helm's strvals does."""

    def __init__(self, text: str, typing: Callable[[str], Any]) -> None:
        self._text = text
        self._at = 0
        self._typing = typing

    def run(self, data: Values) -> None:
        try:
            while True:
                self._key(data, 0)
        except _EndError:
            return

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise _EndError
        self._at += 1
        return self._text[self._at - 1]

    def _until(self, stops: str) -> tuple[str, str]:
        """Return the text before the first of some characters, unescaped, and that character; empty at the end."""
        out: list[str] = []
        try:
            while (char := self._next()) not in stops:
                out.append(self._next() if char == "\\" else char)
        except _EndError:
            return "".join(out), ""
        return "".join(out), char

    def _key(self, data: Values, depth: int) -> None:
        key, stop = self._until("=[,.")
        if stop == "":
            if not key:
                raise _EndError
            raise SetError(f"key {quote(key)} has no value")
        if stop == "[":
            self._list_in(data, key, depth)
        elif stop == "=":
            at_end = self._at >= len(self._text)
            _put(data, key, self._value_or_empty())
            if at_end:
                raise _EndError
        elif stop == ",":
            raise SetError(f"key {quote(key)} has no value (cannot end with ,)")
        else:
            self._table_in(data, key, depth + 1)

    def _table_in(self, data: Values, key: str, depth: int) -> None:
        if depth > MAX_NESTING:
            raise SetError(f"value name nested level is greater than maximum supported nested level of {MAX_NESTING}")
        inner: Values = _former(data, key, dict)
        try:
            self._key(inner, depth)
        except _EndError:
            if inner:
                _put(data, key, inner)
            raise
        if not inner:
            raise SetError(f"key map {quote(key)} has no value")
        _put(data, key, inner)

    def _list_in(self, data: Values, key: str, depth: int) -> None:
        index = self._index()
        items: list[Any] = _former(data, key, list)
        try:
            items = self._item(items, index, depth)
        finally:
            _put(data, key, items)

    def _index(self) -> int:
        text, stop = self._until("]")
        if stop == "":
            raise SetError("error parsing index: EOF")
        if not _DECIMAL.fullmatch(text):
            raise SetError(f"error parsing index: strconv.Atoi: parsing {quote(text)}: invalid syntax")
        return int(text)

    def _item(self, items: list[Any], index: int, depth: int) -> list[Any]:
        if index < 0:
            raise SetError(f"negative {index} index not allowed")
        key, stop = self._until("[.=")
        if key:
            raise SetError(f"unexpected data at end of array index: [{' '.join(map(quote_rune, map(ord, key)))}]")
        if stop == "":
            raise _EndError
        former = items[index] if index < len(items) else None
        if stop == "[":
            inner = self._index()
            return _with_item(items, index, self._item(_checked(former, list), inner, depth))
        if stop == "=":
            return _with_item(items, index, self._value_or_empty())
        table = former if isinstance(former, dict) else {}
        self._key(table, depth)
        return _with_item(items, index, table)

    def _value_or_empty(self) -> Any:
        return self._value() if self._at < len(self._text) else ""

    def _value(self) -> Any:
        if self._next() == "{":
            return self._list()
        self._at -= 1
        text, _ = self._until(",")
        return self._typing(text)

    def _list(self) -> list[Any]:
        items: list[Any] = []
        while True:
            text, stop = self._until(",}")
            if stop == "":
                raise SetError("list must terminate with '}'")
            if stop == "}" and self._text[self._at : self._at + 1] == ",":
                self._at += 1
            items.append(self._typing(text))
            if stop == "}":
                return items


def _former(data: Values, key: str, kind: type) -> Any:
    return _checked(data[key], kind) if key in data else kind()


def _checked(value: Any, kind: type) -> Any:
    """Return a value that must be a table or a list; an empty one for null."""
    if value is None:
        return kind()
    if not isinstance(value, kind):
        raise SetError(
            f"unable to parse key: interface conversion: interface {{}} is {_go_name(value)}, not {_GO_NAMES[kind]}"
        )
    return value


def _put(data: Values, key: str, value: Any) -> None:
    if key:
        data[key] = value


def _with_item(items: list[Any], index: int, value: Any) -> list[Any]:
    if index > MAX_INDEX:
        raise SetError(f"index of {index} is greater than maximum supported index of {MAX_INDEX}")
    longer = [*items, *[None] * (index + 1 - len(items))]
    longer[index] = value
    return longer


_GO_NAMES: Final = {
    bool: "bool", int: "int64", float: "float64", str: "string", list: "[]interface {}", dict: "map[string]interface {}",
}  # fmt: skip


def _go_name(value: Any) -> str:
    return _GO_NAMES.get(type(value), type(value).__name__)


# istioctl


_ALWAYS_TEXT: Final = (
    "spec.tag", "spec.compatibilityVersion", "spec.values.global.tag", "spec.values.compatibilityVersion",
    "spec.meshConfig.defaultConfig.proxyMetadata.", "spec.values.meshConfig.defaultConfig.proxyMetadata.",
)  # fmt: skip
"""Paths whose values istioctl never types: a tag of digits is no number."""


def operator_typed(text: str) -> Any:
    """Return what istioctl takes a text for: an integer, a float, one of Go's words for a bool, else the text."""
    if _DECIMAL.fullmatch(text) and int(text) in _INT64:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return _BOOLS.get(text, text)


def split_flag(flag: str, version: Version) -> tuple[str, str]:
    """Return path and value of one istioctl ``--set``: before 1.31 a value with ``=`` in it makes the whole a path."""
    parts = flag.split("=", 1) if version >= (1, 31, 0) else flag.split("=")
    return (parts[0].strip(), parts[1].strip()) if len(parts) == 2 else (flag, "")


def apply_operator_flags(document: Values, flags: Iterable[str], version: Version) -> Values:
    """Return an IstioOperator document with istioctl's ``--set`` flags applied under its ``spec``.

    A path has parts joined by dots: names (a dot in one is written ``\\.``), ``[N]`` for the N-th item of a list, ``[key:value]``
    for the item that has that. Raises SetError.
    """
    result = deepcopy(document)
    for flag in flags:
        path, text = split_flag(f"spec.{flag}", version)
        value = text.replace("\\,", ",")
        always = path.startswith(_ALWAYS_TEXT)
        _assign(result, _split_path(path), value if always else operator_typed(value))
    return result


def _split_path(path: str) -> list[str]:
    parts = re.findall(r"\[[^\]]*\]|(?:\\.|[^.\[\\])+", path)
    return [part.replace("\\.", ".") for part in parts]


def _assign(table: Values, path: list[str], value: Any) -> None:
    name, rest = path[0], path[1:]
    if not rest:
        table[name] = value
    elif rest[0].startswith("["):
        items = table.setdefault(name, [])
        if not isinstance(items, list):
            raise SetError(f"invalid path: {rest[0]}, {name} is not a list")
        _assign_item(items, rest, value)
    else:
        inner = table.get(name)
        if inner is None:
            inner = table[name] = {}
        if not isinstance(inner, dict):
            raise SetError(f"invalid path: {name} is not a map")
        _assign(inner, rest, value)


def _assign_item(items: list[Any], path: list[str], value: Any) -> None:
    selector, rest = path[0][1:-1], path[1:]
    index = _find(items, selector)
    if index is None:
        items.append({} if rest else value)
        index = len(items) - 1
    if not rest:
        items[index] = value
    elif isinstance(items[index], dict):
        _assign(items[index], rest, value)
    else:
        raise SetError(f"invalid path: [{selector}] is not a map")


def _find(items: list[Any], selector: str) -> int | None:
    """Return the position a selector names; None for one behind the end."""
    key, colon, wanted = selector.partition(":")
    if colon:
        found = [at for at, item in enumerate(items) if isinstance(item, dict) and str(item.get(key)) == wanted]
        if not found:
            raise SetError(f"element [{selector}] not found")
        return found[0]
    if not re.fullmatch(r"-?\d+", selector):
        raise SetError(f"unknown segment [{selector}]")
    return int(selector) if 0 <= int(selector) < len(items) else None
