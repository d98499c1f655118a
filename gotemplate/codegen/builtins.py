"""The builtins that generated code does itself where the values are plain, and leaves to their functions otherwise.

Each function returns the term of a call. A value of a class it knows is treated in place; the rest of the expression is
the call of the builtin, whose errors the line reports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from gotemplate import nodes
from gotemplate.codegen.scopes import SURE, TRUTH
from gotemplate.codegen.source import Call, Term, literal_text

if TYPE_CHECKING:
    from gotemplate.codegen.calls import CallWriter
    from gotemplate.fmt import Directive
    from gotemplate.fmt_spec import Spec

Inline = Callable[["CallWriter", Sequence[nodes.Node], Term | None, Call], Term]


def _texts(terms: Sequence[Term]) -> str:
    return ", ".join(term.text for term in terms)


def _same_class(values: Sequence[Term], classes: Sequence[str]) -> str:
    """Return the condition that all values are of one of some classes; empty if that is certain."""
    unknown = [value for value in values if not (value.cls and value.cls in classes)]
    known = {value.cls for value in values if value.cls in classes}
    if not unknown:
        return "" if len(known) == 1 else "False"
    if len(known) > 1:
        return "False"
    if known or len(classes) == 1:
        wanted = next(iter(known)) if known else classes[0]
        return " is ".join([*(f"{value.text}.__class__" for value in unknown), wanted])
    return ""


def _choice(condition: str, short: str, long: str, call: Call, cls: str = "") -> Term:
    if not condition:
        return Term(short, cls=cls)
    return Term(f"{short} if {condition} else {long}", call=call, cls=cls)


def _eq(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
    values = writer.values_of(args, final)
    long = f"{writer.unbound.name('func', 'eq')}({', '.join(f'PLAINLY({v.text})' if not v.cls else v.text for v in values)})"
    if len(values) == 1:
        return Term(long, call=call)
    first, others = values[0], values[1:]
    wanted = _compared(values)
    if not wanted:
        return Term(long, call=call, cls="bool")
    short = " or ".join(f"{first.text} == {other.text}" for other in others)
    condition = _same_class(values, [wanted])
    return _choice(condition, f"({short})", long, call, "bool") if condition != "False" else Term(long, call=call)


def _compared(values: Sequence[Term]) -> str:
    """Return the class in which values are compared in place: that of the constants among them, else str."""
    classes = {value.cls for value in values if value.is_constant}
    if len(classes) > 1 or not classes <= {"str", "int", "bool"}:
        return ""
    return next(iter(classes), "str")


def _ne(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
    values = writer.values_of(args, final)
    one, other = values
    long = f"{writer.unbound.name('func', 'ne')}({', '.join(f'PLAINLY({v.text})' if not v.cls else v.text for v in values)})"
    wanted = _compared(values)
    condition = _same_class(values, [wanted]) if wanted else "False"
    if condition == "False":
        return Term(long, call=call)
    return _choice(condition, f"{one.text} != {other.text}", long, call, "bool")


def _ordered(name: str, operator: str) -> Inline:
    def ordered(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
        values = writer.values_of(args, final)
        one, other = values
        plain = ", ".join(f"PLAINLY({v.text})" if not v.cls else v.text for v in values)
        long = f"{writer.unbound.name('func', name)}({plain})"
        condition = _same_class(values, ["int"])
        if condition == "False":
            return Term(long, call=call)
        return _choice(condition, f"{one.text} {operator} {other.text}", long, call, "bool")

    return ordered


def _not(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None, _call: Call) -> Term:
    value = final if final is not None else writer.value_of(args[0], TRUTH)
    return Term(f"not {value.text}", cls="bool")


def _len(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
    value = final if final is not None else writer.value_of(args[0])
    long = f"{writer.unbound.name('func', 'len')}({value.full_text})"
    return Term(f"len({value.text}) if {value.text}.__class__ in SIZED else {long}", call=call, cls="int")


def _index(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
    values = writer.values_of(args, final)
    item = values[0]
    if len(values) == 1 or item.is_constant:
        return Term(f"INDEX({', '.join(value.full_text for value in values)})", call=call)
    key = values[1]
    rest = ", ".join(value.full_text for value in values[1:])
    long = f"INDEX({item.full_text}, {rest})"
    if len(values) > 2:
        return Term(long, call=call)
    if key.cls == "int":
        within = f"-1 < {key.text} < len({item.text})" if not key.is_constant else f"len({item.text}) > {key.text}"
        usable = not key.is_constant or key.constant >= 0
        return _choice(
            f"{item.text}.__class__ is list and {within}" if usable else "False", f"{item.text}[{key.text}]", long, call
        )
    is_dict = f"{item.text}.__class__ is dict"
    long = f"AT({item.text}, {key.text}) if {item.text}.__class__ is Map else {long}"
    if key.cls == "str":
        return _choice(is_dict, f"{item.text}.get({key.text})", long, call)
    if key.is_constant:
        return Term(long, call=call)
    return _choice(f"{is_dict} and {key.text}.__class__ is str", f"{item.text}.get({key.text})", long, call)


def _slice(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
    values = writer.values_of(args, final, SURE, keep=True)
    return Term(f"{writer.unbound.name('func', 'slice')}({', '.join(v.full_text for v in values)})", call=call)


# Printing


def _any(value: Term) -> str:
    return value.text if value.cls else f"ANY_OF({value.text})"


def _print(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
    values = _any_values(writer, args, final)
    long = f"{writer.unbound.name('func', 'print')}({', '.join(map(_any, values))})"
    condition = " is ".join([*(f"{v.text}.__class__" for v in values if v.cls != "str"), "str"])
    if not values or any(v.cls not in ("", "str") for v in values):
        return Term(long, call=call, cls="str")
    if all(v.cls == "str" for v in values):
        return Term(" + ".join(v.text for v in values), cls="str")
    return Term(f"{' + '.join(v.text for v in values)} if {condition} else {long}", call=call, cls="str")


def _any_values(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None) -> list[Term]:
    """Return arguments of a function that takes anything; literals by the way they are written."""
    values = []
    for node in args:
        if isinstance(node, nodes.NilNode):
            values.append(Term("None", atom=True))
        else:
            values.append(writer.atom(writer.operand(node, SURE)))
    return values if final is None else [*values, final]


def inlined(name: str, args: Sequence[nodes.Node]) -> Inline | None:
    """Return what writes a call of a builtin in place; None for a call that is left to the builtin's function."""
    if name == "printf" and not (args and isinstance(args[0], nodes.StringNode)):
        return None
    return INLINED.get(name)


