"""Values over values: documents, a chart's defaults, sub-charts and their globals, as Helm lays them."""

import pytest

from webhook.config.charts import Chart, parse_chart
from webhook.config.errors import ConfigError
from webhook.config.values import coalesce, merge_documents, merge_dropping_nulls


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([{"a": {"b": 1}}, {"a": {"c": 2}}], {"a": {"b": 1, "c": 2}}),
        ([{"a": [1, 2]}, {"a": [3]}], {"a": [3]}),
        ([{"a": {"b": 1}}, {"a": None}], {"a": None}),
        ([{"a": 1}, {"a": {"b": 2}}], {"a": {"b": 2}}),
    ],
)
def test_the_last_document_is_on_top(documents, expected):
    assert merge_documents(*documents) == expected


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([{"a": 1, "b": 2}, {"a": None}], {"b": 2}),
        ([{"a": {"b": 1}}, {"a": {"b": None, "c": {"d": None}}}], {"a": {"c": {}}}),
        ([{"a": 1}, {"a": {"b": None}}], {"a": {}}),
    ],
)
def test_a_null_takes_away(documents, expected):
    assert merge_dropping_nulls(*documents) == expected


def chart(**fields) -> Chart:
    return Chart(**{"name": "main", **fields})


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({}, {"a": {"b": 1.0, "n": None}, "l": [1.0]}),
        ({"a": {"b": 2}}, {"a": {"b": 2, "n": None}, "l": [1.0]}),
        ({"a": {"b": None}}, {"a": {"n": None}, "l": [1.0]}),
        ({"a": None}, {"l": [1.0]}),
        ({"x": None}, {"x": None, "a": {"b": 1.0, "n": None}, "l": [1.0]}),
        ({"l": []}, {"l": [], "a": {"b": 1.0, "n": None}}),
        ({"a": "text"}, {"a": "text", "l": [1.0]}),
    ],
)
def test_the_user_over_the_defaults(user, expected):
    assert coalesce(chart(values={"a": {"b": 1.0, "n": None}, "l": [1.0]}), user) == expected


def test_a_sub_chart_has_its_own_section_and_the_globals():
    sub = Chart("sub", values={"x": 1.0, "global": {"own": 1.0, "tag": "sub", "map": {"k": 1.0, "s": 1.0}}})
    main = chart(values={"global": {"tag": "main", "map": {"k": 2.0}}, "sub": {"y": 2.0}}, dependencies=(sub,))
    assert coalesce(main, {})["sub"] == {
        "x": 1.0,
        "y": 2.0,
        "global": {"own": 1.0, "tag": "main", "map": {"k": 2.0, "s": 1.0}},
    }


@pytest.mark.parametrize(
    ("requirement", "user", "there"),
    [
        ({"condition": "sub.enabled"}, {}, False),
        ({"condition": "sub.enabled"}, {"sub": {"enabled": True}}, True),
        ({"condition": "nowhere.enabled"}, {}, True),
        ({"condition": "nowhere.enabled,sub.enabled"}, {}, False),
        ({"condition": "or a.b c.d"}, {}, True),
        ({"tags": ["front"]}, {"tags": {"front": False}}, False),
        ({"tags": ["front", "back"]}, {"tags": {"front": False, "back": True}}, True),
        ({"tags": ["front"]}, {}, True),
    ],
)
def test_conditions_and_tags_switch_a_sub_chart_off(requirement, user, there):
    main = chart(
        values={"sub": {"enabled": False}},
        dependencies=(Chart("sub", values={"default": True}),),
        requirements=({"name": "sub", **requirement},),
    )
    assert ("default" in coalesce(main, user)["sub"]) is there


def test_nothing_given_is_changed():
    defaults, user = {"a": {"b": 1.0}}, {"a": {"c": 2}}
    coalesce(chart(values=defaults), user)["a"]["d"] = 3
    assert (defaults, user) == ({"a": {"b": 1.0}}, {"a": {"c": 2}})


def test_a_chart_of_texts():
    texts = {
        "Chart.yaml": "name: main\nversion: 1.0.0\n",
        "values.yaml": "a: 1\n",
        "requirements.yaml": "dependencies:\n- name: sub\n  condition: sub.enabled\n",
        "templates/one.yaml": "x",
        "files/text.yaml": "y",
        "charts/sub/Chart.yaml": "name: sub\n",
        "charts/sub/values.yaml": "b: 2\n",
        "charts/readme.txt": "no chart",
    }
    found = parse_chart(texts, "here")
    assert (found.name, found.values, dict(found.templates)) == ("main", {"a": 1.0}, {"templates/one.yaml": "x"})
    assert found.files["files/text.yaml"] == "y"
    assert [(item.name, item.values) for item in found.dependencies] == [("sub", {"b": 2.0})]
    assert found.requirements[0]["condition"] == "sub.enabled"


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({}, "there is no Chart.yaml"),
        ({"Chart.yaml": "name: x", "values.yaml": "a: [1"}, "line 1: did not find expected"),
        ({"Chart.yaml": "name: x", "values.yaml": "- 1"}, "this is no object"),
    ],
)
def test_what_is_no_chart(texts, sentence):
    with pytest.raises(ConfigError, match=sentence):
        parse_chart(texts, "here")
