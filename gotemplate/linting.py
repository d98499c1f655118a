"""Mistakes in templates that no parser complains of: each finding has a place, a rule, and a remedy.

The rules about data need data: what is not in it, and what prints badly. All others look at the templates alone. Lines and
columns count from 1, columns in bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from gotemplate import nodes
from gotemplate.dataflow import Flow, Link, Use, follow
from gotemplate.explanations import describe
from gotemplate.formatting import ANY_FUNCTION
from gotemplate.golib import utf8
from gotemplate.joined_lines import joined_lines
from gotemplate.nearest import nearest
from gotemplate.nodes import Node, Tree
from gotemplate.parser import parse
from gotemplate.rendering import Options, Source, functions
from gotemplate.spans import Action, actions, find_span

RULES: Final = {
    "absent-field": "a field that the given data never has",
    "absent-optional": "a condition or a default on a field that the given data never has",
    "float-exponent": "a float64 of a million or more, which Go prints as 1e+06",
    "joined-lines": "a trim marker that puts two lines of YAML into one",
    "no-value": "an action that prints <no value> for some of the given data",
    "undefined-template": "a call of a template that the set does not have",
    "unknown-function": "a function that is not there; a template with one cannot be parsed",
    "unused-define": "a define that nothing calls",
    "unused-variable": "a variable that nothing reads",
}
"""The rules by name, a line each."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake: the template file, line and column, the rule, what is wrong and what to do about it."""

    name: str
    line: int
    column: int
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}:{self.line}:{self.column}: {self.rule}: {self.message}\n  remedy: {self.remedy}"


def lint(sources: list[Source], options: Options, data: Any = None, *, start: str | None = None) -> list[Finding]:
    """Return the findings on a set of templates, in the order of their places.

    ``data`` is what they are rendered with, None to leave the rules about data out; ``start`` the template they are
    rendered from (default: every file). Raises ParseError for what is no template, InputError for options that mean
    nothing.

    >>> for finding in lint([Source("t", "{{$x := 1}}{{.nmae}}")], Options(), {"name": "Ada"}):
    ...     print(finding.rule, finding.line, finding.column, finding.remedy)
    unused-variable 1 3 take it out or call it $_x
    absent-field 1 14 did you mean name?
    """
    from gotemplate.builtin_funcs import BUILTINS

    funcs = {**BUILTINS, **functions(options)}
    trees = _trees(sources, options)
    found: list[Finding] = []
    for tree in trees.values():
        found += _unknown_functions(tree, funcs)
        found += _undefined_templates(tree, trees)
        found += _unused_variables(tree)
    found += _unused_defines(trees, {source.name for source in sources} | ({start} if start else set()))
    for source in sources:
        for line, column, message, remedy in joined_lines(source.text, trees, *options.delims):
            found.append(Finding(source.name, line, column, "joined-lines", message, remedy))
    if data is not None:
        starts = [start] if start else _starts([source.name for source in sources], trees)
        found += _about_data([trees[name] for name in starts if name in trees], data, trees, funcs)
    return sorted(set(found))


def _trees(sources: Iterable[Source], options: Options) -> dict[str, Tree]:
    trees: dict[str, Tree] = {}
    for source in sources:
        left, right = options.delims
        for name, tree in parse(source.name, source.text, left=left, right=right, funcs=ANY_FUNCTION).items():
            if name not in trees or not tree.root.is_empty():
                trees[name] = tree
    return trees


def _starts(files: list[str], trees: Mapping[str, Tree]) -> list[str]:
    """Return the files that no other template calls, or all of them."""
    called = _called(trees)
    return [name for name in files if name not in called] or files


def _called(trees: Mapping[str, Tree]) -> set[str]:
    """Return the names of the templates that are called, by ``template`` or by an ``include`` of a literal name."""
    names: set[str] = set()
    for tree in trees.values():
        for node in every_node(tree.root):
            if isinstance(node, nodes.TemplateNode):
                names.add(node.name)
            elif isinstance(name := _included(node), nodes.StringNode):
                names.add(name.text)
    return names


@lru_cache(maxsize=8)
def _actions(text: str, left: str, right: str) -> tuple[Action, ...]:
    return tuple(actions(text, left, right))


