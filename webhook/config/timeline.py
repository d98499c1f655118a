"""The building block of the release table: a dataclass field that knows its value in every release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, field, fields
from typing import Any

from webhook.mesh.versions import Version, at


def by_release(sentence: str, steps: Mapping[str, Any]) -> Any:
    """Declare a field of a Release: what it means, and its values as first version to value in ascending order."""
    return field(metadata={"sentence": sentence, "steps": steps})


def steps_of(declared: Field[Any]) -> Mapping[str, Any]:
    """Return the values of a field by first version."""
    steps: Mapping[str, Any] = declared.metadata["steps"]
    return steps


def sentence_of(declared: Field[Any]) -> str:
    """Return what a field means."""
    sentence: str = declared.metadata["sentence"]
    return sentence


def values_at(kind: type[Any], version: Version) -> dict[str, Any]:
    """Return the values of all fields of a dataclass that ``by_release`` declared, at a version."""
    return {declared.name: at(steps_of(declared), version) for declared in fields(kind) if "steps" in declared.metadata}
