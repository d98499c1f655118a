"""Encoding: ``b64enc``, ``b64dec``, ``b32enc``, ``b32dec``. A decoder that fails returns the words of its error, as Sprig's do."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from gotemplate.errors import FuncError
from gotemplate.golib.utf8 import from_bytes, to_bytes

_ALPHABET64: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_ALPHABET32: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_PAD: Final = 0x3D
_NEWLINES: Final = b"\r\n"


def b64enc(text: str) -> str:
    """Encode in Base64."""
    return base64.b64encode(to_bytes(text)).decode()


def b64dec(text: str) -> str:
    """Decode Base64, or return what is wrong with it."""
    try:
        return from_bytes(decode_base64(text))
    except FuncError as error:
        return str(error)


def decode_base64(text: str) -> bytes:
    """Decode as Go's base64.StdEncoding: new lines are skipped, the error is ``illegal base64 data at input byte N``."""
    octets = to_bytes(text)
    wrong = _base64_fault(octets)
    if wrong is not None:
        raise FuncError(f"illegal base64 data at input byte {wrong}")
    return binascii.a2b_base64(octets)


def _base64_fault(octets: bytes) -> int | None:
    """Return the position Go complains about, None for a text that decodes."""
    quantum = 0
    for at, octet in enumerate(octets):
        if octet in _NEWLINES:
            continue
        if octet == _PAD:
            return _padding_fault(octets, at, quantum)
        if octet not in _ALPHABET64:
            return at
        quantum = (quantum + 1) % 4
    return len(octets) - quantum if quantum else None


def _padding_fault(octets: bytes, at: int, quantum: int) -> int | None:
    if quantum < 2:
        return at
    rest = _after_newlines(octets, at + 1)
    if quantum == 2:
        if rest == len(octets):
            return rest
        if octets[rest] != _PAD:
            return rest - 1
        rest = _after_newlines(octets, rest + 1)
    return rest if rest < len(octets) else None


def _after_newlines(octets: bytes, at: int) -> int:
    while at < len(octets) and octets[at] in _NEWLINES:
        at += 1
    return at


def b32enc(text: str) -> str:
    """Encode in Base32."""
    return base64.b32encode(to_bytes(text)).decode()


def b32dec(text: str) -> str:
    """Decode Base32, or return what is wrong with it. What stands behind the last padding is not read, as in Go."""
    octets = to_bytes(text).translate(None, _NEWLINES)
    wrong = _base32_fault(octets)
    if wrong is not None:
        return f"illegal base32 data at input byte {wrong}"
    end = octets.find(_PAD)
    return from_bytes(base64.b32decode(octets if end < 0 else octets[: end - end % 8 + 8]))


def _base32_fault(octets: bytes) -> int | None:
    """Return the position, new lines not counted, that Go complains about; None for a text that decodes."""
    length = len(octets)
    for at, octet in enumerate(octets):
        if octet in _ALPHABET32:
            continue
        quantum, left = at % 8, length - at - 1
        if octet != _PAD or quantum < 2 or left >= 8:
            return at
        return _base32_padding_fault(octets, at, quantum)
    return length - length % 8 if length % 8 else None


def _base32_padding_fault(octets: bytes, at: int, quantum: int) -> int | None:
    length, wanted = len(octets), 7 - quantum
    if length - at - 1 < wanted:
        return length
    wrong = next((k for k in range(at + 1, at + 1 + wanted) if octets[k] != _PAD), None)
    if wrong is not None:
        return wrong - 1
    if quantum in (3, 6):
        return at
    return None
