"""Applying a JSON Patch (RFC 6902): the operations add, replace and remove, which are all that injectors write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class PatchError(ValueError):
    """An operation cannot be applied: its place is not there."""


def apply_patch(document: Any, operations: Iterable[Mapping[str, Any]]) -> Any:
    """Return the document after the operations; the argument is not changed, parts that stay are shared.

    Raises:
        PatchError: an operation's path leads nowhere, or its kind is unknown.
    """
    for operation in operations:
        keys = [key.replace("~1", "/").replace("~0", "~") for key in operation["path"].split("/")[1:]]
        document = _applied(document, keys, operation)
    return document


def _applied(node: Any, keys: list[str], operation: Mapping[str, Any]) -> Any:
    if not keys:
        return operation.get("value")
    if isinstance(node, list):
        return _in_list(node, keys, operation)
    if not isinstance(node, dict):
        raise PatchError(f"{operation['op']} {operation['path']}: {keys[0]!r} of a scalar")
    key, rest = keys[0], keys[1:]
    if (rest or operation["op"] != "add") and key not in node:
        raise PatchError(f"{operation['op']} {operation['path']}: there is no {key!r}")
    if rest:
        return {**node, key: _applied(node[key], rest, operation)}
    if operation["op"] == "remove":
        return {name: value for name, value in node.items() if name != key}
    return {**node, key: operation.get("value")}


def _in_list(node: list[Any], keys: list[str], operation: Mapping[str, Any]) -> list[Any]:
    rest, adds = keys[1:], operation["op"] == "add" and len(keys) == 1
    index = len(node) if keys[0] == "-" else int(keys[0]) if keys[0].isdigit() else -1
    if not 0 <= index < len(node) + adds:
        raise PatchError(f"{operation['op']} {operation['path']}: there is no item {keys[0]!r}")
    if rest:
        return [*node[:index], _applied(node[index], rest, operation), *node[index + 1 :]]
    if adds:
        return [*node[:index], operation.get("value"), *node[index:]]
    replaced = [] if operation["op"] == "remove" else [operation.get("value")]
    return [*node[:index], *replaced, *node[index + 1 :]]
