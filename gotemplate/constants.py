"""The constants of the language: what a number, a character or a quoted string in a template stands for.

A constant that is none raises ValueError with Go's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

from gotemplate.golib import strconv, utf8
from gotemplate.golib.quote import quote, unquote, unquote_char
from gotemplate.nodes import NumberNode

Number = TypeVar("Number", int, float)

_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]{0,17})")
_SCANNED_FLOAT: Final = r"""(?>[+-]?i?(?:
    0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
  | [0-9_]*(?:\.[0-9_]*)?(?:[eEpP][+-]?[0-9_]*)?
))"""
_SCANNED_COMPLEX: Final = re.compile(rf"({_SCANNED_FLOAT})([+-]{_SCANNED_FLOAT})i", re.VERBOSE)
"""A complex number as fmt.Sscan takes it apart, which Go's parser leaves the work to: an ``i`` could begin ``Inf``, so
that ``1+i`` is none."""


def string_of(quoted: str) -> str:
    """Return what a quoted or raw string stands for."""
    if quoted.isascii() and "\\" not in quoted and "\r" not in quoted:
        return quoted[1:-1]
    return unquote(quoted)


def number_of(pos: int, text: str) -> NumberNode:
    """Return the node of a number, an imaginary constant or a character constant."""
    node = NumberNode(pos, text)
    if _DECIMAL.fullmatch(text):
        _set_int(node, int(text))
        node.is_uint, node.uint64 = True, node.int64
    elif text.startswith("'"):
        _set_int(node, _character_of(text))
        node.is_uint, node.uint64 = True, node.int64
    elif not (text.endswith("i") and _set_imaginary(node, text)):
        _set_real(node, text)
    return node


def complex_of(pos: int, text: str) -> NumberNode:
    """Return the node of a complex constant with two parts, ``1+2i``."""
    parts = _SCANNED_COMPLEX.fullmatch(text)
    if parts is None:
        raise ValueError("syntax error scanning complex number")
    node = NumberNode(pos, text)
    _set_complex(node, complex(strconv.parse_float(parts[1]), strconv.parse_float(parts[2])))
    return node


def _set_int(node: NumberNode, value: int) -> None:
    node.is_int = node.is_float = True
    node.int64, node.float64 = value, float(value)


def _character_of(text: str) -> int:
    code, _, rest = unquote_char(utf8.canonical(text[1:]), "'")
    if rest != "'":
        raise ValueError(f"malformed character constant: {text}")
    return code


def _set_imaginary(node: NumberNode, text: str) -> bool:
    imaginary = _parsed(strconv.parse_float, text[:-1])
    if imaginary is None:
        return False
    _set_complex(node, complex(0, imaginary))
    return True


def _set_complex(node: NumberNode, value: complex) -> None:
    """Store a complex number, and the simpler ones it equals when its imaginary part is zero."""
    node.is_complex, node.complex128 = True, value
    if value.imag == 0:
        _set_float(node, value.real)


def _set_float(node: NumberNode, value: float) -> None:
    """Store a float, and the integers it equals."""
    node.is_float, node.float64 = True, value
    if -(2.0**63) <= value < 2.0**63 and value.is_integer():
        node.is_int, node.int64 = True, int(value)
    if 0 <= value < 2.0**64 and value.is_integer():
        node.is_uint, node.uint64 = True, int(value)


def _set_real(node: NumberNode, text: str) -> None:
    """Store an integer in any base with any sign, or a float."""
    unsigned = _parsed(lambda digits: strconv.parse_uint(digits, 0), text)
    if unsigned is not None:
        node.is_uint, node.uint64, node.is_float, node.float64 = True, unsigned, True, float(unsigned)
    signed = _parsed(lambda digits: strconv.parse_int(digits, 0), text)
    if signed is not None:
        _set_int(node, signed)
        node.is_uint = node.is_uint or signed == 0
    if signed is None and unsigned is None:
        _set_float(node, _float_of(text))


def _float_of(text: str) -> float:
    value = _parsed(strconv.parse_float, text)
    if value is None:
        raise ValueError(f"illegal number syntax: {quote(text)}")
    if not set(".eEpP").intersection(text):
        raise ValueError(f"integer overflow: {quote(text)}")
    return value


def _parsed(parse: Callable[[str], Number], text: str) -> Number | None:
    try:
        return parse(text)
    except strconv.NumError:
        return None
