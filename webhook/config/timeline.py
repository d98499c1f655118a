"""The building block of the release table: a feature, declared where its type is, that knows its value in every release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webhook.mesh.versions import Version, at


class Feature:
    """What a feature means, and its values as first version to value in ascending order."""

    __slots__ = ("name", "sentence", "steps")

    def __init__(self, sentence: str, steps: Mapping[str, Any]) -> None:
        self.name = ""
        self.sentence = sentence
        self.steps = steps

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name


def by_release(sentence: str, steps: Mapping[str, Any]) -> Any:
    """Declare an attribute of a class as a feature; its instances have the value of their release there."""
    return Feature(sentence, steps)


def features_of(kind: type[Any]) -> tuple[Feature, ...]:
    """Return the features a class declares, in their order."""
    return tuple(declared for declared in vars(kind).values() if isinstance(declared, Feature))


def values_at(kind: type[Any], version: Version) -> dict[str, Any]:
    """Return the values of all features of a class at a version."""
    return {feature.name: at(feature.steps, version) for feature in features_of(kind)}
