"""Vector files: one a suite, gzip'd JSON lines, the first line a header. Reading, and recording anew with the local Go."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
VECTORS: Final = HERE / "vectors"
RECORDER: Final = HERE / "recorder"


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite as recorded: the Go that answered, the seed, the data that vectors share, and the vectors themselves."""

    name: str
    go: str
    seed: int
    shared: dict[str, Any]
    vectors: list[dict[str, Any]]


class RecordError(Exception):
    """There is no Go on this machine, or the recorder failed; the text says which."""


def load_suites(directory: Path, names: Iterable[str] = ()) -> Iterator[Suite]:
    """Read the suites of a directory in alphabetical order, all or those named. Raises KeyError for one that is not there."""
    files = {path.name.removesuffix(".jsonl.gz"): path for path in sorted(directory.glob("*.jsonl.gz"))}
    for name in names or files:
        yield _load(files[name])


def _load(path: Path) -> Suite:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        head = json.loads(next(lines))
        vectors = [json.loads(line) for line in lines]
    return Suite(head["suite"], head["go"], head["seed"], head["shared"], vectors)


def record(directory: Path, seed: int, *, suites: Iterable[str] = (), count: int = 0) -> None:
    """Record suites into a directory with the Go on PATH; ``count`` vectors each, 0 for the usual number. Raises RecordError."""
    go = shutil.which("go")
    if go is None:
        raise RecordError("recording needs Go on PATH")
    command = [
        go,
        "run",
        ".",
        "-out",
        str(directory.resolve()),
        "-seed",
        str(seed),
        "-suite",
        ",".join(suites),
        "-count",
        str(count),
    ]
    done = subprocess.run(command, cwd=RECORDER, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RecordError(done.stderr.strip())
