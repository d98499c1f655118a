"""What a release demands of mesh and proxy configuration before it accepts them, with its error texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from webhook.mesh.connection_validation import connection_findings, default_policy_findings, duration_problem
from webhook.mesh.durations import duration_string
from webhook.mesh.errors import multierror_text
from webhook.mesh.messages import Duration, Message
from webhook.mesh.rules import Library
from webhook.mesh.schema import Schema
from webhook.mesh.traffic_validation import (
    key_provider_findings,
    locality_findings,
    mesh_tls_findings,
    tls_findings,
    zone_aware_findings,
)

_MILLISECOND = 1_000_000
_SECOND = 1_000_000_000
_HOUR = 3600 * _SECOND
_LABEL = r"[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?"
_OLD_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_WILDCARD_LABEL = r"\*|(\*|\*-)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?"


def check_mesh_config(mesh: Message, schema: Schema) -> str | None:
    """Return what is wrong with a MeshConfig, as the release words it, or None."""
    findings = list(_mesh_findings(mesh, schema))
    if len(findings) == 1 and schema.rules.single_finding_stands_alone and not any(_lists(mesh, schema)):
        return findings[0]
    return _worded(findings, schema)


def _lists(mesh: Message, schema: Schema) -> Iterator[str]:
    """Yield the findings that come as lists of their own, and stay one with a single item."""
    yield from _proxy_findings(mesh.get("default_config") or Message(""), schema)
    yield from _service_settings(mesh, schema)
    yield from _trust_domains(mesh)
    yield from mesh_tls_findings(mesh)


def check_proxy_config(proxy: Message, schema: Schema) -> str | None:
    """Return what is wrong with a ProxyConfig, as the release words it, or None."""
    findings = list(_proxy_findings(proxy, schema))
    return multierror_text(findings, indented=schema.rules.multierror_is_indented) if findings else None


def _worded(findings: list[str], schema: Schema) -> str | None:
    if not findings:
        return None
    return multierror_text(findings, indented=schema.rules.multierror_is_indented)


def _prefixed(prefix: str, findings: Iterator[str]) -> Iterator[str]:
    return (f"{prefix} {finding}" for finding in findings)


def _mesh_findings(mesh: Message, schema: Schema) -> Iterator[str]:
    for name, prefix in schema.rules.checked_mesh_addresses:
        if mesh.get(name):
            yield from _prefixed(prefix, _address(mesh.get(name), schema))
    yield from _prefixed("invalid proxy listen port:", _port(mesh.get("proxy_listen_port", 0)))
    yield from _prefixed("invalid connect timeout:", _connect_timeout(mesh.get("connect_timeout"), schema))
    if schema.rules.checks_auth_policy and mesh.get("auth_policy", 0) not in (0, 1):
        yield f'unrecognized auth policy "{_enum(mesh, "auth_policy", schema)}"'
    for name, prefix in schema.rules.checked_refresh_delays:
        yield from _prefixed(prefix, _refresh_delay(mesh.get(name), schema))
    if schema.rules.checks_protocol_detection:
        yield from _prefixed("invalid protocol detection timeout:", _detection(mesh, schema))
    proxy = mesh.get("default_config")
    yield from ["missing default config"] if proxy is None else _proxy_findings(proxy, schema)
    yield from locality_findings(mesh.get("locality_lb_setting"))
    yield from zone_aware_findings(mesh.get("zone_aware_lb_setting"))
    if schema.rules.checks_service_settings:
        yield from _service_settings(mesh, schema)
    if schema.rules.checks_trust_domains:
        yield from _trust_domains(mesh)
    yield from mesh_tls_findings(mesh)
    yield from default_policy_findings(mesh.get("default_traffic_policy"))


def _proxy_findings(proxy: Message, schema: Schema) -> Iterator[str]:
    for name, words in (("config_path", "config path"), ("binary_path", "binary path")):
        if not proxy.get(name):
            yield f"{words} must be set"
    yield from _cluster_name(proxy, schema)
    yield from _drain(proxy, schema)
    if schema.rules.checked_refresh_delays:
        yield from _prefixed("invalid refresh delay:", _refresh_delay(proxy.get("discovery_refresh_delay"), schema))
    yield from _discovery(proxy, schema)
    if schema.rules.checked_refresh_delays:
        yield from _prefixed("invalid connect timeout:", _connect_timeout(proxy.get("connect_timeout"), schema))
    yield from _tracers(proxy, schema)
    tracing = proxy.get("tracing") or Message("")
    yield from _prefixed("invalid tracing TLS config:", tls_findings(tracing.get("tls_settings"), schema))
    yield from _sinks(proxy, schema)
    yield from _prefixed("invalid proxy admin port:", _port(proxy.get("proxy_admin_port", 0)))
    if proxy.get("control_plane_auth_policy", 0) not in (0, 1):
        prefix = "invalid authentication policy: " if schema.rules.checks_status_port else ""
        yield f'{prefix}unrecognized control plane auth policy "{_enum(proxy, "control_plane_auth_policy", schema)}"'
    if schema.rules.checks_status_port:
        yield from _prefixed("invalid status port:", _port(proxy.get("status_port", 0)))
    findings = key_provider_findings(proxy.get("private_key_provider"))
    yield from _prefixed("invalid private key provider configuration:", findings)
    yield from _prefixed("invalid connection settings:", connection_findings(proxy.get("connection_settings")))


def _cluster_name(proxy: Message, schema: Schema) -> Iterator[str]:
    if "tracing_service_name" not in schema.message(proxy.name).by_name:
        if not proxy.get("service_cluster"):
            yield "service cluster must be set"
    elif proxy.get("service_cluster") == "":  # a oneof since 1.13: the empty name is a choice, and a wrong one
        yield "service cluster must be specified"
    elif "service_cluster" not in proxy.fields and "tracing_service_name" not in proxy.fields:
        yield "oneof service cluster or tracing service name must be specified"


def _discovery(proxy: Message, schema: Schema) -> Iterator[str]:
    address = proxy.get("discovery_address", "")
    if not address:
        yield "discovery address must be set to the proxy discovery service"
    else:
        yield from _prefixed("invalid discovery address:", _address(address, schema))
    if proxy.get("zipkin_address") and schema.rules.checked_refresh_delays:
        yield from _prefixed("invalid zipkin address:", _address(proxy.get("zipkin_address"), schema))


def _tracers(proxy: Message, schema: Schema) -> Iterator[str]:
    tracing = proxy.get("tracing") or Message("")
    lightstep, zipkin, datadog = (tracing.get(name) for name in ("lightstep", "zipkin", "datadog"))
    if lightstep is not None:
        if not lightstep.get("address"):
            yield "invalid lightstep config: address is required"
        prefix = "invalid lightstep config: invalid lightstep address:"
        yield from _prefixed(prefix, _address(lightstep.get("address", ""), schema))
        if not lightstep.get("access_token"):
            yield "invalid lightstep config: access token is required"
    if zipkin is not None:
        yield from _prefixed("invalid zipkin config:", _address(zipkin.get("address", ""), schema))
    if datadog is not None:
        address = datadog.get("address", "").replace("$(HOST_IP)", "127.0.0.1", 1)
        yield from _prefixed("invalid datadog config:", _address(address, schema))


def _sinks(proxy: Message, schema: Schema) -> Iterator[str]:
    address = proxy.get("statsd_udp_address")
    if address:
        shown = "" if schema.rules.splits_addresses_at_first_colon else f" {json.dumps(address, ensure_ascii=False)}"
        yield from _prefixed(f"invalid statsd udp address{shown}:", _address(address, schema))
    services = (
        (proxy.get("envoy_metrics_service_address"), "metrics service"),
        ((proxy.get("envoy_metrics_service") or Message("")).get("address"), "metrics service"),
        ((proxy.get("envoy_access_log_service") or Message("")).get("address"), "access log service"),
    )
    for service, words in services:
        if service:
            shown = json.dumps(service, ensure_ascii=False)
            yield from _prefixed(f"invalid envoy {words} address {shown}:", _address(service, schema))


def _enum(message: Message, name: str, schema: Schema) -> str:
    field = schema.message(message.name).by_name[name]
    value = message.get(name, 0)
    return schema.enum(field.type).names.get(value, str(value))


def _port(port: int) -> Iterator[str]:
    if not 1 <= port <= 65535:
        yield f"port number {port} must be in the range 1..65535"


def _address(address: str, schema: Schema) -> Iterator[str]:
    if schema.rules.splits_addresses_at_first_colon:
        return _old_address(address)
    return _host_and_port(address, schema)


def _atoi_error(text: str) -> str | None:
    if re.fullmatch(r"[-+]?[0-9]+", text) is None:
        return f"strconv.Atoi: parsing {json.dumps(text, ensure_ascii=False)}: invalid syntax"
    if not -(2**63) <= int(text) < 2**63:
        return f"strconv.Atoi: parsing {json.dumps(text)}: value out of range"
    return None


def _old_address(address: str) -> Iterator[str]:
    host, colon, port = address.partition(":")
    shown = json.dumps(address, ensure_ascii=False)
    if not colon:
        yield f"':' separator not found in {shown}, host address must be of the form <DNS name>:<port> or <IP>:<port>"
        return
    error = _atoi_error(port)
    if error:
        yield error
        return
    bad = list(_port(int(port)))
    if bad or _is_domain(host, _OLD_LABEL) or _is_ip(host, version=4):
        yield from bad
        return
    yield f"{json.dumps(host, ensure_ascii=False)} is not a valid hostname or an IPv4 address"


def _host_and_port(address: str, schema: Schema) -> Iterator[str]:
    shown = json.dumps(address, ensure_ascii=False)
    parts = _split(address)
    if isinstance(parts, str):
        yield f"unable to split {shown}: {parts}"
        return
    host, port = parts
    error = _atoi_error(port)
    if error:
        yield f"port ({port}) is not a number: {error}"
        return
    bad = list(_port(int(port)))
    numeric = _is_numeric(host.rpartition(".")[2], schema)
    if bad or (_is_domain(host, _LABEL) and not numeric) or _is_ip(host):
        yield from bad
        return
    yield f"{json.dumps(host, ensure_ascii=False)} is not a valid hostname or an IP address"


def _split(address: str) -> tuple[str, str] | str:
    """Return host and port as Go's net.SplitHostPort does, or its complaint."""
    parts = _split_or_problem(address)
    return parts if isinstance(parts, tuple) or not address else f"address {address}: {parts}"


