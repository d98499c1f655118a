"""Go type expressions as reflect prints them, read back into types: ``map[string]*main.Point`` → a ``Type``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gotemplate import values
from gotemplate.values import Type

BASIC: Final[dict[str, Type]] = {
    t.name: t
    for t in (
        values.ANY, values.ERROR, values.STRINGER, values.BOOL, values.INT, values.INT8, values.INT16, values.INT32, values.INT64,
        values.UINT, values.UINT8, values.UINT16, values.UINT32, values.UINT64, values.UINTPTR, values.FLOAT32, values.FLOAT64,
        values.COMPLEX64, values.COMPLEX128, values.STRING,
    )
}  # fmt: skip

_TOKENS: Final = re.compile(r"interface \{\}|struct \{\}|\.\.\.|[\w.]+|[\[\](){}*,]")
_EMPTY_STRUCT: Final = Type(values.Kind.STRUCT, "struct {}")


def parse_type(text: str, declared: Mapping[str, Type]) -> Type:
    """Return the type that a type expression names; ``declared`` has the named types. Raises ValueError for others."""
    reader = _Reader(_TOKENS.findall(text), declared)
    found = reader.type()
    if reader.tokens:
        raise ValueError(f"{text}: unexpected {reader.tokens[0]!r}")
    return found


class _Reader:
    def __init__(self, tokens: list[str], declared: Mapping[str, Type]) -> None:
        self.tokens = tokens
        self.declared = declared

    def take(self) -> str:
        return self.tokens.pop(0)

    def skip(self, token: str) -> bool:
        if self.tokens[:1] == [token]:
            self.take()
            return True
        return False

    def type(self) -> Type:
        word = self.take()
        if word == "*":
            return values.pointer_to(self.type())
        if word == "[":
            return self._sequence()
        if word == "map":
            self.take()
            key = self.type()
            self.take()
            return values.map_of(key, self.type())
        if word == "chan":
            return values.chan_of(self.type())
        if word == "func":
            return self._func()
        if word == "struct {}":
            return _EMPTY_STRUCT
        found = BASIC.get(word) or self.declared.get(word)
        if found is None:
            raise ValueError(f"unknown Go type {word!r}")
        return found

    def _sequence(self) -> Type:
        if self.skip("]"):
            return values.slice_of(self.type())
        length = int(self.take())
        self.take()
        return values.array_of(length, self.type())

    def _func(self) -> Type:
        params, variadic = self._params()
        if self.tokens[:1] == ["("]:
            results, _ = self._params()
        else:
            results = [self.type()] if self.tokens and self.tokens[0] not in (",", ")") else []
        return values.func_of(tuple(params), tuple(results), variadic=variadic)

    def _params(self) -> tuple[list[Type], bool]:
        params: list[Type] = []
        variadic = False
        self.take()
        while not self.skip(")"):
            if self.skip("..."):
                variadic = True
                params.append(values.slice_of(self.type()))
            else:
                params.append(self.type())
            self.skip(",")
        return params, variadic
