"""The command as a process of its own: it leaves in a hurry, but not before everything is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web-{0}}}
spec:
  template:
    spec:
      containers: [{{name: web, image: web:1}}]
---
"""
CONFIG = "policy: enabled\ntemplate: |-\n  containers:\n  - name: istio-proxy\n    image: proxy:1\n"
FILES = ("-f", "app.yaml", "--injectConfigFile", "config.yaml", "--meshConfigFile", "mesh.yaml", "--release", "0.8.0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.yaml").write_text("".join(WORKLOAD.format(number) for number in range(300)))
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "mesh.yaml").write_text("defaultConfig: {}\n")
    return tmp_path


def run(folder: Path, root: Path, *words: str, output: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "webhook.cli", *words],
        cwd=folder, env={"PYTHONPATH": str(root), "HOME": str(folder)}, stdout=output, stderr=subprocess.PIPE, text=True,
        check=False,
    )  # fmt: skip


def test_everything_is_written(folder: Path, root: Path) -> None:
    done = run(folder, root, "kube-inject", *FILES)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("image: proxy:1\n") == 300
    assert done.stdout.endswith("---\n")


def test_what_was_skipped_is_told(folder: Path, root: Path) -> None:
    (folder / "app.yaml").write_text(WORKLOAD.format(1).replace("containers:", "hostNetwork: true\n      containers:"))
    done = run(folder, root, "kube-inject", *FILES)
    assert done.returncode == 0
    assert "has host networking enabled" in done.stderr


@pytest.mark.parametrize(("words", "code"), [((), 0), (("--nonsense",), 2), (("--release", "9.9"), 3)])
def test_exit_codes(folder: Path, root: Path, words: tuple[str, ...], code: int) -> None:
    assert run(folder, root, "kube-inject", *FILES, *words).returncode == code


def test_a_full_disk_is_no_success(folder: Path, root: Path) -> None:
    with Path("/dev/full").open("w") as full:
        assert run(folder, root, "kube-inject", *FILES, output=full.fileno()).returncode != 0


def test_a_misspelt_command(folder: Path, root: Path) -> None:
    done = run(folder, root, "chekc")
    assert done.returncode == 2
    assert "No such command 'chekc'" in done.stderr
    assert "'check'" in done.stderr
