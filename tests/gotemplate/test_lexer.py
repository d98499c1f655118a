"""How a template is split into items."""

import pytest

from gotemplate.lexer import lex


def _words(text, **options):
    """The items as ``Kind:text``; spaces and delimiters that say nothing are shortened."""
    short = {"LeftDelim": "<", "RightDelim": ">", "Space": "_", "EOF": "$"}
    return " ".join(short.get(kind, f"{kind}:{value}") for kind, _, value, _ in lex(text, **options))


ITEMS = [
    ("", "$"),
    ("only text", "Text:only text $"),
    ("a}}b", "Text:a}}b $"),
    ("{{.x}}", "< Field:.x > $"),
    ("{{.x.y .z}}", "< Field:.x Field:.y _ Field:.z > $"),
    ("{{.}}", "< Dot:. > $"),
    ("{{. .x}}", "< Dot:. _ Field:.x > $"),
    ("{{..x}}", "< Dot:. Field:.x > $"),
    ("{{$}}{{$x}}{{$.x}}{{$1}}", "< Variable:$ > < Variable:$x > < Variable:$ Field:.x > < Variable:$1 > $"),
    ("{{f(g)|h}}", "< Identifier:f LeftParen:( Identifier:g RightParen:) Pipe:| Identifier:h > $"),
    ("{{$x:=1}}", "< Variable:$x Declare::= Number:1 > $"),
    ("{{$x = 1}}", "< Variable:$x _ Assign:= _ Number:1 > $"),
    ("{{if true}}", "< If:if _ Bool:true > $"),
    ("{{nil_ endx}}", "< Identifier:nil_ _ Identifier:endx > $"),
    ("{{else if with}}", "< Else:else _ If:if _ With:with > $"),
    ('{{"a\\"b" `c"\n` \'\\\'\'}}', '< String:"a\\"b" _ RawString:`c"\n` _ CharConstant:\'\\\'\' > $'),
    ("{{1 -1 +1.5e-3 .5 5. 0x1F_ 0b1 0o7 1i 1+2i -1.5-2.5i}}", None),
    ("{{, ; # % & * / < ? @ [ \\ ] ^ { } ~ !}}", None),
    ("{{{", "< Char:{ Error:unclosed action"),
    ("{{é.ü $ö ١}}", "< Identifier:é Field:.ü _ Variable:$ö _ Identifier:١ > $"),
]


@pytest.mark.parametrize(("text", "words"), [row for row in ITEMS if row[1]])
def test_items(text, words):
    assert _words(text) == words


@pytest.mark.parametrize(("text", "kinds"), [(ITEMS[16][0], {"Number", "Complex"}), (ITEMS[17][0], {"Char"})])
def test_every_word_has_its_kind(text, kinds):
    found = [item for item in lex(text) if item[0] not in ("LeftDelim", "RightDelim", "Space", "EOF")]
    assert [value for _, _, value, _ in found] == text[2:-2].split()
    assert {kind for kind, _, _, _ in found} == kinds


TRIMS = [
    ("a {{- .x -}} b", "Text:a < Field:.x > Text:b $"),
    ("a \n{{-\t.x\n-}}\r\n b", "Text:a < Field:.x > Text:b $"),
    (" {{- .x}}", "< Field:.x > $"),
    ("a {{-3}}", "Text:a  < Number:-3 > $"),
    ("a {{- -1 -}} b", "Text:a < Number:-1 > Text:b $"),
    ("a {{- 3-}} b", 'Text:a < Error:bad number syntax: "3-"'),
    ("a\v{{- .x}}", "Text:a\v < Field:.x > $"),
    ("{{.x  -}}a", "< Field:.x _ > Text:a $"),
    ("{{.x - }}", "< Field:.x _ Number:- _ > $"),
    ("{{- }}a", "< > Text:a $"),
    ("{{ -}}a", "< > Text:a $"),
    ("{{-}}", "< Number:- > $"),
]


@pytest.mark.parametrize(("text", "words"), TRIMS)
def test_trim_markers(text, words):
    assert _words(text) == words


COMMENTS = [
    ("a{{/* c */}}b", "Text:a Text:b $"),
    ("a {{- /* c */ -}} b", "Text:a Text:b $"),
    ("a{{/* * / }} {{ \n*/}}b", "Text:a Text:b $"),
    ("{{/**/}}", "$"),
    ("{{ /* c */}}", "< _ Char:/ Char:* _ Identifier:c _ Char:* Char:/ > $"),
    ("{{/* c", "Error:unclosed comment"),
    ("{{/*/}}", "Error:unclosed comment"),
    ("{{/* c */ }}", "Error:comment ends before closing delimiter"),
    ("{{/* c */-}}", "Error:comment ends before closing delimiter"),
]


@pytest.mark.parametrize(("text", "words"), COMMENTS)
def test_comments(text, words):
    assert _words(text) == words


def test_comments_are_kept_on_request():
    assert _words("a {{- /* c */ -}} b", comments=True) == "Text:a Comment:/* c */ Text:b $"


ERRORS = [
    ("{{", "unclosed action"),
    ("{{.x\n", "unclosed action"),
    ("{{(.x}}", "unclosed left paren"),
    ("{{.x)}}", "unexpected right paren"),
    ('{{"a}}', "unterminated quoted string"),
    ('{{"a\n"}}', "unterminated quoted string"),
    ('{{"a\\', "unterminated quoted string"),
    ("{{`a}}", "unterminated raw quoted string"),
    ("{{'a}}", "unterminated character constant"),
    ("{{$x:}}", "expected :="),
    ("{{.x#}}", "bad character U+0023 '#'"),
    ("{{x»}}", "bad character U+00BB '»'"),
    ("{{$x+2}}", "bad character U+002B '+'"),
    ("{{\v}}", "unrecognized character in action: U+000B"),
    ("{{\x00}}", "unrecognized character in action: U+0000"),
    ("{{\udcff}}", "unrecognized character in action: U+FFFD '\ufffd'"),
    ("{{€}}", "unrecognized character in action: U+20AC '€'"),
    ("{{3k}}", 'bad number syntax: "3k"'),
    ("{{1+2}}", 'bad number syntax: "1+2"'),
    ("{{1+2ié}}", 'bad number syntax: "1+2ié"'),
    ("{{0x1g}}", 'bad number syntax: "0x1g"'),
]


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_errors(text, message):
    kind, _, found, _ = lex(text)[-1]
    assert (kind, found) == ("Error", message)


def test_a_point_at_the_end_of_the_input_is_a_number():
    assert _words("{{.") == "< Number:. Error:unclosed action"


@pytest.mark.parametrize("word", ["break", "continue"])
def test_a_function_takes_the_name_of_a_keyword(word):
    assert lex(f"{{{{{word}}}}}")[1][0] == word.title()
    assert lex(f"{{{{{word}}}}}", functions={word})[1][0] == "Identifier"