def _printf(writer: CallWriter, args: Sequence[nodes.Node], final: Term | None, call: Call) -> Term:
    first = args[0]
    assert isinstance(first, nodes.StringNode)
    values = _any_values(writer, args[1:], final)
    long = f"{writer.unbound.name('func', 'printf')}({', '.join([repr(first.text), *map(_any, values)])})"
    pieces = _pieces(first.text, values)
    if pieces is None:
        return Term(long, call=call, cls="str")
    guards, text = pieces
    if not guards:
        return Term(text, cls="str")
    return Term(f"{text} if {' and '.join(guards)} else {long}", call=call, cls="str")


def _pieces(format_: str, values: Sequence[Term]) -> tuple[list[str], str] | None:
    """Return a constant format as an f-string and the conditions it is right under; None if it is not that simple."""
    from gotemplate.fmt import Directive, compile_format

    steps, used = compile_format(format_, len(values))
    if used < len(values) or any(not isinstance(step, str | Directive) for step in steps):
        return None
    guards: list[str] = []
    parts: list[str] = []
    for step in steps:
        if isinstance(step, str):
            parts.append(literal_text(step))
        elif isinstance(step, Directive):
            shown = _directive(step, values[step.arg])
            if shown is None:
                return None
            guards += [guard for guard in shown[:1] if guard and guard not in guards]
            parts.append(shown[1])
    return guards, f"f'{''.join(parts)}'"


def _directive(directive: Directive, value: Term) -> tuple[str, str] | None:
    """Return the condition under which a verb prints a value as an f-string does (empty: always), and its part of one."""
    spec, verb, text = directive.spec, directive.verb, value.text
    if value.is_constant and value.constant.__class__ is str and directive.plain and verb in "sv":
        return "", literal_text(value.constant)
    if spec.plus or spec.plus_v or spec.sharp or spec.sharp_v or spec.space or value.is_constant:
        return None
    if verb == "t" and not spec.width:
        return f"{text}.__class__ is bool", f"{{WORDS[{text}]}}"
    shape = _shape(spec, verb)
    if shape is None:
        return None
    if verb == "v" and not shape:
        return ("" if value.cls in ("str", "int") else f"{text}.__class__ in TEXTUAL"), f"{{{text}}}"
    cls = {"s": "str", "v": "str", "d": "int", "x": "int", "f": "float"}[verb]
    guards = [] if value.cls == cls else [f"{text}.__class__ is {cls}"]
    if cls == "str" and shape:
        guards.append(f"{text}.isascii()")  # widths count runes, of which joined surrogates make fewer
    if cls == "float":
        guards.append(f"{text} - {text} == 0")  # neither infinite nor NaN
    return " and ".join(guards), f"{{{text}{':' + shape if shape else ''}}}"


def _shape(spec: Spec, verb: str) -> str | None:
    """Return Python's format for a verb with its width, precision and the flags ``-`` and ``0``; None if it has none."""
    width = str(spec.width) if spec.width else ""
    if spec.minus and spec.zero:
        return None
    if verb in "sv" and spec.prec < 0 and not spec.zero:
        return f"{'<' if spec.minus else '>'}{width}" if width else ""
    if verb in "dx" and spec.prec < 0:
        aligned = f"{'<' if spec.minus else '0' if spec.zero else ''}{width}" if width else ""
        return aligned + ("x" if verb == "x" else "")
    if verb == "f" and spec.prec >= 0 and not spec.minus:
        return f"{'0' if spec.zero and width else ''}{width}.{spec.prec}f"
    return None


INLINED: Final[dict[str, Inline]] = {
    "eq": _eq,
    "ge": _ordered("ge", ">="),
    "gt": _ordered("gt", ">"),
    "index": _index,
    "le": _ordered("le", "<="),
    "len": _len,
    "lt": _ordered("lt", "<"),
    "ne": _ne,
    "not": _not,
    "print": _print,
    "printf": _printf,
    "slice": _slice,
}
"""The builtins by name."""
