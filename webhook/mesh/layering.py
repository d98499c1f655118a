"""Laying mesh configuration over mesh configuration: a file over the defaults, a pod's annotation over the proxy's.

Everything starts from decoded YAML (the caller owns the parser) and gives a new message; texts of errors are those of
the releases.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webhook.mesh.defaults import default_mesh_config, default_proxy_config
from webhook.mesh.errors import MeshError
from webhook.mesh.messages import Message
from webhook.mesh.protojson import read_message
from webhook.mesh.rules import Layering
from webhook.mesh.schema import Schema
from webhook.mesh.validation import check_mesh_config


def apply_mesh_config(data: Any, schema: Schema, base: Message | None = None) -> Message:
    """Return the MeshConfig of a decoded mesh file, laid over the release's defaults (or over ``base``) and checked.

    Raises MeshError with the release's text: ``failed to convert to proto. …``, or the findings of its validation.
    """
    mesh = base or default_mesh_config(schema)
    lay = _reencode if schema.rules.layering is Layering.REENCODE else _merge
    merged = lay(data, mesh, schema)
    findings = check_mesh_config(merged, schema)
    if findings:
        raise MeshError(findings)
    return merged


def _read(data: Any, over: Message, schema: Schema) -> Message:
    try:
        return read_message(data, over, schema)
    except MeshError as error:
        raise MeshError(f"failed to convert to proto. {error}") from None


def _reencode(data: Any, mesh: Message, schema: Schema) -> Message:
    read = _read(data, mesh, schema)
    given = read.get("default_config")
    proxy = default_proxy_config(schema).replace(given.fields) if given else default_proxy_config(schema)
    changes: dict[str, Any] = {"default_config": proxy}
    address = read.get("mixer_address") if schema.rules.mixer_address_is_copied else None
    if address and not read.get("mixer_check_server") and not read.get("mixer_report_server"):
        changes.update(mixer_check_server=address, mixer_report_server=address)
    return read.replace(changes)


def _merge(data: Any, mesh: Message, schema: Schema) -> Message:
    proxy = mesh.get("default_config")
    read = _read(data, mesh.replace({"default_config": default_proxy_config(schema)}), schema)
    # only the camelCase spelling is looked for here: default_config is read above, and lost
    given = data.get("defaultConfig") if isinstance(data, Mapping) else None
    if given is not None:
        proxy = apply_proxy_config(given, proxy, schema)
    return _merge_providers(data, read.replace({"default_config": proxy}), mesh, schema)


def _merge_providers(data: Any, read: Message, mesh: Message, schema: Schema) -> Message:
    changes: dict[str, Any] = {}
    if schema.rules.merges_providers:
        changes["default_providers"] = _default_providers(data, mesh, schema)
        if read.get("extension_providers") is not mesh.get("extension_providers"):
            changes["extension_providers"] = _extension_providers(read, mesh)
    if schema.rules.unites_trust_domain_aliases:
        aliases = {*read.get("trust_domain_aliases", ()), *mesh.get("trust_domain_aliases", ())}
        changes["trust_domain_aliases"] = tuple(sorted(aliases))
    return read.replace(changes)


def _default_providers(data: Any, mesh: Message, schema: Schema) -> Message | None:
    base: Message | None = mesh.get("default_providers")
    given = data.get("defaultProviders") if isinstance(data, Mapping) else None
    if given is None or base is None:
        return base
    try:
        return read_message(given, base, schema)
    except MeshError as error:
        raise MeshError(f"could not parse default providers: {error}") from None


def _extension_providers(read: Message, mesh: Message) -> tuple[Message, ...]:
    merged: dict[str, Message] = {}
    for provider in (*mesh.get("extension_providers", ()), *read.get("extension_providers", ())):
        merged[provider.get("name", "")] = provider
    return tuple(merged.values())


def apply_proxy_config(data: Any, proxy: Message, schema: Schema) -> Message:
    """Return a ProxyConfig with decoded YAML laid over it, as the ``proxy.istio.io/config`` annotation is.

    Raises MeshError ``could not parse proxy config: …``.
    """
    try:
        read = read_message(data, proxy, schema)
    except MeshError as error:
        raise MeshError(f"could not parse proxy config: {error}") from None
    return _with_kept_parts(read, proxy, schema)


def lay_proxy_config(over: Message, proxy: Message, schema: Schema) -> Message:
    """Return a ProxyConfig with the fields of another one laid over it; empty lists and maps say nothing."""
    info = schema.proxy_config.by_name
    given = {name: value for name, value in over.fields.items() if value not in ((), {})}
    oneofs = {info[name].oneof for name in given} - {None}
    kept = {name: value for name, value in proxy.fields.items() if info[name].oneof not in oneofs}
    return _with_kept_parts(Message(proxy.name, {**kept, **given}), proxy, schema)


def _with_kept_parts(read: Message, proxy: Message, schema: Schema) -> Message:
    """Return a ProxyConfig that was laid over another one, with what the release keeps of the fields it replaces."""
    changes: dict[str, Any] = {}
    if schema.rules.merges_proxy_metadata and proxy.get("proxy_metadata") and "proxy_metadata" in read.fields:
        changes["proxy_metadata"] = {**proxy.get("proxy_metadata"), **read.get("proxy_metadata")}
    if schema.rules.keeps_proxy_headers:
        changes.update(_kept_headers(proxy.get("proxy_headers"), read.get("proxy_headers")))
    return read.replace(changes)


_KEPT_HEADERS = ("forwarded_client_cert", "request_id", "attempt_count", "server", "envoy_debug_headers")


def _kept_headers(old: Message | None, new: Message | None) -> dict[str, Message]:
    if old is None or new is None:
        return {}
    kept = {name: old.get(name) for name in _KEPT_HEADERS if name in old.fields and not new.get(name)}
    return {"proxy_headers": new.replace(kept)}


def clean_proxy_config(proxy: Message, schema: Schema, default: Message | None = None) -> Message:
    """Return a ProxyConfig without the fields that equal the built-in default: what protoToJSON prints."""
    default = default or default_proxy_config(schema)
    same = [name for name in schema.rules.cleaned_fields if proxy.get(name) == default.get(name)]
    if schema.rules.cleans_empty_metadata and not proxy.get("proxy_metadata"):
        same.append("proxy_metadata")
    return proxy.without(same)
