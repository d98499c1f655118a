"""Go's value model over Python values: types, kinds, nil and missing, and the wrappers for what Python has no word for.

Plain values need no declaration: ``dict`` is a ``map[string]interface {}``, ``list`` a ``[]interface {}``, ``str`` a
``string``, ``bool``, ``int`` (int64 range) an ``int``, ``float`` a ``float64``, ``complex`` a ``complex128``,
``bytes`` a ``[]uint8``, ``None`` the untyped nil. Everything else carries its Go type in the attribute ``go_type``:

* typed scalars are instances of small subclasses of ``int``, ``float``, ``str`` (``make(INT8, 5)``); a named bool or
  ``[]byte`` is boxed;
* ``Map`` and ``Slice`` (also arrays) are ``dict`` and ``list`` with a type, and may be nil; ``Struct`` is a ``dict``
  keyed by the names of its exported fields (``field`` reads the others too);
* ``Pointer``, ``Func``, ``Seq``, ``Chan`` stand for what their names say.

This module knows the values. How a template reaches into them is in ``lookup``, how they print in ``fmt``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from gotemplate.gotypes import (
    ANY,
    BITS,
    BOOL,
    BYTES,
    COMPLEX64,
    COMPLEX128,
    COMPLEX_KINDS,
    ERROR,
    FLOAT32,
    FLOAT64,
    FLOAT_KINDS,
    INT,
    INT8,
    INT16,
    INT32,
    INT64,
    INT_KINDS,
    MAP_STRING_ANY,
    MAP_STRING_STRING,
    NILABLE_KINDS,
    PLAIN_FUNC,
    REFLECT_VALUE,
    SLICE_ANY,
    SLICE_STRING,
    STRING,
    STRINGER,
    UINT,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UINT_KINDS,
    UINTPTR,
    Field,
    Kind,
    Member,
    Method,
    Type,
    Value,
    array_of,
    chan_of,
    func_of,
    implements,
    interface_type,
    is_exported,
    map_of,
    method_of,
    named,
    pointer_to,
    slice_of,
    struct_type,
)

__all__ = [
    "ANY",
    "BITS",
    "BOOL",
    "BYTES",
    "COMPLEX64",
    "COMPLEX128",
    "COMPLEX_KINDS",
    "ERROR",
    "FLOAT32",
    "FLOAT64",
    "FLOAT_KINDS",
    "INT",
    "INT8",
    "INT16",
    "INT32",
    "INT64",
    "INT_KINDS",
    "MAP_STRING_ANY",
    "MAP_STRING_STRING",
    "MISSING",
    "NILABLE_KINDS",
    "PLAIN_FUNC",
    "REFLECT_VALUE",
    "SLICE_ANY",
    "SLICE_STRING",
    "STRING",
    "STRINGER",
    "UINT",
    "UINT8",
    "UINT16",
    "UINT32",
    "UINT64",
    "UINTPTR",
    "UINT_KINDS",
    "Box",
    "Chan",
    "Field",
    "Func",
    "GuardedMap",
    "Kind",
    "Map",
    "Member",
    "Method",
    "Missing",
    "Pointer",
    "Ref",
    "Seq",
    "Slice",
    "Struct",
    "Type",
    "Value",
    "array_of",
    "bind_method",
    "chan_of",
    "class_of",
    "elements",
    "func_of",
    "implements",
    "indirect",
    "interface_type",
    "is_exported",
    "is_nil",
    "is_true",
    "kind_of",
    "make",
    "map_of",
    "method_of",
    "named",
    "pointer",
    "pointer_to",
    "receiver",
    "round_float32",
    "slice_of",
    "struct_type",
    "type_name",
    "type_of",
    "wrap_int",
    "zero",
]


class Missing:
    """The invalid reflect.Value: what a missing map key gives. False, and printed as ``<no value>``."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


class Ref:
    """A value together with what a plain one cannot tell: that it is addressable, or the interface type it is held in.

    Only the evaluator makes these, where something depends on it; functions never see one.
    """

    __slots__ = ("addressable", "static", "value")

    def __init__(self, value: Value, static: Type | None, *, addressable: bool = False) -> None:
        self.value = value
        self.static = static
        self.addressable = addressable

    def __bool__(self) -> bool:
        return bool(self.value)

    def __getitem__(self, key: Any) -> Value:
        if self.static is not None:
            raise TypeError("what an interface holds is looked up by its type")
        return self.value[key]


