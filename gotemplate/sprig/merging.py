"""Deep merging and deep copying of dictionaries: ``merge``, ``mergeOverwrite``, ``deepCopy`` and their ``must`` variants.

The rules are those of mergo 1.0.1 with its default options: only empty elements of the destination are filled, or, overwriting, all
that the source has; maps are merged key by key, lists replaced. The destination is changed; parts of the source become shared.
"""

from __future__ import annotations

from typing import Any

from gotemplate.errors import FuncError
from gotemplate.values import (
    ANY,
    MAP_STRING_ANY,
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


def merge(target: Dict, *sources: Dict) -> Dict:
    """Fill what is missing or empty in the first map from the others, the earlier ones first (``merge``, ``mustMerge``)."""
    return _merge_all(target, sources, overwrite=False)


def merge_overwrite(target: Dict, *sources: Dict) -> Dict:
    """Set everything the other maps have in the first map, the later ones last (``mergeOverwrite``, ``mustMergeOverwrite``)."""
    return _merge_all(target, sources, overwrite=True)


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
    if overwrite or not target:
        target[key] = value
    elif before is None:
        target[key] = Slice(type_of(value) or SLICE_ANY, [])


def _merge_values(target: Value, source: Value, overwrite: bool) -> Value:
    """Merge two elements; return what the target becomes where it can be set (behind a pointer, in a struct)."""
    kind = kind_of(target)
    if kind is Kind.MAP:
        if not is_nil(target) and kind_of(source) is Kind.MAP:
            _merge_maps(target, source, overwrite)
        return target
    if kind is Kind.STRUCT:
        return _merge_structs(target, source, overwrite)
    if kind is Kind.POINTER:
        if isinstance(source, Pointer) and not source.is_nil and not target.is_nil:
            target.target = _merge_values(target.target, source.target, overwrite)
        return target
    settable = (_is_empty(target) or overwrite) and not _is_empty(source)
    return source if settable else target


def _merge_structs(target: Struct, source: Value, overwrite: bool) -> Value:
    exported = [field.name for field in target.go_type.fields if is_exported(field.name)]
    if not exported:
        return source if overwrite and not _is_empty(source) else target
    if not isinstance(source, Struct):
        raise FuncError(f"reflect: call of reflect.Value.Field on {kind_of(source).name.lower()} Value")
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
        items = [_copy(item) for item in value]
        return Slice(value.go_type, None if value.is_nil else items) if isinstance(value, Slice) else items
    if isinstance(value, Pointer):
        return value if value.is_nil else Pointer(value.go_type, _copy(value.target))
    return Box(value.go_type, value.value) if isinstance(value, Box) else value


def _copy_map(value: dict[Any, Any]) -> Value:
    if is_nil(value):
        return value
    copied = {key: _copy(item) for key, item in value.items()}
    go_type = type_of(value)
    return copied if go_type is None or go_type is MAP_STRING_ANY else Map(go_type, copied)


def _copy_struct(value: Struct) -> Struct:
    """Copy the exported fields, the only ones Go's copier can reach; a time is copied whole."""
    if type_name(value) == "time.Time":
        return value
    fields = {field.name: _copy(value[field.name]) for field in value.go_type.fields if is_exported(field.name)}
    return type(value)(value.go_type, fields, value.host if fields else None)
