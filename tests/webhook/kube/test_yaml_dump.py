"""Writing YAML gives Go's bytes, recorded value by value and dialect by dialect."""

from __future__ import annotations

import pytest

from webhook.kube import yaml


def write(value: object, dialect: str) -> object:
    try:
        return yaml.dump(value, getattr(yaml, dialect))
    except yaml.YamlError as error:
        return {"err": str(error)}


@pytest.mark.parametrize("topic", ["emit", "emit_items", "emit_keys", "structures", "odd_values"])
def test_as_recorded(go_answers, topic):
    wrong = [
        (case, ours) for case in go_answers.cases(topic) if (ours := write(case.given, case.dialect)) != case.answer
    ]
    assert wrong == []


@pytest.mark.parametrize("topic", ["emit", "structures"])
def test_what_was_written_is_read_back(go_answers, topic):
    for case in go_answers.cases(topic):
        if isinstance(case.answer, str) and case.dialect == "SIGS_V1_4":
            dialect = getattr(yaml, case.dialect)
            assert yaml.dump(yaml.load(case.answer, dialect), dialect) == case.answer


@pytest.mark.parametrize("dialect", [yaml.YAML_V2_3, yaml.YAML_V2_4], ids=["plain", "folding"])
def test_only_one_release_leaves_long_lines_alone(dialect):
    text = yaml.dump({"a": "word " * 40 + "end"}, dialect)
    assert (text.count("\n") == 1) == (dialect is yaml.YAML_V2_3)


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_numbers_that_json_does_not_have(number):
    with pytest.raises(yaml.YamlError, match="error marshaling into JSON: json: unsupported value: "):
        yaml.dump({"a": [number]})


def test_a_byte_that_is_not_utf8_becomes_the_replacement_character():
    assert yaml.dump({"a\udcff": "b\udcff\udcfe"}) == "a\ufffd: b\ufffd\ufffd\n"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"a\x85": "\x7f"}, "yaml: control characters are not allowed"),
        ({"a": "\x85\x85", "b\x85": 1}, "yaml: line 3: did not find expected ',' or '}'"),
        (["\x85--- "], "yaml: line 2: found unexpected document indicator"),
        ({"a": "\x7f", "b": float("nan")}, "error marshaling into JSON: json: unsupported value: NaN"),
    ],
)
def test_json_that_yaml_cannot_read_gives_the_error_of_reading_it(value, reason):
    with pytest.raises(yaml.YamlError) as caught:
        yaml.dump(value)
    assert str(caught.value) == reason


def test_a_tuple_is_a_list_and_other_types_are_refused():
    assert yaml.dump({"a": ("b",)}) == "a:\n- b\n"
    with pytest.raises(TypeError, match="cannot write bytes as YAML"):
        yaml.dump({"a": b"b"})


def test_the_value_is_not_changed():
    value = {"b": [{"z": 1, "a": 2}], "a": None}
    yaml.dump(value)
    assert list(value) == ["b", "a"]
    assert list(value["b"][0]) == ["z", "a"]
