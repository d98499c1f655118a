"""Encryption: ``encryptAES`` and ``decryptAES``, AES-256 in CBC mode with the password, cut or padded to 32 bytes, as the key.

They need the package ``cryptography`` (extra ``crypto``), which is imported when the first of them is called.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from gotemplate.errors import FuncError
from gotemplate.golib.utf8 import from_bytes, to_bytes
from gotemplate.sprig.encoding import decode_base64

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host

_BLOCK: Final = 16


def _cipher(password: str, vector: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError:
        raise FuncError("AES needs the package cryptography: install remora[crypto]") from None
    key = to_bytes(password)[:32].ljust(32, b"\0")
    return Cipher(algorithms.AES(key), modes.CBC(vector))


def encrypt_aes(host: Host, password: str, text: str) -> str:
    """Return the text encrypted, in Base64, behind a random vector; nothing of nothing (``encryptAES``)."""
    if not text:
        return ""
    content = to_bytes(text)
    padding = _BLOCK - len(content) % _BLOCK
    vector = host.random_bytes(_BLOCK)
    encryptor = _cipher(password, vector).encryptor()
    encrypted = encryptor.update(content + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(vector + encrypted).decode()


def decrypt_aes(password: str, encrypted: str) -> str:
    """Return the text of what ``encryptAES`` made; anything else ends in the panics of Go's slices (``decryptAES``)."""
    if not encrypted:
        return ""
    octets = decode_base64(encrypted)
    room = len(to_bytes(encrypted)) // 4 * 3
    if room < _BLOCK:
        raise FuncError(f"runtime error: slice bounds out of range [:{_BLOCK}] with capacity {room}")
    if len(octets) < _BLOCK:
        raise FuncError(f"runtime error: slice bounds out of range [{_BLOCK}:{len(octets)}]")
    if len(octets) % _BLOCK:
        raise FuncError("crypto/cipher: input not full blocks")
    decryptor = _cipher(password, octets[:_BLOCK]).decryptor()
    return from_bytes(_without_padding(decryptor.update(octets[_BLOCK:]) + decryptor.finalize()))


def _without_padding(content: bytes) -> bytes:
    if not content:
        raise FuncError("runtime error: index out of range [-1]")
    end = len(content) - content[-1]
    if end < 0:
        raise FuncError(f"runtime error: slice bounds out of range [:{end}]")
    return content[:end]
