"""The Go types of the Kubernetes API at one version, read from the generated tables.

A type table is one JSON file a Go package (``tables/core.v1.json``): type name to entry. A struct entry has ``fields``,
one row of words each: Go name, JSON name (``-``: inlined), type in Go syntax, then ``omitempty``, ``omitzero``,
``#N`` (its number in the protobuf message), ``embedded``, ``patch=STRATEGY:MERGEKEY``, ``since=MINOR`` and
``until=MINOR``. Rows keep the declaration order of every version. ``is`` names the underlying type of a named type;
``opaque`` types read themselves from JSON; ``methods`` are the hand-written ones, ``*`` before those of the pointer.
The tables are made by ``webhook/kube/generator`` and never edited.
"""

from __future__ import annotations

import json
import os
from functools import cache, cached_property, lru_cache
from typing import Any, Final, Literal, NamedTuple

Kind = Literal["struct", "opaque", "string", "int", "float", "bool", "pointer", "slice", "bytes", "map", "any"]

TABLES: Final = f"{os.path.dirname(__file__)}/tables"  # noqa: PTH120 - pathlib is slow to import
_SCALARS: Final[dict[str, tuple[Kind, int]]] = {
    "bool": ("bool", 0), "string": ("string", 0), "float64": ("float", 64), "int": ("int", 64),
    "int32": ("int", 32), "int64": ("int", 64), "uint8": ("int", 8),
}  # fmt: skip


class Field(NamedTuple):
    """A struct field as Go declares it.

    ``json`` is empty when the struct is inlined; ``strategy`` and ``merge_key`` are the patch tags.
    """

    go: str
    json: str
    type: GoType
    omitempty: bool = False
    omitzero: bool = False
    embedded: bool = False
    proto: int = 0
    strategy: str = ""
    merge_key: str = ""


class JsonField:
    """A field as encoding/json sees it.

    Inlined structs are flattened; ``path`` are the Go names from the outer struct down to it.
    """

    __slots__ = ("field", "index", "name", "path")

    def __init__(self, name: str, field: Field, path: tuple[str, ...], index: int) -> None:
        self.name = name
        self.field = field
        self.path = path
        self.index = index

    @property
    def promoted(self) -> bool:
        """Tell whether the field comes from an inlined struct."""
        return len(self.path) > 1


