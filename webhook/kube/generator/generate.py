"""Generates the type tables in ``webhook/kube/tables`` from the Go modules that ``versions.json`` names.

For every Kubernetes minor it runs ``main.go`` (Go reflection over k8s.io/api, k8s.io/apimachinery and openshift/api at
that version), then folds the answers into one file a Go package, in which a field carries the range of minors that have
it. Needs Go and a module proxy.

    python webhook/kube/generator/generate.py [--work DIR] [VERSION ...]

``--work`` keeps the Go answers, and uses those that are there already. Naming versions only runs Go for them, and
writes nothing. The row format is described in ``webhook.kube.schema``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TABLES = HERE.parent / "tables"
MODULES = {
    "api": "k8s.io/api",
    "apimachinery": "k8s.io/apimachinery",
    "openshift": "github.com/openshift/api",
    "openapi": "k8s.io/kube-openapi",
}


def load_versions() -> dict[str, dict[str, Any]]:
    """Load the module versions and build tags, by Kubernetes minor in ascending order."""
    versions: dict[str, dict[str, Any]] = json.loads((HERE / "versions.json").read_text())
    return versions


def write_module(directory: Path, pins: dict[str, Any]) -> None:
    """Write the generator's sources and a go.mod that pins the modules into a directory.

    Only the root files of the version are copied: `go mod tidy` ignores build tags, and would look for the packages of
    all of them.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("main.go", "roots.go", *(f"roots_{tag}.go" for tag in pins["tags"])):
        shutil.copy(HERE / name, directory)
    lines = ["module generator", "", "go 1.21", ""]
    for name, module in MODULES.items():
        if name in pins:
            lines += [f"require {module} {pins[name]}", f"replace {module} => {module} {pins[name]}"]
    (directory / "go.mod").write_text("\n".join(lines) + "\n")


def reflect_types(directory: Path, pins: dict[str, Any]) -> dict[str, Any]:
    """Run the Go program in a directory of its own, and return the types by name."""
    answer = directory / "types.json"
    if not answer.exists():
        write_module(directory, pins)
        subprocess.run(["go", "mod", "tidy", "-e"], cwd=directory, check=True, capture_output=True)
        command = ["go", "run", "-tags", ",".join(pins["tags"]), "."]
        answer.write_bytes(subprocess.run(command, cwd=directory, check=True, stdout=subprocess.PIPE).stdout)
    types: dict[str, Any] = json.loads(answer.read_text())
    return types


def field_row(field: dict[str, Any], package: str) -> str:
    """Write a field as a row without its range."""
    options = [option for option in field.get("options", "").split(",") if option in ("omitempty", "omitzero")]
    words = [field["go"], field["json"] or "-", field["type"].replace(f"{package}.", ""), *options]
    if field.get("proto"):
        words.append(f"#{field['proto']}")
    if field.get("embedded"):
        words.append("embedded")
    if field.get("strategy"):
        words.append(f"patch={field['strategy']}:{field.get('mergeKey', '')}")
    return " ".join(words)


def with_range(row: str, present: list[str], within: list[str]) -> str:
    """Add to a row the first and last of the versions that have it, where they differ from those of its type."""
    if present[0] != within[0]:
        row += f" since={present[0]}"
    if present[-1] != within[-1]:
        row += f" until={present[-1]}"
    return row


def merge_rows(history: dict[str, list[str]]) -> list[str]:
    """Merge the row lists of several versions into one in which every version's rows keep their order.

    A row whose versions are not one unbroken run appears more than once.
    """
    merged: list[tuple[str, list[str]]] = []
    previous = ""
    for version, rows in history.items():
        known = [row if present[-1] == previous else "" for row, present in merged]
        result: list[tuple[str, list[str]]] = []
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, known, rows, autojunk=False).get_opcodes():
            if tag == "equal":
                result += [(row, [*present, version]) for row, present in merged[i1:i2]]
            else:
                result += merged[i1:i2] + [(row, [version]) for row in rows[j1:j2]]
        merged, previous = result, version
    within = list(history)
    return [with_range(row, present, within) for row, present in merged]


def merge_type(name: str, history: dict[str, dict[str, Any]], versions: list[str]) -> dict[str, Any]:
    """Merge what the versions say about one type into its table entry."""
    package = name.rpartition(".")[0]
    newest = list(history.values())[-1]
    present = list(history)
    entry: dict[str, Any] = {}
    if present[0] != versions[0]:
        entry["since"] = present[0]
    if present[-1] != versions[-1]:
        entry["until"] = present[-1]
    if newest.get("opaque"):
        return entry | {"opaque": True}
    if "underlying" in newest:
        entry["is"] = newest["underlying"].replace(f"{package}.", "")
    else:
        entry["fields"] = merge_rows(
            {v: [field_row(f, package) for f in t.get("fields", ())] for v, t in history.items()}
        )
    methods = merge_rows({v: t.get("methods", []) for v, t in history.items()})
    return entry | ({"methods": methods} if methods else {})


def fold(answers: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Fold the types of all versions into entries by package and type name."""
    packages: dict[str, dict[str, Any]] = {}
    for name in sorted({name for types in answers.values() for name in types}):
        package, _, short = name.rpartition(".")
        history = {version: types[name] for version, types in answers.items() if name in types}
        packages.setdefault(package, {})[short] = merge_type(name, history, list(answers))
    return packages


def write_tables(packages: dict[str, dict[str, Any]], versions: list[str]) -> None:
    """Write one JSON file a package, and the index of versions and packages."""
    TABLES.mkdir(exist_ok=True)
    for package, types in packages.items():
        text = json.dumps(types, indent=1, ensure_ascii=True)
        (TABLES / f"{package.replace('/', '.')}.json").write_text(text + "\n")
    index = {"versions": versions, "packages": sorted(packages)}
    (TABLES / "index.json").write_text(json.dumps(index, indent=1) + "\n")


def main(arguments: list[str]) -> int:
    """Run Go for each version; without versions named, write the tables."""
    parser = argparse.ArgumentParser(description="Generate the Kubernetes type tables.")
    parser.add_argument("--work", type=Path)
    parser.add_argument("versions", nargs="*")
    options = parser.parse_args(arguments)
    pins = load_versions()
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        answers = {version: reflect_types(work / version, pins[version]) for version in options.versions or pins}
    if not options.versions:
        write_tables(fold(answers), list(answers))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
