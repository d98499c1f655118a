"""What can be said about an error beyond Go's words: the place in the source, what was there instead, and the way there.

Everything is worked out when it is asked for; an error carries no more than references to what it needs. Values of the
data are described by their types and keys and never shown: messages end up in logs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from gotemplate.errors import ExecError, ParseError, TemplateError, excerpt
from gotemplate.golib import utf8
from gotemplate.golib.quote import quote, unquote
from gotemplate.nearest import nearest
from gotemplate.spans import Action, action_at, actions, find_span
from gotemplate.values import MISSING, Kind, Pointer, Ref, Struct, Type, Value, indirect, is_exported, type_of

if TYPE_CHECKING:
    from gotemplate.errors import Caller, Reach

MAX_NAMES: Final = 12
"""Keys, fields or functions that are listed at most."""


def remarks_on(error: TemplateError) -> list[str]:
    """Return what this package adds to an error: the source line, then reasons, then the template calls."""
    shown = [found] if (found := excerpt_of(error)) else []
    reasons: Iterable[str] = ()
    if isinstance(error, ParseError):
        reasons = _parse_notes(error)
    elif isinstance(error, ExecError):
        reasons = [*_exec_notes(error), *map(_call_line, error.callers)]
    return [*shown, *(f"  {reason}" for reason in reasons)]


# The place


def excerpt_of(error: TemplateError) -> str:
    """Return the source line of an error, its node underlined, the part that failed marked with carets."""
    if error.source is None or error.line < 1:
        return ""
    if error.column < 0:
        return excerpt(error.source, error.line)
    start, end, mark = span_of(error)
    line_start = _line_start(error)
    at = start - line_start
    if at < 0:  # the node begins on an earlier line
        return excerpt(error.source, error.line, error.column)
    return excerpt(error.source, error.line, at, width=end - start, lead=mark - start)


def span_of(error: TemplateError) -> tuple[int, int, int]:
    """Return the byte offsets where the node of an error starts and ends, and where in it the failing part starts."""
    offset = _line_start(error) + error.column
    action = _action(error, offset)
    if action is None:
        return offset, offset, offset
    start, end = find_span(action, offset, error.node if isinstance(error, ExecError) else "")
    reach = error.reach if isinstance(error, ExecError) else None
    if not isinstance(error, ExecError) or reach is None:
        return start, end, start
    if not error.node.endswith("." + ".".join(reach.path)):  # Go names what is in the parentheses before the chain
        end = next(
            (i[1] + utf8.byte_len(i[2]) for i in action.items if i[1] >= end and i[2] == f".{reach.path[-1]}"), end
        )
    behind = utf8.byte_len(".".join(("", *reach.path[reach.at + 1 :])))
    own = utf8.byte_len(reach.name) + 1
    end -= behind
    return start, end, max(start, end - own)


def _line_start(error: TemplateError) -> int:
    data = utf8.to_bytes(error.source or "")
    at = 0
    for _ in range(error.line - 1):
        at = data.find(b"\n", at) + 1
    return at


def _action(error: TemplateError, offset: int) -> Action | None:
    left, right = error.delims
    return action_at(error.source or "", offset, left, right)


# What is wrong with a text


def _parse_notes(error: ParseError) -> Iterator[str]:
    found = re.fullmatch(r'(function|undefined variable) (".*?")(?: not defined)?', error.message)
    if found:
        yield from _meant(unquote(found[2]), error.known)
    if error.message == "unexpected EOF" or "unclosed" in error.message:
        yield from _still_open(error)
    if error.message.startswith(("unexpected {{end}}", "unexpected {{else}}")):
        yield "no if, range, with, define or block is open here"


_OPENING: Final = frozenset({"If", "Range", "With", "Define", "Block"})


def _still_open(error: ParseError) -> Iterator[str]:
    """Say which blocks have no end."""
    left, right = error.delims
    open_: list[tuple[int, str]] = []
    for action in actions(error.source or "", left, right):
        if not action.items:
            continue
        kind, _, _, line = action.items[0]
        if kind in _OPENING:
            open_.append((line, " ".join(item[2] for item in action.items[:2])))
        elif kind == "End" and open_:
            open_.pop()
    for line, words in reversed(open_[-MAX_NAMES:]):
        yield f"no {{{{end}}}} for {words} in line {line}"


# What is wrong with the data


_REACHED: Final = ("can't evaluate field ", "map has no entry for key ", "nil data; ", "nil pointer evaluating ")


def _exec_notes(error: ExecError) -> Iterator[str]:
    if error.reach is not None and error.message.startswith(_REACHED):
        yield from _reach_notes(error.node, error.reach)
    found = re.fullmatch(r'template (".*") not defined', error.message)
    found = found or re.fullmatch(r'no template (".*?") associated with template ".*"', error.message)
    if found:
        yield from _meant(unquote(found[1]), error.templates)
    yield from _signature_notes(error)


def _reach_notes(node: str, reach: Reach) -> Iterator[str]:
    """Say which link of a chain is missing or nil, and what there is instead."""
    owner = _written(node, reach)
    value = reach.value.value if reach.value.__class__ is Ref else reach.value
    target = indirect(value)
    if value is MISSING or (value is None and reach.static is None):
        yield f"{owner} is nil: it has no {reach.name}"
    elif target is None or (target.__class__ is Pointer and target.is_nil):
        yield f"{owner} is nil, of type {_type_name(value, reach.static)}: it has no {reach.name}"
    elif isinstance(target, Struct):
        yield f"{owner} is a {target.go_type.name}, without a field or method {reach.name}"
        yield from _meant(reach.name, _members(target.go_type), "fields and methods")
    elif isinstance(target, dict):
        yield f"{owner} is {describe(target)}, without the key {quote(reach.name)}"
        yield from _meant(reach.name, [key for key in target if isinstance(key, str)], "keys")
    else:
        methods = _members(_type(target))
        yield f"{owner} is {describe(target)}: it has no fields{'' if methods else ' or methods'}"
        yield from _meant(reach.name, methods, "methods")


def _written(node: str, reach: Reach) -> str:
    """Return the part of a chain in front of the link that failed, as it is written."""
    tail = "." + ".".join(reach.path)
    if not node.endswith(tail):
        return f"the value before .{reach.name}"
    start = node.removesuffix(tail)
    return f"{start}{''.join(f'.{name}' for name in reach.path[: reach.at])}" or "."


def _members(go_type: Type) -> list[str]:
    """Return the names a template can select on a type: exported fields and methods, promoted ones included."""
    if go_type.kind is Kind.POINTER and go_type.elem is not None:
        go_type = go_type.elem
    pending, names, seen = [go_type], list[str](), set[Type]()
    while pending:
        one = pending.pop(0)
        if one in seen:
            continue
        seen.add(one)
        names += [field.name for field in one.fields if is_exported(field.name)] + sorted(one.methods)
        pending += [f.type.elem or f.type for f in one.fields if f.embedded]
    return list(dict.fromkeys(names))


def _type(value: Value) -> Type:
    from gotemplate.values import ANY

    try:
        return type_of(value) or ANY
    except TypeError:
        return ANY


def _type_name(value: Value, static: Type | None) -> str:
    return static.name if static is not None and value is None else _type(value).name


def describe(value: Value) -> str:
    """Return what a value is: its type and its size, and of a map its keys; never what it holds."""
    value = value.value if value.__class__ is Ref else value
    if value is None or value is MISSING:
        return "nil"
    if value.__class__ is Pointer:
        return f"nil, of type {value.go_type.name}" if value.is_nil else f"a pointer to {describe(value.target)}"
    name = _type(value).name
    if isinstance(value, Struct):
        return f"a {name}"
    if isinstance(value, dict):
        keys = _listed([quote(key) if isinstance(key, str) else str(key) for key in value])
        return f"an empty {name}" if not value else f"a {name} with {keys}"
    if isinstance(value, (list, tuple)):
        return f"a {name} of {len(value)}"
    if isinstance(value, str):
        return "an empty string" if not value else f"a {name}"
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    shown = ", ".join(ordered[:MAX_NAMES])
    return f"{shown} and {len(ordered) - MAX_NAMES} more" if len(ordered) > MAX_NAMES else shown


def _meant(name: str, names: Iterable[str], kind: str = "") -> Iterator[str]:
    """Say which name was probably meant; without one, which there are, if they are of a kind worth listing."""
    known = list(names)
    found = nearest(name, known)
    if found is not None:
        yield f"did you mean {found}?"
    elif kind and known and kind != "keys":
        yield f"{kind}: {_listed(known)}"


# Functions


def _signature_notes(error: ExecError) -> Iterator[str]:
    """Say what a function takes whose arguments were wrong."""
    found = re.match(r"wrong number of args for (\w+):", error.message)
    name = found[1] if found else ""
    if not name and error.message.startswith(("wrong type for value; ", "expected ", "invalid value; expected ")):
        name = error.node if error.node.isidentifier() else _called_with(error)
    function = error.funcs.get(name)
    if function is None:
        from gotemplate.builtin_funcs import BUILTINS

        function = BUILTINS.get(name)
    declared = getattr(function, "go_type", None)
    if isinstance(declared, Type) and declared.kind is Kind.FUNC:
        yield f"{name} is {declared.name}"


def _called_with(error: ExecError) -> str:
    """Return the name of the function that the node of an error is an argument of."""
    if error.source is None or error.column < 0:
        return ""
    action = _action(error, _line_start(error) + error.column)
    if action is None:
        return ""
    start, end, _ = span_of(error)
    before = [item for item in action.items if item[1] < start]
    depth, name = 0, ""
    for kind, _, text, _ in reversed(before):
        depth += {"RightParen": 1, "LeftParen": -1}.get(kind, 0)
        if depth < 0 or (depth == 0 and kind in ("Pipe", "Declare", "Assign")):
            break
        if depth == 0:
            name = text if kind == "Identifier" else ""
    if name:
        return name
    after = [item for item in action.items if item[1] >= end]
    piped = len(after) > 1 and after[0][0] == "Pipe" and after[1][0] == "Identifier"
    return after[1][2] if piped else ""


# The way there


def _call_line(caller: Caller) -> str:
    dot = f", where dot is {describe(caller.dot[0])}" if caller.dot else ""
    return f"called by {caller.call} at {caller.place}{dot}"
