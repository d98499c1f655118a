"""What Go checks when a template calls a function or method, and the call itself.

Argument counts, assignability to the parameter types (with the one dereference or address that Go grants), literals
that adapt to a parameter's kind, and the wording of what a callee raises. Which node an argument comes from is the
evaluator's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from gotemplate import nodes
from gotemplate.errors import FuncError, LimitError
from gotemplate.values import (
    ANY,
    BOOL,
    COMPLEX_KINDS,
    ERROR,
    FLOAT_KINDS,
    INT_KINDS,
    MISSING,
    NILABLE_KINDS,
    PLAIN_FUNC,
    REFLECT_VALUE,
    UINT_KINDS,
    Box,
    Func,
    Kind,
    Member,
    Pointer,
    Ref,
    Type,
    Value,
    class_of,
    implements,
    make,
    pointer_to,
    receiver,
    type_name,
    type_of,
    zero,
)

if TYPE_CHECKING:
    from gotemplate.lookup import Site

BASIC_KINDS: Final = frozenset(range(Kind.BOOL, Kind.ARRAY)) | {Kind.STRING}


class Arguments:
    """The arguments of one call, not yet evaluated: Go resolves the callee and counts them first.

    ``count`` is the number of arguments written down, ``has_final`` tells of one more that comes from the pipeline.
    """

    __slots__ = ()

    count = 0
    has_final = False

    @property
    def given(self) -> bool:
        """Whether there are any."""
        return self.count > 0 or self.has_final

    def evaluate(self, params: tuple[Type, ...], variadic: bool) -> Sequence[Value]:  # noqa: ARG002
        """Return the values, each checked against its parameter."""
        return ()


NO_ARGUMENTS: Final = Arguments()


def parameter(params: tuple[Type, ...], variadic: bool, position: int) -> Type:
    """Return the type that an argument at a position has to have."""
    if variadic and position >= len(params) - 1:
        return params[-1].elem or ANY
    return params[position]


def count_complaint(name: str, params: tuple[Type, ...], variadic: bool, count: int, has_final: bool) -> str | None:
    """Return Go's complaint about the number of arguments; None if it is right."""
    total = count + has_final
    if variadic:
        fixed = len(params) - 1
        return f"wrong number of args for {name}: want at least {fixed} got {count}" if total < fixed else None
    return None if total == len(params) else f"wrong number of args for {name}: want {len(params)} got {total}"


def result_complaint(name: str, results: tuple[Type, ...]) -> str | None:
    """Return Go's complaint about a function that returns other than one value, or one and an error."""
    if len(results) == 1 or (len(results) == 2 and results[1] is ERROR):
        return None
    if len(results) == 2:
        return f"invalid function signature for {name}: second return value should be error; is {results[1].name}"
    return f"function {name} has {len(results)} return values; should be 1 or 2"


def call_method(value: Value, member: Member, name: str, site: Site, arguments: Arguments) -> Value:
    """Call a method of a value with what the arguments evaluate to. Raises ExecError at ``site``."""
    method = member.method
    if method is None:
        raise TypeError(f"{name} is a field")
    complaint = count_complaint(name, method.params, method.variadic, arguments.count, arguments.has_final)
    complaint = complaint or result_complaint(name, method.results or (ANY,))
    if complaint:
        site.fail(complaint)
    values = arguments.evaluate(method.params, method.variadic)
    return invoke(lambda *args: method.call(receiver(value, member), *args), values, name, site)


def invoke(function: Callable[..., Value], values: Sequence[Value], name: str, site: Site) -> Value:
    """Call a function; whatever it raises becomes ``error calling NAME: …``, but for our own limits."""
    try:
        return function(*values)
    except (LimitError, RecursionError):
        raise
    except Exception as e:
        site.fail_call(name, e)


# Assignability


def int_like(kind: Kind) -> bool:
    """Tell whether a kind is an integer of any size and sign."""
    return Kind.INT <= kind <= Kind.UINTPTR


def can_be_nil(go_type: Type) -> bool:
    """Tell whether an untyped nil may be passed for a type."""
    return go_type.kind in NILABLE_KINDS or go_type is REFLECT_VALUE


