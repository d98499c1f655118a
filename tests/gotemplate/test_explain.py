"""What explain() adds to Go's words: the span in the source, what was there instead, and the way there."""

from __future__ import annotations

import pickle
import traceback
from typing import Any

import pytest

from gotemplate import ExecError, Field, Method, ParseError, Template, TemplateError, make, pointer, sprig, struct_type
from gotemplate.nearest import distance, nearest
from gotemplate.values import INT, MAP_STRING_STRING, STRING, named, pointer_to

TIERS = ("closures", "code")
POD = struct_type(
    "v1.Pod",
    [Field("ObjectMeta", MAP_STRING_STRING), Field("Spec", pointer_to(STRING)), Field("hidden", STRING)],
    [Method("GetName", lambda _pod: "x", (), (STRING,))],
)
DATA: dict[str, Any] = {
    "Values": {"image": {"repository": "r", "tag": "1"}, "empty": {}},
    "nil": None,
    "text": "secret",
    "list": [1, 2],
    "pod": make(POD, {"ObjectMeta": {"a": "b"}, "Spec": None}),
    "days": make(named("Days", INT, [Method("Hours", lambda days: days * 24, (), (INT,))]), 3),
}


def _error(text: str, data: Any = DATA, **options: Any) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        Template("t", funcs=sprig.funcs(), **options).parse(text).render(data)
    return caught.value


def _lines(text: str, data: Any = DATA, **options: Any) -> list[str]:
    return _error(text, data, **options).explain().splitlines()[1:]


SPANS = [
    ("{{ .Values.image.tga }}", "{{ ~~~~~~~~~~~~~^^^^ }}"),
    ("{{ .Values.image.tga.more }}", "{{ ~~~~~~~~~~~~~^^^^.more }}"),
    ("{{ .Vlues.image }}", "{{ ^^^^^^.image }}"),
    ("{{ $.Values.x }}", "{{ ~~~~~~~~^^ }}"),
    ("{{ (.Values).x }}", "{{  ~~~~~~~~^^ }}"),
    ("\té日{{ .x }}", "\té日{{ ^^ }}"),
    ("{{ .Values.image.tag }}{{ .Values.image.tag.x }}", "{{ .Values.image.tag }}{{ ~~~~~~~~~~~~~~~~~^^ }}"),
    (
        "{{ if   eq   (.text|upper)   (.text  |  fail) }}{{end}}",
        "{{ if   eq   (.text|upper)   (.text  |  ^^^^) }}{{end}}",
    ),
    ("{{ index   .list  7 }}", "{{ ^^^^^^^^^^^^^^^^ }}"),
    ("{{ upper 3 }}", "{{ upper ^ }}"),
]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(("text", "marked"), SPANS)
def test_the_carets_span_the_culprit(text: str, marked: str, tier: str) -> None:
    above, below = _lines(text, missingkey="error", tier=tier)[:2]
    assert above == f"    1 | {text}"
    wanted = "".join(c if c in "~^\t" else " " for c in marked).rstrip()
    assert below == f"      | {wanted}"


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (
            "{{.Values.image.tga}}",
            [
                '.Values.image is a map[string]interface {} with "repository", "tag", without the key "tga"',
                "did you mean tag?",
            ],
        ),
        ("{{.Values.empty.x}}", ['.Values.empty is an empty map[string]interface {}, without the key "x"']),
        ("{{.nil.a}}", [".nil is nil, of type interface {}: it has no a"]),
        ("{{.text.a}}", [".text is a string: it has no fields or methods"]),
        ("{{.list.a}}", [".list is a []interface {} of 2: it has no fields or methods"]),
        ("{{.days.hours}}", [".days is a Days: it has no fields", "did you mean Hours?"]),
        ("{{.pod.Objectmeta}}", [".pod is a v1.Pod, without a field or method Objectmeta", "did you mean ObjectMeta?"]),
        (
            "{{.pod.Zzz}}",
            [
                ".pod is a v1.Pod, without a field or method Zzz",
                "fields and methods: GetName, ObjectMeta, Spec",
            ],
        ),
        ("{{(.pod).Spec.x}}", ["the value before .x is nil, of type *string: it has no x"]),
        ("{{.pod.Spec.x}}", [".pod.Spec is nil, of type *string: it has no x"]),
        ("{{with .Values}}{{.imag}}{{end}}", [
            '. is a map[string]interface {} with "empty", "image", without the key "imag"', "did you mean image?",
        ]),
        ('{{fail "on purpose"}}', []),
        ("{{trunc 1 2 3}}", ["trunc is func(int, string) string"]),
        ("{{upper .list}}", ["upper is func(string) string"]),
        ("{{.list | upper}}", ["upper is func(string) string"]),
        ("{{eq 1 (.list | upper)}}", ["upper is func(string) string"]),
        ("{{repeat .text .text}}", ["repeat is func(int, string) string"]),
        ('{{template "foo"}}{{define "foa"}}x{{end}}', ["did you mean foa?"]),
    ],
)  # fmt: skip
def test_what_was_there_instead(text: str, reasons: list[str], tier: str) -> None:
    assert [line.strip() for line in _lines(text, missingkey="error", tier=tier)[2:]] == reasons


