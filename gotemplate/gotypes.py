"""Go's types: kinds, named and composite types, methods, and what a selector finds in them.

A ``Type`` describes values; what the values themselves look like in Python is told in ``values``, which hands on every
name of this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Any, Final

Value = Any
"""A Go value as this package represents it; the one place where ``Any`` is honest."""


class Kind(IntEnum):
    """Go's reflect.Kind, in its order."""

    INVALID = 0
    BOOL = 1
    INT = 2
    INT8 = 3
    INT16 = 4
    INT32 = 5
    INT64 = 6
    UINT = 7
    UINT8 = 8
    UINT16 = 9
    UINT32 = 10
    UINT64 = 11
    UINTPTR = 12
    FLOAT32 = 13
    FLOAT64 = 14
    COMPLEX64 = 15
    COMPLEX128 = 16
    ARRAY = 17
    CHAN = 18
    FUNC = 19
    INTERFACE = 20
    MAP = 21
    POINTER = 22
    SLICE = 23
    STRING = 24
    STRUCT = 25
    UNSAFE_POINTER = 26


INT_KINDS: Final = frozenset({Kind.INT, Kind.INT8, Kind.INT16, Kind.INT32, Kind.INT64})
UINT_KINDS: Final = frozenset({Kind.UINT, Kind.UINT8, Kind.UINT16, Kind.UINT32, Kind.UINT64, Kind.UINTPTR})
FLOAT_KINDS: Final = frozenset({Kind.FLOAT32, Kind.FLOAT64})
COMPLEX_KINDS: Final = frozenset({Kind.COMPLEX64, Kind.COMPLEX128})
NILABLE_KINDS: Final = frozenset(
    {Kind.CHAN, Kind.FUNC, Kind.INTERFACE, Kind.MAP, Kind.POINTER, Kind.SLICE, Kind.UNSAFE_POINTER}
)
BITS: Final = {
    Kind.INT: 64, Kind.INT8: 8, Kind.INT16: 16, Kind.INT32: 32, Kind.INT64: 64,
    Kind.UINT: 64, Kind.UINT8: 8, Kind.UINT16: 16, Kind.UINT32: 32, Kind.UINT64: 64, Kind.UINTPTR: 64,
    Kind.FLOAT32: 32, Kind.FLOAT64: 64, Kind.COMPLEX64: 64, Kind.COMPLEX128: 128,
}  # fmt: skip


class Method:
    """A method of a declared type: its Go signature and the Python function behind it.

    ``call`` takes the receiver and the arguments. The receiver is a value of T, or a ``Pointer`` (nil, perhaps) for a
    method with ``pointer``: its receiver is ``*T``, and it is missing on a value that is not addressable. ``params`` is
    without the receiver; the last one of a variadic method is the slice type. ``results`` are the Go result types (an
    error as second result is raised by ``call`` as an exception, not returned).
    """

    __slots__ = ("call", "name", "params", "pointer", "results", "variadic")

    def __init__(
        self,
        name: str,
        call: Callable[..., Value],
        params: tuple[Type, ...] = (),
        results: tuple[Type, ...] = (),
        *,
        variadic: bool = False,
        pointer: bool = False,
    ) -> None:
        self.name = name
        self.call = call
        self.params = params
        self.results = results
        self.variadic = variadic
        self.pointer = pointer
        _note_pointers(params)


class Field:
    """A field of a struct type, in declaration order; ``embedded`` fields promote their fields and methods.

    ``tag`` is the text between the backquotes, where Go has one.
    """

    __slots__ = ("embedded", "name", "tag", "type")

    def __init__(self, name: str, type_: Type, tag: str = "", *, embedded: bool = False) -> None:
        self.name = name
        self.type = type_
        self.tag = tag
        self.embedded = embedded


