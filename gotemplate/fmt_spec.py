"""One formatting directive: its flags, width and precision, and how they shape numbers, strings and bytes.

Everything here returns text. What a verb means for a value of which kind is in ``fmt_values``.
"""

from __future__ import annotations

from typing import Final

from gotemplate.golib import quote, unicode, utf8
from gotemplate.golib.floats import format_float

DIGITS: Final = {2: "b", 8: "o", 10: "d", 16: "x"}
MAX_UINT: Final = (1 << 64) - 1


class Spec:
    """The flags of a directive; -1 for width and precision means absent. Frozen by convention: shared between calls.

    ``plus_v`` and ``sharp_v`` are ``+`` and ``#`` in front of ``v``, where they ask for field names and Go syntax.
    """

    __slots__ = ("minus", "plus", "plus_v", "prec", "sharp", "sharp_v", "sized", "space", "width", "zero")

    def __init__(self, flags: str = "", width: int = -1, prec: int = -1, *, v: bool = False) -> None:
        self.minus = "-" in flags
        self.plus = "+" in flags and not v
        self.plus_v = "+" in flags and v
        self.sharp = "#" in flags and not v
        self.sharp_v = "#" in flags and v
        self.space = " " in flags
        self.zero = "0" in flags
        self.sized = width >= 0
        self.width = max(width, 0)
        self.prec = prec

    def _copy(self) -> Spec:
        copy = Spec.__new__(Spec)
        for name in Spec.__slots__:
            setattr(copy, name, getattr(self, name))
        return copy

    def replaced(self, *, plus: bool | None = None, sharp: bool | None = None) -> Spec:
        """Return a copy with one of the flags set or cleared."""
        copy = self._copy()
        copy.plus = self.plus if plus is None else plus
        copy.sharp = self.sharp if sharp is None else sharp
        return copy

    def without_numbers(self) -> Spec:
        """Return a copy with width and precision zero where they are present."""
        copy = self._copy()
        copy.width = 0
        copy.prec = min(self.prec, 0)
        return copy


PLAIN: Final = Spec()


def pad(spec: Spec, text: str, *, zeros: bool = True) -> str:
    """Return text padded to the width, counted in runes; with zeros on the left where the flag says so."""
    if not spec.width:
        return text
    missing = spec.width - utf8.rune_count(text)
    if missing <= 0:
        return text
    if spec.minus:
        return text + " " * missing
    return ("0" if spec.zero and zeros else " ") * missing + text


def boolean(spec: Spec, value: bool) -> str:
    """Return ``true`` or ``false``."""
    return pad(spec, "true" if value else "false")


def integer(spec: Spec, number: int, base: int, verb: str) -> str:
    """Return an integer in a base; ``verb`` X asks for capitals, O for the prefix 0o."""
    if spec.prec == 0 and number == 0:
        return " " * spec.width
    digits = format(abs(number), DIGITS[base])
    sign = "-" if number < 0 else "+" if spec.plus else " " if spec.space else ""
    least = spec.prec
    if spec.prec < 0 and spec.zero and not spec.minus:
        least = spec.width - len(sign)
    digits = digits.rjust(least, "0")
    prefix = _prefix(spec, digits, base, verb)
    if verb == "X":
        digits, prefix = digits.upper(), prefix.upper()
    return pad(spec, sign + prefix + digits, zeros=False)


def _prefix(spec: Spec, digits: str, base: int, verb: str) -> str:
    prefix = ""
    if spec.sharp:
        prefix = {2: "0b", 16: "0x", 8: "" if digits[0] == "0" else "0"}.get(base, "")
    return "0o" + prefix if verb == "O" else prefix


def character(spec: Spec, number: int) -> str:
    """Return the character of a code point (``%c``)."""
    return pad(spec, utf8.rune_text(number))


def quoted_character(spec: Spec, number: int) -> str:
    """Return a code point as a character literal (``%q``)."""
    return pad(spec, quote.quote_rune_to_ascii(number) if spec.plus else quote.quote_rune(number))


def unicode_point(spec: Spec, number: int) -> str:
    """Return ``U+0041``, with ``#`` also the character if it is printable (``%U``)."""
    number &= MAX_UINT
    text = "U+" + format(number, "X").rjust(max(spec.prec, 4), "0")
    if spec.sharp and number <= utf8.MAX_RUNE and unicode.is_print(chr(number)):
        text += f" '{chr(number)}'"
    return pad(spec, text, zeros=False)


def floating(spec: Spec, value: float, bits: int, letter: str, prec: int) -> str:
    """Return a float in one of strconv's formats; ``prec`` is the default where the directive has none."""
    if spec.prec >= 0:
        prec = spec.prec
    text = format_float(value, letter, prec, bits)
    sign, number = (text[0], text[1:]) if text[0] in "+-" else ("+", text)
    if spec.space and sign == "+" and not spec.plus:
        sign = " "
    if number[0] in "IN":
        unsigned = number[0] == "N" and not spec.space and not spec.plus
        return pad(spec, number if unsigned else sign + number, zeros=False)
    if spec.sharp and letter != "b":
        number = _with_point(number, letter, prec)
    if not spec.plus and sign == "+":
        return pad(spec, number)
    if spec.zero and not spec.minus:
        return sign + number.rjust(spec.width - 1, "0")
    return pad(spec, sign + number)


def _with_point(number: str, letter: str, prec: int) -> str:
    """Return a number with its decimal point and the zeros that ``#`` keeps: as many digits as the precision, or 6."""
    at = next((i for i, char in enumerate(number) if char in ("pP" if letter in "xX" else "eEpP")), len(number))
    body, tail = number[:at], number[at:]
    digits = (6 if prec < 0 else prec) if letter in "gGx" else 0
    digits -= len(body.replace(".", "").lstrip("0"))
    if "." not in body:
        digits -= body == "0"
        body += "."
    return body + "0" * digits + tail


def complex_number(spec: Spec, value: complex, bits: int, letter: str, prec: int) -> str:
    """Return ``(a+bi)``; the width applies to each part."""
    real = floating(spec, value.real, bits // 2, letter, prec)
    imag = floating(spec.replaced(plus=True), value.imag, bits // 2, letter, prec)
    return f"({real}{imag}i)"


def string(spec: Spec, text: str) -> str:
    """Return a string cut to the precision, counted in runes (``%s``)."""
    return pad(spec, utf8.canonical(text)[: spec.prec] if spec.prec >= 0 else text)


def quoted(spec: Spec, text: str) -> str:
    """Return a string literal (``%q``): with ``#`` in backquotes where possible, with ``+`` of ASCII only."""
    if spec.prec >= 0:
        text = utf8.canonical(text)[: spec.prec]
    if spec.sharp and quote.can_backquote(text):
        return pad(spec, f"`{text}`")
    return pad(spec, quote.quote_to_ascii(text) if spec.plus else quote.quote(text))


def hexadecimal(spec: Spec, data: bytes, verb: str) -> str:
    """Return bytes in hexadecimal (``%x``): the space flag separates them, ``#`` puts 0x in front of all or of each."""
    if spec.prec >= 0:
        data = data[: spec.prec]
    if not data:
        return pad(spec, "")
    prefix = "0x" if spec.sharp else ""
    text = prefix + (data.hex(" ").replace(" ", " " + prefix) if spec.space else data.hex())
    return pad(spec, text.upper() if verb == "X" else text)
