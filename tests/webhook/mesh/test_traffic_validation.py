"""What releases demand of localities, TLS settings, key providers and curves, in their words."""

import pytest

from webhook.mesh.errors import MeshError
from webhook.mesh.mesh import read_mesh

NEW = "1.30.3"


def complaints(data, version=NEW):
    with pytest.raises(MeshError) as caught:
        read_mesh(data, version)
    return str(caught.value)


def to(*rules):
    return {"localityLbSetting": {"distribute": [{"from": source, "to": weights} for source, weights in rules]}}


def failover(source, target, **more):
    return {"localityLbSetting": {"failover": [{"from": source, "to": target}], **more}}


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (to(("r/*", {"r/*": 50, "s/*": 49})), "total locality weight 99 != 100"),
        (to(("r/*", {"r/*": 101})), "locality weight must be in range [1, 100]"),
        (to(("r/*", {"r/*": 0, "s/*": 100})), "locality weight must be in range [1, 100]"),
        (to(("*/z", {"r": 100})), "locality */z wildcard '*' number can not exceed 1 and must be in the end"),
        (to(("r/*/*", {"r": 100})), "locality r/*/* wildcard '*' number can not exceed 1 and must be in the end"),
        (to(("r//s", {"r": 100})), "locality r//s must not contain empty region/zone/subzone info"),
        (to(("r", {"a": 100}), ("r/z", {"a": 100})), "locality r/z overlap with previous specified ones"),
        (to(("r/z", {"a": 100}), ("r", {"a": 100})), "locality r overlap with previous specified ones"),
        (to(("r/*", {"a": 100}), ("r/z", {"a": 100})), "locality r/z overlap with previous specified ones"),
        (to(("r/z/s", {"a": 100}), ("r/z/s", {"a": 100})), "locality r/z/s overlap with previous specified ones"),
        (to(("*", {"a": 100}), ("r", {"a": 100})), "locality r overlap with previous specified ones"),
        (failover("r", "r"), "locality lb failover settings must specify different regions"),
        (failover("r/z", "s"), "locality lb failover only specify region"),
        (failover("r*", "s"), "locality lb failover region should not contain '*' wildcard"),
        (
            failover("r", "s", failoverPriority=["topology.kubernetes.io/zone"]),
            "can not simultaneously set 'failover' and topology label 'topology.kubernetes.io/zone' in 'failover_priority'",
        ),
        (
            failover("r", "s", distribute=[{"from": "r", "to": {"r": 100}}]),
            "can not simultaneously specify 'distribute' and 'failover'",
        ),
    ],
)
def test_localities(data, finding):
    assert complaints(data) == finding
    assert f"* {finding}\n" in complaints(data, "1.18.7")


@pytest.mark.parametrize(
    "data",
    [
        to(("r/z/*", {"r/z/*": 80, "r/y/*": 20}), ("s/*", {"s/*": 100})),
        to(("r/z/s", {"r/z/s": 100}), ("r/z/t", {"r/z/t": 100}), ("r/y", {"*": 100})),
        failover("r", "s", failoverPriority=["topology.istio.io/network"]),
        {"localityLbSetting": {"enabled": False}},
    ],
)
def test_good_localities(data):
    read_mesh(data, NEW)


def tracing(**settings):
    return {"defaultConfig": {"tracing": {"tlsSettings": settings}}}


@pytest.mark.parametrize(
    ("settings", "finding"),
    [
        ({"mode": "MUTUAL", "privateKey": "k"}, "client certificate required for mutual tls"),
        ({"mode": "MUTUAL", "clientCertificate": "c"}, "private key required for mutual tls"),
        (
            {"mode": "SIMPLE", "credentialName": "n", "caCertificates": "c"},
            "cannot specify client certificates or CA certificate or CA CRL If credentialName is set",
        ),
        (
            {"mode": "SIMPLE", "insecureSkipVerify": True, "subjectAltNames": ["a"]},
            "cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true",
        ),
        (
            {"mode": "MUTUAL", "insecureSkipVerify": True, "caCertificates": "c", "privateKey": "k"},
            "cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true",
        ),
    ],
)
def test_tls_settings_of_tracing(settings, finding):
    assert f"* invalid tracing TLS config: {finding}\n" in complaints(tracing(**settings))


def test_the_words_on_credentials_before_there_were_revocation_lists():
    text = complaints(tracing(mode="SIMPLE", credentialName="n", caCertificates="c"), "1.20.8")
    assert "cannot specify client certificates or CA certificate If credentialName is set" in text


@pytest.mark.parametrize(
    "settings",
    [{"mode": "SIMPLE", "caCertificates": "c"}, {"mode": "MUTUAL", "credentialName": "n"}, {"mode": "ISTIO_MUTUAL"}],
)
def test_good_tls_settings(settings):
    read_mesh(tracing(**settings), NEW)


@pytest.mark.parametrize(
    ("provider", "finding"),
    [
        ({}, "private key provider configuration is required"),
        ({"cryptomb": {}}, "pollDelay is required"),
        ({"qat": {"pollDelay": "0s"}}, "pollDelay must be non zero"),
    ],
)
def test_private_key_providers(provider, finding):
    text = complaints({"defaultConfig": {"privateKeyProvider": provider}})
    assert f"* invalid private key provider configuration: {finding}\n" in text
    read_mesh({"defaultConfig": {"privateKeyProvider": {"cryptomb": {"pollDelay": "10ms"}}}}, NEW)


def test_curves_are_not_for_traffic_inside_the_mesh():
    text = complaints({"meshMTLS": {"ecdhCurves": ["P-256"]}})
    assert "* mesh TLS does not support ECDH curves configuration\n" in text
    read_mesh({"tlsDefaults": {"ecdhCurves": ["P-256"]}, "meshMTLS": {"minProtocolVersion": "TLSV1_3"}}, NEW)


@pytest.mark.parametrize(
    ("data", "version", "finding"),
    [
        ({"serviceCluster": ""}, NEW, "service cluster must be specified"),
        ({"serviceCluster": ""}, "1.12.9", "service cluster must be set"),
    ],
)
def test_the_name_of_the_cluster(data, version, finding):
    assert f"* {finding}\n" in complaints({"defaultConfig": data}, version)
    if version == NEW:
        read_mesh({"defaultConfig": {"tracingServiceName": "CANONICAL_NAME_ONLY"}}, version)