class Type:
    """A Go type: its kind, its name as reflect prints it, and what it is made of.

    ``elem`` belongs to arrays, chans, maps, pointers and slices; ``key`` to maps; ``length`` to arrays; ``fields`` to
    structs; ``params``, ``results`` and ``variadic`` to funcs. ``methods`` are those declared on T (``Method.pointer``
    marks those on *T), or those an interface asks for. ``named`` is true of declared types such as time.Duration. Types
    are compared by identity: build composite ones with ``slice_of`` and its fellows, which return the same object for
    the same parts.
    """

    __slots__ = (
        "_address",
        "_has_methods",
        "_members",
        "cls",
        "elem",
        "fields",
        "key",
        "kind",
        "length",
        "methods",
        "name",
        "named",
        "params",
        "results",
        "variadic",
    )

    def __init__(  # noqa: PLR0913  # what a type consists of
        self,
        kind: Kind,
        name: str,
        *,
        elem: Type | None = None,
        key: Type | None = None,
        length: int = 0,
        fields: tuple[Field, ...] = (),
        params: tuple[Type, ...] = (),
        results: tuple[Type, ...] = (),
        variadic: bool = False,
        methods: Mapping[str, Method] | None = None,
        named: bool = False,
    ) -> None:
        self.kind = kind
        self.name = name
        self.elem = elem
        self.key = key
        self.length = length
        self.fields = fields
        self.params = params
        self.results = results
        self.variadic = variadic
        self.methods: Mapping[str, Method] = methods or {}
        self.named = named
        self.cls: type | None = None
        self._members: dict[str, Member | None] = {}
        self._address = (-1, False)
        self._has_methods: bool | None = None

    @property
    def by_address(self) -> bool:
        """Whether it matters if a value of this type is addressable.

        It does where methods on the pointer exist, for an array (only an addressable one can be sliced), for what some
        function takes by pointer, and for whatever holds one of these in itself.
        """
        if self._address[0] != len(_passed_by_pointer):
            self._address = (len(_passed_by_pointer), False)  # what a recursive type answers to itself
            self._address = (len(_passed_by_pointer), _matters_by_address(self))
        return self._address[1]

    @property
    def has_methods(self) -> bool:
        """Whether a value of this type may have methods, and so be held in an interface that asks for some."""
        if self._has_methods is None:
            self._has_methods = False  # what a type that embeds itself answers to itself
            self._has_methods = _may_have_methods(self)
        return self._has_methods

    def member(self, name: str) -> Member | None:
        """Return the field or method that ``value.name`` selects, promoted ones included; None when there is none."""
        if name not in self._members:
            self._members[name] = _find_member(self, name)
        return self._members[name]

    def __repr__(self) -> str:
        return f"<Type {self.name}>"

    def __str__(self) -> str:
        return self.name


_passed_by_pointer: Final[set[Type]] = set()


def _note_pointers(params: Iterable[Type]) -> None:
    """Remember the types that some function takes by pointer: Go passes an addressable value of them by its address."""
    for param in params:
        if param.kind is Kind.POINTER and param.elem is not None:
            _passed_by_pointer.add(param.elem)


def _matters_by_address(go_type: Type) -> bool:
    if go_type.kind is Kind.ARRAY or go_type in _passed_by_pointer or any(m.pointer for m in go_type.methods.values()):
        return True
    return any(field.type.by_address for field in go_type.fields)


def _may_have_methods(go_type: Type) -> bool:
    if go_type.methods:
        return True
    if go_type.kind is Kind.POINTER and go_type.elem is not None:
        return go_type.elem.has_methods
    return any(field.embedded and field.type.has_methods for field in go_type.fields)


class Member:
    """What a selector finds in a type: a field or a method, and the embedded fields on the way to it.

    ``through_pointer`` says that the way crosses an embedded pointer: what lies behind it is addressable.
    """

    __slots__ = ("field", "method", "path", "through_pointer")

    def __init__(self, path: tuple[Field, ...], field: Field | None, method: Method | None) -> None:
        self.path = path
        self.field = field
        self.method = method
        self.through_pointer = any(step.type.kind is Kind.POINTER for step in path)


