"""The difference of two canonical objects as ``jsondiff`` tells it of their JSON, at the cost of what differs.

    TypedDiff(schema, by_index=False).of("core/v1.Pod", old, new) == list(diff(encode(old), encode(new)))

Parts that are the same object on both sides are skipped without being encoded; what differs is encoded where it differs.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from webhook.kube.encode import Encoders
from webhook.kube.gotypes import GoType
from webhook.kube.jsondiff import Operation, aligned, diff, diff_by_index, joined, operation
from webhook.kube.schema import Schema

Json = dict[str, Any]
_ABSENT: Final[Any] = object()


class TypedDiff:
    """The differences of one schema's objects; ``by_index``: lists are compared place by place, as to 1.18."""

    def __init__(self, schema: Schema, *, by_index: bool) -> None:
        """Prepare; ``typed_diff`` caches what this builds."""
        self._schema = schema
        self._encoders: Encoders = schema.encoders
        self._by_index = by_index
        self._plain = diff_by_index if by_index else diff
        self._structs: dict[GoType, _Struct] = {}

    def of(self, type_name: str, old: Json, new: Json) -> list[Operation]:
        """Return the operations that turn one canonical object into another; their values are JSON."""
        out: list[Operation] = []
        self._struct(old, new, self._schema.type(type_name), "", out)
        return out

    def _struct(self, old: Json, new: Json, go_type: GoType, path: str, out: list[Operation]) -> None:
        struct = self._structs.get(go_type)
        if struct is None:
            struct = self._structs[go_type] = _Struct(go_type, self._encoders)
        changed = [key for key, value in new.items() if old.get(key, _ABSENT) is not value]
        if len(old) + len(changed) > len(new):
            changed += [key for key in old if key not in new]
        if len(changed) > 1:
            changed.sort(key=struct.places.__getitem__)
        gone = []
        for key in changed:
            elem = struct.nested.get(key)
            if elem is not None and struct.has(key, old) and struct.has(key, new):
                self._nested(old.get(key, {}), new.get(key, {}), elem, joined(path, key), out)
                continue
            before, after = struct.encoded(key, old), struct.encoded(key, new)
            if after is _ABSENT:
                if before is not _ABSENT:
                    gone.append(key)
            elif before is _ABSENT:
                out.append(operation("add", joined(path, key), after))
            else:
                out.extend(self._plain(before, after, joined(path, key)))
        out.extend({"op": "remove", "path": joined(path, key)} for key in gone)

    def _nested(self, old: Any, new: Any, go_type: GoType, path: str, out: list[Operation]) -> None:
        if go_type.kind == "struct":
            self._struct(old, new, go_type, path, out)
            return
        elem = go_type.elem
        if elem is None:
            raise TypeError(f"{go_type.name} has no element type")
        (self._places if self._by_index else self._items)(old, new, elem, path, out)

    def _items(self, original: list[Any], modified: list[Any], elem: GoType, path: str, out: list[Operation]) -> None:
        place = 0
        for old, new in aligned(original, modified):
            if new is None:
                out.append({"op": "remove", "path": f"{path}/{place}"})
                continue
            if old is None:
                out.append(operation("add", f"{path}/{place}", self._encode(elem, modified[new])))
            elif original[old] is not modified[new]:
                self._struct(original[old], modified[new], elem, f"{path}/{place}", out)
            place += 1

    def _places(self, original: list[Any], modified: list[Any], elem: GoType, path: str, out: list[Operation]) -> None:
        common = min(len(original), len(modified))
        for index in range(len(original) - 1, common - 1, -1):
            out.append({"op": "remove", "path": f"{path}/{index}"})
        for index in range(common, len(modified)):
            out.append(operation("add", f"{path}/{index}", self._encode(elem, modified[index])))
        for index in range(common):
            if original[index] is not modified[index]:
                self._struct(original[index], modified[index], elem, f"{path}/{index}", out)

    def _encode(self, go_type: GoType, value: Any) -> Any:
        encoder = self._encoders.get(go_type)
        return value if encoder is None or value is None else encoder(value)


class _Struct:
    """A struct's fields: their places, how they are encoded, and which may be compared without that.

    ``nested``: structs, pointers to them and lists of them, by the type that ``TypedDiff`` goes on with.
    """

    __slots__ = ("_entries", "_required", "nested", "places")

    def __init__(self, go_type: GoType, encoders: Encoders) -> None:
        self._entries, self._required = encoders.fields_of(go_type)
        self.places = {name: entry[0] for name, entry in self._entries.items()}
        found = ((field.name, _target(field.field.type)) for field in go_type.json_fields)
        self.nested = {name: target for name, target in found if target is not None}

    def has(self, key: str, value: Json) -> bool:
        """Tell whether the field is there when the struct is encoded, and is not null."""
        if key not in value:
            return self._required.get(key) is not None
        return not self._entries[key][2] or bool(value[key])

    def encoded(self, key: str, value: Json) -> Any:
        """Return the field as it is encoded."""
        if key not in value:
            return self._required.get(key, _ABSENT)
        _, encoder, omits = self._entries[key]
        item = value[key]
        if omits and not item:
            return self._required.get(key, _ABSENT)
        return item if encoder is None or item is None else encoder(item)


def _target(go_type: GoType) -> GoType | None:
    if go_type.kind == "pointer" and go_type.elem is not None and go_type.elem.kind == "struct":
        return go_type.elem
    if go_type.kind == "slice" and go_type.elem is not None and go_type.elem.kind == "struct":
        return go_type
    return go_type if go_type.kind == "struct" else None


@cache
def typed_diff(schema: Schema, *, by_index: bool) -> TypedDiff:
    """Return the differences of a schema's objects."""
    return TypedDiff(schema, by_index=by_index)
