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
