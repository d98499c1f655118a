"""Mesh messages as Go values: what templates see as ``.MeshConfig`` and ``.ProxyConfig``.

A view is a pointer to a struct whose fields have Go's names and types; every field has a getter that works on nil,
enums and messages print themselves. Fields are converted when a template first asks for them. ``message_of`` leads
back to the plain message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, Final

from gotemplate import values as go
from webhook.mesh.durations import duration_string
from webhook.mesh.messages import Duration, Message, Wrapped
from webhook.mesh.protojson import package_of, write_message
from webhook.mesh.rules import Library
from webhook.mesh.schema import DURATION, STRUCT, WRAPPERS, FieldInfo, MessageInfo, Schema
from webhook.mesh.textformat import struct_text, text_of, wrapped_text

_SCALARS: Final = {
    "bool": go.BOOL,
    "double": go.FLOAT64,
    "int32": go.INT32,
    "int64": go.INT64,
    "string": go.STRING,
    "uint32": go.UINT32,
    "uint64": go.UINT64,
}
_WELL_KNOWN_PACKAGES: Final = {
    Library.GOLANG: ("duration", "wrappers", "structpb"),
    Library.GOGO: ("types", "types", "types"),
    Library.PROTOREFLECT: ("durationpb", "wrapperspb", "structpb"),
}


ENUM_NUMBER: Final = go.named("protoreflect.EnumNumber", go.INT32)
_enum_number: Final = go.class_of(ENUM_NUMBER)
_DURATION_FIELDS: Final = (("Seconds", go.INT64), ("Nanos", go.INT32))


class MessageType(go.Type):
    """The struct type of a message, whose fields and methods are built when somebody looks at them."""

    __slots__ = ("_built", "_info", "_views")

    def __init__(self, info: MessageInfo, views: Views) -> None:
        self._built: tuple[tuple[go.Field, ...], dict[str, go.Method]] | None = None
        super().__init__(go.Kind.STRUCT, f"{package_of(info.name)}.{info.go}", named=True)
        self._info = info
        self._views = views

    def _parts(self) -> tuple[tuple[go.Field, ...], dict[str, go.Method]]:
        if self._built is None:
            self._built = self._views.parts_of(self._info)
        return self._built

    @property
    def fields(self) -> tuple[go.Field, ...]:
        """The fields in declaration order."""
        return self._parts()[0]

    @fields.setter
    def fields(self, _: tuple[go.Field, ...]) -> None:
        """Ignore the fields of the base class: the schema has them."""

    @property
    def methods(self) -> Mapping[str, go.Method]:
        """The methods by name."""
        return self._parts()[1]

    @methods.setter
    def methods(self, _: Mapping[str, go.Method]) -> None:
        """Ignore the methods of the base class: the schema has them."""

    @property
    def by_address(self) -> bool:
        """Whether it matters if a value is addressable: every message prints itself by a method of its pointer."""
        return True

    @property
    def has_methods(self) -> bool:
        """Whether a value may have methods."""
        return True


class MessageStruct(go.Struct):
    """The struct of a message; ``host`` is the Message, fields are converted on demand."""

    __slots__ = ("views",)

    def __init__(self, go_type: go.Type, message: Message, views: Views) -> None:
        super().__init__(go_type, None, message)
        self.views = views

    def __missing__(self, name: str) -> go.Value:
        value = self[name] = self.views.field_value(self.host, name)
        return value


def message_of(view: go.Value) -> Message | Duration | Wrapped | None:
    """Return the message, duration or wrapped value behind a view; None for nil and for what is no view."""
    target = go.indirect(view)
    host = getattr(target, "host", None)
    return host if isinstance(host, (Message, Duration, Wrapped)) else None


def _receiver(value: go.Value) -> Any:
    """Return the struct a method is called on, None for a nil pointer."""
    target = go.indirect(value)
    return None if isinstance(target, go.Pointer) else target


class Views:
    """The Go types of one release's mesh messages, each made once, and the values of those types."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._messages: dict[str, go.Type] = {}
        self._enums: dict[str, go.Type] = {}
        self._members: dict[tuple[str, str], go.Type] = {}
        self._by_go: dict[str, dict[str, FieldInfo]] = {}

    def view(self, message: Message | None, name: str = "") -> go.Pointer:
        """Return a pointer to the struct of a message; for None the nil pointer to the message type ``name``."""
        if message is None:
            return go.Pointer(go.pointer_to(self.message_type(name)))
        go_type = self.message_type(message.name)
        return go.Pointer(go.pointer_to(go_type), MessageStruct(go_type, message, self))

    def message_type(self, name: str) -> go.Type:
        """Return the struct type of a message, such as ``v1alpha1.ProxyConfig``."""
        found = self._messages.get(name)
        if found is None:
            found = self._messages[name] = MessageType(self.schema.message(name), self)
        return found

    def parts_of(self, info: MessageInfo) -> tuple[tuple[go.Field, ...], dict[str, go.Method]]:
        """Return the fields and methods of a message's struct type."""
        return tuple(self._struct_fields(info)), {method.name: method for method in self._methods(info)}

    def enum_type(self, name: str) -> go.Type:
        """Return the type of an enum, a named int32 that prints by name."""
        found = self._enums.get(name)
        if found is None:
            enum = self.schema.enum(name)

            def text(value: int) -> str:
                return enum.names.get(int(value), str(int(value)))

            methods = [go.Method("String", text, (), (go.STRING,))]
            if self.schema.rules.library is Library.PROTOREFLECT:
                methods.append(go.Method("Number", _enum_number, (), (ENUM_NUMBER,)))
            found = self._enums[name] = go.named(f"{package_of(name)}.{enum.go}", go.INT32, methods)
        return found

    @cached_property
    def duration_type(self) -> go.Type:
        """The struct type of google.protobuf.Duration in this release's library."""
        tagged = ((name, type_, f'json:"{name.lower()},omitempty"') for name, type_ in _DURATION_FIELDS)
        fields = tuple(go.Field(*field) for field in tagged)
        getters = [self._plain_getter(field) for field in fields]
        shown = go.Method("String", self._string, (), (go.STRING,), pointer=True)
        methods = [*getters, shown]
        if self.schema.rules.library is Library.PROTOREFLECT:
            methods.append(go.Method("AsDuration", _as_duration, (), (TIME_DURATION,), pointer=True))
        return go.struct_type(f"{self._package(0)}.Duration", fields, methods)

    @cached_property
    def struct_type(self) -> go.Type:
        """The struct type of google.protobuf.Struct; templates see its fields as plain values."""
        shown = go.Method("String", self._string, (), (go.STRING,), pointer=True)
        fields = (go.Field("Fields", go.MAP_STRING_ANY),)
        return go.struct_type(f"{self._package(2)}.Struct", fields, [self._plain_getter(fields[0]), shown])

    @cached_property
    def _wrappers(self) -> dict[str, go.Type]:
        return {name: self._wrapper_type(name, scalar) for name, scalar in WRAPPERS.items()}

    def _wrapper_type(self, name: str, scalar: str) -> go.Type:
        field = go.Field("Value", _SCALARS[scalar], 'json:"value,omitempty"')
        shown = go.Method("String", self._string, (), (go.STRING,), pointer=True)
        short = name.rpartition(".")[2]
        return go.struct_type(f"{self._package(1)}.{short}", (field,), [self._plain_getter(field), shown])

    def _package(self, which: int) -> str:
        return _WELL_KNOWN_PACKAGES[self.schema.rules.library][which]

    def _plain_getter(self, field: go.Field) -> go.Method:
        def get(receiver: go.Value) -> go.Value:
            struct = _receiver(receiver)
            return go.zero(field.type) if struct is None else struct[field.name]

        return go.Method(f"Get{field.name}", get, (), (field.type,), pointer=True)

    def _string(self, receiver: go.Value) -> str:
        struct = _receiver(receiver)
        if struct is None:
            return "<nil>"
        host = struct.host
        if isinstance(host, (Message, Duration)):
            return text_of(host, self.schema)
        return wrapped_text(host, self.schema) if isinstance(host, Wrapped) else struct_text(host)

    def single_type(self, name: str) -> go.Type:
        """Return the Go type of one value of a field type: a scalar, an enum, or a pointer to a struct."""
        if name in _SCALARS:
            return _SCALARS[name]
        if self.schema.is_enum(name):
            return self.enum_type(name)
        known = {DURATION: lambda: self.duration_type, STRUCT: lambda: self.struct_type}
        if name in known:
            return go.pointer_to(known[name]())
        return go.pointer_to(self._wrappers[name] if name in WRAPPERS else self.message_type(name))

    def field_type(self, field: FieldInfo) -> go.Type:
        """Return the Go type of a field's getter: a oneof member's is that of the member."""
        single = self.single_type(field.type)
        if field.label == "repeated":
            return go.slice_of(single)
        return go.map_of(_SCALARS[field.key or "string"], single) if field.label == "map" else single

    def _struct_fields(self, info: MessageInfo) -> list[go.Field]:
        fields: list[go.Field] = []
        placed: set[str] = set()
        for field in info.fields:
            if field.oneof is None:
                fields.append(go.Field(field.go, self.field_type(field)))
            elif field.oneof not in placed:
                placed.add(field.oneof)
                fields.append(go.Field(info.oneofs[field.oneof], self._oneof_type(info, field.oneof)))
        return fields

    @staticmethod
    def _oneof_type(info: MessageInfo, oneof: str) -> go.Type:
        return go.Type(go.Kind.INTERFACE, f"{package_of(info.name)}.is{info.go}_{info.oneofs[oneof]}", named=True)

    def member_type(self, info: MessageInfo, field: FieldInfo) -> go.Type:
        """Return the wrapper struct of a oneof member, such as ``v1alpha1.Tracing_Zipkin_``."""
        key = (info.name, field.name)
        if key not in self._members:
            self._members[key] = go.struct_type(
                self._member_name(info, field), (go.Field(field.go, self.field_type(field)),)
            )
        return self._members[key]

    def _member_name(self, info: MessageInfo, field: FieldInfo) -> str:
        name = f"{info.go}_{field.go}"
        taken = f"{info.name}.{field.go}"  # a nested type of the same Go name pushes the wrapper one underscore further
        try:
            self.schema.message(taken)
        except KeyError:
            taken = taken if self.schema.is_enum(taken) else ""
        return f"{package_of(info.name)}.{name}{'_' if taken else ''}"

    def _methods(self, info: MessageInfo) -> list[go.Method]:
        methods = [self._getter(field) for field in info.fields]
        methods.extend(
            self._oneof_getter(info, oneof) for oneof in dict.fromkeys(f.oneof for f in info.fields if f.oneof)
        )
        methods.append(go.Method("String", self._string, (), (go.STRING,), pointer=True))
        methods.append(go.Method("MarshalJSON", self._json, (), (go.BYTES,), pointer=True))
        return methods

    def _json(self, receiver: go.Value) -> bytes:
        struct = _receiver(receiver)
        return b"null" if struct is None else write_message(struct.host, self.schema).encode("utf-8", "surrogatepass")

    def _getter(self, field: FieldInfo) -> go.Method:
        go_type = self.field_type(field)

        def get(receiver: go.Value) -> go.Value:
            struct = _receiver(receiver)
            if struct is None:
                return go.zero(go_type)
            return struct[field.go] if field.oneof is None else self.convert(field, struct.host.get(field.name))

        return go.Method(f"Get{field.go}", get, (), (go_type,), pointer=True)

    def _oneof_getter(self, info: MessageInfo, oneof: str) -> go.Method:
        name = info.oneofs[oneof]

        def get(receiver: go.Value) -> go.Value:
            struct = _receiver(receiver)
            return None if struct is None else struct[name]

        return go.Method(f"Get{name}", get, (), (self._oneof_type(info, oneof),), pointer=True)

    def field_value(self, message: Message, go_name: str) -> go.Value:
        """Return the value of a struct field of a message; KeyError where the struct has no such field."""
        info = self.schema.message(message.name)
        fields = self._by_go.get(message.name)
        if fields is None:
            fields = self._by_go[message.name] = {field.go: field for field in info.fields if field.oneof is None}
        if go_name in fields:
            return self.convert(fields[go_name], message.get(fields[go_name].name))
        oneof = next((oneof for oneof, name in info.oneofs.items() if name == go_name), None)
        if oneof is None:
            raise KeyError(go_name)
        return self._oneof_value(info, message, oneof)

    def _oneof_value(self, info: MessageInfo, message: Message, oneof: str) -> go.Value:
        for field in info.members(oneof):
            if field.name in message.fields:
                go_type = self.member_type(info, field)
                value = self.convert(field, message.fields[field.name])
                return go.Pointer(go.pointer_to(go_type), go.Struct(go_type, {field.go: value}))
        return None

    def convert(self, field: FieldInfo, value: Any) -> go.Value:
        """Return a field's value as Go value; None gives the zero value of its type."""
        go_type = self.field_type(field)
        if value is None:
            return go.zero(go_type)
        if field.label == "repeated":
            return go.Slice(go_type, [self._single(field.type, item) for item in value])
        if field.label == "map":
            return go.Map(go_type, {key: self._single(field.type, item) for key, item in value.items()})
        return self._single(field.type, value)

    def _single(self, name: str, value: Any) -> go.Value:
        go_type = self.single_type(name)
        if value is None:
            return go.zero(go_type)
        if isinstance(value, Message):
            return self.view(value)
        if isinstance(value, Duration):
            return self.duration(value)
        if name == STRUCT:
            return self._well_known(self.struct_type, {"Fields": value}, value)
        if name in WRAPPERS:
            scalar = go.make(_SCALARS[WRAPPERS[name]], value)
            return self._well_known(self._wrappers[name], {"Value": scalar}, Wrapped(value))
        return go.make(go_type, value)

    @staticmethod
    def _well_known(go_type: go.Type, fields: dict[str, go.Value], host: Any) -> go.Pointer:
        return go.Pointer(go.pointer_to(go_type), go.Struct(go_type, fields, host))

    def duration(self, value: Duration | None) -> go.Pointer:
        """Return the view of a duration, the nil pointer for None."""
        if value is None:
            return go.Pointer(go.pointer_to(self.duration_type))
        fields = {"Seconds": go.make(go.INT64, value.seconds), "Nanos": go.make(go.INT32, value.nanos)}
        return self._well_known(self.duration_type, fields, value)


