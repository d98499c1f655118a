"""What is read in one pass is what items and their terminals come to."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from commit_seed import commit_seed

from gotemplate.lexer import lex
from gotemplate.ordinary import ordinary_terminals
from gotemplate.parser import parse
from gotemplate.terminals import Refused, terminals

ROWS = [json.loads(line) for line in Path(__file__).with_name("parse_vectors.jsonl").read_text().splitlines()]


def agrees(text: str, left: str = "", right: str = "") -> bool:
    """Tell whether a text is ordinary; if it is, it has to be read as the lexer reads it."""
    found = ordinary_terminals(text, left, right, ())
    if found is None:
        return False
    try:
        assert found == list(terminals(lex(text, left, right))), text
    except Refused:
        assert _parentheses_differ(found), text
    return True


def _parentheses_differ(found: list[tuple[str, int, int, str, int]]) -> bool:
    depth = 0
    for terminal, *_ in found:
        depth += {"LEFT_PAREN": 1, "RIGHT_PAREN": -1}.get(terminal, 0)
        if depth < 0 or (depth and terminal == "RIGHT"):
            return True
    return False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no action",
        "{{.}}{{.a}}{{.a.b.c}}{{$}}{{$x}}{{$x.y}}{{$.z}}",
        '{{f "a\\"b" `c` 1 -2 +3 1.5 true false nil}}',
        "{{(f .x).a.b}}{{((.))}}",
        "{{$x := 1}}{{$x = 2}}{{range $i, $e := .l}}{{end}}",
        "a \n {{- if .x -}} \n b {{- else if .y }}c{{ else  with\n.z -}}\t{{else}}d{{end}}",
        "{{/* c */}}a{{- /* c\n */ -}}\n {{end}}{{/* c */ -}}{{break}}",
        '{{define "x"}}{{end}}{{ block `y` . }}{{ end }}{{- template "z" .a -}}\n',
        "{{f\n  .x\n  `a\nb`\n| g -}}\n\n{{.y}}",
        'é{{f `é` "ü"}}€\n{{.x}}',
    ],
)
def test_ordinary(text: str) -> None:
    assert agrees(text)
    assert agrees(text.replace("{{", "<%").replace("}}", "%>"), "<%", "%>")
    assert agrees(text.replace("{{", "«").replace("}}", "]]"), "«", "]]")


@pytest.mark.parametrize(
    "text",
    [
        "{{.é}}", "{{f 'c'}}", "{{1e3}}", "{{1+2i}}", "{{.x.}}", "{{f(1)}}", "{{#}}", '{{"a}}', "{{`a}}", "{{.x", "{{", "{{/* c }}",
        "{{/* c */ }}", "{{ /* c */}}", "{{end .x}}", "{{else iffy}}", "{{if if}}", "{{template x}}", "{{.x-1}}", "{{(f).}}", "{{-}}",
        "{{- -}}", '{{.x"a"}}',
    ],
)  # fmt: skip
def test_left_to_the_lexer(text: str) -> None:
    assert ordinary_terminals(text, "", "", ()) is None


def test_break_may_be_a_function() -> None:
    assert ordinary_terminals("{{break}}", "", "", ()) is not None
    assert ordinary_terminals("{{break}}", "", "", {"break"}) is None


@pytest.mark.parametrize(
    ("left", "right"), [("{{- ", "}}"), ("[[", "|"), ("a", "b"), ("{{", "\n"), ("(", ")"), ("{{", "«")]
)
def test_delimiters_left_to_the_lexer(left: str, right: str) -> None:
    assert ordinary_terminals("text", left, right, ()) is None


def test_recorded_texts() -> None:
    rows = [row for row in ROWS if not row.get("hex")]
    assert sum(agrees(row["text"], row.get("left", ""), row.get("right", "")) for row in rows) > 100


def test_parentheses_are_left_to_the_grammar() -> None:
    for text in ("{{(.x}}", "{{.x)}}", "{{(f))}}", "{{(}}"):
        assert agrees(text)
        with pytest.raises(Exception, match="paren"):
            parse("t", text, funcs={"f"})


WORDS = (
    ".x", ".a.b", ".", "$", "$x", "$x.y", "f", "true", "nil", "if", "else", '"s"', '"a\\"b"', "`r`", "`r\nq`", "1", "-2", "1.5", "1e3", "(",
    ")", "(f .x)", "(f).a.b", "|", ":=", "=", ",", "'c'", "é", '"é"', "x-", "/*c*/", "_x1", "$1", ".5", "-", "}", "{{",
)  # fmt: skip
HEADS = (
    "",
    "",
    "",
    "if ",
    "end",
    "else",
    "else if ",
    "else  with ",
    "range ",
    "with\n",
    'template "x" ',
    "define `y`",
    "break",
    "iffy ",
)


def _random_text(chance: random.Random, left: str, right: str) -> str:
    parts = []
    for _ in range(chance.randint(1, 4)):
        parts += [chance.choice(["", "a", "\n", "  a \n", "é", "{", "-"]), left]
        if chance.random() < 0.1:
            parts += [chance.choice(["", "- ", "-"]), "/* c\n */", chance.choice(["", " -", " "]), right]
            continue
        parts += [chance.choice(["", "", "- ", "-\n", " ", "\n"]), chance.choice(HEADS)]
        for _ in range(chance.randint(0, 4)):
            parts += [
                chance.choice(WORDS[: chance.choice((12, len(WORDS)))]),
                chance.choice([" ", " ", " ", "", "  ", "\n"]),
            ]
        parts += [chance.choice(["", "", " -", "  -", "\n-", "-"]), right]
    return "".join(parts)


def test_random_texts() -> None:
    chance = random.Random(commit_seed())
    ordinary = 0
    for _ in range(4000):
        left, right = chance.choice([("{{", "}}"), ("{{", "}}"), ("[[", "]]"), ("<%", "%>"), ("{{", "}}}"), ("«", "}")])
        ordinary += agrees(_random_text(chance, left, right), left, right)
    assert ordinary > 400
