"""Go's words for what is wrong, the data in the error, and the excerpt."""

import pickle

import pytest

from gotemplate.errors import ParseError
from gotemplate.parser import parse

FUNCS = {"f", "g", "printf"}


def _error(text, **options):
    with pytest.raises(ParseError) as caught:
        parse("t", text, **{"funcs": FUNCS, **options})
    return caught.value


MESSAGES = [
    ("{{foo}}{{if}}", '1: function "foo" not defined'),
    ("{{$x}}", '1: undefined variable "$x"'),
    ("{{$x := 1}}{{define `a`}}{{$x}}{{end}}", '1: undefined variable "$x"'),
    ("{{if $x := 1}}{{end}}{{$x}}", '1: undefined variable "$x"'),
    ("{{range $i, $e := .}}{{end}}{{$e}}", '1: undefined variable "$e"'),
    ("{{break}}", "1: {{break}} outside {{range}}"),
    ("{{range .}}{{else}}{{continue}}{{end}}", "1: {{continue}} outside {{range}}"),
    ("{{range .}}{{block `b` .}}{{break}}{{end}}{{end}}", "1: {{break}} outside {{range}}"),
    ("{{break 1}}", '1: unexpected "1" in {{break}}'),
    ("{{}}", "1: missing value for command"),
    ("{{if}}{{end}}", "1: missing value for if"),
    ("{{f ()}}", "1: missing value for parenthesized pipeline"),
    ("{{range $i,}}{{end}}", "1: missing value for range"),
    ("{{range $i, .}}{{end}}", "1: range can only initialize variables"),
    ("{{range $i, $j, $k := .}}{{end}}", "1: too many declarations in range"),
    ("{{$i, $j := .}}", "1: too many declarations in command"),
    ("{{with $i, $j := .}}{{end}}", "1: too many declarations in with"),
    ("{{.x | 1}}", "1: non executable command in pipeline stage 2"),
    ("{{.x | f | nil}}", "1: non executable command in pipeline stage 3"),
    ("{{.x || f}}", '1: unexpected "|" in command'),
    ("{{f(1)}}", '1: unexpected "(" in operand'),
    ("{{1.x}}", '1: bad number syntax: "1.x"'),
    ("{{nil.x}}", '1: unexpected . after term "nil"'),
    ("{{`a`.x}}", '1: unexpected . after term "`a`"'),
    ("{{..x}}", '1: unexpected . after term "."'),
    ("{{.x := 1}}", '1: unexpected ":=" in operand'),
    ("{{f, 1}}", '1: unexpected "," in operand'),
    ("{{end}}", "1: unexpected {{end}}"),
    ("{{else}}", "1: unexpected {{else}}"),
    ("{{if 1}}{{else}}{{else}}{{end}}", "1: expected end; found {{else}}"),
    ("{{with 1}}{{else if 1}}{{end}}", "1: unexpected <if> in input"),
    ("{{define `a`}}{{else}}{{end}}", "1: unexpected {{else}} in define clause"),
    ("{{block `a` .}}\n{{else}}{{end}}", "1: unexpected {{else}} in block clause"),
    ("{{if 1}}\n\n", "3: unexpected EOF"),
    ("{{if 1}}{{define `a`}}{{end}}{{end}}", "1: unexpected <define> in command"),
    ("{{define a}}{{end}}", '1: unexpected "a" in define clause'),
    ("{{template .x}}", '1: unexpected ".x" in template clause'),
    ("{{block nil}}{{end}}", "1: unexpected <nil> in block clause"),
    ("{{define `a`}}x{{end}}\n{{define `a`}}y{{end}}", '2: template: multiple definition of template "a"'),
    ("{{define `t`}}x{{end}}y", '1: template: multiple definition of template "t"'),
    ('{{f "aaaaaaaaaaaaaaaa"`b`}}', '1: unexpected "`b`" in operand'),
    ('{{f 1"aaaaaaaaéaaaaaaa"}}', '1: unexpected "\\"aaaaaaaaé"... in operand'),
    ('{{"\\q"}}', "1: invalid syntax"),
    ("{{1__0}}", '1: illegal number syntax: "1__0"'),
    ("{{if 1", "1: unclosed action"),
    ("{{if\n.x\n", "3: unclosed action started at t:1"),
    ("{{f\n(1}}", "2: unclosed left paren in action started at t:1"),
    ('{{f\n"a', "2: unterminated quoted string in action started at t:1"),
    ("{{if 1}}\n{{/* c", "2: unclosed comment in action started at t:1"),
    ("{{if 1}}{{.x}}\n{{/* c", "2: unclosed comment"),
]


@pytest.mark.parametrize(("text", "message"), MESSAGES)
def test_messages(text, message):
    assert str(_error(text)) == f"template: t:{message}"


def test_messages_show_the_delimiters_that_nodes_print():
    options = {"left": "[[", "right": "]]"}
    assert str(_error("[[end]]", **options)) == "template: t:1: unexpected {{end}}"
    assert str(_error("[[end]]", print_delims=True, **options)) == "template: t:1: unexpected [[end]]"


def test_the_name_of_the_text_is_what_errors_show():
    assert str(_error("{{end}}", parse_name="file.yaml")) == "template: file.yaml:1: unexpected {{end}}"


def test_go_takes_the_name_for_a_part_of_the_format():
    with pytest.raises(ParseError) as caught:
        parse("100%s", "{{f", funcs=FUNCS)
    assert str(caught.value) == "template: 100unclosed action:1: %!s(MISSING)"


def test_the_data_in_the_error():
    error = _error("a\né{{.x | bad}}\nb")
    assert (error.name, error.line, error.column) == ("t", 2, 9)
    assert error.message == 'function "bad" not defined'
    assert error.source == "a\né{{.x | bad}}\nb"


def test_the_excerpt_points_at_the_culprit():
    error = _error("a\n\té{{.x | bad}}\nb")
    assert error.explain() == (
        'template: t:2: function "bad" not defined\n    2 | \té{{.x | bad}}\n      | \t        ^^^'
    )
    assert error.__notes__ == [error.excerpt()]


def test_the_caret_counts_characters_not_bytes():
    above, below = _error("é\udcff日{{bad}}").excerpt().splitlines()
    assert below.index("^") == above.index("bad")


def test_the_excerpt_of_a_long_line_is_cut_around_the_culprit():
    shown = _error("x" * 5000 + "{{bad}}" + "y" * 5000).excerpt().splitlines()
    assert len(shown) == 2
    assert len(shown[0]) < 200
    assert shown[0][shown[1].index("^") :].startswith("bad}}")


def test_the_error_survives_pickling():
    error = pickle.loads(pickle.dumps(_error("{{bad}}")))
    assert (str(error), error.line, error.source) == ('template: t:1: function "bad" not defined', 1, "{{bad}}")
