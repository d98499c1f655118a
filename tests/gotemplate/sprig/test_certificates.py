"""Certificates and keys hold what Go's hold; each test makes RSA keys, which can take a second."""

from __future__ import annotations

import base64
import builtins
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gotemplate import Template, sprig
from gotemplate.errors import ExecError

NOW = 1_700_000_000 * 10**9
DAY = 86400.0


def rendered(text: str) -> str:
    return Template("t", funcs=sprig.funcs(clock=lambda: NOW)).parse(text).render({})


def certificates(*makers: str) -> list[x509.Certificate]:
    """Return the certificates that template expressions make; a later one may use $0, $1 and so on."""
    text = "".join(f"{{{{ $c{i} := {maker} }}}}{{{{ $c{i}.Cert }}}}\f" for i, maker in enumerate(makers))
    return [x509.load_pem_x509_certificate(pem.encode()) for pem in rendered(text).split("\f")[:-1]]


def extensions(cert: x509.Certificate) -> list[tuple[str, bool]]:
    return [(extension.oid._name, extension.critical) for extension in cert.extensions]


COMMON = [("keyUsage", True), ("extendedKeyUsage", False), ("basicConstraints", True)]


def test_an_authority_and_what_it_signs() -> None:
    authority, leaf = certificates(
        'genCA "my ca" 10', 'genSignedCert "leaf" (list "10.0.0.1" "::ffff:1.2.3.4") (list "a.b" "*.c") 5 $c0'
    )
    authority.verify_directly_issued_by(authority)
    leaf.verify_directly_issued_by(authority)
    assert extensions(authority) == [*COMMON, ("subjectKeyIdentifier", False)]
    assert extensions(leaf) == [*COMMON, ("authorityKeyIdentifier", False), ("subjectAltName", False)]
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["a.b", "*.c", "10.0.0.1", "1.2.3.4"]
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(
        True, None
    )
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier == identifier


@pytest.mark.parametrize(("maker", "is_authority"), [('genCA "x" 1', True), ('genSelfSignedCert "x" nil nil 1', False)])
def test_usages(maker: str, is_authority: bool) -> None:
    (cert,) = certificates(maker)
    usage = cert.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_encipherment, usage.key_cert_sign) == (True, True, is_authority)
    extended = cert.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(extended) == [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]


@pytest.mark.parametrize("days", [0, 1, -1, 365, 10000, 60000])
def test_it_lasts_for_the_days_asked(days: int) -> None:
    (cert,) = certificates(f'genSelfSignedCertWithKey "x" nil nil {days} (genPrivateKey "ecdsa")')
    assert cert.not_valid_before_utc.timestamp() == NOW // 10**9
    assert (cert.not_valid_after_utc - cert.not_valid_before_utc).total_seconds() == days * DAY


