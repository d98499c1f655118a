"""The start of kube-inject, which its users wait for with every file: what it loads is a closed list."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

STANDARD = frozenset({
    "__future__",
    "_abc", "_ast", "_bisect", "_blake2", "_codecs", "_collections", "_collections_abc", "_contextvars", "_datetime", "_functools",
    "_json", "_operator", "_sre", "_stat", "_struct", "_thread", "_typing", "_warnings", "_weakref", "_weakrefset", "abc",
    "base64", "binascii", "bisect", "codecs", "collections", "contextlib", "contextvars", "copy", "copyreg", "datetime", "encodings",
    "enum", "errno", "functools", "gc", "genericpath", "importlib", "io", "itertools", "json", "keyword", "marshal", "math",
    "operator", "os", "posix", "posixpath", "re", "reprlib", "stat", "string", "struct", "sys", "time", "types", "typing",
    "warnings", "weakref", "zlib",
})  # fmt: skip
"""What a hit of the code cache may load of the standard library, without the interpreter's own start."""

STRANGERS = frozenset({
    "gotemplate.codegen.statements", "gotemplate.diagnose", "gotemplate.explanations", "gotemplate.grammar", "gotemplate.lexer",
    "gotemplate.parser", "webhook.cli.kube_inject_flags", "webhook.cli.operator_file", "webhook.cli.root", "webhook.cluster",
    "webhook.config.charts", "webhook.config.helm", "webhook.config.installation", "webhook.config.operator",
    "webhook.inject.prepared", "webhook.inject.skeleton", "webhook.kube.diagnosis", "webhook.kube.review",
    "webhook.kubeinject.uninject", "webhook.server",
})  # fmt: skip
"""Modules of ours that a pod with nothing unusual about it does not need."""

PROGRAM = """
import sys
before = set(sys.modules)
sys.path[:0] = {path!r}
from webhook.cli import main
code = main({words!r})
print(*sorted(set(sys.modules) - before), file=sys.stderr)
sys.exit(code)
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: web:1\n"
CONFIG = """\
policy: enabled
defaultTemplates: [sidecar]
templates:
  sidecar: |
    spec:
      containers:
      - name: istio-proxy
        image: {{ .Values.global.proxy.image | default "proxy" | quote }}
"""


@pytest.fixture
def loaded(tmp_path: Path, root: Path) -> set[str]:
    """The modules of a second run: the first fills the cache of template code."""
    texts = {
        "app.yaml": POD,
        "config.yaml": CONFIG,
        "mesh.yaml": "defaultConfig: {}\n",
        "values.yaml": "global: {proxy: {}}\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    words = ["kube-inject", "-f", "app.yaml", "--injectConfigFile", "config.yaml"]
    words += ["--meshConfigFile", "mesh.yaml", "--valuesFile", "values.yaml", "--release", "1.30.3"]
    program = PROGRAM.format(path=[str(root), str(Path(yaml.__file__).parents[1])], words=words)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", program],
            cwd=tmp_path, env={"REMORA_CACHE": str(tmp_path / "cache")}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert "image: proxy" in done.stdout, done.stderr
    return set(done.stderr.split())


def test_of_the_standard_library_only_what_is_listed(loaded: set[str]) -> None:
    ours = ("gotemplate", "webhook", "yaml", "_yaml")
    tops = {name.partition(".")[0] for name in loaded} - set(ours)
    assert {name for name in tops if not name.startswith(("_cython", "cython_runtime"))} <= STANDARD


def test_nothing_of_what_a_plain_pod_does_not_need(loaded: set[str]) -> None:
    assert not {name for name in loaded if name in STRANGERS or name.startswith("webhook.server.")}
