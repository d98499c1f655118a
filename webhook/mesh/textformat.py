"""How mesh messages print: the compact text format of the release's protobuf library.

The newest library separates fields by one or two spaces, chosen per build of a program; one is written here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from webhook.mesh.messages import Duration, Message, Wrapped
from webhook.mesh.rules import Library
from webhook.mesh.schema import WRAPPERS, FieldInfo, Schema


def _float_text(value: float) -> str:
    shortest = next(text for text in (f"{value:.{digits}e}" for digits in range(18)) if float(text) == value)
    mantissa, _, exponent = shortest.partition("e")
    power = int(exponent)
    if power < -4 or power >= 6:  # Go's %v
        return f"{mantissa}e{'-' if power < 0 else '+'}{abs(power):02d}"
    return f"{value:.{max(0, len(mantissa.partition('.')[2]) - power)}f}"


def _old_string(text: str) -> str:
    escapes = {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t", 0x22: '\\"', 0x5C: "\\\\"}
    out = []
    for byte in text.encode("utf-8", "surrogatepass"):
        out.append(escapes.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"))
    return '"' + "".join(out) + '"'


def _new_string(text: str) -> str:
    escapes = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
    out = []
    for char in text:
        code = ord(char)
        control = code < 0x20 or code == 0x7F
        out.append(escapes.get(char) or (f"\\x{code:02x}" if control else _new_rune(code, char)))
    return '"' + "".join(out) + '"'


def _new_rune(code: int, char: str) -> str:
    return f"\\u{code:04x}" if 0x80 <= code < 0xA0 else char


class _Printer:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.old = schema.rules.library is not Library.PROTOREFLECT

    def message(self, message: Message) -> str:
        parts = [part for field in self.schema.message(message.name).fields for part in self._field(field, message)]
        return self.join(parts)

    def join(self, parts: list[str]) -> str:
        return "".join(part + " " for part in parts) if self.old else " ".join(parts)

    def _field(self, field: FieldInfo, message: Message) -> Iterator[str]:
        if field.name not in message.fields:
            return
        value = message.fields[field.name]
        if field.label == "repeated":
            for item in value:
                yield self.entry(field.name, field.type, item)
        elif field.label == "map":
            for key in sorted(value):
                yield self._map_entry(field, key, value[key])
        elif field.label == "wrapper":
            yield self.block(field.name, self.wrapper(field.type, value))
        elif value is None:
            yield f"{field.name}:/* nil */"
        else:
            yield self.entry(field.name, field.type, value)

    def wrapper(self, type_name: str, value: Any) -> str:
        return self.join([self.entry("value", WRAPPERS[type_name], value)]) if value else ""

    def _map_entry(self, field: FieldInfo, key: Any, value: Any) -> str:
        parts = [self.entry("key", field.key or "string", key), self.entry("value", field.type, value)]
        return self.block(field.name, self.join(parts))

    def block(self, name: str, body: str) -> str:
        return f"{name}:<{body}>" if self.old else f"{name}:{{{body}}}"

    def entry(self, name: str, type_name: str, value: Any) -> str:
        if isinstance(value, Message):
            return self.block(name, self.message(value))
        if isinstance(value, Duration):
            return self.block(name, self.duration(value))
        if isinstance(value, Mapping):
            return self.block(name, struct_text(value))
        return f"{name}:{self._scalar(type_name, value)}"

    def duration(self, value: Duration) -> str:
        parts = [f"{name}:{part}" for name, part in (("seconds", value.seconds), ("nanos", value.nanos)) if part]
        return self.join(parts)

    def _scalar(self, type_name: str, value: Any) -> str:
        if value is None:
            return "<nil>"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return _old_string(value) if self.old else _new_string(value)
        if isinstance(value, float):
            return _float_text(value)
        if self.schema.is_enum(type_name):
            return self.schema.enum(type_name).names.get(value, str(value))
        return str(value)


def text_of(value: Message | Duration, schema: Schema) -> str:
    """Return what String() of a message or duration gives."""
    printer = _Printer(schema)
    return printer.duration(value) if isinstance(value, Duration) else printer.message(value)


def wrapped_text(wrapped: Wrapped, schema: Schema) -> str:
    """Return what String() of a wrapper gives: ``value:4``, nothing for a zero."""
    printer = _Printer(schema)
    return printer.join([printer.entry("value", "", wrapped.value)]) if wrapped.value else ""


def struct_text(value: Mapping[str, Any]) -> str:
    """Return a google.protobuf.Struct as text: its fields by key, values as JSON."""
    return " ".join(f"fields:{{key:{json.dumps(key)} value:{{{json.dumps(value[key])}}}}}" for key in sorted(value))
