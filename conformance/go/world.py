"""The declared types and functions of the vectors: what ``recorder/world.go`` declares in Go, declared here for the engine.

Each type has the fields, receivers and bodies of its fellow there; change both together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from conformance.go.typenames import parse_type
from gotemplate import Field, Func, FuncError, Method, Pointer, Seq, Struct, Type, fmt, make, struct_type
from gotemplate.values import (
    ANY,
    FLOAT64,
    INT,
    INT8,
    INT32,
    MAP_STRING_ANY,
    SLICE_ANY,
    STRING,
    UINT32,
    Kind,
    Value,
    map_of,
    named,
    slice_of,
    wrap_int,
)
from gotemplate.values import BOOL as GO_BOOL

_NIL_DEREFERENCE: Final = "runtime error: invalid memory address or nil pointer dereference"

DECLARED: Final[dict[str, Type]] = {}
"""The named types of the vectors by the name reflect gives them."""


def go_type(text: str) -> Type:
    """Return the type a Go type expression names, the declared ones included."""
    return parse_type(text, DECLARED)


def show(value: Value) -> str:
    """Return type and value as the test functions print them."""
    return fmt.sprintf("%T:%v", value, value)


def _int(value: int) -> int:
    return wrap_int(value, Kind.INT)


def _method(signature: str, call: Callable[..., Value], *, pointer: bool = False) -> Method:
    name, _, rest = signature.partition("(")
    shape = go_type("func(" + rest)
    return Method(name, call, shape.params, shape.results, variadic=shape.variadic, pointer=pointer)


def _declare(type_: Type) -> Type:
    DECLARED[type_.name] = type_
    return type_


def _fields(*pairs: tuple[str, str]) -> list[Field]:
    return [Field(name.lstrip("+"), go_type(text), embedded=name.startswith("+")) for name, text in pairs]


def _panic(message: str) -> Value:
    raise FuncError(message)


# Named scalars

_declare(named("main.Celsius", FLOAT64))
_declare(named("main.Flag", GO_BOOL))
_declare(named("main.Word", STRING))
_declare(named("main.Small", INT8))
_declare(named("main.Wide", UINT32))
_declare(named("main.Code", INT, [_method("String() string", lambda c: f"code-{int(c)}")]))
_declare(named("main.Label", STRING, [_method("String() string", lambda s: f"<{s}>")]))
_declare(named("main.Boom", INT, [_method("String() string", lambda b: _panic(f"boom {int(b)}"))]))

# Structs


def _alarm_text(alarm: Pointer) -> str:
    if alarm.is_nil:
        raise FuncError(_NIL_DEREFERENCE)
    return "alarm: " + str(alarm.target["Msg"])


_declare(
    struct_type(
        "main.Fault",
        _fields(("Op", "string"), ("Num", "int")),
        [_method("Error() string", lambda f: f"{f['Op']}: fault {f['Num']}")],
    )
)
_declare(struct_type("main.Alarm", _fields(("Msg", "string")), [_method("Error() string", _alarm_text, pointer=True)]))
_declare(struct_type("main.Gray", _fields(("Y", "int")), [_method("GoString() string", lambda g: f"Gray({g['Y']})")]))
_declare(
    struct_type(
        "main.Verb",
        _fields(("N", "int")),
        [Method("Format", lambda v, state, verb: state.write(f"verb {chr(verb)} of {v['N']}"), (ANY, INT32), ())],
    )
)


def _point(x: int, y: int) -> Struct:
    return Struct(DECLARED["main.Point"], {"X": _int(x), "Y": _int(y)})


def _times(point: Pointer, n: int) -> Struct:
    if point.is_nil:
        raise FuncError(_NIL_DEREFERENCE)
    return _point(point.target["X"] * n, point.target["Y"] * n)


_POINT: Final = _declare(struct_type("main.Point", _fields(("X", "int"), ("Y", "int"))))
_POINT.methods = {
    "Sum": _method("Sum() int", lambda p: _int(p["X"] + p["Y"])),
    "Times": _method("Times(int) main.Point", _times, pointer=True),
}


def _bump(inner: Pointer, counts: Iterable[int]) -> int:
    if inner.is_nil:
        raise FuncError(_NIL_DEREFERENCE)
    return _int(inner.target["Count"] + sum(counts))


_declare(
    struct_type(
        "main.Inner",
        _fields(("Name", "string"), ("Count", "int"), ("hidden", "int")),
        [
            _method("Greet(string) string", lambda i, word: f"{word}, {i['Name']}"),
            _method("Bump(...int) int", lambda i, *n: _bump(i, n), pointer=True),
        ],
    )
)
_OUTER: Final = _declare(struct_type("main.Outer"))
_OUTER.fields = tuple(
    _fields(
        ("+Inner", "main.Inner"),
        ("+Point", "*main.Point"),
        ("ID", "int"),
        ("Ratio", "float64"),
        ("Tags", "[]string"),
        ("Meta", "map[string]string"),
        ("Any", "interface {}"),
        ("Next", "*main.Outer"),
        ("Fn", "func(int) int"),
        ("NoFn", "func() string"),
        ("Err", "error"),
        ("Str", "fmt.Stringer"),
        ("secret", "string"),
    )
)

# Maps and slices with methods


def _head(items: list[str]) -> str:
    return items[0] if items else _panic("empty list")


_declare(
    named(
        "main.Dict",
        map_of(STRING, INT),
        [
            _method("Total() int", lambda d: _int(sum(d.values()))),
            _method("Pick(string) int", lambda d, key: d.get(key, 0)),
        ],
    )
)
_declare(named("main.List", slice_of(STRING), [_method("Head() (string, error)", _head)]))

# Machine: one method for each shape of a call


def _fails(bad: bool, text: str) -> str:
    return _panic("machine failed: " + text) if bad else text


_MACHINE: Final = _declare(struct_type("main.Machine", _fields(("Size", "int"))))
_MACHINE.methods = {
    m.name: m
    for m in (
        _method("Zero() string", lambda _: "zero"),
        _method("One(int) string", lambda _, n: show(n)),
        _method("Two(int, string) string", lambda _, n, s: show(n) + "," + show(s)),
        _method("Many(string, ...int) string", lambda _, s, *rest: show(s) + show(make(slice_of(INT), rest or None))),
        _method("Anything(interface {}) string", lambda _, x: show(x)),
        _method("Stringer(fmt.Stringer) string", lambda _, s: show(s)),
        _method("Nothing() interface {}", lambda _: None),
        _method("Panics(string) string", lambda _, s: _panic("machine: " + s)),
        _method("Table() map[string]interface {}", lambda m: {"size": m["Size"], "none": None}),
        _method("Items() []int", lambda m: make(slice_of(INT), [m["Size"], m["Size"] + 1])),
        _method("Adder() func(int) int", lambda _: function_value("double")),
        _method("Point() main.Point", lambda m: _point(m["Size"], 1)),
        _method("Self() *main.Machine", lambda m: m, pointer=True),
        _method("NilPoint() *main.Point", lambda _: make(go_type("*main.Point"), None), pointer=True),
        _method("Fails(bool, string) (string, error)", lambda _, bad, s: _fails(bad, s)),
    )
}

# Functions


def _double(n: int) -> int:
    return _int(n * 2)


def _may_fail(text: str) -> str:
    return _panic("told to fail") if text == "bad" else "fine " + text


def _describe(*args: Value) -> str:
    return " ".join([str(len(args)), *map(show, args)])


def _panics(value: Value) -> str:
    if value is None:
        return str(_panic("panic called with nil argument"))
    return str(_panic(fmt.sprint(value)))


def _at(items: list[int] | None, i: int) -> int:
    held = items or []
    if not 0 <= i < len(held):
        reach = "" if i < 0 else f" with length {len(held)}"
        _panic(f"runtime error: index out of range [{i}]{reach}")
    return held[i]


def _nil_deref(point: Pointer) -> int:
    if point.is_nil:
        raise FuncError(_NIL_DEREFERENCE)
    return int(point.target["X"])


def _pointer_text(point: Pointer) -> str:
    return "nil point" if point.is_nil else "point " + show(point.target)


def _up_to(n: int) -> Seq:
    return Seq(go_type("func(func(int) bool)"), lambda: range(n))


def _pairs() -> Iterator[tuple[str, int]]:
    return ((key, i * i) for i, key in enumerate("xyz"))


_SEQUENCES: Final[dict[str, tuple[str, Callable[[], Iterable[Any]]]]] = {
    "seq0": ("func(func() bool)", lambda: iter([()] * 3)),
    "seq1": ("func(func(int) bool)", lambda: range(3)),
    "seq2": ("func(func(string, int) bool)", _pairs),
    "seqEmpty": ("func(func(string) bool)", lambda: ()),
}

_VALUES: Final[dict[str, tuple[str, Callable[..., Value]]]] = {
    "double": ("func(int) int", _double),
    "mayFail": ("func(string) (string, error)", _may_fail),
    "describe": ("func(...interface {}) string", _describe),
    "sum": ("func(...int) int", lambda *n: _int(sum(n))),
    "noArgs": ("func() string", lambda: "none"),
    "twoResults": ("func() (int, error)", lambda: _panic("second result")),
    "panicsErr": ("func() string", lambda: _panic("panic: fault 3")),
}


def function_value(name: str) -> Func | Seq:
    """Return the function value that data refers to by name; an iterator function is a ``Seq``."""
    if name in _SEQUENCES:
        text, iterate = _SEQUENCES[name]
        return Seq(go_type(text), iterate)
    text, call = _VALUES[name]
    return Func(go_type(text), call, name=name)


_SHOWN: Final = {
    "tAny": "interface {}", "tBool": "bool", "tInt": "int", "tInt8": "int8", "tInt64": "int64", "tUint": "uint", "tUint8": "uint8",
    "tUint64": "uint64", "tFloat32": "float32", "tFloat64": "float64", "tComplex": "complex128", "tString": "string", "tBytes": "[]uint8",
    "tAnys": "[]interface {}", "tInts": "[]int", "tArray": "[2]int", "tMap": "map[string]interface {}", "tMapInt": "map[string]int",
    "tPoint": "main.Point", "tStringer": "fmt.Stringer", "tError": "error", "tWord": "main.Word", "tCode": "main.Code",
}  # fmt: skip

_OTHERS: Final[dict[str, tuple[str, Callable[..., Value]]]] = {
    "add": ("func(int, int) int", lambda a, b: _int(a + b)),
    "panics": ("func(interface {}) string", _panics),
    "at": ("func([]int, int) int", _at),
    "nilDeref": ("func(*main.Point) int", _nil_deref),
    "upTo": ("func(int) func(func(int) bool)", _up_to),
    "seqOf": ("func() func(func(string, int) bool)", lambda: function_value("seq2")),
    "join2": ("func(string, string) string", lambda a, b: a + b),
    "mapOf": ("func(string, interface {}) map[string]interface {}", lambda k, v: make(MAP_STRING_ANY, {k: v})),
    "listOf": ("func(...interface {}) []interface {}", lambda *args: make(SLICE_ANY, list(args) if args else None)),
    "nothing": ("func() interface {}", lambda: None),
    "nilMap": ("func() map[string]int", lambda: make(map_of(STRING, INT), None)),
    "nilPoint": ("func() *main.Point", lambda: make(go_type("*main.Point"), None)),
    "pointOf": ("func(int, int) main.Point", _point),
    "getFn": ("func() func(int) int", lambda: function_value("double")),
    "typed": (
        "func(string, ...float64) string",
        lambda s, *rest: f"{show(s)} {show(make(slice_of(FLOAT64), rest or None))}",
    ),
    "tPointer": ("func(*main.Point) string", _pointer_text),
    "tFunc": ("func(func(int) int) int", lambda f: f(20) if f else _panic(_NIL_DEREFERENCE)),
}


def template_functions() -> dict[str, Func]:
    """Return the functions that templates of the vectors may call, with their Go signatures."""
    funcs = {name: Func(go_type(f"func({text}) string"), show, name=name) for name, text in _SHOWN.items()}
    for name, (text, call) in (_VALUES | _OTHERS).items():
        funcs[name] = Func(go_type(text), call, name=name)
    return funcs
