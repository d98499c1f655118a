"""Private keys: ``genPrivateKey``, and reading and writing keys as PEM.

Needs the package ``cryptography`` (extra ``crypto``), which is imported when it is first used and makes keys from its own randomness.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Any, Final

from gotemplate.errors import FuncError
from gotemplate.golib.utf8 import from_bytes, to_bytes
from gotemplate.sprig.encoding import decode_base64

_BLOCK: Final = re.compile(
    r"^-----BEGIN ([^\n]*?)-----[ \t\r]*\n(.*?)^-----END \1-----[ \t\r]*$", re.MULTILINE | re.DOTALL
)
_HEADER: Final = re.compile(r"^[^:\n]*:[^\n]*\n", re.MULTILINE)
_SUFFIX: Final = " PRIVATE KEY"


def library() -> Any:
    """Return the modules of cryptography that keys and certificates need; FuncError says how to get it when it is missing."""
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
    except ImportError:
        raise FuncError("keys and certificates need the package cryptography: install remora[crypto]") from None
    return Library(x509, hashes, serialization, dsa, ec, ed25519, rsa)


@dataclass(frozen=True, slots=True)
class Library:
    """The modules of cryptography."""

    x509: Any
    hashes: Any
    serialization: Any
    dsa: Any
    ec: Any
    ed25519: Any
    rsa: Any


@dataclass(frozen=True, slots=True)
class Block:
    """A PEM block: its type and its bytes."""

    type: str
    octets: bytes


def find_block(text: str) -> Block | None:
    """Return the first PEM block of a text, None when there is none."""
    for found in _BLOCK.finditer(text):
        try:
            return Block(found[1], decode_base64(re.sub(r"[ \t\r\n]", "", _HEADER.sub("", found[2]))))
        except FuncError:
            continue
    return None


def private_key(kind: str) -> str:
    """Return a new private key as PEM: ``rsa`` (4096 bits, also for the empty word), ``dsa``, ``ecdsa`` (P-256), ``ed25519``."""
    if kind not in ("", "rsa", "dsa", "ecdsa", "ed25519"):
        return "Unknown type " + kind
    modules = library()
    if kind == "dsa":
        return key_pem(_dsa_key(modules))
    if kind == "ecdsa":
        return key_pem(modules.ec.generate_private_key(modules.ec.SECP256R1()))
    if kind == "ed25519":
        return key_pem(modules.ed25519.Ed25519PrivateKey.generate())
    return key_pem(rsa_key(4096))


def _dsa_key(modules: Library) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return modules.dsa.generate_private_key(2048)


def rsa_key(bits: int) -> Any:
    """Return a new RSA key."""
    return library().rsa.generate_private_key(public_exponent=65537, key_size=bits)


def key_pem(key: Any) -> str:
    """Return a key as PEM, in the form of its own kind if that has one, else PKCS#8."""
    modules = library()
    own_form = isinstance(
        key, (modules.rsa.RSAPrivateKey, modules.ec.EllipticCurvePrivateKey, modules.dsa.DSAPrivateKey)
    )
    formats = modules.serialization.PrivateFormat
    pem: bytes = key.private_bytes(
        modules.serialization.Encoding.PEM,
        formats.TraditionalOpenSSL if own_form else formats.PKCS8,
        modules.serialization.NoEncryption(),
    )
    return from_bytes(pem)


def parse_key(text: str) -> Any:
    """Return the private key of a PEM text; FuncError in Sprig's words (what is wrong inside the bytes, in our own)."""
    block = find_block(text)
    if block is None:
        raise FuncError("no PEM data in input")
    if block.type == _SUFFIX.strip():
        return _load(block, "decoding PEM as PKCS#8", "PrivateKeyInfo")
    if not block.type.endswith(_SUFFIX):
        raise FuncError(f"no private key data in PEM block of type {block.type}")
    kind = block.type.removesuffix(_SUFFIX)
    if kind not in ("RSA", "EC", "DSA"):
        raise FuncError(f"invalid private key type {block.type}")
    return _load(block, f"parsing {kind} private key from PEM", kind)


def _load(block: Block, context: str, form: str) -> Any:
    import base64

    body = base64.encodebytes(block.octets).decode()
    pem = to_bytes(f"-----BEGIN {block.type}-----\n{body}-----END {block.type}-----\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return library().serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError, NotImplementedError):
        raise FuncError(f"{context}: x509: failed to parse private key ({form})") from None