def _struct_under(go_type: Type) -> Type:
    return go_type.elem if go_type.kind is Kind.POINTER and go_type.elem is not None else go_type


def _find_member(go_type: Type, name: str) -> Member | None:
    """Search level by level, as Go's selectors do: the shallowest wins, two on the same level hide each other."""
    level: list[tuple[Type, tuple[Field, ...]]] = [(go_type, ())]
    seen: set[Type] = {go_type}
    while level:
        found = [Member(path, None, t.methods[name]) for t, path in level if name in t.methods]
        found += [Member(path, f, None) for t, path in level for f in t.fields if f.name == name]
        if found:
            return found[0] if len(found) == 1 else None
        embedded = [(_struct_under(f.type), (*path, f)) for t, path in level for f in t.fields if f.embedded]
        level = [(t, path) for t, path in embedded if t not in seen]
        seen.update(t for t, _ in level)
    return None


def is_exported(name: str) -> bool:
    """Tell whether a Go name is exported: whether it begins with an upper-case letter."""
    return name[:1].isupper()


ANY: Final = Type(Kind.INTERFACE, "interface {}")
BOOL: Final = Type(Kind.BOOL, "bool")
INT: Final = Type(Kind.INT, "int")
INT8: Final = Type(Kind.INT8, "int8")
INT16: Final = Type(Kind.INT16, "int16")
INT32: Final = Type(Kind.INT32, "int32")
INT64: Final = Type(Kind.INT64, "int64")
UINT: Final = Type(Kind.UINT, "uint")
UINT8: Final = Type(Kind.UINT8, "uint8")
UINT16: Final = Type(Kind.UINT16, "uint16")
UINT32: Final = Type(Kind.UINT32, "uint32")
UINT64: Final = Type(Kind.UINT64, "uint64")
UINTPTR: Final = Type(Kind.UINTPTR, "uintptr")
FLOAT32: Final = Type(Kind.FLOAT32, "float32")
FLOAT64: Final = Type(Kind.FLOAT64, "float64")
COMPLEX64: Final = Type(Kind.COMPLEX64, "complex64")
COMPLEX128: Final = Type(Kind.COMPLEX128, "complex128")
STRING: Final = Type(Kind.STRING, "string")
REFLECT_VALUE: Final = Type(Kind.STRUCT, "reflect.Value", named=True)
"""The parameter type of a function that tells a missing value from nil: it gets MISSING where others get None."""


def interface_type(name: str, methods: Iterable[Method]) -> Type:
    """Declare an interface type by the methods it asks for; their ``call`` is never called."""
    return Type(Kind.INTERFACE, name, methods={m.name: m for m in methods}, named=True)


def _abstract(*_: Value) -> Value:
    raise TypeError("a method of an interface has no body")


ERROR: Final = interface_type("error", [Method("Error", _abstract, (), (STRING,))])
STRINGER: Final = interface_type("fmt.Stringer", [Method("String", _abstract, (), (STRING,))])

_composites: dict[tuple[object, ...], Type] = {}


def _composite(key: tuple[object, ...], build: Callable[[], Type]) -> Type:
    found = _composites.get(key)
    if found is None:
        found = _composites.setdefault(key, build())
    return found


def slice_of(elem: Type) -> Type:
    """Return the type ``[]elem``."""
    return _composite(("slice", elem), lambda: Type(Kind.SLICE, f"[]{elem.name}", elem=elem))


def array_of(length: int, elem: Type) -> Type:
    """Return the type ``[length]elem``."""
    return _composite(
        ("array", length, elem), lambda: Type(Kind.ARRAY, f"[{length}]{elem.name}", elem=elem, length=length)
    )


def map_of(key: Type, elem: Type) -> Type:
    """Return the type ``map[key]elem``."""
    return _composite(("map", key, elem), lambda: Type(Kind.MAP, f"map[{key.name}]{elem.name}", key=key, elem=elem))


def pointer_to(elem: Type) -> Type:
    """Return the type ``*elem``."""
    return _composite(("pointer", elem), lambda: Type(Kind.POINTER, f"*{elem.name}", elem=elem))