def assignable(actual: Type, wanted: Type) -> bool:
    """Tell whether a value of one type may be assigned to a variable of another."""
    if actual is wanted:
        return True
    if wanted.kind is Kind.INTERFACE:
        return implements(actual, wanted)
    if actual.kind is not wanted.kind or (_has_name(actual) and _has_name(wanted)):
        return False
    return _same_underlying(actual, wanted)


def _has_name(go_type: Type) -> bool:
    return go_type.named or go_type.kind in BASIC_KINDS


def _same_underlying(a: Type, b: Type) -> bool:
    return (
        a.elem is b.elem
        and a.key is b.key
        and a.length == b.length
        and a.fields == b.fields
        and a.params == b.params
        and a.results == b.results
        and a.variadic == b.variadic
    )


def convert(value: Value, actual: Type, wanted: Type) -> Value:
    """Return an assignable value with the type of the variable: an unnamed map becomes the named one it stands for."""
    if actual is wanted or wanted.kind is Kind.INTERFACE:
        return value
    if wanted.kind is Kind.FUNC:
        return Func(wanted, value.call if value.__class__ is Func else value)
    if getattr(value, "is_nil", False):
        return zero(wanted)
    return make(wanted, value.value if value.__class__ is Box else value)


def accept(value: Value, wanted: Type, site: Site) -> Value:
    """Return a value as an argument for a parameter, or raise ExecError at ``site`` because its type does not fit."""
    if wanted is REFLECT_VALUE:
        return value.value if value.__class__ is Ref else value
    static, addressable = None, False
    if value.__class__ is Ref:
        value, static, addressable = value.value, value.static, value.addressable
    if wanted is ANY:
        return None if value is MISSING else value
    if value is MISSING:
        if can_be_nil(wanted):
            return zero(wanted)
        site.fail(f"invalid value; expected {wanted.name}")
    actual = (static or ANY) if value is None else _type_for(value, site)
    if assignable(static or actual, wanted) or assignable(actual, wanted):
        return zero(wanted) if value is None else convert(value, actual, wanted)
    if value.__class__ is Pointer and assignable(actual.elem or ANY, wanted):
        if value.is_nil:
            site.fail(f"dereference of nil pointer of type {wanted.name}")
        return convert(value.target, actual.elem or ANY, wanted)
    if addressable and assignable(pointer_to(actual), wanted):
        return Pointer(pointer_to(actual), value)
    return site.fail(f"wrong type for value; expected {wanted.name}; got {actual.name}")


def _type_for(value: Value, site: Site) -> Type:
    try:
        return type_of(value) or ANY
    except TypeError as e:
        site.fail(str(e))


@lru_cache(maxsize=256)
def ready_classes(wanted: Type) -> frozenset[type]:
    """Return the classes whose values a parameter takes as they are; others go through ``accept``."""
    if wanted is ANY:
        return _ANY_CLASSES
    if wanted is REFLECT_VALUE:
        return _VALUE_CLASSES
    if wanted.kind in BASIC_KINDS and (wanted.kind is not Kind.BOOL or wanted is BOOL):
        return frozenset((class_of(wanted),))
    return frozenset()


_ANY_CLASSES: Final[frozenset[type]] = frozenset({str, int, float, bool, dict, list, type(None)})
_VALUE_CLASSES: Final = _ANY_CLASSES | {type(MISSING)}


# Literals


def literal(node: nodes.Node, wanted: Type, site: Site) -> Value:
    """Return what a literal is as an argument for a parameter. Raises ExecError at ``site``."""
    if isinstance(node, nodes.NilNode):
        if not can_be_nil(wanted):
            site.fail(f"cannot assign nil to {wanted.name}")
        return MISSING if wanted is REFLECT_VALUE else zero(wanted)
    if wanted is REFLECT_VALUE or (wanted.kind is Kind.INTERFACE and not wanted.methods):
        return ideal_constant(node, site)
    for kinds, expected, fits, attribute in _LITERALS:
        if wanted.kind in kinds:
            if not fits(node):
                site.fail(f"expected {expected}; found {node}")
            return make(wanted, getattr(node, attribute))
    return site.fail(f"can't handle {node} for arg of type {wanted.name}")


def _number(flag: str) -> Callable[[nodes.Node], bool]:
    return lambda node: isinstance(node, nodes.NumberNode) and bool(getattr(node, flag))


