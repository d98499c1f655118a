"""remora render, fmt and lint: gotemplate's commands, with the injector's YAML."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from webhook.cli import main
from webhook.cli.root import COMMANDS


def _stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_render(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "d.yaml").write_text("name: world\nday: 2020-01-01\nbig: 1000000\nyes: on\n")
    _stdin(monkeypatch, "{{.name}} {{.day}} {{.big}} {{.true}}\n")
    assert main(["render", "-t", "-", "--data", str(tmp_path / "d.yaml")]) == 0
    assert capfd.readouterr() == ("world 2020-01-01 1000000 true\n", "")


@pytest.mark.parametrize(
    ("words", "stdin", "code", "complaint"),
    [
        (["render", "-t", "-"], "{{.x.y.z}}{{index 1 2}}", 3, "error calling index"),
        (["render", "-t", "-", "--data", "/dev/null"], "x", 0, ""),
        (["render", "-t", "-", "--data", "bad.yaml"], "x", 3, "bad.yaml: "),
        (["render"], "", 2, "remora render: error: the following arguments are required"),
        (["lint", "-t", "-"], "{{ foo }}", 1, "1 template, 1 finding"),
        (["fmt", "--check", "-"], "{{  .x}}", 1, ""),
        (["fmt", "-"], "{{  if}}", 3, "missing value for if"),
    ],
)
def test_exit_codes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    stdin: str,
    code: int,
    complaint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text("a: b: c")
    _stdin(monkeypatch, stdin)
    assert main(words) == code
    assert complaint in capfd.readouterr().err


@pytest.mark.parametrize("name", ["render", "fmt", "lint"])
def test_help_is_the_commands_own(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert name in COMMANDS
    for flag in ("-h", "--help"):
        assert main([name, flag]) == 0
        assert f"remora {name} " in capfd.readouterr().out