def chan_of(elem: Type) -> Type:
    """Return the type ``chan elem``."""
    return _composite(("chan", elem), lambda: Type(Kind.CHAN, f"chan {elem.name}", elem=elem))


def func_of(params: tuple[Type, ...], results: tuple[Type, ...] = (ANY,), *, variadic: bool = False) -> Type:
    """Return the func type with these parameters; the last one of a variadic func is its slice type."""

    def build() -> Type:
        _note_pointers(params)
        words = [p.name for p in params]
        if variadic:
            words[-1] = "..." + words[-1].removeprefix("[]")
        out = results[0].name if len(results) == 1 else f"({', '.join(r.name for r in results)})"
        name = f"func({', '.join(words)}) {out}" if results else f"func({', '.join(words)})"
        return Type(Kind.FUNC, name, params=params, results=results, variadic=variadic)

    return _composite(("func", params, results, variadic), build)


def named(name: str, underlying: Type, methods: Iterable[Method] = ()) -> Type:
    """Declare a named type such as ``v1.PullPolicy`` over another type; each call makes a new type, as in Go.

    >>> from gotemplate import make, fmt
    >>> policy = named("v1.PullPolicy", STRING)
    >>> fmt.sprintf("%T %v", make(policy, "Always"), make(policy, "Always"))
    'v1.PullPolicy Always'
    """
    return Type(
        underlying.kind,
        name,
        elem=underlying.elem,
        key=underlying.key,
        length=underlying.length,
        fields=underlying.fields,
        params=underlying.params,
        results=underlying.results,
        variadic=underlying.variadic,
        methods={m.name: m for m in methods},
        named=True,
    )


def struct_type(name: str, fields: Iterable[Field] = (), methods: Iterable[Method] = ()) -> Type:
    """Declare a struct type; ``fields`` of a recursive type may be assigned afterwards.

    >>> from gotemplate import Template, make
    >>> hello = Method("Hello", lambda self, who: f"{self['Name']} greets {who}", (STRING,), (STRING,))
    >>> person = struct_type("main.Person", [Field("Name", STRING), Field("Age", INT)], [hello])
    >>> ada = make(person, {"Name": "Ada"})
    >>> Template("t").parse('{{.Name}} {{.Age}} {{.Hello "Rob"}} {{printf "%T %+v" . .}}').render(ada)
    'Ada 0 Ada greets Rob main.Person {Name:Ada Age:0}'
    """
    return Type(Kind.STRUCT, name, fields=tuple(fields), methods={m.name: m for m in methods}, named=True)


MAP_STRING_ANY: Final = map_of(STRING, ANY)
MAP_STRING_STRING: Final = map_of(STRING, STRING)
SLICE_ANY: Final = slice_of(ANY)
SLICE_STRING: Final = slice_of(STRING)
BYTES: Final = slice_of(UINT8)
PLAIN_FUNC: Final = func_of((SLICE_ANY,), (ANY, ERROR), variadic=True)
"""The type of a Python callable without a declared signature."""


def method_of(go_type: Type, name: str, *, addressable: bool = True) -> Member | None:
    """Return the method that ``value.name`` selects, own or promoted, if the method set of the type has it.

    A method on the pointer is there on a pointer, on an addressable value, and behind an embedded pointer. Only
    exported methods are found, as by reflect.
    """
    if go_type.kind is Kind.POINTER and go_type.elem is not None:
        go_type, addressable = go_type.elem, True
    found = go_type.member(name) if is_exported(name) else None
    if found is None or found.method is None:
        return None
    return found if addressable or found.through_pointer or not found.method.pointer else None


def implements(go_type: Type, interface: Type) -> bool:
    """Tell whether the method set of a type has every method an interface type asks for."""
    if go_type.kind is Kind.INTERFACE:
        return all(name in go_type.methods for name in interface.methods)
    return all(method_of(go_type, name, addressable=False) is not None for name in interface.methods)
