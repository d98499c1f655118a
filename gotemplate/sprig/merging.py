"""Deep merging and deep copying of dictionaries: ``merge``, ``mergeOverwrite``, ``deepCopy`` and their ``must`` variants.

The rules are those of mergo 1.0.1 with its default options: only empty elements of the destination are filled, or,
overwriting, all that the source has; maps are merged key by key, lists replaced. The destination is changed, and parts of
the source become shared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gotemplate.errors import FuncError
from gotemplate.sprig.reflection import kind_name
from gotemplate.values import (
    ANY,
    MAP_STRING_ANY,
    NILABLE_KINDS,
    SLICE_ANY,
    Box,
    Kind,
    Map,
    Pointer,
    Slice,
    Struct,
    Type,
    Value,
    indirect,
    is_exported,
    is_nil,
    is_true,
    kind_of,
    type_name,
    type_of,
)

Dict = dict[str, Any]
_MERGED = (Kind.STRUCT, Kind.POINTER, Kind.MAP)


class MergeError(FuncError):
    """Two elements of different types meet behind a pointer."""


def merge(target: Dict, *sources: Dict) -> Value:
    """Fill what is missing or empty in the first map from the others, the earlier ones first; nothing when that fails."""
    return _or_nothing(must_merge, target, sources)


def must_merge(target: Dict, *sources: Dict) -> Dict:
    """Fill what is missing or empty in the first map from the others (``mustMerge``)."""
    return _merge_all(target, sources, overwrite=False)


def merge_overwrite(target: Dict, *sources: Dict) -> Value:
    """Set all that the other maps have in the first, the later ones last; nothing when that fails (``mergeOverwrite``)."""
    return _or_nothing(must_merge_overwrite, target, sources)


def must_merge_overwrite(target: Dict, *sources: Dict) -> Dict:
    """Set all that the other maps have in the first, the later ones last (``mustMergeOverwrite``)."""
    return _merge_all(target, sources, overwrite=True)


def _or_nothing(merge_: Callable[..., Dict], target: Dict, sources: tuple[Dict, ...]) -> Value:
    try:
        return merge_(target, *sources)
    except MergeError:
        return ""


def _merge_all(target: Dict, sources: tuple[Dict, ...], *, overwrite: bool) -> Dict:
    for source in sources:
        if is_nil(target) and not is_nil(source):
            target = {}
        _merge_maps(target, source, overwrite)
    return target


def _is_empty(value: Value) -> bool:
    value = indirect(value)
    if kind_of(value) in (Kind.STRUCT, Kind.CHAN, Kind.COMPLEX64, Kind.COMPLEX128):
        return False
    return not is_true(value)


def _element_type(mapping: Dict) -> Type:
    go_type = type_of(mapping)
    return go_type.elem if go_type is not None and go_type.elem is not None else ANY


def _set(mapping: Dict, key: Value, value: Value, source: Type) -> None:
    wanted = _element_type(mapping)
    if wanted is not ANY and wanted is not source:
        raise FuncError(
            f"reflect.Value.SetMapIndex: value of type {source.name} is not assignable to type {wanted.name}"
        )
    mapping[key] = value


def _merge_maps(target: Dict, source: Dict, overwrite: bool) -> None:
    _check_keys(target, source)
    declared = _element_type(source)
    for key, value in source.items():
        present = key in target
        if value is None or (declared.kind in (Kind.MAP, Kind.SLICE, Kind.CHAN, Kind.FUNC) and is_nil(value)):
            if overwrite:
                _set(target, key, value, declared)
            continue
        kind = kind_of(value)
        before = target.get(key)
        if kind in _MERGED:
            _merge_values(before, value, overwrite)
        elif kind is Kind.SLICE:
            _set_slice(target, key, value, overwrite)
        if present and not _is_empty(before) and _keeps(before, kind):
            continue
        if (declared.kind is not Kind.POINTER and overwrite) or not present or _is_empty(before):
            _set(target, key, value, declared)


def _keeps(before: Value, kind: Kind) -> bool:
    return kind is Kind.SLICE or (kind is Kind.MAP and kind_of(before) is Kind.MAP)


def _check_keys(target: Dict, source: Dict) -> None:
    mine, theirs = type_of(target), type_of(source)
    if mine is None or theirs is None or mine.key is theirs.key or not source or mine.key is ANY:
        return
    names = f"{theirs.key} is not assignable to type {mine.key}"
    raise FuncError(f"reflect.Value.MapIndex: value of type {names}")


def _set_slice(target: Dict, key: Value, value: Value, overwrite: bool) -> None:
    before = target.get(key)
    if key in target and _element_type(target).kind not in NILABLE_KINDS:
        raise FuncError(f"reflect: call of reflect.Value.IsNil on {kind_name(before)} Value")
    if overwrite or not target:
        before = value
    elif before is None:
        before = Slice(type_of(value) or SLICE_ANY, [])
    _set(target, key, before, type_of(before) or ANY)


def _merge_values(target: Value, source: Value, overwrite: bool) -> Value:
    """Merge two elements; return what the target becomes where it can be set (behind a pointer, in a struct)."""
    kind = kind_of(target)
    if kind is Kind.MAP:
        return _merge_into_map(target, source, overwrite)
    if kind is Kind.STRUCT:
        return _merge_structs(target, source, overwrite)
    if kind is Kind.POINTER:
        return _merge_into_pointer(target, source, overwrite)
    settable = (_is_empty(target) or overwrite) and not _is_empty(source)
    return source if settable else target


def _merge_into_map(target: Dict, source: Value, overwrite: bool) -> Dict:
    if is_nil(target) and kind_of(source) is Kind.STRUCT:
        raise FuncError("reflect: call of reflect.Value.IsNil on struct Value")
    if not is_nil(target) and kind_of(source) is Kind.MAP:
        _merge_maps(target, source, overwrite)
    return target


def _merge_into_pointer(target: Pointer, source: Value, overwrite: bool) -> Pointer:
    if target.is_nil or is_nil(source) or (overwrite and not isinstance(source, Pointer)):
        return target
    if isinstance(source, Pointer):
        target.target = _merge_values(target.target, source.target, overwrite)
    elif type_of(target.target) is type_of(source):
        target.target = _merge_values(target.target, source, overwrite)
    else:
        raise MergeError("src and dst must be of same type")
    return target


def _merge_structs(target: Struct, source: Value, overwrite: bool) -> Value:
    exported = [field.name for field in target.go_type.fields if is_exported(field.name)]
    if not exported:
        return source if overwrite and not _is_empty(source) else target
    if not isinstance(source, Struct):
        raise FuncError(f"reflect: call of reflect.Value.Field on {kind_name(source)} Value")
    for name in exported:
        target[name] = _merge_values(target[name], source[name], overwrite)
    return target


def deep_copy(value: Value) -> Value:
    """Copy a value with everything in it; nil raises FuncError with Go's words (``deepCopy``, ``mustDeepCopy``)."""
    if value is None:
        raise FuncError("reflect: call of reflect.Value.Type on zero Value")
    return _copy(value)


