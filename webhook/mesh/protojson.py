"""Proto JSON as the jsonpb libraries of Istio's releases read and write it.

Reading starts from decoded JSON or YAML (dict, list, str, bool, int, float, None) and lays it over an existing
message: a field that is given replaces the old value whole, ``null`` leaves it. Writing gives the compact JSON text.
The rules were observed on the libraries themselves (``tests/webhook/mesh/recorder``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from webhook.mesh.durations import parse_duration
from webhook.mesh.errors import MeshError
from webhook.mesh.messages import Duration, Message, Wrapped
from webhook.mesh.rules import Library
from webhook.mesh.schema import DURATION, SCALARS, STRUCT, WRAPPERS, FieldInfo, MessageInfo, Schema

_RANGES: Final = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}
_GO_TYPES: Final = {"double": "float64"}
_JSON_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?"


class _NumberText(float):
    """A JSON number taken out of a string: its text decides, as it does where a number stands in JSON itself."""

    __slots__ = ("text",)
    text: str


def go_number(value: float) -> str:
    """Return a number as Go's encoding/json writes it: integers below 1e21 plainly, others as the shortest decimal."""
    if isinstance(value, _NumberText):
        return value.text
    if isinstance(value, int):
        return str(value)
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    mantissa, _, exponent = text.partition("e")
    if exponent:
        mantissa = mantissa.removesuffix(".0")
        sign, digits = exponent[:1], exponent[1:].lstrip("0") if exponent[:1] in "+-" else exponent
        return f"{mantissa}e{sign if sign == '-' else '+'}{digits}"
    small = abs(value)
    if small and small < 1e-6:
        digits = mantissa.lstrip("-0.").rstrip("0")
        places = len(mantissa.partition(".")[2]) - len(digits) + 1
        shown = digits[0] + ("." + digits[1:] if digits[1:] else "")
        return f"{'-' if value < 0 else ''}{shown}e-{places}"
    return text


def _json_kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (int, float)):
        return "number"
    return "object" if isinstance(value, Mapping) else "array"


def _mismatch(value: Any, go_type: str, *, shows_number: bool = False) -> MeshError:
    kind = _json_kind(value)
    shown = f"number {go_number(value)}" if kind == "number" and shows_number else kind
    return MeshError(f"json: cannot unmarshal {shown} into Go value of type {go_type}")


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _mismatch(value, "map[string]json.RawMessage")
    return value


def _unquoted_number(text: str) -> Any:
    """Return what a string that stands for a number says when its text is read as JSON."""
    match = re.match(_JSON_NUMBER, text)
    if not text:
        raise MeshError("unexpected end of JSON input")
    if match is None:
        constants = {"true": True, "false": False, "null": None}
        if text in constants:
            return constants[text]
        raise MeshError(f"invalid character {_char(text[0])} looking for beginning of value")
    if match.end() < len(text):
        raise MeshError(f"invalid character {_char(text[match.end()])} after top-level value")
    number = _NumberText(text)
    number.text = text
    return number


def _char(char: str) -> str:
    if char in "'\"":
        return "'\\''" if char == "'" else "'\"'"
    return "'" + json.dumps(char, ensure_ascii=False)[1:-1] + "'"


