"""The variables of a template while its closures are built: which slot of the frame a name means where."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gotemplate.lookup import Scene, Site, static_element, static_key
from gotemplate.nodes import Node
from gotemplate.outline import FIRST_SLOT
from gotemplate.runtime import NOT_GIVEN, UNSET, Code, Filter, Frame
from gotemplate.values import Ref, Type, Value

Static = Callable[[Frame], Type | None] | None
"""What finds the interface type that a value is held in; None for a value of its own type."""


class Variable:
    """A declared variable: its slot, and the slot of the container its value was ranged out of, if it was.

    ``outer`` is the variable declared before it, among those that are visible where it is. ``skippable`` is a declaration
    that may be skipped (inside an argument of ``and`` or ``or``): until it has been executed, the name means what it meant
    before.
    """

    __slots__ = ("is_key", "name", "origin", "outer", "skippable", "slot")

    def __init__(
        self,
        name: str,
        slot: int,
        outer: Variable | None,
        *,
        origin: int | None = None,
        is_key: bool = False,
        skippable: bool = False,
    ) -> None:
        self.name = name
        self.slot = slot
        self.outer = outer
        self.origin = origin
        self.is_key = is_key
        self.skippable = skippable


class Scope(NamedTuple):
    """Where a list stands: the variable declared last, the first free slot, and where the cursor was ranged out of.

    ``dot_origin`` is the slot of that container, None if there is none. Lists that stand beside each other use the same
    slots: the variables of one are gone where the other begins.
    """

    newest: Variable | None = Variable("$", FIRST_SLOT - 1, None)
    slots: int = FIRST_SLOT
    dot_origin: int | None = None


class Scopes:
    """The variables at the place in a list that is being built. While ``skipping``, what is built may not be executed."""

    def __init__(self, scope: Scope) -> None:
        self.newest, self.slots, self.dot_origin = scope
        self.skipping = 0
        self.skippable: list[int] = []

    def new_slot(self) -> int:
        """Return the number of a fresh slot in the frame."""
        self.slots += 1
        return self.slots - 1

    def declare(self, name: str) -> Variable:
        """Open a variable."""
        self.newest = variable = Variable(name, self.new_slot(), self.newest, skippable=self.skipping > 0)
        if self.skipping:
            self.skippable.append(variable.slot)
        return variable

    def range_over(self, name: str, origin: int, *, is_key: bool) -> int:
        """Return the slot of a variable that from here on holds what is ranged out of a container."""
        declared = self.find(name)
        if declared is None:
            raise TypeError("a range declares its variables")
        self.newest = Variable(name, declared.slot, self.newest, origin=origin, is_key=is_key)
        return declared.slot

    def find(self, name: str) -> Variable | None:
        """Return the variable a name means here."""
        return _visible(self.newest, name)

    def read(self, variable: Variable | None, name: str, scene: Scene, node: Node) -> Code:
        """Return code that reads a variable; it fails if there is none, or its declaration has not been executed."""
        if variable is None:
            return failing(scene.site(node), f"undefined variable: {name}")
        slot = variable.slot
        if not variable.skippable:
            return lambda _dot, frame: frame[slot]
        before = self.read(_visible(variable.outer, name), name, scene, node)
        return lambda dot, frame: before(dot, frame) if frame[slot] is UNSET else frame[slot]

    def assign(self, name: str, at: Site | None) -> Callable[[Frame, Value], None]:
        """Return a function that sets the variable a name means here."""
        return self._store(self.find(name), name, at)

    def _store(self, variable: Variable | None, name: str, at: Site | None) -> Callable[[Frame, Value], None]:
        if variable is None:
            return self._undefined(name, at)
        slot = variable.slot

        def store(frame: Frame, value: Value) -> None:
            frame[slot] = value

        def store_settled(frame: Frame, value: Value) -> None:
            frame[slot] = value if value.__class__ is Ref else Ref(value, None)  # not in what the elements are held in

        if variable.origin is not None:
            store = store_settled
        if not variable.skippable:
            return store
        before = self._store(_visible(variable.outer, name), name, at)

        def store_if_declared(frame: Frame, value: Value) -> None:
            (before if frame[slot] is UNSET else store)(frame, value)

        return store_if_declared

    @staticmethod
    def _undefined(name: str, at: Site | None) -> Callable[[Frame, Value], None]:
        def store(frame: Frame, _value: Value) -> None:
            (at or frame[0].at).fail(f"undefined variable: {name}")

        return store

    def static_of(self, origin: int | None, *, is_key: bool = False) -> Static:
        """Return a function that finds the interface type a ranged container holds its elements, or keys, in."""
        if origin is None:
            return None
        read = static_key if is_key else static_element
        return lambda frame: read(frame[origin])

    def static_of_variable(self, variable: Variable | None) -> Static:
        """Return a function that finds the interface type a variable is held in."""
        return None if variable is None else self.static_of(variable.origin, is_key=variable.is_key)


def _visible(newest: Variable | None, name: str) -> Variable | None:
    """Return the variable that a name means among the newest and those declared before it."""
    variable = newest
    while variable is not None and variable.name != name:
        variable = variable.outer
    return variable


def failing(site: Site | None, message: str) -> Code:
    """Return code that fails where it is executed; without a site, where the run stands."""

    def fail(_dot: Value, frame: Frame) -> Value:
        return (site or frame[0].at).fail(message)

    return fail


def resetting(owner: Scopes, code: Filter) -> Filter:
    """Return code that first forgets the variables its skippable arguments declare, left from an earlier round."""
    slots = tuple(owner.skippable)
    if owner.skipping or not slots:
        return code
    owner.skippable = []

    def reset(dot: Value, frame: Frame, final: Value = NOT_GIVEN) -> Value:
        for slot in slots:
            frame[slot] = UNSET
        return code(dot, frame, final)

    return reset
