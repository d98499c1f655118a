"""Assignments to a mesh configuration, as upstream's tests make them to the Go struct: a dotted path and a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from webhook.mesh.mesh import Mesh
from webhook.mesh.messages import Message
from webhook.mesh.protojson import read_message
from webhook.mesh.schema import Schema


def assign_all(mesh: Mesh, settings: Mapping[str, Any]) -> Mesh:
    """Return the mesh with each path assigned; an assignment replaces the whole value, ``name[+]`` appends to a list."""
    message = mesh.message
    for path, value in settings.items():
        message = _assign(message, path.split("."), value, mesh.schema)
    return Mesh(mesh.schema, message)


def _assign(message: Message, path: list[str], value: Any, schema: Schema) -> Message:
    name, rest = path[0].removesuffix("[+]"), path[1:]
    field = next(field for field in schema.message(message.name).fields if field.json == name)
    former = message.get(field.name)
    if path[0].endswith("[+]"):
        read = read_message({name: [value]}, Message(message.name), schema)
        return message.replace({field.name: (*(former or ()), *read.get(field.name))})
    if not rest and value is None:
        return message.without([field.name])
    if not rest:
        return read_message({name: value}, message, schema)
    if field.label == "map":
        return message.replace({field.name: {**(former or {}), rest[0]: value}})
    return message.replace({field.name: _assign(former or Message(field.type), rest, value, schema)})


TEST_MODE: Final[Mapping[str, Any]] = {
    "defaultConfig.discoveryAddress": "istio-pilot:15010",
    "defaultConfig.concurrency": 0,
    "defaultConfig.tracing": None,
    "sdsUdsPath": "",
}
"""What the built-in mesh of 1.6 is in the test mode that tests of that release switch on."""


def in_test_mode(mesh: Mesh) -> Mesh:
    """Return the mesh with the values of the test mode of 1.6."""
    return assign_all(mesh, TEST_MODE)
