"""What an executing template works with: its run, its frame, and the rules that need one.

This is the interface between compiled templates and the rest of the engine. Closures (``evaluate``) and generated code
alike hold values as ``lookup`` describes them, and call: ``lookup.walk`` and ``walk_call`` when plain subscripts do not
settle a chain, ``calls.accept`` and ``literal`` for arguments of another class than the parameter takes as it is, and from
here ``settle`` at the end of a pipeline, ``shown`` for what is not a str, ``container_of`` and ``rounds_of`` for a range,
``make_room`` before a template is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from gotemplate.errors import LimitError
from gotemplate.fmt import format_value, sprint
from gotemplate.golib.fmtsort import sorted_keys
from gotemplate.limits import Meter, StackRoom
from gotemplate.lookup import PLAIN, Site, element
from gotemplate.values import (
    ANY,
    MISSING,
    Chan,
    Kind,
    Pointer,
    Ref,
    Seq,
    Type,
    Value,
    elements,
    indirect,
    make,
    method_of,
    pointer_to,
    type_of,
)

Frame = list[Any]
"""The variables of one executing template: its Run, ``$``, and a slot for each declaration."""

Code = Callable[[Value, Frame], Value]
"""An expression: ``code(dot, frame)``."""


class Filter(Protocol):
    """A stage of a pipeline: ``code(dot, frame, final)``; the first one is called without the final argument."""

    def __call__(self, dot: Value, frame: Frame, final: Value = ..., /) -> Value:
        """Return the value of the stage."""


UNSET: Final = object()
"""What the slot of a variable holds whose declaration may not have been executed."""

NOT_GIVEN: Final = object()
"""The final argument of a command that is the first of its pipeline."""


Write = Callable[[str], None]
Signal = int | None
Statement = Callable[[Value, Frame, Write], Any]
"""A statement: ``statement(dot, frame, write)`` returns a Signal where it can, else whatever."""

NO_VALUE: Final = "<no value>"


class Run:
    """One rendering: where it writes, how deep it is, and where it last stopped."""

    __slots__ = ("at", "depth", "headroom", "max_depth", "meter", "room")

    def __init__(self, max_depth: int, meter: Meter | None) -> None:
        self.at: Site | None = None
        self.depth = 0
        self.headroom = 8
        self.max_depth = max_depth
        self.meter = meter
        self.room = StackRoom()


class Features:
    """The differences between releases of Go that an execution shows."""

    __slots__ = ("comparison_types", "eager_and_or", "range_func", "range_int")

    def __init__(self, *, eager_and_or: bool, range_int: bool, range_func: bool, comparison_types: bool) -> None:
        self.eager_and_or = eager_and_or
        self.range_int = range_int
        self.range_func = range_func
        self.comparison_types = comparison_types


ROOMY: Final = 200
"""Python frames that a template may nest without asking for room of its own."""


class Body:
    """An executable template: its code, the number of slots of its frame, and the Python frames one execution nests.

    ``cost`` are the frames of nested lists, which stay while another template is called; ``peak`` those that the deepest
    pipeline adds. ``roomy`` says that it takes so many that it asks for room of its own.
    """

    __slots__ = ("code", "cost", "name", "peak", "roomy", "size")

    def __init__(self, name: str, code: Statement, size: int, cost: int, peak: int) -> None:
        self.name = name
        self.code = code
        self.size = size
        self.cost = cost
        self.peak = peak
        self.roomy = cost + peak > ROOMY

    def frame(self, run: Run, dot: Value) -> Frame:
        """Return the variables of a new execution."""
        return [run, dot] + [UNSET] * (self.size - 2)


LEVELS: Final = 64
"""Template calls for which room is claimed at a time."""


def make_room(run: Run, body: Body, site: Site | None = None) -> None:
    """Claim room on the stack for a body, and for as many calls more as make it worth while."""
    frames = body.cost + body.peak if body.roomy else 0
    if run.depth >= run.headroom:
        frames, run.headroom = max(frames, LEVELS * body.cost), run.depth + LEVELS
    if not run.room.claim(frames) and site is not None:
        raise site.error(f"exceeded maximum template depth ({run.depth})", LimitError)


def settle(value: Value) -> Value:
    """Return a value as the end of a pipeline leaves it: out of the ``interface {}`` it was held in."""
    if value is None:
        return MISSING
    if value.__class__ is Ref and value.static is ANY:
        return MISSING if value.value is None else value.value
    return value


def held(value: Value, static: Type | None) -> Value:
    """Return an element as an outer variable keeps it: with the interface it was held in."""
    return value if static is None or value.__class__ is Ref else Ref(value, static)


def shown(value: Value, site: Site) -> str:
    """Return what an action prints for a value. Raises ExecError for what has no printed form, a func or channel."""
    addressable = False
    if value.__class__ is Ref:
        if value.value is None and value.static is not ANY:
            return "<nil>"
        value, addressable = value.value, value.addressable
    if value is None or value is MISSING:
        return NO_VALUE
    if value.__class__ in PLAIN:
        return format_value(value)
    if value.__class__ is Pointer:
        value, addressable = indirect(value), True
        if value is None:
            return "<nil>"
    go_type = printable_type(value, site)
    if go_type is None:
        return NO_VALUE
    prints = [method_of(go_type, name, addressable=addressable) for name in ("Error", "String")]
    found = next((member for member in prints if member is not None), None)
    if found is None and go_type.kind in (Kind.CHAN, Kind.FUNC):
        site.fail(f"can't print {site.node} of type {go_type.name}")
    if found is not None and found.method is not None and found.method.pointer and value.__class__ is not Pointer:
        value = Pointer(pointer_to(go_type), value)
    return format_value(value)


def printable_type(value: Value, site: Site) -> Type | None:
    """Return the type of a value; ExecError for a Python object of no declared type."""
    try:
        return type_of(value)
    except TypeError as e:
        site.fail(str(e))


# Rounds of a range


def again(first: tuple[Value, Value], rest: Iterator[tuple[Value, Value]]) -> Iterator[tuple[Value, Value]]:
    """Put the first round, taken to see whether there is one, back in front of the others."""
    yield first
    yield from rest


def container_of(value: Value, at: Site) -> tuple[Value, bool]:
    """Return what a range goes over, pointers followed, and whether it is addressable."""
    addressable = value.__class__ is Pointer
    if value.__class__ is Ref:
        if value.value is None:  # of an interface with methods: unlike the other nils it is not an empty collection
            at.fail("range can't iterate over <nil>")
        value, addressable = value.value, value.addressable or value.value.__class__ is Pointer
    if value.__class__ is Pointer and (value := indirect(value)) is None:
        at.fail("range can't iterate over <nil>")
    return value, addressable


def rounds_of(
    container: Value, at: Site, features: Features, *, pairs: bool, addressable: bool = False
) -> Iterator[tuple[Value, Value]]:
    """Yield the key and the element of each round. Raises ExecError at ``at`` for what cannot be ranged over."""
    if container is MISSING or container is None:
        return iter(())
    go_type = printable_type(container, at)
    kind = Kind.INVALID if go_type is None else go_type.kind
    if kind is Kind.MAP:
        return ((key, element(container, container.get(key))) for key in sorted_keys(container))
    if kind in (Kind.SLICE, Kind.ARRAY):
        return ((i, element(container, item, addressable)) for i, item in enumerate(elements(container)))
    if Kind.INT <= kind <= Kind.UINTPTR and features.range_int and go_type is not None:
        if pairs:
            at.fail(f"can't use {sprint(container)} to iterate over more than one variable")
        return ((MISSING, make(go_type, i)) for i in range(container))
    if container.__class__ is Chan:
        return _received(container)
    if container.__class__ is Seq and features.range_func:
        return _iterated(container, at, pairs)
    return at.fail(f"range can't iterate over {sprint(container)}")


def _received(channel: Chan) -> Iterator[tuple[Value, Value]]:
    count = 0
    while channel.items:
        yield count, element(channel, channel.items.pop(0))
        count += 1


def _iterated(seq: Seq, at: Site, pairs: bool) -> Iterator[tuple[Value, Value]]:
    yields = seq.go_type.params[0].params
    if len(yields) == 1:
        if pairs:
            at.fail(f"can't use {sprint(seq)} iterate over more than one variable")
        return ((MISSING, value) for value in seq.iterate())
    if len(yields) != 2:
        at.fail(f"range can't iterate over {sprint(seq)}")
    return ((key, value) if pairs else (MISSING, key) for key, value in seq.iterate())
