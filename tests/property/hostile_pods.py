"""Pods that try to make other YAML of a rendered template than its author meant; the same ones for the same seed."""

from __future__ import annotations

import json
import random
from typing import Any

WORDS = (
    "app", "v1", "shop-7", "a.b/c", "registry.example.com:5000/x@sha256:0f", "default:info", "$(POD_NAME)", "100m", "15020",
    "", " ", "true", "on", "No", "y", "null", "~", "=", "<<", "1", "08", "0x1F", "1e3", "1_000", ".5", "+1", "1:20", "-",
    "2001-01-01", ".inf", "a: b", "a #b", "#b", "a:", ":a", "- a", "-a", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "?",
    "? a", "[a]", "{a: b}", "{a", "---", "...", "a,b", "'", '"', "''", '"x"', "'x'", "\\", "\\n", 'a"b', "a'b", "a\nb",
    "a\n  b: c", "\n", "a\n", "\ta", "a\tb", "a\rb", " a", "a ", "a\x85b", "a\u2028b", "a\u2029", "\ufeffa", "\x00", "\x1b",
    "\x7f", "é", "日本", "\U0001f600", "{{ .x }}", "}}", "<a>&amp;", "rem0ra", "rem0rah0x", "rem0ral0x", "x" * 500, "a b" * 60,
    "None", "<no value>", "[]", "{}", "[{}]", '[{"name":"a"}]', '{"v":{"emptyDir":{}}}', '{"a":"b"}', "REDIRECT", "TPROXY", "NONE",
    "0", "*", "10.0.0.0/8", "80,443",
)  # fmt: skip
LABELS = (
    "app", "version", "app.kubernetes.io/name", "app.kubernetes.io/version", "service.istio.io/canonical-name",
    "service.istio.io/canonical-revision", "service.istio.io/workload-name", "security.istio.io/tlsMode", "istio.io/rev",
    "topology.istio.io/network", "pod-template-hash", "networking.istio.io/tunnel", "sidecar.istio.io/inject", "Ünlaut", "zone",
)  # fmt: skip
ANNOTATIONS = (
    "sidecar.istio.io/interceptionMode", "sidecar.istio.io/logLevel", "sidecar.istio.io/componentLogLevel",
    "sidecar.istio.io/agentLogLevel", "sidecar.istio.io/proxyImage", "sidecar.istio.io/proxyImageType", "sidecar.istio.io/proxyCPU",
    "sidecar.istio.io/proxyCPULimit", "sidecar.istio.io/proxyMemory", "sidecar.istio.io/proxyMemoryLimit",
    "sidecar.istio.io/bootstrapOverride", "sidecar.istio.io/userVolume", "sidecar.istio.io/userVolumeMount",
    "sidecar.istio.io/capNetBindService", "sidecar.istio.io/nativeSidecar", "sidecar.istio.io/status", "sidecar.istio.io/inject",
    "sidecar.istio.io/rewriteAppHTTPProbers", "status.sidecar.istio.io/port", "readiness.status.sidecar.istio.io/periodSeconds",
    "readiness.status.sidecar.istio.io/initialDelaySeconds", "traffic.sidecar.istio.io/includeOutboundIPRanges",
    "traffic.sidecar.istio.io/excludeInboundPorts", "traffic.sidecar.istio.io/includeInboundPorts",
    "traffic.sidecar.istio.io/kubevirtInterfaces", "prometheus.io/scrape", "prometheus.io/port", "prometheus.io/path",
    "prometheus.istio.io/merge-metrics", "proxy.istio.io/config", "proxy.istio.io/overrides", "inject.istio.io/templates",
    "kubectl.kubernetes.io/default-container", "k8s.v1.cni.cncf.io/networks", "note",
)  # fmt: skip
FITTING = {
    "proxy.istio.io/config": (
        "concurrency: 3",
        "{}",
        "proxyMetadata: {A: b}",
        "holdApplicationUntilProxyStarts: true",
        "a: b",
    ),
    "inject.istio.io/templates": ("sidecar", "sidecar,custom", "custom", "gateway", "nothing", "grpc-agent"),
    "sidecar.istio.io/interceptionMode": ("REDIRECT", "TPROXY", "NONE"),
    "sidecar.istio.io/proxyImageType": ("debug", "distroless", "default"),
    "sidecar.istio.io/status": ('{"containers":["istio-proxy"],"initContainers":null,"volumes":["istio-envoy"]}',),
    "proxy.istio.io/overrides": ('{"containers":[{"name":"istio-proxy","image":"auto"}]}', "{"),
    "sidecar.istio.io/userVolume": ('{"v":{"emptyDir":{}}}', '[{"name":"v","emptyDir":{}}]'),
}
OWNERS = (
    ("ReplicaSet", "apps/v1"), ("StatefulSet", "apps/v1"), ("Job", "batch/v1"), ("DaemonSet", "apps/v1"),
    ("ReplicationController", "v1"),
)  # fmt: skip
NUMBERS = (0, 1, 80, 8080, 15020, 65535, 1337, 2**31 - 1, 2**53, 2**53 + 1, -1)


