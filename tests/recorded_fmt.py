"""Reads the data of tests/gotemplate/recorder_fmt, and loads the module that answers its questions with gotemplate."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

RECORDER = Path(__file__).parent / "gotemplate" / "recorder_fmt"
Row = list[Any]


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"recorder_fmt_{name}", RECORDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


answers = _load("answers")


def rows(topic: str) -> list[Row]:
    """Return the questions of a data file with Go's answers."""
    lines = (RECORDER / "data" / f"{topic}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _readable(item: Any) -> Any:
    if isinstance(item, list):
        return [item[0], *map(_readable, item[1:])]
    try:
        return (
            bytes.fromhex(item).decode("utf-8", "surrogateescape") if isinstance(item, str) and len(item) > 3 else item
        )
    except ValueError:
        return item


def shown(wrong: list[Row]) -> str:
    """Return the first rows that failed, with what was asked, what Go said, and what we said."""
    return "\n".join(
        f"{_readable(question)!r}\n  go: {_readable(answer)!r}\n  py: {_readable(answers.answer(question))!r}"
        for question, answer in wrong[:5]
    )
