"""Random strings: ``randAlphaNum`` and its relatives, ``randBytes``, ``shuffle``; all from the host's random source."""

from __future__ import annotations

import base64
import string
from typing import TYPE_CHECKING, Final

from gotemplate.errors import FuncError
from gotemplate.golib.utf8 import to_valid

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host

_ASCII: Final = "".join(map(chr, range(32, 127)))


def _pick(host: Host, alphabet: str, count: int) -> str:
    return "".join(alphabet[host.random.randrange(0, len(alphabet))] for _ in range(count))


def alpha_numeric(host: Host, count: int) -> str:
    """Return random letters and digits; nothing for a negative count (``randAlphaNum``)."""
    return _pick(host, string.ascii_letters + string.digits, count)


def alpha(host: Host, count: int) -> str:
    """Return random letters (``randAlpha``)."""
    return _pick(host, string.ascii_letters, count)


def numeric(host: Host, count: int) -> str:
    """Return random digits (``randNumeric``)."""
    return _pick(host, string.digits, count)


def ascii_text(host: Host, count: int) -> str:
    """Return random printable characters of ASCII (``randAscii``)."""
    return _pick(host, _ASCII, count)


def random_base64(host: Host, count: int) -> str:
    """Return random bytes in Base64 (``randBytes``)."""
    if count < 0:
        raise FuncError("runtime error: makeslice: len out of range")
    return base64.b64encode(host.random_bytes(count)).decode()


def shuffle(host: Host, text: str) -> str:
    """Return the characters of a text in random order."""
    runes = list(to_valid(text))
    for last in range(len(runes) - 1, 0, -1):
        other = host.random.randrange(0, last + 1)
        runes[last], runes[other] = runes[other], runes[last]
    return "".join(runes)
