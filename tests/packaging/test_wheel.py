"""The wheel: what is in it, and that the template library works from it with lark alone. Building takes some seconds."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import lark
import pytest

TOP = {"gotemplate", "webhook", "conformance"}
DATA = {
    "gotemplate/grammar.lark",
    "gotemplate/py.typed",
    "webhook/defaults/sidecar.tmpl",
    "webhook/defaults/sample-pod.yaml",
    "webhook/kube/tables/core.v1.json",
    "webhook/mesh/tables/messages.json",
}
BARE = """
import sys
sys.path[:0] = [{folder!r}]
from gotemplate import ExecError, ParseError, Template, fmt, sprig
assert Template("t").parse("{{{{ .a | printf \\"%03d\\" }}}}").render({{"a": 7}}) == "007"
assert Template("t", funcs=sprig.funcs()).parse("{{{{ .a | upper }}}}").render({{"a": "x"}}) == "X"
assert fmt.sprintf("%-5s|%+d", "a", 3) == "a    |+3"
print(sorted(name for name in sys.modules if name in ("yaml", "flask", "click", "cryptography", "kubernetes")))
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", root.as_uri(), str(source)], check=True)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("remora-*.whl"))


def test_what_is_in_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == TOP
    assert set(names) >= DATA
    assert not [name for name in names if name.endswith(".go") or "/generator/" in name]


def test_the_template_library_needs_lark_alone(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    zipfile.ZipFile(wheel).extractall(folder)
    (folder / "lark").symlink_to(Path(lark.__file__).parent)
    code = BARE.format(folder=str(folder))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False, cwd="/"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
