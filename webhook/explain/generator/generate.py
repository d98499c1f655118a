"""Generates ``webhook/explain/names_table.py``: the annotations and labels in the registry of Istio's Go module ``istio.io/api``.

It runs ``main.go`` with each of the versions below, and joins the answers. Needs Go and a module proxy.

    python webhook/explain/generator/generate.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
TABLE: Final = HERE.parent / "names_table.py"
VERSIONS: Final = ("v1.24.2", "v1.30.8", "v1.31.4", "v1.32.0")
"""One of each minor that the proxy has; names that an older registry had and these have not are in ``names.py``."""

Names = dict[str, set[str]]


def registry(version: str) -> list[str]:
    """Run the Go program with one version of the module, and return its lines."""
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copy(HERE / "main.go", scratch)
        (Path(scratch) / "go.mod").write_text(f"module generator\n\ngo 1.21\n\nrequire istio.io/api {version}\n")
        subprocess.run(["go", "mod", "tidy"], cwd=scratch, check=True, capture_output=True)
        answer = subprocess.run(["go", "run", "."], cwd=scratch, check=True, stdout=subprocess.PIPE, text=True)
    return answer.stdout.splitlines()


def join(lines: list[str]) -> dict[str, Names]:
    """Join the lines of all versions: by kind and name, the resources that carry it."""
    joined: dict[str, Names] = {"annotation": {}, "label": {}}
    for line in lines:
        kind, name, *resources = line.split(" ")
        joined[kind].setdefault(name, set()).update(resources)
    return joined


def module_text(joined: dict[str, Names]) -> str:
    """Return the source of the table."""
    out = [
        '"""The names in Istio\'s registry of annotations and labels, each with the resources that carry it.',
        "",
        f"Source: the Go module istio.io/api, {', '.join(VERSIONS)}, read by ``webhook/explain/generator``; never edited.",
        '"""',
        "",
        "from typing import Final",
    ]
    for kind, names in joined.items():
        out += ["", f"{kind.upper()}S: Final[dict[str, str]] = {{"]
        out += [f'    "{name}": "{" ".join(sorted(names[name]))}",' for name in sorted(names)]
        out.append("}")
    return "\n".join(out) + "\n"


def main() -> int:
    """Write the table."""
    lines = [line for version in VERSIONS for line in registry(version)]
    TABLE.write_text(module_text(join(lines)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