class GoType:
    """A Go type at one API version; equal types are the same object.

    ``name`` is the type with packages as paths (``core/v1.Pod``), ``go_name`` as Go prints it (``v1.Pod``). ``elem``
    belongs to pointers, slices and maps, ``key`` to maps, ``bits`` to integers.
    """

    def __init__(  # noqa: PLR0913  # what a type consists of
        self,
        name: str,
        go_name: str,
        kind: Kind,
        package: str = "",
        *,
        bits: int = 0,
        elem: GoType | None = None,
        key: GoType | None = None,
        methods: tuple[str, ...] = (),
        rows: tuple[str, ...] = (),
        types: TypeTables | None = None,
    ) -> None:
        self.name = name
        self.go_name = go_name
        self.kind = kind
        self.package = package
        self.bits = bits
        self.elem = elem
        self.key = key
        self.methods = methods
        self._rows = rows
        self._types = types

    def __repr__(self) -> str:
        return f"<GoType {self.name}>"

    @property
    def short_name(self) -> str:
        """Return the name without its package, empty for unnamed types: what Go's Type.Name() says."""
        return self.name.rpartition(".")[2] if self.package else ""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields of a struct, in declaration order."""
        if self._types is None:
            return ()
        return tuple(self._types.parse_field(row, self.package) for row in self._rows)

    @cached_property
    def json_fields(self) -> tuple[JsonField, ...]:
        """The fields of a struct as encoding/json sees them, in the order in which it writes them."""
        found: list[tuple[str, Field, tuple[str, ...]]] = []
        for own in self.fields:
            if own.json:
                found.append((own.json, own, (own.go,)))
            else:
                found += [(inner.name, inner.field, (own.go, *inner.path)) for inner in own.type.json_fields]
        return tuple(JsonField(name, own, path, index) for index, (name, own, path) in enumerate(found))

    def json_field(self, name: str) -> JsonField | None:
        """Find the field a JSON key means: the exact name, else the first that differs in case only."""
        folded = name.casefold()
        by_case = None
        for candidate in self.json_fields:
            if candidate.name == name:
                return candidate
            if by_case is None and candidate.name.casefold() == folded:
                by_case = candidate
        return by_case


@lru_cache(maxsize=64)
def _load_package(package: str) -> dict[str, Any]:
    return _read_table(package.replace("/", "."))


def _read_table(name: str) -> dict[str, Any]:
    with open(f"{TABLES}/{name}.json", "rb") as file:  # noqa: PTH123
        table: dict[str, Any] = json.loads(file.read())
    return table


@cache
def load_index() -> dict[str, list[str]]:
    """Load the list of versions and of packages that the tables cover."""
    return _read_table("index")


class TypeTables:
    """The types of one API version, built when they are asked for."""

    def __init__(self, version: str) -> None:
        """Choose a Kubernetes minor (``1.10``); KeyError when the tables do not have it."""
        self.versions = load_index()["versions"]
        if version not in self.versions:
            raise KeyError(f"no Kubernetes API tables for {version}; there are {', '.join(self.versions)}")
        self.version = version
        self._rank = self.versions.index(version)
        self._known: dict[str, GoType] = {}
        self._by_name: dict[str, GoType] = {}

    def get(self, name: str) -> GoType:
        """Return a type by its name (``core/v1.Pod``) or, where only one package fits, by the name Go prints
        (``v1.Pod``).

        KeyError when the version has no such type.
        """
        found = self._by_name.get(name)
        if found is None:
            found = self._by_name[name] = self.parse(name if "/" in name else self._qualify(name), "")
        return found

    def declare(self, name: str, rows: tuple[str, ...]) -> GoType:
        """Return a struct type that the tables do not have, by its name with a package path and its field rows.

        Such a type can then be decoded like the others; declaring it again is free.
        """
        known = self._known.get(name)
        if known is None:
            package, _, short = name.rpartition(".")
            go_name = f"{package.rpartition('/')[2]}.{short}"
            known = self._known[name] = GoType(name, go_name, "struct", package, rows=rows, types=self)
        return known

    def parse(self, text: str, package: str) -> GoType:
        """Return the type that a Go type expression means inside a package."""
        key = text if "/" in text or not package else f"{package}:{text}"
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._build(text, package)
        return known

    def parse_field(self, row: str, package: str) -> Field:
        """Read a field row."""
        go, name, type_text, *words = row.split(" ")
        proto, patch = 0, ":"
        for word in words:
            if word[0] == "#":
                proto = int(word[1:])
            elif word.startswith("patch="):
                patch = word[6:]
        strategy, _, merge_key = patch.partition(":")
        return Field(
            go,
            "" if name == "-" else name,
            self.parse(type_text, package),
            omitempty="omitempty" in words,
            omitzero="omitzero" in words,
            embedded="embedded" in words,
            proto=proto,
            strategy=strategy,
            merge_key=merge_key,
        )

    def _build(self, text: str, package: str) -> GoType:
        if text in _SCALARS:
            kind, bits = _SCALARS[text]
            return GoType(text, text, kind, bits=bits)
        if text == "interface {}":
            return GoType(text, text, "any")
        if text.startswith(("*", "[]", "map[")):
            return self._build_composite(text, package)
        if "." not in text:
            return self.parse(f"{package}.{text}", "") if "/" in package else self._named(f"{package}.{text}")
        return self._named(text)

    def _build_composite(self, text: str, package: str) -> GoType:
        if text.startswith("*"):
            elem = self.parse(text[1:], package)
            return GoType(f"*{elem.name}", f"*{elem.go_name}", "pointer", elem=elem)
        if text.startswith("[]"):
            elem = self.parse(text[2:], package)
            return GoType(
                f"[]{elem.name}", f"[]{elem.go_name}", "bytes" if elem.name == "uint8" else "slice", elem=elem
            )
        key_text, _, elem_text = text[4:].partition("]")
        key, elem = self.parse(key_text, package), self.parse(elem_text, package)
        return GoType(f"map[{key.name}]{elem.name}", f"map[{key.go_name}]{elem.go_name}", "map", elem=elem, key=key)

    def _named(self, name: str) -> GoType:
        package, _, short = name.rpartition(".")
        entry = _load_package(package).get(short)
        if entry is None or not self._covers(entry.get("since", ""), entry.get("until", "")):
            raise KeyError(f"Kubernetes {self.version} has no type {name}")
        go_name = f"{package.rpartition('/')[2]}.{short}"
        methods = tuple(row.split(" ")[0] for row in entry.get("methods", ()) if self._has_row(row))
        if "is" in entry:
            base = self.parse(entry["is"], package)
            return GoType(
                name, go_name, base.kind, package, bits=base.bits, elem=base.elem, key=base.key, methods=methods
            )
        if entry.get("opaque"):
            return GoType(name, go_name, "opaque", package)
        rows = tuple(row for row in entry["fields"] if self._has_row(row))
        return GoType(name, go_name, "struct", package, methods=methods, rows=rows, types=self)

    def _has_row(self, row: str) -> bool:
        if "since=" not in row and "until=" not in row:
            return True
        words = dict(word.split("=", 1) for word in row.split(" ") if "=" in word)
        return self._covers(words.get("since", ""), words.get("until", ""))

    def _covers(self, since: str, until: str) -> bool:
        return not (
            (since and self.versions.index(since) > self._rank) or (until and self.versions.index(until) < self._rank)
        )

    def _qualify(self, name: str) -> str:
        """Find the one package whose type Go prints like this; core comes first, since most names are meant there."""
        prefix, _, short = name.rpartition(".")
        packages = [p for p in load_index()["packages"] if p.rpartition("/")[2] == prefix]
        found = [p for p in packages if self._declares(p, short)]
        if "core/v1" in found or len(found) == 1:
            return f"{'core/v1' if 'core/v1' in found else found[0]}.{short}"
        if not found:
            raise KeyError(f"Kubernetes {self.version} has no type {name}")
        raise KeyError(f"{name} is ambiguous: {', '.join(f'{p}.{short}' for p in found)}")

    def _declares(self, package: str, short: str) -> bool:
        entry = _load_package(package).get(short)
        return entry is not None and self._covers(entry.get("since", ""), entry.get("until", ""))
