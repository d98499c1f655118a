"""Reading YAML gives what Go's libraries give, recorded text by text and dialect by dialect."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from webhook.kube import gojson, yaml, yaml_reader


def read(text: str, dialect: str, load: Callable[..., object]) -> object:
    try:
        return gojson.dumps(load(text, getattr(yaml, dialect)))
    except yaml.YamlError as error:
        return {"err": str(error)}


@pytest.mark.parametrize("topic", ["scalars", "keys", "tags", "documents", "errors", "odd_texts"])
@pytest.mark.parametrize("load", [yaml.load, yaml_reader.load], ids=["quick where it can", "whole reader"])
def test_as_recorded(go_answers, topic, load):
    wrong = [
        (case, ours)
        for case in go_answers.cases(topic)
        if (ours := read(case.given, case.dialect, load)) != as_value(case.answer) and not is_panic(case.answer)
    ]
    assert wrong == []


def as_value(answer: object) -> object:
    """Go writes a byte that is not UTF-8 as an escape, and U+FFFD itself as it is; \\b and \\f are younger than Go 1.12."""
    if not isinstance(answer, str):
        return answer
    return answer.replace("\\ufffd", "\ufffd").replace("\\u0008", "\\b").replace("\\u000c", "\\f")


def is_panic(answer: object) -> bool:
    return isinstance(answer, dict) and answer["err"].startswith("panic: ")


def test_text_for_a_string_target(go_answers):
    for case in go_answers.cases("texts"):
        try:
            value = yaml.load(case.given, getattr(yaml, case.dialect), finite=False)["k"]
            ours = yaml.scalar_to_string(value)
        except yaml.YamlError as error:
            ours = {"err": str(error)}
        assert (case, ours) == (case, case.answer)


def test_integral_floats_stay_floats():
    loaded = yaml.load("[08, 1.0, 1, 9223372036854775808, 1e3]")
    assert loaded == [8.0, 1.0, 1, 9223372036854775808, 1000.0]
    assert [type(item) for item in loaded] == [float, float, int, int, float]


def test_every_document_of_a_stream():
    assert yaml.load_all("a: 1\n---\n- b\n---\n...\n---\nc\n") == [{"a": 1}, ["b"], None, "c"]
    assert yaml.load_all("") == []


def test_anchors_end_with_their_document():
    with pytest.raises(yaml.YamlError, match="unknown anchor 'x' referenced"):
        yaml.load_all("a: &x 1\n---\nb: *x\n")


def test_bytes_are_utf8_utf16_or_refused():
    assert yaml.load("a: é".encode()) == {"a": "é"}
    assert yaml.load("\ufeffa: é".encode("utf-16-le")) == {"a": "é"}
    with pytest.raises(yaml.YamlError, match="yaml: invalid leading UTF-8 octet"):
        yaml.load(b"a: \xff")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"""a: "it\'s\\\'" """, {"a": "it's\\'"}),
        (r"""a: '\'''""", {"a": "\\'"}),
        (r"""a: x\'y""", {"a": "x\\'y"}),
        ("\ufeffa: b\n\ufeffc: \ufeffd\n", {"a": "b", "\ufeffc": "\ufeffd"}),
    ],
    ids=["escaped quote", "in single quotes", "in plain text", "byte order mark within the text"],
)
def test_what_libyaml_does_not_take_as_go_does(text, value):
    assert yaml.load(text) == value


def test_what_comes_far_behind_is_not_looked_at():
    """Go reads 512 bytes at a time, and so meets a control character before or after other errors."""
    assert yaml.load("a: 1\n---\n" + "x" * 600 + "\x07") == {"a": 1}
    with pytest.raises(yaml.YamlError, match="control characters are not allowed"):
        yaml.load("a: 1\n---\n" + "x" * 300 + "\x07")
    with pytest.raises(yaml.YamlError, match="mapping values are not allowed in this context"):
        yaml.load("a: b: c\n" + "x" * 600 + "\x07")
    long = "é😀" * 1000
    assert yaml.load(f"a: &x xx{long}\n") == {"a": "xx" + long}


def test_an_error_carries_its_line_and_reason():
    with pytest.raises(yaml.YamlError) as caught:
        yaml.load("x: 1\na: b: c\n")
    assert (
        str(caught.value)
        == "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context"
    )
    assert (caught.value.line, caught.value.reason) == (2, "mapping values are not allowed in this context")
