"""``python -m conformance invariants DIR…``: what must hold for every pod, checked on every golden case that has pods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from conformance.allowances import BOTH_WAYS, EMPTY_MAP, IDEMPOTENCE, PATCH, UNTELLABLE
from conformance.invariant_cases import Checked, check_cases
from conformance.invariants import INVARIANTS
from conformance.istio_command import BAD_INPUT, read_manifests
from conformance.manifest import ManifestError
from conformance.table import Count, print_table

_ALLOWANCES: Final = (*PATCH, *IDEMPOTENCE, UNTELLABLE, *BOTH_WAYS, EMPTY_MAP)
_REASONS: Final = {allowance.name: allowance.why for allowance in _ALLOWANCES}
Results = Mapping[str, Sequence[Checked]]


@click.command("invariants")
@click.argument("directories", metavar="DIRECTORY…", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(directories: tuple[Path, ...]) -> int:
    """Check what must hold for every injected pod, on the golden cases of releases.

    Each DIRECTORY holds the test data of one: a checkout of Istio, or data with a manifest (cases.json).

    The patch applies by RFC 6902 and gives a pod; a second injection changes nothing; no container, volume or field of
    the pod is lost or changed that no template names; no operation of the patch is superfluous (since 1.9); kube-inject
    and admission give the same pod (since 1.8). The table counts pods. Where Istio itself does otherwise, the reason is
    named and counted.
    """
    try:
        manifests = read_manifests(directories)
    except ManifestError as error:
        click.echo(f"Error: {error}", err=True)
        return BAD_INPUT
    results = {manifest.release: list(check_cases(manifest)) for manifest in manifests}
    everything = [checked for of_release in results.values() for checked in of_release]
    failed = sum(not checked.passed for checked in everything)
    click.echo("\n".join([*_problems(results), print_table(_rows(results), INVARIANTS), *_allowances(everything)]))
    click.echo(f"{len(everything) - failed} passed, {failed} failed")
    return 0 if everything and not failed else 1


def _problems(results: Results) -> list[str]:
    return [
        f"FAIL {release} {checked.case.id}  {finding.invariant}: {finding.problem}"
        for release, of_release in results.items()
        for checked in of_release
        for finding in checked.findings
        if finding.problem
    ]


def _rows(results: Results) -> dict[str, dict[str, Count]]:
    rows: dict[str, dict[str, Count]] = {}
    for release, of_release in results.items():
        row = rows[release] = {}
        for finding in (finding for checked in of_release for finding in checked.findings):
            row[finding.invariant] = row.get(finding.invariant, Count()) + Count(not finding.problem, 1)
    return rows


def _allowances(results: Sequence[Checked]) -> list[str]:
    """Return a line for each reason that Istio gives an invariant not to hold strictly, most frequent first."""
    found: Counter[tuple[str, str]] = Counter(
        (finding.invariant, name)
        for checked in results
        for finding in checked.findings
        for name in filter(None, finding.allowance.split(" + "))
    )
    lines = [f"{count:6}  {invariant}: {name}. {_REASONS[name]}" for (invariant, name), count in found.most_common()]
    return ["as Istio does it, not as the invariant says:", *lines] if lines else []
