"""Field chains as closures: plain subscripts first, Go's rules when they fail or find what needs a ``Ref``."""

from __future__ import annotations

from typing import Final

from gotemplate.calls import Arguments
from gotemplate.lookup import PLAIN, Scene, Site, is_settled, walk, walk_call
from gotemplate.nodes import Node
from gotemplate.runtime import Code, Frame
from gotemplate.scopes import Static
from gotemplate.values import Value

_ABSENT: Final = (KeyError, TypeError)


class Chain:
    """A chain of fields: its names, and what Go's rules need to know where plain subscripts do not do.

    ``static`` finds the interface type that the start is held in. ``at`` is the node a failure reports, None for the one
    where the run stands; a method that fails reports the chain itself, ``node``.
    """

    __slots__ = ("at", "node", "path", "scene", "static")

    def __init__(self, node: Node, path: tuple[str, ...], static: Static, scene: Scene, at: Node | None) -> None:
        self.node = node
        self.path = path
        self.static = static
        self.scene = scene
        self.at = at

    def walk(self, start: Value, frame: Frame, *, keep: bool = False) -> Value:
        """Follow the chain from a value by Go's rules; ``keep`` keeps the interface that the end is held in."""
        static = None if self.static is None else self.static(frame)
        return walk(start, static, self.path, self._site(frame), keep=keep)

    def call(self, start: Value, frame: Frame, arguments: Arguments) -> Value:
        """Follow the chain to a method, and call that."""
        static = None if self.static is None else self.static(frame)
        return walk_call(start, static, self.path, self._site(frame), arguments)

    def _site(self, frame: Frame) -> Site:
        return Site(self.scene, self.at or frame[0].at.node, self.node)


def dot_chain(chain: Chain, *, exact: bool) -> Code:
    """Return code that reads a chain of fields from the cursor; ``exact`` code yields a ``Ref`` where one is needed."""
    path = chain.path
    if len(path) > 1:
        return _from_dot(chain, path, exact)
    name = path[0]

    def one(dot: Value, frame: Frame) -> Value:
        try:
            value = dot[name]
        except _ABSENT:
            return chain.walk(dot, frame)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else chain.walk(dot, frame)

    return one


def _from_dot(chain: Chain, path: tuple[str, ...], exact: bool) -> Code:
    def several(dot: Value, frame: Frame) -> Value:
        value = dot
        try:
            for name in path:
                value = value[name]
        except _ABSENT:
            return chain.walk(dot, frame)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else chain.walk(dot, frame)

    return several


def variable_chain(slot: int, chain: Chain, *, exact: bool) -> Code:
    """Return code that reads a chain of fields from a variable."""
    path = chain.path

    def several(_dot: Value, frame: Frame) -> Value:
        value = start = frame[slot]
        try:
            for name in path:
                value = value[name]
        except _ABSENT:
            return chain.walk(start, frame)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else chain.walk(start, frame)

    return several


def chain_from(start: Code, chain: Chain, *, exact: bool) -> Code:
    """Return code that reads a chain of fields from what other code yields."""
    path = chain.path

    def several(dot: Value, frame: Frame) -> Value:
        value = begin = start(dot, frame)
        try:
            for name in path:
                value = value[name]
        except _ABSENT:
            return chain.walk(begin, frame)
        return value if not exact or value.__class__ in PLAIN or is_settled(value) else chain.walk(begin, frame)

    return several
