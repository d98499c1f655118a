"""What gotemplate answers to the questions of oracle/main.go: the same operations, over gotemplate.

Questions are written as the oracle wants them: see ``value`` in oracle/values.go for arguments of Go types.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from gotemplate import fmt, values
from gotemplate.builtin_funcs import BUILTINS
from gotemplate.golib import encoding_json, html, net_url, path, regexp, strconv, strings, time, unicode, utf8
from gotemplate.values import Field, Kind, Method, Struct, Type


def unhex(text: str) -> str:
    """Return the Go string that is written in hexadecimal."""
    return utf8.from_bytes(bytes.fromhex(text))


# Types


def _stringer(name: str, call: Callable[[Any], str], *, pointer: bool = False) -> Method:
    return Method(name, call, (), (values.STRING,), pointer=pointer)


def _panic(value: int) -> str:
    raise ValueError(f"boom {int(value)}")


def _format(value: int, state: Any, verb: int) -> None:
    width, prec = state.width(), state.precision()
    state.write(f"Fo{int(value)}/{chr(verb)}/")
    for number in (width, prec):
        state.write(f"{number or 0}{'true' if number is not None else 'false'}/")
    state.write("".join(char for char in "-+# 0" if state.flag(char)))


@cache
def _named() -> dict[str, Type]:
    basic = {
        t.name: t
        for t in (
            values.BOOL, values.STRING, values.INT, values.INT8, values.INT16, values.INT32, values.INT64, values.UINT,
            values.UINT8, values.UINT16, values.UINT32, values.UINT64, values.UINTPTR, values.FLOAT32, values.FLOAT64,
            values.COMPLEX64, values.COMPLEX128, values.ERROR,
        )
    }  # fmt: skip
    s = values.struct_type("main.S", (Field("A", values.INT), Field("B", values.STRING), Field("c", values.ANY)))
    vs = values.struct_type("main.VS", (Field("N", values.INT),), (_stringer("String", lambda v: f"VS{v['N']}"),))
    ps = values.struct_type(
        "main.PS", (Field("N", values.INT),), (_stringer("String", lambda p: f"PS{p.target['N']}", pointer=True),)
    )
    holder = (
        Field("X", values.ANY),
        Field("Y", values.pointer_to(s)),
        Field("D", time.DURATION),
        Field("d", time.DURATION),
        Field("Bs", values.BYTES),
    )
    own = {
        "I": values.named("main.I", values.INT),
        "F32": values.named("main.F32", values.FLOAT32),
        "St": values.named("main.St", values.STRING),
        "Str": values.named("main.Str", values.STRING, (_stringer("String", lambda v: f"str<{v}>"),)),
        "Er": values.named("main.Er", values.STRING, (_stringer("Error", lambda v: f"error {v}"),)),
        "GS": values.named("main.GS", values.INT, (_stringer("GoString", lambda v: f"GS({int(v)})"),)),
        "Pan": values.named("main.Pan", values.INT, (_stringer("String", _panic),)),
        "Fo": values.named("main.Fo", values.INT, (Method("Format", _format, (values.ANY, values.INT32)),)),
        "BS": values.named("main.BS", values.BYTES),
        "NB": values.named("main.NB", values.BOOL),
        "M": values.named("main.M", values.map_of(values.STRING, values.INT)),
        "S": s,
        "VS": vs,
        "PS": ps,
        "Ho": values.struct_type("main.Ho", holder),
        "Em": values.struct_type("main.Em", (Field("VS", vs, embedded=True), Field("Z", values.INT))),
        "Duration": time.DURATION,
        "Month": time.MONTH,
        "any": values.ANY,
        "func": values.func_of((), (values.STRING,)),
        "chan": values.chan_of(values.INT),
    }
    return basic | own


def type_of(text: str) -> Type:
    """Read a type: a known name, ``[]T``, ``[n]T``, ``*T`` or ``map[K]V``."""
    if text in _named():
        return _named()[text]
    if text.startswith("[]"):
        return values.slice_of(type_of(text[2:]))
    if text.startswith("["):
        count, _, rest = text[1:].partition("]")
        return values.array_of(int(count), type_of(rest))
    if text.startswith("*"):
        return values.pointer_to(type_of(text[1:]))
    key, _, elem = text.removeprefix("map[").partition("]")
    return values.map_of(type_of(key), type_of(elem))


def _float(text: str) -> float:
    return strconv.parse_float(text)


def value(go_type: Type, raw: Any) -> Any:
    """Read a value of a type, as the oracle does."""
    kind = go_type.kind
    if kind is Kind.INTERFACE:
        return None if raw is None else value(type_of(raw[0]), raw[1])
    if raw is None:
        return values.zero(go_type)
    if kind in values.INT_KINDS or kind in values.UINT_KINDS:
        return values.make(go_type, int(raw))
    if kind in values.FLOAT_KINDS:
        return values.make(go_type, _float(raw))
    if kind in values.COMPLEX_KINDS:
        return values.make(go_type, complex(_float(raw[0]), _float(raw[1])))
    if kind is Kind.STRING:
        return values.make(go_type, unhex(raw))
    if kind is Kind.STRUCT:
        fields = {f.name: value(f.type, r) for f, r in zip(go_type.fields, raw, strict=True)}
        return Struct(go_type, fields)
    return _composite(go_type, raw)


def _composite(go_type: Type, raw: Any) -> Any:
    elem = go_type.elem
    if go_type.kind is Kind.BOOL:
        return values.make(go_type, raw)
    assert elem is not None
    if go_type.kind is Kind.POINTER:
        return values.Pointer(go_type, value(elem, raw))
    if go_type.kind is Kind.MAP:
        assert go_type.key is not None
        return values.make(go_type, {value(go_type.key, k): value(elem, v) for k, v in raw})
    if go_type.kind is Kind.SLICE and elem is values.UINT8:
        return values.make(go_type, bytes(map(int, raw)))
    return values.make(go_type, [value(elem, item) for item in raw])


def args(raw: list[Any]) -> list[Any]:
    """Read arguments of a printing function."""
    return [value(values.ANY, item) for item in raw]


# Operations


def _builtin(name: str, arguments: list[Any]) -> list[str]:
    padded = [*arguments, None][: 1 if name == "not" else 2]
    if name == "action":
        return [fmt.format_value(arguments[0])]
    result = BUILTINS[name](*padded)
    return [fmt.format_value(result)]


def _bits(flag: bool) -> str:
    return "true" if flag else "false"


def _exact(number: float) -> str:
    return strconv.format_float(number, "x")


def _runes(text: str) -> list[str]:
    tests = (
        unicode.is_print, unicode.is_letter, unicode.is_digit, unicode.is_number, unicode.is_mark, unicode.is_punct,
        unicode.is_symbol, unicode.is_upper, unicode.is_lower, unicode.is_title, unicode.is_space, unicode.is_control,
    )  # fmt: skip
    return [
        "".join("01"[test(char)] for test in tests)
        + unicode.to_upper(char)
        + unicode.to_lower(char)
        + unicode.to_title(char)
        for char in text
    ]


def _strings(text: str) -> list[str]:
    return [
        strings.to_upper(text),
        strings.to_lower(text),
        strings.to_title(text),
        strings.title(text),
        "\0".join(strings.fields(text)),
        strings.trim_space(text),
        "\0".join(strings.split(text, "")),
        "\0".join(strings.split_n(text, "", 2) or []),
        strings.replace(text, "", "-", 2),
        str(strings.count(text, "")),
        _bits(strings.equal_fold(text, strings.to_upper(text))),
    ]


def _path(text: str) -> list[str]:
    return [
        path.clean(text),
        path.base(text),
        path.dir(text),
        path.ext(text),
        _bits(path.is_abs(text)),
        *path.split(text),
        path.join(text, "../x", text),
    ]


def _duration(nanoseconds: str, unit: str) -> list[str]:
    duration = time.Duration(int(nanoseconds))
    texts = (duration, time.round_half_away(duration, int(unit)), time.truncate(duration, int(unit)))
    methods = time.DURATION.methods
    return [
        *map(time.duration_string, texts),
        *(_exact(methods[name].call(duration)) for name in ("Hours", "Minutes", "Seconds")),
    ]


def _time_in(seconds: str, nsec: str, zone: str) -> time.Time:
    return time.unix(int(seconds), int(nsec), time.load_location(unhex(zone)))


def _shown(moment: time.Time) -> list[str]:
    name, offset, _ = moment.location.lookup(moment.unix)
    return [str(moment.unix), str(moment.nsec), name, str(offset), moment.string()]


def _time_parts(*q: str) -> list[str]:
    moment = _time_in(*q[:3])
    call = {name: method.call for name, method in time.TIME.methods.items()}
    unit = time.Duration(int(q[6]))
    year, week = call["ISOWeek"](moment)
    return [
        moment.go_string(),
        str(call["YearDay"](moment)),
        fmt.sprint(call["Weekday"](moment)),
        f"{year} {week}",
        _bits(call["IsDST"](moment)),
        moment.truncate(unit).string(),
        moment.round(unit).string(),
        moment.add(unit).string(),
        *_shown(moment.add_date(*map(int, q[3:6]))),
        *_shown(moment),
    ]


def _json_encode(item: Any) -> list[str]:
    return [
        encoding_json.marshal(item),
        encoding_json.marshal_indent(item, ">", "\t"),
        encoding_json.marshal(item, escape_html=False),
    ]


def _regexp(expr: str, text: str, template: str) -> list[str]:
    compiled = regexp.compile(expr)
    spans = [",".join(f"{start},{end}" for start, end in match) for match in compiled.find_all_submatch_index(text)]
    return [
        _bits(compiled.match_string(text)),
        compiled.find_string(text),
        compiled.replace_all_string(text, template),
        compiled.replace_all_literal_string(text, template),
        "\0".join(compiled.split(text)),
        "\0".join(compiled.split(text, 2)),
        "\0".join(compiled.find_all_string(text, 2)),
        compiled.replace_all_string_func(text, strings.to_upper),
        *spans,
    ]


def _url(text: str) -> list[str]:
    url = net_url.parse(text)
    return [
        url.scheme, url.opaque, url.user or "", url.password or "", _bits(url.password is not None), url.host, url.path,
        url.raw_path, url.raw_query, url.fragment, url.raw_fragment, str(url), url.hostname(), url.port(),
    ]  # fmt: skip


def _or_error(call: Callable[[str], str], text: str) -> str:
    try:
        return call(text)
    except ValueError as error:
        return f"!{error}"


def _escape(text: str) -> list[str]:
    return [
        net_url.query_escape(text),
        net_url.path_escape(text),
        html.html_escape(text),
        html.js_escape(text),
        _or_error(net_url.query_unescape, text),
        _or_error(net_url.path_unescape, text),
    ]


def _unquote_char(text: str, delimiter: str) -> list[str]:
    code, multi, tail = strconv.unquote_char(unhex(text), delimiter)
    return [f"{code} {_bits(multi)} {tail}"]


def _complex(text: str) -> list[str]:
    number = strconv.parse_complex(unhex(text))
    return [f"{_exact(number.real)} {_exact(number.imag)}"]


def _quotes(text: str) -> list[str]:
    return [strconv.quote(text), strconv.quote_to_ascii(text), _bits(strconv.can_backquote(text))]


OPERATIONS: dict[str, Callable[..., list[str]]] = {
    "sprintf": lambda form, *rest: [fmt.sprintf(unhex(form), *args(list(rest)))],
    "sprint": lambda *rest: [fmt.sprint(*args(list(rest)))],
    "sprintln": lambda *rest: [fmt.sprintln(*args(list(rest)))],
    "builtin": lambda name, *rest: _builtin(name, args(list(rest))),
    "format_float": lambda f, form, prec, bits: [strconv.format_float(_float(f), form, int(prec), int(bits))],
    "parse_float": lambda text, bits: [_exact(strconv.parse_float(unhex(text), int(bits)))],
    "parse_int": lambda text, base, bits: [str(strconv.parse_int(unhex(text), int(base), int(bits)))],
    "parse_uint": lambda text, base, bits: [str(strconv.parse_uint(unhex(text), int(base), int(bits)))],
    "atoi": lambda text: [str(strconv.atoi(unhex(text)))],
    "parse_complex": _complex,
    "quote": lambda text: _quotes(unhex(text)),
    "unquote": lambda text: [strconv.unquote(unhex(text))],
    "unquote_char": _unquote_char,
    "runes": lambda text: _runes(unhex(text)),
    "strings": lambda text: _strings(unhex(text)),
    "path": lambda text: _path(unhex(text)),
    "duration": _duration,
    "parse_duration": lambda text: [str(int(time.parse_duration(unhex(text))))],
    "time_format": lambda *q: [_time_in(*q[:3]).format(unhex(q[3]))],
    "time_parts": _time_parts,
    "time_parse": lambda layout, text: _shown(time.parse(unhex(layout), unhex(text))),
    "time_parse_in": lambda layout, text, zone: _shown(
        time.parse_in_location(unhex(layout), unhex(text), time.load_location(unhex(zone)))
    ),
    "location": lambda name: [time.load_location(unhex(name)).name and ""],
    "json_decode": lambda text: [fmt.sprintf("%#v", encoding_json.unmarshal(unhex(text)))],
    "json_encode": lambda item: _json_encode(args([item])[0]),
    "regexp": lambda expr, text, template: _regexp(unhex(expr), unhex(text), unhex(template)),
    "quote_meta": lambda text: [regexp.quote_meta(unhex(text))],
    "url": lambda text: _url(unhex(text)),
    "escape": lambda text: _escape(unhex(text)),
}

_ADDRESS = re.compile(rb"(?:0x|0X)?[cC]0[0-9a-fA-F]{8}")


def answer(question: list[Any]) -> list[str]:
    """Return the answer in the oracle's form: ``ok`` and the results, or ``error`` and the text, each in hexadecimal."""
    try:
        results = ["ok", *OPERATIONS[question[0]](*question[1:])]
    except (ValueError, values_error()) as error:
        results = ["error", str(error)]
    return [results[0], *(utf8.to_bytes(text).hex() for text in results[1:])]


def values_error() -> type[Exception]:
    """Return the class of the errors that builtins raise."""
    from gotemplate.errors import FuncError

    return FuncError
