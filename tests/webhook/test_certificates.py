"""Certificates: signed, named and valid as the API server wants them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from webhook.certificates import (
    KUBELET_SERVING,
    CertificateError,
    check_pair,
    issue,
    make_ca,
    make_request,
    service_names,
)

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
NAMES = service_names("istio-sidecar-injector", "istio-system")


def test_a_serving_certificate() -> None:
    ca = make_ca("test CA", NOW)
    pair = issue(ca, (*NAMES, "127.0.0.1"), NOW, days=30)
    certificate = x509.load_pem_x509_certificate(pair.certificate)
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(ca.certificate))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "istio-sidecar-injector.istio-system.svc" in names.get_values_for_type(x509.DNSName)
    assert [str(a) for a in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert check_pair(pair.certificate, pair.key) == NOW + timedelta(days=30)
    assert certificate.not_valid_before_utc < NOW


def test_the_ca_signs_servers_only() -> None:
    basic = x509.load_pem_x509_certificate(make_ca("c", NOW).certificate).extensions
    constraints = basic.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)


def test_a_request_for_the_signer_of_kubelets() -> None:
    request = x509.load_pem_x509_csr(make_request(NAMES, signer=KUBELET_SERVING).certificate)
    assert request.subject.rfc4514_string().startswith("CN=system:node:istio-sidecar-injector.istio-system.svc")
    assert "O=system:nodes" in request.subject.rfc4514_string()
    assert request.is_signature_valid


def test_a_request_for_another_signer() -> None:
    request = x509.load_pem_x509_csr(make_request(NAMES, signer="example.com/serving").certificate)
    assert request.subject.rfc4514_string() == f"CN={NAMES[0]}"


def test_a_pair_that_does_not_belong_together() -> None:
    ca = make_ca("c", NOW)
    with pytest.raises(CertificateError, match="do not belong together"):
        check_pair(issue(ca, NAMES, NOW).certificate, issue(ca, NAMES, NOW).key)


@pytest.mark.parametrize(
    ("certificate", "key", "words"), [(b"x", None, "certificate is not PEM"), (None, b"x", "not an unencrypted")]
)
def test_files_that_are_no_pem(certificate: bytes | None, key: bytes | None, words: str) -> None:
    pair = issue(make_ca("c", NOW), NAMES, NOW)
    with pytest.raises(CertificateError, match=words):
        check_pair(certificate or pair.certificate, key or pair.key)
