"""Text and constants arrive in the output as they are, whatever they look like to Python."""

from __future__ import annotations

import random

import pytest

from gotemplate import Template
from gotemplate.codegen.options import Options
from gotemplate.codegen.statements import generate

TEXTS = [
    "'",
    '"',
    "\\",
    "\\n",
    "{",
    "}",
    "{x}",
    "\n",
    "\r\n",
    "\0",
    "\x7f",
    "é",
    "\U0001f600",
    "\udcff",
    "\u2028",
    "'''",
    "%s",
    "#",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_around_values(text: str) -> None:
    template = Template("t", delims=("<%", "%>"), tier="code").parse(f"{text}<%.%>{text}<%.%>")
    assert template.render("v") == f"{text}v{text}v"
    assert template.render(1.5) == f"{text}1.5{text}1.5"


@pytest.mark.parametrize("text", [t for t in TEXTS if t != "\r\n"])
def test_constants_in_formats(text: str) -> None:
    template = Template("t", tier="code").parse(
        "{{printf `%s" + text.replace("%", "%%") + "` .}}{{print `" + text + "`}}"
    )
    assert template.render("v") == f"v{text}{text}"


def test_random_texts() -> None:
    rng = random.Random(3)
    for _ in range(300):
        text = "".join(rng.choice(TEXTS) for _ in range(6))
        assert (
            Template("t", delims=("<%", "%>"), tier="code").parse(text + "<%.%>" + text).render("v") == f"{text}v{text}"
        ), text


def test_data_is_never_part_of_the_source() -> None:
    template = Template("t", tier="code").parse("{{.x}}{{with .y}}{{.}}{{end}}")
    hostile = "{__import__('os').system('true')}"
    assert template.render({"x": hostile, "y": hostile}) == hostile * 2


def test_names_are_quoted() -> None:
    names = ["it's", 'a"b', "a\\", "x']; raise SystemExit #"]
    for name in names:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        template = Template("t", tier="code").parse(
            f'{{{{define "{quoted}"}}}}ok{{{{end}}}}{{{{template "{quoted}"}}}}'
        )
        assert template.render() == "ok"
        assert Template("t", tier="code").parse(f'{{{{index . "{quoted}"}}}}').render({name: 1}) == "1"


def test_adjacent_texts_and_values_are_written_at_once() -> None:
    tree = Template("t").parse("{{range .}}<{{.}}>{{end}}").tree
    assert tree is not None
    assert "W(f'<{d4}>')" in generate(tree, {}, {}, Options()).text


@pytest.mark.parametrize(
    ("format_", "values"),
    [
        ("%d", [0, -5, 10**18, True, 1.5, "x", None]),
        ("%05d|%5d|%-5d", [0, -5, 123456, True, "x"]),
        ("%x", [255, -255, "hi", 1.5]),
        ("%s|%10s|%-10s", ["", "é", "long enough text", 5, None, "\udcc3\udca9"]),
        ("%v", ["s", 5, 1e6, True, None, [1], {"a": 1}]),
        ("%.2f|%8.3f|%08.1f", [0.0, -0.0, 2.675, 1e300, float("inf"), float("nan"), -1.25, 3]),
        ("%t", [True, False, 1, "x"]),
        ("%03s|%-05d|%+d|% d|%#x", [5, "a"]),
    ],
)
def test_formats_written_in_place(format_: str, values: list[object]) -> None:
    call = f"{{{{printf `{format_}`{' .' * format_.count('%')}}}}}"
    code, closures = (Template("t", tier=tier).parse(call) for tier in ("code", "closures"))  # type: ignore[arg-type]
    for value in values:
        assert code.render(value) == closures.render(value), value


@pytest.mark.parametrize("name", [text for text in TEXTS if text] + ["\ud800"])
def test_names_of_templates_are_any_text(name: str) -> None:
    template = Template(name).parse("{{.}}")
    assert template.compile().render("x") == "x"
