"""The code of one template as it is kept and stored: compiled, without anything of the set it will be executed in."""

from __future__ import annotations

import marshal
from collections.abc import Mapping, Sequence
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

from gotemplate.calls import signature
from gotemplate.codegen.source import Call

if TYPE_CHECKING:
    from gotemplate.codegen.statements import Source

UNIT_FORMAT: Final = 3
"""Raised whenever what generated code expects of this module changes: part of the key of stored code."""


class Unit:
    """The generated code of one template, with what its names, numbers and lines stand for; see ``codegen.statements.Source``.

    What only an unusual value or an error asks for, ``Tables``, is read from its stored form when that happens.
    """

    __slots__ = ("_tables", "code", "cost", "rows", "texts", "used")

    def __init__(
        self,
        code: CodeType,
        rows: tuple[tuple[Any, ...], ...],
        used: Mapping[str, tuple[bool, str]],
        tables: Tables | bytes,
        texts: tuple[str, ...],
        cost: int,
    ) -> None:
        self.code = code
        self.rows = rows
        self.used = used
        self.texts = texts
        self.cost = cost
        self._tables = tables

    @property
    def tables(self) -> Tables:
        """The places, chains and calls by number."""
        if isinstance(self._tables, bytes):
            self._tables = Tables(*marshal.loads(self._tables))
        return self._tables

    def fits(self, funcs: Mapping[str, Any]) -> bool:
        """Tell whether the code is right for these functions: those it uses have the signatures it was made for."""
        for name, (builtin, shown_type) in self.used.items():
            if builtin:
                if name in funcs:
                    return False
            elif name not in funcs or signature(funcs[name]).name != shown_type:
                return False
        return True

    def stored(self) -> tuple[Any, ...]:
        """Return the unit in plain values that marshal can store; ``Unit(*stored)`` is equal to it."""
        code, tables = without_columns(self.code), marshal.dumps(self.tables.stored())
        return (code, self.rows, dict(self.used), tables, self.texts, self.cost)


class Tables:
    """What the numbers in generated code stand for.

    ``sites``: pairs of nodes, where a failure and where a failing call is reported; stored ones are pairs of position and
    text. ``chains``: names, and the number of the place. ``calls``: what a line calls.
    """

    __slots__ = ("calls", "chains", "sites")

    def __init__(
        self,
        sites: Sequence[tuple[Any, Any]],
        chains: Sequence[tuple[tuple[str, ...], int]],
        calls: Mapping[int, Call],
    ) -> None:
        self.sites = sites
        self.chains = chains
        self.calls = calls

    def stored(self) -> tuple[Any, ...]:
        """Return the tables in plain values."""
        marks: dict[int, tuple[int, str]] = {}

        def mark(node: Any) -> tuple[int, str]:
            found = marks.get(id(node))
            if found is None:
                found = marks[id(node)] = node if isinstance(node, tuple) else (node.pos, str(node))
            return found

        return tuple((mark(node), mark(call)) for node, call in self.sites), self.chains, dict(self.calls)


def compile_source(source: Source, name: str) -> Unit:
    """Compile generated source; ``name`` is shown where Python shows a file name, which cannot be any text."""
    code = compile(source.text, f"<template {name!a}>", "exec", dont_inherit=True, optimize=1)
    tables = Tables(source.sites, source.chains, source.calls)
    return Unit(code, source.rows, source.used, tables, source.texts, source.cost)


def without_columns(code: CodeType) -> CodeType:
    """Return code that knows the lines of its instructions but not their columns, which are a good part of its size."""
    table = bytearray()
    last = code.co_firstlineno
    for start, end, line in code.co_lines():
        units = (end - start) // 2
        while units > 0:
            length = min(units, 8)
            units -= length
            table.append(0x80 | (15 if line is None else 13) << 3 | length - 1)
            if line is not None:
                table += _signed_varint(line - last)
                last = line
    constants = tuple(without_columns(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_linetable=bytes(table), co_consts=constants)


def _signed_varint(number: int) -> bytes:
    rest = (-number << 1) | 1 if number < 0 else number << 1
    out = bytearray()
    while rest > 0x3F:
        out.append(0x40 | rest & 0x3F)
        rest >>= 6
    out.append(rest)
    return bytes(out)
