"""Certificates: ``genCA``, ``genSelfSignedCert``, ``genSignedCert``, their ``WithKey`` variants, and ``buildCustomCert``.

A certificate is a struct of the PEM texts ``.Cert`` and ``.Key``. Needs the package ``cryptography`` (extra ``crypto``). The extensions,
their order and their criticality are those of Go's x509.CreateCertificate.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from gotemplate import fmt
from gotemplate.errors import FuncError
from gotemplate.golib import strconv
from gotemplate.golib.utf8 import from_bytes, to_bytes
from gotemplate.sprig.encoding import decode_base64
from gotemplate.sprig.keys import find_block, key_pem, library, parse_key, rsa_key
from gotemplate.values import STRING, Field, Kind, Struct, Value, struct_type, wrap_int

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host

CERTIFICATE: Final = struct_type("sprig.certificate", [Field("Cert", STRING), Field("Key", STRING)])
_DAY: Final = 24 * 3600 * 10**9
_PRINTABLE: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?")


@dataclass(frozen=True, slots=True)
class Request:
    """What a certificate shall say."""

    name: str
    addresses: tuple[Any, ...]
    names: tuple[str, ...]
    days: int
    authority: bool = False


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: a name, a key, and the key identifier of its certificate if that has one."""

    subject: Any
    key: Any
    identifier: bytes | None = None


def certificate(cert: str, key: str) -> Struct:
    """Return Sprig's certificate struct."""
    return Struct(CERTIFICATE, {"Cert": cert, "Key": key})


def authority(host: Host, name: str, days: int) -> Struct:
    """Return a new certificate authority with an RSA key of 2048 bits (``genCA``)."""
    return _self_signed(host, Request(name, (), (), days, authority=True), rsa_key(2048))


def authority_with_key(host: Host, name: str, days: int, key: str) -> Struct:
    """Return a new certificate authority with the given key (``genCAWithKey``)."""
    return _self_signed(host, Request(name, (), (), days, authority=True), _given_key(key))


def self_signed(host: Host, name: str, addresses: Value, names: Value, days: int) -> Struct:
    """Return a certificate signed by itself (``genSelfSignedCert``)."""
    key = rsa_key(2048)
    return _self_signed(host, _request(name, addresses, names, days), key)


def self_signed_with_key(host: Host, name: str, addresses: Value, names: Value, days: int, key: str) -> Struct:
    """Return a certificate signed by itself, with the given key (``genSelfSignedCertWithKey``)."""
    private = _given_key(key)
    return _self_signed(host, _request(name, addresses, names, days), private)


def signed(host: Host, name: str, addresses: Value, names: Value, days: int, issuer: Struct) -> Struct:
    """Return a certificate signed by an authority (``genSignedCert``)."""
    return _signed(host, (name, addresses, names, days), issuer, rsa_key(2048))


def signed_with_key(
    host: Host, name: str, addresses: Value, names: Value, days: int, issuer: Struct, key: str
) -> Struct:
    """Return a certificate signed by an authority, with the given key (``genSignedCertWithKey``)."""
    return _signed(host, (name, addresses, names, days), issuer, _given_key(key))


def build_custom(cert64: str, key64: str) -> Struct:
    """Return a certificate struct of a certificate and a key, both PEM in Base64 (``buildCustomCert``)."""
    cert, key = _decoded(cert64, "certificate"), _decoded(key64, "private key")
    _parse_certificate(cert, "decodedCert")
    _context(parse_key, key)
    return certificate(cert, key)


def _decoded(text: str, what: str) -> str:
    try:
        return from_bytes(decode_base64(text))
    except FuncError:
        raise FuncError(f"unable to decode base64 {what}") from None


def _context(parse: Any, key: str) -> Any:
    try:
        return parse(key)
    except FuncError as error:
        raise FuncError(f"error parsing private key: {error}") from None


def _given_key(text: str) -> Any:
    try:
        return parse_key(text)
    except FuncError as error:
        raise FuncError(f"parsing private key: {error}") from None


def _parse_certificate(text: str, variable: str) -> Any:
    block = find_block(text)
    if block is None:
        raise FuncError("unable to decode certificate")
    try:
        return library().x509.load_der_x509_certificate(block.octets)
    except ValueError:
        raise FuncError(f"error parsing certificate: {variable}.Bytes: x509: malformed certificate") from None


def _request(name: str, addresses: Value, names: Value, days: int) -> Request:
    return Request(name, tuple(map(_address, addresses)), tuple(map(_dns_name, names)), days)


def _address(value: Value) -> Any:
    if value.__class__ is not str:
        raise FuncError(f"error parsing ip: {fmt.sprintf('%v', value)} is not a string")
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        raise FuncError(f"error parsing ip: {value}") from None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            raise FuncError(f"error parsing ip: {value}")
        return address.ipv4_mapped or address
    return address


def _dns_name(value: Value) -> str:
    if value.__class__ is not str:
        raise FuncError(f"error processing alternate dns name: {fmt.sprintf('%v', value)} is not a string")
    return str(value)


