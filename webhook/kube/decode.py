"""JSON values to canonical values, by Go type: what encoding/json's Unmarshal does, compiled to one closure a type.

A decoder takes a value that is not null and returns the canonical one; it raises MismatchError at the first thing that
does not fit, without words. The words, and Go's choice which of several errors to report, are made by
``webhook.kube.diagnosis`` in a second run. The canonical value of a struct is a dict by JSON name in declaration order,
without unknown keys, nulls and zero values; empty lists and maps, and what pointers point to, stay. What needs no
change is returned as the same object.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from operator import is_not
from typing import Any, Final

from webhook.kube.decode_errors import MismatchError
from webhook.kube.gotypes import GoType, JsonField
from webhook.kube.opaque import canonical_base64, decode_opaque, is_zero_opaque, zero_of

Decoder = Callable[[Any], Any]

Entry = tuple[int, type | None, Decoder]
"""A field's place, the class whose true values are canonical as they are, and a decoder: it gives ``_DROP`` for zero values."""

_DROP: Final = object()
_FINAL: Final = {"string": str, "bool": bool}
_TEXTS: Final = frozenset({str})
_BYTE_MAX: Final = 255


class Decoders:
    """The compiled decoders of one schema, for one way to treat scalars where Go has a string.

    With ``coerce``, numbers and booleans become strings as in ghodss/yaml (and sigs.k8s.io/yaml). In values ``of_yaml``
    integral floats are integers, since they reach encoding/json through a Go float64. Fields promoted from an inlined
    struct are not coerced: both libraries look at the embedded struct instead of the field.
    """

    def __init__(self, *, coerce: bool, of_yaml: bool = False, plain: Decoders | None = None) -> None:
        """Prepare; ``plain`` are the decoders for promoted fields."""
        self.coerce = coerce
        self.of_yaml = coerce or of_yaml
        self._plain = plain or self
        self._known: dict[GoType, Decoder] = {}

    def get(self, go_type: GoType) -> Decoder:
        """Return the decoder of a type."""
        decoder = self._known.get(go_type)
        if decoder is None:
            decoder = self._known[go_type] = self._compile(go_type)
        return decoder

    def _compile(self, go_type: GoType) -> Decoder:
        match go_type.kind:
            case "struct":
                return self._struct(go_type)
            case "pointer":
                return self.get(_elem(go_type))
            case "slice":
                return self._slice(_elem(go_type))
            case "map":
                return self._map(_elem(go_type))
            case "string":
                return self._text
            case "int":
                return self._integer(go_type.bits)
            case "opaque":
                return lambda value: decode_opaque(go_type, value, of_yaml=self.of_yaml)
        return {"bool": _boolean, "float": _number, "bytes": _octets, "any": _anything}[go_type.kind]

    def _text(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if self.coerce and isinstance(value, (int, float)):
            from webhook.kube.yaml_scalars import scalar_to_string  # its users have read YAML and so have it already

            return scalar_to_string(value)
        raise MismatchError

    def _integer(self, bits: int, zero: Any = 0) -> Decoder:
        low, high = (0, _BYTE_MAX) if bits == 8 else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)

        def decode(value: Any) -> Any:
            if value.__class__ is float and self.of_yaml and value.is_integer():
                value = int(value)
            if value.__class__ is int and low <= value <= high:
                return value or zero
            raise MismatchError

        return decode

    def _slice(self, elem: GoType) -> Decoder:
        decode_item = self.get(elem)
        plain = elem.kind == "string"

        def decode(value: Any) -> list[Any]:
            if not isinstance(value, list):
                raise MismatchError
            if plain and _TEXTS.issuperset(map(type, value)):
                return value
            result = [zero_of(elem) if item is None else decode_item(item) for item in value]
            return result if any(map(is_not, result, value)) else value

        return decode

    def _map(self, elem: GoType) -> Decoder:
        decode_item = self.get(elem)
        plain = elem.kind == "string"

        def decode(value: Any) -> dict[str, Any]:
            if not isinstance(value, dict):
                raise MismatchError
            if plain and _TEXTS.issuperset(map(type, value.values())):
                return value
            result = {key: zero_of(elem) if item is None else decode_item(item) for key, item in value.items()}
            return result if any(map(is_not, result.values(), value.values())) else value

        return decode

    def _struct(self, go_type: GoType) -> Decoder:
        fields: dict[str, Entry] = {}

        def decode(value: Any) -> dict[str, Any]:
            if value.__class__ is not dict and not isinstance(value, dict):
                raise MismatchError
            if not fields:  # compiled at first use, so that recursive types end
                fields.update({field.name: self._entry(field) for field in go_type.json_fields})
            changes: dict[str, Any] = {}
            ordered = True
            last = -1
            for key, item in value.items():
                try:
                    index, final, decode_item = fields[key]
                except KeyError:
                    if go_type.json_field(key) is not None:
                        return decode(unify_keys(go_type, value, sort=self.of_yaml))
                    changes[key] = _DROP
                    continue
                if index < last:
                    ordered = False
                last = index
                if item.__class__ is final and item:
                    continue
                new = _DROP if item is None else decode_item(item)
                if new is not item:
                    changes[key] = new
            if ordered and not changes:
                return value
            return _changed(value, changes, None if ordered else fields)

        return decode

    def _entry(self, field: JsonField) -> Entry:
        go_type = field.field.type
        decoders = self._plain if field.promoted else self
        decoder = decoders.get(go_type)
        if go_type.kind == "int":
            decoder = decoders._integer(go_type.bits, zero=_DROP)
        elif go_type.kind in ("string", "bool", "float", "struct"):
            decoder = _dropping(decoder)
        elif go_type.kind == "opaque":
            decoder = _drop_zero(go_type, decoder)
        return field.index, _FINAL.get(_target(go_type).kind), decoder


