"""The check that Go's package netip makes of an IP address, with its words."""

from __future__ import annotations

import re
from typing import Final

from gotemplate.golib.quote import quote

_HEX: Final = re.compile(r"[0-9a-fA-F]{0,5}")
_FIELDS: Final = 8


class AddressError(ValueError):
    """A text that is no IP address: ``ParseAddr("TEXT"): REASON (at "REST")``."""

    def __init__(self, text: str, reason: str, at: str = "") -> None:
        super().__init__(f"ParseAddr({quote(text)}): {reason}" + (f" (at {quote(at)})" if at else ""))


def is_ipv4(text: str) -> bool:
    """Check an address and tell whether it is one of version 4. Raises AddressError."""
    first = re.search("[.:%]", text)
    if first is None:
        raise AddressError(text, "unable to parse IP")
    if first.group() == "%":
        raise AddressError(text, "missing IPv6 address")
    if first.group() == ".":
        _check_ipv4(text, text)
        return True
    _check_ipv6(text)
    return False


def _check_ipv4(whole: str, text: str) -> None:
    value, digits, dots = 0, 0, 0
    for at, char in enumerate(text):
        if char in "0123456789":
            if digits == 1 and value == 0:
                raise AddressError(whole, "IPv4 field has octet with leading zero")
            value, digits = value * 10 + int(char), digits + 1
            if value > 255:
                raise AddressError(whole, "IPv4 field has value >255")
        elif char != ".":
            raise AddressError(whole, "unexpected character", text[at:])
        elif digits == 0 or at == len(text) - 1:
            raise AddressError(whole, "IPv4 field must have at least one digit", text[at:])
        elif dots == 3:
            raise AddressError(whole, "IPv4 address too long")
        else:
            value, digits, dots = 0, 0, dots + 1
    if dots < 3:
        raise AddressError(whole, "IPv4 address too short")


def _check_ipv6(whole: str) -> None:
    text, percent, zone = whole.partition("%")
    if percent and not zone:
        raise AddressError(whole, "zone must be a non-empty string")
    shortened = text.startswith("::")
    rest, count = text[2:] if shortened else text, 0
    if shortened and not rest:
        return
    while count < _FIELDS:
        field = _field(whole, rest)
        if rest[len(field) :].startswith("."):
            _check_embedded(whole, rest, count, shortened=shortened)
            rest, count = "", count + 2
            break
        rest, count = rest[len(field) :], count + 1
        if not rest:
            break
        rest = _after_field(whole, rest)
        if rest.startswith(":"):
            if shortened:
                raise AddressError(whole, "multiple :: in address", rest)
            shortened, rest = True, rest[1:]
            if not rest:
                break
    if rest:
        raise AddressError(whole, "trailing garbage after address", rest)
    if count < _FIELDS and not shortened:
        raise AddressError(whole, "address string too short")
    if count >= _FIELDS and shortened:
        raise AddressError(whole, "the :: must expand to at least one field of zeros")


def _field(whole: str, rest: str) -> str:
    match = _HEX.match(rest)
    field = match.group() if match else ""
    if not field:
        raise AddressError(whole, "each colon-separated field must have at least one digit", rest)
    if len(field) > 4:
        raise AddressError(whole, "each group must have 4 or less digits", rest)
    return field


def _after_field(whole: str, rest: str) -> str:
    if rest[0] != ":":
        raise AddressError(whole, "unexpected character, want colon", rest)
    if len(rest) == 1:
        raise AddressError(whole, "colon must be followed by more characters", rest)
    return rest[1:]


def _check_embedded(whole: str, rest: str, count: int, *, shortened: bool) -> None:
    if not shortened and count != _FIELDS - 2:
        raise AddressError(whole, "embedded IPv4 address must replace the final 2 fields of the address", rest)
    if count + 2 > _FIELDS:
        raise AddressError(whole, "too many hex fields to fit an embedded IPv4 at the end of the address", rest)
    _check_ipv4(whole, rest)
