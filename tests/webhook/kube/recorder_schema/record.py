"""Records the schema vectors of tests/webhook/kube from the real structs: ``python record.py [--work DIR]``.

``cases.json`` holds what goes in, ``../vectors/schema-<version>.json`` what came out; quantities are the product of the
numbers and suffixes there, and some more. Needs Go and a module proxy. Each version is built by a Go release of its
own, since error texts depend on it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
sys.path.insert(0, str(ROOT / "webhook" / "kube" / "generator"))
import generate  # noqa: E402

GO = {"1.10": "local", "1.19": "go1.21.13", "1.36": "local"}
"""API version to Go toolchain. Error texts changed in 1.24; what the oldest API needs does not build with an old Go."""
YAML = {"ghodss": ("github.com/ghodss/yaml", "v1.0.0"), "sigs": ("sigs.k8s.io/yaml", "v1.4.0")}


def write_recorder(directory: Path, pins: dict[str, Any], flavour: str) -> None:
    """Write the recorder's module for one API version."""
    generate.write_module(directory, pins)
    shutil.copy(HERE / "main.go", directory)
    shutil.copy(HERE / f"yaml_{flavour}.go", directory)
    module, version = YAML[flavour]
    with (directory / "go.mod").open("a") as go_mod:
        go_mod.write(f"require {module} {version}\n")


def record(version: str, directory: Path, cases: dict[str, Any]) -> dict[str, Any]:
    """Run the recorder for one API version, and return its answer."""
    pins = generate.load_versions()[version]
    flavour = "ghodss" if version == "1.10" else "sigs"
    write_recorder(directory, pins, flavour)
    environment = os.environ | {"GOTOOLCHAIN": GO[version]}
    subprocess.run(["go", "mod", "tidy", "-e"], cwd=directory, check=True, capture_output=True, env=environment)
    command = ["go", "run", "-tags", ",".join([*pins["tags"], flavour]), "."]
    answer = subprocess.run(
        command, cwd=directory, check=True, input=json.dumps(cases).encode(), stdout=subprocess.PIPE, env=environment
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def main() -> None:
    """Record every version."""
    parser = argparse.ArgumentParser(description="Record the schema vectors.")
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    cases = json.loads((HERE / "cases.json").read_text())
    grid = cases["quantities"]
    cases["quantities"] = ["".join(pair) for pair in product(grid["numbers"], grid["suffixes"])] + grid["more"]
    vectors = HERE.parent / "vectors"
    vectors.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for version in GO:
            answer = record(version, (options.work or Path(scratch)) / version, cases)
            answer["quantities"] = dict(zip(cases["quantities"], answer["quantities"], strict=True))
            text = json.dumps(answer, indent=1, ensure_ascii=False, sort_keys=False)
            (vectors / f"schema-{version}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
