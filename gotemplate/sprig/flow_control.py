"""Flow control: ``fail``; and ``hello``, with which Sprig greets."""

from __future__ import annotations

from typing import NoReturn

from gotemplate.errors import FuncError


def fail(message: str) -> NoReturn:
    """End the rendering with the message."""
    raise FuncError(message)


def hello() -> str:
    """Return Sprig's greeting."""
    return "Hello!"
