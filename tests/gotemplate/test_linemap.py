"""Every line of output knows the template line and the expression it comes from."""

from __future__ import annotations

import pytest

from gotemplate import ExecError, Template
from gotemplate.linemap import trace

TEXT = """kind: x
{{- define "labels" }}
  app: {{ .name }}
  constant: yes
{{- end }}
items:
{{- range .items }}
  - {{ . }}
{{- end }}
{{ template "labels" . }}
{{ if .on }}on: {{ .on }}{{ else }}off{{ end }}
"""
DATA = {"name": "shop", "items": ["a", "two\nlines"], "on": 1.5}


def lines() -> list[tuple[str, str]]:
    found = trace(Template("a.yaml").parse(TEXT), DATA)
    return [(text, str(found.origin(i))) for i, text in enumerate(found.output.split("\n"), 1)]


def test_origins() -> None:
    assert lines() == [
        ("kind: x", "a.yaml:1"),
        ("items:", "a.yaml:6"),
        ("  - a", "a.yaml:8: {{.}}"),
        ("  - two", "a.yaml:8: {{.}}"),
        ("lines", "a.yaml:8: {{.}}"),
        ("", "a.yaml:2"),
        ("  app: shop", "a.yaml:3: {{.name}}"),
        ("  constant: yes", "a.yaml:4"),
        ("on: 1.5", "a.yaml:11: {{.on}}"),
        ("", "None"),
    ]


def test_same_output_as_rendering() -> None:
    template = Template("a.yaml").parse(TEXT)
    assert trace(template, DATA).output == template.render(DATA)


def test_pieces_cover_the_output() -> None:
    found = trace(Template("t").parse(TEXT), DATA)
    assert "".join(piece.text for piece in found.pieces) == found.output
    assert [piece.start for piece in found.pieces][:2] == [0, 7]


def test_executing_template_and_parsed_text() -> None:
    template = Template("main").parse('{{template "part" .}}')
    template.new("part").parse("\n\n  {{.x}}")
    origin = trace(template, {"x": 5}).origin(3)
    assert origin is not None
    assert (origin.template, origin.name, origin.line, origin.column, origin.expression) == (
        "part",
        "part",
        3,
        4,
        "{{.x}}",
    )


def test_several_origins_of_a_line() -> None:
    found = trace(Template("t").parse("a{{.x}}\n{{.y}}b{{1}}"), {"x": 1, "y": "2\n3"})
    assert [str(origin) for origin in found.origins(2)] == ["t:2: {{.y}}"]
    assert [str(origin) for origin in found.origins(3)] == ["t:2: {{.y}}", "t:2", "t:2: {{1}}"]


@pytest.mark.parametrize("line", [0, -1, 3, 100])
def test_lines_there_are_not(line: int) -> None:
    found = trace(Template("t").parse("a\nb"))
    assert found.origins(line) == []
    assert found.origin(line) is None


def test_map_of_what_was_written_before_an_error() -> None:
    with pytest.raises(ExecError) as caught:
        trace(Template("t").parse("a\n{{.x}}\n{{.x.y}}"), {"x": 1})
    assert caught.value.partial == "a\n1\n"
    assert str(caught.value.line_map.origin(2)) == "t:2: {{.x}}"  # type: ignore[attr-defined]


def test_other_template_of_the_set() -> None:
    assert trace(Template("t").parse('{{define "u"}}{{.}}{{end}}'), 5, name="u").output == "5"
