"""The grammar has no conflicts, the stored parse table is its table, and our loop over the table agrees with Lark's."""

import json
from pathlib import Path

import pytest
from lark import Token
from lark.exceptions import GrammarError, UnexpectedToken

from gotemplate import grammar_table
from gotemplate.grammar import build_parser, build_table, link, load_grammar, load_table, read_table
from gotemplate.lexer import lex
from gotemplate.parser import _run
from gotemplate.terminals import OPERANDS, Refused, terminals

ROWS = [json.loads(line) for line in Path(__file__).with_name("parse_vectors.jsonl").read_text().splitlines()]


def test_the_grammar_has_no_conflicts():
    build_parser(load_grammar())


def test_a_conflict_would_be_reported():
    ambiguous = (
        load_grammar() + "\nwrapped : if_head pipeline RIGHT items\n         | wrapped items\nextra : wrapped items\n"
    )
    with pytest.raises(GrammarError, match=r"conflict|collision"):
        build_parser(ambiguous.replace("template     : parts", "template     : parts | extra"))


def test_the_stored_table_is_that_of_the_grammar():
    built = build_table(load_grammar())
    assert read_table(grammar_table.RULES, grammar_table.ROWS, grammar_table.END) == built
    assert load_table() == built


def test_every_terminal_of_an_operand_is_in_the_grammar():
    assert set(OPERANDS.values()) <= {symbol for row in load_table()[1] for symbol in row}


def _by_lark(parser, tokens):
    """Lark's tree as ``(rule, children)`` pairs."""

    def plain(tree):
        return str(tree) if isinstance(tree, Token) else (str(tree.data), [plain(child) for child in tree.children])

    try:
        return plain(parser.parse([Token(token[0], token[0]) for token in tokens if token[0] != "$END"]))
    except UnexpectedToken:
        return None


def _by_table(tokens):
    """Our loop with functions that build the same pairs."""
    made = []

    def maker(name):
        def make(_builder, *children):
            made.append((name, [child[0] if isinstance(child[1], int) else child for child in children]))
            return made[-1]

        return make

    try:
        table = load_table()
        _run(tokens, link(table, {function: maker(function) for function, _, _ in table[0]}), None)
    except Refused:
        return None
    return made[-1]


def test_our_loop_agrees_with_larks():
    parser, compared = build_parser(load_grammar()), 0
    for row in ROWS:
        if row.get("hex"):
            continue
        try:
            tokens = list(terminals(lex(row["text"], row.get("left", ""), row.get("right", ""))))
        except Refused:
            continue
        expected = _by_lark(parser, tokens)
        assert _by_table(tokens) == expected, row["text"]
        compared += expected is not None
    assert compared > 200
