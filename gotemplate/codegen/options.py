"""What generated code depends on beside the tree and the signatures of the functions."""

from __future__ import annotations


class Options:
    """Independent switches, each of which makes another variant of the code.

    ``strict_missing``: a missing key is an error. ``eager_and_or``: as before Go 1.18. ``metered``: steps are counted.
    ``traced``: what is written is located. ``covered``: branches are noted. ``holes``: constant text is written as its
    number.
    """

    __slots__ = ("covered", "eager_and_or", "holes", "metered", "strict_missing", "traced")

    def __init__(  # independent switches
        self,
        *,
        strict_missing: bool = False,
        eager_and_or: bool = False,
        metered: bool = False,
        traced: bool = False,
        covered: bool = False,
        holes: bool = False,
    ) -> None:
        self.strict_missing = strict_missing
        self.eager_and_or = eager_and_or
        self.metered = metered
        self.traced = traced
        self.covered = covered
        self.holes = holes

    def key(self) -> str:
        """Return the switches as a word."""
        return "".join("01"[bool(getattr(self, name))] for name in self.__slots__)