@pytest.mark.parametrize("tier", TIERS)
def test_the_chain_of_template_calls(tier: str) -> None:
    text = '{{define "in"}}{{.a.b}}{{end}}\n{{define "out"}}{{template "in" .x}}{{end}}\n{{template "out" .}}'
    lines = _lines(text, {"x": {"a": None}}, tier=tier)
    assert lines[-2:] == [
        '  called by {{template "in" .x}} at t:2:27, where dot is a map[string]interface {} with "a"',
        '  called by {{template "out" .}} at t:3:11, where dot is a map[string]interface {} with "x"',
    ]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("{{uper .x}}", ["did you mean upper?"]),
        ("{{$name := 1}}{{$nmae}}", ["did you mean $name?"]),
        ("a\n{{if .x}}\n{{range .y}}\n{{end}}", ["no {{end}} for if .x in line 2"]),
        ('{{define "a"}}\n{{with .y}}', ["no {{end}} for with .y in line 2", 'no {{end}} for define "a" in line 1']),
        ("{{end}}", ["no if, range, with, define or block is open here"]),
        ("{{else}}", ["no if, range, with, define or block is open here"]),
        ("{{zzzzzzzzz}}", []),
    ],
)
def test_what_is_wrong_with_a_text(text: str, reasons: list[str]) -> None:
    error = _error(text)
    assert isinstance(error, ParseError)
    assert [line.strip() for line in error.explain().splitlines()[3:]] == reasons


def test_values_are_not_shown() -> None:
    shown = _error("{{.text.a}}{{.Values.image.x}}", missingkey="error").explain()
    assert "secret" not in shown


def test_another_template_of_the_set_is_suggested() -> None:
    with pytest.raises(ExecError) as caught:
        Template("main").parse("x").render(template="mian")
    assert caught.value.remarks() == ["  did you mean main?"]


def test_the_text_itself_is_gos() -> None:
    error = _error("{{.Values.tga}}", missingkey="error")
    assert str(error) == 'template: t:1:9: executing "t" at <.Values.tga>: map has no entry for key "tga"'
    assert error.explain().startswith(f"{error}\n")


def test_the_remarks_are_the_notes() -> None:
    error = _error("{{.nil.a}}")
    assert error.__notes__ == error.remarks()
    error.add_note("mine")
    assert error.__notes__[-1] == "mine"
    assert "mine" not in error.explain()
    printed = "".join(traceback.format_exception(error))
    assert "of type interface {}: it has no a" in printed
    assert "mine" in printed


def test_nothing_is_worked_out_before_somebody_asks() -> None:
    error = _error("{{.nil.a}}")
    assert error._remarks is None
    assert error._notes is None


def test_delimiters_of_ones_own() -> None:
    lines = _lines("[[if .x]]\n[[ .Values.x ]]", missingkey="error", delims=("[[", "]]"))
    assert lines[-1] == "  no {{end}} for if .x in line 1"
    lines = _lines("[[ .Values.x ]]", missingkey="error", delims=("[[", "]]"))
    assert lines[1] == "      |    ~~~~~~~^^"


def test_pickling_keeps_the_words() -> None:
    error = _error('{{define "in"}}{{.pod.X}}{{end}}{{template "in" .}}', {"pod": pointer(DATA["pod"]), "f": lambda: 1})
    again = pickle.loads(pickle.dumps(error))
    assert again.explain() == error.explain()
    assert again.__notes__ == error.__notes__


@pytest.mark.parametrize(
    ("name", "names", "found"),
    [
        ("tga", ["repository", "tag"], "tag"),
        ("Namespace", ["namespace"], "namespace"),
        ("a", ["b"], None),
        ("x", ["xx"], "xx"),
        ("name", ["nothing", "like"], None),
        ("containers", ["Containers", "container"], "Containers"),
        ("x", [], None),
    ],
)
def test_nearest(name: str, names: list[str], found: str | None) -> None:
    assert nearest(name, names) == found


@pytest.mark.parametrize(
    ("a", "b", "steps"), [("", "abc", 3), ("abc", "acb", 1), ("kitten", "sitting", 3), ("x", "x", 0)]
)
def test_distance(a: str, b: str, steps: int) -> None:
    assert distance(a, b) == distance(b, a) == steps
