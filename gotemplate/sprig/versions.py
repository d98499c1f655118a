"""Semantic versions: ``semver`` and ``semverCompare``, by the rules of Masterminds/semver 3.3.

A version is a Go ``*semver.Version`` with its methods. A constraint is ``||``-separated alternatives of comparisons that must all hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from gotemplate.errors import FuncError
from gotemplate.golib import strconv
from gotemplate.values import (
    BOOL,
    ERROR,
    INT,
    STRING,
    UINT64,
    Field,
    Method,
    Pointer,
    Struct,
    Type,
    Value,
    class_of,
    pointer_to,
    struct_type,
)

_IDENTIFIERS: Final = r"[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*"
_EXTRA: Final = rf"(?:-({_IDENTIFIERS}))?(?:\+({_IDENTIFIERS}))?"
_VERSION: Final = re.compile(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{_EXTRA}")
Uint64: Final = class_of(UINT64)


@dataclass(frozen=True, slots=True)
class Version:
    """A parsed version; ``original`` is the text it was read from."""

    major: int
    minor: int
    patch: int
    prerelease: str = ""
    metadata: str = ""
    original: str = ""

    def __str__(self) -> str:
        prerelease = self.prerelease and "-" + self.prerelease
        return f"{self.major}.{self.minor}.{self.patch}{prerelease}{self.metadata and '+' + self.metadata}"

    def compare(self, other: Version) -> int:
        """Return -1, 0 or 1 by precedence; metadata does not count, a prerelease comes before its release."""
        mine, theirs = (self.major, self.minor, self.patch), (other.major, other.minor, other.patch)
        if mine != theirs:
            return -1 if mine < theirs else 1
        if not self.prerelease or not other.prerelease:
            return bool(other.prerelease) - bool(self.prerelease)
        return compare_prereleases(self.prerelease, other.prerelease)


def compare_prereleases(mine: str, theirs: str) -> int:
    """Compare identifier by identifier: numbers by value and before words, words by bytes, fewer identifiers first."""
    a, b = mine.split("."), theirs.split(".")
    if a == b:
        return 0
    ours, others = ([_identifier_rank(part) for part in parts] for parts in (a, b))
    return -1 if ours < others else 1


def _identifier_rank(part: str) -> tuple[int, int, str]:
    if not part:
        return (0, 0, "")
    if part.isdigit() and int(part) < 1 << 64:
        return (1, int(part), "")
    return (2, 0, part)


def parse_version(text: str) -> Version:
    """Read a version, minor and patch optional; what is none raises FuncError in the library's words."""
    found = _VERSION.fullmatch(text)
    if found is None:
        raise FuncError("Invalid Semantic Version")
    try:
        major, minor, patch = (strconv.parse_uint(part or "0", 10, 64) for part in found.groups()[:3])
    except strconv.NumError as error:
        raise FuncError(f"Error parsing version segment: {error}") from None
    prerelease = found[4] or ""
    _check_prerelease(prerelease)
    return Version(major, minor, patch, prerelease, found[5] or "", text)


def _check_prerelease(text: str) -> None:
    for part in text.split(".") if text else ():
        if part.isascii() and part.isdigit():
            if len(part) > 1 and part[0] == "0":
                raise FuncError("Version segment starts with 0")
        elif not re.fullmatch(r"[0-9A-Za-z\-]*", part):
            raise FuncError("Invalid Prerelease string")


def _check_metadata(text: str) -> None:
    if not re.fullmatch(r"[0-9A-Za-z\-.]*", text):
        raise FuncError("Invalid Metadata string")


_VERSION_TYPE: Final = struct_type("semver.Version", [Field(name, UINT64) for name in ("major", "minor", "patch")])
_VERSION_TYPE.fields += tuple(Field(name, STRING) for name in ("pre", "metadata", "original"))
VERSION_POINTER: Final = pointer_to(_VERSION_TYPE)


