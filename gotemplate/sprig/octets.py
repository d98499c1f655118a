"""Cutting strings by bytes, as Go's slice expressions do, with Go's complaint about a bound that is out of range."""

from __future__ import annotations

from gotemplate.errors import FuncError
from gotemplate.golib.utf8 import from_bytes, to_bytes


def cut(text: str, start: int, end: int | None = None) -> str:
    """Return Go's ``text[start:end]``; a bound out of range raises FuncError."""
    octets = text if text.isascii() else to_bytes(text)
    size = len(octets)
    end, given = (size, "") if end is None else (end, str(end))
    if end < 0 or end > size:
        length = "" if end < 0 else f" with length {size}"
        raise FuncError(f"runtime error: slice bounds out of range [:{end}]{length}")
    if start < 0:
        raise FuncError(f"runtime error: slice bounds out of range [{start}:]")
    if start > end:
        raise FuncError(f"runtime error: slice bounds out of range [{start}:{given or end}]")
    piece = octets[start:end]
    return piece if isinstance(piece, str) else from_bytes(piece)
