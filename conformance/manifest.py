"""The manifest of a directory of upstream data: which inputs and settings make which golden.

Reads ``cases.json`` as the README of the data describes it; every path in it is relative to the directory.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ManifestError(Exception):
    """The directory holds no manifest that can be read; the text says what to give instead."""


@dataclass(frozen=True, slots=True)
class ConfigSet:
    """Where the injection configuration of a case comes from; members of ``fields`` depend on ``kind``."""

    name: str
    kind: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One golden case: how to run it, and what it must give."""

    id: str
    mode: str
    input: str | None
    expected: str | None
    expected_error: str | None
    config: str | None
    compare: str
    mesh: Mapping[str, Any]
    values: Mapping[str, Any]
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release's cases and the configurations they name."""

    release: str
    directory: Path
    cases: tuple[Case, ...]
    sets: Mapping[str, ConfigSet]
    harness: Mapping[str, Any]

    def text(self, path: str) -> str:
        """Return a file of the directory as text; bytes that are not UTF-8 are kept."""
        return (self.directory / path).read_text("utf-8", "surrogateescape")


def load_manifest(directory: Path, cases: Path | None = None) -> Manifest:
    """Read the manifest of a directory: its own, or another file whose paths are relative to the directory.

    Raises:
        ManifestError: there is none, or it is not one.
    """
    path = cases or directory / "cases.json"
    try:
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ManifestError(f"{path} does not exist: give the directory of one release") from None
    except (OSError, ValueError) as error:
        raise ManifestError(f"{path} cannot be read: {error}") from error
    try:
        return _manifest(document, directory)
    except (KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{path} is not a manifest of cases: {error!r}") from error


def _manifest(document: dict[str, Any], directory: Path) -> Manifest:
    sets = {name: ConfigSet(name, fields["kind"], fields) for name, fields in document["config"]["sets"].items()}
    return Manifest(
        release=document["istio"],
        directory=directory,
        cases=tuple(_case(fields) for fields in document["cases"]),
        sets=sets,
        harness=document.get("harness") or {},
    )


def _case(fields: dict[str, Any]) -> Case:
    return Case(
        id=fields["id"],
        mode=fields["mode"],
        input=fields["input"],
        expected=fields["expected"],
        expected_error=fields["expected_error"],
        config=fields["config"],
        compare=fields["compare"],
        mesh=fields["mesh"] or {},
        values=fields.get("values") or {},
        params=fields.get("params") or {},
    )
