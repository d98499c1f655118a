"""A skeleton is filled with what reading the whole text gives, or says that it cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.inject.skeleton import MARK, Piece, UnfitError, build_skeleton, shared_parts
from webhook.kube import yaml
from webhook.kube.schema import load_schema

TEXT: list[Piece] = [
    "metadata:\n  labels:\n    plain: ", 0, '\n    double: "', 1, "\"\n    single: 'a-", 2, "-b'\nspec:\n  containers:\n",
    "  - name: proxy\n    args: [--fixed, '1']\n    env:\n    - name: LITERAL\n      value: |\n        [", 3, "]\n          ", 4,
    "\n    - name: TWO\n      value: x-", 0, ":", 5, "\n    image: {x: y}\n",
]  # fmt: skip
TAME = ("shop", "v 1", "3.0", '{"a": "<b>"}', "end", "v2")


def _text(pieces: list[Piece], holes: tuple[str, ...]) -> str:
    return "".join(piece if isinstance(piece, str) else holes[piece] for piece in pieces)


def _itself(document: Any) -> Any:
    return document


@pytest.mark.parametrize(
    ("hole", "values"),
    [
        (0, ["a", "app/x", "$(A).b", "a=b+c~d", "x" * 999, "a:b", "1a", "2001-01-01"]),
        (1, ["a b", "it's", "#", ": x", "- a", "{}", "~", "on", "12", "&a *b !c", "a, b"]),
        (2, ['"', "\\n", "a b", "#x", "[", "null"]),
        (3, ["'", '"', "\\", "# no comment", "- a: b", "{{", "...", "|"]),
        (4, ["a", "# x", "---", "k: v"]),
    ],
)
def test_fills_as_the_text_reads(hole: int, values: list[str]) -> None:
    skeleton = build_skeleton(TEXT, yaml.LATEST, _itself, _itself)
    for value in values:
        holes = (*TAME[:hole], value, *TAME[hole + 1 :])
        expected = yaml.load(_text(TEXT, holes))
        assert skeleton.document(skeleton.texts(holes)) == expected
        assert skeleton.typed(skeleton.texts(holes)) == expected


@pytest.mark.parametrize(
    ("hole", "values"),
    [
        (0, ["", "4", "on", "~", "1e3", "a b", "a:", ":a", "#a", "- a", "a#b", "*a", "é", "a,b", "'a'", "[a]", "a\n"]),
        (1, ["", '"', "\\", " a", "a ", "a\nb", "é", "\x7f", "\u2028", "\t"]),
        (2, ["", "'", " a", "a\n"]),
        (3, ["", "a\nb", "é", " a", "a\t", "\x85"]),
        (4, ["", " ", "\n", "a\n  b"]),
    ],
)
def test_refuses_what_might_read_otherwise(hole: int, values: list[str]) -> None:
    skeleton = build_skeleton(TEXT, yaml.LATEST, _itself, _itself)
    for value in values:
        with pytest.raises(UnfitError):
            skeleton.texts((*TAME[:hole], value, *TAME[hole + 1 :]))


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(["a: ", 0, "\n# ", 1, "\n"], id="in a comment"),
        pytest.param([0, ": b\n"], id="as a key"),
        pytest.param(["a: {b: ", 0, "}\n"], id="plain, in brackets"),
        pytest.param(["a: >\n  ", 0, "\n"], id="folded"),
        pytest.param(['a: "b\n  ', 0, '"\n'], id="quotes over two lines"),
        pytest.param(["a: &", 0, " b\n"], id="as an anchor"),
        pytest.param(["a: !", 0, " b\n"], id="as a tag"),
        pytest.param(["a: &x b\nc: ", 0, "\n"], id="beside an anchor"),
        pytest.param(["a: |", 0, "\n  b\n"], id="in the head of a block"),
        pytest.param(["a: 'x'\n", 0, "\nb: c\n"], id="on a line of its own"),
        pytest.param(['a: "\\', 0, '"\n'], id="behind a backslash"),
        pytest.param([f"a: {MARK}\nb: ", 0, "\n"], id="beside our mark"),
        pytest.param(["%YAML 1.1\n---\na: ", 0, "\n"], id="behind a directive"),
        pytest.param(["a: ", 0, "\n\ufeffb: c\n"], id="before a byte order mark"),
        pytest.param(["a: b\na: ", 0, "\n"], id="of a key that comes twice"),
        pytest.param(["<<: {a: b}\nc: ", 0, "\n"], id="beside a merge key"),
    ],
)
def test_has_none_for_a_hole(pieces: list[Piece]) -> None:
    with pytest.raises(UnfitError):
        build_skeleton(pieces, yaml.LATEST, _itself, _itself)


def test_has_none_where_no_text_may_be() -> None:
    schema = load_schema("1.30")

    def decode(document: Any) -> Any:
        return schema.decode("core/v1.Pod", document, coerce=False)

    for field in ("priority: ", "containers: [{name: a, resources: {limits: {cpu: ", "hostNetwork: "):
        pieces: list[Piece] = ["spec: {", field, '"', 0, '"' + "}" * field.count("{") + "]" * field.count("["), "}\n"]
        with pytest.raises(UnfitError):
            build_skeleton(pieces, yaml.LATEST, _itself, decode)


def test_shares_what_has_no_hole() -> None:
    skeleton = build_skeleton(TEXT, yaml.LATEST, _itself, _itself)
    one, other = (skeleton.typed(skeleton.texts((name, *TAME[1:]))) for name in ("a", "b"))
    first, second = one["spec"]["containers"][0], other["spec"]["containers"][0]
    assert first["args"] is second["args"] and first["image"] is second["image"]
    assert first["env"] is not second["env"] and one["metadata"] is not other["metadata"]
    shared = shared_parts(skeleton.model)
    assert id(first["args"]) in shared and id(first) not in shared
