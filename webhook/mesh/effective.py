"""The proxy configuration that is in effect for a pod: defaults, mesh, ProxyConfig resources and the pod's annotation, merged.

This is what the webhook does from Istio 1.13 on; kube-inject, and the webhook before, lay the annotation over the
mesh instead (``layering``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from webhook.mesh.defaults import default_proxy_config
from webhook.mesh.errors import MeshError
from webhook.mesh.layering import lay_proxy_config
from webhook.mesh.merging import merge_messages
from webhook.mesh.mesh import Mesh
from webhook.mesh.messages import Message
from webhook.mesh.protojson import read_message
from webhook.mesh.schema import PROXY_CONFIG, Schema

RESOURCE: Final = "istio.networking.v1beta1.ProxyConfig"
_TAKEN: Final = (("concurrency", "concurrency"), ("environment_variables", "proxy_metadata"), ("image", "image"))
"""Fields of the resource and of the mesh message they become."""
_REPLACED: Final = ("concurrency", "image")
"""Fields that the upper layer replaces whole where the others are merged, although proto.Merge would not."""


class ProxyConfigResource(NamedTuple):
    """A ProxyConfig resource of the cluster: where it is, which pods it selects (None: all of the namespace), what it says."""

    namespace: str
    config: Message
    selector: Mapping[str, str] | None = None


class Target(NamedTuple):
    """What decides which proxy configuration a pod gets. ``annotation`` is decoded YAML, None where the pod has none."""

    namespace: str = ""
    labels: Mapping[str, str] = MappingProxyType({})
    annotation: Any = None


def read_resource(spec: Any, namespace: str, schema: Schema) -> ProxyConfigResource:
    """Return a ProxyConfig resource from the ``spec`` of the Kubernetes object.

    Raises MeshError for what the release cannot read.
    """
    message = read_message(spec or {}, Message(RESOURCE), schema)
    selector = message.get("selector")
    return ProxyConfigResource(namespace, message, None if selector is None else selector.get("match_labels", {}))


def effective_proxy_config(mesh: Mesh, target: Target, resources: Iterable[ProxyConfigResource] = ()) -> Message:
    """Return the proxy configuration in effect for a pod.

    Ascending: built-in defaults, mesh, the resource of the root namespace, that of the pod's namespace, the
    annotation, a resource that selects the pod. Of several resources at one level the first counts: give them oldest
    first. An annotation that cannot be read is left out here; the check of annotations reports it.
    """
    schema = mesh.schema
    found = list(resources)
    root = mesh.message.get("root_namespace", "")
    layers = [mesh.proxy, _of_namespace(found, root) if root else Message(PROXY_CONFIG)]
    if target.namespace != root:
        layers.append(_of_namespace(found, target.namespace))
    layers.append(_annotation(target.annotation, schema))
    layers.append(_of_workload(found, target))
    lay = _replace if schema.rules.effective_replaces_fields else _merge
    effective = default_proxy_config(schema)
    for layer in layers:
        effective = lay(effective, layer, schema)
    return effective


def _replace(base: Message, over: Message, schema: Schema) -> Message:
    return lay_proxy_config(over, base, schema) if over.fields else base


def _merge(base: Message, over: Message, schema: Schema) -> Message:
    replaced = {name: over.fields[name] for name in _REPLACED if name in over.fields}
    return merge_messages(base, over, schema).replace(replaced)


def _annotation(data: Any, schema: Schema) -> Message:
    try:
        return read_message(data, Message(PROXY_CONFIG), schema)
    except MeshError:
        return Message(PROXY_CONFIG)


def _of_namespace(resources: list[ProxyConfigResource], namespace: str) -> Message:
    fitting = (item for item in resources if item.namespace == namespace and item.selector is None)
    return _as_mesh_message(next(fitting, None))


def _of_workload(resources: list[ProxyConfigResource], target: Target) -> Message:
    fitting = (
        item
        for item in resources
        if item.namespace == target.namespace and item.selector and item.selector.items() <= target.labels.items()
    )
    return _as_mesh_message(next(fitting, None))


def _as_mesh_message(resource: ProxyConfigResource | None) -> Message:
    fields = {} if resource is None else resource.config.fields
    return Message(PROXY_CONFIG, {there: fields[here] for here, there in _TAKEN if here in fields})
