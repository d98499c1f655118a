"""Kubernetes objects as templates see them: structs with Go field names over canonical dicts, converted when touched.

    spec = view(schema, "core/v1.PodSpec", pod["spec"], pointer=True)      # {{ .Spec.SecurityContext.FSGroup }}
    json_of(schema, spec)                                                  # what json.Marshal(spec) prints, as a dict

A view never changes its canonical dict. Nil pointers, maps and slices, named string types (``v1.PullPolicy``), embedded
structs and the methods that the types have in Go are as in Go; ``webhook.kube.viewmethods`` has the methods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from gotemplate import values
from gotemplate.golib import encoding_json
from gotemplate.values import Field, Map, Pointer, Slice, Struct, Type, Value
from webhook.kube import gojson, viewmethods
from webhook.kube.gotypes import Field as SourceField
from webhook.kube.gotypes import GoType
from webhook.kube.schema import Schema

Converter = Callable[[Any], Value]
Getter = tuple[str, Converter]
_SCALARS: Final = {
    "string": values.STRING, "bool": values.BOOL, "float64": values.FLOAT64, "int": values.INT, "int32": values.INT32,
    "int64": values.INT64, "uint8": values.UINT8, "interface {}": values.ANY,
}  # fmt: skip
_STRING: Final = "*String"


class StructType(Type):
    """A struct type of the Kubernetes API whose fields and methods are built when somebody looks at them."""

    __slots__ = ("_built_methods", "_fields", "getters", "source", "views")

    def __init__(self, source: GoType, views: Views) -> None:
        """Describe a struct of the tables."""
        self.getters: dict[str, Getter] = {}
        self._fields: tuple[Field, ...] | None = None
        self._built_methods: Mapping[str, values.Method] | None = None
        super().__init__(values.Kind.STRUCT, source.go_name, named=True)
        self.source = source
        self.views = views

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields in declaration order."""
        if self._fields is None:
            self._fields = tuple(
                Field(field.go, self.views.type_of(field.type), _tag(field), embedded=field.embedded)
                for field in self.source.fields
            )
        return self._fields

    @fields.setter
    def fields(self, _: tuple[Field, ...]) -> None:
        """Ignore the fields of the base class: the tables have them."""

    @property
    def methods(self) -> Mapping[str, values.Method]:
        """The methods by name."""
        if self._built_methods is None:
            self._built_methods = viewmethods.methods_of(self.source, self.views)
        return self._built_methods

    @methods.setter
    def methods(self, _: Mapping[str, values.Method]) -> None:
        """Ignore the methods of the base class: the tables have them."""

    def getter(self, name: str) -> Getter:
        """Return the JSON name (empty for an inlined struct) and the converter of a field by its Go name.

        KeyError if unknown.
        """
        found = self.getters.get(name)
        if found is None:
            field = next((field for field in self.source.fields if field.go == name), None)
            if field is None:
                raise KeyError(name)
            found = self.getters[name] = field.json, self.views.converter(field.type)
        return found

    @property
    def by_address(self) -> bool:
        """Whether it matters if a value is addressable: nearly every struct has a String method on its pointer."""
        return _STRING in self.source.methods or super().by_address

    @property
    def has_methods(self) -> bool:
        """Whether a value may have methods."""
        return _STRING in self.source.methods or super().has_methods


def _tag(field: SourceField) -> str:
    if not field.json:
        return 'json:",inline"'
    options = (",omitempty" if field.omitempty else "") + (",omitzero" if field.omitzero else "")
    return f'json:"{field.json}{options}"'


class StructView(Struct):
    """A struct over a canonical dict (its ``host``); a field is converted when it is first read."""

    __slots__ = ("struct",)

    def __init__(self, go_type: StructType, canonical: dict[str, Any]) -> None:
        """Look at a canonical dict through a struct type."""
        self.go_type = self.struct = go_type
        self.hidden = {}
        self.host = canonical

    def __missing__(self, name: str) -> Value:
        key, convert = self.struct.getter(name)
        value = self[name] = convert(self.host.get(key) if key else self.host)
        return value