def _at(tree: Tree, node: Node, rule: str, message: str, remedy: str) -> Finding:
    """Return a finding where a node starts, which for a chain of fields is before its position."""
    start = node.pos
    for action in _actions(tree.text, tree.left_delim, tree.right_delim):
        if action.start <= node.pos < action.end:
            start = find_span(action, node.pos, str(node))[0]
    data = utf8.to_bytes(tree.text)
    line = data.count(b"\n", 0, start) + 1
    column = start - (data.rfind(b"\n", 0, start) + 1) + 1
    return Finding(tree.parse_name, line, column, rule, message, remedy)


def every_node(root: Node) -> Iterator[Node]:
    """Yield a node and all nodes in it, in the order of the source."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(_children(node)))


def _children(node: Node) -> list[Node]:
    if isinstance(node, nodes.ListNode):
        return node.nodes
    if isinstance(node, nodes.BranchNode):
        return [node.pipe, node.list, *([node.else_list] if node.else_list else [])]
    if isinstance(node, nodes.ActionNode | nodes.TemplateNode):
        return [node.pipe] if node.pipe is not None else []
    if isinstance(node, nodes.PipeNode):
        return [*node.decl, *node.cmds]
    if isinstance(node, nodes.CommandNode):
        return node.args
    return [node.node] if isinstance(node, nodes.ChainNode) else []


# Names


def _unknown_functions(tree: Tree, funcs: Mapping[str, Any]) -> Iterator[Finding]:
    for node in every_node(tree.root):
        if isinstance(node, nodes.IdentifierNode) and node.ident not in funcs:
            yield _at(tree, node, "unknown-function", f"there is no function {node.ident}", _remedy(node.ident, funcs))


def _remedy(name: str, funcs: Mapping[str, Any]) -> str:
    from gotemplate import sprig

    if name in sprig.funcs():
        return "it is one of Sprig's: add --funcs sprig"
    meant = nearest(name, funcs)
    return f"did you mean {meant}?" if meant else "give it to the template, or take the call out"


def _undefined_templates(tree: Tree, trees: Mapping[str, Tree]) -> Iterator[Finding]:
    for node in every_node(tree.root):
        if isinstance(node, nodes.TemplateNode) and node.name not in trees:
            meant = nearest(node.name, trees)
            remedy = f"did you mean {meant}?" if meant else "define it, or render with the file that does"
            yield _at(tree, node, "undefined-template", f"no template is called {node.name}", remedy)


def _unused_defines(trees: Mapping[str, Tree], files: set[str]) -> Iterator[Finding]:
    """Look for defines that nothing calls, unless the set is a library: nothing in it but defines."""
    called = _called(trees)
    every = [node for tree in trees.values() for node in every_node(tree.root)]
    if not all(isinstance(_included(node), nodes.StringNode | None) for node in every):
        return  # which one is called is known at run time
    if all(trees[name].root.is_empty() for name in files if name in trees):
        return
    for name, tree in trees.items():
        if name not in files and name not in called and not tree.root.is_empty():
            message = f"nothing calls the template {name}"
            yield _at(tree, tree.root, "unused-define", message, "call it or take it out")


def _included(node: Node) -> Node | None:
    """Return the name that a call of ``include`` is given; None for anything else."""
    if not isinstance(node, nodes.CommandNode) or len(node.args) < 2:
        return None
    word = node.args[0]
    return node.args[1] if isinstance(word, nodes.IdentifierNode) and word.ident == "include" else None


EFFECTS: Final = frozenset(
    {"fail", "merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite", "required", "set", "unset"}
)
"""Functions that are called for what they do; their value has to go somewhere."""


def _has_effect(pipe: nodes.PipeNode) -> bool:
    word = pipe.cmds[-1].args[0]
    return isinstance(word, nodes.IdentifierNode) and word.ident in EFFECTS


class _Declared:
    """A declared variable: where, and whether it has been read; ``partner`` is the other one of a range."""

    def __init__(self, node: nodes.VariableNode, *, read: bool) -> None:
        self.node = node
        self.read = read
        self.partner: _Declared | None = None


class _Variables:
    """Reads a tree for its variables, scope by scope."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, _Declared]] = [{}]
        self.all: list[_Declared] = []

    def read(self, node: Node) -> None:
        if isinstance(node, nodes.ListNode):
            self._scope(node.nodes)
        elif isinstance(node, nodes.BranchNode):
            self._scope(_children(node))
        elif isinstance(node, nodes.PipeNode):
            for command in node.cmds:
                self.read(command)
            if not node.is_assign:
                self._declare(node.decl, for_effect=_has_effect(node))
        elif isinstance(node, nodes.VariableNode):
            self._use(node.ident[0])
        else:
            for child in _children(node):
                self.read(child)

    def _scope(self, children: list[Node]) -> None:
        self.scopes.append({})
        for child in children:
            self.read(child)
        self.scopes.pop()

    def _declare(self, variables: list[nodes.VariableNode], *, for_effect: bool) -> None:
        made = [_Declared(variable, read=for_effect) for variable in variables]
        if len(made) == 2:
            made[0].partner, made[1].partner = made[1], made[0]
        for variable in made:
            self.scopes[-1][variable.node.ident[0]] = variable
        self.all += made

    def _use(self, name: str) -> None:
        for scope in reversed(self.scopes):
            if name in scope:
                scope[name].read = True
                return


