"""The difference of two canonical objects as ``jsondiff`` tells it of their JSON, at the cost of what differs.

    TypedDiff(schema, by_index=False).of("core/v1.Pod", old, new) == list(diff(encode(old), encode(new)))

Parts that are the same object on both sides are skipped without being encoded; what differs is encoded where it differs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, partial
from typing import Any, Final

from webhook.kube.encode import Encoders, Entry
from webhook.kube.gotypes import GoType, JsonField
from webhook.kube.jsondiff import Operation, aligned, diff, diff_by_index, joined
from webhook.kube.schema import Schema

Json = dict[str, Any]
ABSENT: Final[Any] = object()
NOTHING: Final[Mapping[int, Any]] = {}
_SCALARS: Final = frozenset({bool, int, str})


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
            members = self.struct(go_type).members
            for key, item in value.items():
                elem = members[key].elem
                if elem is not None:
                    self._note(item, elem, fixed, known)

    def struct(self, go_type: GoType) -> Struct:
        """Return what is known of a struct type."""
        found = self._structs.get(go_type)
        if found is None:
            found = self._structs[go_type] = Struct(go_type, self.encoders)
        return found


class Struct:
    """A struct type: its members by JSON name, their places, and the values of those that are encoded even when absent.

    ``encoder``: how a struct without lists in it is encoded; nothing in it is worth to be known.
    """

    __slots__ = ("encoder", "members", "places", "required")

    def __init__(self, go_type: GoType, encoders: Encoders) -> None:
        entries, self.required = encoders.fields_of(go_type)
        self.places = {name: place for name, (place, _, _) in entries.items()}
        self.members = {
            field.name: Member(field, entries[field.name], self.required.get(field.name, ABSENT))
            for field in go_type.json_fields
        }
        has_lists = any(member.elem is not None and member.elem.kind == "slice" for member in self.members.values())
        self.encoder = None if has_lists else encoders.get(go_type)


class Member:
    """A field: how it is encoded, and what stands for it where it is absent.

    ``elem``: the type that ``TypedDiff`` goes on with, of structs, pointers to them and lists of them; ``is_texts``: a
    map of strings. ``is_nested`` says that it is one of these: they are compared without being encoded.
    """

    __slots__ = ("absent", "elem", "encoder", "is_nested", "is_texts", "name", "omits", "place")

    def __init__(self, field: JsonField, entry: Entry, absent: Any) -> None:
        go_type = field.field.type
        self.name = field.name
        self.place, self.encoder, self.omits = entry
        self.absent = absent
        self.elem = _target(go_type)
        self.is_texts = go_type.kind == "map" and go_type.elem is not None and go_type.elem.kind == "string"
        self.is_nested = self.is_texts or self.elem is not None

    def is_in(self, value: Json) -> bool:
        """Tell whether the field is there when the struct is encoded, and is not null."""
        item = value.get(self.name, ABSENT)
        if item is ABSENT:
            return self.absent is not ABSENT and self.absent is not None
        return bool(item) or not self.omits

    def encoded(self, value: Json) -> Any:
        """Return the field as it is encoded."""
        item = value.get(self.name, ABSENT)
        if item is ABSENT or (self.omits and not item):
            return self.absent
        return item if self.encoder is None or item is None else self.encoder(item)


class _Walk:
    """One comparison: the operations so far, and the JSON of parts that is known."""

    __slots__ = ("_diff", "_known", "_lists", "out")

    def __init__(self, diff_: TypedDiff, known: Mapping[int, Any]) -> None:
        self._diff = diff_
        self._known = known
        self._lists = self._places if diff_.by_index else self._items
        self.out: list[Operation] = []

    def struct(self, old: Json, new: Json, go_type: GoType, path: str) -> None:
        struct = self._diff.struct(go_type)
        changed = [key for key, value in new.items() if old.get(key, ABSENT) is not value]
        if not old.keys() <= new.keys():
            changed += [key for key in old if key not in new]
        if len(changed) > 1:
            changed.sort(key=struct.places.__getitem__)
        gone = []
        for key in changed:
            member, here = struct.members[key], f"{path}/{key}"
            was, item = old.get(key), new.get(key)
            if member.is_nested and ((was and item) or (member.is_in(old) and member.is_in(new))):
                self._nested({} if was is None else was, {} if item is None else item, member, here)
                continue
            before = member.encoded(old)
            after = self._encode(member.elem, item) if item and member.elem is not None else member.encoded(new)
            if after is ABSENT:
                if before is not ABSENT:
                    gone.append(here)
            elif before is ABSENT:
                self.out.append({"op": "add", "path": here, "value": after})
            elif before.__class__ not in _SCALARS or after.__class__ not in _SCALARS:
                self.out += self._diff.plain(before, after, here)
            elif before != after or before.__class__ is not after.__class__:
                self.out.append({"op": "replace", "path": here, "value": after})
        self.out += [{"op": "remove", "path": here} for here in gone]

    def _nested(self, old: Any, new: Any, member: Member, path: str) -> None:
        go_type = member.elem
        if go_type is None:
            self._texts(old, new, path)
        elif go_type.kind == "struct":
            self.struct(old, new, go_type, path)
        elif go_type.elem is not None:
            self._lists(old, new, go_type.elem, path)

    def _texts(self, old: Json, new: Json, path: str) -> None:
        for key in sorted(new):
            value, was = new[key], old.get(key)
            if was != value:
                op = "add" if was is None else "replace"
                self.out.append({"op": op, "path": joined(path, key), "value": value})
        gone = sorted(old.keys() - new.keys())
        self.out += [{"op": "remove", "path": joined(path, key)} for key in gone]

    def _items(self, original: list[Any], modified: list[Any], elem: GoType, path: str) -> None:
        place = 0
        for old, new in aligned(original, modified):
            if new is None:
                self.out.append({"op": "remove", "path": f"{path}/{place}"})
                continue
            item = modified[new]
            if old is None:
                self.out.append({"op": "add", "path": f"{path}/{place}", "value": self._encode(elem, item)})
            elif original[old] is not item:
                self.struct(original[old], item, elem, f"{path}/{place}")
            place += 1

    def _places(self, original: list[Any], modified: list[Any], elem: GoType, path: str) -> None:
        common = min(len(original), len(modified))
        for index in range(len(original) - 1, common - 1, -1):
            self.out.append({"op": "remove", "path": f"{path}/{index}"})
        for index in range(common, len(modified)):
            value = self._encode(elem, modified[index])
            self.out.append({"op": "add", "path": f"{path}/{index}", "value": value})
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
            encode = self._diff.struct(elem).encoder or partial(self._encode, elem)
            return [known.get(id(item)) or encode(item) for item in value]
        struct = self._diff.struct(go_type)
        return self._encode_struct(struct, value) if struct.encoder is None else struct.encoder(value)

    def _encode_struct(self, struct: Struct, value: Json) -> Json:
        members, result = struct.members, {}
        last, ordered = -1, True
        for key, item in value.items():
            member = members[key]
            if member.place < last:
                ordered = False
            last = member.place
            if not item and member.omits:
                continue
            if member.elem is not None:
                result[key] = self._encode(member.elem, item)
            else:
                result[key] = item if member.encoder is None or item is None else member.encoder(item)
        missing = struct.required.keys() - result.keys()
        if ordered and not missing:
            return result
        result.update((key, struct.required[key]) for key in missing)
        return {key: result[key] for key in sorted(result, key=struct.places.__getitem__)}


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
