"""Strategic merge against what apimachinery of each era answered (recorder_strategic)."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from webhook.kube.schema import load_schema
from webhook.kube.strategic import StrategicMergeError, merge_patch, rules_of

RECORDED = json.loads((Path(__file__).parent / "vectors" / "strategic.json").read_text("utf-8"))


def ask(original: Any, patch: Any, version: str) -> dict[str, Any]:
    try:
        value = merge_patch(original, patch, load_schema(version).type("core/v1.Pod"), rules_of(version))
    except StrategicMergeError as error:
        return {"value": None, "error": str(error)}
    return {"value": value}


@pytest.mark.parametrize("index", range(len(RECORDED["versions"])), ids=RECORDED["versions"])
def test_it_answers_as_apimachinery(index: int) -> None:
    version = RECORDED["versions"][index]
    for original, patch, answers in RECORDED["cases"]:
        before = copy.deepcopy((original, patch))
        answer = answers[index % len(answers)]
        assert ask(original, patch, version) == answer, (original, patch)
        assert (original, patch) == before, "the arguments were changed"


def test_the_record_has_errors_and_values_of_every_kind() -> None:
    answers = [answer for _, _, found in RECORDED["cases"] for answer in found]
    assert sum("error" in answer for answer in answers) > 20
    assert sum("error" not in answer for answer in answers) > 200
    assert sum(len(found) > 1 for _, _, found in RECORDED["cases"]) > 20
