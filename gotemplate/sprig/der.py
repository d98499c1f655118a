"""The encoding of certificates (ASN.1, DER), as much of it as X.509 certificates need."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from gotemplate.golib.utf8 import to_bytes

if TYPE_CHECKING:
    from datetime import datetime

_PRINTABLE: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?")
NULL: Final = b"\x05\x00"
TRUE: Final = b"\x01\x01\xff"


def element(tag: int, content: bytes) -> bytes:
    """Return an element: its tag, the length of its content, the content."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE."""
    return element(0x30, b"".join(parts))


def tagged(number: int, content: bytes, *, constructed: bool = True) -> bytes:
    """Return an element with a tag of its context."""
    return element((0xA0 if constructed else 0x80) | number, content)


def integer(number: int) -> bytes:
    """Return an INTEGER that is not negative."""
    return element(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octet_string(content: bytes) -> bytes:
    """Return an OCTET STRING."""
    return element(0x04, content)


def bit_string(content: bytes, unused: int = 0) -> bytes:
    """Return a BIT STRING, of whose last byte some bits may be unused."""
    return element(0x03, bytes((unused,)) + content)


def object_identifier(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    octets = bytearray((40 * first + second,))
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(number & 0x7F | 0x80)
        octets += bytes(reversed(groups))
    return element(0x06, bytes(octets))


def text(value: str) -> bytes:
    """Return a PrintableString if its characters allow, else a UTF8String: Go's choice."""
    octets = to_bytes(value)
    return element(0x13 if _PRINTABLE.issuperset(octets) else 0x0C, octets)


def moment(value: datetime) -> bytes:
    """Return a UTCTime for the years 1950 to 2049, a GeneralizedTime for others; the time is in UTC."""
    if 1950 <= value.year < 2050:
        return element(0x17, value.strftime("%y%m%d%H%M%SZ").encode())
    return element(0x18, f"{value.year:04d}{value:%m%d%H%M%S}Z".encode())


def pem(label: str, content: bytes) -> str:
    """Return bytes as a PEM block, lines of 64 characters."""
    encoded = base64.b64encode(content).decode()
    lines = (encoded[at : at + 64] for at in range(0, len(encoded), 64))
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))


def content_at(octets: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the element at a position starts, and where it ends."""
    length, start = octets[at + 1], at + 2
    if length >= 0x80:
        width = length & 0x7F
        length, start = int.from_bytes(octets[start : start + width], "big"), start + width
    return start, start + length