def _split_or_problem(address: str) -> tuple[str, str] | str:
    head, colon, port = address.rpartition(":")
    if not colon:
        return "missing port in address"
    if address.startswith("["):
        end = address.find("]")
        if end < 0:
            return "missing ']' in address"
        if end + 1 == len(address) or (end + 1 != len(head) and address[end + 1] != ":"):
            return "missing port in address"
        if end + 1 != len(head):
            return "too many colons in address"
        host, rest = address[1:end], address[end + 1 :]
    else:
        host, rest = head, address
        if ":" in head:
            return "too many colons in address"
    for bracket, where in (("[", host if address.startswith("[") else address), ("]", rest)):
        if bracket in where:
            return f"unexpected '{bracket}' in address"
    return host, port


def _is_numeric(label: str, schema: Schema) -> bool:
    return schema.rules.refuses_numeric_domains and _atoi_error(label) is None


def _is_domain(name: str, label: str) -> bool:
    parts = name.split(".")
    if label is _LABEL and len(parts) > 1 and not parts[-1]:
        parts.pop()  # an unambiguous name such as istio.io.
    return 0 < len(name) <= 255 and all(len(part) <= 63 and re.fullmatch(label, part) for part in parts)


def _is_ip(text: str, *, version: int | None = None) -> bool:
    import ipaddress  # most meshes name no address

    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return version is None or address.version == version


