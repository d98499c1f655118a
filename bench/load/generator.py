"""The load generator: a small Go program, because the API server is one, and because it costs a tenth of what a Python client does."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load.reviews import Review
from bench.load.served import Served

SOURCE = Path(__file__).parent / "generator"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "remora" / "load"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the good clients saw. ``errors``: failures by text; ``wrong``: answers 200 that did not hold what they must."""

    requests: int
    failed: int
    wrong: int
    errors: dict[str, int]
    statuses: dict[str, int]
    seconds: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    connections: int
    bad_opened: int
    bad_closed: int
    bad_held: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds if self.seconds else 0.0

    @property
    def cut(self) -> int:
        """Requests that were under way on a connection that was cut."""
        return sum(count for text, count in self.errors.items() if text.startswith("cut"))


class Load:
    """A run of the generator in the background; the result is waited for at the end of the block."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._result: Seen | None = None

    def result(self, timeout: float = 300.0) -> Seen:
        """Wait for the end of the run and return what it saw."""
        if self._result is None:
            out, errors = self._process.communicate(timeout=timeout)
            if self._process.returncode:
                raise RuntimeError(f"the load generator failed: {errors}")
            self._result = Seen(**json.loads(out))
        return self._result

    def running(self) -> bool:
        """Tell whether it still sends."""
        return self._process.poll() is None

    def __enter__(self) -> Load:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None and self._result is None:
            self._process.kill()
            self._process.communicate()


def has_go() -> bool:
    """Tell whether the generator can be built here."""
    return shutil.which("go") is not None


def build() -> Path:
    """Return the program, built once per state of its source."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SOURCE.iterdir()))).hexdigest()[:16]
    program = CACHE / f"load-{digest}"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = program.with_suffix(f".{os.getpid()}")
        environment = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-trimpath"}
        subprocess.run(["go", "build", "-o", str(fresh), "."], cwd=SOURCE, env=environment, check=True)
        fresh.replace(program)
    return program


def start(served: Served, reviews: Sequence[Review], *, seconds: float, connections: int = 8, **flags: Any) -> Load:
    """Send the reviews in turn for some time; ``flags`` are the generator's own (bad, count, pause, fresh, timeout, settle, url)."""
    bodies = served.folder / f"bodies-{len(list(served.folder.glob('bodies-*')))}"
    bodies.write_text("".join(review.line() for review in reviews))
    given = {"url": f"{served.url}/inject?timeout=10s", "ca": served.folder / "ca", "bodies": bodies}
    given |= {"seconds": seconds, "connections": connections, **flags}
    command = [str(build()), *(f"-{name}={value}" for name, value in given.items())]
    return Load(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))


def run(served: Served, reviews: Sequence[Review], *, seconds: float, connections: int = 8, **flags: Any) -> Seen:
    """Send the reviews in turn for some time and return what the clients saw."""
    with start(served, reviews, seconds=seconds, connections=connections, **flags) as load:
        return load.result()
