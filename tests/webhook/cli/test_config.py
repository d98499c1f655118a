"""remora config: what show tells of a configuration, and what render makes of charts; charts and profiles here are ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from webhook.cli import main
from webhook.kube import yaml

CONFIG = """\
policy: enabled
defaultTemplates: [sidecar]
neverInjectSelector:
- matchLabels: {job: batch}
injectedAnnotations: {example.com/note: "yes"}
aliases: {both: [sidecar, sidecar]}
templates:
  sidecar: |
    spec:
      containers:
      - name: istio-proxy
        image: "{{ .ProxyImage }}/{{ $.Values.global.tag | quote }}"
"""

CHART = {
    "Chart.yaml": "name: istiod\nversion: 1.0.0\n",
    "values.yaml": "revision: ''\nmeshConfig: {rootNamespace: root}\nglobal: {hub: hub, tag: tag, proxy: {autoInject: enabled}}\n",
    "files/injection-template.yaml": "spec:\n  containers:\n  - name: istio-proxy\n    image: {{ .ProxyImage }}\n",
    "templates/istiod-injector-configmap.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio-sidecar-injector{{ with .Values.revision }}-{{ . }}{{ end }}
  namespace: {{ .Release.Namespace }}
data:
  values: |-
{{ pick .Values "global" "revision" | toPrettyJson | indent 4 }}
  config: |-
    policy: {{ .Values.global.proxy.autoInject }}
    templates:
      sidecar: |
{{ .Files.Get "files/injection-template.yaml" | trim | indent 8 }}
""",
    "templates/configmap.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
data:
  mesh: |-
{{ toYaml .Values.meshConfig | indent 4 }}
---
""",
}
PROFILE = """\
metadata: {namespace: istio-system}
spec:
  hub: profile-hub
  tag: profile-tag
  values: {global: {proxy: {autoInject: enabled}}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "mesh.yaml").write_text("rootNamespace: mine\ndefaultConfig: {concurrency: 7}\n")
    (tmp_path / "values.json").write_text('{"global": {"hub": "h", "tag": "t"}, "revision": ""}')
    for name, text in CHART.items():
        path = tmp_path / "checkout/manifests/charts/istio-control/istio-discovery" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "checkout/manifests/profiles").mkdir()
    for name in ("default", "other"):
        (tmp_path / f"checkout/manifests/profiles/{name}.yaml").write_text(
            PROFILE.replace("profile-hub", f"{name}-hub")
        )
    (tmp_path / "iop.yaml").write_text(
        "kind: IstioOperator\nspec: {meshConfig: {connectTimeout: 9s}, values: {global: {hub: iop}}}\n"
    )
    return tmp_path


FILES = ["--injectConfigFile", "config.yaml", "--meshConfigFile", "mesh.yaml", "--valuesFile", "values.json"]


def show(capsys, *words: str) -> str:
    assert main(["config", "show", *FILES, *words]) == 0
    return capsys.readouterr().out


def test_show_as_data(folder, capsys):
    found = json.loads(show(capsys, "--release", "1.20.8", "--format", "json"))
    assert found["release"] == {"version": "1.20.8", "told": False, "evidence": [], "decisive": []}
    template = found["templates"][0]
    assert (template["name"], template["default"], template["lines"]) == ("sidecar", True, 4)
    assert (template["fields"], template["functions"]) == ([".ProxyImage", ".Values.global.tag"], ["quote"])
    assert found["values"] == {"settings": 3, "highlights": {"revision": "", "global.hub": "h", "global.tag": "t"}}
    assert found["mesh"] == [
        {"path": "defaultConfig.concurrency", "value": 7},
        {"path": "rootNamespace", "default": "istio-system", "value": "mine"},
    ]
    assert found["neverInjectSelector"] == [{"matchLabels": {"job": "batch"}}]
    assert found["aliases"] == {"both": ["sidecar", "sidecar"]}


