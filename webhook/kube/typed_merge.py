"""Strategic merge of canonical values in the simple cases, which are nearly all: the same result as ``strategic`` gives.

    if is_simple_patch(patch, pod_type):                     # once for a patch
        typed = schema.decode("core/v1.Pod", patch, coerce=False)
        merged = lay_typed(pod, typed, pod_type)             # None: this pod needs merge_patch

The long way encodes the pod, merges JSON and decodes the result. Here a canonical patch is laid over a canonical pod, and
what neither touches is not looked at. Simple is a patch that only adds and replaces: no nulls, directives or zero values
where the pod may have something, and lists merged by key that bring new keys only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from webhook.kube.gotypes import Field, GoType

Json = dict[str, Any]
Role = Literal["struct", "strings", "keyed", "value", "other"]
EXACT: Final = 1 << 53
"""Beyond it integers lose digits where all numbers go through a float64 (since Istio 1.26)."""


class _NotSimpleError(Exception):
    """The case is not simple."""


def is_simple_patch(patch: object, typed: Json, go_type: GoType) -> bool:
    """Tell whether a patch may be laid over canonical values; ``typed`` is what is decoded from it."""
    try:
        _check_struct(patch, typed, go_type)
    except _NotSimpleError:
        return False
    return True


def _check_struct(patch: object, typed: Json, go_type: GoType) -> None:
    if not isinstance(patch, dict):
        raise _NotSimpleError
    roles = _plan(go_type).roles
    for key, value in patch.items():
        known = roles.get(key)
        if known is None:
            if key.startswith("$") or go_type.json_field(key) is not None:
                raise _NotSimpleError  # a directive, or a name in another case
            continue
        if key not in typed:
            raise _NotSimpleError  # a null or a zero value, which takes something away
        role, field = known
        if role == "struct":
            _check_struct(value, typed[key], _target(field.type))
        elif role == "strings":
            _check_strings(value)
        elif role == "keyed":
            _check_items(value, field)
        elif role == "other" or not _is_free(value):
            raise _NotSimpleError


def _check_strings(value: object) -> None:
    if not isinstance(value, dict) or any(item is None or key.startswith("$") for key, item in value.items()):
        raise _NotSimpleError


def _check_items(value: object, field: Field) -> None:
    if not isinstance(value, list) or not _is_free(value):
        raise _NotSimpleError
    if not all(isinstance(item, dict) and isinstance(item.get(field.merge_key), str | int) for item in value):
        raise _NotSimpleError


def _is_free(value: object) -> bool:
    """Tell whether a value is free of directives, however deep."""
    if isinstance(value, dict):
        return all(not key.startswith("$") and _is_free(item) for key, item in value.items())
    return all(map(_is_free, value)) if isinstance(value, list) else True


def _target(go_type: GoType) -> GoType:
    return go_type.elem if go_type.kind == "pointer" and go_type.elem is not None else go_type


class _Plan:
    """What is done with the fields of a struct, by JSON name: their roles, and their order."""

    __slots__ = ("_orders", "_places", "roles")

    def __init__(self, go_type: GoType) -> None:
        self.roles = {field.name: (_role(field.field), field.field) for field in go_type.json_fields}
        self._places = {field.name: field.index for field in go_type.json_fields}
        self._orders: dict[tuple[str, ...], list[str]] = {}

    def order(self, names: tuple[str, ...]) -> list[str]:
        """Return names of fields in the order of these; the fields of pods are mostly the same, so it is kept."""
        found = self._orders.get(names)
        if found is None:
            found = sorted(names, key=self._places.__getitem__)
            if len(self._orders) < MAX_ORDERS:
                self._orders[names] = found
        return found


MAX_ORDERS: Final = 256
"""Orders of a struct's fields that are kept."""
_PLANS: Final[dict[GoType, _Plan]] = {}


def _plan(go_type: GoType) -> _Plan:
    found = _PLANS.get(go_type)
    if found is None:
        found = _PLANS[go_type] = _Plan(go_type)
    return found


def _role(field: Field) -> Role:
    go_type, strategies = _target(field.type), field.strategy.split(",")
    if go_type.kind == "struct":
        return "other" if "replace" in strategies else "struct"
    if go_type.kind == "map":
        elem = go_type.elem
        return "strings" if elem is not None and elem.kind == "string" and "replace" not in strategies else "other"
    if go_type.kind == "slice" and "merge" in strategies:
        elem = go_type.elem
        return "keyed" if field.merge_key and elem is not None and elem.kind == "struct" else "other"
    return "value" if field.type.kind in ("slice", "string", "bool", "int", "pointer", "opaque") else "other"