class Map(dict[Any, Any]):
    """A map of a declared type (``map[string]string``); ``is_nil`` for the nil map.

    Keys and elements are values of the declared types. A type whose fields a template must not reach by plain subscript
    (it has methods, or keys of a named string type) gives a ``GuardedMap``.
    """

    __slots__ = ("go_type", "is_nil")

    def __new__(cls, go_type: Type, *_: Any) -> Map:
        """Choose the guarded class where the type calls for it."""
        if cls is Map and (go_type.methods or (go_type.key is not None and go_type.key.named)):
            return super().__new__(GuardedMap)
        return super().__new__(cls)

    def __init__(self, go_type: Type, items: Mapping[Any, Value] | None = None) -> None:
        super().__init__(items or ())
        self.go_type = go_type
        self.is_nil = items is None


class GuardedMap(Map):
    """A map in which ``.name`` need not be the element of that key: read elements with ``get`` and ``items``."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Value:
        if key.__class__ is str and (key in self.go_type.methods or (self.go_type.key or ANY).named):
            raise KeyError(key)
        return super().__getitem__(key)


class Slice(list[Any]):
    """A slice or array of a declared type; ``is_nil`` for the nil slice. Elements are values of the declared type."""

    __slots__ = ("go_type", "is_nil")

    def __init__(self, go_type: Type, items: Iterable[Value] | None = None) -> None:
        super().__init__(items or ())
        self.go_type = go_type
        self.is_nil = items is None and go_type.kind is Kind.SLICE

    def __hash__(self) -> int:  # type: ignore[override]  # an array is a value: it may be the key of a map
        if self.go_type.kind is not Kind.ARRAY:
            raise TypeError(f"unhashable type: '{self.go_type.name}'")
        return hash((id(self.go_type), *self))


class Struct(dict[str, Any]):
    """A struct: a value for each field of its type, keyed by Go field name, in declaration order.

    Exported fields are the items of the dict. Unexported ones are kept apart, so that a template's subscript cannot
    reach them; ``field`` reads both. A subclass may fill fields when they are first asked for (``__missing__``);
    readers use ``s[name]`` or ``s.field(name)``, never ``get`` or iteration over items. ``host`` is whatever Python
    object the methods of the type work on.
    """

    __slots__ = ("go_type", "hidden", "host")

    def __init__(self, go_type: Type, fields: Mapping[str, Value] | None = None, host: Any = None) -> None:
        fields = fields or {}
        super().__init__((name, value) for name, value in fields.items() if is_exported(name))
        self.go_type = go_type
        self.hidden = {name: value for name, value in fields.items() if not is_exported(name)}
        self.host = host

    def __missing__(self, name: str) -> Value:
        if is_exported(name):
            for field in self.go_type.fields:
                if field.name == name:
                    value = self[name] = zero(field.type)
                    return value
        raise KeyError(name)

    def field(self, name: str) -> Value:
        """Return the value of a declared field, exported or not; KeyError for a name the type does not have."""
        if is_exported(name):
            return self[name]
        if name not in self.hidden:
            self.hidden[name] = zero(next((f.type for f in self.go_type.fields if f.name == name), ANY))
        return self.hidden[name]

    def __bool__(self) -> bool:  # a struct is always true, with or without fields
        return True

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Struct) or other.go_type is not self.go_type:
            return False
        return all(self.field(f.name) == other.field(f.name) for f in self.go_type.fields)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:  # type: ignore[override]  # a struct is a value: it may be the key of a map
        return hash((id(self.go_type), *(self.field(f.name) for f in self.go_type.fields)))


class Pointer:
    """A pointer: ``target`` is the value it points to, ``go_type`` its pointer type. A nil pointer has ``is_nil``."""

    __slots__ = ("go_type", "is_nil", "target")

    def __init__(self, go_type: Type, target: Value = MISSING) -> None:
        self.go_type = go_type
        self.is_nil = target is MISSING
        self.target = target

    def __bool__(self) -> bool:
        return not self.is_nil

    def __getitem__(self, key: Any) -> Value:
        return self.target[key]

    def __repr__(self) -> str:
        return f"<{self.go_type.name} nil>" if self.is_nil else f"<{self.go_type.name} to {self.target!r}>"


class Func:
    """A Go function: a func type and the Python function behind it (None: a nil func).

    ``call`` gets arguments already checked and adapted to the parameter types. Errors are raised as exceptions:
    ``str(e)`` is Go's message. ``pure`` says that equal arguments give equal results and nothing is changed: such a
    call may be done ahead of time. ``declared`` says that name and signature are known to be such as Go accepts, and
    need not be looked at before the function is used.

    >>> from gotemplate import Template
    >>> double = Func(func_of((INT,), (INT,)), lambda n: 2 * n)
    >>> Template("t", funcs={"double": double}).parse("{{double 21}}").render()
    '42'
    """

    __slots__ = ("call", "go_type", "name", "pure")

    declared = False

    def __init__(self, go_type: Type, call: Callable[..., Value] | None, *, name: str = "", pure: bool = False) -> None:
        self.go_type = go_type
        self.call = call
        self.name = name
        self.pure = pure

    def __bool__(self) -> bool:
        return self.call is not None

    def __call__(self, *args: Value) -> Value:
        """Call the function. Raises TypeError for a nil func."""
        if self.call is None:
            raise TypeError("call of a nil func")
        return self.call(*args)


class Seq:
    """An iterator function that range accepts: ``iter.Seq`` (values) or ``iter.Seq2`` (pairs).

    ``go_type`` is ``func(yield func(T) bool)`` or its fellow with two; ``iterate`` starts one run.
    """

    __slots__ = ("go_type", "iterate")

    def __init__(self, go_type: Type, iterate: Callable[[], Iterable[Any]]) -> None:
        self.go_type = go_type
        self.iterate = iterate


class Chan:
    """A channel that was filled and closed: range takes its items, once."""

    __slots__ = ("go_type", "is_nil", "items")

    def __init__(self, go_type: Type, items: Iterable[Value] | None = None) -> None:
        self.go_type = go_type
        self.is_nil = items is None
        self.items = list(items or ())

    def __bool__(self) -> bool:
        return not self.is_nil


class Box:
    """A value of a named type whose Python class cannot be extended: a named bool, or a named ``[]byte``."""

    __slots__ = ("go_type", "value")

    def __init__(self, go_type: Type, value: Any) -> None:
        self.go_type = go_type
        self.value = value

    def __bool__(self) -> bool:
        return bool(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Box) and other.go_type is self.go_type and bool(other.value == self.value)

    def __hash__(self) -> int:
        return hash((id(self.go_type), self.value))


_PLAIN_TYPES: Final[dict[type, Type]] = {
    str: STRING,
    bool: BOOL,
    int: INT,
    float: FLOAT64,
    complex: COMPLEX128,
    bytes: BYTES,
    dict: MAP_STRING_ANY,
    list: SLICE_ANY,
    tuple: SLICE_ANY,
}


def type_of(value: Value) -> Type | None:
    """Return the Go type of a value; None for nil and missing.

    A Python object of no declared type (a dataclass, say) is refused with TypeError, which names its class and the
    remedy.
    """
    plain = _PLAIN_TYPES.get(value.__class__)
    if plain is not None:
        return plain
    if value is None or value is MISSING:
        return None
    declared = getattr(value, "go_type", None)
    if declared is not None:
        return declared  # type: ignore[no-any-return]
    for base, go_type in ((dict, MAP_STRING_ANY), (str, STRING), (list, SLICE_ANY), (int, INT), (float, FLOAT64)):
        if isinstance(value, base):
            return go_type
    if callable(value):
        return PLAIN_FUNC
    raise TypeError(
        f"a Python {type(value).__name__} has no Go type: give a dict, list, str, bool, int, float or None, "
        "or declare one with gotemplate.values"
    )


def kind_of(value: Value) -> Kind:
    """Return the Go kind of a value; INVALID for nil and missing."""
    go_type = type_of(value)
    return Kind.INVALID if go_type is None else go_type.kind


def type_name(value: Value) -> str:
    """Return the type as ``%T`` prints it; ``<nil>`` for nil and missing.

    >>> [type_name(value) for value in (1, 1.5, "a", None, [1], {"a": 1}, b"x")]
    ['int', 'float64', 'string', '<nil>', '[]interface {}', 'map[string]interface {}', '[]uint8']
    """
    go_type = type_of(value)
    return "<nil>" if go_type is None else go_type.name


def is_nil(value: Value) -> bool:
    """Tell whether a value is nil: untyped, or a nil pointer, map, slice, func or chan."""
    if value is None or value is MISSING:
        return True
    if value.__class__ is Func:
        return value.call is None
    return bool(getattr(value, "is_nil", False))


def is_true(value: Value) -> bool:
    """Tell whether a value is true in ``if`` and ``with``, as Go's IsTrue does.

    NaN is true, a struct is true, an empty collection is not: which is Python's own truth for all values of this model.
    """
    return bool(value)


def indirect(value: Value) -> Value:
    """Follow pointers to the value they point to; a nil pointer is returned as it is."""
    while value.__class__ is Pointer and not value.is_nil:
        value = value.target
    return value


def _scalar_class(go_type: Type) -> type:
    base: type
    if go_type.kind in INT_KINDS or go_type.kind in UINT_KINDS:
        base = int
    elif go_type.kind in FLOAT_KINDS:
        base = float
    elif go_type.kind in COMPLEX_KINDS:
        base = complex
    else:
        base = str
    return type(go_type.name, (base,), {"__slots__": (), "go_type": go_type})


_BASE_CLASSES: Final[dict[Type, type]] = {
    STRING: str,
    BOOL: bool,
    INT: int,
    FLOAT64: float,
    COMPLEX128: complex,
    BYTES: bytes,
}
_SCALAR_KINDS: Final = INT_KINDS | UINT_KINDS | FLOAT_KINDS | COMPLEX_KINDS | {Kind.STRING}


def class_of(go_type: Type) -> type:
    """Return the Python class of a scalar type's values: ``int`` itself for int, a subclass for int8."""
    if go_type.cls is None:
        go_type.cls = _BASE_CLASSES.get(go_type) or _scalar_class(go_type)
    return go_type.cls


