"""Label selectors against the vectors recorded from metav1.LabelSelectorAsSelector."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from webhook.kube.schema import load_schema
from webhook.kube.selectors import SelectorError, is_empty, matches, parse_selector

CASES = json.loads((Path(__file__).parent / "recorder_schema/cases.json").read_text())["selections"]


def describe(version: str, case: dict[str, object]) -> dict[str, object]:
    canonical = load_schema(version).decode("meta/v1.LabelSelector", case["selector"], coerce=False)
    try:
        selector = parse_selector(canonical, version)
    except SelectorError as error:
        return {"error": str(error)}
    answers = [selector.matches(labels) for labels in case["labels"]]
    assert answers == [matches(canonical, labels, version) for labels in case["labels"]]
    assert selector.is_empty == is_empty(canonical)
    return {"empty": selector.is_empty, "matches": answers, "text": str(selector)}


@pytest.mark.parametrize("version", ["1.10", "1.19", "1.36"])
@pytest.mark.parametrize("index", range(len(CASES)))
def test_selector_equals_go(recorded, version, index):
    expected = recorded(f"vectors/schema-{version}.json")["selections"][index]
    assert describe(version, CASES[index]) == expected


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("1.20", "values set must be empty for exists and does not exist"),
        ("1.21", 'values: Invalid value: []string{"a"}: values set must be empty for exists and does not exist'),
        ("1.34", 'values: Invalid value: ["a"]: values set must be empty for exists and does not exist'),
    ],
)
def test_words_change_with_the_version(version, text):
    selector = {"matchExpressions": [{"key": "app", "operator": "Exists", "values": ["a"]}]}
    with pytest.raises(SelectorError) as caught:
        parse_selector(selector, version)
    assert str(caught.value) == text