def lay_typed(base: Json, typed: Json, go_type: GoType) -> Json | None:
    """Return a canonical value with a simple patch laid over it; None where the two do not go together simply."""
    try:
        return _lay_struct(base, typed, go_type)
    except _NotSimpleError:
        return None


def _lay_struct(base: Json, typed: Json, go_type: GoType) -> Json:
    if not base:
        return typed
    plan = _plan(go_type)
    result = dict(base)
    for key, new in typed.items():
        old = base.get(key)
        if old is None:
            result[key] = new
            continue
        role, field = plan.roles[key]
        if role == "struct":
            result[key] = _lay_struct(old, new, _target(field.type))
        elif role == "strings":
            result[key] = {**in_order(old), **new}
        elif role == "keyed":
            result[key] = _lay_items(old, new, field.merge_key)
        else:
            result[key] = new
    if len(result) == len(base):
        return result
    return {key: result[key] for key in plan.order(tuple(result))}


def _lay_items(base: list[Json], new: list[Json], merge_key: str) -> list[Json]:
    """Return the new items and those that were there; in the order of the original they come first."""
    if not base:
        return new
    keys = [item.get(merge_key) for item in new]
    keys += [item.get(merge_key) for item in base]
    if len(set(keys)) != len(keys) or not all(keys):
        raise _NotSimpleError
    return [*new, *base] if new else base


def in_order(strings: Json) -> Json:
    """Return a map with its keys in order, as it is after it has been encoded and decoded; the same object if it is."""
    keys = sorted(strings)
    return strings if keys == list(strings) else {key: strings[key] for key in keys}


def with_ordered_maps(pod: Json) -> Json:
    """Return a pod with labels and annotations in order, as merging their JSON leaves them."""
    metadata = pod.get("metadata")
    if not metadata:
        return pod
    changed = {
        key: ordered
        for key in ("labels", "annotations")
        if (found := metadata.get(key)) and (ordered := in_order(found)) is not found
    }
    return {**pod, "metadata": {**metadata, **changed}} if changed else pod


def has_inexact_numbers(value: Any, go_type: GoType) -> bool:
    """Tell whether a canonical value has an integer that a float64 cannot hold for sure."""
    check = _check_of(go_type)
    return check is not None and check(value)


Check = Callable[[Any], bool]
"""Tells whether a value has such an integer."""
_CHECKS: Final[dict[GoType, Check | None]] = {}


def _check_of(go_type: GoType) -> Check | None:
    """Return the check of a type, None for one that cannot hold 64-bit integers: most fields of a pod."""
    if go_type in _CHECKS:
        return _CHECKS[go_type]
    if go_type.kind == "struct":
        return _check_of_struct(go_type)
    check = _check_of(go_type.elem) if go_type.elem is not None else None
    if go_type.kind == "any":
        check = _is_anywhere_inexact
    elif go_type.kind == "int" and go_type.bits > 32:
        check = _is_inexact
    elif check is not None and go_type.kind != "pointer":
        check = _check_of_each(check)
    _CHECKS[go_type] = check
    return check


def _check_of_struct(go_type: GoType) -> Check | None:
    members: list[tuple[str, Check]] = []

    def check(value: Json) -> bool:
        for name, check_member in members:
            item = value.get(name)
            if item is not None and check_member(item):
                return True
        return False

    _CHECKS[go_type] = check  # a type may hold itself
    found = ((field.name, _check_of(field.field.type)) for field in go_type.json_fields)
    members += [(name, member) for name, member in found if member is not None]
    if not members:
        _CHECKS[go_type] = None
    return _CHECKS[go_type]


def _check_of_each(check: Check) -> Check:
    return lambda value: any(map(check, value.values() if value.__class__ is dict else value))


def _is_inexact(value: int) -> bool:
    return not -EXACT <= value <= EXACT


def _is_anywhere_inexact(value: Any) -> bool:
    if value.__class__ is dict or value.__class__ is list:
        return any(map(_is_anywhere_inexact, value.values() if value.__class__ is dict else value))
    return value.__class__ is int and _is_inexact(value)
