"""Istio versions, and steps that say which value holds from which version on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

Version = tuple[int, int, int]
"""Major, minor, patch."""

NEWEST_PATCH: Final = 999
"""The patch that stands for "the newest of the minor" where only a minor was named; no Istio minor comes near it."""

_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?")


@lru_cache(maxsize=512)  # the steps of all features name some eighty versions, again and again
def parse_version(text: str) -> Version:
    """Return the version a text names.

    A suffix such as ``-rc.0`` counts as the release itself, a bare minor as its newest patch. Raises ValueError for
    anything else.
    """
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a version of Istio: write it as 1.20.8 or 1.20")
    patch = match[3]
    return int(match[1]), int(match[2]), NEWEST_PATCH if patch is None else int(patch)


def minor_of(version: Version) -> str:
    """Return the minor release of a version, as ``1.20``."""
    return f"{version[0]}.{version[1]}"


def at(steps: Mapping[str, Any], version: Version) -> Any:
    """Return the value that holds at a version, from steps of first version to value in ascending order.

    Behaviour is backported, so the steps need not be monotonous: ``{"0.5.0": False, "1.20.8": True, "1.21.0": False,
    "1.21.6": True}``.
    """
    value: Any = None
    for start, candidate in steps.items():
        if parse_version(start) > version:
            break
        value = candidate
    return value


def since(first: str, *backports: str) -> dict[str, bool]:
    """Return the steps of a feature that came with ``first`` and was also brought to some patches of older minors."""
    steps = {"0.5.0": False}
    for patch in sorted(backports, key=parse_version):
        steps[patch] = True
        major, minor, _ = parse_version(patch)
        steps[f"{major}.{minor + 1}.0"] = False
    steps[first] = True
    return steps


def until(last: str) -> dict[str, bool]:
    """Return the steps of a feature that held up to the minor ``last`` and no longer."""
    major, minor, _ = parse_version(last)
    return {"0.5.0": True, ("1.0.0" if (major, minor) == (0, 8) else f"{major}.{minor + 1}.0"): False}