def _unused_variables(tree: Tree) -> Iterator[Finding]:
    """Look for variables that nothing reads. Of the two of a range one is enough; ``$_…`` says that it is on purpose."""
    variables = _Variables()
    try:
        variables.read(tree.root)
    except RecursionError:
        return  # what nests deeper than Python allows is not looked at
    for variable in variables.all:
        name = variable.node.ident[0]
        if not (variable.read or name.startswith("$_") or (variable.partner is not None and variable.partner.read)):
            yield _at(
                tree, variable.node, "unused-variable", f"nothing reads {name}", f"take it out or call it $_{name[1:]}"
            )


# Data


def _about_data(
    starts: list[Tree], data: Any, trees: Mapping[str, Tree], funcs: Mapping[str, Any]
) -> Iterator[Finding]:
    flow = Flow()
    for tree in starts:
        one = follow(tree, data, trees, funcs)
        for key, link in one.links.items():
            known = flow.links.setdefault(key, link)
            if known is not link:
                known.had, known.lacked, known.nil = (
                    known.had + link.had,
                    known.lacked + link.lacked,
                    known.nil + link.nil,
                )
        flow.exponents.update(one.exponents)
    for link in flow.links.values():
        yield from _about_link(link)
    for tree, node, value in flow.exponents.values():
        from gotemplate.fmt import format_value

        written = node.pipe if isinstance(node, nodes.ActionNode) else node
        message = f"{written} is a float64 and prints as {format_value(value)}"
        remedy = 'convert it: int64 of Sprig, or printf "%.0f"; or read the data with --numbers int'
        yield _at(tree, node, "float-exponent", message, remedy)


def _about_link(link: Link) -> Iterator[Finding]:
    name, last = link.path[link.at], link.at == len(link.path) - 1
    if link.lacked and not link.had:
        meant = nearest(
            name, [key for key in link.owner if isinstance(key, str)] if isinstance(link.owner, dict) else []
        )
        what = f"{link.node}: {_owner(link)} never has {name}"
        remedy = f"did you mean {meant}?" if meant else "check the name, or give the data a value for it"
        if link.use is Use.OPTIONAL:
            yield _at(link.tree, link.node, "absent-optional", what, remedy)
            return
        printed = "; <no value> is printed" if link.use is Use.PRINTED and isinstance(link.owner, dict) else ""
        yield _at(link.tree, link.node, "absent-field", what + printed, remedy)
    elif link.use is Use.PRINTED and (link.lacked or (last and link.nil)):
        what = f"{link.node}: {name} is missing or nil in {link.lacked + link.nil} of {link.lacked + link.had}"
        yield _at(link.tree, link.node, "no-value", what, "put it inside an if or with, or give it a default")


def _owner(link: Link) -> str:
    written = str(link.node).removesuffix("." + ".".join(link.path[link.at :])) or "."
    return f"{written} ({describe(link.owner)})"
