"""Which branches of templates ran: coverage for ``if``, ``with`` and ``range`` over any number of renderings.

A branch point has two outcomes: the list of an ``if`` or ``with`` was executed or its else; a ``range`` had a round or
none. An action without ``else`` has both outcomes too. Ordinary renderings pay nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gotemplate import nodes
from gotemplate.limits import MAX_DEPTH
from gotemplate.runtime import Run
from gotemplate.template import Template
from gotemplate.units import Sites
from gotemplate.values import Value


class Branch(NamedTuple):
    """One outcome of a branch point: where it is, what is asked there, which outcome, and how often it came.

    ``outcome`` is ``then`` or ``else``; for a ``range``, ``rounds`` or ``none``.
    """

    template: str
    name: str
    line: int
    column: int
    keyword: str
    condition: str
    outcome: str
    times: int

    def __str__(self) -> str:
        return f"{self.name}:{self.line}:{self.column}: {self.keyword} {self.condition}: {self.outcome} ({self.times})"


class Coverage:
    """Counts the outcomes of the branch points of a template set while it renders.

    >>> coverage = Coverage(Template("t").parse("{{if .a}}x{{end}}"))
    >>> coverage.render({"a": 1})
    'x'
    >>> [str(branch) for branch in coverage.missed()], coverage.ratio()
    (['t:1:5: if .a: else (0)'], 0.5)
    """

    def __init__(self, template: Template) -> None:
        self._template = template
        self._counts: dict[tuple[str, int, int], int] = {}

    def render(self, data: Value = None, *, template: str | None = None) -> str:
        """Render and count. Raises ExecError as ``render`` does; what ran before the failure is counted."""
        out: list[str] = []
        run = _CoveredRun(self._counts)
        self._template.record(run, out.append, data, recording="covered", template=template)
        return "".join(out)

    def branches(self) -> list[Branch]:
        """Return every outcome of every branch point of the set, executed or not, in the order of the texts."""
        found = [
            branch for t in self._template.templates() if t.tree is not None for branch in self._of(t.name, t.tree)
        ]
        return sorted(found, key=lambda branch: (branch.name, branch.line, branch.column))

    def missed(self) -> list[Branch]:
        """Return the outcomes that never came."""
        return [branch for branch in self.branches() if not branch.times]

    def ratio(self) -> float:
        """Return the share of outcomes that came; 1.0 for a set without branch points."""
        found = self.branches()
        return sum(branch.times > 0 for branch in found) / len(found) if found else 1.0

    def _of(self, template: str, tree: nodes.Tree) -> Iterator[Branch]:
        for node in branch_nodes(tree.root):
            line, column = tree.location(node)
            outcomes = ("rounds", "none") if isinstance(node, nodes.RangeNode) else ("then", "else")
            for outcome, taken in zip(outcomes, (1, 0), strict=True):
                count = self._counts.get((template, node.pos, taken), 0)
                yield Branch(template, tree.parse_name, line, column, node.keyword, str(node.pipe), outcome, count)


class _CoveredRun(Run):
    __slots__ = ("_counts",)

    def __init__(self, counts: dict[tuple[str, int, int], int]) -> None:
        super().__init__(MAX_DEPTH, None)
        self._counts = counts

    def cover(self, sites: Sites, number: int, taken: int) -> None:
        """Note an outcome; generated code calls this."""
        key = (sites.scene.name, sites[number].node.pos, taken)
        self._counts[key] = self._counts.get(key, 0) + 1


def branch_nodes(root: nodes.ListNode) -> Iterator[nodes.BranchNode]:
    """Yield the branch points of a tree in the order of the text."""
    pending: list[nodes.Node] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, nodes.ListNode):
            pending.extend(reversed(node.nodes))
        elif isinstance(node, nodes.BranchNode):
            yield node
            pending.extend([node.else_list, node.list] if node.else_list is not None else [node.list])
