"""Istio's own goldens, release by release: every case must pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.istio import run_cases
from conformance.manifest import load_manifest

RELEASES = {
    "0.5.1": 29, "0.7.1": 36, "0.8.0": 78, "1.0.9": 85, "1.1.17": 96, "1.3.8": 120, "1.5.10": 125, "1.8.6": 188,
    "1.9.9": 175, "1.12.9": 183, "1.14.6": 197, "1.18.7": 201, "1.20.8": 193, "1.24.6": 209, "1.27.9": 250, "1.30.3": 262,
}  # fmt: skip


# takes 1 to 6 seconds a release: hundreds of templates, and command lines run as processes
@pytest.mark.parametrize("release", RELEASES)
def test_every_case_passes(upstream: Path, release: str) -> None:
    results = list(run_cases(load_manifest(upstream / release)))
    assert len(results) == RELEASES[release]
    assert [f"{r.case.id}: {r.difference}" for r in results if not r.passed] == []
