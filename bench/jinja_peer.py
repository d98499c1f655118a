"""Go templates as Jinja2 templates: a peer that renders the same works from the same data.

The tree is written out in Jinja2's syntax, with Jinja2's own means wherever it has any (operators, filters, macros). Only
what the works use is known here. A missing key is None, as a nil is; a bool prints as Python does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jinja2

from gotemplate import nodes
from gotemplate.codegen.expressions import assigned_names

_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


class Environment(jinja2.Environment):
    """Jinja2 with a subscript that yields None for what is not there."""

    def getitem(self, obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (LookupError, TypeError):
            return None


def environment(functions: Mapping[str, Callable[..., Any]]) -> Environment:
    """Return an environment with these functions."""
    found = Environment(keep_trailing_newline=True, undefined=jinja2.ChainableUndefined)
    found.globals.update(functions)
    found.globals.update(pairs=_pairs, elements=_elements)
    return found


def _pairs(value: Any) -> Iterator[tuple[Any, Any]]:
    return iter(sorted(value.items())) if value.__class__ is dict else enumerate(value or ())


def _elements(value: Any) -> Any:
    return [value[key] for key in sorted(value)] if value.__class__ is dict else value or ()


def source_of(trees: Mapping[str, nodes.Tree], main: str) -> str:
    """Return a set of templates as one Jinja2 source: macros for the others, then the main one."""
    macros = [_Writer(tree).macro(name) for name, tree in trees.items() if name != main]
    return "".join(macros) + _Writer(trees[main]).body(trees[main].root, "dot")


def macro_name(name: str) -> str:
    """Return the name of the macro that a template becomes."""
    return "t_" + "".join(c if c.isalnum() else "_" for c in name)


class _Writer:
    def __init__(self, tree: nodes.Tree) -> None:
        self.tree = tree
        self.assigned = assigned_names(tree.root)
        self.names = 0

    def macro(self, name: str) -> str:
        return f"{{% macro {macro_name(name)}(dot) %}}{self.body(self.tree.root, 'dot')}{{% endmacro %}}"

    def body(self, root: nodes.ListNode, dot: str) -> str:
        start = "{% set ns = namespace() %}" if self.assigned else ""
        return start + self.list(root, dot)

    def list(self, node: nodes.ListNode | None, dot: str) -> str:
        return "".join(self.statement(child, dot) for child in node.nodes) if node is not None else ""

    def fresh(self) -> str:
        self.names += 1
        return f"x{self.names}"

    def variable(self, name: str) -> str:
        if name == "$":
            return "dot"
        return f"ns.{name[1:]}" if name in self.assigned else f"v_{name[1:]}"

    def statement(self, node: nodes.Node, dot: str) -> str:
        if isinstance(node, nodes.TextNode):
            return node.text
        if isinstance(node, nodes.ActionNode):
            value = self.pipe(node.pipe, dot)
            if node.pipe.decl:
                return f"{{% set {self.variable(node.pipe.decl[0].ident[0])} = {value} %}}"
            return f"{{{{ {value} }}}}"
        if isinstance(node, nodes.IfNode):
            return self.branch(node, self.pipe(node.pipe, dot), dot, dot)
        if isinstance(node, nodes.WithNode):
            name = self.fresh()
            value = self.pipe(node.pipe, dot)
            return f"{{% set {name} = {value} %}}{self.branch(node, name, name, dot)}"
        if isinstance(node, nodes.RangeNode):
            return self.range(node, dot)
        if isinstance(node, nodes.TemplateNode) and node.pipe is not None:
            return f"{{{{ {macro_name(node.name)}({self.pipe(node.pipe, dot)}) }}}}"
        raise NotImplementedError(str(node))

    def branch(self, node: nodes.BranchNode, condition: str, inner: str, dot: str) -> str:
        otherwise = f"{{% else %}}{self.list(node.else_list, dot)}" if node.else_list is not None else ""
        return f"{{% if {condition} %}}{self.list(node.list, inner)}{otherwise}{{% endif %}}"

    def range(self, node: nodes.RangeNode, dot: str) -> str:
        value, element = self.pipe(node.pipe, dot), self.fresh()
        names = [self.variable(variable.ident[0]) for variable in node.pipe.decl]
        before = "".join(f"{{% set {name} = {element} %}}" for name in names[-1:])
        head = f"{names[0]}, {element} in pairs({value})" if len(names) == 2 else f"{element} in elements({value})"
        otherwise = f"{{% else %}}{self.list(node.else_list, dot)}" if node.else_list is not None else ""
        return f"{{% for {head} %}}{before}{self.list(node.list, element)}{otherwise}{{% endfor %}}"

    # Expressions

    def pipe(self, pipe: nodes.PipeNode, dot: str) -> str:
        value = self.command(pipe.cmds[0], dot, ())
        for command in pipe.cmds[1:]:
            value = self.command(command, dot, (value,))
        return value

    def command(self, command: nodes.CommandNode, dot: str, final: Sequence[str]) -> str:
        word = command.args[0]
        if isinstance(word, nodes.IdentifierNode):
            return self.call(word.ident, command.args[1:], dot, final)
        return self.operand(word, dot)

    def call(self, name: str, args: Sequence[nodes.Node], dot: str, final: Sequence[str]) -> str:
        if name == "printf" and isinstance(args[0], nodes.StringNode):
            values = [*(self.operand(arg, dot) for arg in args[1:]), *final]
            template = args[0].text.replace("%v", "%s").replace("%t", "%s")
            return f"({template!r} % ({', '.join(values)},))"
        values = [*(self.operand(arg, dot) for arg in args), *final]
        if name in _OPERATORS:
            return f"({values[0]} {_OPERATORS[name]} {values[1]})"
        if name in ("and", "or"):
            return f"({f' {name} '.join(values)})"
        if name == "not":
            return f"(not {values[0]})"
        if name == "default":
            return f"({values[1]} or {values[0]})"
        if name == "index":
            return values[0] + "".join(f"[{key}]" for key in values[1:])
        if name == "len":
            return f"({values[0]}|length)"
        return f"{name}({', '.join(values)})"

    def operand(self, node: nodes.Node, dot: str) -> str:
        if isinstance(node, nodes.DotNode):
            return dot
        if isinstance(node, nodes.FieldNode):
            return dot + _subscripts(node.ident)
        if isinstance(node, nodes.VariableNode):
            return self.variable(node.ident[0]) + _subscripts(node.ident[1:])
        if isinstance(node, nodes.ChainNode):
            return self.operand(node.node, dot) + _subscripts(node.field)
        if isinstance(node, nodes.PipeNode):
            return f"({self.pipe(node, dot)})"
        if isinstance(node, nodes.StringNode):
            return repr(node.text)
        if isinstance(node, nodes.IdentifierNode):
            return self.call(node.ident, (), dot, ())
        return str(node)  # a number, true, false or nil


def _subscripts(names: Sequence[str]) -> str:
    return "".join(f"[{name!r}]" for name in names)
