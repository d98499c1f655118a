"""The mesh configuration a release has before anybody configures it: one table of defaults, keyed by first release.

Each entry of the table changes the one before it; None takes a field away. Source: what ``DefaultProxyConfig`` and
``DefaultMeshConfig`` of the releases set, by field. Fields a release does not know are left out, whatever the table
says.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from webhook.mesh.messages import Duration, Message, seconds
from webhook.mesh.schema import MESH_CONFIG, PROXY_CONFIG, Schema
from webhook.mesh.versions import parse_version

_TRACING: Final = "istio.mesh.v1alpha1.Tracing"
_REMOTE: Final = "istio.mesh.v1alpha1.RemoteService"
_OUTBOUND: Final = f"{MESH_CONFIG}.OutboundTrafficPolicy"
_LOCALITY: Final = "istio.networking.v1alpha3.LocalityLoadBalancerSetting"
_PROVIDER: Final = f"{MESH_CONFIG}.ExtensionProvider"


def _provider(name: str, member: str, kind: str, settings: dict[str, Any]) -> Message:
    return Message(_PROVIDER, {"name": name, member: Message(f"{_PROVIDER}.{kind}", settings)})


_PROMETHEUS: Final = _provider("prometheus", "prometheus", "PrometheusMetricsProvider", {})
_STACKDRIVER: Final = _provider("stackdriver", "stackdriver", "StackdriverProvider", {})
_ENVOY: Final = _provider("envoy", "envoy_file_access_log", "EnvoyFileAccessLogProvider", {"path": "/dev/stdout"})

PROXY_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "0.5.0": {
        "config_path": "/etc/istio/proxy",
        "binary_path": "/usr/local/bin/envoy",
        "service_cluster": "istio-proxy",
        "drain_duration": seconds(2),
        "parent_shutdown_duration": seconds(3),
        "discovery_address": "istio-pilot:15003",
        "discovery_refresh_delay": seconds(1),
        "connect_timeout": seconds(1),
        "proxy_admin_port": 15000,
    },
    "0.7.0": {"discovery_address": "istio-pilot:15007"},
    "1.1.0": {
        "drain_duration": seconds(45),
        "parent_shutdown_duration": seconds(60),
        "discovery_address": "istio-pilot:15010",
        "discovery_refresh_delay": None,
        "stat_name_length": 189,
    },
    "1.4.0": {"envoy_metrics_service": Message(_REMOTE), "envoy_access_log_service": Message(_REMOTE)},
    "1.6.0": {
        "config_path": "./etc/istio/proxy",
        "connect_timeout": None,
        "discovery_address": "istiod.istio-system.svc:15012",
        "tracing": Message(
            _TRACING, {"zipkin": Message(f"{_TRACING}.Zipkin", {"address": "zipkin.istio-system:9411"})}
        ),
        "status_port": 15020,
        "concurrency": 2,
    },
    "1.7.0": {"control_plane_auth_policy": "MUTUAL_TLS", "termination_drain_duration": seconds(5)},
    "1.9.0": {"envoy_metrics_service": None, "envoy_access_log_service": None},
    "1.17.0": {"parent_shutdown_duration": None},
    "1.18.0": {"concurrency": None},
    "1.22.0": {"tracing": None},
}
"""ProxyConfig: first release to the fields that changed there."""

MESH_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "0.5.0": {
        "proxy_listen_port": 15001,
        "connect_timeout": seconds(1),
        "ingress_class": "istio",
        "ingress_controller_mode": "STRICT",
        "rds_refresh_delay": seconds(1),
        "enable_tracing": True,
        "access_log_file": "/dev/stdout",
    },
    "1.0.0": {"sds_refresh_delay": seconds(15)},
    "1.1.0": {
        "rds_refresh_delay": None,
        "sds_refresh_delay": None,
        "outbound_traffic_policy": Message(_OUTBOUND, {"mode": "ALLOW_ANY"}),
        "dns_refresh_rate": seconds(5),
        "root_namespace": "istio-system",
        "default_service_export_to": ("*",),
        "default_virtual_service_export_to": ("*",),
        "default_destination_rule_export_to": ("*",),
    },
    "1.3.0": {
        "disable_policy_checks": True,
        "ingress_class": None,
        "ingress_controller_mode": None,
        "ingress_service": "istio-ingressgateway",
    },
    "1.4.0": {
        "trust_domain_aliases": (),
        "protocol_detection_timeout": Duration.of(100_000_000),
        "enable_auto_mtls": False,
    },
    "1.6.0": {
        "access_log_file": None,
        "report_batch_max_entries": 100,
        "report_batch_max_time": seconds(1),
        "disable_mixer_http_reports": True,
        "protocol_detection_timeout": seconds(5),
        "ingress_class": "istio",
        "ingress_controller_mode": "STRICT",
        "trust_domain": "cluster.local",
        "sds_uds_path": "unix:./etc/istio/proxy/SDS",
        "enable_auto_mtls": True,
        "locality_lb_setting": Message(_LOCALITY, {"enabled": True}),
        "certificates": (),
        "connect_timeout": seconds(10),
        "thrift_config": Message(f"{MESH_CONFIG}.ThriftConfig"),
        "service_settings": (),
    },
    "1.9.0": {"protocol_detection_timeout": seconds(0)},
    "1.11.0": {
        "default_providers": Message(f"{MESH_CONFIG}.DefaultProviders"),
        "extension_providers": (_ENVOY,),
    },
    "1.12.0": {"extension_providers": (_PROMETHEUS, _STACKDRIVER, _ENVOY)},
    "1.15.0": {"dns_refresh_rate": seconds(60)},
    "1.18.0": {"proxy_inbound_listen_port": 15006, "enable_prometheus_merge": True},
    "1.22.0": {"inbound_traffic_policy": Message(f"{MESH_CONFIG}.InboundTrafficPolicy")},
}
"""MeshConfig without its defaultConfig: first release to the fields that changed there; enums by name."""


def _layers(table: dict[str, dict[str, Any]], schema: Schema) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for first, changes in table.items():
        if parse_version(first) <= schema.version:
            fields.update(changes)
    return {name: value for name, value in fields.items() if value is not None}


def _build(name: str, fields: dict[str, Any], schema: Schema) -> Message:
    info = schema.message(name)
    known = {field.name: field for field in info.fields}
    return Message(name, {key: _value(known[key].type, value, schema) for key, value in fields.items() if key in known})


def _value(type_name: str, value: Any, schema: Schema) -> Any:
    if isinstance(value, str) and schema.is_enum(type_name):
        return schema.enum(type_name).numbers[value]
    if isinstance(value, Message):
        return _build(value.name, dict(value.fields), schema)
    if type(value) is tuple:  # a repeated field; a duration is a tuple too
        return tuple(_value(type_name, item, schema) for item in value)
    return value


@cache
def default_proxy_config(schema: Schema) -> Message:
    """Return the ProxyConfig of a release that nobody configured."""
    return _build(PROXY_CONFIG, _layers(PROXY_DEFAULTS, schema), schema)


@cache
def default_mesh_config(schema: Schema) -> Message:
    """Return the MeshConfig of a release that nobody configured, defaultConfig included."""
    message = _build(MESH_CONFIG, _layers(MESH_DEFAULTS, schema), schema)
    return message.replace({"default_config": default_proxy_config(schema)})
