"""How a configuration gets from the steward to the workers: as one file of its texts in the shared folder, named by hash.

The steward has parsed, compiled and tried it; a worker that finds a new name builds the same snapshot from the texts, with the compiled
templates out of the cache, which takes milliseconds. The pointer to the newest is replaced by renaming, so that nobody reads half of it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

CURRENT: Final = "current"
KEPT: Final = 3
"""Publications that are kept: a worker may be about to read the one before."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The texts of a configuration that was found good; ``release`` is the one it was found good for."""

    inject: str
    mesh: str | None
    values: str | None
    proxy_configs: str | None
    release: str
    source: str


def folder_of(snapshots: Path, revision: str) -> Path:
    """Return the folder of a revision's publications, which exists."""
    folder = snapshots / (f"rev-{revision}" if revision else "default")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def publish(folder: Path, digest: str, publication: Publication) -> None:
    """Write a publication and point to it."""
    _write(folder / f"{digest}.json", json.dumps(asdict(publication)))
    _write(folder / CURRENT, digest)
    old = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    for path in old[:-KEPT]:
        path.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(text, "utf-8", "surrogatepass")
    os.replace(temporary, path)  # noqa: PTH105


def current_digest(folder: Path) -> str:
    """Return the hash of the newest publication, empty when there is none yet."""
    try:
        return (folder / CURRENT).read_text("ascii")
    except FileNotFoundError:
        return ""


def read_publication(folder: Path, digest: str) -> Publication:
    """Return a publication by its hash."""
    return Publication(**json.loads((folder / f"{digest}.json").read_text("utf-8", "surrogatepass")))
