"""``python -m conformance istio DIR``: the golden cases of one release, a line a failure, and how many passed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click

from conformance.checkout import CheckoutManifest, checkout_manifest, with_rendered_sets
from conformance.istio import Result, run_cases
from conformance.manifest import Case, Manifest, ManifestError, load_manifest

BAD_INPUT = 3


@click.command("istio")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--cases", type=click.Path(path_type=Path), help="A manifest for DIRECTORY, where it has none.")
@click.option("--release", default="", help="Release of a checkout without manifest. Default: told from its charts.")
@click.option("--case", "wanted", multiple=True, help="Only cases whose id contains this (repeatable).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-v", "--verbose", is_flag=True, help="Print the difference of each failure.")
def command(
    directory: Path, cases: Path | None, release: str, wanted: tuple[str, ...], form: str, verbose: bool
) -> int:
    """Run the golden cases of the release whose test data is in DIRECTORY: a checkout of Istio, or data with a manifest (cases.json)."""
    try:
        manifest = _manifest(directory, cases, release)
    except ManifestError as error:
        click.echo(f"Error: {error}", err=True)
        return BAD_INPUT

    def selected(case: Case) -> bool:
        return not wanted or any(part in case.id for part in wanted)

    results = list(run_cases(manifest, selected))
    failed = [result for result in results if not result.passed]
    click.echo(_json(manifest, results) if form == "json" else _text(results, failed, verbose))
    if isinstance(manifest, CheckoutManifest) and manifest.not_run:
        click.echo(
            f"{len(manifest.not_run)} goldens not run: no test is known to use them, or their configuration is not here",
            err=True,
        )
    return 1 if failed or not results else 0


def _manifest(directory: Path, cases: Path | None, release: str) -> Manifest:
    if cases is not None:
        return with_rendered_sets(load_manifest(directory, cases))
    if (directory / "cases.json").is_file():
        return load_manifest(directory)
    return checkout_manifest(directory, release)


def _text(results: list[Result], failed: list[Result], verbose: bool) -> str:
    lines = [f"FAIL {r.case.id}  {r.difference if verbose else _short(r.difference)}" for r in failed]
    modes: Counter[str] = Counter(r.case.mode for r in results)
    passed: Counter[str] = Counter(r.case.mode for r in results if r.passed)
    lines += [f"{mode}: {passed[mode]} of {total}" for mode, total in sorted(modes.items())]
    return "\n".join([*lines, f"{len(results) - len(failed)} passed, {len(failed)} failed"])


def _short(difference: str) -> str:
    """Return the first line of a difference that says something."""
    lines = [line for line in difference.splitlines() if not line.startswith(("---", "+++", "@@", " "))]
    return (lines or [difference])[0][:160]


def _json(manifest: Manifest, results: list[Result]) -> str:
    rows: list[dict[str, Any]] = [
        {"id": r.case.id, "mode": r.case.mode, "passed": r.passed, "difference": r.difference} for r in results
    ]
    passed = sum(r.passed for r in results)
    return json.dumps(
        {"release": manifest.release, "passed": passed, "failed": len(results) - passed, "cases": rows}, indent=1
    )
