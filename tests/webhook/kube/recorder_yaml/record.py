"""Asks Go's YAML and JSON libraries and keeps the answers: run it from anywhere, it needs Go and a module proxy.

    python tests/webhook/kube/recorder_yaml/record.py

Writes ``../vectors/yaml_*.json``. A case is ``[input, answer]`` where all dialects agree, else ``[input, [answer, …],
digits]`` with one digit for each of ``dialects``; an answer is the text, or ``{"err": text}``.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import cases

HERE = Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"


class Library(NamedTuple):
    """What a dialect is built from: the codec, its yaml.v2 (None: the codec's own), and the Go toolchain."""

    codec: str
    yaml_v2: str | None
    toolchain: str = "local"


GHODSS = "github.com/ghodss/yaml v1.0.0"
DIALECTS = {
    "YAML_V2_0": Library(GHODSS, "v2.0.0-20180109114331-d670f9405373", "go1.12.17"),
    "YAML_V2_2": Library(GHODSS, "v2.2.1", "go1.12.17"),
    "YAML_V2_2_2": Library(GHODSS, "v2.2.2"),
    "YAML_V2_2_4": Library(GHODSS, "v2.2.8"),
    "YAML_V2_3": Library(GHODSS, "v2.3.0"),
    "YAML_V2_4": Library(GHODSS, "v2.4.0"),
    "SIGS_V1_3": Library("sigs.k8s.io/yaml v1.3.0", "v2.4.0"),
    "SIGS_V1_4": Library("sigs.k8s.io/yaml v1.6.0", None),
}
READERS = {"blank": "v0.21.2", "comments": "v0.22.2"}


def build(folder: Path, source: str, module: str, toolchain: str) -> Path:
    """The program of a source folder, compiled against the given go.mod text."""
    folder.mkdir(parents=True)
    shutil.copy(HERE / source / "main.go", folder)
    (folder / "go.mod").write_text(module)
    subprocess.run(["go", "mod", "tidy"], cwd=folder, check=True, capture_output=True)
    environment = {**os.environ, "GOTOOLCHAIN": toolchain}
    subprocess.run(["go", "build", "-o", "recorder", "."], cwd=folder, check=True, env=environment)
    return folder / "recorder"


def codec_module(library: Library) -> str:
    lines = ["module recorder", "go 1.12", "require codec.example/yaml v0.0.0"]
    lines.append(f"replace codec.example/yaml => {library.codec}")
    if library.yaml_v2:
        lines.append(f"replace gopkg.in/yaml.v2 => gopkg.in/yaml.v2 {library.yaml_v2}")
    return "\n\n".join(lines) + "\n"


def text_of(data: str) -> str:
    return base64.b64encode(data.encode("utf-8", "surrogateescape")).decode()


def ask(program: Path, questions: list[dict[str, object]]) -> list[object]:
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.split("\n") if line]
    return [{"err": answer["err"]} if "err" in answer else answer["out"] for answer in answers]


def questions() -> dict[str, tuple[list[object], list[dict[str, object]]]]:
    """For each topic the inputs as they are kept, and as they are asked."""
    scalars = cases.TABLES["scalars"]
    strings = [*scalars, *cases.TABLES["strings"], *cases.random_strings(1, 400)]
    values: list[object] = [dict.fromkeys(keys, 1) for keys in cases.KEY_SETS]
    values += cases.random_values(2, 60)
    topics: dict[str, tuple[str, list[object]]] = {
        "scalars": ("load", [f"k: {text}" for text in scalars]),
        "keys": ("load", [f"{text}: v" for text in scalars]),
        "tags": ("load", [f"k: {text}" for text in cases.TAGGED]),
        "texts": ("strings", [f"k: {text}" for text in scalars]),
        "documents": ("load", list(cases.TABLES["documents"])),
        "errors": ("load", list(cases.TABLES["broken"])),
        "odd_texts": ("load", list(cases.odd_texts(5, 600))),
        "odd_values": ("dump", list(cases.odd_values(4, 400))),
        "emit": ("dump", [{"v": text} for text in strings]),
        "emit_items": ("dump", [[text, [text]] for text in strings]),
        "emit_keys": ("dump", [{text: {"v": None}} for text in strings]),
        "structures": ("dump", values),
        "json": ("json", list(cases.JSON_VALUES)),
        "json_indent": ("jsonindent", list(cases.JSON_VALUES)),
        "json_raw": ("jsonraw", list(cases.JSON_VALUES)),
        "json_load": ("jsonload", list(cases.TABLES["json_texts"])),
    }
    by_text = ("load", "strings", "jsonload")
    return {
        topic: (
            inputs,
            [{"Op": op, "Text": text_of(str(x))} if op in by_text else {"Op": op, "Value": x} for x in inputs],
        )
        for topic, (op, inputs) in topics.items()
    }


def row(given: object, answers: list[object]) -> list[object]:
    """A case: where dialects differ, the distinct answers and for each dialect the digit of its own."""
    distinct: list[object] = []
    for answer in answers:
        if answer not in distinct:
            distinct.append(answer)
    if len(distinct) == 1:
        return [given, distinct[0]]
    return [given, distinct, "".join(str(distinct.index(answer)) for answer in answers)]


def record_codecs(work: Path) -> None:
    programs = {
        name: build(work / name, "codec", codec_module(library), library.toolchain)
        for name, library in DIALECTS.items()
    }
    for topic, (inputs, asked) in questions().items():
        newest = {"SIGS_V1_4": programs["SIGS_V1_4"]} if topic.startswith("json") else programs
        columns = [ask(program, asked) for program in newest.values()]
        rows = [row(given, list(answers)) for given, *answers in zip(inputs, *columns, strict=True)]
        save(f"yaml_{topic}", {"dialects": list(newest), "cases": rows})


def record_readers(work: Path) -> None:
    answers = {}
    streams = [*cases.TABLES["streams"], "x" * 5000 + "\n---\n" + "y" * 9000]
    for name, version in READERS.items():
        module = f"module recorder\n\ngo 1.16\n\nrequire k8s.io/apimachinery {version}\n"
        program = build(work / name, "documents", module, "local")
        texts = json.dumps([text_of(text) for text in streams])
        done = subprocess.run([program], input=texts, capture_output=True, text=True, check=True)
        answers[name] = json.loads(done.stdout)
    rows = [[text, *found] for text, *found in zip(streams, *answers.values(), strict=True)]
    save("yaml_streams", {"rules": list(answers), "cases": rows})


def save(name: str, table: dict[str, list[object]]) -> None:
    """One line a case."""
    VECTORS.mkdir(exist_ok=True)
    head, cases_key = list(table)
    lines = ",\n".join(compact(case) for case in table[cases_key])
    text = f'{{"{head}":{compact(table[head])},"{cases_key}":[\n{lines}\n]}}\n'
    (VECTORS / f"{name}.json").write_text(text, "utf-8")


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        record_codecs(Path(work))
        record_readers(Path(work))


if __name__ == "__main__":
    main()
