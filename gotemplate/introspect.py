"""What a template uses, read off its tree without rendering: fields of the data, functions, templates, variables.

Paths are followed through variables, ``with``, ``range``, ``index`` with constant keys and template calls: a field read
from the cursor of a ``range .items`` is ``items[].name``. What is read from the result of a function has no path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from gotemplate import nodes
from gotemplate.template import Template

ELEMENT: Final = "[]"
"""The name of whatever a range goes over, in a path."""

MAX_CALLS: Final = 100
"""Template calls within one another that are followed; a recursion is followed once for each path it is given."""

Path = tuple[str, ...]
"""Names from the root of the data down to a field."""


class Facts(NamedTuple):
    """What a template uses, with all templates it calls.

    ``fields`` are the paths that are read, the longest only (``("a", "b")`` says that ``a`` is read too). ``functions``
    includes the builtins.
    """

    fields: tuple[Path, ...]
    functions: tuple[str, ...]
    templates: tuple[str, ...]
    variables: tuple[str, ...]

    def shown_fields(self) -> list[str]:
        """Return the fields as text: ``.items[].name``."""
        return [shown_path(path) for path in self.fields]


def shown_path(path: Path) -> str:
    """Return a path as text; a name that is no identifier is quoted."""
    out = ""
    for name in path:
        if name == ELEMENT:
            out += name
        else:
            out += f".{name}" if name.isidentifier() else f'["{name}"]'
    return out or "."


def facts(template: Template) -> Facts:
    """Return what a template uses, followed through the templates of its set that it calls.

    >>> found = facts(Template("t").parse("{{range .items}}{{.name | len}}{{end}}{{.on}}"))
    >>> found.shown_fields(), found.functions
    (['.items[].name', '.on'], ('len',))
    """
    trees = {t.name: t.tree for t in template.templates() if t.tree is not None}
    reader = _Reader(trees)
    if template.tree is not None:
        reader.template(template.name, template.tree, ())
    return reader.facts()


_Scope = dict[str, Path | None]


class _Reader:
    def __init__(self, trees: Mapping[str, nodes.Tree]) -> None:
        self.trees = trees
        self.fields: set[Path] = set()
        self.functions: set[str] = set()
        self.called: set[str] = set()
        self.variables: set[str] = set()
        self.seen: set[tuple[str, Path | None]] = set()
        self.scopes: list[_Scope] = []
        self.depth = 0

    def facts(self) -> Facts:
        prefixes = {path[:i] for path in self.fields for i in range(len(path))}
        longest = sorted(path for path in self.fields if path not in prefixes)
        return Facts(tuple(longest), *(tuple(sorted(s)) for s in (self.functions, self.called, self.variables)))

    def template(self, name: str, tree: nodes.Tree, dot: Path | None) -> None:
        if (name, dot) in self.seen or self.depth >= MAX_CALLS:
            return
        self.seen.add((name, dot))
        outer, self.scopes = self.scopes, [{"$": dot}]
        self.depth += 1
        self.list(tree.root, dot)
        self.depth -= 1
        self.scopes = outer

    # Statements

    def list(self, node: nodes.ListNode | None, dot: Path | None) -> None:
        self.scopes.append({})
        for child in node.nodes if node is not None else ():
            self.statement(child, dot)
        self.scopes.pop()

    def statement(self, node: nodes.Node, dot: Path | None) -> None:
        if isinstance(node, nodes.ActionNode):
            self.pipe(node.pipe, dot)
        elif isinstance(node, nodes.TemplateNode):
            self.call(node, dot)
        elif isinstance(node, nodes.BranchNode):
            self.branch(node, dot)

    def branch(self, node: nodes.BranchNode, dot: Path | None) -> None:
        self.scopes.append({})
        value = self.pipe(node.pipe, dot)
        inner = value if isinstance(node, nodes.WithNode) else dot
        if isinstance(node, nodes.RangeNode):
            inner = None if value is None else (*value, ELEMENT)
            self.declare(node.pipe.decl[-1:], inner)
            self.declare(node.pipe.decl[:-1], None)
        self.list(node.list, inner)
        self.list(node.else_list, dot)
        self.scopes.pop()

    def call(self, node: nodes.TemplateNode, dot: Path | None) -> None:
        self.called.add(node.name)
        value = self.pipe(node.pipe, dot) if node.pipe is not None else None
        tree = self.trees.get(node.name)
        if tree is not None:
            self.template(node.name, tree, value)

    def declare(self, variables: Sequence[nodes.VariableNode], value: Path | None) -> None:
        for variable in variables:
            self.variables.add(variable.ident[0])
            self.scopes[-1][variable.ident[0]] = value

    # Values: the path of what is yielded, if it is known

    def pipe(self, pipe: nodes.PipeNode, dot: Path | None) -> Path | None:
        value: Path | None = None
        for i, command in enumerate(pipe.cmds):
            value = self.command(command, dot, piped=i > 0)
        if pipe.is_assign:
            for variable in pipe.decl:
                self.forget(variable.ident[0])
        else:
            self.declare(pipe.decl, value)
        return value

    def forget(self, name: str) -> None:
        """Let a variable that is assigned to have no path: which value it has depends on the run."""
        for scope in reversed(self.scopes):
            if name in scope:
                scope[name] = None
                return

    def command(self, command: nodes.CommandNode, dot: Path | None, *, piped: bool) -> Path | None:
        word, args = command.args[0], command.args[1:]
        values = [self.operand(arg, dot) for arg in args]
        if isinstance(word, nodes.IdentifierNode):
            self.functions.add(word.ident)
            return self.indexed(args, values) if word.ident == "index" and not piped else None
        value = self.operand(word, dot)
        return None if args or piped else value

    def indexed(self, args: Sequence[nodes.Node], values: Sequence[Path | None]) -> Path | None:
        if not values or values[0] is None:
            return None
        path = values[0]
        for key in args[1:]:
            path = (*path, key.text if isinstance(key, nodes.StringNode) else ELEMENT)
        self.fields.add(path)
        return path

    def operand(self, node: nodes.Node, dot: Path | None) -> Path | None:
        if isinstance(node, nodes.DotNode):
            return dot
        if isinstance(node, nodes.FieldNode):
            return self.read(dot, node.ident)
        if isinstance(node, nodes.VariableNode):
            start = next((scope[node.ident[0]] for scope in reversed(self.scopes) if node.ident[0] in scope), None)
            return self.read(start, node.ident[1:])
        if isinstance(node, nodes.ChainNode):
            return self.read(self.operand(node.node, dot), node.field)
        if isinstance(node, nodes.PipeNode):
            return self.pipe(node, dot)
        if isinstance(node, nodes.IdentifierNode):
            self.functions.add(node.ident)
        return None

    def read(self, start: Path | None, names: Sequence[str]) -> Path | None:
        if start is None:
            return None
        path = (*start, *names)
        if names:
            self.fields.add(path)
        return path
