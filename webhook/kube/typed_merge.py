"""Strategic merge of canonical values in the simple cases, which are nearly all: the same result as ``strategic`` gives.

    if is_simple_patch(patch, pod_type):                     # once for a patch
        typed = schema.decode("core/v1.Pod", patch, coerce=False)
        merged = lay_typed(pod, typed, pod_type)             # None: this pod needs merge_patch

The long way encodes the pod, merges JSON and decodes the result. Here a canonical patch is laid over a canonical pod, and
what neither touches is not looked at. Simple is a patch that only adds and replaces: no nulls, directives or zero values
where the pod may have something, and lists merged by key that bring new keys only.
"""

from __future__ import annotations

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
    plan = _plan(go_type)
    for key, value in patch.items():
        known = plan.get(key)
        if known is None:
            if key.startswith("$") or go_type.json_field(key) is not None:
                raise _NotSimpleError  # a directive, or a name in another case
            continue
        if key not in typed:
            raise _NotSimpleError  # a null or a zero value, which takes something away
        role, field, _ = known
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


Known = tuple[Role, Field, int]
_PLANS: Final[dict[GoType, dict[str, Known]]] = {}


def _plan(go_type: GoType) -> dict[str, Known]:
    """Return what is done with each field of a struct, by JSON name, with its place."""
    found = _PLANS.get(go_type)
    if found is None:
        found = {field.name: (_role(field.field), field.field, field.index) for field in go_type.json_fields}
        _PLANS[go_type] = found
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
    ordered = True
    for key, new in typed.items():
        role, field, _ = plan[key]
        if key not in base:
            ordered = False
            result[key] = new
        elif role == "struct":
            result[key] = _lay_struct(base[key], new, _target(field.type))
        elif role == "strings":
            result[key] = {**in_order(base[key]), **new}
        elif role == "keyed":
            result[key] = _lay_items(base[key], new, field.merge_key)
        else:
            result[key] = new
    if ordered:
        return result
    return {key: result[key] for key in sorted(result, key=lambda key: plan[key][2])}


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


def has_inexact_numbers(value: Any, go_type: GoType) -> bool:
    """Tell whether a canonical value has an integer that a float64 cannot hold for sure."""
    return _is_inexact(value, _wide(go_type))


Wide = Any
"""Where a type has 64-bit integers: True for anywhere, the fields that have some further down, or nothing."""
_WIDE: Final[dict[GoType, Wide]] = {}


def _wide(go_type: GoType) -> Wide:
    """Return where the 64-bit integers of a type are: few fields of a pod can hold one."""
    if go_type in _WIDE:
        return _WIDE[go_type]
    if go_type.kind == "struct":
        plan: dict[str, Wide] = {}
        _WIDE[go_type] = plan  # a type may hold itself
        plan.update((field.name, wide) for field in go_type.json_fields if (wide := _wide(field.field.type)))
        return plan
    if go_type.kind == "any" or (go_type.kind == "int" and go_type.bits > 32):
        found: Wide = True
    else:
        found = _wide(go_type.elem) if go_type.elem is not None else None
        found = True if found and go_type.kind == "map" else found
    _WIDE[go_type] = found
    return found


def _is_inexact(value: Any, wide: Wide) -> bool:
    kind = value.__class__
    if kind is int:
        return not -EXACT <= value <= EXACT
    if kind is list:
        for item in value:
            if _is_inexact(item, wide):
                return True
    elif kind is dict and wide is True:
        return _is_inexact(list(value.values()), True)
    elif kind is dict:
        for key, further in wide.items():
            if key in value and _is_inexact(value[key], further):
                return True
    return False
