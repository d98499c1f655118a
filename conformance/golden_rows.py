"""The golden cases of Istio's injection test that need settings of their own: which input gives which golden, and with what.

Facts about ``TestInjection`` and its forerunner ``TestIntoResourceFile`` from 1.5 on. A row counts for a checkout when its
release is in the row's range and the golden is in the tree, so that backported cases are found. Every input beside a golden
that no row names is a case with default settings. Source: istio-inject-0.5-1.8, section 6.4; istio-inject-1.9-1.31, section 6.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from webhook.mesh.versions import NEWEST_PATCH, Version

SUFFIX: Final = ".injected"

Ways = Literal["both", "kube-inject", "webhook"]


@dataclass(frozen=True, slots=True)
class Row:
    """One case. ``input`` and ``golden`` are file names in the folder of inputs; a case with an ``error`` has no golden.

    ``since`` and ``until`` are minors, both included. ``set`` is in istioctl's language, ``operator`` an IstioOperator file
    in the same folder, ``mesh`` assignments to the mesh afterwards, ``features`` and ``env`` the injector's surroundings.
    ``older_nodes``: the cluster has a node that is too old for native sidecars.
    """

    input: str
    golden: str = ""
    since: Version = (1, 5, 0)
    until: Version = (1, 999, NEWEST_PATCH)
    set: tuple[str, ...] = ()
    operator: str = ""
    mesh: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, str | bool] = field(default_factory=dict)
    error: str = ""
    ways: Ways = "both"
    older_nodes: bool = False


def _until(minor: int) -> Version:
    return (1, minor, NEWEST_PATCH)


def _same(name: str, **more: Any) -> Row:
    return Row(f"{name}.yaml", f"{name}.yaml{SUFFIX}", **more)


def _hello(golden: str, **more: Any) -> Row:
    return Row("hello.yaml", f"{golden}{SUFFIX}", **more)


_CNI: Final = "components.cni.enabled=true"
_NETWORK: Final = "values.global.network=network1"
_PROXY: Final = "values.global.proxy."
_STATUS: Final = tuple(
    f"{_PROXY}{name}={value}"
    for name, value in (
        ("statusPort", 123), ("readinessInitialDelaySeconds", 100), ("readinessPeriodSeconds", 200),
        ("readinessFailureThreshold", 300),
    )
)  # fmt: skip
_TRAFFIC: Final = tuple(
    f"{_PROXY}{name}={value}"
    for name, value in (
        ("includeIPRanges", "127.0.0.1/24,10.96.0.1/24"), ("excludeIPRanges", "10.96.0.2/24,10.96.0.3/24"),
        ("excludeInboundPorts", "4,5,6"), ("statusPort", 0),
    )
)  # fmt: skip
_HOLD: Final = (f"{_PROXY}holdApplicationUntilProxyStarts=true",)
_SEARCH: Final = (
    "values.global.podDNSSearchNamespaces.[0]=global",
    'values.global.podDNSSearchNamespaces.[1]={{ valueOrDefault .DeploymentMeta.Namespace "default" }}.global',
)
_TPROXY: Final = {"defaultConfig.interceptionMode": "TPROXY"}
_CLIENT_KEY: Final = {
    "defaultConfig.proxyMetadata.ISTIO_META_TLS_CLIENT_KEY": "/etc/identity/client/keys/client-key.pem"
}
_OTEL: Final = {
    "extensionProviders[+]": {
        "name": "otel",
        "opentelemetry": {
            "service": "otel-collector.observability.svc.cluster.local",
            "port": 4317,
            "serviceAttributeEnrichment": "OTEL_SEMANTIC_CONVENTIONS",
        },
    }
}
_NATIVE: Final = {"ENABLE_NATIVE_SIDECARS": "true"}
_NOT_NATIVE: Final = {"ENABLE_NATIVE_SIDECARS": "false"}
_OFF: Final = {"EnableNativeSidecars": "false"}
_OPENSHIFT: Final = {"PLATFORM": "openshift"}
_NO_FSGROUP: Final = "ENABLE_LEGACY_FSGROUP_INJECTION"

_1_9: Final = (1, 9, 0)
_1_24: Final = (1, 24, 0)
_1_27: Final = (1, 27, 0)

_NETWORKS: Final = tuple(
    Row(f"{stem}.yaml", f"{golden}.yaml{SUFFIX}", since=max(since, first), until=until, set=(_CNI, setting))
    for since, until, setting in (
        ((1, 5, 0), _until(21), "values.istio_cni.chained=false"),
        ((1, 22, 0), _until(23), "values.istio_cni.provider=multus"),
        (_1_24, _until(999), "values.cni.provider=multus"),
    )
    for stem, golden, first in (
        ("hello", "hello-cncf-networks", (1, 5, 0)),
        ("hello-existing-cncf-networks", "hello-existing-cncf-networks", (1, 5, 0)),
        ("hello-existing-cncf-networks-json", "hello-existing-cncf-networks-json", (1, 8, 0)),
    )
)  # fmt: skip

_OLD_NAMES: Final = ("cronjob", "daemonset", "job", "pod", "replicaset", "statefulset", "native-sidecar", "hello")

_NATIVE_ROWS: Final = (
    *(
        Row(
            f"{name}.yaml",
            f"{name}-old-version.yaml{SUFFIX}",
            since=_1_27,
            features={} if older else _OFF,
            older_nodes=older,
            ways="kube-inject" if name == "cronjob" else "both",
        )
        for older in (False, True)
        for name in _OLD_NAMES
    ),
    Row("proxy-override-args.yaml", f"proxy-override-args-native.yaml{SUFFIX}", until=_until(26), env=_NATIVE),
    Row("proxy-override-args.yaml", f"proxy-override-args-native.yaml{SUFFIX}", since=_1_27),
    _same("gateway"),
    _same("gateway", since=(1, 19, 0), until=_until(26), env=_NATIVE),
    _same("gateway", since=_1_27),
    _same("native-sidecar", until=_until(26), env=_NATIVE),
    _same("native-sidecar", since=_1_27),
    *(
        _same(f"native-sidecar-{name}", since=since, until=until, env=env, features=features)
        for name in ("opt-in", "opt-out")
        for since, until, env, features in (
            (_1_24, _until(26), _NATIVE, {}), (_1_24, _until(26), _NOT_NATIVE, {}), (_1_27, _until(999), {}, {}),
            (_1_27, _until(999), {}, _OFF),
        )
    ),
)  # fmt: skip

ROWS: Final[tuple[Row, ...]] = (
    _hello("hello.yaml.cni", until=_until(5), set=(_CNI,)),
    _hello("hello.yaml.cni", since=(1, 6, 0), until=_until(8), set=(_CNI, "values.istio_cni.chained=true")),
    _hello("hello.yaml.cni", since=_1_9, until=_until(21), set=(_CNI, "values.istio_cni.chained=true", _NETWORK)),
    _hello("hello.yaml.cni", since=(1, 22, 0), until=_until(23), set=(_CNI, "values.istio_cni.provider=default", _NETWORK)),
    _hello("hello.yaml.cni", since=_1_24, set=(_CNI, "values.cni.provider=default", _NETWORK)),
    Row("hello.yaml.injected", "hello.yaml.injected", until=_until(5)),
    _hello("hello.yaml.proxyImageName", set=(f"{_PROXY}image=proxyTest",)),
    _hello("hello.yaml.proxyInitImageName", set=("values.global.proxy_init.image=proxyInitTest",)),
    _hello("hello-tproxy.yaml", until=_until(5)),
    _hello("hello-tproxy.yaml", since=(1, 6, 0), mesh=_TPROXY),
    _hello("hello-config-map-name.yaml", until=_until(7)),
    Row("auth.yaml", f"auth.cert-dir.yaml{SUFFIX}", until=_until(7)),
    _hello("hello-always.yaml", set=("values.global.imagePullPolicy=Always",)),
    _hello("hello-never.yaml", set=("values.global.imagePullPolicy=Never",)),
    _hello(
        "hello-no-seccontext.yaml", since=_1_9, until=_until(18), env={_NO_FSGROUP: "false"},
        features={"EnableLegacyFSGroupInjection": False},
    ),
    _same("enable-core-dump", until=_until(23), set=(f"{_PROXY}enableCoreDump=true",)),
    _same("format-duration", until=_until(5)),
    _same(
        "format-duration", since=(1, 6, 0), until=_until(16),
        mesh={"defaultConfig.drainDuration": "23s", "defaultConfig.parentShutdownDuration": "42s"},
    ),
    _same("format-duration", since=(1, 17, 0), mesh={"defaultConfig.drainDuration": "23s"}),
    _same("traffic-params", until=_until(5), set=(*_TRAFFIC, f"{_PROXY}includeInboundPorts=1,2,3")),
    _same("traffic-params", since=(1, 6, 0), set=_TRAFFIC),
    _same("status_params", set=_STATUS),
    _same("kubevirtInterfaces", set=_STATUS),
    _same("reroute-virtual-interfaces", set=_STATUS),
    *(
        Row(f"{stem}.yaml", f"{golden}.yaml{SUFFIX}", since=since, until=until, operator=f"hello-{what}-in-values{ending}.yaml")
        for since, until, ending in (((1, 6, 0), _until(7), "-iop"), ((1, 8, 0), _until(999), ".iop"))
        for stem, golden, what in (
            ("hello", "hello-image-secrets-in-values", "image-secrets"),
            ("hello-image-pull-secret", "hello-multiple-image-secrets", "image-secrets"),
            ("hello", "hello-template-in-values", "template"),
        )
    ),
    _hello("hello-template-in-values.yaml", until=_until(5), set=_SEARCH),
    _hello("hello-mount-mtls-certs.yaml", set=("values.global.mountMtlsCerts=true",)),
    *_NETWORKS,
    _hello("hello.proxyHoldsApplication.yaml", set=_HOLD),
    Row("hello-probes.yaml", f"hello-probes.proxyHoldsApplication.yaml{SUFFIX}", set=_HOLD),
    _same("hello-probes-noProxyHoldApplication-ProxyConfig", set=_HOLD),
    _same("hello-service", ways="kube-inject"),
    _same("cronjob", ways="kube-inject"),
    *(
        Row(f"traffic-annotations-bad-{what}.yaml", error=what, ways="kube-inject")
        for what in ("includeipranges", "excludeipranges", "includeinboundports", "excludeinboundports", "excludeoutboundports")
    ),
    _same("traffic-annotations", since=(1, 11, 0), mesh=_CLIENT_KEY),
    Row("proxy-override-runas.yaml", f"proxy-override-runas.yaml.cni{SUFFIX}", set=(_CNI,)),
    Row("proxy-override-runas.yaml", f"proxy-override-runas.yaml.tproxy{SUFFIX}", mesh=_TPROXY),
    *_NATIVE_ROWS,
    _same("custom-template", operator="custom-template.iop.yaml"),
    Row("tcp-probes.yaml", f"tcp-probes-disabled.yaml{SUFFIX}", until=_until(18), features={"RewriteTCPProbes": False}),
    _same("merge-probers", set=_HOLD),
    _same("hello-tracing-disabled", mesh={"defaultConfig.tracing": {}}),
    *(
        _same(name, set=(_CNI,), env=_OPENSHIFT, ways="webhook")
        for name in ("hello-openshift", "hello-openshift-custom-injection", "hello-openshift-tproxy")
    ),
    _same("hello-probes-localhost", mesh={"inboundTrafficPolicy": {"mode": "LOCALHOST"}}),
    _same("proxy-resources-null", operator="proxy-resources-null.iop.yaml"),
    _same("proxy-resources-null-no-init", operator="proxy-resources-null.iop.yaml"),
    *(_same(f"proxy-resources-{what}", operator=f"proxy-resources-{what}.iop.yaml") for what in ("zero", "memory-null", "mixed-null")),
    *(_same(f"{name}-spire", operator="spire-template.iop.yaml") for name in ("sidecar", "gateway")),
    _same("hello-otel-semconv", mesh=_OTEL),
    _hello("hello-fips-140-3.yaml", features={"CompliancePolicy": "fips-140-3"}),
)  # fmt: skip
"""Rows in the order of the reference; those of one golden are several runs that must all give it."""
