"""Records the vectors of strategic merge and of JSON patches by index: ``python record.py [--work DIR]``.

Needs Go and a module proxy. ``../vectors/strategic.json`` holds what apimachinery of each era answers (one answer a
version, or one for all), ``../vectors/jsondiff.json`` what gomodules.xyz/jsonpatch v3 does. Errors that depend on the
order in which Go walks a map are not asked for: a patch of ``cases.py`` has one fault at most.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cases import differences, merges

HERE = Path(__file__).parent
VERSIONS = {"1.20": "v0.20.5", "1.23": "v0.23.5", "1.27": "v0.27.0", "1.28": "v0.28.3", "1.35": "v0.35.3"}
"""The first version of every rule, and a new one."""
PATCH_LIBRARY = "gomodules.xyz/jsonpatch/v3 v3.0.1"


def build(directory: Path, release: str) -> Path:
    """Build the recorder with one release of the libraries; return the program."""
    directory.mkdir(parents=True, exist_ok=True)
    requirements = f"k8s.io/api {release}", f"k8s.io/apimachinery {release}", PATCH_LIBRARY
    lines = "\n".join(f"require {requirement}" for requirement in requirements)
    (directory / "go.mod").write_text(f"module recorder\n\ngo 1.18\n\n{lines}\n")
    (directory / "main.go").write_text((HERE / "main.go").read_text())
    for command in (["go", "mod", "tidy"], ["go", "build", "-o", "recorder", "."]):
        subprocess.run(command, cwd=directory, check=True, env={**os.environ, "GOFLAGS": "-mod=mod"})
    return directory / "recorder"


def ask(program: Path, op: str, pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Return the answers to questions of one kind."""
    questions = "\n".join(json.dumps({"Op": op, "First": first, "Then": then}) for first, then in pairs)
    found = subprocess.run([program], input=questions, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in found.stdout.splitlines()]


def write(name: str, value: Any) -> None:
    """Write a file of vectors, a case a line."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in value["cases"])
    head = json.dumps(value["versions"])
    (HERE.parent / "vectors" / name).write_text(f'{{"versions": {head}, "cases": [\n{rows}\n]}}\n')


def main() -> None:
    """Ask every version and write what it says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "recorder_strategic")
    work = parser.parse_args().work
    programs = {version: build(work / version, release) for version, release in VERSIONS.items()}
    answers = [ask(program, "merge", merges()) for program in programs.values()]
    rows = []
    for pair, *found in zip(merges(), *answers, strict=True):
        rows.append([*pair, found[:1] if all(one == found[0] for one in found) else found])
    write("strategic.json", {"versions": list(VERSIONS), "cases": rows})
    answers_by_index = ask(programs["1.27"], "diff", differences())
    rows = [[*pair, found["value"]] for pair, found in zip(differences(), answers_by_index, strict=True)]
    write("jsondiff.json", {"versions": [PATCH_LIBRARY], "cases": rows})


if __name__ == "__main__":
    main()
