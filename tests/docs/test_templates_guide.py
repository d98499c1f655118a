"""Every block of docs/guide/templates.md: examples in Python as doctests, in their order, and the commands with the files shown."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def blocks(root: Path) -> list[tuple[int, str, str, str]]:
    """The blocks of the page: line, language, file name, content."""
    text = (root / "docs" / "guide" / "templates.md").read_text()
    return [(text.count("\n", 0, found.start()) + 1, *found.groups()) for found in BLOCK.finditer(text)]


def test_nothing_is_left_out(blocks: list[tuple[int, str, str, str]]) -> None:
    kinds = [(language, name) for _, language, name, _ in blocks]
    assert {language for language, name in kinds if not name} == {"pycon", "bash"}
    assert [name for _, name in kinds if name] == ["values.yaml", "deploy.tmpl"]


def test_examples(blocks: list[tuple[int, str, str, str]]) -> None:
    parser, runner, names = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False), dict[str, object]()
    count = 0
    for line, language, _, content in blocks:
        if language == "pycon":
            example = parser.get_doctest(content, names, f"line {line}", "templates.md", line)
            runner.run(example, clear_globs=False)
            names = example.globs
            count += 1
    assert count > 15
    assert runner.summarize(verbose=False).failed == 0


def test_commands(blocks: list[tuple[int, str, str, str]], tmp_path: Path) -> None:
    """Half a dozen interpreters: takes a second or two."""
    for _, _, name, content in blocks:
        if name:
            (tmp_path / name).write_text(content)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    commands = [line for _, language, _, content in blocks if language == "bash" for line in content.splitlines()]
    assert len(commands) == 5
    for command in commands:
        done = subprocess.run(
            command, shell=True, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PATH": path}, check=False
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    assert "image: registry.example/shop:1.3\n" in (tmp_path / "out.yaml").read_text()
