"""How a value of any kind prints under a verb: the part of Go's fmt that looks at values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from gotemplate import fmt_spec, values
from gotemplate.fmt_spec import PLAIN, Spec
from gotemplate.golib import utf8
from gotemplate.golib.fmtsort import address, sorted_items
from gotemplate.values import BITS, BYTES, MISSING, Kind, Pointer, Type, Value

NIL: Final = "<nil>"
_STRING_VERBS: Final = "vsxXq"
_BASES: Final = {"v": 10, "d": 10, "b": 2, "o": 8, "O": 8, "x": 16, "X": 16}
_FLOAT_FORMS: Final = {
    "v": ("g", -1), "b": ("b", -1), "g": ("g", -1), "G": ("G", -1), "x": ("x", -1), "X": ("X", -1),
    "f": ("f", 6), "F": ("f", 6), "e": ("e", 6), "E": ("E", 6),
}  # fmt: skip
_BEHIND_AMPERSAND: Final = frozenset({Kind.ARRAY, Kind.SLICE, Kind.STRUCT, Kind.MAP})
_POINTER_KINDS: Final = frozenset({Kind.CHAN, Kind.FUNC, Kind.MAP, Kind.POINTER, Kind.SLICE, Kind.UNSAFE_POINTER})


def _is_formatter(go_type: Type) -> bool:
    """Tell whether a Format method is that of fmt.Formatter, and not one that takes a layout as time.Time's does."""
    found = values.method_of(go_type, "Format")
    return found is not None and found.method is not None and len(found.method.params) == 2


class State:
    """What a Format method writes to and asks: Go's fmt.State."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        """Append text to the output."""
        self._parts.append(text)

    def width(self) -> int | None:
        """Return the width; None when the directive has none."""
        return self._spec.width if self._spec.sized else None

    def precision(self) -> int | None:
        """Return the precision; None when the directive has none."""
        return self._spec.prec if self._spec.prec >= 0 else None

    def flag(self, char: str) -> bool:
        """Tell whether a flag is set; ``+`` and ``#`` also in front of v."""
        spec = self._spec
        return {
            "-": spec.minus,
            "+": spec.plus or spec.plus_v,
            "#": spec.sharp or spec.sharp_v,
            " ": spec.space,
            "0": spec.zero,
        }.get(char, False)

    def text(self) -> str:
        """Return what was written."""
        return "".join(self._parts)