def _copy(value: Value) -> Value:
    if isinstance(value, Struct):
        return _copy_struct(value)
    if isinstance(value, dict):
        return _copy_map(value)
    if isinstance(value, (list, tuple)):
        if isinstance(value, Slice):
            return Slice(value.go_type, None if value.is_nil else map(_copy, value))
        return [_copy_element(item) for item in value]
    if isinstance(value, Pointer):
        return value if value.is_nil else Pointer(value.go_type, _copy(value.target))
    return Box(value.go_type, value.value) if isinstance(value, Box) else value


def _copy_element(value: Value) -> Value:
    """Copy an element; a nil pointer in an interface loses its type."""
    return None if isinstance(value, Pointer) and value.is_nil else _copy(value)


def _copy_map(value: dict[Any, Any]) -> Value:
    if is_nil(value):
        return value
    go_type = type_of(value)
    if go_type is None or go_type is MAP_STRING_ANY:
        return {key: _copy_element(item) for key, item in value.items()}
    return Map(go_type, {key: _copy(item) for key, item in value.items()})


def _copy_struct(value: Struct) -> Struct:
    """Copy the exported fields, the only ones Go's copier can reach; a time is copied whole, a view of data not at all."""
    if value.__class__ is not Struct or type_name(value) == "time.Time":
        return value
    fields = {field.name: _copy(value[field.name]) for field in value.go_type.fields if is_exported(field.name)}
    return Struct(value.go_type, fields, value.host if fields else None)