class Reader:
    """Reads proto JSON into messages of one release."""

    def __init__(self, schema: Schema, *, allow_unknown: bool = False) -> None:
        self.schema = schema
        self.library = schema.rules.library
        self.allow_unknown = allow_unknown

    def read(self, data: Any, over: Message) -> Message:
        """Return the message with decoded JSON laid over it; raises MeshError with the library's text."""
        if data is None:
            return over
        info = self.schema.message(over.name)
        left = dict(_object(data))
        fields = dict(over.fields)
        # struct fields come first and oneof members after them: which error is met first depends on it
        for field in (f for f in info.fields if f.label != "oneof"):
            given, value = self._take(field, left)
            if given and value is not None:
                self._set(fields, field, self._value(field, value))
        for field in (f for f in info.fields if f.label == "oneof"):
            given, value = self._take(field, left)
            if given:
                self._set_member(fields, info, field, value)
        if left and not self.allow_unknown:
            raise MeshError(f'unknown field "{min(left)}" in {self._type_name(info.name)}')
        return Message(over.name, fields)

    @staticmethod
    def _take(field: FieldInfo, left: dict[str, Any]) -> tuple[bool, Any]:
        given, value = field.name in left, left.pop(field.name, None)
        if field.json in left:
            return True, left.pop(field.json)
        return given, value

    def _set(self, fields: dict[str, Any], field: FieldInfo, value: Any) -> None:
        plain = field.label == "single" and (field.type in SCALARS or self.schema.is_enum(field.type))
        if plain and not value:
            fields.pop(field.name, None)
        else:
            fields[field.name] = value

    def _set_member(self, fields: dict[str, Any], info: MessageInfo, field: FieldInfo, value: Any) -> None:
        if value is None and self.library is Library.PROTOREFLECT:
            return
        read = self._zero(field) if value is None else self._value(field, value)
        for member in info.members(field.oneof or ""):
            fields.pop(member.name, None)
        fields[field.name] = read

    def _zero(self, field: FieldInfo) -> Any:
        if field.type in SCALARS:
            return {"string": "", "bool": False}.get(field.type, 0)
        return 0 if self.schema.is_enum(field.type) else None

    def _value(self, field: FieldInfo, value: Any) -> Any:
        if field.label == "repeated":
            if not isinstance(value, list):
                raise _mismatch(value, "[]json.RawMessage")
            return tuple(self._element(field, item) for item in value)
        if field.label == "map":
            return {key: self._element(field, item) for key, item in sorted(_object(value).items())}
        return self._single(field.type, value)

    def _element(self, field: FieldInfo, value: Any) -> Any:
        if value is None:
            zero = self._zero(field)
            return Message(field.type) if zero is None and self.library is Library.PROTOREFLECT else zero
        return self._single(field.type, value)

    def _single(self, type_name: str, value: Any) -> Any:
        if type_name == DURATION:
            return self._duration(value)
        if type_name == STRUCT:
            return dict(_object(value))
        if type_name in WRAPPERS:
            return self._scalar(WRAPPERS[type_name], value)
        if type_name in SCALARS:
            return self._scalar(type_name, value)
        if self.schema.is_enum(type_name):
            return self._enum(type_name, value)
        return self.read(value, Message(type_name))

    def _duration(self, value: Any) -> Duration:
        if not isinstance(value, str):
            if self.library is Library.GOLANG:
                raise MeshError("invalid syntax")
            raise _mismatch(value, "string")
        try:
            return Duration.of(parse_duration(value, quoted=self.schema.rules.quotes_durations))
        except ValueError as error:
            raise MeshError(f"bad Duration: {error}") from None

    def _enum(self, type_name: str, value: Any) -> int:
        enum = self.schema.enum(type_name)
        if isinstance(value, str):
            if value not in enum.numbers:
                shown = f'"\\"{value}\\""' if self.library is Library.PROTOREFLECT else f'"{value}"'
                raise MeshError(f"unknown value {shown} for enum {self._enum_name(type_name)}")
            return enum.numbers[value]
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _mismatch(value, self._enum_go_type(type_name))
        return self._integer("int32", value, self._enum_go_type(type_name))

    def _scalar(self, type_name: str, value: Any) -> Any:
        if type_name in ("string", "bool"):
            if not isinstance(value, str if type_name == "string" else bool):
                raise _mismatch(value, type_name)
            return value
        go_type = _GO_TYPES.get(type_name, type_name)
        wide = type_name.endswith("64") and type_name != "double"
        if isinstance(value, str) and (wide or self.library is not Library.GOLANG):
            value = _unquoted_number(value)
            if value is None:
                return 0
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _mismatch(value, go_type)
        return float(value) if type_name == "double" else self._integer(type_name, value, go_type)

    @staticmethod
    def _integer(type_name: str, value: float, go_type: str) -> int:
        text = go_number(value)
        low, high = _RANGES[type_name]
        if re.fullmatch(r"-?[0-9]+", text) is None or not low <= int(text) <= high:
            raise _mismatch(value, go_type, shows_number=True)
        return int(text)

    def _type_name(self, name: str) -> str:
        if self.library is Library.PROTOREFLECT:
            return name
        return f"{package_of(name)}.{self.schema.message(name).go}"

    def _enum_name(self, name: str) -> str:
        if self.library is Library.PROTOREFLECT:
            return name
        parts = name.split(".")
        return ".".join([*parts[: _package_length(parts)], self.schema.enum(name).go])

    def _enum_go_type(self, name: str) -> str:
        if self.library is Library.PROTOREFLECT:
            return "protoreflect.EnumNumber"
        return f"{package_of(name)}.{self.schema.enum(name).go}"