def _struct(version: Version) -> Struct:
    numbers = {name: Uint64(getattr(version, name)) for name in ("major", "minor", "patch")}
    texts = {"pre": version.prerelease, "metadata": version.metadata, "original": version.original}
    return Struct(_VERSION_TYPE, numbers | texts, host=version)


def _host(receiver: Value) -> Version:
    struct = receiver.target if isinstance(receiver, Pointer) else receiver
    host = struct.host
    return host if isinstance(host, Version) else Version(0, 0, 0)


def _getter(name: str, read: Callable[[Version], Value], result: Type = STRING, *, pointer: bool = False) -> Method:
    return Method(name, lambda receiver: read(_host(receiver)), results=(result,), pointer=pointer)


def _comparison(name: str, test: Callable[[int], Value], result: Type = BOOL) -> Method:
    def call(receiver: Value, other: Value) -> Value:
        return test(_host(receiver).compare(_host(other)))

    return Method(name, call, (VERSION_POINTER,), (result,), pointer=True)


def _next(version: Version, **changes: Any) -> Struct:
    prefix = "v" if version.original.startswith("v") else ""
    changed = replace(version, **changes)
    return _struct(replace(changed, original=prefix + str(changed)))


def _next_patch(version: Version) -> Struct:
    return _next(version, patch=version.patch + (not version.prerelease), prerelease="", metadata="")


def _next_minor(version: Version) -> Struct:
    return _next(version, minor=version.minor + 1, patch=0, prerelease="", metadata="")


def _next_major(version: Version) -> Struct:
    return _next(version, major=version.major + 1, minor=0, patch=0, prerelease="", metadata="")


def _set_prerelease(receiver: Value, text: str) -> Struct:
    _check_prerelease(text)
    return _next(_host(receiver), prerelease=text)


def _set_metadata(receiver: Value, text: str) -> Struct:
    _check_metadata(text)
    return _next(_host(receiver), metadata=text)


_VERSION_TYPE.methods = {
    method.name: method
    for method in (
        _getter("String", str),
        _getter("Original", lambda v: v.original, pointer=True),
        _getter("Major", lambda v: Uint64(v.major), UINT64),
        _getter("Minor", lambda v: Uint64(v.minor), UINT64),
        _getter("Patch", lambda v: Uint64(v.patch), UINT64),
        _getter("Prerelease", lambda v: v.prerelease),
        _getter("Metadata", lambda v: v.metadata),
        _getter("IncPatch", _next_patch, _VERSION_TYPE),
        _getter("IncMinor", _next_minor, _VERSION_TYPE),
        _getter("IncMajor", _next_major, _VERSION_TYPE),
        Method("SetPrerelease", _set_prerelease, (STRING,), (_VERSION_TYPE, ERROR)),
        Method("SetMetadata", _set_metadata, (STRING,), (_VERSION_TYPE, ERROR)),
        Method("MarshalText", lambda receiver: str(_host(receiver)).encode(), results=(STRING, ERROR)),
        _comparison("Compare", lambda order: order, INT),
        _comparison("Equal", lambda order: order == 0),
        _comparison("LessThan", lambda order: order < 0),
        _comparison("LessThanEqual", lambda order: order <= 0),
        _comparison("GreaterThan", lambda order: order > 0),
        _comparison("GreaterThanEqual", lambda order: order >= 0),
    )
}


def semver(text: str) -> Pointer:
    """Return a version, to ask it for ``.Major``, ``.Minor``, ``.Patch``, ``.Prerelease``, ``.Metadata`` or to compare it."""
    return Pointer(VERSION_POINTER, _struct(parse_version(text)))


def semver_compare(constraint: str, version: str) -> bool:
    """Tell whether a version satisfies a constraint (``semverCompare``)."""
    from gotemplate.sprig.constraints import parse_constraint

    parsed = parse_constraint(constraint)
    return parsed.allows(parse_version(version))
