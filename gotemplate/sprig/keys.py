"""Private keys: ``genPrivateKey``, and reading and writing keys as PEM.

Needs the package ``cryptography`` (extra ``crypto``), which is imported when it is first used and makes keys from its own
randomness.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from typing import Any, Final, NamedTuple

from gotemplate.errors import FuncError
from gotemplate.golib.utf8 import from_bytes
from gotemplate.sprig import der
from gotemplate.sprig.encoding import decode_base64

_BLOCK: Final = re.compile(
    r"^-----BEGIN ([^\n]*?)-----[ \t\r]*\n(.*?)^-----END \1-----[ \t\r]*$", re.MULTILINE | re.DOTALL
)
_HEADER: Final = re.compile(r"^[^:\n]*:[^\n]*\n", re.MULTILINE)
_SUFFIX: Final = " PRIVATE KEY"
_FORMATS: Final = {"EC": "EC PRIVATE KEY", "PKCS8": "PRIVATE KEY", "PKCS1": "RSA PRIVATE KEY"}
"""The formats of keys, by the name of Go's function that parses one, and the type of their PEM block."""


class Library(NamedTuple):
    """The modules of cryptography that keys and certificates need."""

    x509: Any
    hashes: Any
    padding: Any
    serialization: Any
    dsa: Any
    ec: Any
    ed25519: Any
    rsa: Any


def library() -> Library:
    """Return the modules of cryptography; FuncError says how to get it when it is missing."""
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
    except ImportError:
        raise FuncError("keys and certificates need the package cryptography: install remora[crypto]") from None
    return Library(x509, hashes, padding, serialization, dsa, ec, ed25519, rsa)


class Block(NamedTuple):
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
        return _load(block, "decoding PEM as PKCS#8", "PKCS8")
    if not block.type.endswith(_SUFFIX):
        raise FuncError(f"no private key data in PEM block of type {block.type}")
    kind = block.type.removesuffix(_SUFFIX)
    if kind not in ("RSA", "EC", "DSA"):
        raise FuncError(f"invalid private key type {block.type}")
    return _load(block, f"parsing {kind} private key from PEM", {"RSA": "PKCS1"}.get(kind, kind))


def _load(block: Block, context: str, form: str) -> Any:
    key = _load_as(block.type, block.octets)
    if key is None:
        others = {other: label for other, label in _FORMATS.items() if other != form}
        known = next((other for other, label in others.items() if _load_as(label, block.octets) is not None), None)
        advice = f"use Parse{known}PrivateKey instead for this key format" if known else "not a key"
        raise FuncError(f"{context}: x509: failed to parse private key ({advice})")
    return key


def _load_as(label: str, octets: bytes) -> Any:
    """Return the key that bytes are under the label of a PEM block, None if they are none."""
    modules = library()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return modules.serialization.load_pem_private_key(der.pem(label, octets).encode(), None)
    except (ValueError, TypeError, NotImplementedError):
        return None


def can_sign(key: Any) -> bool:
    """Tell whether certificates can be signed with a key, and issued for it: RSA, ECDSA and Ed25519."""
    modules = library()
    return isinstance(
        key, (modules.rsa.RSAPrivateKey, modules.ec.EllipticCurvePrivateKey, modules.ed25519.Ed25519PrivateKey)
    )


def _curve_bits(key: Any) -> int:
    """Return the size of a key's curve, 0 for a key of another kind."""
    return int(key.curve.key_size) if isinstance(key, library().ec.EllipticCurvePrivateKey) else 0


def signature_algorithm(key: Any) -> bytes:
    """Return the AlgorithmIdentifier of the signatures Go makes with a key: by SHA-256, with larger curves SHA-384 or 512."""
    if isinstance(key, library().rsa.RSAPrivateKey):
        return der.sequence(der.object_identifier("1.2.840.113549.1.1.11"), der.NULL)
    bits = _curve_bits(key)
    if not bits:
        return der.sequence(der.object_identifier("1.3.101.112"))
    return der.sequence(der.object_identifier(f"1.2.840.10045.4.3.{2 if bits <= 256 else 3 if bits == 384 else 4}"))


def sign(key: Any, content: bytes) -> bytes:
    """Return the signature of some bytes by ``signature_algorithm``."""
    modules = library()
    signature: bytes
    if isinstance(key, modules.rsa.RSAPrivateKey):
        signature = key.sign(content, modules.padding.PKCS1v15(), modules.hashes.SHA256())
    elif bits := _curve_bits(key):
        digest = (
            modules.hashes.SHA256 if bits <= 256 else modules.hashes.SHA384 if bits == 384 else modules.hashes.SHA512
        )
        signature = key.sign(content, modules.ec.ECDSA(digest()))
    else:
        signature = key.sign(content)
    return signature


def public_octets(key: Any) -> bytes:
    """Return the SubjectPublicKeyInfo of a private key."""
    forms = library().serialization
    octets: bytes = key.public_key().public_bytes(forms.Encoding.DER, forms.PublicFormat.SubjectPublicKeyInfo)
    return octets


def key_identifier(key: Any) -> bytes:
    """Return the first 160 bits of the SHA-256 of the public key's bits (RFC 7093), as Go does since 1.25."""
    octets = public_octets(key)
    inside, _ = der.content_at(octets, 0)
    _, algorithm_end = der.content_at(octets, inside)
    start, end = der.content_at(octets, algorithm_end)
    return hashlib.sha256(octets[start + 1 : end]).digest()[:20]
