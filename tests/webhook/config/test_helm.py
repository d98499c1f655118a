"""Helm's engine: functions, objects, the order of templates, and what a template may change."""

import pytest

from webhook.config.charts import Chart
from webhook.config.errors import ConfigError
from webhook.config.helm import HelmRelease, render_chart


def render(text: str, values: dict | None = None, *, release: HelmRelease | None = None, **more) -> str:
    templates = {"templates/main.yaml": text, **more.pop("templates", {})}
    chart = Chart("c", metadata={"name": "c", "version": "1.2.3", "appVersion": "9"}, templates=templates, **more)
    return render_chart(chart, values or {}, release or HelmRelease(), ["templates/main.yaml"])["templates/main.yaml"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ .Values.missing }}", ""),
        ("{{ .Release.Name }}/{{ .Release.Namespace }}/{{ .Release.Service }}", "istiod/istio-system/Helm"),
        ("{{ .Chart.Name }} {{ .Chart.Version }} {{ .Chart.AppVersion }}", "c 1.2.3 9"),
        ('{{ .Files.Get "f.txt" }}|{{ .Files.Get "none" }}', "a\nb\n|"),
        ('{{ range .Files.Lines "f.txt" }}<{{ . }}>{{ end }}', "<a><b>"),
        ("{{ .Template.Name }} {{ .Template.BasePath }}", "c/templates/main.yaml c/templates"),
        ('{{ .Capabilities.APIVersions.Has "v1" }}', "false"),
        ("{{ toYaml .Values.map }}", "a: 1\nb:\n- x"),
        ("{{ toJson .Values.map }}", '{"a":1,"b":["x"]}'),
        ('{{ (fromYaml "a: {b: 2}").a.b }}', "2"),
        (
            '{{ (fromYaml "[").Error }}',
            "error converting YAML to JSON: yaml: line 1: did not find expected node content",
        ),
        ('{{ (fromJson "[]").Error }}', "json: cannot unmarshal array into Go value of type map[string]interface {}"),
        ('{{ index (fromYamlArray "[x]") 0 }}{{ len (fromJsonArray "[1, 2]") }}', "x2"),
        ('{{ tpl "{{ .Values.word }}!" . }}', "hi!"),
        ('{{ include "part" . | upper }}', "PART HI"),
        ('{{ required "no" .Values.word }}', "hi"),
        ('{{ lookup "v1" "Pod" "" "" }}', "map[]"),
    ],
)
def test_what_templates_can_use(text, expected):
    values = {"map": {"b": ["x"], "a": 1.0}, "word": "hi"}
    partial = '{{ define "part" }}part {{ .Values.word }}{{ end }}'
    assert render(text, values, files={"f.txt": "a\nb\n"}, templates={"templates/_p.tpl": partial}) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ .Values.a.b }", "parse error at"),
        ("{{ env `HOME` }}", 'function "env" not defined'),
        ('{{ fail "stop" }}', "error calling fail: stop"),
        ('{{ required "give a word" .Values.word }}', "error calling required: give a word"),
        ('{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}', "x"),
    ],
)
def test_what_is_refused(text, sentence):
    with pytest.raises(ConfigError, match=sentence):
        render(text)


def test_templates_called_zz_come_first_and_may_replace_the_values():
    templates = {
        "templates/zzz_profile.yaml": '{{ $b := set $ "Values" (mustMergeOverwrite .Values.defaults .Values) }}',
        "templates/zzy_next.yaml": '{{ $_ := set $.Values "seen" (printf "%v" .Values.word) }}',
    }
    values = {"defaults": {"word": "default", "other": "kept"}, "word": "user"}
    assert (
        render("{{ .Values.word }} {{ .Values.other }} {{ .Values.seen }}", values, templates=templates)
        == "user kept user"
    )
    assert values == {"defaults": {"word": "default", "other": "kept"}, "word": "user"}


@pytest.mark.parametrize(("overwrite", "expected"), [(True, '{"a":null,"b":1}'), (False, '{"a":"old","b":1}')])
def test_a_null_in_a_merge(overwrite, expected):
    text = "{{ mergeOverwrite (dict `a` `old`) .Values | toJson }}"
    assert render(text, {"a": None, "b": 1.0}, release=HelmRelease(nulls_overwrite=overwrite)) == expected


def test_partials_of_sub_charts_are_known():
    sub = Chart("s", templates={"templates/_s.tpl": '{{ define "s.name" }}sub{{ end }}'})
    assert render('{{ template "s.name" }}', dependencies=(sub,)) == "sub"
