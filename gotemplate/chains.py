"""Field chains as closures: plain subscripts first, Go's rules when they fail or find what needs a ``Ref``."""

from __future__ import annotations

from collections.abc import Callable

from gotemplate.lookup import PLAIN, is_settled
from gotemplate.runtime import Code, Frame
from gotemplate.values import Value

Slow = Callable[[Value, Frame, Value], Value]


def dot_chain(path: tuple[str, ...], slow: Slow, *, exact: bool) -> Code:
    """Return code that reads a chain of fields from the cursor; ``exact`` code yields a ``Ref`` where one is needed."""
    if len(path) > 2:
        return chain_from(lambda dot, _frame: dot, path, slow, exact=exact)
    first, second = path[0], path[-1]

    def one(dot: Value, frame: Frame) -> Value:
        try:
            value = dot[first]
        except (KeyError, TypeError):
            return slow(dot, frame, dot)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else slow(dot, frame, dot)

    def two(dot: Value, frame: Frame) -> Value:
        try:
            value = dot[first][second]
        except (KeyError, TypeError):
            return slow(dot, frame, dot)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else slow(dot, frame, dot)

    return one if len(path) == 1 else two


def variable_chain(slot: int, path: tuple[str, ...], slow: Slow, *, exact: bool) -> Code:
    """Return code that reads a chain of fields from a variable."""
    if len(path) > 1:
        return chain_from(lambda _dot, frame: frame[slot], path, slow, exact=exact)
    name = path[0]

    def one(dot: Value, frame: Frame) -> Value:
        start = frame[slot]
        try:
            value = start[name]
        except (KeyError, TypeError):
            return slow(dot, frame, start)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else slow(dot, frame, start)

    return one


def chain_from(start: Code, path: tuple[str, ...], slow: Slow, *, exact: bool) -> Code:
    """Return code that reads a chain of fields from what other code yields."""

    def chain(dot: Value, frame: Frame) -> Value:
        value = begin = start(dot, frame)
        try:
            for name in path:
                value = value[name]
        except (KeyError, TypeError):
            return slow(dot, frame, begin)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else slow(dot, frame, begin)

    return chain