def _package_length(parts: list[str]) -> int:
    return next(at for at, part in enumerate(parts) if part[:1].isupper())


def package_of(name: str) -> str:
    """Return the Go package a proto name is generated into, as reflect prints it: ``v1alpha1``."""
    parts = name.split(".")
    return parts[_package_length(parts) - 1]


def read_message(data: Any, over: Message, schema: Schema) -> Message:
    """Return the message with decoded JSON laid over it, as the release does.

    Unknown fields are refused up to 1.0; later releases allow them at a second try. Raises MeshError with the text of
    the release's library.
    """
    try:
        return Reader(schema).read(data, over)
    except MeshError:
        if not schema.rules.tolerates_unknown_fields:
            raise
    return Reader(schema, allow_unknown=True).read(data, over)


_ESCAPES: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def go_string(text: str, *, short_escapes: bool = True) -> str:
    """Return a string as Go's encoding/json writes it with HTML escaping on; before Go 1.22 without short escapes."""
    quoted = json.dumps(text, ensure_ascii=False).translate(_ESCAPES)
    if short_escapes or ("\\b" not in quoted and "\\f" not in quoted):
        return quoted
    return re.sub(r"\\(.)", lambda m: {"b": "\\u0008", "f": "\\u000c"}.get(m[1], m[0]), quoted)


def duration_json(value: Duration, library: Library) -> str:
    """Return the JSON text of a duration, quotes excluded: 0, 3, 6 or 9 decimals (golang/protobuf of 2018: never 0)."""
    sign = "-" if value.nanoseconds < 0 else ""
    text = f"{sign}{abs(value.seconds)}.{abs(value.nanos):09d}"
    text = text.removesuffix("000").removesuffix("000")
    if library is not Library.GOLANG:
        text = text.removesuffix(".000")
    return text + "s"


class Writer:
    """Writes messages of one release as compact JSON."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.library = schema.rules.library

    def write(self, message: Message) -> str:
        """Return the JSON text of a message: declaration order, camelCase names, zero scalars left out."""
        info = self.schema.message(message.name)
        parts = [
            f'"{field.json}":{self._field(field, message.fields[field.name])}'
            for field in info.fields
            if field.name in message.fields and self._shows(field, message.fields[field.name])
        ]
        return "{" + ",".join(parts) + "}"

    def _string(self, text: str) -> str:
        return go_string(text, short_escapes=self.schema.rules.short_escapes)

    def _shows(self, field: FieldInfo, value: Any) -> bool:
        return bool(value) or field.label not in ("repeated", "map") or self.library is not Library.PROTOREFLECT

    def _field(self, field: FieldInfo, value: Any) -> str:
        if field.label == "repeated":
            return "[" + ",".join(self._single(field.type, item) for item in value) + "]"
        if field.label == "map":
            pairs = (f"{self._string(key)}:{self._single(field.type, value[key])}" for key in sorted(value, key=_utf8))
            return "{" + ",".join(pairs) + "}"
        return self._single(field.type, value)

    def value(self, type_name: str, value: Any) -> str:
        """Return the JSON of a value of a type by its full proto name; of a wrapper it is the wrapped value's."""
        return self._single(type_name, value)

    def _single(self, type_name: str, value: Any) -> str:
        writers: dict[type, Callable[[Any], str]] = {Message: self.write, str: self._string, dict: _struct}
        if value is None:
            return "null"
        if isinstance(value, Duration):
            return f'"{duration_json(value, self.library)}"'
        if value.__class__ in writers:
            return writers[value.__class__](value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if self.schema.is_enum(type_name):
            name = self.schema.enum(type_name).names.get(value)
            return str(value) if name is None else f'"{name}"'
        text = go_number(value)
        return f'"{text}"' if WRAPPERS.get(type_name, type_name) in ("int64", "uint64") else text


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _struct(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{go_string(key)}:{_struct(value[key])}" for key in sorted(value, key=_utf8)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_struct, value)) + "]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return go_string(value) if isinstance(value, str) else go_number(value)


def write_well_known(value: Duration | Wrapped, name: str, schema: Schema) -> str:
    """Return a duration, or what a wrapper holds, as JSON.

    name: that of the message in Go, such as ``Int64Value``.
    """
    held = value.value if isinstance(value, Wrapped) else value
    return Writer(schema).value(f"google.protobuf.{name}", held)


def write_message(message: Message, schema: Schema) -> str:
    """Return a message as the compact JSON of the release's jsonpb library."""
    return Writer(schema).write(message)
