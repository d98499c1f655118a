"""Passwords: ``bcrypt``, ``htpasswd``, ``derivePassword``."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from gotemplate.golib.utf8 import to_bytes
from gotemplate.sprig.blowfish import bcrypt_hash

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host

_BCRYPT_COST: Final = 10
_BCRYPT_LIMIT: Final = 72
_SCOPE: Final = b"com.lyndir.masterpassword"
_VOWELS, _CONSONANTS, _DIGITS = "aeiou", "bcdfghjklmnpqrstvwxyz", "0123456789"
_LETTERS: Final = _VOWELS.upper() + _VOWELS + _CONSONANTS.upper() + _CONSONANTS
_CLASSES: Final = {
    "V": _VOWELS.upper(),
    "C": _CONSONANTS.upper(),
    "v": _VOWELS,
    "c": _CONSONANTS,
    "a": _LETTERS,
    "n": _DIGITS,
    "o": "@&%?,=[]_:-+*$#!'^~;()/.",
    "x": _LETTERS + _DIGITS + "!@#$%^&*()",
}
_TEMPLATES: Final = {
    "maximum": "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno",
    "long": "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv "
    "CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv "
    "CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno",
    "medium": "CvcnoCvc CvcCvcno",
    "short": "Cvcn",
    "basic": "aaanaaan aannaaan aaannaaa",
    "pin": "nnnn",
}
"""The password shapes of the Master Password algorithm, by type; each letter names a class of characters."""


def bcrypt(host: Host, password: str) -> str:
    """Return the bcrypt hash of a password, with a random salt; of more than 72 bytes, the words of Sprig's complaint."""
    octets = to_bytes(password)
    if len(octets) > _BCRYPT_LIMIT:
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
    return bcrypt_hash(octets, host.random_bytes(16), _BCRYPT_COST)


def htpasswd(host: Host, user: str, password: str) -> str:
    """Return a line for Apache's password file; a user name with a colon, the words of Sprig's complaint."""
    return f"invalid username: {user}" if ":" in user else f"{user}:{bcrypt(host, password)}"


def derive_password(counter: int, kind: str, password: str, user: str, site: str) -> str:
    """Return the password of a site by the Master Password algorithm (``derivePassword``)."""
    if kind not in _TEMPLATES:
        return f"cannot find password template {kind}"
    salt = _SCOPE + _counted(user)
    key = hashlib.scrypt(to_bytes(password), salt=salt, n=32768, r=8, p=2, maxmem=1 << 27, dklen=64)
    seed = hmac.digest(key, _SCOPE + _counted(site) + counter.to_bytes(4, "big"), "sha256")
    shapes = _TEMPLATES[kind].split()
    shape = shapes[seed[0] % len(shapes)]
    classes = (_CLASSES[letter] for letter in shape)
    return "".join(chars[octet % len(chars)] for chars, octet in zip(classes, seed[1:], strict=False))


def _counted(text: str) -> bytes:
    octets = to_bytes(text)
    return len(octets).to_bytes(4, "big") + octets
