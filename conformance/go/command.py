"""The subcommand ``go``: run recorded vectors, or record a fresh set and run that."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from conformance.go.report import Report, as_json, difference, table
from conformance.go.run import run_suite
from conformance.go.vectors import VECTORS, RecordError, load_suites, record
from gotemplate.template import Tier

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
@click.option(
    "--tier",
    type=click.Choice(["auto", "closures", "code"]),
    default="auto",
    show_default=True,
    help="How templates are executed.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    suites: tuple[str, ...], keep: int, seed: int | None, count: int, directory: Path, tier: Tier, form: str
) -> int:
    """Run the vectors recorded from Go's text/template, fmt and Sprig."""
    with tempfile.TemporaryDirectory() as fresh:
        if seed is not None:
            directory = Path(fresh)
        try:
            if seed is not None:
                record(directory, seed, suites=suites, count=count)
            report = _report(directory, suites, keep, tier)
        except (RecordError, KeyError, OSError) as error:
            click.echo(f"Error: {error}", err=True)
            return NOT_RUN
    _print(report, form)
    return 0 if report.total.passed == report.total.total else 1


def _report(directory: Path, suites: tuple[str, ...], keep: int, tier: Tier) -> Report:
    report = Report(keep=keep)
    for suite in load_suites(directory, suites):
        report.go, report.seed = suite.go, suite.seed
        report.add(run_suite(suite, tier))
    return report


def _print(report: Report, form: str) -> None:
    if form == "json":
        click.echo(as_json(report))
        return
    for failure in report.failures:
        click.echo(difference(failure))
    click.echo(table(report))
    click.echo(f"recorded with {report.go}, seed {report.seed}")
    click.echo(f"{report.total.passed} passed, {report.total.total - report.total.passed} failed")
