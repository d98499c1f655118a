"""Protobuf messages as plain, immutable data: what is set, and nothing else.

A Message holds the fields that are set, by proto name. Values are plain: bool, int (enums too), float, str;
``Duration``; ``Message``; a tuple for a repeated field, a dict for a map; for a wrapper the wrapped value. Zero
scalars outside oneofs are not held, as proto3 does not know them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

NANOS: Final = 1_000_000_000
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Duration(NamedTuple):
    """A google.protobuf.Duration; both parts have the same sign."""

    seconds: int = 0
    nanos: int = 0

    @classmethod
    def of(cls, nanoseconds: int) -> Duration:
        """Return the duration of so many nanoseconds."""
        sign = -1 if nanoseconds < 0 else 1
        seconds, nanos = divmod(abs(nanoseconds), NANOS)
        return cls(sign * seconds, sign * nanos)

    @property
    def nanoseconds(self) -> int:
        """The whole duration in nanoseconds."""
        return self.seconds * NANOS + self.nanos


def seconds(count: int) -> Duration:
    """Return a duration of whole seconds."""
    return Duration(count, 0)


class Wrapped(NamedTuple):
    """The value inside a wrapper message such as google.protobuf.Int32Value, where it must be told from a plain one."""

    value: Any


class Message(NamedTuple):
    """A message: its full proto name and the fields that are set."""

    name: str
    fields: Mapping[str, Any] = _NOTHING

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field's value, or the default where it is not set."""
        return self.fields.get(name, default)

    def replace(self, changes: Mapping[str, Any]) -> Message:
        """Return a copy with other fields set; None clears one."""
        cleared = {name for name, value in changes.items() if value is None}
        merged = {**self.fields, **changes}
        return Message(self.name, {name: value for name, value in merged.items() if name not in cleared})

    def without(self, names: Iterable[str]) -> Message:
        """Return a copy with some fields cleared."""
        dropped = frozenset(names)
        return Message(self.name, {name: value for name, value in self.fields.items() if name not in dropped})
