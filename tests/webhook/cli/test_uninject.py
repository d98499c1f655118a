"""The command kube-uninject, also called uninject."""

from __future__ import annotations

from pathlib import Path

import pytest

from webhook.cli import main

INJECTED = "kind: Pod\nspec:\n  containers:\n  - name: app\n  - name: istio-proxy\n"


@pytest.mark.parametrize("name", ["kube-uninject", "uninject"])
def test_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    source, target = tmp_path / "in.yaml", tmp_path / "out.yaml"
    source.write_text(INJECTED)
    assert main([name, "-f", str(source), "-o", str(target)]) == 0
    assert "istio-proxy" not in target.read_text()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        ([], 2, "Error: filename not specified (see --filename or -f)\n"),
        (["-f", "missing.yaml"], 3, "Error: open missing.yaml: no such file or directory\n"),
        (["-f", "x", "--release", "9.9"], 2, "is not covered"),
        (["--nope"], 2, "unknown flag: --nope"),
    ],
)
def test_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    problem: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["kube-uninject", *arguments]) == code
    assert problem in capsys.readouterr().err


def test_a_document_that_is_no_yaml_leaves_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "in.yaml", tmp_path / "out.yaml"
    source.write_text(INJECTED + "---\na: [\n")
    assert main(["kube-uninject", "-f", str(source), "-o", str(target)]) == 3
    assert not target.exists()
    assert "document 2: error converting YAML to JSON" in capsys.readouterr().err
