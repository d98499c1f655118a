"""What the functions take from outside: the clock, randomness, the environment and the resolver of host names.

Everything of it is a value given to ``funcs``; a function that may not look outside refuses with words that say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from gotemplate.errors import FuncError

GUARDED: Final = frozenset({"env", "expandenv", "getHostByName"})
"""The functions that read the environment or the network, and so work only when they are named in ``allow``."""


class RandomSource(Protocol):
    """The part of ``random.Random`` the functions use."""

    def randrange(self, start: int, stop: int, /) -> int:
        """Return an integer from start to before stop."""

    def getrandbits(self, k: int, /) -> int:
        """Return an integer of ``k`` random bits."""


Clock = Callable[[], int]
"""Returns nanoseconds since the Unix epoch."""
Resolver = Callable[[str], Sequence[str]]
"""Returns the addresses of a host name, none when there is no such host."""


def system_clock() -> int:
    """Return the time of the system, in nanoseconds since the Unix epoch."""
    import time

    return time.time_ns()


class SystemRandom:
    """The system's source of randomness, fit for passwords; nothing is imported for it before it is asked."""

    def randrange(self, start: int, stop: int, /) -> int:
        """Return an integer from start to before stop."""
        import secrets

        return start + secrets.randbelow(stop - start)

    def getrandbits(self, k: int, /) -> int:
        """Return an integer of ``k`` random bits."""
        import secrets

        return secrets.randbits(k)


def system_resolver(name: str) -> list[str]:
    """Return the addresses the system's resolver knows for a host name."""
    import socket

    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in found]


class Host(NamedTuple):
    """The outside world of one function map. An ``environment`` of None is that of the process, read when it is needed."""

    allow: frozenset[str] = frozenset()
    clock: Clock = system_clock
    random: RandomSource = SystemRandom()
    environment: Mapping[str, str] | None = None
    resolver: Resolver = system_resolver

    def check(self, name: str) -> None:
        """Refuse a guarded function that was not allowed."""
        if name not in self.allow:
            raise FuncError(f"{name} reads outside of the template and is not allowed; pass allow={{{name!r}}}")

    def variable(self, name: str) -> str:
        """Return a variable of the environment, empty when it is not set."""
        if self.environment is None:
            import os

            return os.environ.get(name, "")
        return self.environment.get(name, "")

    @property
    def zone(self) -> str:
        """The name of the local time zone: TZ of the environment that was given, else UTC."""
        return (self.environment or {}).get("TZ", "").removeprefix(":") or "UTC"

    def random_bytes(self, count: int) -> bytes:
        """Return random bytes."""
        return self.random.getrandbits(8 * count).to_bytes(count, "big") if count else b""


NIL_DEREFERENCE: Final = "runtime error: invalid memory address or nil pointer dereference"