def _duration_method(name: str, call: Callable[[int], Any], result: go.Type) -> go.Method:
    return go.Method(name, call, (), (result,))


TIME_DURATION: Final = go.named(
    "time.Duration",
    go.INT64,
    [
        _duration_method("String", lambda value: duration_string(int(value)), go.STRING),
        _duration_method("Seconds", lambda value: int(value) / 1e9, go.FLOAT64),
        _duration_method("Minutes", lambda value: int(value) / 6e10, go.FLOAT64),
        _duration_method("Hours", lambda value: int(value) / 3.6e12, go.FLOAT64),
        _duration_method("Milliseconds", lambda value: go.make(go.INT64, int(int(value) / 1_000_000)), go.INT64),
        _duration_method("Nanoseconds", lambda value: go.make(go.INT64, int(value)), go.INT64),
    ],
)
"""Go's time.Duration with the methods a template may call."""


def _as_duration(receiver: go.Value) -> go.Value:
    struct = _receiver(receiver)
    nanoseconds = 0 if struct is None else struct.host.nanoseconds
    return go.make(TIME_DURATION, max(-(2**63), min(2**63 - 1, nanoseconds)))


@cache
def views_of(schema: Schema) -> Views:
    """Return the views of a release; one object a schema, so that types compare by identity."""
    return Views(schema)
