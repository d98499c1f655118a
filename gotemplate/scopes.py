"""The variables of a template while its closures are built: which slot of the frame a name means where."""

from __future__ import annotations

from collections.abc import Callable

from gotemplate.lookup import Site, static_element, static_key
from gotemplate.runtime import NOT_GIVEN, UNSET, Code, Filter, Frame
from gotemplate.values import Ref, Type, Value


class Variable:
    """A declared variable: its slot, and the slot of the container its value was ranged out of, if it was.

    ``shadowed`` is set for a declaration that may be skipped (inside an argument of ``and`` or ``or``): until it has
    been executed, the name means what it meant before.
    """

    __slots__ = ("is_key", "name", "origin", "shadowed", "skippable", "slot")

    def __init__(self, name: str, slot: int) -> None:
        self.name = name
        self.slot = slot
        self.origin: int | None = None
        self.is_key = False
        self.skippable = False
        self.shadowed: Variable | None = None


class Scopes:
    """The scopes of one template, the innermost last, and the slots that their variables have been given.

    ``dot_origin`` is the slot of the container the cursor was ranged out of, None if it was not. While ``skipping``, what
    is built may not be executed.
    """

    def __init__(self) -> None:
        self.scopes: list[dict[str, Variable]] = [{"$": Variable("$", 1)}]
        self.slots = 2
        self.dot_origin: int | None = None
        self.skipping = 0
        self.skippable: list[int] = []

    def new_slot(self) -> int:
        """Return the number of a fresh slot in the frame."""
        self.slots += 1
        return self.slots - 1

    def declare(self, name: str) -> Variable:
        """Open a variable in the innermost scope."""
        variable = Variable(name, self.new_slot())
        if self.skipping:
            variable.skippable = True
            variable.shadowed = self.find(name)
            self.skippable.append(variable.slot)
        self.scopes[-1][name] = variable
        return variable

    def find(self, name: str) -> Variable | None:
        """Return the variable a name means here."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def read(self, variable: Variable | None, name: str, site: Site) -> Code:
        """Return code that reads a variable; it fails if there is none, or its declaration has not been executed."""
        if variable is None:
            return failing(site, f"undefined variable: {name}")
        slot = variable.slot
        if not variable.skippable:
            return lambda _dot, frame: frame[slot]
        before = self.read(variable.shadowed, name, site)
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
        before = self._store(variable.shadowed, name, at)

        def store_if_declared(frame: Frame, value: Value) -> None:
            (before if frame[slot] is UNSET else store)(frame, value)

        return store_if_declared

    @staticmethod
    def _undefined(name: str, at: Site | None) -> Callable[[Frame, Value], None]:
        def store(frame: Frame, _value: Value) -> None:
            (at or frame[0].at).fail(f"undefined variable: {name}")

        return store

    def static_of(self, origin: int | None, *, is_key: bool) -> Callable[[Frame], Type | None]:
        """Return a function that finds the interface type a ranged container holds its elements, or keys, in."""
        if origin is None:
            return lambda _frame: None
        read = static_key if is_key else static_element
        return lambda frame: read(frame[origin])

    def static_of_variable(self, variable: Variable | None) -> Callable[[Frame], Type | None]:
        """Return a function that finds the interface type a variable is held in; None for its own type."""
        if variable is None:
            return lambda _frame: None
        return self.static_of(variable.origin, is_key=variable.is_key)


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