class Views:
    """The template types of one schema, and how canonical values become values of them."""

    def __init__(self, schema: Schema) -> None:
        """Prepare for a schema; ``views_of`` caches what this builds."""
        self.schema = schema
        self._types: dict[GoType, Type] = {}
        self._converters: dict[GoType, Converter] = {}

    def named(self, type_name: str) -> Type:
        """Return the template type of a type name; KeyError when the schema has none."""
        return self.type_of(self.schema.type(type_name))

    def type_of(self, source: GoType) -> Type:
        """Return the template type of a type of the tables."""
        found = self._types.get(source)
        if found is None:
            found = self._types[source] = self._build(source)
        return found

    def _build(self, source: GoType) -> Type:
        if source.name in _SCALARS:
            return _SCALARS[source.name]
        if source.kind == "opaque":
            return viewmethods.opaque_type(source.name)
        if source.kind == "struct":
            return StructType(source, self)
        if not source.package:
            return self._composite(source)
        underlying = self._composite(source) if source.elem is not None else _SCALARS[_base_name(source)]
        methods = viewmethods.methods_of(source, self)
        return values.named(source.go_name, underlying, methods.values())

    def _composite(self, source: GoType) -> Type:
        if source.elem is None:
            raise TypeError(f"{source.name} is not made of other types")
        elem = self.type_of(source.elem)
        if source.kind == "pointer":
            return values.pointer_to(elem)
        return values.map_of(self.type_of(source.key), elem) if source.key is not None else values.slice_of(elem)

    def converter(self, source: GoType) -> Converter:
        """Return the function from a canonical value (None: absent) to the value of the type."""
        found = self._converters.get(source)
        if found is None:
            found = self._converters[source] = self._compile(source)
        return found

    def _compile(self, source: GoType) -> Converter:
        match source.kind:
            case "struct":
                return self._struct(source)
            case "pointer":
                return self._pointer(source)
            case "slice":
                return self._slice(source)
            case "map":
                return self._map(source)
            case "opaque":
                return viewmethods.opaque_converter(source.name)
            case "bytes":
                return _octets(self.type_of(source))
            case "any":
                return lambda item: item
        go_type = self.type_of(source)
        plain = values.class_of(go_type) if source.kind != "bool" else bool
        return lambda item: plain() if item is None else plain(item)

    def _struct(self, source: GoType) -> Converter:
        go_type = self.type_of(source)
        if not isinstance(go_type, StructType):
            raise TypeError(f"{source.name} is no struct")
        struct_type = go_type
        return lambda item: StructView(struct_type, item or {})

    def _pointer(self, source: GoType) -> Converter:
        go_type = self.type_of(source)
        nil = Pointer(go_type)
        elem = source.elem

        def convert(item: Any) -> Pointer:
            return nil if item is None or elem is None else Pointer(go_type, self.converter(elem)(item))

        return convert

    def _slice(self, source: GoType) -> Converter:
        go_type = self.type_of(source)
        elem = source.elem

        def convert(items: Any) -> Slice:
            if items is None or elem is None:
                return Slice(go_type, None)
            convert_item = self.converter(elem)
            return Slice(go_type, [convert_item(item) for item in items])

        return convert

    def _map(self, source: GoType) -> Converter:
        go_type = self.type_of(source)
        elem, key = source.elem, source.key

        def convert(items: Any) -> Map:
            if items is None or elem is None or key is None:
                return Map(go_type, None)
            if elem.name == "string" and key.name == "string":
                return Map(go_type, items)
            convert_key, convert_item = self.converter(key), self.converter(elem)
            return Map(go_type, {convert_key(name): convert_item(item) for name, item in items.items()})

        return convert


def _base_name(source: GoType) -> str:
    return {"int": f"int{source.bits}", "float": "float64"}.get(source.kind, source.kind)


def _octets(go_type: Type) -> Converter:
    import base64

    def convert(text: Any) -> Value:
        return values.zero(go_type) if text is None else base64.b64decode(text)

    return convert


@cache
def views_of(schema: Schema) -> Views:
    """Return the template types of a schema."""
    return Views(schema)


def view(schema: Schema, type_name: str, canonical: dict[str, Any] | None, *, pointer: bool) -> Value:
    """Return a canonical dict as the template value of its struct type, or as a pointer to it.

    ``None`` is the zero struct, or the nil pointer.
    """
    convert, pointer_type = _viewer(schema, type_name)
    if not pointer:
        return convert(canonical)
    return Pointer(pointer_type) if canonical is None else Pointer(pointer_type, convert(canonical))


@cache
def _viewer(schema: Schema, type_name: str) -> tuple[Converter, Type]:
    views = views_of(schema)
    source = schema.type(type_name)
    return views.converter(source), values.pointer_to(views.type_of(source))


def view_type(schema: Schema, type_name: str, *, pointer: bool = False) -> Type:
    """Return the template type of a struct, for the signatures of functions that take one."""
    go_type = views_of(schema).named(type_name)
    return values.pointer_to(go_type) if pointer else go_type


def json_of(schema: Schema, value: Value) -> Any:
    """Return what json.Marshal prints for a template value that holds views, as a JSON-like value.

    Structs are encoded in Go's order with their zero fields, nil pointers, maps and slices are None, map keys are
    sorted.
    """
    if isinstance(value, StructView):
        return schema.encode(value.struct.source.name, value.host)
    if isinstance(value, Pointer) and isinstance(value.target, StructView):
        return json_of(schema, value.target)
    if isinstance(value, Struct) and viewmethods.is_opaque(value):
        return viewmethods.opaque_json(value)
    if isinstance(value, (Pointer, Struct)):
        return gojson.loads(encoding_json.marshal(value), numbers="number")
    if isinstance(value, dict):
        return None if values.is_nil(value) else {str(key): json_of(schema, value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return None if values.is_nil(value) else [json_of(schema, item) for item in value]
    return _plain(value)


def _plain(value: Value) -> Any:
    for plain in (bool, int, float, str):
        if isinstance(value, plain):
            return plain(value)
    return value
