"""The typed reading of the values document: since 1.8 Istio also decodes it into its message Values, and refuses what does not fit.

Unknown members are passed over there. The table holds the members whose types are the same in every release from 1.8 to
1.31, so nothing is refused that some release takes; a member that the release does not know yet is simply not checked.
Source: the messages of Istio's values_types.proto.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from webhook.mesh.errors import MeshError
from webhook.mesh.messages import Message
from webhook.mesh.protojson import Reader
from webhook.mesh.schema import STRUCT, FieldInfo, MessageInfo, Schema
from webhook.mesh.versions import Version, parse_version

Table = Mapping[str, "str | Table"]
"""Members by name: a word for the type, or the table of an object's members.

``[]`` before a word makes it a list, ``{}`` a map of strings to that.
"""

_BOOL: Final = "google.protobuf.BoolValue"
_NO_MEMBERS: Final[Table] = {}
_LABELS: Final = {"[]": "repeated", "{}": "map"}

VALUES: Final[Table] = {
    "global": {
        "configValidation": _BOOL,
        "hub": "string",
        "imagePullPolicy": "string",
        "istioNamespace": "string",
        "logging": {"level": "string"},
        "meshNetworks": STRUCT,
        "multiCluster": {"enabled": _BOOL, "clusterName": "string"},
        "priorityClassName": "string",
        "proxy": {
            "autoInject": "string",
            "clusterDomain": "string",
            "componentLogLevel": "string",
            "enableCoreDump": _BOOL,
            "excludeInboundPorts": "string",
            "excludeIPRanges": "string",
            "image": "string",
            "includeIPRanges": "string",
            "logLevel": "string",
            "privileged": _BOOL,
            "readinessInitialDelaySeconds": "uint32",
            "readinessPeriodSeconds": "uint32",
            "readinessFailureThreshold": "uint32",
            "resources": {"limits": "{}string", "requests": "{}string"},
            "statusPort": "uint32",
            "excludeOutboundPorts": "string",
            "holdApplicationUntilProxyStarts": _BOOL,
        },
        "proxy_init": {"image": "string"},
        "sds": _NO_MEMBERS,
        "tracer": _NO_MEMBERS,
        "logAsJson": _BOOL,
        "imagePullSecrets": "[]string",
        "omitSidecarInjectorConfigMap": _BOOL,
        "network": "string",
        "operatorManageWebhooks": _BOOL,
        "podDNSSearchNamespaces": "[]string",
        "remotePilotAddress": "string",
        "meshID": "string",
        "istiod": {"enableAnalysis": _BOOL},
        "pilotCertProvider": "string",
        "jwtPolicy": "string",
        "sts": {"servicePort": "uint32"},
        "revision": "string",
        "mountMtlsCerts": _BOOL,
        "caAddress": "string",
    },
    "sidecarInjectorWebhook": {
        "enableNamespacesByDefault": _BOOL,
        "injectedAnnotations": STRUCT,
        "rewriteAppHTTPProbe": _BOOL,
    },
    "revision": "string",
}

_ROOT: Final = "Values"


class _ValuesSchema(Schema):
    """The messages of the table, read by the library of a release."""

    def message(self, name: str) -> MessageInfo:
        """Return the message at a dotted path of the table; the name of the root is ``Values``."""
        members: Any = VALUES
        for part in name.split(".")[1:]:
            members = members[part]
        fields = tuple(_field(name, key, kind) for key, kind in members.items())
        return MessageInfo(name, name.rpartition(".")[2], fields, {}, {field.name: field for field in fields})

    def is_enum(self, name: str) -> bool:
        """Tell that no member of the table is an enum."""
        del name
        return False


def _field(owner: str, name: str, kind: str | Table) -> FieldInfo:
    type_name = kind if isinstance(kind, str) else f"{owner}.{name}"
    shape, word = (type_name[:2], type_name[2:]) if type_name[:2] in _LABELS else ("", type_name)
    label = "wrapper" if word == _BOOL else _LABELS.get(shape, "single")
    return FieldInfo(name, name, name, 0, word, label, None, "string" if shape == "{}" else None)


@cache
def _reader(version: Version) -> Reader:
    return Reader(_ValuesSchema(version), allow_unknown=True)


def values_error(values: Mapping[str, Any], version: str) -> str | None:
    """Return what a release says of values that do not fit its message, None for values that do.

    values: the decoded document.
    """
    try:
        _reader(parse_version(version)).read(values, Message(_ROOT))
    except MeshError as error:
        return str(error)
    return None
