"""``range`` as closures: what is ranged over, the rounds, and the variables that each round sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol

from gotemplate.golib.fmtsort import sorted_keys
from gotemplate.lookup import Site, static_element, static_key
from gotemplate.runtime import Code, Features, Frame, Statement, Write, again, container_of, held, rounds_of
from gotemplate.values import Value

BREAK: Final = 1
CONTINUE: Final = 2

Store = Callable[[Frame, Value, Value], None]
"""What sets the variables of a range for a round, from its key and its element."""

Loop = Callable[[Iterable[tuple[Value, Value]], Frame, Write], Any]
"""All rounds of a range: ``loop(pairs, frame, write)``."""


class Inner(Protocol):
    """A list inside an action: its code, or None and what builds it."""

    code: Statement | None

    def build(self) -> Statement:
        """Return the code."""


class Ranging:
    """How the value of a range becomes rounds: the slot it is kept in, where it fails, and whether there are two variables."""

    __slots__ = ("at", "features", "origin", "pairs")

    def __init__(self, origin: int, at: Site | None, features: Features, *, pairs: bool) -> None:
        self.origin = origin
        self.at = at
        self.features = features
        self.pairs = pairs

    def rounds(self, value: Value, frame: Frame) -> Iterable[tuple[Value, Value]] | None:
        """Return the keys and elements of a value of any kind; None if there are none."""
        where = self.at or frame[0].at
        container, addressable = container_of(value, where)
        frame[self.origin] = container
        rounds = rounds_of(container, where, self.features, pairs=self.pairs, addressable=addressable)
        first = next(rounds, None)
        return None if first is None else again(first, rounds)


def range_of(value_of: Code, ranging: Ranging, loop: Loop, otherwise: Inner) -> Statement:
    """Return the code of a range: plain lists and maps at once, whatever else by Go's rules."""
    origin = ranging.origin

    def each(dot: Value, frame: Frame, write: Write) -> Any:
        container = value_of(dot, frame)
        rounds: Iterable[tuple[Value, Value]] | None
        if container.__class__ is list:
            frame[origin] = container
            rounds = enumerate(container) if container else None
        elif container.__class__ is dict:
            frame[origin] = container
            rounds = [(key, container[key]) for key in sorted_keys(container)]
        else:
            rounds = ranging.rounds(container, frame)
        if rounds:
            return loop(rounds, frame, write)
        signal = (otherwise.code or otherwise.build())(dot, frame, write)
        return None if signal == BREAK else signal  # it breaks this range, not the one around it

    return each


def loop_of(store: Store | None, code_of_round: Callable[[], Statement], *, jumps: bool) -> Loop:
    """Return the code of all rounds; without ``jumps`` no round can end the loop."""

    def plain(rounds: Iterable[tuple[Value, Value]], frame: Frame, write: Write) -> None:
        code = code_of_round()
        for key, value in rounds:
            if store is not None:
                store(frame, key, value)
            code(value, frame, write)

    def jumping(rounds: Iterable[tuple[Value, Value]], frame: Frame, write: Write) -> None:
        code = code_of_round()
        for key, value in rounds:
            if store is not None:
                store(frame, key, value)
            if code(value, frame, write) == BREAK:
                break

    return jumping if jumps else plain


def declared(slots: Sequence[int]) -> Store:
    """Return what sets the variables that a range declares: one to the element, or two to key and element."""
    last = slots[-1]
    if len(slots) == 1:

        def store_element(frame: Frame, _key: Value, value: Value) -> None:
            frame[last] = value

        return store_element
    first = slots[0]

    def store_both(frame: Frame, key: Value, value: Value) -> None:
        frame[first] = key
        frame[last] = value

    return store_both


def assigned(stores: Sequence[Callable[[Frame, Value], None]], origin: int) -> Store:
    """Return what sets the outer variables that a range assigns to, with the interface that the container holds them in."""

    def store(frame: Frame, key: Value, value: Value) -> None:
        container = frame[origin]
        if len(stores) > 1:
            stores[0](frame, held(key, static_key(container)))
        stores[-1](frame, held(value, static_element(container)))

    return store