@pytest.mark.parametrize("name", ["plain name", "ünï", "under_score", ""])
def test_the_name(name: str) -> None:
    (cert,) = certificates(f'genSelfSignedCertWithKey "{name}" nil (list "n") 1 (genPrivateKey "ed25519")')
    assert [attribute.value for attribute in cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == [name] * bool(
        name
    )
    assert cert.issuer == cert.subject
    assert extensions(cert)[-1] == ("subjectAltName", not name)


def test_a_name_may_be_longer_than_the_standard_has_it() -> None:
    with pytest.warns(UserWarning, match="must be >= 1 and <= 64"):
        (cert,) = certificates(f'genSelfSignedCertWithKey "{"x" * 70}" nil nil 1 (genPrivateKey "ed25519")')
        assert cert.subject.rfc4514_string() == "CN=" + "x" * 70


@pytest.mark.parametrize("kind", ["ecdsa", "ed25519"])
def test_other_keys_sign_too(kind: str) -> None:
    key = f'(genPrivateKey "{kind}")'
    authority, leaf = certificates(f'genCAWithKey "ca" 1 {key}', f'genSignedCertWithKey "leaf" nil nil 1 $c0 {key}')
    authority.verify_directly_issued_by(authority)
    leaf.verify_directly_issued_by(authority)


@pytest.mark.parametrize(
    ("kind", "label"),
    [("rsa", "RSA PRIVATE KEY"), ("ecdsa", "EC PRIVATE KEY"), ("ed25519", "PRIVATE KEY"), ("dsa", "DSA PRIVATE KEY")],
)
def test_private_keys(kind: str, label: str) -> None:
    pem = rendered(f'{{{{ genPrivateKey "{kind}" }}}}')
    assert pem.startswith(f"-----BEGIN {label}-----\n")
    assert pem.endswith(f"-----END {label}-----\n")
    assert serialization.load_pem_private_key(pem.encode(), None)


def pem64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_custom_certificate_is_taken_as_it_stands() -> None:
    cert, key = rendered('{{ $c := genCA "x" 1 }}{{ $c.Cert }}\f{{ $c.Key }}').split("\f")
    cert = "some words\n" + cert
    text = f'{{{{ $c := buildCustomCert "{pem64(cert)}" "{pem64(key)}" }}}}{{{{ $c.Cert }}}}\f{{{{ $c.Key }}}}'
    assert rendered(text) == f"{cert}\f{key}"


@pytest.mark.parametrize(
    ("label", "complaint"),
    [
        (
            "RSA PRIVATE KEY",
            "parsing RSA private key from PEM: x509: failed to parse private key (use ParseECPrivateKey instead for this key format)",
        ),
        (
            "PRIVATE KEY",
            "decoding PEM as PKCS#8: x509: failed to parse private key (use ParseECPrivateKey instead for this key format)",
        ),
        ("ODD PRIVATE KEY", "invalid private key type ODD PRIVATE KEY"),
        ("PUBLIC KEY", "no private key data in PEM block of type PUBLIC KEY"),
    ],
)
def test_a_key_under_a_wrong_label(label: str, complaint: str) -> None:
    text = '{{ genCAWithKey "x" 1 (genPrivateKey "ecdsa" | replace "EC PRIVATE KEY" "LABEL") }}'.replace("LABEL", label)
    with pytest.raises(ExecError) as caught:
        rendered(text)
    assert str(caught.value).endswith(f"error calling genCAWithKey: parsing private key: {complaint}")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '{{ genCAWithKey "x" 1 (genPrivateKey "dsa") }}',
            "x509: certificate private key does not implement crypto.Signer",
        ),
        (
            '{{ $c := genCA "x" 1 }}{{ $k := buildCustomCert (b64enc $c.Cert) (genPrivateKey "ecdsa" | b64enc) }}'
            '{{ genSignedCertWithKey "y" nil nil 1 $k (genPrivateKey "ecdsa") }}',
            "x509: provided PrivateKey doesn't match parent's PublicKey",
        ),
        (
            '{{ $c := genCA "x" 1 }}{{ genSignedCertWithKey "y" nil nil 1 $c (genPrivateKey "dsa") }}',
            "x509: unsupported public key type: *dsa.PublicKey",
        ),
        (
            '{{ genSelfSignedCertWithKey "x" nil (list "é") 1 (genPrivateKey "ecdsa") }}',
            'x509: "é" cannot be encoded as an IA5String',
        ),
    ],
)
def test_certificates_that_cannot_be_made(text: str, complaint: str) -> None:
    with pytest.raises(ExecError) as caught:
        rendered(text)
    assert str(caught.value).endswith(f"error creating certificate: {complaint}")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{{ genCA "x" 1 }}', "keys and certificates need the package cryptography: install remora[crypto]"),
        ('{{ encryptAES "k" "x" }}', "AES needs the package cryptography: install remora[crypto]"),
    ],
)
def test_without_the_package_the_error_names_the_extra(
    text: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExecError) as caught:
        rendered(text)
    assert str(caught.value).endswith(complaint)
