"""The bcrypt hash, by the C library where that knows it, else made here of the Blowfish cipher.

The tables of Blowfish are the first hexadecimal digits of pi. In Python a hash of Sprig's cost 10 takes many seconds: bcrypt is
meant to be slow, and is so also where it need not be.
"""

from __future__ import annotations

from functools import cache
from typing import Final

_ROUNDS: Final = 16
_WORDS: Final = _ROUNDS + 2 + 4 * 256
_MASK: Final = 0xFFFFFFFF
_CRYPT_DATA: Final = 1 << 18
"""Bytes for crypt_r's working memory, twice what the largest of its implementations asks for."""
_PLAIN: Final = b"OrpheanBeholderScryDoubt"
_ALPHABET: Final = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_STANDARD: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_BCRYPT: Final = str.maketrans(_STANDARD, _ALPHABET)


@cache
def _pi_words() -> tuple[int, ...]:
    """Return the fraction of pi in words of 32 bits, by Machin's formula."""
    guard = 64
    bits = 32 * _WORDS + guard
    pi = 4 * (4 * _arctan_inverse(5, bits) - _arctan_inverse(239, bits))
    fraction = (pi - (3 << bits)) >> guard
    return tuple(fraction >> shift & _MASK for shift in range(32 * (_WORDS - 1), -1, -32))


def _arctan_inverse(number: int, bits: int) -> int:
    total = term = (1 << bits) // number
    square, divisor, sign = number * number, 3, -1
    while term:
        term //= square
        total += sign * (term // divisor)
        divisor, sign = divisor + 2, -sign
    return total


class _State:
    """The round keys and substitution boxes, expanded by key and salt."""

    def __init__(self) -> None:
        words = list(_pi_words())
        self.keys = words[:18]
        self.boxes = [words[18 + 256 * i : 18 + 256 * (i + 1)] for i in range(4)]

    def encrypt(self, left: int, right: int) -> tuple[int, int]:
        """Encrypt a block of two words."""
        keys, (a, b, c, d) = self.keys, self.boxes
        for even, odd in zip(keys[:16:2], keys[1:16:2], strict=True):
            left ^= even
            right ^= ((a[left >> 24] + b[left >> 16 & 255] ^ c[left >> 8 & 255]) + d[left & 255] & 0xFFFFFFFF) ^ odd
            left ^= (a[right >> 24] + b[right >> 16 & 255] ^ c[right >> 8 & 255]) + d[right & 255] & 0xFFFFFFFF
        return right ^ keys[17], left ^ keys[16]

    def expand(self, key: list[int], salt: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
        """Mix a key (18 words) into the round keys, and replace all words by encryptions that chain the salt in."""
        self.keys = [word ^ part for word, part in zip(self.keys, key, strict=True)]
        left = right = turn = 0
        halves, encrypt = (salt[:2], salt[2:]), self.encrypt
        for table in (self.keys, *self.boxes):
            for i in range(0, len(table), 2):
                first, second = halves[turn]
                turn ^= 1
                table[i], table[i + 1] = left, right = encrypt(left ^ first, right ^ second)


def _cyclic_words(octets: bytes) -> list[int]:
    repeated = octets * (72 // len(octets) + 1)
    return [int.from_bytes(repeated[i : i + 4], "big") for i in range(0, 72, 4)]


def bcrypt_hash(password: bytes, salt: bytes, cost: int) -> str:
    """Return the bcrypt hash of a password of at most 72 bytes: salt of 16 bytes, ``2**cost`` expansions, prefix ``$2a$``."""
    return library_hash(password, salt, cost) or blowfish_hash(password, salt, cost)


def library_hash(password: bytes, salt: bytes, cost: int) -> str | None:
    """Return the hash by the C library's crypt_r; None when that is not there, has no bcrypt, or would cut the password."""
    import ctypes

    if b"\0" in password:
        return None
    setting = f"$2b${cost:02d}${_encode(salt)}".encode()  # 2a has amends for old bugs in some libraries
    for name in ("libcrypt.so.1", "libcrypt.so.2", None):
        try:
            crypt = ctypes.CDLL(name).crypt_r
        except (OSError, AttributeError):
            continue
        crypt.restype = ctypes.c_char_p
        found: bytes | None = crypt(password, setting, ctypes.create_string_buffer(_CRYPT_DATA))
        if found is not None and found.startswith(b"$2b$"):
            return "$2a$" + found.decode().removeprefix("$2b$")
    return None


def blowfish_hash(password: bytes, salt: bytes, cost: int) -> str:
    """Return the hash made here."""
    state = _State()
    key, salt_key = _cyclic_words(password + b"\0"), _cyclic_words(salt)
    state.expand(key, (salt_key[0], salt_key[1], salt_key[2], salt_key[3]))
    for _ in range(1 << cost):
        state.expand(key)
        state.expand(salt_key)
    digest = b"".join(_digest_block(state, _PLAIN[i : i + 8]) for i in range(0, 24, 8))
    return f"$2a${cost:02d}${_encode(salt)}{_encode(digest[:23])}"


def _digest_block(state: _State, block: bytes) -> bytes:
    left, right = int.from_bytes(block[:4], "big"), int.from_bytes(block[4:], "big")
    for _ in range(64):
        left, right = state.encrypt(left, right)
    return left.to_bytes(4, "big") + right.to_bytes(4, "big")


def _encode(octets: bytes) -> str:
    import base64

    return base64.b64encode(octets).decode().rstrip("=").translate(_TO_BCRYPT)
