"""Go's words for a JSON value that does not fit its type: which of several errors encoding/json reports, and how it
names the field.

Only called after a decoder refused a value. encoding/json goes on after a type error and reports the first one at the
end, but stops at an error from a type that reads itself. How the field is named depends on the Go release: the
innermost struct and field until 1.13, the path of JSON names from 1.14, with the Go names of inlined structs in it from
1.24.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from gotemplate.golib.floats import format_float
from webhook.kube.decode_errors import DecodeError, MismatchError
from webhook.kube.gotypes import GoType, JsonField
from webhook.kube.opaque import canonical_base64, canonical_time, decode_opaque, json_word, number_text

_FULL_PATH: Final = (1, 14)
_EMBEDDED_IN_PATH: Final = (1, 24)
_TIME_CHECKS_JSON: Final = 11
_INT_LIMITS: Final = {8: (0, 255), 32: (-(1 << 31), (1 << 31) - 1), 64: (-(1 << 63), (1 << 63) - 1)}


class _Walk:
    """One run over a value in Go's order, with encoding/json's error context."""

    def __init__(self, go: tuple[int, int], api: int, *, coerce: bool) -> None:
        self.go = go
        self.api = api
        self.coerce = coerce
        self.struct = ""
        self.names: tuple[str, ...] = ()
        self.first: DecodeError | None = None

    def visit(self, go_type: GoType, value: Any, path: str, *, coerce: bool) -> None:
        while go_type.kind == "pointer" and go_type.elem is not None:
            go_type = go_type.elem
        if value is None or go_type.kind == "any":
            return
        if isinstance(value, float) and not math.isfinite(value) and not (coerce and go_type.kind == "string"):
            raise DecodeError(f"json: unsupported value: {format_float(value)}", path)
        if go_type.kind == "opaque":
            self.visit_opaque(go_type, value, path)
        elif isinstance(value, dict) and go_type.kind in ("struct", "map"):
            self.visit_object(go_type, value, path, coerce=coerce)
        elif isinstance(value, list) and go_type.kind in ("slice", "bytes") and go_type.elem is not None:
            for index, item in enumerate(value):
                self.visit(go_type.elem, item, f"{path}[{index}]", coerce=coerce)
        elif go_type.kind == "bytes" and isinstance(value, str):
            self.visit_base64(value, path)
        elif not self.fits(go_type, value, coerce=coerce):
            self.note(go_type, value, path)

    def visit_object(self, go_type: GoType, value: dict[str, Any], path: str, *, coerce: bool) -> None:
        outer = self.struct, self.names
        keys: Iterable[str] = sorted(value) if self.coerce else value
        for key in keys:
            inner = f"{path}.{key}" if path else key
            if go_type.kind == "map" and go_type.elem is not None:
                self.visit(go_type.elem, value[key], inner, coerce=coerce)
            elif (field := go_type.json_field(key)) is not None:
                self.enter(go_type, field, outer[1])
                self.visit(field.field.type, value[key], inner, coerce=coerce and not field.promoted)
            self.struct, self.names = outer if self.go >= _FULL_PATH else ("", ())

    def enter(self, go_type: GoType, field: JsonField, names: tuple[str, ...]) -> None:
        self.struct = go_type.short_name
        if self.go < _FULL_PATH:
            names = ()
        embedded = field.path[:-1] if self.go >= _EMBEDDED_IN_PATH else ()
        self.names = (*names, *embedded, field.name)

    def fits(self, go_type: GoType, value: Any, *, coerce: bool) -> bool:
        match go_type.kind:
            case "string":
                return isinstance(value, str) or (coerce and isinstance(value, (int, float)))
            case "bool":
                return isinstance(value, bool)
            case "float":
                return isinstance(value, (int, float)) and not isinstance(value, bool)
            case "int":
                return self.fits_integer(go_type.bits, value)
        return False

    def fits_integer(self, bits: int, value: Any) -> bool:
        low, high = _INT_LIMITS[bits]
        if isinstance(value, float) and self.coerce and value.is_integer():
            value = int(value)
        return value.__class__ is int and low <= value <= high

    def visit_opaque(self, go_type: GoType, value: Any, path: str) -> None:
        try:
            decode_opaque(go_type, value, of_yaml=self.coerce)
        except MismatchError as error:
            if go_type.name == "meta/v1.Time" and error.target and self.api < _TIME_CHECKS_JSON:
                error = _empty_time_error()
            text = self.describe(error.value, error.target) if error.target else str(error)
            raise DecodeError(text, path) from error

    def visit_base64(self, value: str, path: str) -> None:
        try:
            canonical_base64(value)
        except MismatchError as error:
            self.first = self.first or DecodeError(str(error), path)

    def note(self, go_type: GoType, value: Any, path: str) -> None:
        if self.first is None:
            word = json_word(value)
            if go_type.kind == "int" and word == "number":
                word = f"number {number_text(value)}"
            self.first = DecodeError(self.describe(word, go_type.go_name), path)

    def describe(self, word: str, target: str) -> str:
        if self.struct:
            place = f"{self.struct}.{'.'.join(self.names)}"
            return f"json: cannot unmarshal {word} into Go struct field {place} of type {target}"
        return f"json: cannot unmarshal {word} into Go value of type {target}"


def _empty_time_error() -> MismatchError:
    """Return the error of the empty text, which is what metav1.Time parses for JSON that is no string before 1.11."""
    try:
        canonical_time("")
    except MismatchError as error:
        return error
    raise AssertionError("the empty text is no time")


def explain_mismatch(go_type: GoType, value: Any, *, go: tuple[int, int], api: int, coerce: bool) -> DecodeError:
    """Return the error that Go reports for a value that a decoder refused.

    ``go`` is the Go release of the program, ``api`` its Kubernetes minor: metav1.Time reports JSON errors since 11.
    """
    walk = _Walk(go, api, coerce=coerce)
    try:
        walk.visit(go_type, value, "", coerce=coerce)
    except DecodeError as error:
        return error
    if walk.first is None:
        raise AssertionError(f"a decoder refused what fits {go_type.name}")
    return walk.first
