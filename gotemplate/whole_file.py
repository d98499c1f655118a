"""Files that are written whole or not at all: what is written goes beside the file, and takes its place when it is complete."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@contextmanager
def open_whole(name: str) -> Iterator[IO[bytes]]:
    """Open a file for writing that keeps its content until the block ends, and for good where an exception ends it.

    A link stays one, and a device or pipe is written to as it is. Raises OSError.
    """
    import tempfile  # these two are slow to import, and most commands write to standard output
    from pathlib import Path

    target = Path(name)
    if target.exists() and not target.is_file():
        with target.open("wb") as stream:
            yield stream
        return
    target = target.resolve()
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """Return the permissions of the file that is replaced, else those a new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def go_reason(error: OSError) -> str:
    """Return the reason of a failed system call as Go words it: without a capital letter."""
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]
