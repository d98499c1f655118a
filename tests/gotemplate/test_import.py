"""The public face loads nothing before it is asked to."""

from __future__ import annotations

import subprocess
import sys

import gotemplate


def loaded_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has after some code, without those it starts with."""
    script = f"import sys; before = set(sys.modules); {code}; print(*(set(sys.modules) - before))"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(answer.stdout.split())


def test_import_is_cheap() -> None:
    assert loaded_by("import gotemplate") <= {"gotemplate", "importlib", "importlib._bootstrap", "warnings"}


def test_rendering_needs_no_heavy_modules() -> None:
    modules = loaded_by("from gotemplate import Template; Template('t').parse('{{.}}').render(1)")
    assert modules.isdisjoint({"lark", "dataclasses", "inspect", "gotemplate.sprig", "gotemplate.diagnose"})
    assert modules.isdisjoint({"yaml", "re2", "argparse", "gotemplate.explanations", "gotemplate.linemap"})


def test_the_names_of_the_face_load_no_parser() -> None:
    modules = loaded_by("from gotemplate import ExecError, ParseError, Template, sprig")
    assert modules.isdisjoint({"lark", "dataclasses", "re2", "yaml", "gotemplate.parser", "gotemplate.sprig.table"})


def test_every_name_is_there() -> None:
    for name in gotemplate.__all__:
        assert getattr(gotemplate, name) is not None
    assert set(gotemplate.__all__) <= set(dir(gotemplate))


def test_other_names_are_not() -> None:
    assert not hasattr(gotemplate, "nothing")
