"""Checksums: ``sha1sum``, ``sha256sum``, ``sha512sum``, ``adler32sum``."""

from __future__ import annotations

import hashlib
import zlib

from gotemplate.golib.utf8 import to_bytes


def sha1sum(text: str) -> str:
    """Return the SHA-1 of a text in hexadecimal."""
    return hashlib.sha1(to_bytes(text), usedforsecurity=False).hexdigest()


def sha256sum(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(to_bytes(text)).hexdigest()


def sha512sum(text: str) -> str:
    """Return the SHA-512 of a text in hexadecimal."""
    return hashlib.sha512(to_bytes(text)).hexdigest()


def adler32sum(text: str) -> str:
    """Return the Adler-32 of a text in decimal."""
    return str(zlib.adler32(to_bytes(text)))
