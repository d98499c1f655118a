"""The mesh messages of one release: which fields they have, in which order, of which types.

The facts of all releases are in ``tables/messages.json`` (``generator`` makes it); a Schema filters them for one
release, message by message when it is first asked for.
"""

from __future__ import annotations

import json
import os
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

from webhook.mesh.rules import Rules, rules_of
from webhook.mesh.versions import NEWEST_PATCH, Version, minor_of, parse_version

MESH_CONFIG: Final = "istio.mesh.v1alpha1.MeshConfig"
PROXY_CONFIG: Final = "istio.mesh.v1alpha1.ProxyConfig"
DURATION: Final = "google.protobuf.Duration"
STRUCT: Final = "google.protobuf.Struct"
WRAPPERS: Final = {
    "google.protobuf.BoolValue": "bool",
    "google.protobuf.Int32Value": "int32",
    "google.protobuf.Int64Value": "int64",
    "google.protobuf.UInt32Value": "uint32",
    "google.protobuf.UInt64Value": "uint64",
}
SCALARS: Final = frozenset({"bool", "double", "int32", "int64", "string", "uint32", "uint64"})


class FieldInfo(NamedTuple):
    """A field of a message at a release.

    ``type`` is a scalar or the full name of a message or enum (of a map: the type of its values, ``key`` that of its
    keys). ``label`` is ``single``, ``repeated``, ``map``, ``oneof`` (``oneof``: its name) or ``wrapper``.
    """

    name: str
    json: str
    go: str
    number: int
    type: str
    label: str
    oneof: str | None
    key: str | None


class MessageInfo(NamedTuple):
    """A message at a release: its fields in declaration order, and the Go names of its oneofs."""

    name: str
    go: str
    fields: tuple[FieldInfo, ...]
    oneofs: dict[str, str]
    by_name: dict[str, FieldInfo]

    def members(self, oneof: str) -> tuple[FieldInfo, ...]:
        """Return the fields of a oneof in declaration order."""
        return tuple(field for field in self.fields if field.oneof == oneof)


class EnumInfo(NamedTuple):
    """An enum at a release: numbers by name and names by number."""

    name: str
    go: str
    numbers: dict[str, int]
    names: dict[int, str]


@cache
def _table() -> dict[str, Any]:
    with open(f"{os.path.dirname(__file__)}/tables/messages.json", encoding="utf-8") as file:  # noqa: PTH123, PTH120 - pathlib and importlib.resources are slow to import
        text = file.read()
    return json.loads(text)  # type: ignore[no-any-return]


def _minor_key(minor: str) -> tuple[int, int]:
    major, number = minor.split(".")
    return int(major), int(number)


class Schema:
    """The messages and enums of one release, with the rules by which it reads them."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.rules: Rules = rules_of(version)
        self._minor = (version[0], version[1])
        self._messages: dict[str, MessageInfo] = {}
        self._enums: dict[str, EnumInfo] = {}

    def __repr__(self) -> str:
        return f"<Schema of Istio {'.'.join(map(str, self.version))}>"

    def message(self, name: str) -> MessageInfo:
        """Return a message by its full proto name; KeyError for one that no release has."""
        found = self._messages.get(name)
        if found is None:
            found = self._messages.setdefault(name, self._build_message(name))
        return found

    def enum(self, name: str) -> EnumInfo:
        """Return an enum by its full proto name; KeyError for one that no release has."""
        found = self._enums.get(name)
        if found is None:
            found = self._enums.setdefault(name, self._build_enum(name))
        return found

    def is_enum(self, name: str) -> bool:
        """Tell whether a type name is that of an enum."""
        return name in _table()["enums"]

    @cached_property
    def mesh_config(self) -> MessageInfo:
        """MeshConfig, the root of everything here."""
        return self.message(MESH_CONFIG)

    @cached_property
    def proxy_config(self) -> MessageInfo:
        """ProxyConfig of the mesh (not the Kubernetes resource of the same name)."""
        return self.message(PROXY_CONFIG)

    def _has(self, since: str, until: str | None, extra: dict[str, Any]) -> bool:
        if _minor_key(since) > self._minor or (until is not None and _minor_key(until) < self._minor):
            return False
        first_patch = extra.get("from_patch", {}).get(minor_of(self.version))
        return first_patch is None or parse_version(first_patch) <= self.version

    def _attribute(self, key: str, value: Any, extra: dict[str, Any]) -> Any:
        for entry in extra.get("was", ()):
            if key in entry and _minor_key(entry["until"]) >= self._minor:
                return entry[key]
        return value

    def _build_message(self, name: str) -> MessageInfo:
        facts = _table()["messages"][name]
        rows = [(row, row[7] if len(row) > 7 else {}) for row in facts["fields"]]
        found = [self._field(row, extra) for row, extra in rows if self._has(row[5], row[6], extra)]
        for at, order in _table()["orders"].get(name, {}).items():
            if self._minor < _minor_key(at):
                found.sort(key=lambda field: order.index(field.name) if field.name in order else len(order))
        return MessageInfo(name, facts["go"], tuple(found), facts["oneofs"], {field.name: field for field in found})

    def _field(self, row: list[Any], extra: dict[str, Any]) -> FieldInfo:
        name, go, number, type_, label = row[:5]
        head, *rest = name.split("_")
        json_name = extra.get("json") or head + "".join(part[:1].upper() + part[1:] for part in rest)
        return FieldInfo(
            name=name,
            json=json_name,
            go=go,
            number=self._attribute("number", number, extra),
            type=self._attribute("type", type_, extra),
            label=self._attribute("label", label, extra),
            oneof=self._attribute("oneof", extra.get("oneof"), extra),
            key=extra.get("key"),
        )

    def _build_enum(self, name: str) -> EnumInfo:
        facts = _table()["enums"][name]
        numbers: dict[str, int] = {}
        for value, number, first, last, *more in facts["values"]:
            extra = more[0] if more else {}
            if self._has(first, last, extra):
                numbers[value] = self._attribute("number", number, extra)
        names: dict[int, str] = {}
        for value, number in numbers.items():
            names.setdefault(number, value)
        return EnumInfo(name, facts["go"], numbers, names)


@cache
def _schema(version: Version) -> Schema:
    return Schema(version)


def schema_of(version: str | Version) -> Schema:
    """Return the schema of a release, named as ``1.20.8``, as ``1.20`` (its newest patch) or as a version tuple."""
    if isinstance(version, str):
        version = parse_version(version)
    return _schema(version)


NEWEST: Final[Version] = (1, 31, NEWEST_PATCH)
"""The newest release the tables know; later ones are read as this one."""
