"""Input and output of commands that turn one stream of manifests into another: files, or the standard streams."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from webhook.cli.exits import BAD_INPUT, CliError

if TYPE_CHECKING:
    from pathlib import Path


def go_reason(error: OSError) -> str:
    """Return the reason of a failed system call as Go words it: without a capital letter."""
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]


@contextmanager
def open_input(name: str) -> Iterator[IO[str]]:
    """Open a file, or standard input for ``-``; a file that cannot be opened raises CliError."""
    if name == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        stream = open(name, encoding="utf-8", errors="surrogateescape", newline="")  # noqa: PTH123, SIM115
    except OSError as error:
        raise CliError(f"open {name}: {go_reason(error)}", BAD_INPUT) from error
    with stream:
        yield stream


@contextmanager
def open_output(name: str) -> Iterator[IO[str]]:
    """Open standard output, or a file that appears under its name only when everything has been written."""
    if not name:
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")  # type: ignore[union-attr]
        yield sys.stdout
        sys.stdout.flush()
        return
    import tempfile  # imported for a file only, as is pathlib
    from pathlib import Path

    path = Path(name)
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise CliError(f"create {name}: {go_reason(error)}", BAD_INPUT) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            yield stream
        os.chmod(temporary, _mode(path))  # noqa: PTH101
        os.replace(temporary, path)  # noqa: PTH105
    except OSError as error:
        raise CliError(f"write {name}: {go_reason(error)}", BAD_INPUT) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """Return the permissions of the file that is replaced, else those a new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
