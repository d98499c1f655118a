"""Checks of single annotation values, in Go's words: addresses, ports, numbers, modes. Which annotation gets which is told elsewhere."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gotemplate.golib.netip import AddressError, is_ipv4
from gotemplate.golib.quote import quote
from gotemplate.golib.strconv import NumError, parse_bool, parse_int, parse_uint
from webhook.kube import yaml
from webhook.kube.quantity import QuantityError, parse_quantity
from webhook.mesh.errors import MeshError
from webhook.mesh.mesh import check_proxy_annotation

if TYPE_CHECKING:
    from webhook.config.release import Release

Validator = Callable[[str, "Release"], None]
_MASK: Final = re.compile(r"[0-9]{1,3}")
_OCTETS: Final = re.compile(r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}")
_PADDED_OCTETS: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
_INTERFACE_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_.-]*")
_INTERFACE_NAME_LENGTH: Final = 15
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class InvalidValueError(ValueError):
    """A value that a validator refuses; the text is Go's."""


def check_cidr(text: str, release: Release | None = None) -> None:
    """Refuse what Go's net.ParseCIDR refuses, or from 1.16 on netip.ParsePrefix."""
    if release is not None and release.cidr_parser == "netip":
        _check_prefix(text)
        return
    address, slash, mask = text.partition("/")
    try:
        if not slash or not _MASK.fullmatch(mask) or "%" in address:
            raise ValueError(text)
        parsed = ipaddress.ip_address(_without_padding(address, release))
        if int(mask) > parsed.max_prefixlen or (parsed.version == 4 and not _is_octets(address, release)):
            raise ValueError(text)
    except ValueError:
        raise InvalidValueError(f"invalid CIDR address: {text}") from None


def _takes_padding(release: Release | None) -> bool:
    """Tell whether octets may have leading zeros: Go read ``010`` as 10 before 1.17."""
    return release is not None and int(release.go_version.partition(".")[2]) < 17


def _is_octets(address: str, release: Release | None) -> bool:
    return bool((_PADDED_OCTETS if _takes_padding(release) else _OCTETS).fullmatch(address))


def _without_padding(address: str, release: Release | None) -> str:
    if not _takes_padding(release) or not _PADDED_OCTETS.fullmatch(address):
        return address
    return ".".join(str(int(octet)) for octet in address.split("."))


def _check_prefix(text: str) -> None:
    """Refuse what netip.ParsePrefix refuses."""
    address, slash, mask = text.rpartition("/")
    problem = ""
    if not slash:
        problem = "no '/'"
    elif (found := _address_problem(address)) is not None:
        problem = found
    elif "%" in address:
        problem = "IPv6 zones cannot be present in a prefix"
    elif not re.fullmatch(r"[0-9]+", mask) or (len(mask) > 1 and mask[0] == "0"):
        problem = f"bad bits after slash: {quote(mask)}"
    elif int(mask) > (128 if ":" in address else 32):
        problem = "prefix length out of range"
    if problem:
        raise InvalidValueError(f"netip.ParsePrefix({quote(text)}): {problem}")


def _address_problem(address: str) -> str | None:
    """Return Go's complaint about an address; None when it is one."""
    try:
        is_ipv4(address)
    except AddressError as error:
        return str(error)
    return None


def check_cidrs(text: str, release: Release | None = None) -> None:
    """Refuse a comma-separated list in which one piece is not a CIDR block; the empty list is well."""
    for piece in text.split(",") if text else ():
        try:
            check_cidr(piece, release)
        except InvalidValueError as error:
            raise InvalidValueError(f"failed parsing cidr '{piece}': {error}") from None


def _check_port(text: str, release: Release) -> None:
    """Refuse what is no port: a signed 16-bit number from 0.8 to 1.0.2, an unsigned one since."""
    try:
        if release.ports_are_signed:
            parse_int(text, 10, 16)
        else:
            parse_uint(text.strip(), 10, 16)
    except NumError as error:
        shown = _clamped(text, error, release) if release.port_errors_show_number else text
        raise InvalidValueError(f"failed parsing port '{shown}': {error}") from None