def _duration(value: Duration | None, schema: Schema) -> Iterator[str]:
    if value is None and schema.rules.library is not Library.PROTOREFLECT:
        yield "duration: nil Duration"
        return
    problem = duration_problem(value.nanoseconds if value else 0)
    if problem is not None:
        yield problem


def _range(value: Duration | None, low: int, high: int, schema: Schema) -> Iterator[str]:
    bad = list(_duration(value, schema))
    if not bad and value is not None and not low <= value.nanoseconds <= high:
        shown = (duration_string(nanoseconds) for nanoseconds in (value.nanoseconds, low, high))
        bad = ["time {} must be >{} and <{}".format(*shown)]
    return iter(bad)


def _connect_timeout(value: Duration | None, schema: Schema) -> Iterator[str]:
    return _range(value, _MILLISECOND, schema.rules.longest_connect_timeout * _SECOND, schema)


def _refresh_delay(value: Duration | None, schema: Schema) -> Iterator[str]:
    return _range(value, _SECOND, 600 * _SECOND, schema)


def _detection(mesh: Message, schema: Schema) -> Iterator[str]:
    value: Duration | None = mesh.get("protocol_detection_timeout")
    if value is None and schema.rules.library is not Library.PROTOREFLECT:
        yield "duration: nil Duration"
    elif value is not None and value.nanoseconds % _MILLISECOND:
        yield "only durations to ms precision are supported"


