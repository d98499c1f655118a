"""A cache for functions of texts that anybody may write: it keeps what short texts give, and is never large."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Result = TypeVar("Result")
OfText = Callable[[str], Result]


def kept_for_short(*, count: int, longest: int) -> Callable[[OfText[Result]], OfText[Result]]:
    """Return a decorator for a function of one text: what it gives is kept for so many texts of at most so many characters."""

    def decorate(function: OfText[Result]) -> OfText[Result]:
        kept = lru_cache(count)(function)

        @wraps(function)
        def call(text: str) -> Result:
            return kept(text) if len(text) <= longest else function(text)

        return call

    return decorate