def _clamped(text: str, error: NumError, release: Release) -> str:
    """Return the number that strconv gives back beside the error, which old releases print."""
    if "out of range" not in str(error):
        return "0"
    if not release.ports_are_signed:
        return "65535"
    return "-32768" if text.startswith("-") else "32767"


def check_ports(text: str, release: Release) -> None:
    """Refuse a comma-separated list in which one piece is not a port; the empty list is well."""
    text = text if release.ports_are_signed else text.strip()
    for piece in text.split(",") if text else ():
        try:
            _check_port(piece, release)
        except InvalidValueError as error:
            if release.ports_are_signed:
                raise
            shown = "0" if release.port_errors_show_number else piece
            raise InvalidValueError(f"failed parsing port '{shown}': {error}") from None


def _named(name: str, check: Validator) -> Validator:
    """Return a check whose complaints begin with a name."""

    def named(text: str, release: Release) -> None:
        try:
            check(text, release)
        except InvalidValueError as error:
            raise InvalidValueError(f"{name} invalid: {error}") from None

    return named


def _or_all(check: Validator) -> Validator:
    """Return a check that lets ``*`` pass."""

    def checked(text: str, release: Release) -> None:
        if text != "*":
            check(text, release)

    return checked


included_ranges: Final = _or_all(_named("includeIPRanges", check_cidrs))
excluded_ranges: Final = _named("excludeIPRanges", check_cidrs)
included_ports: Final = _or_all(_named("includeInboundPorts", check_ports))
excluded_ports: Final = _named("excludeInboundPorts", check_ports)
excluded_outbound_ports: Final = _named("excludeOutboundPorts", check_ports)
status_port: Final = _named("excludeInboundPorts", _check_port)  # the wrong name is Istio's


def interception_mode(text: str, release: Release) -> None:
    """Refuse what is no interception mode."""
    modes = release.interception_modes
    if text not in modes:
        advice = f", use {','.join(modes)}" if "NONE" in modes else ""
        raise InvalidValueError(f"interceptionMode invalid{advice}: {text}")


def uint32(text: str, _release: Release) -> None:
    """Refuse what is no unsigned 32-bit number."""
    try:
        parse_uint(text, 10, 32)
    except NumError as error:
        raise InvalidValueError(str(error)) from None


def boolean(text: str, _release: Release) -> None:
    """Refuse what Go's ParseBool refuses."""
    try:
        parse_bool(text)
    except NumError as error:
        raise InvalidValueError(str(error)) from None


def always_valid(_text: str, _release: Release) -> None:
    """Accept everything."""


def proxy_config(text: str, release: Release) -> None:
    """Refuse YAML that does not give a valid ProxyConfig when it is laid over the built-in one."""
    try:
        findings = check_proxy_annotation(yaml.load(text, release.yaml_dialect), release.version)
    except yaml.YamlError as error:
        reason = str(error).removeprefix("error converting YAML to JSON: ")
        raise InvalidValueError(f"failed to convert to apply proxy config: {reason}") from None
    except MeshError as error:
        reason = str(error).removeprefix("could not parse proxy config: ")
        raise InvalidValueError(f"failed to convert to apply proxy config: {reason}") from None
    if findings:
        raise InvalidValueError(findings)


def quantity(text: str, _release: Release) -> None:
    """Refuse what is no Kubernetes quantity."""
    if _CONTROL.search(text):
        raise InvalidValueError("value contains control characters")
    try:
        parse_quantity(text)
    except QuantityError as error:
        raise InvalidValueError(str(error)) from None


def interface_names(text: str, _release: Release) -> None:
    """Refuse a comma-separated list in which one piece cannot be the name of a network interface."""
    for piece in text.split(",") if text else ():
        problem = _interface_problem(piece.strip())
        if problem:
            raise InvalidValueError(problem)


def _interface_problem(name: str) -> str:
    if not name:
        return "empty interface name"
    if len(name.encode("utf-8", "surrogatepass")) > _INTERFACE_NAME_LENGTH:
        return f"interface name {quote(name)} too long (max {_INTERFACE_NAME_LENGTH} chars)"
    return "" if _INTERFACE_NAME.fullmatch(name) else f"interface name {quote(name)} contains invalid characters"
