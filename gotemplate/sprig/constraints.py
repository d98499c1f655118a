"""Version constraints: ``>= 1.2, < 2 || ~3.1``, by the rules of Masterminds/semver 3.3.

Comparisons are ``= != > < >= => <= =< ~ ~> ^``; ``1.x``, ``1.*`` and ``1`` stand for ranges, ``1 - 2`` for ``>= 1, <= 2``.
A prerelease satisfies only comparisons that name a prerelease themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from gotemplate.errors import FuncError
from gotemplate.sprig.versions import Version, compare_prereleases, parse_version

# The bar is in the class because the library's own expression has it there; such a version then fails to parse.
_PART: Final = r"[0-9|xX*]+"
_IDENTIFIERS: Final = r"[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*"
_BOUND: Final = rf"v?{_PART}(?:\.{_PART})?(?:\.{_PART})?(?:-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?"
_GROUPED: Final = (
    rf"v?(?P<major>{_PART})(?P<minor>\.{_PART})?(?P<patch>\.{_PART})?(?P<pre>-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?"
)
_OPERATOR: Final = r"(?:=||!=|>|<|>=|=>|<=|=<|~|~>|\^)"
_SPACE: Final = r"[\t\n\f\r ]"
_COMPARISON: Final = re.compile(rf"{_SPACE}*(?P<operator>{_OPERATOR}){_SPACE}*(?P<bound>{_GROUPED}){_SPACE}*")
_FIND: Final = re.compile(rf"{_OPERATOR}{_SPACE}*{_BOUND}")
_ONE: Final = rf"{_OPERATOR}{_SPACE}*{_BOUND}{_SPACE}*"
_CONJUNCTION: Final = re.compile(rf"{_SPACE}*{_ONE}(?:(?:{_SPACE}+|,{_SPACE}*){_ONE})*")
_RANGE: Final = re.compile(rf"{_SPACE}*({_BOUND}){_SPACE}+-{_SPACE}+({_BOUND}){_SPACE}*")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: ``open_minor`` and ``open_patch`` say that the bound leaves them out, ``open`` that it leaves out anything."""

    operator: str
    bound: Version
    open: bool = False
    open_minor: bool = False
    open_patch: bool = False

    def allows(self, version: Version) -> bool:
        """Tell whether a version satisfies the comparison."""
        hidden = bool(version.prerelease) and not self.bound.prerelease
        if hidden and (self.operator != "!=" or self.open):
            return False
        return _TESTS[self.operator](self, version)


@dataclass(frozen=True, slots=True)
class Constraint:
    """Alternatives of comparisons that must all hold."""

    alternatives: tuple[tuple[Comparison, ...], ...]

    def allows(self, version: Version) -> bool:
        """Tell whether a version satisfies the constraint."""
        return any(all(one.allows(version) for one in comparisons) for comparisons in self.alternatives)


def parse_constraint(text: str) -> Constraint:
    """Read a constraint; what is none raises FuncError in the library's words."""
    return Constraint(tuple(map(_parse_conjunction, _without_ranges(text).split("||"))))


def _without_ranges(text: str) -> str:
    rewritten = text
    for found in _RANGE.finditer(text):
        rewritten = rewritten.replace(found[0], f">= {found[1]}, <= {found[2]} ", 1)
    return rewritten


def _parse_conjunction(text: str) -> tuple[Comparison, ...]:
    if not _CONJUNCTION.fullmatch(text):
        raise FuncError(f"improper constraint: {text}")
    return tuple(_parse_comparison(found[0]) for found in _FIND.finditer(text))


def _parse_comparison(text: str) -> Comparison:
    found = _COMPARISON.fullmatch(text)
    if found is None:
        raise FuncError(f"improper constraint: {text}")
    major, minor, patch, pre = found["major"], found["minor"] or "", found["patch"] or "", found["pre"] or ""
    bound, whole, open_minor, open_patch = found["bound"], False, False, False
    if _is_wild(major):
        bound, whole = f"0.0.0{pre}", True
    elif _is_wild(minor):
        bound, open_minor = f"{major}.0.0{pre}", True
    elif _is_wild(patch):
        bound, open_patch = f"{major}{minor}.0{pre}", True
    try:
        version = parse_version(bound)
    except FuncError:
        raise FuncError("constraint Parser Error") from None
    return Comparison(found["operator"], version, whole or open_minor or open_patch, open_minor, open_patch)


def _is_wild(part: str) -> bool:
    return part.removeprefix(".") in ("", "x", "X", "*")


def _equal(comparison: Comparison, version: Version) -> bool:
    if comparison.open:
        return _tilde(comparison, version)
    return version.compare(comparison.bound) == 0


def _not_equal(comparison: Comparison, version: Version) -> bool:
    bound = comparison.bound
    if not comparison.open:
        return version.compare(bound) != 0
    if bound.major != version.major:
        return True
    if comparison.open_minor or bound.minor != version.minor:
        return not comparison.open_minor
    if comparison.open_patch:
        return compare_prereleases(version.prerelease, bound.prerelease) != 0
    return version.compare(bound) != 0


def _greater(comparison: Comparison, version: Version) -> bool:
    bound = comparison.bound
    if comparison.open_minor:
        return version.major > bound.major
    if comparison.open_patch:
        return (version.major, version.minor) > (bound.major, bound.minor)
    return version.compare(bound) > 0


def _less(comparison: Comparison, version: Version) -> bool:
    return version.compare(comparison.bound) < 0


def _greater_or_equal(comparison: Comparison, version: Version) -> bool:
    return version.compare(comparison.bound) >= 0


def _less_or_equal(comparison: Comparison, version: Version) -> bool:
    bound = comparison.bound
    if comparison.open_minor:
        return version.major <= bound.major
    if comparison.open:
        return (version.major, version.minor) <= (bound.major, bound.minor)
    return version.compare(bound) <= 0


def _tilde(comparison: Comparison, version: Version) -> bool:
    bound = comparison.bound
    if version.compare(bound) < 0:
        return False
    partial = comparison.open_minor or comparison.open_patch
    if not partial and bound.major == bound.minor == bound.patch == 0:
        return True
    return version.major == bound.major and (comparison.open_minor or version.minor == bound.minor)


def _caret(comparison: Comparison, version: Version) -> bool:
    bound = comparison.bound
    if version.compare(bound) < 0 or version.major != bound.major:
        return False
    if bound.major > 0 or comparison.open_minor:
        return True
    if bound.minor > 0 or comparison.open_patch:
        return version.minor == bound.minor
    return version.minor == 0 and version.patch == bound.patch


_TESTS: Final[Mapping[str, Callable[[Comparison, Version], bool]]] = {
    "": _equal,
    "=": _equal,
    "!=": _not_equal,
    ">": _greater,
    "<": _less,
    ">=": _greater_or_equal,
    "=>": _greater_or_equal,
    "<=": _less_or_equal,
    "=<": _less_or_equal,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}
