"""How a template reaches into values: fields, methods, map keys, ``index``, ``slice`` and ``len``.

A value the evaluator hands around is the plain value of ``values``, with two additions. None is a nil interface and
MISSING Go's invalid value; the end of a pipeline turns the first into the second. Where Go's reflect knows more that an
outcome depends on (the value is addressable and has methods on its pointer, or it is held in an interface with methods)
it travels inside a ``Ref``. What a plain value was held in, ``interface {}`` or its own type, matters for messages only
and is known from where it came: the *static* type that these functions take beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

from gotemplate.calls import NO_ARGUMENTS, Arguments, call_method, prepare_argument
from gotemplate.errors import ExecError, FuncError, exec_error
from gotemplate.values import (
    ANY,
    INT,
    MISSING,
    UINT8,
    Box,
    Chan,
    Kind,
    Map,
    Pointer,
    Ref,
    Seq,
    Slice,
    Struct,
    Type,
    Value,
    class_of,
    make,
    method_of,
    slice_of,
    type_of,
    zero,
)

if TYPE_CHECKING:
    from gotemplate.nodes import Node, Tree

INT_LIKE: Final = frozenset(range(Kind.INT, Kind.FLOAT32))
PLAIN: Final = frozenset({str, int, float, bool, complex, dict, list, bytes})
"""Classes whose values never need a ``Ref``."""


class Scene:
    """The template whose execution an error is about, and the options it runs under."""

    __slots__ = ("missing_key", "name", "tree")

    def __init__(self, tree: Tree, name: str, missing_key: str) -> None:
        self.tree = tree
        self.name = name
        self.missing_key = missing_key

    def site(self, node: Node) -> Site:
        """Return the place of a node in this template."""
        return Site(self, node)


class Site:
    """A node in a template that executes: where a failure is reported.

    ``call`` is the node that ``error calling …`` is reported at, which for a chain on parentheses is another one.
    """

    __slots__ = ("call", "node", "scene")

    def __init__(self, scene: Scene, node: Node, call: Node | None = None) -> None:
        self.scene = scene
        self.node = node
        self.call = call or node

    def fail(self, message: str) -> NoReturn:
        """Raise the ExecError that Go would return for a failure at this node."""
        raise self.error(message) from None  # not "while handling a KeyError": that is only how plain maps are read

    def error(self, message: str, kind: type[ExecError] = ExecError) -> ExecError:
        """Return the error for a failure at this node."""
        return exec_error(self.scene.tree, self.scene.name, self.node, message, kind)

    def fail_call(self, name: str, cause: Exception) -> NoReturn:
        """Raise the ExecError for a function or method that failed."""
        raise exec_error(self.scene.tree, self.scene.name, self.call, f"error calling {name}: {cause}") from cause


def is_settled(value: Value) -> bool:
    """Tell whether a value found by plain subscripts needs no ``Ref``: neither address nor interface matters."""
    if value is None:
        return False  # perhaps the nil of an interface with methods, which prints <nil> and not <no value>
    go_type = getattr(value, "go_type", None)
    return go_type is None or not (go_type.by_address or go_type.has_methods)


def hold(value: Value, static: Type | None, addressable: bool) -> Value:
    """Wrap a value in a ``Ref`` where something depends on its static type or on its being addressable."""
    if static is not None and static.methods:
        return Ref(value, static)
    if addressable and static is None and getattr(value, "go_type", INT).by_address:
        return Ref(value, None, addressable=True)
    return value


def element(container: Value, value: Value, addressable: bool = False) -> Value:
    """Return an element of a container as an expression yields it, in a ``Ref`` if need be.

    The elements of a slice are addressable, those of an array if the array is.
    """
    if container.__class__ in PLAIN:
        return value
    elem = container.go_type.elem
    if elem is None or (elem.kind is not Kind.INTERFACE and not elem.by_address):
        return value
    return hold(value, static_element(container), addressable or container.go_type.kind is Kind.SLICE)


def static_element(container: Value) -> Type | None:
    """Return the interface type in which a container holds its elements; None if it holds them as they are."""
    if container.__class__ in PLAIN:
        return ANY if container.__class__ in (dict, list) else None
    if container.__class__ is Seq:
        return _interface(container.go_type.params[0].params[-1])
    return _interface((type_of(container) or ANY).elem)


def static_key(container: Value) -> Type | None:
    """Return the interface type in which a map, or an iterator of pairs, holds its keys; None if as they are."""
    if container.__class__ is Seq:
        return _interface(container.go_type.params[0].params[0])
    return _interface(container.go_type.key) if isinstance(container, Map) else None


def _interface(go_type: Type | None) -> Type | None:
    return go_type if go_type is not None and go_type.kind is Kind.INTERFACE else None


# Fields and methods


def walk(start: Value, static: Type | None, path: Sequence[str], site: Site, *, keep: bool = False) -> Value:
    """Follow a chain of fields, keys and methods without arguments from a value, exactly as Go does.

    ``static`` is the interface type the start is held in (None: its own type). ``keep`` returns a ``Ref`` also for what
    is held in an ``interface {}``. Raises ExecError at ``site``.
    """
    addressable = False
    if start.__class__ is Ref:
        start, static, addressable = start.value, start.static, start.addressable
    value, left = start, len(path)
    try:
        for name in path:
            left -= 1
            value, static, addressable = select(value, static, addressable, name, site, NO_ARGUMENTS)
    except ExecError as e:
        e.reached(value, static, path, left)
        raise
    if keep and static is not None:
        return Ref(value, static)
    return hold(value, static, addressable)


def walk_call(start: Value, static: Type | None, path: Sequence[str], site: Site, arguments: Arguments) -> Value:
    """Follow a chain whose last name is given arguments, and therefore has to be a method."""
    addressable = False
    if start.__class__ is Ref:
        start, static, addressable = start.value, start.static, start.addressable
    value, left = start, len(path)
    try:
        for name in path:
            left -= 1
            given = NO_ARGUMENTS if left else arguments
            value, static, addressable = select(value, static, addressable, name, site, given)
    except ExecError as e:
        e.reached(value, static, path, left)
        raise
    return hold(value, static, addressable)


Selected = tuple[Value, Type | None, bool]
"""A value, the interface type it is held in (None: its own type), and whether it is addressable."""


def select(
    value: Value, static: Type | None, addressable: bool, name: str, site: Site, arguments: Arguments
) -> Selected:
    """Return what ``value.name`` is: the result of a method, a struct field, or the element of a map."""
    if value is MISSING or (value is None and static is None):
        if site.scene.missing_key == "error":
            site.fail(f"nil data; no entry for key {_quote(name)}")
        return MISSING, None, False
    shown = static or _type_at(value, site)
    if value is None:
        site.fail(f"nil pointer evaluating {shown.name}.{name}")
    while value.__class__ is Pointer and not value.is_nil:
        value, addressable = value.target, True
        if value is None:
            site.fail(f"nil pointer evaluating {shown.name}.{name}")
    go_type = _type_at(value, site)
    member = method_of(go_type, name, addressable=addressable)
    if member is not None and member.method is not None:
        result = call_method(value, member, name, site, arguments)
        results = member.method.results
        return result, _interface(results[0] if results else ANY), False
    if go_type.kind is Kind.STRUCT:
        return _struct_field(value, shown, addressable, name, site, arguments)
    if go_type.kind is Kind.MAP:
        return _map_element(value, go_type, shown, name, site, arguments)
    if go_type.kind is Kind.POINTER:
        target = go_type.elem or ANY
        if target.kind is not Kind.STRUCT or _field_of(target, name) is not None:
            site.fail(f"nil pointer evaluating {shown.name}.{name}")
    return _no_field(shown, name, site)


def _type_at(value: Value, site: Site) -> Type:
    try:
        return type_of(value) or ANY
    except TypeError as e:
        site.fail(str(e))


def _no_field(shown: Type, name: str, site: Site) -> NoReturn:
    site.fail(f"can't evaluate field {name} in type {shown.name}")


def _field_of(struct: Type, name: str) -> Any:
    member = struct.member(name)
    return member if member is not None and member.field is not None else None


def _struct_field(
    value: Struct, shown: Type, addressable: bool, name: str, site: Site, arguments: Arguments
) -> Selected:
    member = _field_of(value.go_type, name)
    if member is None:
        _no_field(shown, name, site)
    if not name[:1].isupper():
        site.fail(f"{name} is an unexported field of struct type {shown.name}")
    owner: Value = value
    for step in member.path:
        owner = owner.field(step.name)
        if owner.__class__ is Pointer:
            if owner.is_nil:
                short = step.type.name.rpartition(".")[2]
                site.fail(f"reflect: indirection through nil pointer to embedded struct field {short}")
            owner, addressable = owner.target, True
    if arguments.given:
        site.fail(f"{name} has arguments but cannot be invoked as function")
    return owner[name], _interface(member.field.type), addressable


def _map_element(
    value: dict[Any, Value], go_type: Type, shown: Type, name: str, site: Site, arguments: Arguments
) -> Selected:
    key, elem = go_type.key or ANY, go_type.elem or ANY
    if key.named or key.kind not in (Kind.STRING, Kind.INTERFACE) or key.methods:
        _no_field(shown, name, site)
    if arguments.given:
        site.fail(f"{name} is not a method but has arguments")
    found = _get(value, name)
    if found is not MISSING:
        return found, _interface(elem), False
    mode = site.scene.missing_key
    if mode == "error":
        site.fail(f"map has no entry for key {_quote(name)}")
    if mode == "zero":
        return zero(elem), _interface(elem), False
    return MISSING, None, False


def _get(mapping: dict[Any, Value], key: Any) -> Value:
    if mapping.__class__ is dict or isinstance(mapping, Map):
        return mapping.get(key, MISSING)
    try:
        return mapping[key]  # a subclass may compute what is not there
    except KeyError:
        return MISSING


def _quote(text: str) -> str:
    from gotemplate.golib.strconv import quote

    return quote(text)


# index, slice, len


def index(item: Value, *indexes: Value) -> Value:
    """Return ``item[i][j]…``: elements of maps, slices, arrays and pointers to them, bytes of strings.

    An absent map key gives the zero value of the element type. Raises FuncError with Go's words.
    """
    addressable = False
    if item.__class__ is Ref:
        item, addressable = item.value, item.addressable
    if item is None or item is MISSING:
        raise FuncError("index of untyped nil")
    owner: Value = None
    for position in indexes:
        position = position.value if position.__class__ is Ref else position  # noqa: PLW2901
        item, behind = _behind_pointers(item, "index")
        owner, addressable = item, addressable or behind
        item, addressable = _element_at(item, position, addressable)
    return item if owner is None else _held_element(owner, item, addressable)


def _held_element(owner: Value, item: Value, addressable: bool) -> Value:
    if owner.__class__ in PLAIN:
        return item
    return hold(item, static_element(owner), addressable)


def _behind_pointers(item: Value, name: str) -> tuple[Value, bool]:
    behind = False
    while item.__class__ is Pointer and not item.is_nil:
        item, behind = item.target, True
    if item is None or item.__class__ is Pointer:
        raise FuncError(f"{name} of nil pointer")
    return item, behind


def _element_at(item: Value, position: Value, addressable: bool) -> tuple[Value, bool]:
    go_type = type_of(item) or ANY
    kind = go_type.kind
    if kind is Kind.MAP:
        return _key_element(item, position, go_type), False
    if kind is Kind.STRING:
        data = item.encode("utf-8", "surrogateescape")
        at = _position(position, len(data))
        if at == len(data):
            raise FuncError("reflect: string index out of range")
        return class_of(UINT8)(data[at]), False
    if kind in (Kind.SLICE, Kind.ARRAY):
        items = _items(item)
        at = _position(position, len(items))
        if at == len(items):
            raise FuncError(f"reflect: {kind.name.lower()} index out of range")
        found = class_of(UINT8)(items[at]) if isinstance(items, bytes) else items[at]
        return found, kind is Kind.SLICE or addressable
    raise FuncError(f"can't index item of type {go_type.name}")


def _key_element(item: dict[Any, Value], key: Value, go_type: Type) -> Value:
    key_type = go_type.key or ANY
    if key.__class__ is not str or key_type.kind is not Kind.STRING or key_type.named:
        key = prepare_argument(key, key_type)
    try:
        found = _get(item, key)
    except TypeError:
        raise FuncError(f"runtime error: hash of unhashable type {(type_of(key) or ANY).name}") from None
    if found is not MISSING and (key_type.kind is not Kind.INTERFACE or _has_exactly(item, key)):
        return found
    return zero(go_type.elem or ANY)


def _has_exactly(item: dict[Any, Value], key: Value) -> bool:
    """Tell whether a map of interfaces has a key of the same type: to Python True, 1 and 1.0 are the same key."""
    return any(k == key and type_of(k) is type_of(key) for k in item)


def _position(index: Value, capacity: int) -> int:
    if index.__class__ is Ref and index.static is None:
        index = index.value
    elif index.__class__ is Ref:
        raise FuncError(f"cannot index slice/array with type {(index.static or ANY).name}")
    if index is None or index is MISSING:
        raise FuncError("cannot index slice/array with nil")
    go_type = type_of(index) or ANY
    if go_type.kind not in INT_LIKE:
        raise FuncError(f"cannot index slice/array with type {go_type.name}")
    at = int(index)
    if at >= 1 << 63:
        at -= 1 << 64
    if at < 0 or at > capacity:
        raise FuncError(f"index out of range: {at}")
    return at


def _items(item: Value) -> Any:
    return item.value if item.__class__ is Box else item


def slice(item: Value, *indexes: Value) -> Value:  # named as Go names it
    """Return ``item[i:j:k]`` of a string (by bytes), slice or addressable array. Raises FuncError with Go's words."""
    addressable = False
    if item.__class__ is Ref:
        item, addressable = item.value, item.addressable
    if item is None or item is MISSING:
        raise FuncError("slice of untyped nil")
    item, behind = _behind_pointers(item, "slice")
    if len(indexes) > 3:
        raise FuncError(f"too many slice indexes: {len(indexes)}")
    go_type = type_of(item) or ANY
    items = _sliceable(item, go_type, len(indexes))
    bounds = [0, len(items), len(items)]
    for i, position in enumerate(indexes):
        bounds[i] = _position(position, len(items))
    if bounds[0] > bounds[1]:
        raise FuncError(f"invalid slice index: {bounds[0]} > {bounds[1]}")
    if bounds[1] > bounds[2]:
        raise FuncError(f"invalid slice index: {bounds[1]} > {bounds[2]}")
    if go_type.kind is Kind.ARRAY and not (addressable or behind):
        suffix = "3" if len(indexes) == 3 else ""
        raise FuncError(f"reflect.Value.Slice{suffix}: slice of unaddressable array")
    return _resliced(items[bounds[0] : bounds[1]], item, go_type)


