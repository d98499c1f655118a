"""remora kube-inject: flags, files, streams, exit codes; and every kind of bad input gets a clear word."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from fake_api import FakeApi

from webhook.cli import main

POD_TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - {name: web, image: web:1}
"""
CONFIG = """\
policy: enabled
template: |-
  containers:
  - name: istio-proxy
    image: proxy:[[ .ObjectMeta.Labels.app ]]
"""


class Command:
    """Runs the command in a folder of its own and keeps what it printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        monkeypatch.delenv("KUBECONFIG", raising=False)
        monkeypatch.setenv("HOME", str(folder))
        self.write("app.yaml", POD_TEMPLATE)
        self.write("config.yaml", CONFIG)
        self.write("mesh.yaml", "defaultConfig: {}\n")

    def write(self, name: str, text: str | bytes) -> None:
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def printed(self) -> str:
        return self._capsys.readouterr().out

    def run(self, *words: str, stdin: str = "", config: str = "config.yaml") -> int:
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        files = ["--injectConfigFile", config, "--meshConfigFile", "mesh.yaml", "--release", "0.8.0"]
        code = main(["kube-inject", *files, *words])
        self.out, self.err = self._capsys.readouterr()
        return code


@pytest.fixture
def command(tmp_path: Path, capsys: Any, monkeypatch: Any) -> Command:
    return Command(tmp_path, capsys, monkeypatch)


def test_a_file_to_standard_output(command: Command) -> None:
    assert command.run("-f", "app.yaml") == 0
    assert "image: proxy:web\n" in command.out
    assert command.out.endswith("---\n")
    assert command.err == ""


@pytest.mark.parametrize("flags", [("--filename", "app.yaml"), ("--filename=app.yaml",), ("-fapp.yaml",)])
def test_ways_to_write_a_flag(command: Command, flags: tuple[str, ...]) -> None:
    assert command.run(*flags) == 0


def test_standard_input(command: Command) -> None:
    assert command.run("-f", "-", stdin=POD_TEMPLATE) == 0
    assert "image: proxy:web\n" in command.out


def test_an_output_file(command: Command) -> None:
    assert command.run("-f", "app.yaml", "-o", "out.yaml") == 0
    assert command.out == ""
    assert "image: proxy:web\n" in (command.folder / "out.yaml").read_text()


def test_a_device_as_output_file_is_written_to(command: Command) -> None:
    os.mkfifo(command.folder / "pipe")
    reader = os.open(command.folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert command.run("-f", "app.yaml", "-o", "pipe") == 0
    assert b"image: proxy:web\n" in os.read(reader, 100_000)
    os.close(reader)


def test_unknown_kinds_pass_byte_for_byte(command: Command) -> None:
    text = "# a comment\napiVersion: v1\nkind: Service\nmetadata: {name:   x}   # odd\n"
    assert command.run("-f", "-", stdin=f"{text}---\n{POD_TEMPLATE}") == 0
    assert command.out.startswith(f"{text}---\n")


def test_host_network_is_told(command: Command) -> None:
    text = POD_TEMPLATE.replace("      containers:", "      hostNetwork: true\n      containers:")
    assert command.run("-f", "-", stdin=text) == 0
    assert command.err == 'Skipping injection because "" has host networking enabled\n'
    assert "istio-proxy" not in command.out
    command.write("new.yaml", "policy: enabled\ntemplates: {sidecar: 'spec: {}'}\n")
    assert command.run("-f", "-", "--release", "1.31.0", stdin=text, config="new.yaml") == 0
    assert command.err == '\n===> Skipping injection because Deployment "web" has host networking enabled\n\n'


def test_flags_of_newer_istioctls_are_taken(command: Command) -> None:
    words = ("--webhookConfig", "w", "--xds-address", "x:1", "--timeout=30s", "--insecure", "--plaintext=false")
    assert command.run("-f", "app.yaml", *words) == 0


def test_a_whole_config_map_as_file(command: Command) -> None:
    body = "".join(f"    {line}\n" for line in CONFIG.splitlines())
    command.write(
        "map.yaml", f"kind: ConfigMap\nmetadata: {{name: istio-sidecar-injector}}\ndata:\n  config: |\n{body}"
    )
    assert command.run("-f", "app.yaml", config="map.yaml") == 0
    assert "image: proxy:web\n" in command.out


@pytest.mark.loopback
@pytest.mark.parametrize(("revision", "ending"), [("", ""), ("default", ""), ("canary", "-canary")])
def test_config_maps_of_the_cluster(command: Command, fake_api: FakeApi, revision: str, ending: str) -> None:
    fake_api.add_config_map("mesh", f"istio{ending}", {"mesh": ""})
    fake_api.add_config_map("mesh", f"istio-sidecar-injector{ending}", {"config": CONFIG})
    where = ["-i", "mesh", "-c", str(fake_api.kubeconfig), "--injectConfigMapName", "istio-sidecar-injector"]
    assert main(["kube-inject", "-f", "app.yaml", *where, "--revision", revision]) == 0
    assert "image: proxy:web\n" in command.printed()


def test_emit_template(command: Command) -> None:
    assert main(["kube-inject", "--emitTemplate", "--coreDump=false", "--tag", "9.9"]) == 0


BAD = [
    ("no file", ("-f", "none.yaml"), "", "open none.yaml: no such file or directory", 3),
    ("a folder", ("-f", "."), "", "is a directory", 3),
    ("not YAML", ("-f", "-"), "a: [\n", "document 1: error converting YAML to JSON: yaml: line 1", 3),
    ("second document", ("-f", "-"), f"{POD_TEMPLATE}---\na: b: c\n", "document 2", 3),
    ("a scalar for a spec", ("-f", "-"), "kind: Deployment\nmetadata: {name: d}\nspec: 5\n", "(Deployment d): error unmarshaling", 3),
    ("a list for a name", ("-f", "-"), "kind: Deployment\nmetadata: {name: [d]}\n", "cannot unmarshal array", 3),
    ("a bomb", ("-f", "-"), "a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n" + "".join(
        f"{chr(99 + i)}: &{chr(99 + i)} [{','.join(['*' + chr(98 + i)] * 9)}]\n" for i in range(9)), "document", 3),
    ("deep nesting", ("-f", "-"), "[" * 5000, "document 1", 3),
    ("a bad annotation", ("-f", "-"), POD_TEMPLATE.replace(
        "labels: {app: web}", "annotations: {traffic.sidecar.istio.io/excludeInboundPorts: x}"), "Invalid value for annotation", 3),
    ("no such flag", ("-f", "app.yaml", "--nope"), "", "unknown flag: --nope", 2),
    ("no file name", (), "", "filename not specified (see --filename or -f)", 2),
    ("both", ("-f", "app.yaml", "--emitTemplate"), "", "--filename and --emitTemplate are mutually exclusive", 2),
    ("a bad parameter", ("-f", "app.yaml", "--excludeInboundPorts", "x"), "", "excludeInboundPorts invalid", 2),
    ("a bad number", ("-f", "app.yaml", "--sidecarProxyUID", "x"), "", "invalid int value", 2),
    ("a bad switch", ("-f", "app.yaml", "--debug=maybe"), "", "ParseBool", 2),
    ("no output folder", ("-f", "app.yaml", "-o", "none/out.yaml"), "", "write none/out.yaml: no such file", 3),
    ("a bad release", ("-f", "app.yaml", "--release", "9.9"), "", "Istio 9.9 is not covered", 3),
]  # fmt: skip


@pytest.mark.parametrize(("words", "stdin", "error", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input(command: Command, words: tuple[str, ...], stdin: str, error: str, code: int) -> None:
    assert command.run(*words, stdin=stdin) == code
    assert error in command.err
    assert command.err.startswith("Error: ")
    assert "Traceback" not in command.err


BAD_CONFIG = [
    ("empty", "", "the injection configuration is empty"),
    ("not YAML", "policy: [", "yaml: line 1"),
    (
        "template does not parse",
        "policy: enabled\ntemplate: |\n  [[ if ]]\n",
        "template: inject:1: missing value for if",
    ),
    ("unknown function", "template: '[[ nope ]]'\n", 'function "nope" not defined'),
    ("template fails", "template: '[[ .ObjectMeta.Nam ]]'\n", "at <.ObjectMeta.Nam>: can't evaluate field Nam in type"),
    ("renders bad YAML", "template: 'containers: [[ .ObjectMeta.Name ]] [ {'\n", "error converting YAML to JSON: yaml"),
    ("renders wrong types", "template: 'containers: 5'\n", "cannot unmarshal number into Go struct field"),
    ("renders a list", "template: '- a'\n", "cannot unmarshal array into Go value of type inject.SidecarInjectionSpec"),
    ("wrong shape", "template: [a]\n", "template"),
    ("a ConfigMap without key", "kind: ConfigMap\ndata: {other: x}\n", "this one has other"),
]


@pytest.mark.parametrize(("config", "error"), [row[1:] for row in BAD_CONFIG], ids=[row[0] for row in BAD_CONFIG])
def test_bad_configuration(command: Command, config: str, error: str) -> None:
    command.write("bad.yaml", config)
    command.write("out.yaml", "precious\n")
    assert command.run("-f", "app.yaml", "-o", "out.yaml", config="bad.yaml") == 3
    assert error in command.err
    assert (command.folder / "out.yaml").read_text() == "precious\n"
    assert sorted(p.name for p in command.folder.iterdir() if p.name.startswith(".") and p.name != ".cache") == []


def test_a_template_error_shows_the_place(command: Command) -> None:
    command.write("bad.yaml", "template: |\n  containers:\n  - name: [[ .ObjectMeta.Nam ]]\n")
    assert command.run("-f", "app.yaml", config="bad.yaml") == 3
    assert "(Deployment web): template: inject:2:" in command.err
    assert "- name: [[ .ObjectMeta.Nam ]]" in command.err


@pytest.mark.parametrize(
    ("mesh", "error"),
    [
        ("a: [", "the mesh configuration, line"),
        ("nope: 1\n", 'unknown field "nope"'),
        ("kind: ConfigMap\ndata: {x: y}\n", "this one has x"),
    ],
)
def test_bad_mesh(command: Command, mesh: str, error: str) -> None:
    command.write("mesh.yaml", mesh)
    assert command.run("-f", "app.yaml") == 3
    assert error in command.err


def test_bytes_that_are_no_utf_8_pass_through(command: Command) -> None:
    raw = b"kind: Service\nmetadata: {name: \xff}\n"
    command.write("raw.yaml", raw)
    assert command.run("-f", "raw.yaml", "-o", "out.yaml") in (0, 3)


def test_without_a_cluster_the_remedy_is_named(command: Command) -> None:
    code = main(["kube-inject", "-f", "app.yaml", "-c", "none"])
    assert code == 4
