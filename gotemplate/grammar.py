"""The parse table of ``grammar.lark``, as plain data.

Lark builds the table. A copy of it lies in ``grammar_table``, so that a process that parses a template pays neither for
the import of Lark nor for the building, together a tenth of a second; when the grammar is not the one of the copy, the
table is built on the spot. ``python -m gotemplate.grammar`` renews the copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

if TYPE_CHECKING:
    from lark import Lark

Rule = tuple[str, str, int]
"""``(function of the builder, symbol on the left, number of symbols on the right)``."""

Rows = tuple[dict[str, int], ...]
"""For each state and symbol: the state to go to, or ``-1 - rule`` to reduce by that rule. The first state is 0."""

Table = tuple[tuple[Rule, ...], Rows, int]
"""Rules, rows, and the state in which a whole template has been read."""

Machine = tuple[dict[str, Any], dict[str, Any]]
"""The first and the last row of a table whose rows hold, for each symbol, the row to go to, or the rule to reduce by with
its function in place of its name."""

START: Final = "template"
_GRAMMAR: Final = Path(__file__).with_name("grammar.lark")
_COPY: Final = Path(__file__).with_name("grammar_table.py")


@cache
def load_table() -> Table:
    """Return the table of the grammar: the copy if it is current, else built by Lark."""
    from gotemplate import grammar_table

    if crc32(_GRAMMAR.read_bytes()) == grammar_table.CHECKSUM:
        return read_table(grammar_table.RULES, grammar_table.ROWS, grammar_table.END)
    return build_table(load_grammar())


def read_table(rules: str, rows: str, end: int) -> Table:
    """Read a table as ``write_copy`` writes it: a rule or a state a line, symbols and numbers with spaces between."""
    return (
        tuple((name, intern(symbol), int(size)) for name, symbol, size in map(str.split, rules.splitlines())),
        tuple(
            dict(zip(map(intern, row[::2]), map(int, row[1::2]), strict=True))
            for row in map(str.split, rows.splitlines())
        ),
        end,
    )


def link(table: Table, functions: Mapping[str, Callable[..., Any]]) -> Machine:
    """Make a table ready to be driven: its states become the rows themselves, its rules name a function."""
    rules, rows, end = table
    steps = [(functions[name], symbol, size) for name, symbol, size in rules]
    linked: list[dict[str, Any]] = [{} for _ in rows]
    for row, numbers in zip(linked, rows, strict=True):
        row.update((symbol, linked[step] if step >= 0 else steps[-1 - step]) for symbol, step in numbers.items())
    return linked[0], linked[end]


def load_grammar() -> str:
    """Return the text of the grammar."""
    return _GRAMMAR.read_text(encoding="utf-8")


def build_parser(grammar: str) -> Lark:
    """Return Lark's parser for a grammar, to be fed with tokens; a conflict in the grammar raises GrammarError."""
    from lark import Lark, Token
    from lark.lexer import Lexer

    class Feed(Lexer):
        def __init__(self, _conf: object) -> None:
            pass

        def lex(self, tokens: Any) -> Iterator[Token]:  # type: ignore[override] # the form Lark gives the input itself to
            return iter(tokens)

    return Lark(grammar, parser="lalr", lexer=Feed, start=START, strict=True, keep_all_tokens=True)


def build_table(grammar: str) -> Table:
    """Build the table of a grammar, its states numbered in the order in which a walk from the start meets them."""
    found = build_parser(grammar).parser.parser._parse_table
    order = [found.start_states[START]]
    for state in order:
        shifts = sorted((symbol, to) for symbol, (action, to) in found.states[state].items() if not _is_rule(to))
        order += dict.fromkeys(to for _, to in shifts if to not in order)
    states = {state: number for number, state in enumerate(order)}
    names = sorted({_rule(to) for row in found.states.values() for _, to in row.values() if _is_rule(to)})
    rules = {rule: -1 - number for number, rule in enumerate(names)}
    rows = tuple(
        {
            symbol: rules[_rule(to)] if _is_rule(to) else states[to]
            for symbol, (_, to) in sorted(found.states[state].items())
        }
        for state in order
    )
    return tuple(names), rows, states[found.end_states[START]]


def _is_rule(target: Any) -> bool:
    return hasattr(target, "expansion")


def _rule(rule: Any) -> Rule:
    return str(rule.alias or rule.origin.name), str(rule.origin.name), len(rule.expansion)


def write_copy() -> None:
    """Write the copy of the table beside the grammar, in strings, which cost nothing to compile."""
    rules, rows, end = build_table(load_grammar())
    lines = [
        '"""The parse table of grammar.lark; written by ``python -m gotemplate.grammar``, not by hand."""',
        "",
        "# ruff: noqa: E501",
        f"CHECKSUM = {crc32(_GRAMMAR.read_bytes())}",
        f"END = {end}",
        'RULES = """\\',
        *(" ".join(map(str, rule)) for rule in rules),
        '"""',
        'ROWS = """\\',
        *(" ".join(f"{symbol} {step}" for symbol, step in row.items()) for row in rows),
        '"""',
    ]
    _COPY.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_copy()