def _sliceable(item: Value, go_type: Type, count: int) -> Any:
    if go_type.kind is Kind.STRING:
        if count == 3:
            raise FuncError("cannot 3-index slice a string")
        return item.encode("utf-8", "surrogateescape")
    if go_type.kind not in (Kind.SLICE, Kind.ARRAY):
        raise FuncError(f"can't slice item of type {go_type.name}")
    return _items(item)


def _resliced(part: Any, item: Value, go_type: Type) -> Value:
    if go_type.kind is Kind.STRING:
        return make(go_type, part.decode("utf-8", "surrogateescape"))
    if go_type.kind is Kind.ARRAY:
        return make(slice_of(go_type.elem or ANY), part)
    if item.__class__ is Box:
        return Box(go_type, part)
    if isinstance(item, Slice):
        return Slice(go_type, None if item.is_nil else part)
    return part


def length(item: Value) -> int:
    """Return the length of a string (in bytes), slice, array, map or channel. Raises FuncError with Go's words."""
    item = item.value if item.__class__ is Ref else item
    if item.__class__ is str:
        return len(item) if item.isascii() else len(item.encode("utf-8", "surrogateescape"))
    if item is MISSING:
        raise FuncError("reflect: call of reflect.Value.Type on zero Value")
    item, _ = _behind_pointers(item, "len")
    go_type = type_of(item) or ANY
    if go_type.kind is Kind.STRING:
        return len(item.encode("utf-8", "surrogateescape"))
    if go_type.kind is Kind.CHAN:
        return len(item.items) if item.__class__ is Chan else 0
    if go_type.kind in (Kind.ARRAY, Kind.MAP, Kind.SLICE):
        return len(_items(item))
    raise FuncError(f"len of type {go_type.name}")
