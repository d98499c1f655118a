"""What the engine is measured on: templates with data and functions, the same for every contender.

The sidecar templates are those of stock Istio ConfigMaps, read from upstream data and rendered with plain maps and
stand-ins for the injector's functions; the others are written here.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.upstream import upstream


@dataclass(frozen=True, slots=True)
class Work:
    """A template, its delimiters, and the data it is rendered with; ``target`` is the ratio to Go to stay under (0: none)."""

    name: str
    text: str
    data: dict[str, Any]
    target: float
    delims: tuple[str, str] = ("{{", "}}")
    about: str = field(default="", compare=False)


def works() -> Iterator[Work]:
    """Yield the works; the sidecar templates only where there is upstream data."""
    data = upstream()
    if data is not None:
        yield from _sidecars(data)
    yield Work("loop", LOOP, {"items": [f"item {i}" for i in range(1000)]}, 0.7, about="1,000 rounds of a bare range")
    yield Work("deep", DEEP, deep_data(), 0.6, about="deep fields, printf, pipelines, nested range over maps")
    yield Work(
        "manifest", MANIFEST, manifest_data(), 0.6, about="a Deployment and a Service in the manner of Helm, much Sprig"
    )
    yield Work("letter", LETTER, {"name": "Remora", "items": ["one", "two"], "total": 3}, 0.0, about="a few lines")


LOOP = "{{range $i, $e := .items}}{{$i}}: {{$e}}\n{{end}}"
LETTER = (
    "Dear {{.name}},\n{{range .items}}- {{.}}\n{{else}}nothing\n{{end}}{{if gt .total 2}}{{.total}} in all{{end}}\n"
)
DEEP = """{{range $i, $o := .orders -}}
{{printf "%03d" $i}} {{$o.customer.name}} <{{$o.customer.contact.mail}}> {{$o.customer.address.city | printf "%-10s|"}}
{{range $key, $value := $o.labels}}  {{$key}}={{$value}}
{{end}}{{if and $o.paid (gt $o.total 50)}}  paid {{printf "%d.%02d %s" $o.total $o.cents $o.customer.currency}}
{{else if $o.customer.contact.mail}}  remind {{$o.customer.contact.mail | printf "mailto:%s"}}
{{end}}{{end}}"""
MANIFEST = """{{- define "name" -}}{{ default .Chart.name .Values.nameOverride | trunc 63 | trimSuffix "-" }}{{- end -}}
{{- define "labels" }}
    app.kubernetes.io/name: {{ template "name" . }}
    app.kubernetes.io/instance: {{ .Release.name | quote }}
    app.kubernetes.io/version: {{ .Chart.version | replace "+" "_" | quote }}
{{- range $key, $value := .Values.labels }}
    {{ $key | lower }}: {{ $value | toString | quote }}
{{- end }}
{{- end -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ template "name" . }}
  namespace: {{ .Values.namespace | default .Release.namespace }}
  labels: {{- template "labels" . }}
spec:
  replicas: {{ .Values.replicas | default 1 | int }}
  template:
    metadata:
      annotations:
        checksum: {{ .Values.config | toJson | sha256sum | trunc 16 }}
    spec:
      {{- with .Values.serviceAccount }}
      serviceAccountName: {{ .name | default "default" | squote }}
      {{- end }}
      containers:
      {{- range $index, $c := .Values.containers }}
      - name: {{ $c.name | default (printf "container-%d" $index) }}
        image: "{{ $c.registry | default $.Values.registry | trimSuffix "/" }}/{{ $c.image }}:{{ $c.tag | default $.Chart.version }}"
        imagePullPolicy: {{ ternary "Always" "IfNotPresent" (eq ($c.tag | default "latest") "latest") }}
        {{- if $c.args }}
        args: [{{ range $i, $a := $c.args }}{{ if $i }}, {{ end }}{{ $a | quote }}{{ end }}]
        {{- end }}
        {{- if or $c.env $.Values.env }}
        env:
        {{- range $key, $value := $.Values.env }}
        - name: {{ $key | upper | replace "-" "_" }}
          value: {{ $value | quote }}
        {{- end }}
        {{- range $e := $c.env }}
        - name: {{ $e.name }}
          value: {{ $e.value | toString | trim | quote }}
        {{- end }}
        {{- end }}
        ports:
        {{- range $c.ports }}
        - containerPort: {{ .port | int }}
          name: {{ .name | lower | trunc 15 }}
          protocol: {{ .protocol | default "TCP" }}
        {{- end }}
        {{- with $c.resources }}
        resources:{{ toJson . | indent 1 }}
        {{- end }}
      {{- end }}
      {{- if and .Values.tolerations (not .Values.anywhere) }}
      tolerations:{{ toJson .Values.tolerations | nindent 8 }}
      {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ template "name" . }}
  labels: {{- template "labels" . }}
spec:
  type: {{ .Values.service.type | default "ClusterIP" }}
  ports:
  {{- range .Values.service.ports }}
  - port: {{ .port }}
    targetPort: {{ .target | default .port }}
    name: {{ list .name (toString .port) | join "-" }}
  {{- end }}
  selector:
    app.kubernetes.io/name: {{ template "name" . }}
