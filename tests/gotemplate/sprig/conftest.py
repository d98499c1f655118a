"""The values that recorded cases refer to, the same as world() of the recorder has, and Sprig with a clock that stands still."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import pytest

from gotemplate import Template, sprig, values
from gotemplate.golib import time as go_time
from gotemplate.values import Field, Func, Map, Method, Pointer, Slice, Struct

NOW = 1257894000 * 10**9
"""When the recorder's clock stands still, in nanoseconds since 1970."""

POINT = values.struct_type(
    "main.point", [Field("X", values.INT), Field("Y", values.STRING), Field("Tags", values.MAP_STRING_ANY)]
)
NAME = values.named("main.name", values.STRING, [Method("String", lambda name: f"name:{name!s}", (), (values.STRING,))])
ERROR_STRING = values.struct_type("errors.errorString", [Field("s", values.STRING)])
ERROR_STRING.methods = {
    "Error": Method("Error", lambda error: values.indirect(error).field("s"), (), (values.STRING,), pointer=True)
}


def world() -> dict[str, Any]:
    """Return fresh values of many types by the names that cases use."""
    moment = go_time.date((2024, 2, 29), (13, 4, 5), 678900000)
    dict_ = {"a": 1, "b": "two", "c": {"d": 4, "e": None}, "l": [1, 2]}
    scalars = {
        "i8": values.make(values.INT8, -8),
        "i16": values.make(values.INT16, 16),
        "i32": values.make(values.INT32, 1700000000),
        "i64": values.make(values.INT64, 64),
        "u": values.make(values.UINT, 3),
        "u8": values.make(values.UINT8, 200),
        "u16": values.make(values.UINT16, 16),
        "u32": values.make(values.UINT32, 32),
        "u64": values.make(values.UINT64, (1 << 64) - 1),
        "f32": values.make(values.FLOAT32, 0.10000000149011612),
        "complex": complex(1, 2),
        "duration": go_time.Duration(90 * 10**9),
        "month": values.make(go_time.MONTH, 3),
        "name": values.make(NAME, "n"),
    }
    plain = {
        "nil": None, "yes": True, "no": False, "zero": 0, "five": 5, "minus": -3, "big": (1 << 63) - 1, "least": -(1 << 63),
        "f0": 0.0, "f": 1.5, "fneg": -2.25, "fbig": 1e300, "ftiny": 1e-7, "nan": math.nan, "inf": math.inf, "ninf": -math.inf,
        "s": "hello world", "empty": "", "digits": "42", "decimal": "3.0", "bad": "a\udcffb",
        "accents": "Éa ßtraße ñÑ", "lines": "one\ntwo\n",
        "json": '{"a":[1,2.5,"x",null,{"b":true}]}', "list": [1, "a", None, 2.5, 1, "", [1]], "nothing": [], "bytes": b"hi",
        "lists": [[1, 2], {"k": 1}, {"k": 1}], "dict": dict_, "one": {"k": "v"}, "emptydict": {},
    }  # fmt: skip
    composites = {
        "nillist": values.zero(values.SLICE_ANY),
        "strings": Slice(values.SLICE_STRING, ["b", "a", "c", ""]),
        "ints": Slice(values.slice_of(values.INT), [3, 1, 2, 3]),
        "floats": Slice(values.slice_of(values.FLOAT64), [1.5, 0.0]),
        "array": Slice(values.array_of(3, values.INT), [1, 2, 3]),
        "nildict": values.zero(values.MAP_STRING_ANY),
        "texts": Map(values.MAP_STRING_STRING, {"x": "y"}),
        "numbers": Map(values.map_of(values.INT, values.STRING), {1: "one"}),
        "pointer": values.pointer(7),
        "textpointer": values.pointer("seven"),
        "nilpointer": Pointer(values.pointer_to(values.INT)),
        "point": Struct(POINT, {"X": 1, "Y": "y", "Tags": dict_}),
        "pointpointer": values.pointer(Struct(POINT, {"X": 2, "Y": "z"})),
        "time": moment,
        "timepointer": values.pointer(moment),
        "error": values.pointer(Struct(ERROR_STRING, {"s": "broken"})),
        "func": Func(values.func_of((), (values.STRING,)), lambda: "called"),
    }
    return plain | scalars | composites


@pytest.fixture(scope="session")
def functions() -> dict[str, Func]:
    """Sprig with the recorder's clock, chance that repeats, and no environment."""
    return sprig.funcs(clock=lambda: NOW, random=random.Random(1))


@pytest.fixture(scope="session")
def render(functions: dict[str, Func]) -> Callable[[str], str]:
    """Renders a template with Sprig and the world's values."""

    def rendered(text: str) -> str:
        return Template("t", funcs=functions).parse(text).render(world())

    return rendered
