"""Objects decoded and encoded again, against what the real structs made of them."""

from __future__ import annotations

import copy
import json

import pytest

from webhook.kube.schema import DecodeError, load_schema

GO = {"1.10": "1.26", "1.19": "1.21", "1.36": "1.26"}


def recode(version: str, case: dict[str, object]) -> dict[str, str]:
    schema = load_schema(version, GO[version])
    name, value, from_yaml = str(case["type"]), case["value"], bool(case.get("yaml"))
    try:
        schema.type(name)
    except KeyError:
        return {"absent": name}
    try:
        canonical = schema.decode(name, value, coerce=from_yaml)
    except DecodeError as error:
        return {"error": str(error)}
    return {"json": json.dumps(schema.encode(name, canonical))}


def without_library_prefix(answer: dict[str, str]) -> dict[str, str]:
    if "error" in answer:
        error = answer["error"].removeprefix("error unmarshaling JSON: ").removeprefix("while decoding JSON: ")
        return {"error": error}
    return {"json": json.dumps(json.loads(answer["json"]))} if "json" in answer else answer


def test_object_equals_go(recorded, version, index):
    case = recorded("recorder_schema/cases.json")["objects"][index]
    before = copy.deepcopy(case)
    expected = without_library_prefix(recorded(f"vectors/schema-{version}.json")["objects"][index])
    assert recode(version, case) == expected
    assert case == before, "the input was changed"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "index" in metafunc.fixturenames:
        from pathlib import Path

        cases = json.loads((Path(__file__).parent / "recorder_schema/cases.json").read_text())["objects"]
        rows = [(version, index) for version in GO for index in range(len(cases))]
        metafunc.parametrize(("version", "index"), rows)
