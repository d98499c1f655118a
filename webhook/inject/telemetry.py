"""OpenTelemetry's resource attributes of a pod, by the semantic conventions (since 1.30)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from webhook.mesh.messages import Message
from webhook.mesh.views import message_of

_PREFIX: Final = "resource.opentelemetry.io/"
_VERSION_LABEL: Final = "app.kubernetes.io/version"
OTEL_SEMANTIC_CONVENTIONS: Final = 1
"""The enum value of ServiceAttributeEnrichment that asks for this."""


def resource_attributes(
    mesh: Any, annotations: Mapping[str, str], labels: Mapping[str, str], namespace: str, containers: Any
) -> str:
    """Return ``service.namespace``, ``service.version`` and ``service.instance.id`` as a comma-separated list.

    Empty unless an OpenTelemetry provider of the mesh asks for them; an attribute nobody knows is left out.
    """
    message = message_of(mesh)
    if not isinstance(message, Message) or not _is_asked_for(message):
        return ""
    pod = [container.host or {} for container in containers]
    found = {
        "service.namespace": annotations.get(_PREFIX + "service.namespace") or namespace,
        "service.version": _version(annotations, labels, pod),
        "service.instance.id": _instance(annotations, namespace, pod),
    }
    return ",".join(f"{name}={value}" for name, value in found.items() if value)


def _is_asked_for(mesh: Message) -> bool:
    for provider in mesh.get("extension_providers", ()):
        settings = provider.get("opentelemetry")
        if settings is not None and settings.get("service_attribute_enrichment") == OTEL_SEMANTIC_CONVENTIONS:
            return True
    return False


def _version(annotations: Mapping[str, str], labels: Mapping[str, str], pod: list[dict[str, Any]]) -> str:
    given = annotations.get(_PREFIX + "service.version") or labels.get(_VERSION_LABEL)
    return given or (_image_version(pod[0].get("image", "")) if len(pod) == 1 else "")


def _image_version(image: str) -> str:
    """Return tag, digest, or both with an ``@``, of an image reference."""
    name, _, digest = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return "@".join(filter(None, (tag, digest)))


def _instance(annotations: Mapping[str, str], namespace: str, pod: list[dict[str, Any]]) -> str:
    given = annotations.get(_PREFIX + "service.instance.id")
    return given or (f"{namespace}.$(POD_NAME).{pod[0].get('name', '')}" if pod else "")
