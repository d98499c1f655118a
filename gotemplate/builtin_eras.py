"""The builtins as older releases of Go had them: comparisons with nil and of what has no order, and ``js``.

``builtins`` gives the table of a release. What changed, measured by tests/gotemplate/recorder_fmt/record_eras.sh:

* to 1.13 nil and everything without a basic kind cannot be compared at all;
* 1.14 compares whatever Go's ``==`` does, nil only with nil and with pointers and the like;
* 1.17 lets nil be unequal to anything;
* 1.19 complains about types that differ before it complains about one that has no ``==``;
* 1.25 names the types;
* ``js`` writes ``\\x3C`` to 1.14 and ``\\u003C`` since, and escapes ``&`` and ``=`` since 1.14.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, Final

from gotemplate import builtin_funcs, values
from gotemplate.builtin_funcs import BUILTINS, Basic
from gotemplate.errors import FuncError
from gotemplate.fmt import sprintf
from gotemplate.values import Func, Value

NEWEST: Final = 25
"""The last release (its minor number) that changed a builtin."""

_Equal = Callable[[Value, Value], bool]
_INCOMPATIBLE: Final = "incompatible types for comparison"
_JS_UNICODE: Final = re.compile(r"(\\\\)|\\u00(3C|3E|26|3D)")


@cache
def builtins(release: int) -> Mapping[str, Func]:
    """Return the builtins of Go 1.``release``."""
    if release >= NEWEST:
        return BUILTINS
    equal = _equality(release)
    changed: dict[str, Callable[..., Any]] = {
        "eq": partial(_eq, equal),
        "ne": lambda one, other: not _eq(equal, one, other),
        "ge": partial(_without_types, builtin_funcs.ge),
        "gt": partial(_without_types, builtin_funcs.gt),
        "le": partial(_without_types, builtin_funcs.le),
        "lt": partial(_without_types, builtin_funcs.lt),
    }
    if release < 15:
        changed["js"] = partial(_old_js, release)
    table = {name: Func(BUILTINS[name].go_type, call, name=name, pure=True) for name, call in changed.items()}
    return {**BUILTINS, **table}


def _equality(release: int) -> _Equal:
    if release >= 19:
        return partial(_without_types, builtin_funcs.equal)
    return partial(_equal_by_operator, release) if release >= 14 else _equal_basic


def _without_types(function: Callable[..., Any], *args: Value) -> Any:
    try:
        return function(*args)
    except FuncError as error:
        if str(error).startswith(_INCOMPATIBLE):
            raise FuncError(_INCOMPATIBLE) from None
        raise


def _eq(equal: _Equal, first: Value, *others: Value) -> bool:
    if not others:
        raise FuncError("missing argument for comparison")
    return any(equal(first, other) for other in others)


def _equal_basic(one: Value, other: Value) -> bool:
    """Compare as 1.13 and before: values of a basic kind only."""
    if Basic.NONE in (builtin_funcs.basic_kind(one), builtin_funcs.basic_kind(other)):
        raise FuncError("invalid type for comparison")
    return bool(_without_types(builtin_funcs.equal, one, other))


def _equal_by_operator(release: int, one: Value, other: Value) -> bool:
    """Compare as 1.14 to 1.18: the first operand must have ``==`` whatever the second is."""
    _check_comparable(one)
    basic, other_basic = builtin_funcs.basic_kind(one), builtin_funcs.basic_kind(other)
    one_type, other_type = values.type_of(one), values.type_of(other)
    if basic is not Basic.NONE and other_basic is not Basic.NONE:
        return bool(_without_types(builtin_funcs.equal, one, other))
    if basic is not other_basic:
        if release >= 17 and (one_type is None or other_type is None):
            return False
        raise FuncError(_INCOMPATIBLE)
    if other_type is None or (one_type is None and release >= 17):
        return one_type is other_type
    _check_comparable(other)
    if one_type is None:
        raise FuncError("reflect: call of reflect.Value.Interface on zero Value")
    return builtin_funcs.identical(one, other)


def _check_comparable(value: Value) -> None:
    go_type = values.type_of(value)
    if go_type is not None and not builtin_funcs.is_comparable(go_type):
        raise FuncError(sprintf("uncomparable type %s: %v", go_type.name, value))


def _old_js(release: int, *args: Value) -> str:
    def older(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        if release < 14 and match[2] in ("26", "3D"):
            return chr(int(match[2], 16))
        return f"\\x{match[2]}"

    return _JS_UNICODE.sub(older, builtin_funcs.js(*args))
