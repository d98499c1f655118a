"""The golden cases of 0.5 to 1.1, whose template istioctl has built in: which parameters and which mesh make which golden.

Facts about ``TestIntoResourceFile``, ``TestRewriteAppProbe`` and ``TestInvalidAnnotations``. Source: istio-inject-0.5-1.8,
section 6.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from webhook.mesh.versions import Version

Parameters = Mapping[str, Any]

HELM_0_8: Final = (
    "hello-probes", "hello-config-map-name", "frontend", "hello-multi", "multi-init", "statefulset", "daemonset", "job",
    "replicaset", "replicationcontroller", "list", "list-frontend", "deploymentconfig", "deploymentconfig-multi",
    "traffic-annotations", "traffic-annotations-wildcards", "traffic-annotations-empty-includes",
)  # fmt: skip
"""Goldens of 0.8 that its Helm test uses; they lie beside all others there."""

_BASE: Final[Parameters] = {
    "DebugMode": False,
    "EnableCoreDump": False,
    "ImagePullPolicy": "IfNotPresent",
    "IncludeIPRanges": "",
    "InitImage": "docker.io/istio/proxy_init:unittest",
    "ProxyImage": "docker.io/istio/proxy:unittest",
    "SidecarProxyUID": 1337,
    "Verbosity": 2,
    "Version": "12345678",
}
_SINCE: Final[Mapping[Version, Parameters]] = {
    (0, 8, 0): {"IncludeIPRanges": "*", "IncludeInboundPorts": "*", "ExcludeIPRanges": "", "ExcludeInboundPorts": ""},
    (1, 0, 0): {"ProxyImage": "docker.io/istio/proxyv2:unittest"},
    (1, 0, 3): {
        "Privileged": False,
        "StatusPort": 15020,
        "ReadinessInitialDelaySeconds": 1,
        "ReadinessPeriodSeconds": 2,
        "ReadinessFailureThreshold": 30,
    },
    (1, 1, 0): {
        "RewriteAppHTTPProbe": False,
        "SDSEnabled": False,
        "EnableSdsTokenMount": False,
        "KubevirtInterfaces": "",
    },
}
"""Parameters that came with a release, and what a row without settings gives them."""

_DEBUG: Final = {"DebugMode": True, "ProxyImage": "docker.io/istio/proxy_debug:unittest"}
_NO_INCLUDES: Final = {"IncludeIPRanges": "", "IncludeInboundPorts": ""}
_TPROXY: Final = {"defaultConfig.interceptionMode": "TPROXY"}


def _readiness(status: int, delay: int, period: int, threshold: int) -> dict[str, int]:
    return {
        "StatusPort": status,
        "ReadinessInitialDelaySeconds": delay,
        "ReadinessPeriodSeconds": period,
        "ReadinessFailureThreshold": threshold,
    }


UNSET: Final = _readiness(0, 0, 0, 0)
"""What a row that leaves these out has: Go's zero values."""

PROBES: Final = {**_readiness(15020, 2, 30, 30), **_NO_INCLUDES, "RewriteAppHTTPProbe": True, "Verbosity": 0}
"""The parameters of the probe test."""


@dataclass(frozen=True, slots=True)
class BuiltInRow:
    """A case: input and golden by file name, parameters and mesh besides the defaults."""

    input: str
    golden: str
    parameters: Parameters = field(default_factory=dict)
    mesh: Mapping[str, Any] = field(default_factory=dict)


def _hello(golden: str, parameters: Parameters, mesh: Mapping[str, Any] | None = None) -> BuiltInRow:
    return BuiltInRow("hello.yaml", f"{golden}.injected", parameters, mesh or {})


def _same(name: str, parameters: Parameters) -> BuiltInRow:
    return BuiltInRow(f"{name}.yaml", f"{name}.yaml.injected", parameters)


ROWS: Final = (
    _hello("hello.yaml", _DEBUG),
    _same("hello-namespace", _DEBUG),
    _same("hello-proxy-override", _DEBUG),
    _hello("hello-tproxy.yaml", {**_NO_INCLUDES, **UNSET}, _TPROXY),
    _hello("hello-tproxy-debug.yaml", {**_DEBUG, **_NO_INCLUDES, **UNSET}, _TPROXY),
    _hello("hello-config-map-name.yaml", {}),
    _hello("hello-always.yaml", {"ImagePullPolicy": "Always"}),
    _hello("hello-never.yaml", {"ImagePullPolicy": "Never"}),
    _same("enable-core-dump", {"EnableCoreDump": True}),
    BuiltInRow("auth.yaml", "auth.cert-dir.yaml.injected"),
    _same(
        "traffic-params",
        {
            **UNSET,
            "IncludeIPRanges": "127.0.0.1/24,10.96.0.1/24",
            "ExcludeIPRanges": "10.96.0.2/24,10.96.0.3/24",
            "IncludeInboundPorts": "1,2,3",
            "ExcludeInboundPorts": "4,5,6",
        },
    ),
    _same("traffic-params-empty-includes", _NO_INCLUDES),
    _same("status_params", _readiness(123, 100, 200, 300)),
    _same("kubevirtInterfaces", {**_DEBUG, "KubevirtInterfaces": "net1"}),
    _same("kubevirtInterfaces_list", {**_DEBUG, "KubevirtInterfaces": "net1,net2"}),
)
"""Rows with parameters or a mesh of their own; every other input beside a golden has none."""


def parameters_of(row: Parameters, version: Version) -> dict[str, Any]:
    """Return all parameters that a release's template has, with those of a row over the defaults."""
    known = dict(_BASE)
    for since, more in _SINCE.items():
        if version >= since:
            known.update(more)
    return {**known, **{name: value for name, value in row.items() if name in known}}


def mesh_of(row: BuiltInRow, version: Version) -> dict[str, Any]:
    """Return the assignments to the mesh that a row makes."""
    return dict(_mesh(row, version))


def _mesh(row: BuiltInRow, version: Version) -> Iterator[tuple[str, Any]]:
    if version >= (0, 8, 0):
        yield "defaultConfig.interceptionMode", "REDIRECT"
    if row.input.startswith("auth.") and version < (1, 1, 0):
        yield "authPolicy", "MUTUAL_TLS"
    if row.input == "format-duration.yaml":
        older = ("discoveryRefreshDelay",) if version < (1, 1, 0) else ()
        for name in ("connectTimeout", "drainDuration", "parentShutdownDuration", *older):
            yield f"defaultConfig.{name}", "42s"
    yield from row.mesh.items()
