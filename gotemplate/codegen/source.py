"""Python source under construction: terms, lines with what they stand for, and functions that may nest.

Knows nothing of templates. The other modules decide what is written; ``Function.finish`` lays it out.
"""

from __future__ import annotations

from typing import Any, Final

Call = tuple[str, int]
"""What a line does that may fail: the name of the function it calls, and the number of the place that reports it."""

TEMPLATE_LINE: Final = "\0template"
"""In the place of a function's name: the line calls another template."""

OUTLINED_LINE: Final = "\0outlined"
"""In the place of a function's name: the line calls an outlined part, whose own line counts."""

NO_CONSTANT: Final[Any] = object()


class Term:
    """A Python expression that yields a template value, to be evaluated once unless it is an ``atom``.

    ``exact`` is the expression for the value with everything Go's reflect knows of it, and ``unsettled`` says that it is
    yet to be taken out of the interface it was held in; the plain value will do where it is of one of the classes that
    need no ``Ref``. ``owned``: the atom is a name nobody else reads. ``call`` is what may fail in it, ``cls`` the Python
    class if it is certain, ``constant`` the value if it is known.
    """

    __slots__ = ("atom", "call", "cls", "constant", "exact", "owned", "text", "unsettled")

    def __init__(  # noqa: PLR0913  # what is known of an expression
        self,
        text: str,
        *,
        atom: bool = False,
        owned: bool = False,
        exact: str = "",
        unsettled: bool = False,
        call: Call | None = None,
        cls: str = "",
        constant: Any = NO_CONSTANT,
    ) -> None:
        self.text = text
        self.atom = atom
        self.owned = owned
        self.exact = exact or text
        self.unsettled = unsettled
        self.call = call
        self.cls = cls
        self.constant = constant

    @property
    def is_constant(self) -> bool:
        """Whether the value is known."""
        return self.constant is not NO_CONSTANT

    @property
    def is_full(self) -> bool:
        """Whether the expression itself yields the exact value, as the end of a pipeline leaves it."""
        return self.exact == self.text and not self.unsettled

    @property
    def full_text(self) -> str:
        """The expression for the exact value as the end of a pipeline leaves it, if the term ends one."""
        return f"SETTLE({self.exact})" if self.unsettled else self.exact


def constant_term(value: Any) -> Term:
    """Return the term of a str, bool, int, float or None, written as a literal."""
    cls = type(value).__name__ if value is not None else ""
    text = repr(value)
    return Term(f"({text})" if text.startswith("-") else text, atom=True, cls=cls, constant=value)


def literal_text(text: str) -> str:
    """Return text as it stands between the quotes ``'`` of an f-string."""
    return repr('"' + text)[2:-1].replace("{", "{{").replace("}", "}}")


class Line:
    """A line: its indentation within the function, its text, and what it calls.

    A line that sets ``only_for`` is dropped unless that name is asked for somewhere (``Function.wanted``).
    """

    __slots__ = ("call", "indent", "only_for", "text")

    def __init__(self, indent: int, text: str, call: Call | None, only_for: str = "") -> None:
        self.indent = indent
        self.text = text
        self.call = call
        self.only_for = only_for


class Function:
    """A Python function under construction; ``parts`` are the functions outlined from it, defined at its start.

    With ``guards`` it turns what its lines raise into Go's errors; without, whoever calls it does.
    """

    def __init__(self, head: str, outer: Function | None = None, *, guards: bool = True) -> None:
        self.head = head
        self.outer = outer
        self.guards = guards
        self.lines: list[Line] = []
        self.parts: list[Function] = []
        self.assigned_outside: set[str] = set()
        self.wanted: set[str] = outer.wanted if outer is not None else set()
        self.indent = 0
        self.blocks = 0
        self.loops = 0
        self.prologue: list[str] = []

    def emit(self, text: str, call: Call | None = None, only_for: str = "") -> None:
        """Add a line."""
        self.lines.append(Line(self.indent, text, call, only_for))

    def finish(self, out: list[str], calls: dict[int, Call], depth: int) -> None:
        """Append the source to ``out``, and to ``calls`` what its lines call, by line number."""
        pad = " " * depth
        out.append(f"{pad}{self.head}")
        if self.assigned_outside:
            out.append(f"{pad} nonlocal {', '.join(sorted(self.assigned_outside))}")
        out.extend(f"{pad} {line}" for line in self.prologue)
        for part in self.parts:
            part.finish(out, calls, depth + 1)
        guarded = self.guards and (bool(self.parts) or any(line.call is not None for line in self.lines))
        inner = depth + (2 if guarded else 1)
        if guarded:
            out.append(f"{pad} try:")
        self._body(out, calls, inner)
        if guarded:
            out.append(f"{pad} except Exception as e:")
            out.append(f"{pad}  LOST(e)")
            out.append(f"{pad}  raise")

    def _body(self, out: list[str], calls: dict[int, Call], depth: int) -> None:
        before = len(out)
        for line in self.lines:
            if line.only_for and line.only_for not in self.wanted:
                continue
            out.append(" " * (depth + line.indent) + line.text)
            if line.call is not None:
                calls[len(out)] = line.call
        if len(out) == before:
            out.append(" " * depth + "pass")
