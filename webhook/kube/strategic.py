"""Strategic merge patch: a patch laid over an object by the merge keys of its Go type, as k8s.io/apimachinery does it.

    merged = merge_patch(original, patch, load_schema("1.28").type("core/v1.Pod"), rules_of("1.28"))

Works on JSON values: ``original`` as Go prints the typed object (zero fields included), ``patch`` as it was parsed,
with nulls and directives. Neither is changed; what the patch does not touch is the same object in the result. Where
Go walks a map in random order, here deletions from a list of scalars come before additions to it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from operator import is_not
from typing import Any, Final, NamedTuple

from webhook.kube.gotypes import Field, GoType
from webhook.kube.strategic_errors import (
    BAD_RETAIN_KEYS,
    BAD_SET_ORDER,
    NO_ITEMS,
    StrategicMergeError,
    bad_type,
    no_field,
    no_merge_key,
    unknown_directive,
)

__all__ = ["MergeRules", "StrategicMergeError", "merge_patch", "rules_of"]

PATCH: Final = "$patch"
RETAIN_KEYS: Final = "$retainKeys"
DELETE_FROM: Final = "$deleteFromPrimitiveList"
SET_ORDER: Final = "$setElementOrder"

Json = dict[str, Any]


class MergeRules(NamedTuple):
    """What changed in apimachinery.

    ``unmatched_delete_lists``: a list of scalars to delete becomes the value of a field that is not there (to 0.22).
    ``drops_nulls``: nulls in a subtree that is new are left out (since 0.24). ``drops_directives``: directives in it
    are, and lists of scalars to delete count for lists of any strategy (since 0.28).
    """

    unmatched_delete_lists: bool
    drops_nulls: bool
    drops_directives: bool


@cache
def rules_of(kube_version: str) -> MergeRules:
    """Return the rules of the apimachinery that belongs to a Kubernetes minor (``1.28``)."""
    minor = int(kube_version.partition(".")[2])
    return MergeRules(minor < 23, minor >= 24, minor >= 28)


def merge_patch(original: Json, patch: Json, go_type: GoType, rules: MergeRules) -> Json:
    """Return the original with the patch laid over it.

    Raises:
        StrategicMergeError: with apimachinery's text.
    """
    return _Merger(rules).merge_map(original, patch, go_type)


class _Merger:
    """The recursion over one patch; holds nothing but the rules."""

    def __init__(self, rules: MergeRules) -> None:
        self._rules = rules

    def merge_map(self, original: Json, patch: Json, go_type: GoType) -> Json:
        if PATCH in patch:
            return _directed(patch)
        result, rest = _retain(original, patch)
        result, rest = self._merge_ordered(result, rest, go_type)
        copied = result is not original
        for key in sorted(rest, key=_deletes_last) if any(map(_is_delete_list, rest)) else rest:
            name = _named_list(key, DELETE_FROM) if _is_delete_list(key) else key
            old = result.get(name, _MISSING)
            new = self._merge_value(old, rest[key], name, go_type, deletes=key is not name)
            if new is old or (new.__class__ is old.__class__ and new.__class__ in _SCALARS and new == old):
                continue
            if not copied:
                result, copied = dict(result), True
            if new is _MISSING:
                del result[name]
            else:
                result[name] = new
        return result

    def _merge_value(self, old: Any, new: Any, name: str, go_type: GoType, *, deletes: bool) -> Any:
        """Return the value of a key; ``_MISSING`` where it has none."""
        if new is None:
            return _MISSING
        if old is _MISSING or _kind(old) != _kind(new):
            if deletes and not self._rules.unmatched_delete_lists:
                return old
            return self._fresh(new, nulls=not self._rules.drops_nulls)
        if isinstance(new, dict):
            field = _field(go_type, name)
            return new if _strategy(field) == "replace" else self.merge_map(old, new, field.type)
        if isinstance(new, list):
            return self._merge_list(old, new, _field(go_type, name), deletes=deletes)
        return new

    def _fresh(self, value: Any, *, nulls: bool) -> Any:
        """Return a part of the patch as it goes into a place where nothing is; ``_MISSING`` for nothing."""
        if isinstance(value, dict):
            if self._rules.drops_directives and PATCH in value:
                return _MISSING
            return self._fresh_map(value, nulls=nulls)
        if isinstance(value, list):
            items = [item if item.__class__ in _SCALARS else self._fresh(item, nulls=nulls) for item in value]
            return _unless_same([item for item in items if item is not _MISSING], value)
        return value

    def _fresh_map(self, value: Json, *, nulls: bool) -> Json:
        changes = {}
        for key, item in value.items():
            if item.__class__ in _SCALARS:
                continue
            new = _MISSING if item is None and not nulls else self._fresh(item, nulls=nulls)
            if new is not item:
                changes[key] = new
        if not changes:
            return value
        return {key: item for key, item in {**value, **changes}.items() if item is not _MISSING}

    def _merge_list(self, original: list[Any], patch: list[Any], field: Field, *, deletes: bool) -> list[Any]:
        if _strategy(field) != "merge" and not (deletes and self._rules.drops_directives):
            return patch
        if not original and not patch:
            return original
        if not _are_maps(original, patch):
            if deletes:
                return _unless_same([item for item in original if _identity(item) not in _identities(patch)], original)
            merged = _deduplicated([*original, *patch])
            if field.merge_key:
                raise bad_type({}, merged[0])
            return _unless_same(_interleaved(merged, patch, original, _identity), original)
        if not field.merge_key:
            raise StrategicMergeError(f"cannot merge lists without merge key for {_kind_name(_elem(field.type))}")
        key = _key_getter(field.merge_key)
        left, added = _without_special(original, patch, field.merge_key, key)
        merged = self._merge_items(left, added, key, field)
        return _unless_same(_interleaved(merged, added, left, key), original)

    def _merge_items(self, original: list[Any], patch: list[Any], key: Key, field: Field) -> list[Any]:
        merged = list(original)
        places: dict[Hashable, int] = {}
        for index, item in enumerate(original):
            if field.merge_key in item:
                places.setdefault(key(item), index)
        for item in patch:
            place = places.setdefault(key(item), len(merged))
            if place == len(merged):
                merged.append(item)
            else:
                merged[place] = self.merge_map(merged[place], item, _elem(field.type))
        return merged

    def _merge_ordered(self, original: Json, patch: Json, go_type: GoType) -> tuple[Json, Json]:
        """Merge the lists for which the patch sets an order; return the object with them, and the rest of the patch."""
        directives = [key for key in patch if key.startswith(SET_ORDER)]
        if not directives:
            return original, patch
        result, rest = dict(original), dict(patch)
        for directive in directives:
            order, name = rest.pop(directive), _named_list(directive, SET_ORDER)
            lists = [_as_list(value) for value in (order, result.get(name, []), rest.get(name, []))]
            field = _field(go_type, name)
            _check_order(lists[2], lists[0], field.merge_key)
            merged = self._merge_with_order(name, result, rest, field)
            rest.pop(name, None)
            if merged is not None:
                _are_maps(lists[1], lists[2], needs_items=True)
                key = _key_getter(field.merge_key) if field.merge_key else _identity
                result[name] = _interleaved(merged, lists[0], lists[1], key)
        return result, rest

    def _merge_with_order(self, name: str, original: Json, patch: Json, field: Field) -> list[Any] | None:
        if name not in patch:
            return original.get(name)
        if name not in original:
            # nulls stay here, unlike in a list without the directive
            found: list[Any] = self._fresh(patch[name], nulls=True) if self._rules.drops_directives else patch[name]
            return found
        return self._merge_list(original[name], patch[name], field, deletes=False)


Key = Callable[[Any], Hashable]


class _Missing:
    """The value of a key that is not there."""

    def __repr__(self) -> str:
        return "<missing>"


_MISSING: Final = _Missing()
_SCALARS: Final = frozenset({str, bool, int, float})


def _directed(patch: Json) -> Json:
    """Return what a patch with a directive of its own stands for."""
    if patch[PATCH] == "replace":
        return {key: value for key, value in patch.items() if key != PATCH}
    if patch[PATCH] == "delete":
        return {}
    raise unknown_directive(patch[PATCH], patch)


def _retain(original: Json, patch: Json) -> tuple[Json, Json]:
    """Apply ``$retainKeys``; return the object with only those keys, and the patch without the directive."""
    if RETAIN_KEYS not in patch:
        return original, patch
    keys = patch[RETAIN_KEYS]
    if not isinstance(keys, list):
        raise StrategicMergeError(BAD_RETAIN_KEYS)
    retained = {key for key in keys if isinstance(key, str)}
    rest = {key: value for key, value in patch.items() if key != RETAIN_KEYS}
    for key, value in rest.items():
        if value is not None and key not in retained and not key.startswith((DELETE_FROM, SET_ORDER)):
            raise StrategicMergeError(BAD_RETAIN_KEYS)
    kept = {key: value for key, value in original.items() if key in retained}
    return (original if len(kept) == len(original) else kept), rest


def _is_delete_list(key: str) -> bool:
    return key.startswith(DELETE_FROM)


def _deletes_last(key: str) -> bool:
    return not _is_delete_list(key)


def _named_list(key: str, prefix: str) -> str:
    """Return the name of the list that a directive is about."""
    head, slash, name = key.partition("/")
    if not slash or head != prefix:
        text = "invalid patch format of primitive list" if prefix == DELETE_FROM else BAD_SET_ORDER
        raise StrategicMergeError(text)
    return name


def _field(go_type: GoType, name: str) -> Field:
    while go_type.kind == "pointer":
        go_type = _elem(go_type)
    if go_type.kind != "struct":
        raise no_field(go_type, name, _kind_name(go_type))
    found = go_type.json_field(name)
    if found is None:
        raise no_field(go_type, name)
    return found.field


def _elem(go_type: GoType) -> GoType:
    while go_type.kind == "pointer" and go_type.elem is not None:
        go_type = go_type.elem
    return go_type if go_type.elem is None else go_type.elem


def _kind_name(go_type: GoType) -> str:
    names = {"int": f"int{go_type.bits}", "float": "float64", "pointer": "ptr", "any": "interface", "bytes": "slice"}
    return "struct" if go_type.kind == "opaque" else names.get(go_type.kind, go_type.kind)


def _strategy(field: Field) -> str:
    """Return how the field is merged, apart from ``retainKeys``: merge, replace or empty."""
    return next((word for word in field.strategy.split(",") if word != "retainKeys"), "")


def _kind(value: Any) -> str:
    """Return the JSON kind of a value: what Go compares the types of."""
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def _identity(value: Any) -> Hashable:
    """Return what stands for a scalar in comparisons: Go's 1 and true are not equal, Python's are."""
    if value.__class__ is bool:
        return "bool", value
    if isinstance(value, (dict, list)):
        raise StrategicMergeError("runtime error: comparing uncomparable type")
    return value  # type: ignore[no-any-return]


def _identities(values: list[Any]) -> set[Hashable]:
    return {_identity(value) for value in values}


def _key_getter(merge_key: str) -> Key:
    def key(item: Any) -> Hashable:
        if not isinstance(item, dict):
            raise bad_type({}, item)
        if merge_key not in item:
            raise no_merge_key(item, merge_key)
        return _identity(item[merge_key])

    return key


def _are_maps(*lists: list[Any], needs_items: bool = False) -> bool:
    """Tell whether the items are objects; they must all be of one kind, and not lists."""
    kinds = [_kind(item) for items in lists for item in items]
    if kinds[:1] == ["list"]:
        raise StrategicMergeError("lists of lists are not supported")
    if kinds.count(kinds[0]) < len(kinds) if kinds else needs_items:
        raise StrategicMergeError.of_mixed(lists) if kinds else StrategicMergeError(NO_ITEMS)
    if kinds[:1] == ["NoneType"]:
        raise StrategicMergeError("runtime error: invalid memory address or nil pointer dereference")
    return kinds[:1] == ["dict"]


def _as_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise bad_type([], value)
    return value


def _without_special(original: list[Any], patch: list[Any], merge_key: str, key: Key) -> tuple[list[Any], list[Any]]:
    """Carry out the directives among the items of a patch; return the list they leave, and the other items."""
    items = [item for item in patch if PATCH not in item]
    replaces = False
    for item in patch:
        if PATCH not in item:
            continue
        if item[PATCH] == "delete":
            gone = key(item)
            original = [old for old in original if merge_key not in old or key(old) != gone]
        elif item[PATCH] == "replace":
            replaces = True
        elif item[PATCH] == "merge":
            raise StrategicMergeError("merging lists cannot yet be specified in the patch")
        else:
            raise unknown_directive(item[PATCH], item)
    return (items, []) if replaces else (original, items)


def _check_order(patch: list[Any], order: list[Any], merge_key: str) -> None:
    """Check that the items of a patch come in the order it sets; deletions are not looked at."""
    if not patch or not order:
        return
    key = _key_getter(merge_key) if merge_key else _identity
    wanted = [item for item in patch if not (merge_key and isinstance(item, dict) and item.get(PATCH) == "delete")]
    place = 0
    for index, item in enumerate(wanted):
        if isinstance(item, dict) and PATCH in item:
            if place >= len(order):
                _refuse_order(patch, order)
            continue
        while place < len(order) and key(item) != key(order[place]):
            place += 1
        if place >= len(order):
            _refuse_order(patch, order)
        place += 1
        if place >= len(order) and index + 1 < len(wanted):
            _refuse_order(patch, order)


def _refuse_order(patch: list[Any], order: list[Any]) -> None:
    raise StrategicMergeError.of_order(patch, order)


def _interleaved(merged: list[Any], order: list[Any], original: list[Any], key: Key) -> list[Any]:
    """Return the merged items in order: those of the patch as it lists them, the others where they stood.

    An item that was there before comes before an item of the patch only if that was there too, and behind it.
    """
    in_order, in_original = _places(order, key), _places(original, key)
    keys = [key(item) for item in merged]
    ours = [(k, item) for k, item in zip(keys, merged, strict=True) if k in in_order]
    others = [(k, item) for k, item in zip(keys, merged, strict=True) if k not in in_order]
    ours = _sorted(ours, in_order)
    others = _sorted(others, in_original)
    result = []
    place = 0
    for k, item in ours:
        after = in_original.get(k, -1)
        while place < len(others) and 0 <= in_original.get(others[place][0], -1) < after:
            result.append(others[place][1])
            place += 1
        result.append(item)
    return [*result, *(item for _, item in others[place:])]


def _places(items: list[Any], key: Key) -> dict[Hashable, int]:
    """Return the first place of every key."""
    places: dict[Hashable, int] = {}
    for index, item in enumerate(items):
        places.setdefault(key(item), index)
    return places


def _sorted(pairs: list[tuple[Hashable, Any]], places: dict[Hashable, int]) -> list[tuple[Hashable, Any]]:
    """Sort by place; items that stand for a deletion, which older rules leave in new lists, come last as they are."""
    deletions = [pair for pair in pairs if isinstance(pair[1], dict) and pair[1].get(PATCH) == "delete"]
    if deletions:
        pairs = [pair for pair in pairs if not any(pair is deletion for deletion in deletions)]
    return [*_stable(pairs, places), *deletions]


def _stable(pairs: list[tuple[Hashable, Any]], places: dict[Hashable, int]) -> list[tuple[Hashable, Any]]:
    """Sort by place as Go's insertion sort does with a comparison that is true for whatever has no place."""
    if all(k in places for k, _ in pairs):
        return sorted(pairs, key=lambda pair: places[pair[0]])
    result: list[tuple[Hashable, Any]] = []
    for pair in pairs:
        at = len(result)
        while at and _is_before(pair[0], result[at - 1][0], places):
            at -= 1
        result.insert(at, pair)
    return result


def _is_before(left: Hashable, right: Hashable, places: dict[Hashable, int]) -> bool:
    return left not in places or right not in places or places[left] < places[right]


def _deduplicated(items: list[Any]) -> list[Any]:
    """Drop repeated scalars; the last item takes the place of one that is dropped, as in the original."""
    items = list(items)
    at = 0
    while at < len(items) - 1:
        other = at + 1
        while other < len(items):
            if _identity(items[at]) == _identity(items[other]):
                items[other] = items[-1]
                items.pop()
            else:
                other += 1
        at += 1
    return items


def _unless_same(new: list[Any], old: list[Any]) -> list[Any]:
    """Return the old list where the new one holds the same objects."""
    return new if len(new) != len(old) or any(map(is_not, new, old)) else old
