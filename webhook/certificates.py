"""Certificates for the webhook: a CA of our own, a serving certificate by it, and a request for a certificate by somebody else's.

Pure but for the random numbers of a new key; the clock comes in as an argument, and nothing is read or written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS: Final = 3650
SERVING_DAYS: Final = 365
SKEW: Final = timedelta(minutes=5)
"""How far before now a certificate is already valid, for clocks that lag."""
KUBELET_SERVING: Final = "kubernetes.io/kubelet-serving"
"""The only signer of Kubernetes itself that issues server certificates; it insists on the subject of a node."""


class CertificateError(Exception):
    """A certificate or key cannot be read, or does not belong to the other."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate (or a request for one) and its private key, both PEM."""

    certificate: bytes
    key: bytes


def service_names(service: str, namespace: str) -> tuple[str, ...]:
    """Return the DNS names of a Service inside the cluster, the one the API server calls first."""
    return (f"{service}.{namespace}.svc", f"{service}.{namespace}", service, f"{service}.{namespace}.svc.cluster.local")


def make_ca(common_name: str, now: datetime, *, days: int = CA_DAYS) -> KeyPair:
    """Make a certificate authority that can sign servers and nothing below itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(common_name)
    builder = _builder(name, name, key.public_key(), now, days)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(ca=True), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return KeyPair(_pem(builder.sign(key, hashes.SHA256())), _key_pem(key))


def issue(
    ca: KeyPair, names: Sequence[str], now: datetime, *, days: int = SERVING_DAYS, client: bool = False
) -> KeyPair:
    """Issue a serving certificate (or a client's) for DNS names and IP addresses; the first name is the subject's.

    Raises:
        CertificateError: the CA cannot be read.
    """
    ca_certificate, ca_key = _load_pair(ca)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(names[0][:64]), ca_certificate.subject, key.public_key(), now, days)
    builder = builder.add_extension(_alternative_names(names), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(ca=False), critical=True)
    purpose = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
    )
    return KeyPair(_pem(builder.sign(ca_key, hashes.SHA256())), _key_pem(key))


def make_request(names: Sequence[str], *, signer: str) -> KeyPair:
    """Make a certificate signing request (in ``certificate``) with the subject and names the signer wants to see."""
    key = ec.generate_private_key(ec.SECP256R1())
    if signer == KUBELET_SERVING:
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "system:nodes"),
                x509.NameAttribute(NameOID.COMMON_NAME, f"system:node:{names[0]}"[:64]),
            ]
        )
    else:
        subject = _name(names[0][:64])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject)
    request = request.add_extension(_alternative_names(names), critical=False)
    signed = request.sign(key, hashes.SHA256())
    return KeyPair(signed.public_bytes(serialization.Encoding.PEM), _key_pem(key))


def check_pair(certificate: bytes, key: bytes) -> datetime:
    """Return when a serving certificate ends, after checking that the key is its own.

    Raises:
        CertificateError: one of them cannot be read, or they do not belong together.
    """
    loaded, private = _load_pair(KeyPair(certificate, key))
    if loaded.public_key() != private.public_key():
        raise CertificateError("the certificate and the key do not belong together")
    return loaded.not_valid_after_utc


def _load_pair(pair: KeyPair) -> tuple[x509.Certificate, Any]:
    try:
        certificate = x509.load_pem_x509_certificate(pair.certificate)
    except ValueError as error:
        raise CertificateError(f"the certificate is not PEM: {error}") from error
    try:
        key = serialization.load_pem_private_key(pair.key, password=None)
    except (ValueError, TypeError) as error:
        raise CertificateError(f"the key is not an unencrypted PEM key: {error}") from error
    return certificate, key


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - SKEW).not_valid_after(now + timedelta(days=days))


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not ca,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative_names(names: Sequence[str]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([_general_name(name) for name in names])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
