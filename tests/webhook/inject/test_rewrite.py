"""Rewriting of probes in a merged pod since 1.9: what the agent is told, and what happens to an earlier list."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from webhook.config.model import Snapshot
from webhook.inject.rewrite import with_rewritten_probes
from webhook.inject.settings import Settings

Configure = Callable[..., Snapshot]
VARIABLE = "ISTIO_KUBE_APP_PROBERS"
VALUES = {"sidecarInjectorWebhook": {"rewriteAppHTTPProbe": True}}
HTTP = {"httpGet": {"path": "/", "port": "web"}, "timeoutSeconds": 3}


def rewrite(
    configure: Configure,
    release: str,
    probe: dict[str, Any],
    *,
    part: str = "containers",
    former: str | None = None,
    injected: bool = False,
    **environment: str,
) -> tuple[Any, dict[str, Any]]:
    """Return the list of probes the sidecar has, and the probe of the application."""
    proxy: dict[str, Any] = {"name": "istio-proxy"}
    if former is not None:
        proxy["env"] = [{"name": VARIABLE, "value": former}]
    app = {"name": "app", "ports": [{"name": "web", "containerPort": 80}], "livenessProbe": probe}
    spec: dict[str, Any] = {"containers": [proxy]}
    spec.setdefault(part, []).append(app)
    annotations = {"sidecar.istio.io/status": "{}"} if injected else {}
    snapshot = configure(release, values=VALUES, sidecar="")
    pod = {"metadata": {"annotations": annotations}, "spec": spec}
    done = with_rewritten_probes(pod, snapshot.mesh, snapshot, Settings(environment=environment))
    variables = next(item for item in done["spec"]["containers"] if item["name"] == "istio-proxy").get("env", [])
    told = [json.loads(item["value"]) for item in variables if item["name"] == VARIABLE]
    changed = next(item for item in done["spec"][part] if item["name"] == "app")["livenessProbe"]
    return told[0] if len(told) == 1 else told or None, changed


@pytest.mark.parametrize(
    ("release", "probe", "told"),
    [
        ("1.9", HTTP, {"httpGet": {"path": "/", "port": 80}, "timeoutSeconds": 3}),
        ("1.12", {"tcpSocket": {"port": 80}}, {"tcpSocket": {"port": 80}}),
        ("1.13", {"grpc": {"port": 80}}, {"grpc": {"port": 80, "service": None}}),
        ("1.30", {"grpc": {"port": 80, "service": "s"}}, {"grpc": {"port": 80, "service": "s"}}),
    ],
)
def test_the_agent_is_told_of_the_probe(
    configure: Configure, release: str, probe: dict[str, Any], told: dict[str, Any]
) -> None:
    found, changed = rewrite(configure, release, probe)
    assert found == {"/app-health/app/livez": told}
    assert changed["httpGet"]["path"] == "/app-health/app/livez"
    assert changed["httpGet"]["port"] == 15020


@pytest.mark.parametrize(
    ("release", "probe", "flag"),
    [
        ("1.11", {"tcpSocket": {"port": 80}}, ""),
        ("1.12", {"grpc": {"port": 80}}, ""),
        ("1.12", {"tcpSocket": {"port": 80}}, "false"),
        ("1.20", {"exec": {"command": ["x"]}}, ""),
    ],
)
def test_other_probes_are_left_alone(configure: Configure, release: str, probe: dict[str, Any], flag: str) -> None:
    environment = {"REWRITE_TCP_PROBES": flag} if flag else {}
    assert rewrite(configure, release, probe, **environment) == (None, probe)


def test_the_flag_for_tcp_probes_is_gone_in_1_19(configure: Configure) -> None:
    found, _ = rewrite(configure, "1.19", {"tcpSocket": {"port": 80}}, REWRITE_TCP_PROBES="false")
    assert found == {"/app-health/app/livez": {"tcpSocket": {"port": 80}}}


@pytest.mark.parametrize(("release", "listed"), [("1.18", False), ("1.19", True)])
def test_probes_of_init_containers_count_from_1_19(configure: Configure, release: str, listed: bool) -> None:
    found, changed = rewrite(configure, release, HTTP, part="initContainers")
    assert (found is not None, changed != HTTP) == (listed, listed)


def test_a_port_of_unknown_name_is_rewritten_but_not_listed(configure: Configure) -> None:
    found, changed = rewrite(configure, "1.20", {"httpGet": {"port": "other"}})
    assert found is None
    assert changed == {"httpGet": {"path": "/app-health/app/livez", "port": 15020}}


OLD = '{"/app-health/app/livez":{"httpGet":{"port":1,"path":"/old"}},"/app-health/z/livez":{"tcpSocket":{"port":2}}}'
OLD_ENTRIES = {
    "/app-health/app/livez": {"httpGet": {"path": "/old", "port": 1}},
    "/app-health/z/livez": {"tcpSocket": {"port": 2}},
}
NEW = {"/app-health/app/livez": {"httpGet": {"path": "/", "port": 80}, "timeoutSeconds": 3}}


@pytest.mark.parametrize(
    ("release", "former", "expected"),
    [
        ("1.16", OLD, [json.loads(OLD), NEW]),
        ("1.17", OLD, OLD_ENTRIES),
        ("1.17", None, None),
        ("1.26", None, None),
        ("1.27", None, NEW),
        ("1.20", "{}", NEW),
    ],
)
def test_the_list_of_an_earlier_injection(
    configure: Configure, release: str, former: str | None, expected: Any
) -> None:
    found, _ = rewrite(configure, release, HTTP, former=former, injected=True)
    assert found == expected


def test_a_list_that_cannot_be_read_stays(configure: Configure) -> None:
    snapshot = configure("1.20", values=VALUES, sidecar="")
    variables = [{"name": VARIABLE, "value": "no json"}]
    containers = [{"name": "istio-proxy", "env": variables}, {"name": "app", "livenessProbe": {"httpGet": {"port": 1}}}]
    pod = {"metadata": {"annotations": {"sidecar.istio.io/status": "{}"}}, "spec": {"containers": containers}}
    done = with_rewritten_probes(pod, snapshot.mesh, snapshot, Settings())
    assert done["spec"]["containers"][0]["env"] == variables
