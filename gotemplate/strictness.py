"""Where strict mode forgives a missing key, and where it does not.

Strict is ``missingkey=error`` that leaves optional values usable: a key may be missing where the template deals with that,
in the condition of ``if`` and ``with`` and among the arguments of the functions below (also as what is piped into them).
Everywhere else a missing key is an error, and so is an action that would print ``<no value>``. This is ours; Go has no such mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gotemplate import nodes
from gotemplate.lookup import Scene

FORGIVING: Final = frozenset(
    {
        "all", "and", "any", "coalesce", "default", "dig", "empty", "get", "hasKey", "kindIs", "kindOf", "not", "or",
        "required", "ternary", "typeIs", "typeIsLike", "typeOf",
    }
)  # fmt: skip
"""The functions that are asked about values which may be missing: Go's own, Sprig's, and Helm's ``required``."""

NOTHING: Final = "nothing to print: the value is missing or nil"


class Strictness:
    """Which of two scenes the closures of a template are built in: the one where a missing key is an error, or not.

    Outside strict mode there is only one. ``outside`` is the scene that the call is in whose arguments are built: the last
    argument of ``or`` is as optional as the value of ``or``.
    """

    def __init__(self, scene: Scene, *, strict: bool) -> None:
        self.scene = self.exacting = self.outside = scene
        self.forgiving = Scene(scene.tree, scene.name, "invalid") if strict else scene

    def enter_arguments(self, name: str) -> Scene:
        """Go on in the arguments of a function, or of a method (an empty name); return the scene to come back to."""
        self.outside = self.scene
        self.scene = self.forgiving if name in FORGIVING else self.exacting
        return self.outside

    def scenes_of(self, commands: Sequence[nodes.CommandNode]) -> Sequence[Scene]:
        """Return the scene of each command of a pipeline: its value goes to the next command, the last one's outside."""
        following = [self.forgiving if _forgives(command) else self.exacting for command in commands[1:]]
        return [*following, self.scene]


def _forgives(command: nodes.CommandNode) -> bool:
    word = command.args[0]
    return isinstance(word, nodes.IdentifierNode) and word.ident in FORGIVING