_LITERALS: Final[tuple[tuple[frozenset[Kind], str, Callable[[nodes.Node], bool], str], ...]] = (
    (frozenset({Kind.BOOL}), "bool", lambda node: isinstance(node, nodes.BoolNode), "true"),
    (COMPLEX_KINDS, "complex", _number("is_complex"), "complex128"),
    (FLOAT_KINDS, "float", _number("is_float"), "float64"),
    (INT_KINDS, "integer", _number("is_int"), "int64"),
    (frozenset({Kind.STRING}), "string", lambda node: isinstance(node, nodes.StringNode), "text"),
    (UINT_KINDS, "unsigned integer", _number("is_uint"), "uint64"),
)


def ideal_constant(node: nodes.Node, site: Site) -> Value:
    """Return the value of a literal where nothing asks for a type: the way a number is written decides."""
    if isinstance(node, nodes.StringNode):
        return node.text
    if isinstance(node, nodes.BoolNode):
        return node.true
    if not isinstance(node, nodes.NumberNode):
        return site.fail(f"can't evaluate command {node}")
    if node.is_complex:
        return node.complex128
    if node.is_float and _is_written_as_float(node):
        return node.float64
    if node.is_int:
        return node.int64
    return site.fail(f"{node.text} overflows int")


def _is_written_as_float(node: nodes.NumberNode) -> bool:
    text = node.text
    is_hex_int = len(text) > 2 and text[0] == "0" and text[1] in "xX" and not any(c in text for c in "pP")
    return not is_hex_int and not node.is_char and any(c in text for c in ".eEpP")


# The call builtin


def prepare_argument(value: Value, wanted: Type) -> Value:
    """Return a value as a map key or an argument of ``call``: nil becomes the zero value, integers are converted."""
    value = value.value if value.__class__ is Ref else value
    actual = None if value is MISSING else type_of(value)
    if actual is None:
        if not can_be_nil(wanted):
            raise FuncError(f"value is nil; should be of type {wanted.name}")
        return zero(wanted)
    if assignable(actual, wanted):
        return convert(value, actual, wanted)
    if int_like(actual.kind) and int_like(wanted.kind):
        return make(wanted, int(value))
    raise FuncError(f"value has type {actual.name}; should be {wanted.name}")


def call_value(name: str, function: Value, *args: Value) -> Value:
    """Call a function value as the builtin ``call`` does; ``name`` is the text of the callee, for messages."""
    function = function.value if function.__class__ is Ref else function
    if function is None or function is MISSING:
        raise FuncError("call of nil")
    go_type = type_of(function) or ANY
    if go_type.kind is not Kind.FUNC:
        raise FuncError(f"non-function {name} of type {go_type.name}")
    complaint = result_complaint(name, go_type.results) or _call_count(name, go_type, len(args))
    if complaint:
        raise FuncError(complaint)
    values = [_call_argument(i, arg, go_type) for i, arg in enumerate(args)]
    if function.__class__ is Func and function.call is None:
        raise FuncError("reflect.Value.Call: call of nil function")
    return function(*values)


def _call_count(name: str, go_type: Type, count: int) -> str | None:
    want = len(go_type.params)
    if go_type.variadic:
        return f"wrong number of args for {name}: got {count} want at least {want - 1}" if count < want - 1 else None
    return None if count == want else f"wrong number of args for {name}: got {count} want {want}"


def _call_argument(position: int, value: Value, go_type: Type) -> Value:
    try:
        return prepare_argument(value, parameter(go_type.params, go_type.variadic, position))
    except FuncError as e:
        raise FuncError(f"arg {position}: {e}") from None


def callee_name(value: Value) -> str:
    """Return how ``call`` names a callee that came through a pipeline: reflect's String of it."""
    value = value.value if value.__class__ is Ref else value
    if value is MISSING:
        return "<invalid Value>"
    return value if isinstance(value, str) else f"<{type_name(value)} Value>"


def signature(function: Any) -> Type:
    """Return the func type of what a function map holds; a Python callable without one takes and returns anything."""
    declared = getattr(function, "go_type", None)
    if isinstance(declared, Type) and declared.kind is Kind.FUNC:
        return declared
    if callable(function):
        return PLAIN_FUNC
    raise TypeError(f"a {type(function).__name__} is not a function")
