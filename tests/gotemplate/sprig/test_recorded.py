"""Every recorded case of every function gives what Go gave: the result with its type, or the complaint.

A function whose cases take more than a second has thousands of them, or makes keys.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gotemplate.errors import TemplateError
from gotemplate.values import Func

SHAPE = '{{ $r := %s }}{{ printf "%%T %%#v" $r $r }}'
RECORDED = [json.loads(line) for line in (Path(__file__).parent / "vectors.jsonl").read_text().splitlines()]


def outcome(render: Callable[[str], str], function: str, arguments: str) -> list[str | None]:
    """Return output and complaint as the recorder writes them."""
    text = arguments if "{{" in arguments else SHAPE % f"{function} {arguments}".strip()
    try:
        return [printable(render(text))]
    except TemplateError as error:
        complaint = str(error)
        _, found, rest = complaint.partition(">: ")
        return [None, printable(rest if found else complaint)]


def printable(text: str) -> str:
    """Return a text as JSON can hold it: bytes that are not UTF-8 become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda recorded: recorded["function"])
def test_cases(recorded: dict[str, Any], render: Callable[[str], str]) -> None:
    function = recorded["function"]
    wrong = [
        (arguments, wanted, got)
        for arguments, *wanted in recorded["rows"]
        if (got := outcome(render, function, arguments)) != wanted
    ]
    assert not wrong


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda recorded: recorded["function"])
def test_signature(recorded: dict[str, Any], functions: dict[str, Func]) -> None:
    assert functions[recorded["function"]].go_type.name == recorded["signature"]


def test_the_map_is_complete(functions: dict[str, Func]) -> None:
    assert sorted(functions) == sorted(recorded["function"] for recorded in RECORDED)
    assert len(functions) == 211
