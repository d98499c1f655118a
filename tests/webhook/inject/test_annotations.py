"""Validation of annotations and parameters: what is refused, and in whose words."""

from __future__ import annotations

import pytest

from webhook.config.release import release_of
from webhook.inject.annotations import validate_annotations, validate_parameters
from webhook.inject.errors import AnnotationError, ParameterError
from webhook.inject.validators import InvalidValueError, check_cidr

PREFIX = "traffic.sidecar.istio.io/"
GOOD = [
    ("includeOutboundIPRanges", "*"),
    ("includeOutboundIPRanges", ""),
    ("includeOutboundIPRanges", "10.0.0.0/8,192.168.1.7/32"),
    ("excludeOutboundIPRanges", "fd00::/8"),
    ("includeInboundPorts", "*"),
    ("includeInboundPorts", "80,8080"),
    ("excludeInboundPorts", ""),
    ("excludeInboundPorts", "-1"),
]
BAD = [
    (
        "includeOutboundIPRanges",
        "*,10.0.0.0/8",
        "includeIPRanges invalid: failed parsing cidr '*': invalid CIDR address: *",
    ),
    (
        "includeOutboundIPRanges",
        "10.0.0.0/8,",
        "includeIPRanges invalid: failed parsing cidr '': invalid CIDR address: ",
    ),
    ("excludeOutboundIPRanges", "*", "excludeIPRanges invalid: failed parsing cidr '*': invalid CIDR address: *"),
    (
        "includeInboundPorts",
        "80,bad",
        """includeInboundPorts invalid: failed parsing port '0': strconv.ParseInt: parsing "bad": invalid syntax""",
    ),
    (
        "excludeInboundPorts",
        "*",
        """excludeInboundPorts invalid: failed parsing port '0': strconv.ParseInt: parsing "*": invalid syntax""",
    ),
    (
        "excludeInboundPorts",
        "32768",
        """excludeInboundPorts invalid: failed parsing port '32767': strconv.ParseInt: parsing "32768": value out of range""",
    ),
]
CHECKED = release_of("0.8.0")


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_good_values(name: str, value: str) -> None:
    validate_annotations({PREFIX + name: value}, CHECKED)


