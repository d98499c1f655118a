"""Views of Kubernetes objects in templates, against what the real structs gave Go's text/template."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from gotemplate.errors import ExecError
from gotemplate.template import Template
from gotemplate.values import ANY, Field, Struct, struct_type
from webhook.kube.schema import load_schema
from webhook.kube.structview import view

HERE = Path(__file__).parent
GO = {"1.10": "1.26", "1.19": "1.21", "1.36": "1.26"}
CASES = json.loads((HERE / "recorder_schema/cases.json").read_text())["views"]
ROWS = [(version, i, j) for version in GO for i, case in enumerate(CASES) for j in range(len(case["templates"]))]


def data_of(version: str, case: dict[str, object]) -> Struct:
    """The struct that the recorder hands to its templates: the object, and pointers to its parts."""
    schema = load_schema(version, GO[version])
    name = str(case["type"])
    canonical = schema.decode(name, case["value"], coerce=False)
    whole = view(schema, name, canonical, pointer=True)
    parts = {"TypeMeta": "meta/v1.TypeMeta", "ObjectMeta": "meta/v1.ObjectMeta", "Spec": f"{name}Spec"}
    sources = {"TypeMeta": canonical, "ObjectMeta": canonical.get("metadata", {}), "Spec": canonical.get("spec", {})}
    fields = {part: view(schema, of, sources[part], pointer=True) for part, of in parts.items()} | {"Object": whole}
    return Struct(struct_type("data", [Field(part, ANY) for part in fields]), fields)


@pytest.mark.parametrize(("version", "i", "j"), ROWS)
def test_template_equals_go(recorded, version, i, j):
    case = CASES[i]
    before = copy.deepcopy(case)
    expected = recorded(f"vectors/schema-{version}.json")["views"][i][j]
    try:
        found = {"out": Template("v").parse(case["templates"][j]).render(data_of(version, case))}
    except ExecError as error:
        found = {"error": str(error)}
    assert found == expected
    assert case == before, "the object was changed"
