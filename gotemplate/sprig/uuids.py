"""UUIDs: ``uuidv4``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host


def uuidv4(host: Host) -> str:
    """Return a random UUID of version 4."""
    octets = bytearray(host.random_bytes(16))
    octets[6] = octets[6] & 0x0F | 0x40
    octets[8] = octets[8] & 0x3F | 0x80
    digits = octets.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
