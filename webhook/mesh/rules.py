"""How each release of Istio reads and writes mesh configuration: one frozen Rules value a release, one table behind it.

Whoever reads, layers or prints mesh configuration asks a Rules value and never compares versions.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any, Final, NamedTuple

from webhook.mesh.versions import Version, at, since, until


class Library(Enum):
    """The protobuf library of a release; it decides JSON details, error texts and how messages print."""

    GOLANG = "github.com/golang/protobuf over structs"
    GOGO = "github.com/gogo/protobuf"
    PROTOREFLECT = "github.com/golang/protobuf over protoreflect"


class Layering(Enum):
    """How a mesh file goes over the defaults."""

    REENCODE = "the file's defaultConfig is written out again and laid over the default one: explicit zeros are lost"
    MERGE = "the file's defaultConfig is applied to the default one field by field"


class Rules(NamedTuple):
    """What depends on the release in reading, layering, cleaning and printing mesh configuration."""

    library: Library
    """The protobuf library."""
    tolerates_unknown_fields: bool
    """A parse that fails is tried again with unknown fields allowed."""
    quotes_durations: bool
    """Errors of Go's time package quote the text they complain about (Go 1.15)."""
    short_escapes: bool
    """JSON strings write backspace and form feed in two characters (Go 1.22)."""
    layering: Layering
    """How defaultConfig of a mesh file meets the built-in one."""
    mixer_address_is_copied: bool
    """A mixerAddress alone also becomes mixerCheckServer and mixerReportServer."""
    merges_proxy_metadata: bool
    """proxyMetadata is merged key by key where a proxy configuration is laid over another."""
    keeps_proxy_headers: bool
    """proxyHeaders members that the upper layer does not name are kept."""
    effective_replaces_fields: bool
    """The layers of a pod's effective proxy configuration replace fields whole; before, they are merged part by part."""
    merges_providers: bool
    """defaultProviders is applied to the default one, extensionProviders are merged by name."""
    unites_trust_domain_aliases: bool
    """trustDomainAliases of the file and of the defaults are united and sorted."""
    cleaned_fields: tuple[str, ...]
    """Fields that protoToJSON leaves out of a ProxyConfig when they equal the built-in default."""
    cleans_empty_metadata: bool
    """protoToJSON leaves an empty proxyMetadata out as well."""
    splits_addresses_at_first_colon: bool
    """Addresses are split at the first colon and must name a DNS name or an IPv4 address."""
    checked_mesh_addresses: tuple[tuple[str, str], ...]
    """Addresses of MeshConfig that are checked: field and how a complaint begins."""
    checked_refresh_delays: tuple[tuple[str, str], ...]
    """Refresh delays of MeshConfig that are checked, and with them those of ProxyConfig; empty from 1.1 on."""
    checks_auth_policy: bool
    """MeshConfig.authPolicy must be NONE or MUTUAL_TLS."""
    checks_protocol_detection: bool
    """MeshConfig.protocolDetectionTimeout must have millisecond precision."""
    checks_parent_shutdown: bool
    """drainDuration and parentShutdownDuration are checked together."""
    checks_status_port: bool
    """ProxyConfig.statusPort must be a port; since then complaints about controlPlaneAuthPolicy say what they are about."""
    limits_drain_time: bool
    """drainDuration must not be longer than an hour."""
    longest_connect_timeout: int
    """How many seconds connectTimeout may be at most."""
    refuses_numeric_domains: bool
    """The last label of a domain name must not be a number."""
    single_finding_stands_alone: bool
    """What is found wrong with a MeshConfig is no list where it is one thing, and not one that was a list by itself."""
    checks_service_settings: bool
    """Hosts of MeshConfig.serviceSettings must be domain names."""
    checks_trust_domains: bool
    """Trust domain and its aliases must be domain names."""
    multierror_is_indented: bool
    """Lists of errors print with a tab before each item and end in an empty line."""


_CLEANED_1_6: Final = (
    "config_path", "binary_path", "service_cluster", "drain_duration", "parent_shutdown_duration",
    "discovery_address", "envoy_metrics_service", "envoy_access_log_service", "tracing", "proxy_admin_port",
    "stat_name_length", "status_port", "concurrency",
)  # fmt: skip
_CLEANED_1_7: Final = (*_CLEANED_1_6, "control_plane_auth_policy", "termination_drain_duration")
_CLEANED_1_17: Final = tuple(name for name in _CLEANED_1_7 if name != "parent_shutdown_duration")

_SERVERS: Final = (
    ("mixer_check_server", "invalid Policy Check Server address:"),
    ("mixer_report_server", "invalid Telemetry Server address:"),
)
_EGRESS: Final = (
    ("egress_proxy_address", "invalid egress proxy address:"),
    ("mixer_address", "invalid Mixer address:"),
)

TABLE: Final[dict[str, dict[str, Any]]] = {
    "library": {"0.5.0": Library.GOLANG, "1.1.0": Library.GOGO, "1.14.0": Library.PROTOREFLECT},
    "tolerates_unknown_fields": since("1.1.0"),
    "quotes_durations": since("1.8.0"),
    "short_escapes": since("1.22.0"),
    "layering": {"0.5.0": Layering.REENCODE, "1.8.0": Layering.MERGE},
    "mixer_address_is_copied": {"0.5.0": False, "0.6.0": True, "1.1.0": False},
    "merges_proxy_metadata": since("1.11.0", "1.10.3"),
    "keeps_proxy_headers": {"0.5.0": False, "1.19.1": True},
    "effective_replaces_fields": since("1.18.0", "1.16.4", "1.17.2"),
    "merges_providers": since("1.11.0"),
    "unites_trust_domain_aliases": since("1.10.0"),
    "cleaned_fields": {"0.5.0": (), "1.6.0": _CLEANED_1_6, "1.7.0": _CLEANED_1_7, "1.17.0": _CLEANED_1_17},
    "cleans_empty_metadata": since("1.9.0"),
    "splits_addresses_at_first_colon": until("0.7"),
    "checked_mesh_addresses": {"0.5.0": _EGRESS, "0.6.0": _SERVERS, "1.8.0": ()},
    "checked_refresh_delays": {
        "0.5.0": (("rds_refresh_delay", "invalid refresh delay:"),),
        "1.0.0": (
            ("rds_refresh_delay", "invalid rds refresh delay:"),
            ("sds_refresh_delay", "invalid sds refresh delay:"),
        ),
        "1.1.0": (),
    },
    "checks_auth_policy": until("1.0"),
    "checks_protocol_detection": since("1.6.0"),
    "checks_parent_shutdown": until("1.16"),
    "checks_status_port": since("1.13.0"),
    "limits_drain_time": until("1.21"),
    "longest_connect_timeout": {"0.5.0": 30, "1.22.0": 3600},
    "refuses_numeric_domains": since("1.4.0"),
    "single_finding_stands_alone": since("1.19.0"),
    "checks_service_settings": since("1.6.0"),
    "checks_trust_domains": since("1.8.0"),
    "multierror_is_indented": since("1.2.0"),
}
"""Feature to steps: first version to value."""


@cache
def rules_of(version: Version) -> Rules:
    """Return the rules of a release."""
    return Rules(**{name: at(TABLE[name], version) for name in Rules._fields})
