"""Generated code of calls: arguments checked as their parameters ask for, the function, ``and``, ``or`` and ``call``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gotemplate import nodes
from gotemplate.calls import count_complaint, literal, parameter, ready_classes, result_complaint, signature
from gotemplate.codegen.scopes import SURE, TRUTH, VALUE, Block, Place, ScopeWriter
from gotemplate.codegen.source import Call, Term
from gotemplate.values import (
    ANY,
    BOOL,
    FLOAT64,
    INT,
    MAP_STRING_ANY,
    REFLECT_VALUE,
    SLICE_ANY,
    STRING,
    Kind,
    Type,
)

_GUARD: Final = {
    STRING: "str", INT: "int", FLOAT64: "float", BOOL: "bool", MAP_STRING_ANY: "dict", SLICE_ANY: "list",
}  # fmt: skip
"""The parameter types whose values are told by their class."""

_SCALARS: Final = frozenset({STRING, INT, FLOAT64, BOOL})
LITERALS: Final = (nodes.BoolNode, nodes.NumberNode, nodes.StringNode, nodes.NilNode)


def literal_row(node: nodes.Node) -> tuple[str, int, str]:
    """Return what a literal node is made of: its kind, its position and its text."""
    return type(node).__name__, node.pos, str(node)


class CallWriter(ScopeWriter):
    """Writes the calls of functions; its arguments are operands, which a subclass writes."""

    def operand(self, node: nodes.Node, use: int, *, keep: bool = False) -> Term:
        """Return an operand without arguments."""
        raise NotImplementedError

    def after_argument(self, node: nodes.Node) -> Place:
        """Return the place the evaluation of an argument ends at."""
        raise NotImplementedError

    def resolve(self, name: str) -> tuple[Any, bool]:
        """Return the function a name means and whether it is a builtin; notes that the source depends on it."""
        builtin = name not in self.funcs
        function = self.builtins.get(name) if builtin else self.funcs[name]
        if function is not None and name not in self.unbound.used:
            self.unbound.used[name] = (builtin, signature(function).name)
        return function, builtin

    def call(
        self, word: nodes.IdentifierNode, node: nodes.Node, args: Sequence[nodes.Node], final: Term | None, use: int
    ) -> Term:
        """Return the result of a function."""
        from gotemplate.codegen.builtins import inlined

        name = word.ident
        function, builtin = self.resolve(name)
        if function is None:
            from gotemplate.golib.quote import quote

            return self.failing(self.place(word), f"{quote(name)} is not a defined function")
        go_type = signature(function)
        complaint = count_complaint(name, go_type.params, go_type.variadic, len(args), final is not None)
        complaint = complaint or result_complaint(name, go_type.results)
        if complaint:
            return self.failing(self.place(word), complaint)
        if builtin and name in ("and", "or"):
            return self._logic(word, args, final, use)
        call = (name, self.site(node))
        if builtin and name == "call":
            return self._call(args, final, call)
        inline = inlined(name, args) if builtin else None
        if inline is not None:
            return inline(self, args, final, call)
        values = self.arguments(word, args, final, go_type)
        return Term(f"{self.unbound.name('func', name)}({', '.join(values)})", call=call)

    def arguments(
        self, word: nodes.IdentifierNode, args: Sequence[nodes.Node], final: Term | None, go_type: Type
    ) -> list[str]:
        """Return the expressions of checked arguments; none of them can fail any more, nor change by evaluating another."""
        params, variadic = go_type.params, go_type.variadic
        texts = []
        for i, node in enumerate(args):
            wanted = parameter(params, variadic, i)
            if isinstance(node, LITERALS):
                texts.append(self._literal(word.ident, i, node, wanted).text)
            else:
                term = self.atom(self.operand(node, SURE if wanted in _SCALARS else VALUE))
                texts.append(self._checked(word.ident, i, term, wanted, self.after_argument(node)))
        if final is not None:
            at = self.after_argument(args[-1]) if args else self.place(word)
            texts.append(self._checked(word.ident, len(args), final, parameter(params, variadic, len(args)), at))
        return texts

    def _literal(self, name: str, position: int, node: nodes.Node, wanted: Type) -> Term:
        site = self._scene.site(node)
        value_row = ("literal", name, position, *literal_row(node))
        return self.constant(node, lambda: literal(node, wanted, site), *value_row)

    def _checked(self, name: str, position: int, term: Term, wanted: Type, at: Place) -> str:
        if wanted is ANY:
            return (
                term.text if term.cls else f"({term.text} if {term.text}.__class__ in READY else ANY_OF({term.text}))"
            )
        if term.cls and term.cls == _GUARD.get(wanted):
            return term.text
        if wanted is REFLECT_VALUE and term.unsettled:
            term = self.full(term)
        guard = (
            f"{term.text}.__class__ is not {_GUARD[wanted]}"
            if wanted in _GUARD
            else self._not_ready(name, position, term, wanted)
        )
        accepted = f"ACCEPT({term.full_text}, {self._type(name, position, wanted)}, {at})"
        if term.owned:
            target = term.text
            self.emit(f"if {guard}: {target} = {accepted}" if guard else f"{target} = {accepted}")
        else:
            target = self.fresh()
            self.emit(f"{target} = {accepted} if {guard} else {term.text}" if guard else f"{target} = {accepted}")
        return target

    def _not_ready(self, name: str, position: int, term: Term, wanted: Type) -> str:
        """Return the condition that a value is to be looked at before it is passed; empty if it always is."""
        if ready_classes(wanted):
            return f"{term.text}.__class__ not in {self.unbound.name('ready', name, position)}"
        if wanted.kind is Kind.INTERFACE:
            return ""
        return f"getattr({term.text}, 'go_type', None) is not {self._type(name, position, wanted)}"

    def _type(self, name: str, position: int, wanted: Type) -> str:
        known = {STRING: "STRING", ANY: "ANY", REFLECT_VALUE: "REFLECT_VALUE"}.get(wanted)
        return known or self.unbound.name("param", name, position)

    def value_of(self, node: nodes.Node, use: int = VALUE, *, keep: bool = False) -> Term:
        """Return an argument that is taken as reflect sees it, under a name."""
        if isinstance(node, LITERALS):
            site = self._scene.site(node)
            return self.constant(node, lambda: literal(node, REFLECT_VALUE, site))
        return self.atom(self.operand(node, use, keep=keep))

    def values_of(
        self, args: Sequence[nodes.Node], final: Term | None, use: int = VALUE, *, keep: bool = False
    ) -> list[Term]:
        """Return all arguments of a builtin that takes them as reflect sees them."""
        values = [self.value_of(node, use, keep=keep) for node in args]
        return values if final is None else [*values, final]

    def _call(self, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
        values = [self.full(value).text for value in self.values_of(args, final)]
        name = repr(str(args[0])) if args else f"CALLEE({values[0]})"
        return Term(f"CALL({', '.join([name, *values])})", call=call)

    # and, or

    def _logic(self, word: nodes.IdentifierNode, args: Sequence[nodes.Node], final: Term | None, use: int) -> Term:
        """Return the first value whose truth decides, or the last one; note where the evaluation stopped."""
        place, target = self.fresh("a"), self.fresh()
        self._logic_places[word] = place
        lazy = not self.options.eager_and_or
        test = f"if not {target}:" if word.ident == "or" else f"if {target}:"
        before = len(self.function.lines)
        self.emit(f"{place} = {self.site(word)}", only_for=place)
        self.emit(f"{target} = MISSING") if not args else None
        eager: list[str] = []
        for i, node in enumerate(args):
            inside = self.block() if i and lazy else Block(None)
            if i and lazy:
                self.emit(test)
            self.skipping += i > 0
            with inside:
                value = self._decider(node, use)
                if not lazy:
                    eager.append(self._named(value).text)
                else:
                    self.emit(f"{target} = {value.text}", value.call)
                self._note(place, self.after_argument(node)[2:-1])
            self.skipping -= i > 0
        if final is not None:
            last = (self.full(final) if use != TRUTH else final).text
            self._last(word, target, last, args, eager, lazy=lazy)
        elif not lazy:
            self.emit(f"{target} = DECIDE({word.ident == 'or'}, ({', '.join(eager)},))")
        self._reset_skippable(before)
        return Term(target, atom=True, owned=True)

    def _decider(self, node: nodes.Node, use: int) -> Term:
        """Return an argument of ``and`` or ``or``; where it is only asked for truth, not under a name of its own."""
        if use != TRUTH or isinstance(node, LITERALS):
            return self.full(self.value_of(node, min(use, VALUE)))
        return self.operand(node, TRUTH)

    def _last(
        self,
        word: nodes.IdentifierNode,
        target: str,
        last: str,
        args: Sequence[nodes.Node],
        eager: list[str],
        *,
        lazy: bool,
    ) -> None:
        if not args:
            self.emit(f"{target} = {last}")
        elif not lazy:
            self.emit(f"{target} = DECIDE({word.ident == 'or'}, ({', '.join([*eager, last])},))")
        else:
            negation = "not " if word.ident == "or" else ""
            self.emit(f"if {negation}{target}: {target} = {last}")

    def _note(self, place: str, after: str) -> None:
        if not after.isdigit():
            self.function.wanted.add(after)
        self.emit(f"{place} = {after}", only_for=place)

    def _reset_skippable(self, before: int) -> None:
        """Let the variables that were declared in arguments that may be skipped start unset."""
        if self.skipping or not self.skippable:
            return
        at = self.function.lines[before]
        line = type(at)(at.indent, " = ".join([*self.skippable, "UNSET"]), None)
        self.function.lines.insert(before, line)
        self.skippable = []
