"""The overlay of one way through a template, read once: a document with places for the holes, which later pods fill.

    skeleton = build_skeleton(pieces, dialect, adapt, decode)     # UnfitError: this way has to be read as text each time
    texts = skeleton.texts(holes)                          # UnfitError: these holes do not fit
    skeleton.document(texts), skeleton.typed(texts)

What is filled is what reading and decoding the whole text gives; which holes may be filled in ``guards`` tells. Subtrees
without holes are shared by all overlays: nobody may change one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from webhook.inject.guards import Leaf, UnfitError, leaf_of
from webhook.kube.schema import DecodeError
from webhook.kube.yaml_dialects import Dialect
from webhook.kube.yaml_marked import UnusualError, read_marked, standing_for
from webhook.kube.yaml_scalars import resolver_for

Decode = Callable[[Any], Any]
"""From what a text holds to what is made of it; raises DecodeError."""

Adapt = Callable[[Any], Any]
"""From what a text holds to what is merged; raises UnfitError."""

Fill = Callable[[Sequence[str]], Any]
Piece = str | int
"""A piece of a text: a constant, or the number of a hole."""

MARK: Final = "rem0ra"
"""What stands in the place of a hole while the text is read: letters and digits, so that it is text wherever it stands."""
_HOLE: Final = re.compile(MARK + "h([0-9]+)x")


class Skeleton:
    """A document and what is decoded from it, both with places for the texts of its leaves.

    ``model`` is the latter with marks in those places; the parts of it without marks are those of every overlay.
    """

    __slots__ = ("_document", "_leaves", "_typed", "model")

    def __init__(self, leaves: Sequence[Leaf], document: Fill, typed: Fill, model: Any) -> None:
        self._leaves = leaves
        self._document = document
        self._typed = typed
        self.model = model

    def texts(self, holes: Sequence[str]) -> list[str]:
        """Return the text of every leaf. Raises UnfitError for holes that would make other YAML of the text."""
        return [leaf.text(holes) for leaf in self._leaves]

    def document(self, texts: Sequence[str]) -> Any:
        """Return what the text holds."""
        return self._document(texts)

    def typed(self, texts: Sequence[str]) -> Any:
        """Return what is decoded from it."""
        return self._typed(texts)


def build_skeleton(pieces: Sequence[Piece], dialect: Dialect, adapt: Adapt, decode: Decode) -> Skeleton:
    """Return the skeleton of a text in pieces. Raises UnfitError for a text that has none."""
    if any(MARK in piece for piece in pieces if isinstance(piece, str)):
        raise UnfitError("the template has our mark in it")
    text = "".join(piece if isinstance(piece, str) else f"{MARK}h{piece}x" for piece in pieces)
    try:
        document, scalars = read_marked(text, MARK, dialect)
    except UnusualError as error:
        raise UnfitError(str(error)) from None
    leaves = [leaf_of(scalar, _HOLE, resolver_for(dialect).resolve) for scalar in scalars]
    if sum(len(leaf.holes) for leaf in leaves) != sum(piece.__class__ is int for piece in pieces):
        raise UnfitError("a hole in a comment, or changed by an escape")
    document = adapt(document)
    try:
        typed = decode(document)
    except DecodeError as error:
        raise UnfitError(f"a hole where no text may be: {error}") from None
    return Skeleton(leaves, _filler(document), _filler(typed), typed)


def _filler(value: Any) -> Fill:
    """Return the function from the texts of leaves to a tree; what has no leaf in it is the same object each time."""
    return _filling(value) or (lambda _texts: value)


def _filling(value: Any) -> Fill | None:
    if value.__class__ is str:
        return _leaf(value) if MARK in value else None
    if value.__class__ is dict:
        if any(MARK in key for key in value):
            raise UnfitError("a hole became a key")
        return _container(dict, value, value.items())
    return _container(list, value, enumerate(value)) if value.__class__ is list else None


def _leaf(value: str) -> Fill:
    number = value[len(MARK) + 1 : -1]
    if not number.isdigit() or value != standing_for(MARK, int(number)):
        raise UnfitError("a text with a hole that the decoder changes")
    place = int(number)
    return lambda texts: texts[place]


def _container(copy: Callable[[Any], Any], value: Any, items: Iterable[tuple[Any, Any]]) -> Fill | None:
    found = [(key, part) for key, item in items if (part := _filling(item)) is not None]
    if not found:
        return None

    def fill(texts: Sequence[str]) -> Any:
        new = copy(value)
        for key, part in found:
            new[key] = part(texts)
        return new

    return fill


def shared_parts(model: Any) -> frozenset[int]:
    """Return the identities of the parts of a model that every overlay has."""
    found: set[int] = set()
    _is_constant(model, found)
    return frozenset(found)


def _is_constant(value: Any, found: set[int]) -> bool:
    if value.__class__ is str:
        return MARK not in value
    if value.__class__ is not dict and value.__class__ is not list:
        return True
    items = value.values() if value.__class__ is dict else value
    constant = [_is_constant(item, found) for item in items]
    if all(constant):
        found.add(id(value))
    return all(constant)


__all__ = ["MARK", "Adapt", "Decode", "Piece", "Skeleton", "UnfitError", "build_skeleton", "shared_parts"]
