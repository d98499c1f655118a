"""What is known of a template before any part of it is built: its slots, how deep it nests, which of its lists jump.

Closures are built list by list, when a list is first entered. What the whole template needs to know of the lists that are
not there yet is found here, level by level: a template may nest thousands of lists or parentheses, and recursion could not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from gotemplate import nodes

FIRST_SLOT: Final = 2
"""The slots before that of the first declared variable: the run and ``$``."""


class Outline:
    """The figures of one template.

    ``slots`` are enough for the variables of all lists, ``lists`` and ``pipelines`` say how deep they nest, ``jumping`` are the
    lists whose execution may end in a jump of an enclosing range.
    """

    __slots__ = ("jumping", "lists", "pipelines", "slots")

    def __init__(self, root: nodes.ListNode) -> None:
        self.slots, self.pipelines = FIRST_SLOT, 0
        pipes: list[nodes.PipeNode] = []
        levels: list[Sequence[nodes.ListNode]] = []
        jumps, level = False, [root]
        while level:
            levels.append(level)
            found = [node for here in level for node in here.nodes if node.__class__ is not nodes.TextNode]
            branches = [node for node in found if isinstance(node, nodes.BranchNode)]
            jumps = jumps or not _JUMPS.isdisjoint(map(type, found))
            pipes += [pipe for node in found if (pipe := getattr(node, "pipe", None)) is not None]
            level = [inner for node in branches for inner in (node.list, node.else_list) if inner is not None]
            self.slots += sum(node.__class__ is nodes.RangeNode for node in branches)  # one for what is ranged over
        self.lists = len(levels)
        self.jumping = _jumping(levels) if jumps else set[nodes.ListNode]()
        self._measure(pipes)

    def _measure(self, pipes: Sequence[nodes.PipeNode]) -> None:
        """Count the variables that pipelines declare, and the levels of pipelines in their operands."""
        while pipes:
            self.pipelines += 1
            self.slots += sum([len(pipe.decl) for pipe in pipes if pipe.decl and not pipe.is_assign])
            operands = [operand for pipe in pipes for command in pipe.cmds for operand in command.args]
            pipes = _inner_pipes([operand for operand in operands if operand.__class__ in _NESTING])


_JUMPS: Final = frozenset({nodes.BreakNode, nodes.ContinueNode})
_NESTING: Final = frozenset({nodes.ChainNode, nodes.PipeNode})


def _inner_pipes(operands: Iterable[nodes.Node]) -> list[nodes.PipeNode]:
    """Return the pipelines that operands are, or are chains on; parentheses around nothing else do not count."""
    found = []
    for node in operands:
        while isinstance(node, nodes.ChainNode):
            node = node.node  # noqa: PLW2901 - peeled
        while isinstance(node, nodes.PipeNode) and node.is_only_a_pipe():
            node = node.cmds[0].args[0]  # noqa: PLW2901
        if isinstance(node, nodes.PipeNode):
            found.append(node)
    return found


def _jumping(levels: Sequence[Sequence[nodes.ListNode]]) -> set[nodes.ListNode]:
    """Return the lists that jump, from the innermost outwards."""
    found = set[nodes.ListNode]()
    for level in reversed(levels):
        found.update([here for here in level if any(_jumps(node, found) for node in here.nodes)])
    return found


def _jumps(node: nodes.Node, jumping: set[nodes.ListNode]) -> bool:
    """Tell whether executing a node may end in a jump of an enclosing range: its own list answers its jumps."""
    if not isinstance(node, nodes.BranchNode):
        return node.__class__ in _JUMPS
    return node.else_list in jumping or (node.list in jumping and not isinstance(node, nodes.RangeNode))
