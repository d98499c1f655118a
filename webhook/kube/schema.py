"""Typed reading and writing of Kubernetes objects, as a Go program built with one version of k8s.io/api does it.

    schema = load_schema("1.10")
    pod = schema.decode("v1.Pod", value, coerce=True)     # unknown fields gone, Go's order, quantities canonical, zero
    values gone schema.encode("v1.Pod", pod)                          # what json.Marshal prints, as a dict

Type names have their package as a path (``core/v1.Pod``, ``extensions/v1beta1.Deployment``) or, where only one fits,
the name Go prints (``v1.Pod``). Schemas are cached, compiled as they are used, and never change; inputs are never
changed either, and unchanged parts of a value are handed on as they are.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from webhook.kube.decode import Decoders
from webhook.kube.decode_errors import DecodeError, MismatchError
from webhook.kube.encode import Encoders
from webhook.kube.gotypes import GoType, TypeTables, load_index

__all__ = ["DecodeError", "Schema", "api_versions", "load_schema"]

_GO_RELEASES: Final = {
    "1.9": (1, 9), "1.10": (1, 10), "1.11": (1, 10), "1.13": (1, 12), "1.16": (1, 13), "1.17": (1, 13),
    "1.18": (1, 14), "1.19": (1, 14), "1.20": (1, 15), "1.21": (1, 16), "1.22": (1, 16), "1.23": (1, 17),
    "1.24": (1, 18), "1.25": (1, 19), "1.26": (1, 19), "1.27": (1, 20), "1.28": (1, 20), "1.29": (1, 21),
    "1.30": (1, 22), "1.31": (1, 22), "1.32": (1, 23), "1.33": (1, 24), "1.34": (1, 24), "1.35": (1, 25),
    "1.36": (1, 26),
}  # fmt: skip
"""The Go release that built the Istio releases with each API version: error texts depend on it."""


class Schema:
    """The types of one Kubernetes API version, with compiled decoders and encoders."""

    def __init__(self, version: str, go: tuple[int, int]) -> None:
        """Prepare an API version for the error texts of a Go release; ``load_schema`` caches what this builds."""
        self.version = version
        self.tables = TypeTables(version)
        self._go = go
        self._minor = int(version.partition(".")[2])
        self._plain = Decoders(coerce=False)
        self._coercing = Decoders(coerce=True, plain=Decoders(coerce=False, of_yaml=True))
        self.encoders = Encoders()

    def type(self, type_name: str) -> GoType:
        """Return a Go type: fields, JSON names, patch tags. KeyError when the version has no such type."""
        return self.tables.get(type_name)

    def decode(self, type_name: str, value: object, *, coerce: bool) -> dict[str, Any]:
        """Return the canonical dict of a JSON-like value for a struct type.

        JSON names in Go's field order; unknown keys, nulls and zero values dropped; keys matched exactly, else without
        regard to case; empty lists and maps and targets of pointers kept. ``coerce`` is for values from YAML: numbers
        and booleans become strings where Go has a string, as ghodss/yaml and sigs.k8s.io/yaml do. DecodeError with
        encoding/json's text when a value does not fit.
        """
        go_type = self.tables.get(type_name)
        if value is None:
            return {}
        decoders = self._coercing if coerce else self._plain
        try:
            canonical: dict[str, Any] = decoders.get(go_type)(value)
        except MismatchError:
            from webhook.kube.diagnosis import explain_mismatch  # only after a failure

            raise explain_mismatch(go_type, value, go=self._go, api=self._minor, coerce=coerce) from None
        return canonical

    def encode(self, type_name: str, canonical: dict[str, Any]) -> dict[str, Any]:
        """Return a canonical dict as json.Marshal prints the struct.

        Zero fields without omitempty appear, empty omitempty ones do not.
        """
        encoder = self.encoders.get(self.tables.get(type_name))
        return canonical if encoder is None else encoder(canonical)


@cache
def load_schema(version: str, go: str = "") -> Schema:
    """Return the schema of a Kubernetes minor (``1.10``); KeyError when there are no tables for it.

    ``go`` is the Go release (``1.24``) whose error texts are wanted; default is the one that built Istio with this API
    version.
    """
    release = tuple(map(int, go.split(".")[:2])) if go else _GO_RELEASES.get(version, (1, 0))
    return Schema(version, (release[0], release[1]))


def api_versions() -> list[str]:
    """Return the Kubernetes minors that there are tables for, in ascending order."""
    return list(load_index()["versions"])
