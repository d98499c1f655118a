"""``python -m conformance istio DIR…``: the golden cases of releases, a line a failure, and how many passed by release and mode."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from conformance.checkout import CheckoutManifest, checkout_manifest, with_rendered_sets
from conformance.istio import Result, run_cases
from conformance.manifest import Case, Manifest, ManifestError, load_manifest
from conformance.page import write_page
from conformance.table import Count, print_table
from webhook.mesh.versions import parse_version

BAD_INPUT: Final = 3
MODES: Final = ("kube-inject", "webhook", "patch", "cli", "uninject")
Results = Mapping[str, Sequence[Result]]
"""The results of each release, in the order of releases."""


@click.command("istio")
@click.argument("directories", metavar="DIRECTORY…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--cases", type=click.Path(path_type=Path), help="A manifest for DIRECTORY, where it has none.")
@click.option("--release", default="", help="Release of a checkout without manifest. Default: told from its charts.")
@click.option("--case", "wanted", multiple=True, help="Only cases whose id contains this (repeatable).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--write", "page", type=click.Path(path_type=Path), help="Write the table as a Markdown page too.")
@click.option("-v", "--verbose", is_flag=True, help="Print the difference of each failure.")
def command(  # one parameter an option
    directories: tuple[Path, ...],
    cases: Path | None,
    release: str,
    wanted: tuple[str, ...],
    form: str,
    page: Path | None,
    verbose: bool,
) -> int:
    """Run the golden cases of releases.

    Each DIRECTORY holds the test data of one: a checkout of Istio, or data with a manifest (cases.json).
    """
    if len(directories) > 1 and (cases is not None or release):
        raise click.UsageError("--cases and --release are about one DIRECTORY")
    try:
        manifests = read_manifests(directories, cases, release)
    except ManifestError as error:
        click.echo(f"Error: {error}", err=True)
        return BAD_INPUT

    def selected(case: Case) -> bool:
        return not wanted or any(part in case.id for part in wanted)

    results = {manifest.release: list(run_cases(manifest, selected)) for manifest in manifests}
    click.echo(_json(results) if form == "json" else _text(results, verbose))
    if page is not None:
        write_page(page, _rows(results), MODES)
    for manifest in manifests:
        _tell_of_others(manifest)
    everything = [result for of_release in results.values() for result in of_release]
    return 0 if everything and all(result.passed for result in everything) else 1


def read_manifests(directories: Sequence[Path], cases: Path | None = None, release: str = "") -> list[Manifest]:
    """Return what is in each directory, in the order of releases; files beside them are passed over, as ``*`` names them too.

    Raises:
        ManifestError: one holds no cases, or two are of one release.
    """
    found = [_manifest(path, cases, release) for path in directories if len(directories) == 1 or not path.is_file()]
    twice = {m.release for m in found if sum(m.release == other.release for other in found) > 1}
    if twice:
        raise ManifestError(f"several directories are of release {', '.join(sorted(twice))}")
    return sorted(found, key=lambda manifest: parse_version(manifest.release))


def _manifest(directory: Path, cases: Path | None, release: str) -> Manifest:
    if cases is not None:
        return with_rendered_sets(load_manifest(directory, cases))
    if (directory / "cases.json").is_file():
        return load_manifest(directory)
    return checkout_manifest(directory, release)


def _tell_of_others(manifest: Manifest) -> None:
    if isinstance(manifest, CheckoutManifest) and manifest.not_run:
        click.echo(
            f"{len(manifest.not_run)} goldens not run: no test is known to use them, or their configuration is not here",
            err=True,
        )


def _rows(results: Results) -> dict[str, dict[str, Count]]:
    rows: dict[str, dict[str, Count]] = {}
    for release, of_release in results.items():
        row = rows[release] = {}
        for result in of_release:
            row[result.case.mode] = row.get(result.case.mode, Count()) + Count(result.passed, 1)
    return rows


def _text(results: Results, verbose: bool) -> str:
    everything = [(release, result) for release, of_release in results.items() for result in of_release]
    failed = [(release, result) for release, result in everything if not result.passed]
    lines = [
        f"FAIL {release} {result.case.id}  {result.difference if verbose else _short(result.difference)}"
        for release, result in failed
    ]
    table = print_table(_rows(results), MODES, "all")
    return "\n".join([*lines, table, f"{len(everything) - len(failed)} passed, {len(failed)} failed"])


def _short(difference: str) -> str:
    """Return the first line of a difference that says something."""
    lines = [line for line in difference.splitlines() if not line.startswith(("---", "+++", "@@", " "))]
    return (lines or [difference])[0][:160]


def _json(results: Results) -> str:
    """Return the results as one object; of several releases, as a list of them."""
    documents = [_document(release, of_release) for release, of_release in results.items()]
    return json.dumps(documents[0] if len(documents) == 1 else documents, indent=1)


def _document(release: str, results: Sequence[Result]) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {"id": r.case.id, "mode": r.case.mode, "passed": r.passed, "difference": r.difference} for r in results
    ]
    passed = sum(r.passed for r in results)
    return {"release": release, "passed": passed, "failed": len(results) - passed, "cases": rows}
