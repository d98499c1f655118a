"""Go's package net/url: escaping, and URLs taken apart and put together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from gotemplate.golib import utf8
from gotemplate.golib.quote import quote

_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
_SAFE: Final[dict[str, frozenset[int]]] = {
    "query": _UNRESERVED,
    "segment": _UNRESERVED | frozenset(b"$&+:=@"),
    "path": _UNRESERVED | frozenset(b"$&+,/:;=@"),
    "userinfo": _UNRESERVED | frozenset(b"$&+,;="),
    "host": _UNRESERVED | frozenset(b"!$&'()*+,;=:[]<>\""),
    "zone": _UNRESERVED | frozenset(b"!$&'()*+,;=:[]<>\""),
    "fragment": _UNRESERVED | frozenset(b"$&+,/:;=?@!()*"),
}
"""The bytes that stay as they are, by the part of the URL."""

_HEX: Final = frozenset("0123456789abcdefABCDEF")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PORT: Final = re.compile(r":[0-9]*", re.ASCII)
_PERCENT: Final = re.compile(r"%.{0,2}", re.DOTALL)
_TO_CHECK: Final = re.compile(r"%.{0,2}|[^%]", re.DOTALL)
_USERINFO: Final = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*", re.ASCII)


class URLError(ValueError):
    """A URL that cannot be read: ``parse "URL": REASON``."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"parse {quote(text)}: {reason}")


def _escape(text: str, part: str) -> str:
    safe = _SAFE[part]
    return "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in utf8.to_bytes(text))


def query_escape(text: str) -> str:
    """Return text escaped for a query: a space becomes ``+``."""
    return _escape(text, "query").replace("%20", "+")


def path_escape(text: str) -> str:
    """Return text escaped for one segment of a path."""
    return _escape(text, "segment")


def query_unescape(text: str) -> str:
    """Return the text that a part of a query stands for. ValueError: ``invalid URL escape "%zz"``."""
    return _unescape(text, "query")


def path_unescape(text: str) -> str:
    """Return the text that a segment of a path stands for. ValueError: ``invalid URL escape "%zz"``."""
    return _unescape(text, "segment")


def _unescape(text: str, part: str) -> str:
    for match in _TO_CHECK.finditer(text) if part in ("host", "zone") else _PERCENT.finditer(text):
        _check_piece(match.group(), part)
    if part == "query":
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    first, *rest = utf8.to_bytes(text).split(b"%")
    return utf8.from_bytes(first + b"".join(bytes([int(word[:2], 16)]) + word[2:] for word in rest))


def _check_piece(piece: str, part: str) -> None:
    """Check an escape, or a character of a host."""
    if piece[0] != "%":
        if piece < "\x80" and ord(piece) not in _SAFE[part]:
            raise ValueError(f"invalid character {quote(piece)} in host name")
        return
    if len(piece) < 3 or piece[1] not in _HEX or piece[2] not in _HEX:
        shown = utf8.from_bytes(utf8.to_bytes(piece)[:3])
        raise ValueError(f"invalid URL escape {quote(shown)}")
    # In a host only bytes beyond ASCII may be escaped, in the zone of an address also what a host allows.
    byte = int(piece[1:], 16)
    allowed = byte >= 0x80 or piece == "%25" or (part == "zone" and (byte == 0x20 or byte in _SAFE["host"]))
    if part in ("host", "zone") and not allowed:
        raise ValueError(f"invalid URL escape {quote(piece)}")


@dataclass(frozen=True)
class URL:
    """The parts of a URL: ``[scheme:][//[user[:password]@]host][/]path[?query][#fragment]`` or ``scheme:opaque?query``.

    ``path`` and ``fragment`` are unescaped; the raw forms are set where the default escaping would differ. ``user`` and
    ``password`` are None when they are not given.
    """

    scheme: str = ""
    opaque: str = ""
    user: str | None = None
    password: str | None = None
    host: str = ""
    path: str = ""
    raw_path: str = ""
    omit_host: bool = False
    force_query: bool = False
    raw_query: str = ""
    fragment: str = ""
    raw_fragment: str = ""

    def userinfo(self) -> str:
        """Return user and password escaped, as they stand before the host; empty without a user."""
        if self.user is None:
            return ""
        escaped = _escape(self.user, "userinfo")
        return escaped if self.password is None else f"{escaped}:{_escape(self.password, 'userinfo')}"

    def hostname(self) -> str:
        """Return the host without port and brackets."""
        return _split_port(self.host)[0]

    def port(self) -> str:
        """Return the port; empty without one."""
        return _split_port(self.host)[1]

    def escaped_path(self) -> str:
        """Return the path as it is written: the raw form if it fits the path, else the default escaping."""
        if self.raw_path and _is_valid(self.raw_path, "path") and _unescaped_or_none(self.raw_path) == self.path:
            return self.raw_path
        return "*" if self.path == "*" else _escape(self.path, "path")

    def escaped_fragment(self) -> str:
        """Return the fragment as it is written."""
        raw = self.raw_fragment
        if raw and _is_valid(raw, "fragment") and _unescaped_or_none(raw) == self.fragment:
            return raw
        return _escape(self.fragment, "fragment")

    def __str__(self) -> str:
        text = f"{self.scheme}:" if self.scheme else ""
        text += self.opaque or self._hierarchy()
        if self.force_query or self.raw_query:
            text += "?" + self.raw_query
        return f"{text}#{self.escaped_fragment()}" if self.fragment else text

    def _hierarchy(self) -> str:
        text, path = "", self.escaped_path()
        has_authority = self.scheme or self.host or self.user is not None
        if has_authority and not (self.omit_host and not self.host and self.user is None):
            text += "//" if self.host or self.path or self.user is not None else ""
            text += f"{self.userinfo()}@" if self.user is not None else ""
            text += _escape(self.host, "host")
        if path and path[0] != "/" and self.host:
            text += "/"
        if not text and not self.scheme and ":" in path.split("/", 1)[0]:
            text = "./"  # a first segment with a colon would read as a scheme
        return text + path


