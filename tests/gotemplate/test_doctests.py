"""Every example in a docstring of gotemplate runs, and the public names have examples."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import gotemplate

MODULES = [
    "gotemplate",
    *(m.name for m in pkgutil.walk_packages(gotemplate.__path__, "gotemplate.") if "__main__" not in m.name),
]
WITH_EXAMPLES = (
    "gotemplate", "gotemplate.assignments", "gotemplate.branches", "gotemplate.errors", "gotemplate.fmt",
    "gotemplate.formatting", "gotemplate.gotypes", "gotemplate.introspect", "gotemplate.linemap", "gotemplate.linting",
    "gotemplate.nearest", "gotemplate.rendering", "gotemplate.sprig", "gotemplate.template", "gotemplate.values",
)  # fmt: skip
OPTIONAL = {"gotemplate.golib.re2": "re2"}


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    failed, tried = doctest.testmod(import_module(name))
    assert failed == 0
    assert tried or name not in WITH_EXAMPLES


def test_the_list_is_right() -> None:
    assert set(WITH_EXAMPLES) <= set(MODULES)
