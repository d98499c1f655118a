"""The difference of two canonical objects as ``jsondiff`` tells it of their JSON, at the cost of what differs.

    TypedDiff(schema, by_index=False).of("core/v1.Pod", old, new) == list(diff(encode(old), encode(new)))

Parts that are the same object on both sides are skipped without being encoded; what differs is encoded where it differs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final

from webhook.kube.encode import Encoders
from webhook.kube.gotypes import GoType
from webhook.kube.jsondiff import Operation, aligned, diff, diff_by_index, joined, operation
from webhook.kube.schema import Schema

Json = dict[str, Any]
ABSENT: Final[Any] = object()
NOTHING: Final[Mapping[int, Any]] = {}


class TypedDiff:
    """The differences of one schema's objects; ``by_index``: lists are compared place by place, as to 1.18."""

    def __init__(self, schema: Schema, *, by_index: bool) -> None:
        """Prepare; ``typed_diff`` caches what this builds."""
        self._schema = schema
        self.encoders: Encoders = schema.encoders
        self.by_index = by_index
        self.plain = diff_by_index if by_index else diff
        self._structs: dict[GoType, Struct] = {}

    def of(self, type_name: str, old: Json, new: Json, known: Mapping[int, Any] = NOTHING) -> list[Operation]:
        """Return the operations that turn one canonical object into another; their values are JSON.

        known: the JSON of parts by their identity, as ``note`` collects it.
        """
        walk = _Walk(self, known)
        walk.struct(old, new, self._schema.type(type_name), "")
        return walk.out

    def note(self, type_name: str, value: Json, fixed: Collection[int]) -> dict[int, Any]:
        """Return the JSON of the parts of a canonical object that ``fixed`` names by identity; somebody has to keep these."""
        known: dict[int, Any] = {}
        self._note(value, self._schema.type(type_name), fixed, known)
        return known

    def _note(self, value: Any, go_type: GoType, fixed: Collection[int], known: dict[int, Any]) -> None:
        if id(value) in fixed:
            encoder = self.encoders.get(go_type)
            known[id(value)] = value if encoder is None else encoder(value)
        if go_type.kind == "slice" and go_type.elem is not None:
            for item in value:
                self._note(item, go_type.elem, fixed, known)
        elif go_type.kind == "struct":
            nested = self.struct(go_type).nested
            for key, item in value.items():
                if key in nested:
                    self._note(item, nested[key], fixed, known)

    def struct(self, go_type: GoType) -> Struct:
        """Return what is known of a struct type."""
        found = self._structs.get(go_type)
        if found is None:
            found = self._structs[go_type] = Struct(go_type, self.encoders)
        return found


class _Walk:
    """One comparison: the operations so far, and the JSON of parts that is known."""

    __slots__ = ("_diff", "_known", "out")

    def __init__(self, diff_: TypedDiff, known: Mapping[int, Any]) -> None:
        self._diff = diff_
        self._known = known
        self.out: list[Operation] = []

    def struct(self, old: Json, new: Json, go_type: GoType, path: str) -> None:
        struct = self._diff.struct(go_type)
        changed = [key for key, value in new.items() if old.get(key, ABSENT) is not value]
        if len(old) + len(changed) > len(new):
            changed += [key for key in old if key not in new]
        if len(changed) > 1:
            changed.sort(key=struct.places.__getitem__)
        gone = []
        for key in changed:
            elem = struct.nested.get(key)
            if elem is not None and struct.has(key, old) and struct.has(key, new):
                self._nested(old.get(key, {}), new.get(key, {}), elem, joined(path, key))
                continue
            before = struct.encoded(key, old)
            is_nested = elem is not None and key in new and struct.has(key, new)
            after = self._encode(elem, new[key]) if is_nested and elem is not None else struct.encoded(key, new)
            if after is ABSENT:
                if before is not ABSENT:
                    gone.append(key)
            elif before is ABSENT:
                self.out.append(operation("add", joined(path, key), after))
            else:
                self.out.extend(self._diff.plain(before, after, joined(path, key)))
        self.out.extend({"op": "remove", "path": joined(path, key)} for key in gone)

    def _nested(self, old: Any, new: Any, go_type: GoType, path: str) -> None:
        if go_type.kind == "struct":
            self.struct(old, new, go_type, path)
            return
        elem = go_type.elem
        if elem is None:
            raise TypeError(f"{go_type.name} has no element type")
        (self._places if self._diff.by_index else self._items)(old, new, elem, path)

    def _items(self, original: list[Any], modified: list[Any], elem: GoType, path: str) -> None:
        place = 0
        for old, new in aligned(original, modified):
            if new is None:
                self.out.append({"op": "remove", "path": f"{path}/{place}"})
                continue
            if old is None:
                self.out.append(operation("add", f"{path}/{place}", self._encode(elem, modified[new])))
            elif original[old] is not modified[new]:
                self.struct(original[old], modified[new], elem, f"{path}/{place}")
            place += 1

    def _places(self, original: list[Any], modified: list[Any], elem: GoType, path: str) -> None:
        common = min(len(original), len(modified))
        for index in range(len(original) - 1, common - 1, -1):
            self.out.append({"op": "remove", "path": f"{path}/{index}"})
        for index in range(common, len(modified)):
            self.out.append(operation("add", f"{path}/{index}", self._encode(elem, modified[index])))
        for index in range(common):
            if original[index] is not modified[index]:
                self.struct(original[index], modified[index], elem, f"{path}/{index}")

    def _encode(self, go_type: GoType, value: Any) -> Any:
        found = self._known.get(id(value))
        if found is not None:
            return found
        if value is None:
            return None
        if go_type.kind == "slice" and go_type.elem is not None:
            elem, known = go_type.elem, self._known
            return [known.get(id(item)) or self._encode(elem, item) for item in value]
        return self._encode_struct(self._diff.struct(go_type), value)

    def _encode_struct(self, struct: Struct, value: Json) -> Json:
        nested, result = struct.nested, {}
        for key in value:
            elem = nested.get(key)
            if elem is None:
                item = struct.encoded(key, value)
                if item is not ABSENT:
                    result[key] = item
            elif struct.has(key, value):
                result[key] = self._encode(elem, value[key])
        for key, zero in struct.required.items():
            result.setdefault(key, zero)
        return {key: result[key] for key in sorted(result, key=struct.places.__getitem__)}


class Struct:
    """A struct's fields: their places, how they are encoded, and which may be compared without that.

    ``nested``: structs, pointers to them and lists of them, by the type that ``TypedDiff`` goes on with.
    """

    __slots__ = ("_entries", "nested", "places", "required")

    def __init__(self, go_type: GoType, encoders: Encoders) -> None:
        self._entries, self.required = encoders.fields_of(go_type)
        self.places = {name: entry[0] for name, entry in self._entries.items()}
        found = ((field.name, _target(field.field.type)) for field in go_type.json_fields)
        self.nested = {name: target for name, target in found if target is not None}

    def has(self, key: str, value: Json) -> bool:
        """Tell whether the field is there when the struct is encoded, and is not null."""
        if key not in value:
            return self.required.get(key) is not None
        return not self._entries[key][2] or bool(value[key])

    def encoded(self, key: str, value: Json) -> Any:
        """Return the field as it is encoded."""
        if key not in value:
            return self.required.get(key, ABSENT)
        _, encoder, omits = self._entries[key]
        item = value[key]
        if omits and not item:
            return self.required.get(key, ABSENT)
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
