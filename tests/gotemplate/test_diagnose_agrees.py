"""What the grammar and its checks refuse is exactly what diagnose complains of, on thousands of edited templates.

Takes two seconds: the two ways of reading a template have nothing but the lexer in common, and only numbers show that they agree.
"""

import random

from gotemplate.diagnose import diagnose
from gotemplate.errors import ParseError
from gotemplate.lexer import lex
from gotemplate.parser import parse

FUNCS = {"f", "g"}

SEEDS = [
    "{{if .x}}a{{else if f .y}}b{{else}}{{$v := 1}}{{$v}}{{end}}",
    "{{range $i, $e := .x}}{{if $i}}{{break}}{{end}}{{continue}}{{else}}{{.}}{{end}}",
    '{{define "a"}}x{{end}}{{block "b" (f 1).y | g}}{{template "a" $}}{{end}}',
    "{{with $x := .x}}{{$x.y}}{{else with .z}}{{.}}{{else}}{{end}} {{- /* c */ -}} ",
    "{{f 1 -2.5 \"s\" `r` 'c' nil true . $ .a.b (g (f).x) | g .x | f}}",
    "{{$a := 1}}{{$a = .b}}{{range $a}}{{range $b := $a}}{{end}}{{$a}}{{end}}{{($c := 1)}}{{$c}}",
]

PIECES = [
    "{{", "}}", "{{end}}", "{{else}}", "{{if 1}}", "{{range .}}", "{{break}}", '{{define "a"}}', '{{block "c" .}}',
    "{{else if 1}}", "{{else with 1}}", " ", "(", ")", "|", ".", ",", ":=", "=", "$", "$a", ".x", '"', "`", "1", "f", "u", "nil",
    "if ", "else ", "end", " -}}", "{{- ", "+", "i", "é", "#", "\n",
]  # fmt: skip


def _edited(chance: random.Random) -> str:
    text = chance.choice(SEEDS)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.randrange(8))
        kind = chance.randrange(4)
        middle = chance.choice(PIECES) if kind < 2 else text[at:end] * 2 if kind == 2 else ""
        text = text[:at] + middle + text[at if kind == 0 else end :]
    return text


def _refusal(text: str, right: str) -> str | None:
    try:
        parse("t", text, right=right, funcs=FUNCS)
    except ParseError as error:
        return str(error)
    return None


def test_the_grammar_and_diagnose_agree():
    chance, accepted, refused = random.Random(7), 0, 0
    for _ in range(5000):
        text, right = _edited(chance), chance.choice(("", "", "", "f}}", "é"))
        error = diagnose("t", text, lex(text, "", right, functions=FUNCS), funcs=FUNCS)
        assert _refusal(text, right) == (None if error is None else str(error)), text
        assert error is None or "not a template" not in str(error)
        accepted, refused = accepted + (error is None), refused + (error is not None)
    assert accepted > 500
    assert refused > 3000