@pytest.mark.parametrize(
    "line",
    [
        "policy         enabled",
        "  because      the template has .ProxyImage: Istio 1.13 to later",
        "  reads        .ProxyImage .Values.global.tag",
        '  global.hub = "h"',
        '  rootNamespace: "mine" (default "istio-system")',
        "  defaultConfig.concurrency: 7 (default unset)",
        'never inject   {"matchLabels":{"job":"batch"}}',
        "annotation     example.com/note: yes",
        "alias          both = sidecar, sidecar",
    ],
)
def test_show_as_text(folder, capsys, line):
    assert line in show(capsys).splitlines()


def test_a_template_that_does_not_parse_is_shown_where_the_release_waits(folder, capsys):
    (folder / "config.yaml").write_text(CONFIG.replace("| quote }}", "| nothing }}"))
    out = show(capsys, "--release", "1.9.9")
    assert 'function "nothing" not defined' in out


def render(capsys, *words: str) -> dict[str, dict]:
    assert main(["config", "render", "--charts", "checkout", *words]) == 0
    documents = yaml.load_all(capsys.readouterr().out)
    return {document["metadata"]["name"]: document for document in documents}


def hub_of(found: dict[str, dict], name: str = "istio-sidecar-injector") -> str:
    return json.loads(found[name]["data"]["values"])["global"]["hub"]


@pytest.mark.parametrize(
    ("words", "hub"),
    [
        ([], "hub"),
        (["--set", "global.hub=mine"], "mine"),
        (["--values", "values.json"], "h"),
        (["--values", "values.json", "--set", "global.hub=mine"], "mine"),
        (["--installer", "istioctl"], "default-hub"),
        (["--profile", "other"], "other-hub"),
        (["--set", "values.global.hub=mine"], "mine"),
        (["--operatorFileName", "iop.yaml"], "iop"),
    ],
)
def test_whose_settings_apply(folder, capsys, words, hub):
    assert hub_of(render(capsys, *words)) == hub


def test_the_config_maps_of_an_installation(folder, capsys):
    found = render(capsys, "--revision", "canary", "-n", "here", "--set", "meshConfig.rootNamespace=other")
    injector, mesh = found["istio-sidecar-injector-canary"], found["istio"]
    assert injector["metadata"]["namespace"] == "here"
    assert yaml.load(injector["data"]["config"])["templates"]["sidecar"].endswith("image: {{ .ProxyImage }}")
    assert mesh["data"]["mesh"] == "rootNamespace: other"


def test_the_mesh_of_an_operator_file(folder, capsys):
    mesh = render(capsys, "--operatorFileName", "iop.yaml", "--part", "mesh")
    assert list(mesh) == ["istio"]
    assert yaml.load(mesh["istio"]["data"]["mesh"]) == {"connectTimeout": "9s", "rootNamespace": "root"}


def test_render_to_a_file_that_show_reads(folder, capsys):
    assert main(["config", "render", "--charts", "checkout", "-o", "out.yaml"]) == 0
    assert main(["config", "show", "--injectConfigFile", "out.yaml", "--release", "1.20.8"]) == 0
    assert "connectTimeout" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--set", "a.b"], 'key "b" has no value'),
        (["--profile", "none"], 'profile "none" not found; there are: default, other'),
        (["--operatorFileName", "iop.yaml", "--installer", "helm"], "an IstioOperator file is for istioctl"),
        (["--values", "missing.yaml"], "open missing.yaml: no such file or directory"),
        (["--release", "9.9.9"], "9.9"),
    ],
)
def test_settings_that_cannot_be_applied(folder, capsys, words, sentence):
    assert main(["config", "render", "--charts", "checkout", *words]) == 3
    assert sentence in capsys.readouterr().err


def test_a_folder_without_charts(folder, capsys):
    assert main(["config", "render", "--charts", str(folder)]) == 3
    assert "no chart with the injector's ConfigMap is here" in capsys.readouterr().err
