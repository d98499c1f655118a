"""python -m gotemplate: flags, streams and exit codes. Rows run in this process, one of each kind in its own."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from gotemplate.__main__ import yaml_reader
from gotemplate.commands import Surroundings, main

Result = tuple[int, str, str]


def _run(*words: str, stdin: str = "") -> Result:
    streams = (io.BytesIO(stdin.encode()), io.BytesIO(), io.BytesIO())
    code = main(words, Surroundings(streams, yaml_reader(), prog="gotemplate"))
    return code, streams[1].getvalue().decode(), streams[2].getvalue().decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "t.tmpl").write_text("Hello, {{.name}}! {{.big}}\n")
    (tmp_path / "bad.tmpl").write_text("one\n{{ if }}")
    (tmp_path / "d.json").write_text('{"name": "world", "big": 1000000}')
    (tmp_path / "d.yaml").write_text("name: world\nbig: 1000000\nday: 2020-01-01\n")
    (tmp_path / "bad.yaml").write_text("a: b: c")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "main.tmpl").write_text('{{template "part.tmpl" .}}{{template "inner"}}')
    (tmp_path / "set" / "part.tmpl").write_text('<{{.name}}>{{define "inner"}}(){{end}}')
    return tmp_path


@pytest.mark.parametrize(
    ("words", "output"),
    [
        ("-t t.tmpl --data d.json", "Hello, world! 1000000\n"),
        ("-t t.tmpl --data d.yaml", "Hello, world! 1000000\n"),
        ("-t t.tmpl --data d.json --numbers float64", "Hello, world! 1e+06\n"),
        ("-t t.tmpl --data d.yaml --numbers float64", "Hello, world! 1e+06\n"),
        ("-t t.tmpl --data d.json --set name=you,big=1", "Hello, you! 1\n"),
        ("-t t.tmpl --set name=you", "Hello, you! <no value>\n"),
        ("-t t.tmpl --data d.json --delims [[,]]", "Hello, {{.name}}! {{.big}}\n"),
        ("-t set --template main.tmpl --data d.json", "<world>()"),
        ("-t set --template inner", "()"),
    ],
)
def test_render(folder: Path, monkeypatch: pytest.MonkeyPatch, words: str, output: str) -> None:
    monkeypatch.chdir(folder)
    assert _run("render", *words.split()) == (0, output, "")


@pytest.mark.parametrize(
    ("text", "words", "output"),
    [
        ("{{.day}}", "--data d.yaml", "2020-01-01"),
        ("{{upper .name}}", "--data d.yaml --funcs sprig", "WORLD"),
        ('{{.x | default "d"}}', "--data d.yaml --funcs sprig --strict", "d"),
        ('{{env "HOME"}}', "--funcs sprig --allow env", "/home/somebody"),
        ("{{.x}}", "--set y=1 --missingkey zero", "<no value>"),
    ],
)
def test_render_from_standard_input(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str, output: str
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert _run("render", "-t", "-", *words.split(), stdin=text) == (0, output, "")


def test_data_from_standard_input(folder: Path) -> None:
    assert (
        _run("render", "-t", str(folder / "t.tmpl"), "--data", "-", stdin='{"name": 1}')[1] == "Hello, 1! <no value>\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        ("render", 2, "the following arguments are required: -t"),
        ("render -t - --data -", 2, "standard input can be the template or the data, not both"),
        ("render -t t.tmpl --delims x", 2, "expected two delimiters"),
        ("render -t t.tmpl --numbers many", 2, "invalid choice"),
        ("render -t t.tmpl --nope", 2, "unrecognized arguments"),
        ("render -t gone", 3, "open gone: no such file or directory"),
        ("render -t t.tmpl --data gone", 3, "open gone: no such file or directory"),
        ("render -t t.tmpl --data bad.yaml", 3, "bad.yaml: "),
        ("render -t t.tmpl --set x", 3, "no value"),
        ("render -t t.tmpl --funcs nope", 3, "no function set"),
        ("render -t set", 3, "Name it with --template: main.tmpl, part.tmpl"),
        ("render -t set --template man.tmpl", 3, "did you mean main.tmpl?"),
        ("render -t bad.tmpl", 3, "Error: template: bad.tmpl:2: missing value for if\n    2 | {{ if }}"),
        ("render -t t.tmpl --data d.json --missingkey error -o no/out", 3, "write no/out"),
        ("render -t t.tmpl --strict --set nam=x", 3, 'no entry for key "name"\n    1 | Hello, {{.name}}!'),
        ("fmt bad.tmpl", 3, "missing value for if"),
        ("fmt --check --write t.tmpl", 2, "not allowed with argument"),
        ("lint -t bad.tmpl", 3, "missing value for if"),
        ("lint -t t.tmpl --ignore nope", 2, "no rule nope"),
        ("nope", 2, "invalid choice"),
        ("", 2, "the following arguments are required"),
    ],
)
def test_complaints(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    code: int,
    complaint: str,
) -> None:
    monkeypatch.chdir(folder)
    found, out, err = _run(*words.split())
    shown = err + capsys.readouterr().err
    assert (found, out) == (code, "")
    assert complaint in shown
    assert "Traceback" not in shown


def test_a_failed_rendering_writes_no_file(folder: Path) -> None:
    target = folder / "out"
    target.write_text("before")
    code, out, _ = _run("render", "-t", "-", "-o", str(target), stdin="a{{index 1}}{{index 1 2}}")
    assert (code, out, target.read_text()) == (3, "", "before")
    assert _run("render", "-t", "-", "-o", str(target), stdin="after") == (0, "", "")
    assert target.read_text() == "after"


def test_trace(folder: Path) -> None:
    words = ["render", "-t", "-", "--set", "x=1,y=2", "--trace"]
    code, out, err = _run(*words, stdin="a\n{{.x}}\n{{if .y}}b: {{.y}}{{end}}\n\n")
    assert (code, out) == (0, "a\n1\nb: 2\n\n")
    assert err.splitlines() == [
        "    1 < stdin:1",
        "    2 < stdin:2: {{.x}}",
        "    3 < stdin:3: {{.y}}",
        "    4 < stdin:4",
    ]
    code, out, err = _run(*words, "--strict", stdin="{{.z}}")
    assert (code, out) == (3, "")
    assert 'no entry for key "z"' in err


def test_fmt(folder: Path) -> None:
    path = folder / "t.tmpl"
    path.write_text("{{  .x|f}}\n")
    assert _run("fmt", str(path)) == (0, "{{ .x | f }}\n", "")
    assert _run("fmt", "-", stdin="{{  .x}}") == (0, "{{ .x }}", "")
    assert _run("fmt", "--check", str(path)) == (1, f"{path}\n", "")
    assert path.read_text() == "{{  .x|f}}\n"
    assert _run("fmt", "--write", str(path)) == (0, "", f"formatted {path}\n")
    assert path.read_text() == "{{ .x | f }}\n"
    assert _run("fmt", "--check", str(folder / "set"), str(path)) == (0, "", "")
    assert _run("fmt", "--write", str(path)) == (0, "", "")


def test_lint(folder: Path) -> None:
    template = str(folder / "t.tmpl")
    assert _run("lint", "-t", template, "--data", str(folder / "d.json")) == (0, "", "1 template, 0 findings\n")
    words = ["lint", "-t", template, "--data", str(folder / "d.json"), "--numbers", "float64"]
    code, out, err = _run(*words)
    assert (code, err) == (1, "1 template, 1 finding\n")
    assert out.startswith("t.tmpl:1:21: float-exponent: ")
    assert _run(*words, "--ignore", "float-exponent")[0] == 0
    code, out, err = _run(*words, "--format", "json")
    (finding,) = json.loads(out)["findings"]
    assert (code, err) == (1, "")
    assert list(finding) == ["name", "line", "column", "rule", "message", "remedy"]
    assert (finding["name"], finding["line"], finding["column"], finding["rule"]) == ("t.tmpl", 1, 21, "float-exponent")


def test_a_defect_of_ours_is_named_as_one() -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise ZeroDivisionError("by zero")

    err = io.BytesIO()
    code = main(["render", "-t", "-"], Surroundings((Broken(), io.BytesIO(), err)))
    assert code == 5
    assert err.getvalue().startswith(b"Error: internal error: ZeroDivisionError: by zero\n")


@pytest.mark.parametrize("command", ["render", "fmt", "lint"])
def test_help_has_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(command, "--help")[0] == 0
    shown = capsys.readouterr().out
    assert f"gotemplate {command} " in shown
    assert "exit codes:" in shown


def test_as_a_process(folder: Path) -> None:
    words = [sys.executable, "-m", "gotemplate", "render", "-t", "t.tmpl", "--data", "d.yaml"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Hello, world! 1000000\n", "")
