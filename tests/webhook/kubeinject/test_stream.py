"""The loop over documents: what passes, what is changed, what stops it."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.kube.workloads import Workload
from webhook.kubeinject.stream import DocumentError, change_documents

POD = "kind: Pod\nmetadata:\n  name: a\n"
PRINTED = "kind: Pod\nmetadata:\n  creationTimestamp: null\n  name: a\nspec:\n  containers: null\nstatus: {}\n"
ROWS = [
    ("1.8.6", "", ""),
    ("1.8.6", "\n", "\n---\n"),
    ("1.8.6", "# comment\n", "# comment\n---\n"),
    ("1.8.6", "kind: Service\nb: 1\na: 2", "kind: Service\nb: 1\na: 2\n---\n"),
    ("1.8.6", POD, PRINTED + "---\n"),
    ("0.8.0", POD, POD + "---\n"),
    ("1.8.6", POD + "--- # text\nkind: Service\n", PRINTED + "---\n"),
    ("1.12.9", POD + "--- # text\nkind: Service\n", PRINTED + "---\nkind: Service\n---\n"),
    ("1.8.6", "kind: foreign\nitems: []\n", "kind: foreign\nitems: []\n---\n"),
    ("1.8.6", "KIND: Pod\nmetadata:\n  name: a\n", PRINTED + "---\n"),
    ("1.8.6", "kind: 1\na: b\n", "kind: 1\na: b\n---\n"),
]


def _run(text: str, version: str) -> str:
    def same(workload: Workload, value: dict[str, Any]) -> dict[str, Any]:
        assert workload.kind == value["kind"]
        return value

    return "".join(change_documents(text.splitlines(keepends=True), release_of(version), same))


@pytest.mark.parametrize(("version", "text", "expected"), ROWS)
def test_output(version: str, text: str, expected: str) -> None:
    assert _run(text, version) == expected


def test_items_of_a_list() -> None:
    text = _run("kind: List\nitems:\n- kind: Pod\n- kind: Service\n  b: 1\n", "1.8.6")
    assert text.startswith("items:\n- kind: Pod\n  metadata:\n    creationTimestamp: null\n")
    assert "- b: 1\n  kind: Service\nkind: List\nmetadata: {}\n---\n" in text


@pytest.mark.parametrize(("items", "printed"), [("", "null"), ("items: null\n", "null"), ("items: []\n", "[]")])
def test_a_list_without_items(items: str, printed: str) -> None:
    assert _run(f"kind: List\n{items}", "1.31.0") == f"items: {printed}\nkind: List\nmetadata: {{}}\n---\n"


@pytest.mark.parametrize(
    ("version", "text", "problem"),
    [
        ("1.8.6", "a: [", "document 1: error converting YAML to JSON: yaml: "),
        ("1.8.6", POD + "---\n- a\n", "document 2: .*cannot unmarshal array into Go value of type v1.TypeMeta"),
        ("1.8.6", "kind: Pod\nspec: 1\n", r"document 1 \(Pod\): .*cannot unmarshal number"),
        ("1.8.6", "kind: ReplicationController\nmetadata:\n  name: r\n", "spec.template is required value"),
        ("1.12.9", POD + "--- text\n", "invalid Yaml document separator: text"),
        ("1.31.0", "kind: Pod\nspec: {containers: [{image: {}}]}\n",
         r"document 1 \(Pod\): error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go struct field "
         r"Container.spec.containers.image of type string"),
        ("1.31.0", "kind: [Pod]\n", "cannot unmarshal array into Go struct field TypeMeta.kind of type string"),
        ("1.31.0", "kind: List\nitems: [1]\n", "cannot unmarshal number into Go value of type v1.TypeMeta"),
    ],
)  # fmt: skip
def test_what_stops_it(version: str, text: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem):
        _run(text, version)