class Printer:
    """Prints one operand under one directive.

    ``erroring``: inside the report of a bad verb, where methods are not asked.
    """

    __slots__ = ("erroring", "spec")

    def __init__(self, spec: Spec, *, erroring: bool = False) -> None:
        self.spec = spec
        self.erroring = erroring

    def arg(self, value: Value, verb: str) -> str:
        """Return an argument of a printing function under a verb."""
        if value is None or value is MISSING:
            return fmt_spec.pad(self.spec, NIL) if verb in "Tv" else f"%!{verb}({NIL})"
        go_type = values.type_of(value)
        assert go_type is not None  # only nil has no type
        if verb == "T":
            return fmt_spec.string(self.spec, go_type.name)
        if verb == "p":
            return self.pointer(value, go_type, verb)
        if go_type is BYTES:  # as []byte, not []uint8, and without methods
            if self.spec.sharp_v and verb == "v":
                return self._go_bytes(value)
            return self.value(value, go_type, verb, 0)
        written = self.by_method(value, go_type, verb)
        return self.value(value, go_type, verb, 0) if written is None else written

    def element(self, value: Value, static: Type | None, verb: str, depth: int, *, open_: bool) -> str:
        """Return a part of a composite, declared as ``static``; ``open_`` is false behind an unexported field."""
        if value is None or value is MISSING:
            return f"{static.name if static else 'interface {}'}(nil)" if self.spec.sharp_v else NIL
        go_type = values.type_of(value)
        assert go_type is not None  # only nil has no type
        written = self.by_method(value, go_type, verb) if open_ else None
        return self.value(value, go_type, verb, depth, open_=open_) if written is None else written

    # Methods

    def by_method(self, value: Value, go_type: Type, verb: str) -> str | None:
        """Return what the value's own Format, GoString, Error or String method makes of it; None without one."""
        if self.erroring:
            return None
        if verb == "w":
            return self.bad_verb(value, go_type, verb)
        if not (go_type.methods or go_type.fields or go_type.kind is Kind.POINTER):
            return None
        formatter = values.bind_method(value, "Format") if _is_formatter(go_type) else None
        if formatter is not None:
            state = State(self.spec)
            return self._guarded(value, verb, "Format", lambda: formatter(state, ord(verb)), state)
        if self.spec.sharp_v:
            method = values.bind_method(value, "GoString")
            return self._guarded(value, verb, "GoString", lambda: self._go_string(method)) if method else None
        if verb in _STRING_VERBS:
            return self._by_text_method(value, verb)
        return None

    def _by_text_method(self, value: Value, verb: str) -> str | None:
        for name in ("Error", "String"):
            method = values.bind_method(value, name)
            if method is not None:
                return self._guarded(value, verb, name, partial(self._text_of, method, verb))
        return None

    def _text_of(self, method: Callable[[], str], verb: str) -> str:
        return self.text(method(), verb)

    def _go_string(self, method: Callable[[], str]) -> str:
        return fmt_spec.string(self.spec, method())

    def _guarded(
        self, value: Value, verb: str, method: str, call: Callable[[], Any], state: State | None = None
    ) -> str:
        """Call a method of the value; what it raises is printed, as Go does with a panic."""
        before = ""
        try:
            written = call()
            return state.text() if state is not None else str(written)
        except Exception as error:
            before = state.text() if state is not None else ""
            if value.__class__ is Pointer and value.is_nil:
                return before + NIL
            self.spec = self.spec.without_numbers()  # Go loses them here for what follows in the same operand
            return f"{before}%!{verb}(PANIC={method} method: {error})"

    # Values

    def value(self, value: Value, go_type: Type, verb: str, depth: int, *, open_: bool = True) -> str:
        """Return a value by its kind, without asking its methods."""
        kind = go_type.kind
        if kind in _SCALARS:
            return _SCALARS[kind](self, value, go_type, verb)
        if kind is Kind.SLICE or kind is Kind.ARRAY:
            return self._list(value, go_type, verb, depth, open_=open_)
        if kind is Kind.MAP:
            return self._map(value, go_type, verb, depth, open_=open_)
        if kind is Kind.STRUCT:
            return self._struct(value, go_type, verb, depth, open_=open_)
        if kind is Kind.POINTER and depth == 0 and not value.is_nil and go_type.elem is not None:
            target = go_type.elem
            if target.kind in _BEHIND_AMPERSAND:
                return "&" + self.element(value.target, target, verb, 1, open_=open_)
        return self.pointer(value, go_type, verb)

    def bad_verb(self, value: Value, go_type: Type, verb: str) -> str:
        """Return the report of a verb that does not fit: ``%!verb(type=value)``."""
        return f"%!{verb}({go_type.name}={Printer(self.spec, erroring=True).value(value, go_type, 'v', 0)})"

    def boolean(self, value: Value, go_type: Type, verb: str) -> str:
        """Return a bool."""
        return fmt_spec.boolean(self.spec, bool(value)) if verb in "tv" else self.bad_verb(value, go_type, verb)

    def integer(self, value: Value, go_type: Type, verb: str) -> str:
        """Return an integer of any size and sign."""
        base = _BASES.get(verb)
        if base is not None:
            if verb == "v" and self.spec.sharp_v and go_type.kind in values.UINT_KINDS:
                return self.hexadecimal(value, prefix=True)
            return fmt_spec.integer(self.spec, value, base, verb)
        if verb == "c":
            return fmt_spec.character(self.spec, value)
        if verb == "q":
            return fmt_spec.quoted_character(self.spec, value)
        if verb == "U":
            return fmt_spec.unicode_point(self.spec, value)
        return self.bad_verb(value, go_type, verb)

    def hexadecimal(self, number: int, *, prefix: bool) -> str:
        """Return a number in hexadecimal, with 0x or without whatever the flags say."""
        return fmt_spec.integer(self.spec.replaced(sharp=prefix), number, 16, "v")

    def floating(self, value: Value, go_type: Type, verb: str) -> str:
        """Return a float."""
        form = _FLOAT_FORMS.get(verb)
        if form is None:
            return self.bad_verb(value, go_type, verb)
        return fmt_spec.floating(self.spec, value, BITS[go_type.kind], *form)

    def complex_number(self, value: Value, go_type: Type, verb: str) -> str:
        """Return a complex number."""
        form = _FLOAT_FORMS.get(verb)
        if form is None:
            return self.bad_verb(value, go_type, verb)
        return fmt_spec.complex_number(self.spec, value, BITS[go_type.kind], *form)

    def string(self, value: Value, go_type: Type, verb: str) -> str:
        """Return a string."""
        return self.text(value, verb) if verb in _STRING_VERBS else self.bad_verb(value, go_type, verb)

    def text(self, text: str, verb: str) -> str:
        """Return text under one of the verbs v s x X q."""
        if verb == "q" or (verb == "v" and self.spec.sharp_v):
            return fmt_spec.quoted(self.spec, text)
        if verb in "xX":
            return fmt_spec.hexadecimal(self.spec, utf8.to_bytes(text), verb)
        return fmt_spec.string(self.spec, text)

    def _go_bytes(self, value: Value) -> str:
        if values.is_nil(value):
            return "[]byte(nil)"
        return f"[]byte{{{', '.join(self.hexadecimal(byte, prefix=True) for byte in value)}}}"

    def _list(self, value: Value, go_type: Type, verb: str, depth: int, *, open_: bool) -> str:
        elem = go_type.elem
        if verb in "sqxX" and elem is not None and elem.kind is Kind.UINT8:
            data = bytes(values.elements(value))
            return self.text(utf8.from_bytes(data), verb)
        items = [self.element(item, elem, verb, depth + 1, open_=open_) for item in values.elements(value)]
        if not self.spec.sharp_v:
            return f"[{' '.join(items)}]"
        return f"{go_type.name}(nil)" if values.is_nil(value) else f"{go_type.name}{{{', '.join(items)}}}"

    def _map(self, value: Value, go_type: Type, verb: str, depth: int, *, open_: bool) -> str:
        if self.spec.sharp_v and values.is_nil(value):
            return f"{go_type.name}(nil)"
        items = [
            self.element(key, go_type.key, verb, depth + 1, open_=open_)
            + ":"
            + self.element(item, go_type.elem, verb, depth + 1, open_=open_)
            for key, item in sorted_items(value)
        ]
        return f"{go_type.name}{{{', '.join(items)}}}" if self.spec.sharp_v else f"map[{' '.join(items)}]"

    def _struct(self, value: Value, go_type: Type, verb: str, depth: int, *, open_: bool) -> str:
        named = self.spec.plus_v or self.spec.sharp_v
        items = []
        for field in go_type.fields:
            seen = open_ and values.is_exported(field.name)
            text = self.element(value.field(field.name), field.type, verb, depth + 1, open_=seen)
            items.append(f"{field.name}:{text}" if named else text)
        return f"{go_type.name}{{{', '.join(items)}}}" if self.spec.sharp_v else f"{{{' '.join(items)}}}"

    def pointer(self, value: Value, go_type: Type, verb: str) -> str:
        """Return an address."""
        if go_type.kind not in _POINTER_KINDS:
            return self.bad_verb(value, go_type, verb)
        place = address(value)
        if verb == "v" and self.spec.sharp_v:
            return f"({go_type.name})({self.hexadecimal(place, prefix=True) if place else 'nil'})"
        if verb == "v" and not place:
            return fmt_spec.pad(self.spec, NIL)
        if verb in "vp":
            return self.hexadecimal(place, prefix=not self.spec.sharp)
        if verb in "bodxX":
            return fmt_spec.integer(self.spec, place, _BASES[verb], verb)
        return self.bad_verb(value, go_type, verb)


_Print = Callable[[Printer, Value, Type, str], str]
_SCALARS: Final[dict[Kind, _Print]] = {
    Kind.BOOL: Printer.boolean,
    Kind.STRING: Printer.string,
    **dict.fromkeys(values.INT_KINDS | values.UINT_KINDS, Printer.integer),
    **dict.fromkeys(values.FLOAT_KINDS, Printer.floating),
    **dict.fromkeys(values.COMPLEX_KINDS, Printer.complex_number),
}

PRINTER: Final = Printer(PLAIN)
"""Prints under a directive without flags."""
