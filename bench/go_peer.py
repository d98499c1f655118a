"""Go's text/template as the anchor of the injection figures: the program of bench/go/engine, built once and asked by lines."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bench.clock import Timing
from bench.engine_works import Work, pod_data
from bench.upstream import upstream

SOURCE = Path(__file__).parent / "go" / "engine"
ROUNDS = 5
SECONDS = 0.2


class GoPeer:
    """A running program; every question is a line and so is its answer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a question."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the peer has no pipes")
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def sidecar(self, release: str) -> Timing:
        """Time the stock sidecar template of a release."""
        work = sidecar_of(release)
        left, right = work.delims
        self.ask({"load": work.name, "text": work.text, "left": left, "right": right, "data": work.data})
        found = [self.ask({"render": work.name, "seconds": SECONDS})["seconds"] * 1e6 for _ in range(ROUNDS)]
        return Timing(min(found), statistics.median(found))


def sidecar_of(release: str) -> Work:
    """Return the stock sidecar template of a release with data of plain maps."""
    folder = upstream()
    if folder is None:
        raise FileNotFoundError("no upstream data (set REMORA_UPSTREAM)")
    name = folder / release / "stock" / "istio-sidecar-injector-configmap.yaml"
    texts = yaml.safe_load(name.read_text(encoding="utf-8"))["data"]
    config = yaml.safe_load(texts["config"])
    text = (config.get("templates") or {}).get("sidecar") or config["template"]
    delims = ("[[", "]]") if "[[" in text else ("{{", "}}")
    return Work(f"sidecar {release}", text, pod_data(json.loads(texts.get("values", "{}"))), 1.0, delims)


@contextmanager
def start_engine() -> Iterator[GoPeer | None]:
    """Build and start the peer; None where there is no Go."""
    go = shutil.which("go")
    if go is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        binary = Path(folder) / "engine"
        subprocess.run([go, "build", "-o", str(binary), "."], cwd=SOURCE, check=True)
        process = subprocess.Popen([str(binary)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield GoPeer(process)
        finally:
            process.kill()
            process.wait()
