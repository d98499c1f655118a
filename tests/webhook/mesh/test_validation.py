"""What releases demand of mesh configuration, in their words."""

import pytest

from webhook.mesh.errors import MeshError
from webhook.mesh.mesh import read_mesh

OLD, MIDDLE, NEW = "0.5.1", "1.12.9", "1.30.3"


def complaints(data, version):
    with pytest.raises(MeshError) as caught:
        read_mesh(data, version)
    return str(caught.value)


@pytest.mark.parametrize(
    ("version", "address", "finding"),
    [
        (
            OLD,
            "pilot",
            "':' separator not found in \"pilot\", host address must be of the form <DNS name>:<port> or <IP>:<port>",
        ),
        (OLD, "pilot:x", 'strconv.Atoi: parsing "x": invalid syntax'),
        (OLD, "pilot:0", "port number 0 must be in the range 1..65535"),
        (OLD, "pi_lot:1", '"pi_lot" is not a valid hostname or an IPv4 address'),
        (MIDDLE, "pilot", 'unable to split "pilot": address pilot: missing port in address'),
        (MIDDLE, "a:b:1", 'unable to split "a:b:1": address a:b:1: too many colons in address'),
        (MIDDLE, "[::1", "unable to split \"[::1\": address [::1: missing ']' in address"),
        (MIDDLE, "pilot:x", 'port (x) is not a number: strconv.Atoi: parsing "x": invalid syntax'),
        (MIDDLE, "pi_lot:1", '"pi_lot" is not a valid hostname or an IP address'),
    ],
)
def test_addresses(version, address, finding):
    text = complaints({"defaultConfig": {"discoveryAddress": address}}, version)
    assert f"* invalid discovery address: {finding}" in text


@pytest.mark.parametrize("address", ["pilot.ns:15010", "10.0.0.1:1", "[::1]:15010"])
def test_good_addresses(address):
    read_mesh({"defaultConfig": {"discoveryAddress": address}}, NEW)


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        ({"connectTimeout": "2h"}, "invalid connect timeout: time 2h0m0s must be >1ms and <1h0m0s"),
        ({"connectTimeout": "1.0005s"}, "invalid connect timeout: only durations to ms precision are supported"),
        ({"proxyListenPort": 70000}, "invalid proxy listen port: port number 70000 must be in the range 1..65535"),
        ({"defaultConfig": {"configPath": ""}}, "config path must be set"),
        ({"defaultConfig": {"drainDuration": "500ms"}}, "* drain time only supports durations to seconds precision"),
        (
            {"defaultConfig": {"discoveryAddress": "10.0.0.300:1"}},
            '"10.0.0.300" is not a valid hostname or an IP address',
        ),
        (
            {"serviceSettings": [{"hosts": ["a.1.2"]}]},
            'domain name "1.2" invalid (top level domain "2" cannot be all-numeric)',
        ),
        ({"defaultConfig": {"controlPlaneAuthPolicy": "INHERIT"}}, 'unrecognized control plane auth policy "INHERIT"'),
        ({"defaultConfig": {"statsdUdpAddress": "x"}}, 'invalid statsd udp address "x": unable to split "x"'),
        ({"trustDomain": "a_b"}, 'trustDomain: trust domain name "a_b" invalid'),
    ],
)
def test_findings(data, finding):
    assert finding in complaints(data, NEW)


@pytest.mark.parametrize(
    ("version", "finding"),
    [
        (
            "1.16.7",
            "invalid parent and drain time combination parent shutdown time 1m0s must be greater than drain time 1m30s",
        ),
        (
            "0.8.0",
            "invalid parent and drain time combination parent shutdown time 3s must be greater than drain time 1m30s",
        ),
    ],
)
def test_drain_and_shutdown_belong_together_until_1_16(version, finding):
    assert finding in complaints({"defaultConfig": {"drainDuration": "90s"}}, version)
    read_mesh({"defaultConfig": {"drainDuration": "90s"}}, "1.17.8")


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("1.1.17", "1 error occurred:\n\n* invalid connect timeout: duration must be greater than 1ms"),
        ("1.3.8", "1 error occurred:\n\t* invalid connect timeout: duration must be greater than 1ms\n\n"),
        ("1.19.10", "invalid connect timeout: duration must be greater than 1ms"),
    ],
)
def test_how_errors_are_listed(version, text):
    assert complaints({"connectTimeout": "0s"}, version) == text


def test_a_list_with_one_item_stays_one():
    text = complaints({"trustDomain": "a_b"}, NEW)
    assert text == '1 error occurred:\n\t* trustDomain: trust domain name "a_b" invalid\n\n'


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        ({"connectTimeout": "31s"}, "invalid connect timeout: time 31s must be >1ms and <30s"),
        ({"defaultConfig": {"drainDuration": "2h"}}, "drain time 2h0m0s must be <1h0m0s"),
    ],
)
def test_times_were_shorter_until_1_21(data, finding):
    assert finding in complaints(data, "1.20.8")
    read_mesh(data, NEW)
