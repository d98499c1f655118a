"""The golden cases of 1.2 to 1.4, whose template is a chart's file and whose values are the chart's own with flags set over them.

Facts about ``TestIntoResourceFile``, ``TestRewriteAppProbe`` and ``TestInvalidAnnotations``. Source: istio-inject-0.5-1.8,
sections 6.2 and 6.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from webhook.config.charts import Values
from webhook.config.setflags import apply_set, only_bools, typed
from webhook.mesh.versions import Version

DEFAULTS: Final[Mapping[str, str]] = {
    "global.imagePullPolicy": "IfNotPresent",
    "global.podDNSSearchNamespaces": "",
    "global.proxy.enableCoreDump": "false",
    "global.proxy.excludeIPRanges": "",
    "global.proxy.excludeInboundPorts": "",
    "global.proxy.image": "docker.io/istio/proxyv2:unittest",
    "global.proxy.includeIPRanges": "*",
    "global.proxy.includeInboundPorts": "*",
    "global.proxy.privileged": "false",
    "global.proxy.readinessFailureThreshold": "30",
    "global.proxy.readinessInitialDelaySeconds": "1",
    "global.proxy.readinessPeriodSeconds": "2",
    "global.proxy.statusPort": "15020",
    "global.proxy.tracer": "",
    "global.proxy_init.image": "docker.io/istio/proxy_init:unittest",
    "global.sds.enabled": "false",
    "sidecarInjectorWebhook.rewriteAppHTTPProbe": "false",
}
"""What every row sets, in Helm's language."""

_REDIRECT: Final = {"defaultConfig.interceptionMode": "REDIRECT"}


def _proxy(**settings: str) -> dict[str, str]:
    return {f"global.proxy.{name}": value for name, value in settings.items()}


def _readiness(status: str, delay: str, period: str, threshold: str) -> dict[str, str]:
    return _proxy(
        statusPort=status,
        readinessInitialDelaySeconds=delay,
        readinessPeriodSeconds=period,
        readinessFailureThreshold=threshold,
    )


NO_READINESS: Final = _readiness("0", "0", "0", "0")
"""What a row that leaves these out sets: Go's zero values."""

_NO_INCLUDES: Final = _proxy(includeIPRanges="", includeInboundPorts="")
_TEMPLATE: Final = r'{{ valueOrDefault .DeploymentMeta.Namespace "default" }}.global'


@dataclass(frozen=True, slots=True)
class ValuesRow:
    """A case: input and golden by file name, what it sets besides the defaults, and assignments to the mesh."""

    input: str
    golden: str
    flags: Mapping[str, str] = field(default_factory=dict)
    mesh: Mapping[str, Any] = field(default_factory=lambda: dict(_REDIRECT))


def _hello(golden: str, **more: Any) -> ValuesRow:
    return ValuesRow("hello.yaml", f"{golden}.injected", **more)


def _escaped(text: str) -> str:
    """Write a text so that ``--set`` takes it for one value."""
    return "".join(f"\\{char}" if char in ",{}" else char for char in text)


ROWS: Final = (
    ValuesRow("hello.yaml.injected", "hello.yaml.injected"),
    _hello(
        "hello-tproxy.yaml",
        flags={**NO_READINESS, **_NO_INCLUDES},
        mesh={"defaultConfig.interceptionMode": "TPROXY"},
    ),
    _hello("hello-config-map-name.yaml"),
    _hello("hello-always.yaml", flags={"global.imagePullPolicy": "Always"}),
    _hello("hello-never.yaml", flags={"global.imagePullPolicy": "Never"}),
    _hello("hello.yaml.cni", flags={"istio_cni.enabled": "true"}),
    _hello(
        "hello-template-in-values.yaml",
        flags={"global.podDNSSearchNamespaces": "{global," + _escaped(_TEMPLATE) + "}"},
    ),
    ValuesRow("enable-core-dump.yaml", "enable-core-dump.yaml.injected", _proxy(enableCoreDump="true")),
    ValuesRow("auth.yaml", "auth.cert-dir.yaml.injected"),
    ValuesRow(
        "format-duration.yaml",
        "format-duration.yaml.injected",
        mesh={
            **_REDIRECT,
            **{
                f"defaultConfig.{name}": "42s" for name in ("connectTimeout", "drainDuration", "parentShutdownDuration")
            },
        },
    ),
    ValuesRow(
        "traffic-params.yaml",
        "traffic-params.yaml.injected",
        {
            **NO_READINESS,
            **_proxy(
                includeIPRanges=_escaped("127.0.0.1/24,10.96.0.1/24"),
                excludeIPRanges=_escaped("10.96.0.2/24,10.96.0.3/24"),
                includeInboundPorts=_escaped("1,2,3"),
                excludeInboundPorts=_escaped("4,5,6"),
            ),
        },
    ),
    ValuesRow("traffic-params-empty-includes.yaml", "traffic-params-empty-includes.yaml.injected", _NO_INCLUDES),
    ValuesRow("status_params.yaml", "status_params.yaml.injected", _readiness("123", "100", "200", "300")),
)
"""Rows with settings of their own; every other input beside a golden has none."""


def probe_flags(name: str) -> dict[str, str]:
    """Return what a row of the probe test sets; one of them switches rewriting off, for its annotation to switch it on."""
    rewrite = "false" if name.startswith("hello-probes-with-flag-set-") else "true"
    return {
        **_readiness("15020", "2", "30", "30"),
        **_NO_INCLUDES,
        "sidecarInjectorWebhook.rewriteAppHTTPProbe": rewrite,
    }


def values_of(defaults: Values, flags: Mapping[str, str], version: Version) -> Values:
    """Return a chart's own values with the flags of a row over them, typed as Helm was in the release."""
    values = defaults
    for key, value in _all_flags(flags, version):
        values = apply_set(values, f"{key}={value}", only_bools if version < (1, 3, 0) else typed)
    return values


def _all_flags(flags: Mapping[str, str], version: Version) -> Iterator[tuple[str, str]]:
    yield from {**DEFAULTS, **flags}.items()
    if version < (1, 3, 0):
        yield "global.sds.useTrustworthyJwt", "false"
    if version >= (1, 4, 5) and "istio_cni.enabled" not in flags:
        yield "istio_cni.enabled", "false"
