"""The engine gives Go's answer to every recorded vector, and to a set recorded anew where Go is installed."""

import shutil

import pytest
from commit_seed import commit_seed

from conformance.go.report import difference
from conformance.go.run import run_suite
from conformance.go.vectors import VECTORS, load_suites, record

SUITES = [
    "args", "builtins", "comparisons", "control", "fmt", "lexer", "literals", "lookup", "mutants", "nodes", "random",
    "shapes", "sprig",
]  # fmt: skip
RENDERED = [name for name in SUITES if name != "fmt"]
FRESH_COUNT = 300


def _differences(directory, *names, tier="closures"):
    for suite in load_suites(directory, names):
        yield from (outcome for outcome in run_suite(suite, tier) if not outcome.passed)


def _check(differences, note=""):
    failed = list(differences)
    shown = "\n".join(difference(outcome) for outcome in failed[:5])
    assert not failed, f"{len(failed)} vectors differ{note}, the first:\n{shown}"


@pytest.mark.parametrize("name", SUITES)
def test_recorded_vectors(name):  # the largest suites take some seconds each: thousands of templates
    _check(_differences(VECTORS, name))


@pytest.mark.parametrize("name", RENDERED)
def test_recorded_vectors_by_generated_code(name):  # twice as long: each template is compiled to Python
    _check(_differences(VECTORS, name, tier="code"))


def test_every_suite_is_tested_and_there_are_thirty_thousand_vectors():  # reads all of them: a second
    suites = {suite.name: suite for suite in load_suites(VECTORS)}
    assert sorted(suites) == SUITES
    assert sum(len(suite.vectors) for suite in suites.values()) >= 30_000


@pytest.mark.parametrize("suite", [pytest.param(name, id=name) for name in SUITES])
def test_no_kind_is_under_two_percent_of_its_suite(suite):
    [loaded] = load_suites(VECTORS, [suite])
    kinds = [vector["k"] for vector in loaded.vectors]
    assert [kind for kind in set(kinds) if kinds.count(kind) * 50 < len(kinds)] == []


@pytest.mark.skipif(shutil.which("go") is None, reason="needs Go to record")
def test_vectors_of_a_fresh_seed(tmp_path):  # builds and runs the recorder: up to a minute
    seed = commit_seed()
    record(tmp_path, seed, count=FRESH_COUNT)
    _check(_differences(tmp_path), f" (seed {seed})")
    _check(_differences(tmp_path, tier="code"), f" (seed {seed}, generated code)")
