"""Go's fmt: Sprint, Sprintln and Sprintf, and what printing the result of an action writes.

This module owns format strings: flags, width, precision, argument indexes and every complaint about them. How values
print is in ``fmt_values``, how flags shape text in ``fmt_spec``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from gotemplate import values
from gotemplate.fmt_spec import Spec
from gotemplate.fmt_values import NIL, PRINTER, Printer
from gotemplate.golib.floats import format_float
from gotemplate.values import MISSING, Kind, Pointer, Value

NO_VALUE: Final = "<no value>"
MAX_NUMBER: Final = 1_000_000
"""A width, precision or argument index beyond this counts as none: a format string must not ask for gigabytes."""

_FLAGS: Final = re.compile(r"[-+# 0]*")
_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)


class Directive:
    """A verb of a format string with the index of its operand; ``plain`` without flags, width and precision."""

    __slots__ = ("arg", "plain", "spec", "verb")

    def __init__(self, spec: Spec, verb: str, arg: int, *, plain: bool) -> None:
        self.spec = spec
        self.verb = verb
        self.arg = arg
        self.plain = plain and verb in "svd"

    def text(self, args: tuple[Value, ...]) -> str:
        """Return the operand printed."""
        value = args[self.arg]
        if self.plain:
            kind = value.__class__
            if kind is str and self.verb != "d":
                return value  # type: ignore[no-any-return]
            if kind is int and self.verb != "s":
                return str(value)
            if self.verb == "v":
                return _text(value)
        return Printer(self.spec).arg(value, self.verb)


class Starred:
    """A verb whose width or precision is an argument: ``stars`` has their indexes, None for one that is constant.

    An index past the arguments is one that is missing. ``arg`` is -1 where no operand is printed.
    """

    __slots__ = ("arg", "flags", "numbers", "stars", "verb")

    def __init__(
        self, flags: str, verb: str, numbers: tuple[int, int], stars: tuple[int | None, int | None], arg: int
    ) -> None:
        self.flags = flags
        self.verb = verb
        self.numbers = numbers
        self.stars = stars
        self.arg = arg

    def text(self, args: tuple[Value, ...]) -> str:
        """Return complaints about the starred arguments, then the operand printed."""
        flags, (width, prec), complaint = self.flags, self.numbers, ""
        if self.stars[0] is not None:
            number = _int_arg(args, self.stars[0])
            complaint += "%!(BADWIDTH)" if number is None else ""
            width = -1 if number is None else abs(number)
            if number is not None and number < 0:
                flags = flags.replace("0", "") + "-"
        if self.stars[1] is not None:
            number = _int_arg(args, self.stars[1])
            prec = -1 if number is None or number < 0 else number
            complaint += "%!(BADPREC)" if prec < 0 else ""
        if self.arg < 0:
            return complaint
        spec = Spec(flags, width, prec, v=self.verb in "vw")
        return complaint + Printer(spec).arg(args[self.arg], self.verb)


def _int_arg(args: tuple[Value, ...], index: int) -> int | None:
    """Return an argument that serves as width or precision; None if there is none, it is no integer or too large."""
    value = args[index] if index < len(args) else None
    kind = values.kind_of(value)
    if kind not in values.INT_KINDS and kind not in values.UINT_KINDS:
        return None
    number = int(value)  # type: ignore[arg-type]
    return number if abs(number) <= MAX_NUMBER else None


class _Scan:
    """Reads a format string for a number of arguments into literal text and directives."""

    def __init__(self, format_: str, count: int) -> None:
        self.format = format_
        self.count = count
        self.at = 0
        self.next = 0
        self.reordered = False
        self.good = True
        self.steps: list[str | Directive | Starred] = []

    def run(self) -> tuple[tuple[str | Directive | Starred, ...], int]:
        """Return the steps, and the first argument left over (the number of arguments when they cannot be told)."""
        while self.at < len(self.format):
            percent = self.format.find("%", self.at)
            self.literal(self.format[self.at : percent] if percent >= 0 else self.format[self.at :])
            if percent < 0:
                break
            self.at = percent + 1
            self.directive()
        return tuple(self.steps), self.count if self.reordered else self.next

    def literal(self, text: str) -> None:
        if text and self.steps and isinstance(self.steps[-1], str):
            self.steps[-1] += text
        elif text:
            self.steps.append(text)

    def directive(self) -> None:
        match = _FLAGS.match(self.format, self.at)
        flags = match.group() if match else ""
        self.at += len(flags)
        self.good = True
        after_index = self.index()
        width, width_star = self.number()
        if after_index and width >= 0:
            self.good = False
        after_index = after_index and width_star is None
        prec, prec_star = -1, None
        if self.format.startswith(".", self.at) and self.at + 1 < len(self.format):  # a last "." is the verb
            self.at += 1
            self.good = self.good and not after_index
            after_index = self.index()
            prec, prec_star = self.number()
            after_index = after_index and prec_star is None
            prec = max(prec, 0)
        if not after_index:
            self.index()
        self.verb(flags, (width, prec), (width_star, prec_star))

    def verb(self, flags: str, numbers: tuple[int, int], stars: tuple[int | None, int | None]) -> None:
        """Consume the verb and add what the whole directive comes to."""
        verb = self.format[self.at : self.at + 1]
        shown = "\ufffd" if "\ud800" <= verb <= "\udfff" else verb
        self.at += 1
        has_operand = verb not in ("", "%") and self.good and self.next < self.count
        arg = self.next if has_operand else -1
        if stars != (None, None):
            self.steps.append(Starred(flags, shown, numbers, stars, arg))
        elif has_operand:
            plain = not flags and numbers == (-1, -1)
            self.steps.append(Directive(Spec(flags, *numbers, v=shown in "vw"), shown, arg, plain=plain))
        self.next += has_operand
        if not has_operand:
            self.literal(self.complaint(verb, shown))

    def complaint(self, verb: str, shown: str) -> str:
        if not verb:
            return "%!(NOVERB)"
        if verb == "%":
            return "%"
        return f"%!{shown}(MISSING)" if self.good else f"%!{shown}(BADINDEX)"

    def index(self) -> bool:
        """Consume an argument index ``[n]``; returns whether a number stood there, right or wrong for the arguments."""
        if not self.format.startswith("[", self.at):
            return False
        self.reordered = True
        end = self.format.find("]", self.at)
        if end < 0 or len(self.format) - self.at < 3:
            self.good = False
            self.at += 1
            return False
        digits, self.at = self.format[self.at + 1 : end], end + 1
        number = self.read(digits) if _DIGITS.fullmatch(digits) else None
        if number is not None and 1 <= number <= self.count:
            self.next = number - 1
            return True
        self.good = False
        return number is not None

    def number(self) -> tuple[int, int | None]:
        """Consume digits or ``*``; returns the number (-1: none), and the argument of a star (the count: none left)."""
        if self.format.startswith("*", self.at):
            self.at += 1
            star, self.next = self.next, min(self.next + 1, self.count)
            return -1, star
        match = _DIGITS.match(self.format, self.at)
        if match is None:
            return -1, None
        number = self.read(match.group())
        self.at = len(self.format) if number is None else match.end()
        return (-1 if number is None else number), None

    @staticmethod
    def read(digits: str) -> int | None:
        """Return a number; None once it passes the limit before its last digit, as Go stops there."""
        if len(digits) > 7 and int(digits[:-1] if len(digits) < 100 else "9" * 9) > MAX_NUMBER:
            return None
        return int(digits)


@lru_cache(maxsize=1024)
def compile_format(format_: str, count: int) -> tuple[tuple[str | Directive | Starred, ...], int]:
    """Return a format string as steps for so many arguments, and the index of the first argument none of them takes."""
    return _Scan(format_, count).run()


def sprintf(format_: str, *args: Value) -> str:
    """Format as Go's Sprintf does; mistakes of the format are reported in the text, as there.

    >>> sprintf("%-5s|%+d|%q|%v", "a", 3, "x", {"b": [1.0, None]})
    'a    |+3|"x"|map[b:[1 <nil>]]'
    >>> sprintf("%d %s", "a")
    '%!d(string=a) %!s(MISSING)'
    """
    steps, used = compile_format(format_, len(args))
    text = "".join([step if step.__class__ is str else step.text(args) for step in steps])  # type: ignore[union-attr]
    return text + _extra(args[used:]) if used < len(args) else text


def _extra(args: tuple[Value, ...]) -> str:
    words = [
        NIL if arg is None or arg is MISSING else f"{values.type_name(arg)}={PRINTER.arg(arg, 'v')}" for arg in args
    ]
    return f"%!(EXTRA {', '.join(words)})"


def sprint(*args: Value) -> str:
    """Print operands with a space between two of which neither is a string.

    >>> sprint(1, 2, "a", 1e6, True)
    '1 2a1e+06 true'
    """
    if len(args) == 1:
        return _text(args[0])
    parts, after_string = [], True
    for arg in args:
        is_string = arg.__class__ is str or values.kind_of(arg) is Kind.STRING
        if not is_string and not after_string:
            parts.append(" ")
        parts.append(_text(arg))
        after_string = is_string
    return "".join(parts)


def sprintln(*args: Value) -> str:
    """Print operands with spaces between them and a newline at the end."""
    return " ".join([_text(arg) for arg in args]) + "\n"


def _text(value: Value) -> str:
    kind = value.__class__
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        return format_float(value)
    return str(PRINTER.arg(value, "v"))  # not a named string, which prints as itself


def printable(value: Value) -> Value:
    """Return what stands for a value when an action prints it: what a pointer points to, and ``<no value>`` for nil.

    A pointer stays where it is needed for its Error or String method.
    """
    if value is None or value is MISSING:
        return NO_VALUE
    while value.__class__ is Pointer and not value.is_nil:
        target = value.target
        if target.__class__ is not Pointer and _needs_pointer(value, target):
            return value
        if target is None or target is MISSING:
            return None
        value = target
    return value


def _needs_pointer(pointer: Pointer, target: Value) -> bool:
    if any(values.bind_method(target, name) for name in ("Error", "String")):
        return False
    return any(values.bind_method(pointer, name) for name in ("Error", "String"))


def format_value(value: Value) -> str:
    """Return what printing the result of an action writes."""
    kind = value.__class__
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if value is None or value is MISSING:
        return NO_VALUE
    return _text(printable(value) if kind is Pointer else value)
