"""The subcommand ``go``: run recorded vectors, or record a fresh set and run that."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from conformance.go import report as reports
from conformance.go.run import run_suite
from conformance.go.vectors import VECTORS, RecordError, load_suites, record

NOT_RUN = 3
"""Exit code: the input could not be had."""


@click.command("go")
@click.option("--suite", "suites", multiple=True, metavar="NAME", help="Run this suite only; may be repeated.")
@click.option("--failures", "keep", default=0, metavar="N", help="Print the first N differences.")
@click.option("--seed", type=int, metavar="N", help="Record a fresh set with the Go on PATH and this seed, and run it.")
@click.option("--count", default=0, metavar="N", help="With --seed: vectors per suite; 0 for the usual number.")
@click.option(
    "--vectors", "directory", type=click.Path(path_type=Path), default=VECTORS, help="Directory of the vectors."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(suites: tuple[str, ...], keep: int, seed: int | None, count: int, directory: Path, form: str) -> int:
    """Run the vectors recorded from Go's text/template, fmt and Sprig."""
    with tempfile.TemporaryDirectory() as fresh:
        if seed is not None:
            directory = Path(fresh)
        try:
            if seed is not None:
                record(directory, seed, suites=suites, count=count)
            report = _run(directory, suites, keep, form)
        except (RecordError, KeyError, OSError) as error:
            click.echo(f"Error: {error}", err=True)
            return NOT_RUN
    return 0 if report.total.passed == report.total.total else 1


def _run(directory: Path, suites: tuple[str, ...], keep: int, form: str) -> reports.Report:
    report = reports.Report(keep=keep)
    go, seed = "", 0
    for suite in load_suites(directory, suites):
        go, seed = suite.go, suite.seed
        report.add(run_suite(suite))
    if form == "json":
        click.echo(reports.as_json(report, go, seed))
    else:
        for failure in report.failures:
            click.echo(reports.difference(failure))
        click.echo(reports.table(report))
        click.echo(f"recorded with {go}, seed {seed}")
        click.echo(f"{report.total.passed} passed, {report.total.total - report.total.passed} failed")
    return report