def wrap_int(value: int, kind: Kind) -> int:
    """Reduce an integer to the range of a kind, as Go's conversion does (two's complement)."""
    bits = BITS[kind]
    value &= (1 << bits) - 1
    return value - (1 << bits) if kind in INT_KINDS and value >> (bits - 1) else value


def make(go_type: Type, value: Any) -> Value:
    """Convert a plain Python value to a value of the declared type, elements and fields included.

    ``None`` gives the zero value of nilable types; for a pointer any other value becomes its target. Values that carry
    the type already are kept. Integers wrap and floats round to the size of the type, as Go's conversions do.

    >>> make(INT8, 200)
    -56
    >>> type_name(make(map_of(STRING, slice_of(INT)), {"a": [1, 2]}))
    'map[string][]int'
    """
    if value is not None and getattr(value, "go_type", None) is go_type:
        return value
    kind = go_type.kind
    if kind is Kind.INTERFACE:
        return value
    if kind in _SCALAR_KINDS:
        return _make_scalar(go_type, value)
    if kind is Kind.BOOL:
        return value if go_type is BOOL else Box(go_type, value)
    if value is None:
        return zero(go_type)
    return _make_composite(go_type, value)


def _make_scalar(go_type: Type, value: Any) -> Value:
    kind = go_type.kind
    if kind in INT_KINDS or kind in UINT_KINDS:
        value = wrap_int(value, kind)
    elif kind is Kind.FLOAT32:
        value = round_float32(value)
    elif kind is Kind.COMPLEX64:
        value = complex(round_float32(value.real), round_float32(value.imag))
    return class_of(go_type)(value)


