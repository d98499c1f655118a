"""Validation of the values users give: annotations of a pod, and the parameters of the built-in template, which share the rules."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from webhook.inject.errors import AnnotationError, ParameterError

if TYPE_CHECKING:
    from webhook.config.release import Release


class InvalidValueError(ValueError):
    """A value that a validator refuses; the text is Go's."""


_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_MASK: Final = re.compile(r"[0-9]{1,3}")
_OCTETS: Final = re.compile(r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}")


def check_cidr(text: str) -> None:
    """Refuse what Go's net.ParseCIDR refuses."""
    address, slash, mask = text.partition("/")
    try:
        if not slash or not _MASK.fullmatch(mask) or "%" in address:
            raise ValueError(text)
        parsed = ipaddress.ip_address(address)
        if int(mask) > parsed.max_prefixlen or (parsed.version == 4 and not _OCTETS.fullmatch(address)):
            raise ValueError(text)
    except ValueError:
        raise InvalidValueError(f"invalid CIDR address: {text}") from None


def check_cidrs(text: str) -> None:
    """Refuse a comma-separated list in which one piece is not a CIDR block; the empty list is well."""
    for piece in text.split(",") if text else ():
        try:
            check_cidr(piece)
        except InvalidValueError as error:
            raise InvalidValueError(f"failed parsing cidr '{piece}': {error}") from None


def _parse_signed_16(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise InvalidValueError(f"failed parsing port '0': strconv.ParseInt: parsing {_quoted(text)}: invalid syntax")
    port = int(text)
    if not -32768 <= port <= 32767:  # 0.8 to 1.0.2 read a port as a signed number
        clamped = 32767 if port > 0 else -32768
        raise InvalidValueError(
            f"failed parsing port '{clamped}': strconv.ParseInt: parsing {_quoted(text)}: value out of range"
        )
    return port


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def check_ports(text: str) -> None:
    """Refuse a comma-separated list in which one piece is not a port; the empty list is well."""
    for piece in text.split(",") if text else ():
        _parse_signed_16(piece)


def _check_included_ranges(text: str) -> None:
    if text != "*":
        _named("includeIPRanges", check_cidrs, text)


def _check_excluded_ranges(text: str) -> None:
    _named("excludeIPRanges", check_cidrs, text)


def _check_included_ports(text: str) -> None:
    if text != "*":
        _named("includeInboundPorts", check_ports, text)


def _check_excluded_ports(text: str) -> None:
    _named("excludeInboundPorts", check_ports, text)


def _check_interception_mode(text: str) -> None:
    if text not in ("REDIRECT", "TPROXY"):
        raise InvalidValueError(f"interceptionMode invalid: {text}")


def _named(name: str, check: Callable[[str], None], text: str) -> None:
    try:
        check(text)
    except InvalidValueError as error:
        raise InvalidValueError(f"{name} invalid: {error}") from None


Validator = Callable[[str], None]
SEQUENCE: Final[tuple[tuple[str, Validator], ...]] = (
    ("sidecar.istio.io/interceptionMode", _check_interception_mode),
    ("traffic.sidecar.istio.io/includeOutboundIPRanges", _check_included_ranges),
    ("traffic.sidecar.istio.io/excludeOutboundIPRanges", _check_excluded_ranges),
    ("traffic.sidecar.istio.io/includeInboundPorts", _check_included_ports),
    ("traffic.sidecar.istio.io/excludeInboundPorts", _check_excluded_ports),
)
"""Istio 0.8 to 1.0.2: these, in this order; the first failure is the answer."""

PARAMETERS: Final[tuple[tuple[str, Validator], ...]] = (
    ("IncludeIPRanges", _check_included_ranges),
    ("ExcludeIPRanges", _check_excluded_ranges),
    ("IncludeInboundPorts", _check_included_ports),
    ("ExcludeInboundPorts", _check_excluded_ports),
)
"""Istio 0.8 to 1.1 check the parameters of the built-in template with the same rules, in this order."""


def validate_annotations(annotations: Mapping[str, str], release: Release) -> None:
    """Check a pod's annotations as the release does.

    Raises:
        AnnotationError: for the first annotation whose value is refused, with the release's text.
    """
    if release.annotation_validation == "none":
        return
    for name, check in SEQUENCE:
        if name in annotations:
            _check(name, annotations[name], check)


def _check(name: str, value: str, check: Validator) -> None:
    try:
        check(value)
    except InvalidValueError as error:
        message = f"injection failed. Invalid value for annotation {name}: {value}. Error: {error}"
        raise AnnotationError(name, value, message) from None


def validate_parameters(parameters: Mapping[str, object]) -> None:
    """Check the parameters of the built-in template.

    Raises:
        ParameterError: for the first one that is refused.
    """
    for name, check in PARAMETERS:
        try:
            check(str(parameters.get(name, "")))
        except InvalidValueError as error:
            raise ParameterError(str(error)) from None
