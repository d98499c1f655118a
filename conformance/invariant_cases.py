"""The invariants over the golden cases of a release: every pod of every case that has pods, with the case's own configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.invariants import Finding, check_both_ways, check_pod
from conformance.pods import POD_TYPE, Admitted, pods_of, settings_of
from conformance.snapshots import snapshot_of
from conformance.trial import admit
from webhook.config.errors import ConfigError
from webhook.inject.errors import InjectError
from webhook.kube import yaml
from webhook.kube.schema import load_schema

if TYPE_CHECKING:
    from conformance.manifest import Case, Manifest
    from webhook.config.release import Release

MODES: Final = ("kube-inject", "webhook", "patch")
"""The modes of cases that have pods."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A case and what the invariants say of each of its pods."""

    case: Case
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether all of them hold."""
        return not any(finding.problem for finding in self.findings)


def check_cases(manifest: Manifest) -> Iterator[Checked]:
    """Check every case that has pods, in the manifest's order."""
    for case in manifest.cases:
        if case.mode in MODES:
            yield Checked(case, tuple(_check(case, manifest)))


def _check(case: Case, manifest: Manifest) -> Iterator[Finding]:
    try:
        snapshot = snapshot_of(case, manifest)
    except ConfigError as error:
        yield from _refused(error, case)
        return
    settings = settings_of(case, manifest)
    text = manifest.text(case.input or "")
    for made in _pods(text, case, snapshot.release):
        try:
            yield from check_pod(admit(made.pod, snapshot, settings, made.namespace))
        except InjectError as error:
            yield from _refused(error, case)
    if case.mode == "kube-inject":
        yield from check_both_ways(text, snapshot, settings)


def _refused(error: Exception, case: Case) -> Iterator[Finding]:
    """Yield a problem for a refusal, unless the case is about one."""
    if case.expected_error is None:
        yield Finding("patch", f"refused: {error}")


def _pods(text: str, case: Case, release: Release) -> Iterator[Admitted]:
    if case.mode != "patch":
        yield from pods_of(text, release)
        return
    pod = load_schema(release.kube_version).decode(POD_TYPE, yaml.load(text), coerce=False)
    yield Admitted(pod, (case.params.get("request") or {}).get("namespace", ""))
