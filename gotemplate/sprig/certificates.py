"""Certificates: ``genCA``, ``genSelfSignedCert``, ``genSignedCert``, their ``WithKey`` variants, ``buildCustomCert``.

A certificate is a struct of the PEM texts ``.Cert`` and ``.Key``. Needs the package ``cryptography`` (extra ``crypto``).
What a certificate says, and in which order, is what Go's x509.CreateCertificate writes for Sprig.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from gotemplate import fmt
from gotemplate.errors import FuncError
from gotemplate.golib import strconv
from gotemplate.golib.utf8 import from_bytes
from gotemplate.sprig import der
from gotemplate.sprig.encoding import decode_base64
from gotemplate.sprig.keys import (
    can_sign,
    find_block,
    key_identifier,
    key_pem,
    library,
    parse_key,
    public_octets,
    rsa_key,
    sign,
    signature_algorithm,
)
from gotemplate.values import STRING, Field, Kind, Struct, Value, struct_type, wrap_int

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host

CERTIFICATE: Final = struct_type("sprig.certificate", [Field("Cert", STRING), Field("Key", STRING)])
_DAY: Final = 24 * 3600 * 10**9
_SERVER_AND_CLIENT: Final = ("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2")
"""The extended key usages: server and client authentication."""


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

    subject: bytes
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
    _certified_key(key)
    return certificate(cert, key)


def _decoded(text: str, what: str) -> str:
    try:
        return from_bytes(decode_base64(text))
    except FuncError:
        raise FuncError(f"unable to decode base64 {what}") from None


def _certified_key(text: str) -> Any:
    try:
        return parse_key(text)
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
    signer_key = _certified_key(issuer["Key"])
    request = _request(*wanted)
    if signer_key.public_key() != signer.public_key():
        raise FuncError("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey")
    x509 = library().x509
    try:
        identifier = signer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        identifier = None
    return _issue(host, request, key, Issuer(signer.subject.public_bytes(), signer_key, identifier))


def _subject(name: str) -> bytes:
    """Return a name of one common name, of nothing for the empty one."""
    attribute = der.sequence(der.object_identifier("2.5.4.3"), der.text(name))
    return der.sequence(der.element(0x31, attribute)) if name else der.sequence()


def _issue(host: Host, request: Request, key: Any, issuer: Issuer) -> Struct:
    _check_keys(key, issuer.key)
    subject = _subject(request.name)
    start = datetime.fromtimestamp(host.clock() // 10**9, UTC)
    end = start + timedelta(seconds=wrap_int(request.days * _DAY, Kind.INT64) // 10**9)
    algorithm = signature_algorithm(issuer.key)
    body = der.sequence(
        der.tagged(0, der.integer(2)),
        der.integer(int.from_bytes(host.random_bytes(16), "big")),
        algorithm,
        issuer.subject,
        der.sequence(der.moment(start), der.moment(end)),
        subject,
        public_octets(key),
        der.tagged(3, der.sequence(*_extensions(request, key, issuer, subject))),
    )
    signed_body = der.sequence(body, algorithm, der.bit_string(sign(issuer.key, body)))
    return certificate(der.pem("CERTIFICATE", signed_body), key_pem(key))


def _check_keys(key: Any, signer: Any) -> None:
    if not can_sign(signer):
        raise FuncError("error creating certificate: x509: certificate private key does not implement crypto.Signer")
    if not can_sign(key):
        raise FuncError("error creating certificate: x509: unsupported public key type: *dsa.PublicKey")


def _extensions(request: Request, key: Any, issuer: Issuer, subject: bytes) -> Iterator[bytes]:
    usage = der.bit_string(b"\xa4", 2) if request.authority else der.bit_string(b"\xa0", 5)
    yield _extension("2.5.29.15", usage, critical=True)
    yield _extension("2.5.29.37", der.sequence(*map(der.object_identifier, _SERVER_AND_CLIENT)))
    yield _extension("2.5.29.19", der.sequence(der.TRUE if request.authority else b""), critical=True)
    if request.authority:
        yield _extension("2.5.29.14", der.octet_string(key_identifier(key)))
    if issuer.identifier and issuer.subject != subject:
        yield _extension("2.5.29.35", der.sequence(der.tagged(0, issuer.identifier, constructed=False)))
    if request.names or request.addresses:
        yield _extension("2.5.29.17", _alternative_names(request), critical=not request.name)


def _extension(identifier: str, value: bytes, *, critical: bool = False) -> bytes:
    return der.sequence(der.object_identifier(identifier), der.TRUE if critical else b"", der.octet_string(value))


def _alternative_names(request: Request) -> bytes:
    for name in request.names:
        if not name.isascii():
            words = f"x509: {strconv.quote(name)} cannot be encoded as an IA5String"
            raise FuncError(f"error creating certificate: {words}")
    names = [der.tagged(2, name.encode(), constructed=False) for name in request.names]
    return der.sequence(*names, *(der.tagged(7, address.packed, constructed=False) for address in request.addresses))
