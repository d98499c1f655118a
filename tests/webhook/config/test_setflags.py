"""``--set`` in Helm's language and in istioctl's: what is assigned, how it is typed, and how mistakes are worded."""

import pytest

from webhook.config.setflags import SetError, apply_operator_flags, apply_set, as_text, only_bools, operator_typed

LONG = ".".join("a" * 32)


@pytest.mark.parametrize(
    ("expression", "base", "expected"),
    [
        ("a=1", {}, {"a": 1}),
        ("a=1,b.c=x", {}, {"a": 1, "b": {"c": "x"}}),
        ("a.b=2", {"a": {"b": 1, "c": 3}}, {"a": {"b": 2, "c": 3}}),
        ("a={x,1,true}", {}, {"a": ["x", 1, True]}),
        ("a={},b=1", {}, {"a": [""], "b": 1}),
        ("a[1].b=x", {}, {"a": [None, {"b": "x"}]}),
        ("a[0][1]=x", {}, {"a": [[None, "x"]]}),
        ("a[0].c=2", {"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}]}),
        (r"a\.b=x\,y", {}, {"a.b": "x,y"}),
        (r"a={x\,y,z}", {}, {"a": ["x,y", "z"]}),
        ("a=", {}, {"a": ""}),
        ("a=null", {"a": 1}, {"a": None}),
        ("a=True,b=FALSE", {}, {"a": True, "b": False}),
        ("a=0,b=007,c=-5,d=1.5", {}, {"a": 0, "b": "007", "c": -5, "d": "1.5"}),
        ("a=9223372036854775808", {}, {"a": "9223372036854775808"}),
        ("a=b=c", {}, {"a": "b=c"}),
        ("", {"a": 1}, {"a": 1}),
    ],
)
def test_helm_assigns(expression, base, expected):
    assert apply_set(base, expression) == expected


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("a", 'key "a" has no value'),
        ("a.b", 'key "b" has no value'),
        ("a,b=1", 'key "a" has no value (cannot end with ,)'),
        ("a={x", "list must terminate with '}'"),
        ("a[=1", "error parsing index: EOF"),
        ("a[x]=1", 'error parsing index: strconv.Atoi: parsing "x": invalid syntax'),
        ("a[-1]=1", "negative -1 index not allowed"),
        ("a[0]bc=1", "unexpected data at end of array index: ['b' 'c']"),
        ("a[65537]=1", "index of 65537 is greater than maximum supported index of 65536"),
        (f"{LONG}=1", "value name nested level is greater than maximum supported nested level of 30"),
        (
            "t.b=1",
            "unable to parse key: interface conversion: interface {} is string, not map[string]interface {}",
        ),
    ],
)
def test_helm_refuses(expression, sentence):
    with pytest.raises(SetError) as error:
        apply_set({"t": "text"}, expression)
    assert str(error.value) == sentence


def test_the_values_given_stay_as_they_were():
    base = {"a": {"b": [1]}}
    apply_set(base, "a.b[0]=2")
    assert base == {"a": {"b": [1]}}


@pytest.mark.parametrize(("typing", "expected"), [(as_text, ["1", "true"]), (only_bools, ["1", True])])
def test_texts_only(typing, expected):
    assert apply_set({}, "a={1,true}", typing) == {"a": expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", 1), ("1.50", 1.5), ("t", True), ("False", False), ("yes", "yes"), ("4,5", "4,5"), ("", ""), ("1e3", 1000.0)],
)
def test_istioctl_types(text, expected):
    found = operator_typed(text)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("a.b=1,2", {"a": {"b": "1,2"}}),
        (r"a=1\,2", {"a": "1,2"}),
        ("tag=123", {"tag": "123"}),
        ("values.global.tag=1.5", {"values": {"global": {"tag": "1.5"}}}),
        (
            "meshConfig.defaultConfig.proxyMetadata.X=1",
            {"meshConfig": {"defaultConfig": {"proxyMetadata": {"X": "1"}}}},
        ),
        ("g.[0].name=x", {"g": [{"name": "x"}]}),
        ("g[0].name=x", {"g": [{"name": "x"}]}),
        (r"a.b\.c=1", {"a": {"b.c": 1}}),
    ],
)
def test_istioctl_assigns(flag, expected):
    assert apply_operator_flags({"spec": {}}, [flag], (1, 20, 8))["spec"] == expected


def test_istioctl_finds_an_item_by_one_of_its_keys():
    document = {"spec": {"g": [{"name": "x"}, {"name": "y"}]}}
    changed = apply_operator_flags(document, ["g.[name:y].enabled=true"], (1, 20, 8))
    assert changed["spec"]["g"] == [{"name": "x"}, {"name": "y", "enabled": True}]
    with pytest.raises(SetError, match=r"element \[name:z\] not found"):
        apply_operator_flags(document, ["g.[name:z].enabled=true"], (1, 20, 8))


def test_a_second_equals_sign_belongs_to_the_value_since_1_31():
    assert apply_operator_flags({"spec": {}}, ["a=b=c"], (1, 31, 0))["spec"] == {"a": "b=c"}
    assert apply_operator_flags({"spec": {}}, ["a=b=c"], (1, 30, 3))["spec"] == {"a=b=c": ""}
