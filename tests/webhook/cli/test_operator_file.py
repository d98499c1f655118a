"""kube-inject --operatorFileName: mesh and values come from the IstioOperator file, whatever other files say."""

from __future__ import annotations

import pytest

from webhook.cli import main

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n  - {name: web, image: web:1}\n"
CONFIG = """\
policy: enabled
defaultTemplates: [sidecar]
templates:
  sidecar: |
    spec:
      containers:
      - name: istio-proxy
        image: "{{ .Values.global.hub }}/proxy:{{ .Values.global.tag }}"
        args: ["{{ .ProxyConfig.ConfigPath }}"]
"""
OPERATOR = """\
kind: IstioOperator
spec:
  meshConfig: {defaultConfig: {configPath: /from/operator}}
  values: {global: {tag: of-operator}}
"""


@pytest.fixture
def inject(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "pod.yaml": POD,
        "config.yaml": CONFIG,
        "bare.yaml": CONFIG.partition("sidecar: |\n")[2],
        "operator.yaml": OPERATOR,
        "values-only.yaml": OPERATOR.replace("  meshConfig: {defaultConfig: {configPath: /from/operator}}\n", ""),
        "mesh.yaml": "defaultConfig: {configPath: /from/mesh}\n",
        "values.yaml": "global: {hub: of-values, tag: of-values}\n",
        "other.yaml": "kind: Pod\n",
    }.items():
        (tmp_path / name).write_text(text)

    def run(*words: str, config: str = "config.yaml", release: str = "1.20.8") -> tuple[int, str]:
        code = main(["kube-inject", "-f", "pod.yaml", "--injectConfigFile", config, "--release", release, *words])
        out, err = capsys.readouterr()
        return code, out + err

    return run


@pytest.mark.parametrize("config", ["config.yaml", "bare.yaml"])
def test_mesh_and_values_of_the_operator_win(inject, config):
    files = ["--meshConfigFile", "mesh.yaml", "--valuesFile", "values.yaml"]
    code, out = inject("--operatorFileName", "operator.yaml", *files, config=config)
    assert code == 0
    assert "proxy:of-operator" in out
    assert "- /from/operator" in out


def test_a_mesh_file_counts_where_the_operator_has_no_mesh(inject):
    code, out = inject("--operatorFileName", "values-only.yaml", "--meshConfigFile", "mesh.yaml")
    assert code == 0
    assert "- /from/mesh" in out


def test_since_1_24_the_default_profile_lies_below(inject):
    assert (
        "image: docker.io/istio/proxy:of-operator" in inject("--operatorFileName", "operator.yaml", release="1.24.6")[1]
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.yaml", "open missing.yaml: no such file or directory"),
        ("other.yaml", "other.yaml: this is no IstioOperator but Pod"),
    ],
)
def test_files_that_are_no_operator(inject, name, sentence):
    code, out = inject("--operatorFileName", name)
    assert code == 3
    assert sentence in out
