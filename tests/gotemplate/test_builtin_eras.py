"""Older releases of Go compare and escape as eras.txt recorded it."""

from __future__ import annotations

from typing import Any

import pytest
from recorded_fmt import RECORDER

from gotemplate import values
from gotemplate.builtin_eras import builtins
from gotemplate.builtin_funcs import BUILTINS
from gotemplate.errors import FuncError
from gotemplate.fmt import format_value
from gotemplate.values import Field, Struct

S = values.struct_type("main.S", (Field("A", values.INT),))
INTS = values.slice_of(values.INT)
ARGUMENTS: list[Any] = [
    None,
    1,
    values.make(values.UINT8, 1),
    1.5,
    "a'<b>&=\"\\",
    True,
    values.make(INTS, [1]),
    values.make(values.map_of(values.STRING, values.INT), {}),
    values.zero(values.pointer_to(S)),
    Struct(S, {"A": 1}),
    values.zero(INTS),
    values.make(values.array_of(1, values.INT), [1]),
]
"""The arguments of recorder_fmt/eras/main.go."""


def _recorded() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (RECORDER / "data" / "eras.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            lines = found.setdefault(line[2:], [])
        else:
            lines.append(line)
    return found


RECORDED = _recorded()


@pytest.mark.parametrize("release", RECORDED)
def test_answers_of_the_release(release: str) -> None:
    table = builtins(int(release.split(".")[1]))
    wrong = []
    for line in RECORDED[release]:
        name, one, other, answer = line.split(" ", 3)
        operands = [ARGUMENTS[int(one)], ARGUMENTS[int(other)]][: 1 if name == "js" else 2]
        try:
            given = format_value(table[name](*operands))
        except FuncError as error:
            given = str(error)
        if given != answer:
            wrong.append(f"{line}: {given}")
    assert not wrong


def test_the_newest_release_has_the_plain_table() -> None:
    assert builtins(26) is BUILTINS
    assert builtins(9).keys() == BUILTINS.keys()
