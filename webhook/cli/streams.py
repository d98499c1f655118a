"""Input and output of commands that turn one stream of manifests into another: files, or the standard streams."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import IO

from gotemplate.whole_file import go_reason, open_whole
from webhook.cli.exits import BAD_INPUT, CliError


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
    try:
        with (
            open_whole(name) as raw,
            TextIOWrapper(raw, encoding="utf-8", errors="surrogateescape", newline="") as stream,
        ):
            yield stream
    except OSError as error:
        raise CliError(f"write {name}: {go_reason(error)}", BAD_INPUT) from error
