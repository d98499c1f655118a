"""Marshalled code on disk: what was generated for a text, so that the next process need not parse and compile it.

An entry is found by everything that matters: the text, its name, delimiters and the names of the functions it was parsed
with, the release of Go, the variant of the code, this engine and the Python that compiled it; signatures are compared when
it is loaded. A cache may be lost, damaged or written by several processes at once: what cannot be used is made again. As
code is run, it is read only from where nobody else could have written it, as Python does with its own.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import stat
import sys
import zlib
from _frozen_importlib_external import MAGIC_NUMBER
from typing import TYPE_CHECKING, Any, Final

from gotemplate.stored_code import UNIT_FORMAT, Unit

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL, which takes as long as all else together
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from gotemplate.compiled import Text

StoredUnit = tuple[str, bool, Unit | None]
"""A template of a text: its name, whether it is empty, and its code (None: only closures can execute it)."""

HEAD: Final = b"gotemplate code\n"
DIGEST_SIZE: Final = 4

ENGINE: Final = (
    "calls.py", "codegen/builtins.py", "codegen/calls.py", "codegen/expressions.py", "codegen/options.py", "codegen/scopes.py",
    "codegen/source.py", "codegen/statements.py",
    "constants.py", "grammar_table.py", "lexer.py", "nodes.py", "ordinary.py", "parser.py", "runtime.py", "stored_code.py", "terminals.py",
    "units.py",
)  # fmt: skip
"""The modules that make code or that code relies on: their sizes are part of every key."""


def _engine() -> str:
    folder = os.path.dirname(__file__)
    sizes = [_size(f"{folder}/{name}") for name in ENGINE]
    return f"{UNIT_FORMAT}:{','.join(sizes)}:{MAGIC_NUMBER.hex()}:{sys.implementation.cache_tag}"


def _size(path: str) -> str:
    try:
        return str(os.stat(path).st_size)
    except OSError:
        return "-"


class CodeCache:
    """A directory of compiled templates, made with its parents when something is stored first.

    ``hits``, ``misses`` and ``writes`` count. No operation raises: a cache that does not work is none.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = os.fspath(directory)
        self.hits = self.misses = self.writes = 0
        self._engine = _engine()
        self._safe: bool | None = None

    def __repr__(self) -> str:
        return f"<CodeCache {self.directory!r}>"

    def key_of(self, text: Text) -> str:
        """Return the key of a text."""
        parts = (self._engine, text.name, *text.delims, repr(tuple(text.go)), "\0".join(sorted(text.funcs)), text.text)
        digest = blake2b(digest_size=32)
        for part in parts:
            data = part.encode("utf-8", "surrogateescape")
            digest.update(b"%d:" % len(data))
            digest.update(data)
        return digest.hexdigest()

    def path(self, key: str, variant: str) -> str:
        """Return where the entry of a key lies."""
        return f"{self.directory}/{key}-{variant}.gtc"

    def load(self, key: str, variant: str) -> list[StoredUnit] | None:
        """Return the entry of a key; None if there is none that can be trusted and read."""
        data = self._read(self.path(key, variant))
        units = None if data is None else _units_of(data)
        if units is None:
            self.misses += 1
        else:
            self.hits += 1
        return units

    def store(self, key: str, variant: str, units: list[StoredUnit]) -> None:
        """Write an entry, whole or not at all."""
        try:
            body = marshal.dumps([(name, empty, unit and unit.stored()) for name, empty, unit in units])
        except ValueError:
            return  # a constant that marshal does not know
        with contextlib.suppress(OSError):
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
            if self.is_safe():
                self._write(self.path(key, variant), HEAD + _digest(body) + body)
                self.writes += 1

    @staticmethod
    def _write(path: str, data: bytes) -> None:
        import tempfile

        folder, prefix = os.path.split(path)
        handle, name = tempfile.mkstemp(prefix=prefix, dir=folder)  # readable by its owner only
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise

    def _read(self, path: str) -> bytes | None:
        if not self.is_safe():
            return None
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode) or not _is_private(found):
                return None
            return file.read()

    def is_safe(self) -> bool:
        """Tell whether nobody but this user and root could put files into the directory, or swap it for another."""
        if not self._safe:
            try:
                self._safe = _is_safe(os.path.realpath(self.directory, strict=True))
            except OSError:
                return False
        return self._safe


def _is_safe(directory: str) -> bool:
    if not _is_private(os.stat(directory)):
        return False
    while directory != (directory := os.path.dirname(directory)):
        found = os.stat(directory)
        if not _is_private(found) and not (found.st_mode & stat.S_ISVTX and found.st_uid in (0, os.geteuid())):
            return False  # in a sticky directory such as /tmp others cannot rename what is ours
    return True


def _is_private(found: os.stat_result) -> bool:
    return found.st_uid in (0, os.geteuid()) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _digest(body: bytes | memoryview) -> bytes:
    return zlib.crc32(body).to_bytes(DIGEST_SIZE, "little") + len(body).to_bytes(DIGEST_SIZE, "little")


def _units_of(data: bytes) -> list[StoredUnit] | None:
    """Return what an entry holds; None if it is not one, or damaged (marshal must not see damaged data)."""
    start = len(HEAD) + 2 * DIGEST_SIZE
    body = memoryview(data)[start:]
    if not data.startswith(HEAD) or data[len(HEAD) : start] != _digest(body):
        return None
    try:
        rows: Any = marshal.loads(body)
        return [(name, empty, Unit(*parts) if parts else None) for name, empty, parts in rows]
    except (EOFError, TypeError, ValueError):
        return None


__all__ = ["CodeCache", "StoredUnit"]
