"""Methods that templates can call on Kubernetes values, and the structs behind quantities, int-or-string and times.

Which methods a type has at a version is in the tables; what they do is here. Getters return the field they are named
after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from gotemplate import values
from gotemplate.values import BOOL, INT, INT32, INT64, STRING, Field, Method, Pointer, Struct, Type, Value
from webhook.kube.gotypes import GoType
from webhook.kube.quantity import ZERO, Quantity, parse_quantity

if TYPE_CHECKING:
    from webhook.kube.structview import Views

_int64 = values.class_of(INT64)
_int32 = values.class_of(INT32)
_METAV1_OBJECT: Final = Type(values.Kind.INTERFACE, "v1.Object", named=True)
_OBJECT_KIND: Final = Type(values.Kind.INTERFACE, "schema.ObjectKind", named=True)
_METAV1_LIST: Final = Type(values.Kind.INTERFACE, "v1.ListInterface", named=True)

# Methods of structs and named types


def _marshalled(value: Struct) -> bytes:
    from webhook.kube import gojson  # templates hardly ever ask for it

    return gojson.dumps(opaque_json(value), sort_keys=False).encode("utf-8", "surrogatepass")


_MARSHAL_JSON: Final = Method("MarshalJSON", _marshalled, results=(values.BYTES,))


def methods_of(source: GoType, views: Views) -> dict[str, Method]:
    """Return the methods of a type, without those that only a program can use."""
    found = {}
    for word in source.methods:
        name = word.removeprefix("*")
        build = _BUILDERS.get((source.short_name, name)) or _BUILDERS.get(("", name)) or _getter
        if name == "String" and source.kind == "struct":
            build = _string
        method = build(source, name, views)
        if method is not None:
            found[name] = method
    return found


Builder = Callable[[GoType, str, "Views"], Method | None]


def _getter(source: GoType, name: str, views: Views) -> Method | None:
    """Build ``GetX`` for a struct with a field X."""
    field = next((f for f in source.fields if name == f"Get{f.go}"), None)
    if field is None:
        return None
    result = views.type_of(field.type)
    return Method(name, lambda receiver: receiver.target[field.go], results=(result,), pointer=True)


def _string(source: GoType, name: str, views: Views) -> Method:
    """Build the String method of a struct, which gogo/protobuf generated."""

    def call(receiver: Pointer) -> str:
        from webhook.kube.gostring import message_text  # templates hardly ever print a struct

        return message_text(views, source, receiver)

    return Method(name, call, results=(STRING,), pointer=True)


def _group_version_kind(_source: GoType, name: str, views: Views) -> Method:
    result = views.named("meta/v1.GroupVersionKind")
    kind_type = values.struct_type("schema.GroupVersionKind", result.fields)

    def call(receiver: Pointer) -> Struct:
        group, _, version = receiver.target["APIVersion"].rpartition("/")
        return Struct(kind_type, {"Group": group, "Version": version, "Kind": receiver.target["Kind"]})

    return Method(name, call, results=(kind_type,), pointer=True)


def _itself(result: Type) -> Builder:
    return lambda _source, name, _views: Method(name, lambda receiver: receiver, results=(result,), pointer=True)


def _text(_source: GoType, name: str, _views: Views) -> Method:
    return Method(name, str, results=(STRING,))


def _list_text(_source: GoType, name: str, _views: Views) -> Method:
    from gotemplate.fmt import sprintf  # printing is above the values

    return Method(name, lambda items: sprintf("%v", list(items)), results=(STRING,))


def _resource(key: str, family: str) -> Builder:
    """Build a getter of ResourceList: a pointer to the quantity of a resource, or to a zero of a suffix family."""

    def build(_source: GoType, name: str, _views: Views) -> Method:
        pointer_type = values.pointer_to(QUANTITY)

        def call(receiver: Pointer) -> Pointer:
            found = next((item for resource, item in receiver.target.items() if resource == key), None)
            if found is None:
                found = quantity_value(Quantity(0, 0, "BinarySI" if family == "BinarySI" else "DecimalSI", True, "0"))
            return Pointer(pointer_type, found)

        return Method(name, call, results=(pointer_type,), pointer=True)

    return build


_BUILDERS: Final[Mapping[tuple[str, str], Builder]] = {
    ("", "GroupVersionKind"): _group_version_kind,
    ("", "GetObjectKind"): _itself(_OBJECT_KIND),
    ("", "GetObjectMeta"): _itself(_METAV1_OBJECT),
    ("", "GetListMeta"): _itself(_METAV1_LIST),
    ("DeploymentTriggerPolicies", "String"): _list_text,
    ("ExtraValue", "String"): _list_text,
    ("ResourceList", "Cpu"): _resource("cpu", "DecimalSI"),
    ("ResourceList", "Memory"): _resource("memory", "BinarySI"),
    ("ResourceList", "Pods"): _resource("pods", "DecimalSI"),
    ("ResourceList", "Storage"): _resource("storage", "BinarySI"),
    ("ResourceList", "StorageEphemeral"): _resource("ephemeral-storage", "BinarySI"),
    ("ResourceName", "String"): _text,
}

# Quantities


def _quantity(receiver: Pointer) -> Quantity:
    host: Quantity = receiver.target.host
    return host


_FORMAT: Final = values.named("resource.Format", STRING)
_SCALE: Final = values.named("resource.Scale", INT32)
_AMOUNT: Final = values.struct_type("resource.int64Amount", (Field("value", INT64), Field("scale", _SCALE)))
_DEC: Final = values.struct_type("inf.Dec")
_DEC_AMOUNT: Final = values.struct_type(
    "resource.infDecAmount", (Field("Dec", values.pointer_to(_DEC), embedded=True),)
)
QUANTITY: Final = values.struct_type(
    "resource.Quantity",
    (Field("i", _AMOUNT), Field("d", _DEC_AMOUNT), Field("s", STRING), Field("Format", _FORMAT, embedded=True)),
)
QUANTITY.methods = {
    method.name: method
    for method in (
        Method("String", lambda q: "<nil>" if q.is_nil else _quantity(q).text, results=(STRING,), pointer=True),
        Method("Value", lambda q: _int64(_quantity(q).value()), results=(INT64,), pointer=True),
        Method("MilliValue", lambda q: _int64(_quantity(q).milli_value()), results=(INT64,), pointer=True),
        Method(
            "ScaledValue",
            lambda q, scale: _int64(_quantity(q).scaled_value(scale)),
            (_SCALE,),
            (INT64,),
            pointer=True,
        ),
        Method("IsZero", lambda q: _quantity(q).is_zero(), results=(BOOL,), pointer=True),
        Method("Sign", lambda q: _quantity(q).sign(), results=(INT,), pointer=True),
        Method("Cmp", lambda q, other: _quantity(q).compare(other.host), (QUANTITY,), (INT,), pointer=True),
        Method("CmpInt64", lambda q, n: _quantity(q).compare(_whole(n)), (INT64,), (INT,), pointer=True),
        Method("Equal", lambda q, other: q.host.compare(other.host) == 0, (QUANTITY,), (BOOL,)),
        _MARSHAL_JSON,
    )
}


def _whole(number: int) -> Quantity:
    return Quantity(int(number), 0, "DecimalSI", True, str(int(number)))


def quantity_value(quantity: Quantity) -> Struct:
    """Return a quantity as a template value. Amounts that Go holds as big decimals show a zero int64, as in Go."""
    amount = {"value": _int64(0), "scale": values.make(_SCALE, 0)}
    if quantity.small:
        amount = {"value": _int64(quantity.unscaled), "scale": values.make(_SCALE, quantity.exponent)}
    fields = {
        "i": Struct(_AMOUNT, amount),
        "s": quantity.text if quantity.kept else "",
        "Format": values.make(_FORMAT, quantity.format),
    }
    if not quantity.small:
        dec = Pointer(values.pointer_to(_DEC), Struct(_DEC))
        fields["d"] = Struct(_DEC_AMOUNT, {"Dec": dec})
    return Struct(QUANTITY, fields, host=quantity)


def _convert_quantity(text: Any) -> Struct:
    if text is None:
        value = quantity_value(ZERO)
        value["Format"] = values.make(_FORMAT, "")
        return value
    return quantity_value(parse_quantity(text))


# int-or-string

_INT_OR_STRING_TYPE: Final = values.named("intstr.Type", INT)
INT_OR_STRING: Final = values.struct_type(
    "intstr.IntOrString",
    (Field("Type", _INT_OR_STRING_TYPE), Field("IntVal", INT32), Field("StrVal", STRING)),
    (
        Method("String", lambda p: "<nil>" if p.is_nil else str(p.target.host), results=(STRING,), pointer=True),
        Method("IntValue", lambda p: _int_value(p.target.host), results=(INT,), pointer=True),
        _MARSHAL_JSON,
    ),
)


def _int_value(host: int | str) -> int:
    """Return the integer; of a text its number if Atoi reads it, else 0."""
    from gotemplate.golib.strconv import NumError, atoi

    if isinstance(host, int):
        return host
    try:
        return atoi(host)
    except NumError:
        return 0


def _convert_int_or_string(item: Any) -> Struct:
    item = 0 if item is None else item
    is_text = isinstance(item, str)
    fields = {
        "Type": values.make(_INT_OR_STRING_TYPE, int(is_text)),
        "IntVal": _int32(0 if is_text else item),
        "StrVal": item if is_text else "",
    }
    return Struct(INT_OR_STRING, fields, host=item)


# Times and raw objects


@cache
def _time_type() -> Type:
    from gotemplate.golib import time

    return values.struct_type("v1.Time", (Field("Time", time.TIME, embedded=True),), _time_methods())


def _time_methods() -> tuple[Method, ...]:
    return (
        Method("IsZero", lambda p: p.is_nil or p.target["Time"].is_zero(), results=(BOOL,), pointer=True),
        Method("String", lambda value: value["Time"].string(), results=(STRING,)),
        _MARSHAL_JSON,
    )


def _convert_time(text: Any) -> Struct:
    from gotemplate.golib import time

    moment = time.parse(time.RFC3339, text, time.UTC) if text else time.Time(-62135596800)
    return Struct(_time_type(), {"Time": moment}, host=text or None)


_RUNTIME_OBJECT: Final = Type(values.Kind.INTERFACE, "runtime.Object", named=True)
RAW_EXTENSION: Final = values.struct_type(
    "runtime.RawExtension", (Field("Raw", values.BYTES), Field("Object", _RUNTIME_OBJECT)), (_MARSHAL_JSON,)
)
FIELDS_V1: Final = values.struct_type("v1.FieldsV1", (Field("Raw", values.BYTES),), (_MARSHAL_JSON,))


def _convert_raw(go_type: Type) -> Callable[[Any], Struct]:
    from webhook.kube import gojson

    def convert(item: Any) -> Struct:
        raw = values.zero(values.BYTES) if item is None else gojson.dumps(item).encode()
        return Struct(go_type, {"Raw": raw}, host=item)

    return convert


_OPAQUE_NAMES: Final = frozenset(
    {"resource.Quantity", "intstr.IntOrString", "v1.Time", "v1.FieldsV1", "runtime.RawExtension"}
)
_OPAQUE: Final[Mapping[str, tuple[Callable[[], Type], Callable[[Any], Struct]]]] = {
    "resource.Quantity": (lambda: QUANTITY, _convert_quantity),
    "intstr.IntOrString": (lambda: INT_OR_STRING, _convert_int_or_string),
    "meta/v1.Time": (_time_type, _convert_time),
    "meta/v1.FieldsV1": (lambda: FIELDS_V1, _convert_raw(FIELDS_V1)),
    "runtime.RawExtension": (lambda: RAW_EXTENSION, _convert_raw(RAW_EXTENSION)),
}


def opaque_type(name: str) -> Type:
    """Return the template type of an opaque type."""
    return _OPAQUE[name][0]()


def opaque_converter(name: str) -> Callable[[Any], Value]:
    """Return the function from a canonical value (None: absent) to a value of an opaque type."""
    return _OPAQUE[name][1]


def is_opaque(value: Struct) -> bool:
    """Tell whether a value is of an opaque type."""
    return value.go_type.name in _OPAQUE_NAMES


def opaque_json(value: Struct) -> Any:
    """Return what json.Marshal prints for a value of an opaque type."""
    return value.host.text if isinstance(value.host, Quantity) else value.host