def _drain(proxy: Message, schema: Schema) -> Iterator[str]:
    drain, parent = proxy.get("drain_duration"), proxy.get("parent_shutdown_duration")
    paired = schema.rules.checks_parent_shutdown
    combination = "invalid parent and drain time combination"
    head = f"{combination} invalid drain duration:" if paired else "invalid drain duration:"
    bad = list(_prefixed(head, _duration(drain, schema)))
    if paired:
        bad += _prefixed(f"{combination} invalid parent shutdown duration:", _duration(parent, schema))
    if bad:
        yield from bad
        return
    if paired:
        yield from _prefixed(combination, _parent_and_drain(drain.nanoseconds, parent.nanoseconds))
    else:
        yield from _drain_alone(drain.nanoseconds, schema)


def _drain_alone(drain: int, schema: Schema) -> Iterator[str]:
    if drain % _SECOND:
        yield "drain time only supports durations to seconds precision"
    if drain > _HOUR and schema.rules.limits_drain_time:
        yield f"drain time {duration_string(drain)} must be <1h0m0s"


def _parent_and_drain(drain: int, parent: int) -> Iterator[str]:
    if drain % _SECOND:
        yield "drain time only supports durations to seconds precision"
    if parent % _SECOND:
        yield "parent shutdown time only supports durations to seconds precision"
    if parent <= drain:
        words = "parent shutdown time {} must be greater than drain time {}"
        yield words.format(duration_string(parent), duration_string(drain))
    if drain > _HOUR:
        yield f"drain time {duration_string(drain)} must be <1h0m0s"
    if parent > _HOUR:
        yield f"parent shutdown time {duration_string(parent)} must be <1h0m0s"


def _service_settings(mesh: Message, schema: Schema) -> Iterator[str]:
    for at, settings in enumerate(mesh.get("service_settings", ())):
        for host in settings.get("hosts", ()):
            error = _wildcard_domain(host, schema)
            if error:
                yield f"serviceSettings[{at}], host `{host}`: {error}"


def _wildcard_domain(name: str, schema: Schema) -> str | None:
    shown = json.dumps(name, ensure_ascii=False)
    if len(name) > 255:
        return f"domain name {shown} too long (max 255)"
    if not name:
        return "empty domain name not allowed"
    first, _, rest = name.partition(".")
    if len(first) > 63 or re.fullmatch(_WILDCARD_LABEL, first) is None:
        return f"domain name {shown} invalid (label {json.dumps(first, ensure_ascii=False)} invalid)"
    labels = rest.split(".") if "." in name else []
    if labels and _is_numeric(labels[-1], schema):
        top = json.dumps(labels[-1])
        return (
            f"domain name {json.dumps(rest, ensure_ascii=False)} invalid (top level domain {top} cannot be all-numeric)"
        )
    if len(labels) > 1 and not labels[-1]:
        labels.pop()
    bad = next((part for part in labels if len(part) > 63 or re.fullmatch(_LABEL, part) is None), None)
    if bad is None:
        return None
    return f"domain name {json.dumps(rest, ensure_ascii=False)} invalid (label {json.dumps(bad)} invalid)"


def _trust_domain(name: str) -> str | None:
    if not name:
        return "empty domain name not allowed"
    labels = name.split(".")
    if not labels[-1]:
        labels.pop()
    if all(len(part) <= 63 and re.fullmatch(_LABEL, part) for part in labels):
        return None
    return f"trust domain name {json.dumps(name, ensure_ascii=False)} invalid"


def _trust_domains(mesh: Message) -> Iterator[str]:
    error = _trust_domain(mesh.get("trust_domain", ""))
    if error:
        yield f"trustDomain: {error}"
    for at, alias in enumerate(mesh.get("trust_domain_aliases", ())):
        error = _trust_domain(alias)
        if error:
            yield f"trustDomainAliases[{at}], domain `{alias}` : {error}"
