"""Canonical values to the JSON that Go's json.Marshal writes for the struct, compiled to one closure a type.

The result is a dict in declaration order (maps sorted by key): fields without omitempty are there even when zero,
struct fields always (``resources: {}``, ``creationTimestamp: null``) unless ``omitzero``; empty values of omitempty
fields are left out. Parts that are complete already are returned as the same objects.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import is_not
from typing import Any, Final

from webhook.kube.gotypes import GoType, JsonField
from webhook.kube.opaque import zero_of

_LEFT_OUT: Final = object()
Encoder = Callable[[Any], Any]
Entry = tuple[int, Encoder | None, bool]
"""A field's place, its encoder (None: the value is the JSON already), and whether an empty value is left out."""


class Encoders:
    """The compiled encoders of one schema."""

    def __init__(self) -> None:
        self._known: dict[GoType, Encoder | None] = {}

    def get(self, go_type: GoType) -> Encoder | None:
        """Return the encoder of a type, None where the canonical value is the JSON already."""
        if go_type not in self._known:
            self._known[go_type] = self._compile(go_type)
        return self._known[go_type]

    def fields_of(self, go_type: GoType) -> tuple[dict[str, Entry], dict[str, Any]]:
        """Return the fields of a struct by JSON name, and the values of those that are there even when absent."""
        fields: dict[str, Entry] = {}
        required: dict[str, Any] = {}
        self._compile_fields(go_type, fields, required)
        return fields, required

    def _compile(self, go_type: GoType) -> Encoder | None:
        elem = go_type.elem
        match go_type.kind:
            case "struct":
                return self._struct(go_type)
            case "pointer" if elem is not None:
                return self.get(elem)
            case "slice" if elem is not None:
                return self._slice(elem)
            case "map" if elem is not None:
                return self._map(elem)
            case "opaque" if go_type.name == "meta/v1.Time":
                return lambda value: value or None
        return None

    def _slice(self, elem: GoType) -> Encoder | None:
        encode_item = self.get(elem)
        if encode_item is None:
            return None

        def encode(value: list[Any]) -> list[Any]:
            result = [None if item is None else encode_item(item) for item in value]
            return result if any(map(is_not, result, value)) else value

        return encode

    def _map(self, elem: GoType) -> Encoder:
        encode_item = self.get(elem)

        def encode(value: dict[str, Any]) -> dict[str, Any]:
            keys = list(value)
            ordered = sorted(keys)
            if encode_item is None:
                return value if keys == ordered else {key: value[key] for key in ordered}
            return {key: None if value[key] is None else encode_item(value[key]) for key in ordered}

        return encode

    def _struct(self, go_type: GoType) -> Encoder:
        fields: dict[str, Entry] = {}
        required: dict[str, Any] = {}
        places: dict[str, int] = {}

        def encode(value: dict[str, Any]) -> dict[str, Any]:
            if not fields:  # compiled at first use, so that recursive types end
                self._compile_fields(go_type, fields, required)
                places.update((name, entry[0]) for name, entry in fields.items())
            changes: dict[str, Any] = {}
            ordered = True
            last = -1
            for name, item in value.items():
                index, encode_item, omits = fields[name]
                if index < last:
                    ordered = False
                last = index
                if omits and not item:
                    changes[name] = _LEFT_OUT
                elif encode_item is not None and item is not None:
                    new = encode_item(item)
                    if new is not item:
                        changes[name] = new
            missing = required.keys() - value.keys()
            if ordered and not changes and not missing:
                return value
            result = {**value, **changes}
            result = {name: item for name, item in result.items() if item is not _LEFT_OUT}
            for name in required.keys() - result.keys():
                result[name], ordered = required[name], False
            return result if ordered else {name: result[name] for name in sorted(result, key=places.__getitem__)}

        return encode

    def _compile_fields(self, go_type: GoType, fields: dict[str, Entry], required: dict[str, Any]) -> None:
        for field in go_type.json_fields:
            fields[field.name] = field.index, self.get(field.field.type), _omits_empty(field)
            if not field.field.omitzero and (not field.field.omitempty or _is_struct(field.field.type)):
                required[field.name] = self._zero(field.field.type)

    def _zero(self, go_type: GoType) -> Any:
        encoder = self.get(go_type) if go_type.kind == "struct" else None
        return encoder({}) if encoder is not None else zero_of(go_type)


def _is_struct(go_type: GoType) -> bool:
    return go_type.kind in ("struct", "opaque")


def _omits_empty(field: JsonField) -> bool:
    """Tell whether an empty value in the canonical dict is left out.

    Never what a pointer points to, structs only with omitzero.
    """
    if field.field.type.kind == "pointer":
        return False
    if _is_struct(field.field.type):
        return field.field.omitzero
    return field.field.omitempty
