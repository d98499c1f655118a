"""URLs: ``urlParse`` takes one apart into a dictionary, ``urlJoin`` puts it together again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gotemplate.errors import FuncError
from gotemplate.golib.net_url import URL
from gotemplate.golib.net_url import parse as go_parse
from gotemplate.sprig.host import NIL_DEREFERENCE
from gotemplate.sprig.reflection import kind_name
from gotemplate.values import Kind, kind_of


def parse(text: str) -> dict[str, Any]:
    """Return scheme, host, hostname, path, query, opaque, fragment and userinfo of a URL (``urlParse``)."""
    url = _parsed(text, "url")
    return {
        "scheme": url.scheme,
        "host": url.host,
        "hostname": url.hostname(),
        "path": url.path,
        "query": url.raw_query,
        "opaque": url.opaque,
        "fragment": url.fragment,
        "userinfo": url.userinfo(),
    }


def join(parts: dict[str, Any]) -> str:
    """Return the URL of a dictionary such as ``urlParse`` makes; all that is in it must be strings (``urlJoin``)."""
    scheme, host, path, query, opaque, fragment, userinfo = (
        _text(parts, key) for key in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo")
    )
    url = URL(scheme=scheme, host=host, path=path, raw_query=query, opaque=opaque, fragment=fragment)
    if userinfo:
        parsed = _parsed(f"proto://{userinfo}@host", "userinfo in dict")
        url = replace(url, user=parsed.user, password=parsed.password)
    return str(url)


def _parsed(text: str, what: str) -> URL:
    try:
        return go_parse(text)
    except ValueError as error:
        raise FuncError(f"unable to parse {what}: {error}") from None


def _text(parts: dict[str, Any], key: str) -> str:
    value = parts.get(key, "")
    if value is None:
        raise FuncError(NIL_DEREFERENCE)
    if kind_of(value) is not Kind.STRING:
        raise FuncError(f"unable to parse {key} key, must be of type string, but {kind_name(value)} found")
    return str(value)
