"""``python -m conformance istio``: several directories in one call, a table, and the page that is kept in the documentation."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from conformance.istio_command import MODES, command
from conformance.manifest import load_manifest
from conformance.page import write_page
from conformance.table import Count, print_table, write_table


def run(*arguments: object) -> tuple[Any, str]:
    result = CliRunner().invoke(command, [str(word) for word in arguments], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.return_value, result.output


def test_several_releases_in_one_call(upstream: Path) -> None:
    code, output = run(upstream / "0.7.1", upstream / "0.5.1")
    lines = [line.split() for line in output.splitlines()]
    assert lines[0] == ["release", *MODES, "all"]
    assert [line[0] for line in lines[1:4]] == ["0.5.1", "0.7.1", "total"]
    assert lines[3][-3:] == ["65", "of", "65"]
    assert (code, output.splitlines()[-1]) == (0, "65 passed, 0 failed")


def test_files_beside_the_directories_are_passed_over(upstream: Path) -> None:
    code, output = run(upstream / "0.5.1", upstream / "README.md")
    assert (code, output.splitlines()[-1]) == (0, "29 passed, 0 failed")
    code, output = run(upstream / "README.md")
    assert code == 3
    assert "neither a manifest" in output


def test_json_of_one_release_and_of_several(upstream: Path) -> None:
    one, several = (json.loads(run(*args, "--format", "json")[1]) for args in (
        [upstream / "0.5.1"], [upstream / "0.5.1", upstream / "0.7.1", "--case", "hello-ignore"],
    ))  # fmt: skip
    assert (one["release"], one["passed"], one["failed"], len(one["cases"])) == ("0.5.1", 29, 0, 29)
    assert [document["release"] for document in several] == ["0.5.1", "0.7.1"]


def test_a_failure_is_named_and_the_answer_is_no(upstream: Path, tmp_path: Path) -> None:
    document = json.loads((upstream / "0.5.1" / "cases.json").read_text())
    first = document["cases"][0]
    first["expected"], document["cases"] = first["input"], [first]
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps(document))
    code, output = run(upstream / "0.5.1", "--cases", cases)
    assert code == 1
    assert output.startswith(f"FAIL 0.5.1 {first['id']}  +")
    assert output.splitlines()[-1] == "0 passed, 1 failed"


def test_options_about_one_directory(upstream: Path) -> None:
    with pytest.raises(click.UsageError, match="about one DIRECTORY"):
        run(upstream / "0.5.1", upstream / "0.7.1", "--release", "0.5.1")


def test_a_release_cannot_come_twice(upstream: Path) -> None:
    code, output = run(upstream / "0.5.1", upstream / "0.5.1")
    assert (code, "several directories are of release 0.5.1" in output) == (3, True)


def test_the_page_tells_of_every_case_that_it_passes(upstream: Path, root: Path, tmp_path: Path) -> None:
    """That they do is held by test_istio_goldens."""
    manifests = [load_manifest(path) for path in upstream.iterdir() if (path / "cases.json").is_file()]
    manifests.sort(key=lambda manifest: [int(part) for part in manifest.release.split(".")])
    rows = {}
    for manifest in manifests:
        modes = Counter(case.mode for case in manifest.cases)
        rows[manifest.release] = {mode: Count(number, number) for mode, number in modes.items()}
    write_page(tmp_path / "page.md", rows, MODES)
    assert (root / "docs" / "conformance.md").read_text("utf-8") == (tmp_path / "page.md").read_text("utf-8")


ROWS = {"1.0": {"a": Count(1, 2), "b": Count(3, 3)}, "1.10": {"a": Count(10, 10)}}


def test_a_table_for_the_terminal() -> None:
    assert print_table(ROWS, ("a", "b"), "all").splitlines() == [
        "release         a       b       all",
        "    1.0    1 of 2  3 of 3    4 of 5",
        "   1.10  10 of 10       –  10 of 10",
        "  total  11 of 12  3 of 3  14 of 15",
    ]


def test_a_table_for_a_page() -> None:
    assert write_table(ROWS, ("a", "b")).splitlines() == [
        "| release | a | b |",
        "| --- | ---: | ---: |",
        "| 1.0 | 1 of 2 | 3 of 3 |",
        "| 1.10 | 10 of 10 | – |",
        "| total | 11 of 12 | 3 of 3 |",
    ]