def _dropping(decoder: Decoder) -> Decoder:
    return lambda value: decoder(value) or _DROP


def _changed(value: dict[str, Any], changes: dict[str, Any], fields: dict[str, Entry] | None) -> dict[str, Any]:
    """Return an object with other members, without those that are dropped; in the order of the fields, if given."""
    changed = {**value, **changes}
    kept = {key: item for key, item in changed.items() if item is not _DROP}
    if fields is None:
        return kept
    return {key: kept[key] for key in sorted(kept, key=lambda key: fields[key][0])}


def _drop_zero(go_type: GoType, decoder: Decoder) -> Decoder:
    def decode(value: Any) -> Any:
        new = decoder(value)
        return _DROP if is_zero_opaque(go_type, new) else new

    return decode


def _target(go_type: GoType) -> GoType:
    return _elem(go_type) if go_type.kind == "pointer" else go_type


def _elem(go_type: GoType) -> GoType:
    if go_type.elem is None:
        raise TypeError(f"{go_type.name} has no element type")
    return go_type.elem


def _boolean(value: Any) -> bool:
    if value.__class__ is not bool:
        raise MismatchError
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MismatchError
    return value


def _octets(value: Any) -> str:
    """Return the canonical base64 text of a []byte.

    From a text in which line ends do not count, or from a list of numbers.
    """
    if isinstance(value, list):
        if not all(item is None or (item.__class__ is int and 0 <= item <= _BYTE_MAX) for item in value):
            raise MismatchError
        return base64.b64encode(bytes(item or 0 for item in value)).decode()
    if not isinstance(value, str):
        raise MismatchError
    text = canonical_base64(value)
    return value if text == value else text


def _anything(value: Any) -> Any:
    return value


def unify_keys(go_type: GoType, value: dict[str, Any], *, sort: bool) -> dict[str, Any]:
    """Return an object with the exact JSON names, for one that has keys in another case.

    Two keys of one field are decoded into the same Go variable one after the other: the later adds to a struct or map,
    and replaces anything else. ``sort`` is for values from YAML, which the libraries hand on with sorted keys.
    """
    unified: dict[str, Any] = {}
    for key in sorted(value) if sort else value:
        field = go_type.json_field(key)
        if field is None:
            continue
        item = value[key]
        unified[field.name] = _combine(field.field.type, unified[field.name], item) if field.name in unified else item
    return unified


def _combine(go_type: GoType, first: Any, second: Any) -> Any:
    """Return the value that decodes like ``first`` and then ``second`` decoded into the same variable."""
    while go_type.kind == "pointer":
        go_type = _elem(go_type)
        if second is None:
            return None
    if second is None:
        return None if go_type.kind in ("slice", "map", "bytes", "opaque") else first
    if isinstance(first, dict) and isinstance(second, dict):
        if go_type.kind == "map":
            return {**first, **second}
        if go_type.kind == "struct":
            first, second = (unify_keys(go_type, one, sort=False) for one in (first, second))
            types = {field.name: field.field.type for field in go_type.json_fields}
            added = {k: _combine(types[k], first[k], v) if k in first else v for k, v in second.items()}
            return {**first, **added}
    if isinstance(first, list) and isinstance(second, list) and go_type.kind == "slice":
        # Go reuses the array of the first list, old items included
        elem = _elem(go_type)
        reused = [_combine(elem, old, new) for old, new in zip(first, second, strict=False)]
        return reused + second[len(first) :]
    return second
