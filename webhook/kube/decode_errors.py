"""The errors of reading a JSON value into a Go type: the wordless one that stops a decoder, and the one that callers see."""

from __future__ import annotations


class MismatchError(Exception):
    """A value does not fit its Go type. The text is empty, or Go's message of a type that reads itself.

    ``value`` and ``target`` are those of an UnmarshalTypeError, to which encoding/json adds the field.
    """

    def __init__(self, text: str = "", value: str = "", target: str = "") -> None:
        super().__init__(text)
        self.value = value
        self.target = target


class DecodeError(ValueError):
    """A JSON value does not fit its Go type.

    ``str(e)`` is Go's message; ``path`` says where (``spec.containers[0].image``).
    """

    def __init__(self, text: str, path: str) -> None:
        super().__init__(text)
        self.path = path
