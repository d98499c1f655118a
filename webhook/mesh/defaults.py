"""The mesh configuration a release has before anybody configures it: one table of defaults, keyed by first release.

Each entry of the table changes the one before it; None takes a field away. Source: what ``DefaultProxyConfig`` and
``DefaultMeshConfig`` of the releases set, by field. Fields a release does not know are left out, whatever the table
says.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from webhook.mesh.messages import Message, seconds
from webhook.mesh.schema import MESH_CONFIG, PROXY_CONFIG, Schema
from webhook.mesh.versions import parse_version

_TRACING: Final = "istio.mesh.v1alpha1.Tracing"
_PROVIDER: Final = "istio.mesh.v1alpha1.MeshConfig.ExtensionProvider"

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
        return _build(type_name, dict(value.fields), schema)
    if isinstance(value, tuple):
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