def _self_signed(host: Host, request: Request, key: Any) -> Struct:
    return _issue(host, request, key, Issuer(_subject(request.name), key))


def _signed(host: Host, wanted: tuple[str, Value, Value, int], issuer: Struct, key: Any) -> Struct:
    signer = _parse_certificate(issuer["Cert"], "decodedSignerCert")
    signer_key = _context(parse_key, issuer["Key"])
    request = _request(*wanted)
    if signer_key.public_key() != signer.public_key():
        raise FuncError("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey")
    x509 = library().x509
    try:
        identifier = signer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        identifier = None
    return _issue(host, request, key, Issuer(signer.subject, signer_key, identifier))


def _subject(name: str) -> Any:
    """Return a name of one common name, none for the empty one; of the narrow string type if its characters allow."""
    from cryptography.x509.name import _ASN1Type
    from cryptography.x509.oid import NameOID

    x509 = library().x509
    if not name:
        return x509.Name([])
    kind = _ASN1Type.PrintableString if set(name) <= _PRINTABLE else _ASN1Type.UTF8String
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name, kind, _validate=False)])


def _issue(host: Host, request: Request, key: Any, issuer: Issuer) -> Struct:
    modules = library()
    _check_keys(modules, key, issuer.key)
    start = datetime.fromtimestamp(host.clock() // 10**9, UTC)
    end = start + timedelta(seconds=wrap_int(request.days * _DAY, Kind.INT64) // 10**9)
    if end < start:
        raise FuncError("error creating certificate: it would end before it starts")
    subject = _subject(request.name)
    builder = (
        modules.x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(host.random_bytes(16), "big") or 1)
        .not_valid_before(start)
        .not_valid_after(end)
    )
    for extension, critical in _extensions(modules.x509, request, key, issuer, subject):
        builder = builder.add_extension(extension, critical)
    cert = builder.sign(issuer.key, _hash(modules, issuer.key))
    return certificate(from_bytes(cert.public_bytes(modules.serialization.Encoding.PEM)), key_pem(key))


def _check_keys(modules: Any, key: Any, signer: Any) -> None:
    usable = (modules.rsa.RSAPrivateKey, modules.ec.EllipticCurvePrivateKey, modules.ed25519.Ed25519PrivateKey)
    if not isinstance(signer, usable):
        raise FuncError("error creating certificate: x509: certificate private key does not implement crypto.Signer")
    if not isinstance(key, usable):
        raise FuncError("error creating certificate: x509: unsupported public key type: *dsa.PublicKey")


def _hash(modules: Any, signer: Any) -> Any:
    if isinstance(signer, modules.ed25519.Ed25519PrivateKey):
        return None
    bits = signer.curve.key_size if isinstance(signer, modules.ec.EllipticCurvePrivateKey) else 0
    if bits <= 256:
        return modules.hashes.SHA256()
    return modules.hashes.SHA384() if bits == 384 else modules.hashes.SHA512()


def _extensions(x509: Any, request: Request, key: Any, issuer: Issuer, subject: Any) -> list[tuple[Any, bool]]:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    found = [
        (_key_usage(x509, request.authority), True),
        (usages, False),
        (x509.BasicConstraints(ca=request.authority, path_length=None), True),
    ]
    if request.authority:
        found.append((x509.SubjectKeyIdentifier(_key_identifier(key)), False))
    if issuer.identifier and issuer.subject != subject:
        found.append((x509.AuthorityKeyIdentifier(issuer.identifier, None, None), False))
    if request.names or request.addresses:
        found.append((_alternative_names(x509, request), not request.name))
    return found


def _key_usage(x509: Any, is_authority: bool) -> Any:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _key_identifier(key: Any) -> bytes:
    """Return the first 160 bits of the SHA-256 of the public key's bits (RFC 7093), as Go does since 1.25."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = key.public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    bits = _bit_string(der)
    return hashlib.sha256(bits).digest()[:20]


def _bit_string(der: bytes) -> bytes:
    """Return the bits of the key inside a SubjectPublicKeyInfo: the second element of its sequence."""
    at, _ = _enter(der, 0)
    start, length = _enter(der, at)
    start, length = _enter(der, start + length)
    return der[start + 1 : start + length]


def _enter(der: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the element at a position starts, and its length."""
    first = der[at + 1]
    if first < 0x80:
        return at + 2, first
    width = first & 0x7F
    return at + 2 + width, int.from_bytes(der[at + 2 : at + 2 + width], "big")


def _alternative_names(x509: Any, request: Request) -> Any:
    for name in request.names:
        if not to_bytes(name).isascii():
            raise FuncError(
                f"error creating certificate: x509: {strconv.quote(name)} cannot be encoded as an IA5String"
            )
    names = [x509.DNSName(name) for name in request.names]
    return x509.SubjectAlternativeName([*names, *(x509.IPAddress(address) for address in request.addresses)])