"""


def deep_data() -> dict[str, Any]:
    """Return a hundred orders, each with nested maps."""
    return {
        "orders": [
            {
                "customer": {
                    "name": f"Customer {i}",
                    "currency": "EUR",
                    "contact": {"mail": f"customer{i}@example.com" if i % 4 else ""},
                    "address": {"city": ("Berlin", "Oslo", "Rome")[i % 3]},
                },
                "labels": {f"label-{n}": f"value {n} of {i}" for n in range(5)},
                "paid": i % 3 > 0,
                "total": i * 7 % 200,
                "cents": i % 100,
            }
            for i in range(100)
        ]
    }


def manifest_data() -> dict[str, Any]:
    """Return values for a chart with three containers."""
    containers = [
        {
            "name": name,
            "image": f"shop/{name}",
            "args": ["--port", "8080", f"--name={name}"],
            "env": [{"name": f"SETTING_{n}", "value": f" value {n} "} for n in range(4)],
            "ports": [{"name": "HTTP", "port": 8080}, {"name": "metrics", "port": 9090, "protocol": "TCP"}],
            "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
        }
        for name in ("web", "worker", "cache")
    ]
    return {
        "Chart": {"name": "shop", "version": "1.4.2+build7"},
        "Release": {"name": "spring", "namespace": "default"},
        "Values": {
            "labels": {"Team": "payments", "tier": "backend", "shard": 7},
            "registry": "registry.example.com/",
            "containers": containers,
            "env": {"log-level": "info", "region": "eu-central-1", "zone": "a"},
            "config": {"retries": 3, "hosts": ["a.example.com", "b.example.com"]},
            "serviceAccount": {"name": "shop"},
            "replicas": 3,
            "tolerations": [{"key": "dedicated", "operator": "Exists"}],
            "service": {"ports": [{"name": "http", "port": 80, "target": 8080}, {"name": "metrics", "port": 9090}]},
        },
    }


# The sidecar templates of stock Istio


def _sidecars(data: Path) -> Iterator[Work]:
    old = _config(data / "0.8.0")["template"]
    about = "the sidecar template of Istio 0.8.0"
    yield Work("sidecar 0.8.0", old, pod_data({}), 0.35, ("[[", "]]"), about)
    values = json.loads(_configmap(data / "1.30.3")["values"])
    new = _config(data / "1.30.3")["templates"]["sidecar"]
    yield Work("sidecar 1.30.3", new, pod_data(values), 0.35, about="the sidecar template of Istio 1.30.3, 24 KB")


def _configmap(release: Path) -> dict[str, str]:
    text = (release / "stock" / "istio-sidecar-injector-configmap.yaml").read_text(encoding="utf-8")
    found: dict[str, str] = yaml.safe_load(text)["data"]
    return found


def _config(release: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_configmap(release)["config"])
    return found


def pod_data(values: dict[str, Any]) -> dict[str, Any]:
    """Return what an injector of any release hands to its template for a small pod, as plain maps."""
    port = {"name": "http", "containerPort": 8080, "ContainerPort": 8080, "protocol": "TCP"}
    container = {"Name": "shop", "name": "shop", "Image": "registry.example.com/shop:1.7.3", "Ports": [port]}
    return {
        "TypeMeta": {"APIVersion": "apps/v1", "Kind": "Deployment"},
        "DeploymentMeta": {"Name": "shop", "Namespace": "shop"},
        "ObjectMeta": {
            "Name": "",
            "Annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
            "Labels": {"app": "shop", "version": "v1", "pod-template-hash": "6d5f8b7c9"},
        },
        "Spec": {"ServiceAccountName": "shop", "Containers": [container]},
        "MeshConfig": {"ProxyListenPort": 15001, "ProxyInboundListenPort": 15006, "TrustDomain": "cluster.local"},
        "ProxyConfig": {
            "ConfigPath": "./etc/istio/proxy",
            "BinaryPath": "/usr/local/bin/envoy",
            "ServiceCluster": "istio-proxy",
            "DrainDuration": "45s",
            "ParentShutdownDuration": "1m0s",
            "DiscoveryAddress": "istiod.istio-system.svc:15012",
            "DiscoveryRefreshDelay": "1s",
            "ZipkinAddress": "zipkin.istio-system:9411",
            "ConnectTimeout": "10s",
            "StatsdUdpAddress": "",
            "ProxyAdminPort": 15000,
            "ControlPlaneAuthPolicy": "NONE",
            "InterceptionMode": {"String": "REDIRECT"},
            "HoldApplicationUntilProxyStarts": {"GetValue": False},
            "GetTracing": {"GetTlsSettings": None},
            "ProxyMetadata": {},
        },
        "Values": values,
        "Revision": "default",
        "ProxyImage": "registry.istio.io/release/proxyv2:1.30.3",
        "ProxyUID": 1337,
        "ProxyGID": 1337,
        "NativeSidecars": True,
        "InboundTrafficPolicyMode": "passthrough",
        "CompliancePolicy": "",
    }


# The functions that bench/go/engine/main.go has in Go


def _annotation(meta: dict[str, Any], name: str, fallback: Any) -> str:
    found = meta["Annotations"].get(name)
    if found is not None:
        return str(found)
    if fallback.__class__ is dict:
        fallback = fallback["String"]
    return fallback if fallback.__class__ is str else "<nil>" if fallback is None else _go_text(fallback)


def _go_text(value: Any) -> str:
    return str(value).lower() if value.__class__ is bool else str(value)


_to_json = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


INJECTOR = {
    "annotation": _annotation,
    "appendMultusNetwork": lambda existing, network: f"{existing}, {network}",
    "directory": posixpath.dirname,
    "excludeInboundPort": lambda port, excluded: f"{excluded},{_go_text(port)}".strip(","),
    "formatDuration": lambda duration: duration,
    "fromJSON": json.loads,
    "isset": lambda mapping, key: key in mapping,
    "omitNil": lambda value: value,
    "otelResourceAttributes": lambda *_: "",
    "protoToJSON": _to_json,
    "structToJSON": _to_json,
    "toJSON": _to_json,
    "toLower": str.lower,
    "toYaml": _to_json,
    "valueOrDefault": lambda value, fallback: fallback if value in ("", None) else value,
}
