"""JSON is written and read as Go's encoding/json does it."""

from __future__ import annotations

import pytest

from webhook.kube import gojson


@pytest.mark.parametrize(
    ("topic", "options"),
    [("json", {}), ("json_raw", {"escape_html": False}), ("json_indent", {"indent": "  "})],
)
def test_writing_as_recorded(go_answers, topic, options):
    for value, text in go_answers.rows(topic):
        assert gojson.dumps(value, **options) == text


def test_reading_as_recorded(go_answers):
    for text, answer in go_answers.rows("json_load"):
        try:
            ours = gojson.dumps(gojson.loads(text))
        except gojson.JsonError as error:
            ours = {"err": str(error)}
        assert (text, ours) == (text, answer)


def test_the_order_of_a_struct_is_kept():
    assert gojson.dumps({"b": 1, "a": {"d": 1, "c": 2}}, sort_keys=False) == '{"b":1,"a":{"d":1,"c":2}}'


def test_bytes_that_are_not_utf8():
    assert gojson.dumps("a\udcff\udcc3") == '"a\\ufffd\\ufffd"'
    assert gojson.loads(b'"a\xff\xc3"') == "a\ufffd\ufffd"


@pytest.mark.parametrize(
    ("text", "float64", "number"),
    [
        ("1", 1.0, 1),
        ("-0", 0.0, 0),
        ("1.0", 1.0, 1.0),
        ("1e2", 100.0, 100.0),
        ("9223372036854775807", 9223372036854775807.0, 9223372036854775807),
        ("9223372036854775808", 9223372036854775808.0, 9223372036854775808.0),
        ("-9223372036854775808", -9223372036854775808.0, -9223372036854775808),
        ("1" * 300, float("1" * 300), float("1" * 300)),
    ],
)
def test_how_numbers_are_kept(text, float64, number):
    for policy, expected in (("float64", float64), ("number", number)):
        value = gojson.loads(text, policy)
        assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 251 + "]" * 251])
def test_nesting_is_limited(text):
    with pytest.raises(gojson.JsonError, match=r"^exceeded max depth$"):
        gojson.loads(text)


def test_brackets_in_strings_are_not_nesting():
    assert gojson.loads('["' + "[{" * 500 + '"]') == ["[{" * 500]


def test_an_error_knows_its_offset():
    with pytest.raises(gojson.JsonError) as caught:
        gojson.loads('{"a": é}')
    assert (str(caught.value), caught.value.offset) == ("invalid character 'Ã' looking for beginning of value", 6)


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_numbers_that_json_does_not_have(value):
    with pytest.raises(gojson.JsonError, match="json: unsupported value"):
        gojson.dumps([value])


def test_what_contains_itself_is_an_error():
    value: list[object] = []
    value.append(value)
    with pytest.raises(gojson.JsonError, match="exceeded max depth"):
        gojson.dumps(value)