class PodMaker:
    """Makes pods: most of them tame in most places, so that every step of an injection gets its share."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._names = [f"service-{i}" for i in range(20)]

    def review(self) -> tuple[bytes, str]:
        """Return a review, and the path of the URL it is sent to."""
        kind = {"group": "", "version": "v1", "kind": "Pod"}
        request = {
            "uid": "1",
            "kind": kind,
            "namespace": self._pick("shop", "istio-system", "kube-system", rare=0.02),
            "operation": "CREATE",
            "object": self.pod(),
        }
        document = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
        path = self._random.choice(("/inject", "/inject", "/inject", "/inject/cluster/c1/net/n1", "/inject/:ENV:a=b"))
        return json.dumps(document).encode(), path

    def pod(self) -> dict[str, Any]:
        """Return a pod."""
        chance = self._random.random
        name = self._random.choice(self._names)
        metadata: dict[str, Any] = {"labels": self._labels(name)}
        if chance() < 0.8:
            metadata["generateName"] = f"{name}-"
            metadata["ownerReferences"] = [self._owner(name)]
        else:
            metadata["name"] = self._text(name)
        if chance() < 0.5:
            metadata["annotations"] = self._annotations()
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": self._spec(name)}

    def _pick(self, common: Any, *others: Any, rare: float = 0.1) -> Any:
        return self._random.choice(others) if self._random.random() < rare else common

    def _text(self, common: str, rare: float = 0.08) -> str:
        return str(self._pick(common, *WORDS, rare=rare))

    def _labels(self, name: str) -> dict[str, str]:
        labels = {"app": self._text(name), "pod-template-hash": "6d5f8b7c9"}
        for _ in range(self._random.choice((0, 0, 1, 1, 3))):
            labels[self._random.choice(LABELS)] = self._text("v1", 0.3)
        return self._pick(labels, {}, None, rare=0.03) or {}

    def _annotations(self) -> dict[str, str]:
        found = {}
        for _ in range(self._random.choice((0, 1, 1, 2, 4))):
            name = self._random.choice(ANNOTATIONS)
            found[name] = self._pick(self._random.choice(FITTING.get(name, ("true", "3", "info"))), *WORDS, rare=0.35)
        return found

    def _owner(self, name: str) -> dict[str, Any]:
        kind, version = self._random.choice(OWNERS)
        owner = self._text(f"{name}-6d5f8b7c9" if kind != "Job" else f"{name}-1234567890", 0.03)
        return {"apiVersion": version, "kind": kind, "name": owner, "uid": "u", "controller": self._pick(True, False)}

    def _spec(self, name: str) -> dict[str, Any]:
        chance = self._random.random
        count = self._random.choice((1, 1, 1, 2, 3))
        spec: dict[str, Any] = {"containers": [self._container(name, i) for i in range(count)]}
        if chance() < 0.2:
            spec["initContainers"] = [self._container("init", i) for i in range(self._random.choice((0, 1, 2)))]
        if chance() < 0.4:
            names = [self._pick(f"volume-{i}", "istio-envoy", "istio-data", "volume-0", "") for i in range(3)]
            spec["volumes"] = [{"name": each, "emptyDir": {}} for each in names[: self._random.choice((0, 1, 3))]]
        if chance() < 0.2:
            spec["securityContext"] = self._pick(
                {}, {"runAsUser": self._random.choice(NUMBERS)}, {"fsGroup": 7}, rare=0.7
            )
        if chance() < 0.1:
            spec["imagePullSecrets"] = [{"name": self._pick("s", "")} for _ in range(self._random.choice((1, 2)))]
        if chance() < 0.1:
            spec["dnsConfig"] = {"searches": ["a"]}
        if chance() < 0.05:
            spec[self._random.choice(("hostNetwork", "hostPID", "unknown"))] = True
        if chance() < 0.3:
            spec["serviceAccountName"] = self._text("shop")
        if chance() < 0.1:
            spec["tolerations"] = [{"operator": "Exists", "tolerationSeconds": self._random.choice(NUMBERS)}]
        return spec

    def _container(self, name: str, index: int) -> dict[str, Any]:
        chance = self._random.random
        own = name if not index else f"{name}-{index}"
        container: dict[str, Any] = {
            "name": self._pick(own, name, "istio-proxy", "istio-init", *WORDS[:30], rare=0.08),
            "image": self._pick("app:1", "auto", "", *WORDS[:6]),
        }
        if chance() < 0.7:
            container["ports"] = [self._port() for _ in range(self._random.choice((0, 1, 1, 2)))]
        if chance() < 0.3:
            container["env"] = [{"name": f"E{i}", "value": self._text("v", 0.3)} for i in range(2)]
        if chance() < 0.3:
            container["resources"] = self._pick(
                {"limits": {"cpu": "1"}}, {}, {"requests": {"memory": "1Gi", "cpu": 0.5}}, rare=0.4
            )
        if chance() < 0.3:
            container[self._random.choice(("readinessProbe", "livenessProbe", "startupProbe"))] = self._probe()
        if chance() < 0.15:
            container["securityContext"] = {"runAsUser": self._random.choice(NUMBERS), "privileged": False}
        if chance() < 0.15:
            container["volumeMounts"] = [
                {"name": "volume-0", "mountPath": self._pick("/a", "/var/run/secrets/tokens", "")}
            ]
        if chance() < 0.05:
            container["lifecycle"] = {"preStop": {"httpGet": {"path": "/stop", "port": 80}}}
        return container

    def _port(self) -> dict[str, Any]:
        port: dict[str, Any] = {"containerPort": self._random.choice(NUMBERS[:5])}
        if self._random.random() < 0.6:
            port["name"] = self._text("http")
        if self._random.random() < 0.4:
            port["protocol"] = self._pick("TCP", "UDP", "SCTP", "x")
        return port

    def _probe(self) -> dict[str, Any]:
        actions: tuple[dict[str, Any], ...] = (
            {"httpGet": {"path": self._text("/ready"), "port": self._pick(80, "http", 15020)}},
            {"tcpSocket": {"port": self._pick(80, "http")}},
            {"grpc": {"port": 80}},
            {"exec": {"command": ["true"]}},
        )
        return {**self._random.choice(actions), "periodSeconds": self._random.choice((0, 5))}