def _is_valid(raw: str, part: str) -> bool:
    return all(char in "!$&'()*+,;=:@[]%" or (char < "\x80" and ord(char) in _SAFE[part]) for char in raw)


def _unescaped_or_none(raw: str) -> str | None:
    try:
        return _unescape(raw, "path")
    except ValueError:
        return None


def _split_port(host: str) -> tuple[str, str]:
    colon = host.rfind(":")
    port = ""
    if colon >= 0 and _PORT.fullmatch(host, colon):
        host, port = host[:colon], host[colon + 1 :]
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    return host, port


def parse(text: str) -> URL:
    """Read a URL, relative or absolute. Raises URLError."""
    rest, hash_sign, fragment = text.partition("#")
    try:
        url = _parse(rest)
    except ValueError as error:
        raise URLError(rest, str(error)) from None
    if not hash_sign or not fragment:
        return url
    try:
        plain = _unescape(fragment, "fragment")
    except ValueError as error:
        raise URLError(text, str(error)) from None
    return replace(url, fragment=plain, raw_fragment="" if _escape(plain, "fragment") == fragment else fragment)


def _parse(text: str) -> URL:
    if any(char < " " or char == "\x7f" for char in text):
        raise ValueError("net/url: invalid control character in URL")
    if text == "*":
        return URL(path="*")
    scheme, rest = _split_scheme(text)
    force_query = rest.endswith("?") and rest.count("?") == 1
    query = ""
    if force_query:
        rest = rest[:-1]
    else:
        rest, _, query = rest.partition("?")
    url = URL(scheme=scheme, force_query=force_query, raw_query=query)
    if not rest.startswith("/"):
        if scheme:
            return replace(url, opaque=rest)
        if ":" in rest.partition("/")[0]:
            raise ValueError("first path segment in URL cannot contain colon")
    return _with_path(*_with_authority(url, rest))


def _split_scheme(text: str) -> tuple[str, str]:
    match = _SCHEME.match(text)
    if match is not None:
        return match.group()[:-1].lower(), text[match.end() :]
    if text.startswith(":"):
        raise ValueError("missing protocol scheme")
    return "", text


def _with_authority(url: URL, rest: str) -> tuple[URL, str]:
    if rest.startswith("//") and (url.scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        return _parse_authority(url, authority), slash + path
    return (replace(url, omit_host=True) if url.scheme and rest.startswith("/") else url), rest


def _parse_authority(url: URL, authority: str) -> URL:
    userinfo, at, host = authority.rpartition("@")
    url = replace(url, host=_parse_host(url.scheme, host))
    if not at:
        return url
    if not _USERINFO.fullmatch(userinfo):
        raise ValueError("net/url: invalid userinfo")
    name, colon, password = userinfo.partition(":")
    user = _unescape(name, "userinfo")
    return replace(url, user=user, password=_unescape(password, "userinfo") if colon else None)


def _parse_host(scheme: str, host: str) -> str:
    bracket = host.rfind("[")
    if bracket > 0:
        raise ValueError("invalid IP-literal")
    if bracket == 0:
        return _parse_literal(host)
    # Only http and https forbid colons before the port: lists of hosts are common elsewhere.
    colon = host.find(":") if scheme in ("http", "https") else host.rfind(":")
    if colon >= 0:
        _check_port(host[colon:])
    return _unescape(host, "host")


def _check_port(port: str) -> None:
    if port and not _PORT.fullmatch(port):
        raise ValueError(f"invalid port {quote(port)} after host")


def _parse_literal(host: str) -> str:
    from gotemplate.golib.netip import AddressError, is_ipv4

    end = host.rfind("]")
    if end < 0:
        raise ValueError("missing ']' in host")
    _check_port(host[end + 1 :])
    name, percent, zone = host[1:end].partition("%25")
    name = _unescape(name, "host") + _unescape(percent + zone, "zone")
    try:
        refused = is_ipv4(name)
    except AddressError as error:
        raise ValueError(f"invalid host: {error}") from None
    if refused:
        raise ValueError("invalid IP-literal")
    return f"[{name}]{host[end + 1 :]}"


def _with_path(url: URL, path: str) -> URL:
    plain = _unescape(path, "path")
    return replace(url, path=plain, raw_path="" if _escape(plain, "path") == path else path)