def round_float32(value: float) -> float:
    """Return the float32 nearest to a float; infinite beyond its range."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _make_composite(go_type: Type, value: Any) -> Value:
    kind, elem, key = go_type.kind, go_type.elem, go_type.key
    if kind is Kind.SLICE and elem is UINT8 and isinstance(value, (bytes, bytearray)):
        return bytes(value) if go_type is BYTES else Box(go_type, bytes(value))
    if kind in (Kind.SLICE, Kind.ARRAY) and elem is not None:
        items = [make(elem, item) for item in value]
        return items if go_type is SLICE_ANY else Slice(go_type, items)
    if kind is Kind.MAP and elem is not None and key is not None:
        pairs = {make(key, k): make(elem, v) for k, v in value.items()}
        return pairs if go_type is MAP_STRING_ANY else Map(go_type, pairs)
    if kind is Kind.POINTER and elem is not None:
        return Pointer(go_type, make(elem, value))
    if kind is Kind.CHAN and elem is not None:
        return Chan(go_type, [make(elem, item) for item in value])
    if kind is Kind.STRUCT:
        return Struct(
            go_type, {f.name: make(f.type, value[f.name]) if f.name in value else zero(f.type) for f in go_type.fields}
        )
    if kind is Kind.FUNC:
        return Func(go_type, value)
    raise TypeError(f"cannot make a {go_type.name} of a Python {type(value).__name__}")


def zero(go_type: Type) -> Value:
    """Return the zero value of a type: None for interfaces, a typed nil for pointers, maps, slices, funcs, chans."""
    kind = go_type.kind
    if kind is Kind.INTERFACE:
        return None
    if kind in _SCALAR_KINDS:
        return class_of(go_type)()
    if kind is Kind.BOOL:
        return False if go_type is BOOL else Box(go_type, False)
    if kind is Kind.MAP:
        return Map(go_type, None)
    if kind is Kind.SLICE:
        return Slice(go_type, None)
    if kind is Kind.ARRAY and go_type.elem is not None:
        return Slice(go_type, [zero(go_type.elem) for _ in range(go_type.length)])
    if kind is Kind.POINTER:
        return Pointer(go_type)
    if kind is Kind.STRUCT:
        return Struct(go_type)
    if kind is Kind.FUNC:
        return Func(go_type, None)
    return Chan(go_type)


def pointer(target: Value) -> Pointer:
    """Return a pointer to a value, with the pointer type that belongs to it."""
    go_type = type_of(target)
    if go_type is None:
        raise TypeError("a pointer needs a target with a type")
    return Pointer(pointer_to(go_type), target)


def bind_method(value: Value, name: str, *, addressable: bool = False) -> Callable[..., Value] | None:
    """Return a method of a value, own or promoted, with its receiver bound; None if it has none of that name."""
    go_type = type_of(value)
    found = method_of(go_type, name, addressable=addressable) if go_type is not None else None
    if found is None or found.method is None:
        return None
    method = found.method
    return lambda *args: method.call(receiver(value, found), *args)


def receiver(value: Value, member: Member) -> Value:
    """Return what a method gets as its receiver when it is called on a value: the value, or a Pointer to it.

    Raises what Go panics with when a nil pointer is in the way.
    """
    method, embedded = member.method, value
    for step in member.path:
        embedded = _dereferenced(embedded, "").field(step.name)
    if method is not None and method.pointer:
        return embedded if embedded.__class__ is Pointer else pointer(embedded)
    return _dereferenced(embedded, "" if member.path or method is None else method.name)


def _dereferenced(value: Value, method: str) -> Value:
    if value.__class__ is not Pointer:
        return value
    if not value.is_nil:
        return value.target
    elem = (value.go_type.elem or ANY).name
    if method:
        raise ValueError(f"value method {elem}.{method} called using nil *{elem.rpartition('.')[2]} pointer")
    raise ValueError("runtime error: invalid memory address or nil pointer dereference")


def elements(container: Value) -> Iterator[Value]:
    """Return an iterator over the elements of a slice or array of whatever class: list, tuple, bytes, a box of them."""
    container = container.value if container.__class__ is Box else container
    return (class_of(UINT8)(b) for b in container) if isinstance(container, bytes) else iter(container)
