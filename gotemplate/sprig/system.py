"""The system: ``env``, ``expandenv``, ``getHostByName``. They refuse unless ``funcs`` was told to allow them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gotemplate.errors import FuncError
from gotemplate.golib.utf8 import canonical

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host

_VARIABLE: Final = re.compile(r"\$(?:\{(?P<braced>[^}]*)\}|\{|(?P<bare>[*#$@!?0-9-]|[A-Za-z_][A-Za-z0-9_]*))")


def env(host: Host, name: str) -> str:
    """Return an environment variable, empty when it is not set."""
    host.check("env")
    return host.variable(name)


def expandenv(host: Host, text: str) -> str:
    """Replace ``$NAME`` and ``${NAME}`` by environment variables, as os.ExpandEnv; ``${}`` and a lone ``${`` vanish."""
    host.check("expandenv")

    def value(found: re.Match[str]) -> str:
        name = found["braced"] or found["bare"]
        return host.variable(name) if name else ""

    return _VARIABLE.sub(value, canonical(text))


def get_host_by_name(host: Host, name: str) -> str:
    """Return one of the addresses of a host name (``getHostByName``); a name without any is an error."""
    host.check("getHostByName")
    addresses = host.resolver(name)
    if not addresses:
        raise FuncError("invalid argument to Intn")
    return addresses[host.random.randrange(0, len(addresses))]
