"""The mesh configuration in force: one immutable value with the views that templates see of it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from gotemplate.values import Pointer
from webhook.mesh.defaults import default_mesh_config, default_proxy_config
from webhook.mesh.layering import apply_mesh_config, apply_proxy_config
from webhook.mesh.messages import Message
from webhook.mesh.protojson import write_message
from webhook.mesh.schema import PROXY_CONFIG, Schema, schema_of
from webhook.mesh.validation import check_proxy_config
from webhook.mesh.views import views_of


class Mesh:
    """A MeshConfig at a release, as data (``message``) and as Go values (``view``, ``default_config_view``)."""

    def __init__(self, schema: Schema, message: Message) -> None:
        self.schema = schema
        self.message = message

    @cached_property
    def proxy(self) -> Message:
        """The mesh's default ProxyConfig."""
        found: Message | None = self.message.get("default_config")
        return Message(PROXY_CONFIG) if found is None else found

    @cached_property
    def view(self) -> Pointer:
        """The MeshConfig as templates see it."""
        return views_of(self.schema).view(self.message)

    @cached_property
    def default_config_view(self) -> Pointer:
        """The default ProxyConfig as templates see it."""
        return views_of(self.schema).view(self.message.get("default_config"), PROXY_CONFIG)

    @cached_property
    def json(self) -> str:
        """The MeshConfig as the release's JSON."""
        return write_message(self.message, self.schema)

    def proxy_view(self, proxy: Message) -> Pointer:
        """Return a ProxyConfig as templates see it."""
        return views_of(self.schema).view(proxy)

    def with_proxy(self, data: Any) -> Mesh:
        """Return the mesh with decoded YAML laid over its default ProxyConfig: what the pod annotation does.

        Raises MeshError ``could not parse proxy config: …``.
        """
        proxy = apply_proxy_config(data, self.proxy, self.schema)
        return Mesh(self.schema, self.message.replace({"default_config": proxy}))


def default_mesh(version: str) -> Mesh:
    """Return the mesh of a release that nobody configured."""
    schema = schema_of(version)
    return Mesh(schema, default_mesh_config(schema))


def read_mesh(data: Any, version: str) -> Mesh:
    """Return the mesh of a decoded mesh file, laid over the release's defaults and checked.

    Raises MeshError with the release's text.
    """
    schema = schema_of(version)
    return Mesh(schema, apply_mesh_config(data, schema))


def check_proxy_annotation(data: Any, version: str) -> str | None:
    """Return what a release finds wrong with the value of a proxy configuration annotation, or None.

    The value is laid over the built-in ProxyConfig. Raises MeshError where it cannot be read.
    """
    schema = schema_of(version)
    return check_proxy_config(apply_proxy_config(data, default_proxy_config(schema), schema), schema)