@pytest.mark.parametrize(("name", "value", "error"), BAD)
def test_bad_values(name: str, value: str, error: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        validate_annotations({PREFIX + name: value}, CHECKED)
    assert (
        str(caught.value) == f"injection failed. Invalid value for annotation {PREFIX}{name}: {value}. Error: {error}"
    )


def test_the_first_of_the_sequence_is_the_answer() -> None:
    annotations = {PREFIX + "excludeInboundPorts": "x", "sidecar.istio.io/interceptionMode": "NONE"}
    with pytest.raises(AnnotationError, match="interceptionMode invalid: NONE"):
        validate_annotations(annotations, CHECKED)


def test_releases_before_0_8_check_nothing() -> None:
    validate_annotations({PREFIX + "excludeInboundPorts": "x"}, release_of("0.7.1"))


@pytest.mark.parametrize(
    "text", ["10.0.0.1", "10.0.0.0/33", "010.0.0.0/8", "10.0.0/8", "1.2.3.4/-1", "::1/129", "fe80::1%eth0/64", "/8"]
)
def test_not_a_cidr_for_go(text: str) -> None:
    with pytest.raises(InvalidValueError, match="invalid CIDR address"):
        check_cidr(text)


def test_parameters_are_checked_by_the_same_rules() -> None:
    validate_parameters({"IncludeIPRanges": "*", "ExcludeInboundPorts": "1,2"})
    with pytest.raises(ParameterError, match="includeIPRanges invalid"):
        validate_parameters({"IncludeIPRanges": "bad", "ExcludeInboundPorts": "bad"})


LATER_ROWS = [
    ("1.0.9", {"status.sidecar.istio.io/port": "x"},
     "1 error occurred:\n\n* injection failed. Invalid value for annotation status.sidecar.istio.io/port: x. Error: "
     """excludeInboundPorts invalid: failed parsing port '0': strconv.ParseUint: parsing "x": invalid syntax"""),
    ("1.0.9", {PREFIX + "includeInboundPorts": "80,65536"},
     "1 error occurred:\n\n* injection failed. Invalid value for annotation traffic.sidecar.istio.io/includeInboundPorts: "
     "80,65536. Error: includeInboundPorts invalid: failed parsing port '0': failed parsing port '65535': "
     """strconv.ParseUint: parsing "65536": value out of range"""),
    ("1.5.10", {PREFIX + "excludeOutboundPorts": "*", "sidecar.istio.io/enableCoreDump": "si"},
     "2 errors occurred:\n\t* invalid value 'si' for annotation 'sidecar.istio.io/enableCoreDump': "
     'strconv.ParseBool: parsing "si": invalid syntax\n\t* '
     "invalid value '*' for annotation 'traffic.sidecar.istio.io/excludeOutboundPorts': excludeOutboundPorts invalid: "
     """failed parsing port '0': failed parsing port '0': strconv.ParseUint: parsing "*": invalid syntax\n\n"""),
    ("1.5.10", {"sidecar.istio.io/interceptionMode": "X"},
     "1 error occurred:\n\t* invalid value 'X' for annotation 'sidecar.istio.io/interceptionMode': "
     "interceptionMode invalid, use REDIRECT,TPROXY,NONE: X\n\n"),
    ("1.20.8", {PREFIX + "excludeInboundPorts": "a"},
     "1 error occurred:\n\t* invalid value 'a' for annotation 'traffic.sidecar.istio.io/excludeInboundPorts': "
     """excludeInboundPorts invalid: failed parsing port 'a': failed parsing port 'a': """
     'strconv.ParseUint: parsing "a": invalid syntax\n\n'),
    ("1.20.8", {"readiness.status.sidecar.istio.io/periodSeconds": "-1"},
     "1 error occurred:\n\t* invalid value '-1' for annotation 'readiness.status.sidecar.istio.io/periodSeconds': "
     'strconv.ParseUint: parsing "-1": invalid syntax\n\n'),
    ("1.20.8", {PREFIX + "includeOutboundIPRanges": "10.0.0.0"},
     "1 error occurred:\n\t* invalid value '10.0.0.0' for annotation "
     "'traffic.sidecar.istio.io/includeOutboundIPRanges': includeIPRanges invalid: failed parsing cidr '10.0.0.0': "
     """netip.ParsePrefix("10.0.0.0"): no '/'\n\n"""),
    ("1.20.8", {PREFIX + "includeOutboundIPRanges": "1.2.3.a/8"},
     "1 error occurred:\n\t* invalid value '1.2.3.a/8' for annotation "
     "'traffic.sidecar.istio.io/includeOutboundIPRanges': includeIPRanges invalid: failed parsing cidr '1.2.3.a/8': "
     'netip.ParsePrefix("1.2.3.a/8"): ParseAddr("1.2.3.a"): unexpected character (at "a")\n\n'),
    ("1.30.3", {PREFIX + "excludeInterfaces": "eth0,"},
     "1 error occurred:\n\t* invalid value 'eth0,' for annotation 'traffic.sidecar.istio.io/excludeInterfaces': "
     "empty interface name\n\n"),
    ("1.30.3", {PREFIX + "kubevirtInterfaces": "éééééééé"},
     "1 error occurred:\n\t* invalid value 'éééééééé' for annotation 'traffic.sidecar.istio.io/kubevirtInterfaces': "
     'interface name "éééééééé" too long (max 15 chars)\n\n'),
    ("1.30.3", {"istio.io/reroute-virtual-interfaces": "net1,tap*"},
     "1 error occurred:\n\t* invalid value 'net1,tap*' for annotation 'istio.io/reroute-virtual-interfaces': "
     'interface name "tap*" contains invalid characters\n\n'),
    ("1.30.3", {"sidecar.istio.io/proxyMemory": "1\n"},
     "1 error occurred:\n\t* invalid value '1\n' for annotation 'sidecar.istio.io/proxyMemory': "
     "value contains control characters\n\n"),
    ("1.30.3", {"proxy.istio.io/config": "controlPlaneAuthPolicy: INHERIT\nstatusPort: 0\ntracing:\n  zipkin: {}"},
     "1 error occurred:\n\t* invalid value 'controlPlaneAuthPolicy: INHERIT\nstatusPort: 0\ntracing:\n  zipkin: {}' for "
     "annotation 'proxy.istio.io/config': 3 errors occurred:\n"
     '\t* invalid zipkin config: unable to split "": missing port in address\n'
     '\t* invalid authentication policy: unrecognized control plane auth policy "INHERIT"\n'
     "\t* invalid status port: port number 0 must be in the range 1..65535\n\n\n\n"),
]  # fmt: skip


@pytest.mark.parametrize(("version", "annotations", "text"), LATER_ROWS)
def test_texts_of_later_releases(version: str, annotations: dict[str, str], text: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        validate_annotations(annotations, release_of(version))
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("version", "annotations"),
    [
        ("1.0.9", {PREFIX + "excludeInboundPorts": " 80 "}),
        ("1.1.17", {PREFIX + "kubevirtInterfaces": "anything at all"}),
        ("1.1.17", {"sidecar.istio.io/interceptionMode": "NONE"}),
        ("1.4.10", {"sidecar.istio.io/enableCoreDump": "not checked yet"}),
        ("1.9.9", {"sidecar.istio.io/rewriteAppHTTPProbers": "not checked any more"}),
        ("1.8.6", {"proxy.istio.io/config": "concurrency: 4"}),
        ("1.15.7", {PREFIX + "excludeOutboundIPRanges": "10.0.0.0/8"}),
    ],
)
def test_good_values_of_later_releases(version: str, annotations: dict[str, str]) -> None:
    validate_annotations(annotations, release_of(version))


def test_a_proxy_configuration_that_cannot_be_applied() -> None:
    with pytest.raises(AnnotationError, match="failed to convert to apply proxy config: "):
        validate_annotations({"proxy.istio.io/config": "concurrency: many"}, release_of("1.8.6"))


@pytest.mark.parametrize(("text", "problem"), [("10.0.0.0/033", "bad bits after slash"), ("x/8", "unable to parse IP")])
def test_prefixes(text: str, problem: str) -> None:
    with pytest.raises(InvalidValueError, match=problem):
        check_cidr(text, release_of("1.20.8"))
