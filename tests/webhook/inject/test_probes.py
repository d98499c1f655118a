"""Probes: which are listed for the agent, and what they become."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.probes import NO_PORT, list_probers, rewrite_probes, status_port, wants_rewrite, write_probers

APP: dict[str, Any] = {
    "name": "app",
    "ports": [{"name": "web", "containerPort": 8080}],
    "livenessProbe": {"httpGet": {"path": "/l", "port": "web", "scheme": "HTTPS"}, "timeoutSeconds": 3},
    "readinessProbe": {"httpGet": {"port": "nowhere"}, "periodSeconds": 9},
    "startupProbe": {"tcpSocket": {"port": 70}},
    "lifecycle": {"preStop": {"httpGet": {"path": "/s", "port": 81}}, "postStart": {"exec": {"command": ["x"]}}},
}
GRPC = {"name": "g", "livenessProbe": {"grpc": {"port": 5, "service": "s"}}}
LISTED = [
    ("1.1.17", '{"/app-health/app/livez":{"path":"/l","port":8080,"scheme":"HTTPS"}}'),
    ("1.5.10", '{"/app-health/app/livez":{"httpGet":{"path":"/l","port":8080,"scheme":"HTTPS"},"timeoutSeconds":3}}'),
    ("1.12.9", '{"/app-health/app/livez":{"httpGet":{"path":"/l","port":8080,"scheme":"HTTPS"},"timeoutSeconds":3},'
     '"/app-health/app/startupz":{"tcpSocket":{"port":70}}}'),
    ("1.25.5", '{"/app-health/app/livez":{"httpGet":{"path":"/l","port":8080,"scheme":"HTTPS"},"timeoutSeconds":3},'
     '"/app-health/app/startupz":{"tcpSocket":{"port":70}},'
     '"/app-health/g/livez":{"grpc":{"port":5,"service":"s"}},'
     '"/app-lifecycle/app/prestopz":{"httpGet":{"path":"/s","port":81}}}'),
]  # fmt: skip


@pytest.mark.parametrize(("version", "text"), LISTED)
def test_listed(version: str, text: str) -> None:
    sidecar = {**APP, "name": "istio-proxy"}
    assert write_probers(list_probers([sidecar, GRPC, APP], release_of(version))) == text


def test_a_probe_of_the_agent_is_not_listed_again() -> None:
    container = {"name": "a", "livenessProbe": {"httpGet": {"path": "/app-health/a/livez", "port": 15020}}}
    assert list_probers([container], release_of("1.20.8"), 15020) == {}
    assert list(list_probers([container], release_of("1.8.6"))) == ["/app-health/a/livez"]


def test_a_name_may_stand_for_the_port_of_the_agent_and_for_several() -> None:
    ports = [{"name": "web", "containerPort": 1}, {"name": "web", "containerPort": 15020}]
    container = {"name": "a", "ports": ports, "livenessProbe": {"tcpSocket": {"port": "web"}}}
    assert list_probers([container], release_of("1.31.0"), 15020) == {
        "/app-health/a/livez": {"tcpSocket": {"port": 15020}}
    }


def test_rewritten() -> None:
    new = rewrite_probes(APP, 15020, release_of("1.25.5"))
    assert new["livenessProbe"] == {
        "httpGet": {"path": "/app-health/app/livez", "port": 15020, "scheme": "HTTP"}, "timeoutSeconds": 3,
    }  # fmt: skip
    assert new["readinessProbe"] == {"httpGet": {"path": "/app-health/app/readyz", "port": 15020}, "periodSeconds": 9}
    assert new["startupProbe"] == {"httpGet": {"path": "/app-health/app/startupz", "port": 15020}}
    assert new["lifecycle"]["preStop"] == {"httpGet": {"path": "/app-lifecycle/app/prestopz", "port": 15020}}
    assert new["lifecycle"]["postStart"] == APP["lifecycle"]["postStart"]


def test_what_old_releases_leave() -> None:
    new = rewrite_probes(APP, 15020, release_of("1.1.17"))
    assert new["livenessProbe"]["httpGet"]["scheme"] == "HTTPS"
    assert new["startupProbe"] == APP["startupProbe"]
    assert new["lifecycle"] == APP["lifecycle"]
    sidecar = {**APP, "name": "istio-proxy"}
    assert rewrite_probes(sidecar, 15020, release_of("1.25.5")) is sidecar


@pytest.mark.parametrize(
    ("arguments", "port"),
    [
        (["--statusPort", "15020"], 15020),
        (["--statusPort=15021"], 15021),
        (["-statusPort", "1"], 1),
        (["--statusPort"], NO_PORT),
        (["--statusPort", "x"], NO_PORT),
        ([], NO_PORT),
    ],
)
def test_status_port_of_arguments(arguments: list[str], port: int) -> None:
    assert status_port({"args": arguments}, {"status.sidecar.istio.io/port": "9"}, 15020, release_of("1.5.10")) == port


@pytest.mark.parametrize(("value", "port"), [(None, 15020), ("123", 123), ("0", 0), ("x", 0)])
def test_status_port_of_the_annotation(value: str | None, port: int) -> None:
    annotations = {} if value is None else {"status.sidecar.istio.io/port": value}
    assert status_port({}, annotations, 15020, release_of("1.8.6")) == port


@pytest.mark.parametrize(
    ("version", "value", "configured", "wanted"),
    [
        ("1.0.9", "true", True, False),
        ("1.1.17", "false", True, True),
        ("1.2.10", "false", True, False),
        ("1.2.10", "T", False, True),
        ("1.2.10", "perhaps", True, True),
        ("1.2.10", None, False, False),
    ],
)
def test_wanted(version: str, value: str | None, configured: bool, wanted: bool) -> None:
    annotations = {} if value is None else {"sidecar.istio.io/rewriteAppHTTPProbers": value}
    assert wants_rewrite(annotations, configured, release_of(version)) is wanted
