"""Validation of what users write on a pod: which annotations a release checks, how, and how it words what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from webhook.config.release import release_of
from webhook.inject.errors import AnnotationError, ParameterError
from webhook.mesh.errors import multierror_text

if TYPE_CHECKING:
    from webhook.config.release import Release

_TRAFFIC: Final = "traffic.sidecar.istio.io/"
_READINESS: Final = "readiness.status.sidecar.istio.io/"
VALIDATORS: Final[Mapping[str, str]] = {
    "istio.io/proxyConfig": "proxy_config",
    "istio.io/reroute-virtual-interfaces": "interface_names",
    "prometheus.istio.io/merge-metrics": "boolean",
    "proxy.istio.io/config": "proxy_config",
    _READINESS + "failureThreshold": "uint32",
    _READINESS + "initialDelaySeconds": "uint32",
    _READINESS + "periodSeconds": "uint32",
    "sidecar.istio.io/enableCoreDump": "boolean",
    "sidecar.istio.io/interceptionMode": "interception_mode",
    "sidecar.istio.io/proxyCPU": "quantity",
    "sidecar.istio.io/proxyCPULimit": "quantity",
    "sidecar.istio.io/proxyMemory": "quantity",
    "sidecar.istio.io/proxyMemoryLimit": "quantity",
    "sidecar.istio.io/rewriteAppHTTPProbers": "boolean",
    "status.sidecar.istio.io/port": "status_port",
    _TRAFFIC + "excludeInboundPorts": "excluded_ports",
    _TRAFFIC + "excludeInterfaces": "interface_names",
    _TRAFFIC + "excludeOutboundIPRanges": "excluded_ranges",
    _TRAFFIC + "excludeOutboundPorts": "excluded_outbound_ports",
    _TRAFFIC + "includeInboundPorts": "included_ports",
    _TRAFFIC + "includeOutboundIPRanges": "included_ranges",
    _TRAFFIC + "kubevirtInterfaces": "interface_names",
}
"""How the value of an annotation is checked: the name of a function in ``validators``, which most pods do not need.

Which annotations a release checks is its ``validated_annotations``.
"""

PARAMETERS: Final[tuple[tuple[str, str], ...]] = (
    ("IncludeIPRanges", "included_ranges"),
    ("ExcludeIPRanges", "excluded_ranges"),
    ("IncludeInboundPorts", "included_ports"),
    ("ExcludeInboundPorts", "excluded_ports"),
)
"""Istio 0.8 to 1.1 check the parameters of the built-in template with the same rules, in this order."""


def validate_annotations(annotations: Mapping[str, str], release: Release) -> None:
    """Check a pod's annotations as the release does.

    Where Go goes through a map in random order, here the names are in byte order.

    Raises:
        AnnotationError: with the release's text; it is about the first annotation whose value is refused.
    """
    _VALIDATIONS[release.annotation_validation](annotations, release)


def _refusals(names: Iterator[str], values: Mapping[str, str], release: Release) -> Iterator[tuple[str, str]]:
    for name in names:
        problem = _problem(_validator(name, release), values[name], release)
        if problem is not None:
            yield name, problem


def _validator(name: str, release: Release) -> str:
    # 1.1 has the annotation in its registry, but takes any value; only 1.30 looks at the names in it
    if name == _TRAFFIC + "kubevirtInterfaces" and release.annotation_validation == "registry":
        return "always_valid"
    return VALIDATORS[name]


def _problem(validator: str, value: str, release: Release) -> str | None:
    from webhook.inject import validators

    try:
        getattr(validators, validator)(value, release)
    except validators.InvalidValueError as error:
        return str(error)
    return None


def _in_sequence(annotations: Mapping[str, str], release: Release) -> None:
    """Answer with the first failure of a fixed sequence: 0.8 to 1.0.2."""
    present = (name for name in release.validated_annotations if name in annotations)
    for name, problem in _refusals(present, annotations, release):
        raise AnnotationError(name, annotations[name], _old_text(name, annotations[name], problem))


def _old_text(name: str, value: str, problem: str) -> str:
    return f"injection failed. Invalid value for annotation {name}: {value}. Error: {problem}"


def _by_registry(annotations: Mapping[str, str], release: Release) -> None:
    """Collect the failures of a registry, in its order: 1.0.3 to 1.1."""
    present = (name for name in release.validated_annotations if name in annotations)
    _raise_all(annotations, list(_refusals(present, annotations, release)), release, _old_text)


def _by_map(annotations: Mapping[str, str], release: Release) -> None:
    """Collect the failures of the annotations that the pod has: since 1.2."""
    checked = _checked(release)
    if checked.isdisjoint(annotations):
        return
    present = (name for name in sorted(annotations) if name in checked)
    _raise_all(annotations, list(_refusals(present, annotations, release)), release, _text)


@cache
def _checked(release: Release) -> frozenset[str]:
    return frozenset(release.validated_annotations)


def _text(name: str, value: str, problem: str) -> str:
    return f"invalid value '{value}' for annotation '{name}': {problem}"


def _raise_all(
    annotations: Mapping[str, str],
    refused: list[tuple[str, str]],
    release: Release,
    word: Callable[[str, str, str], str],
) -> None:
    if refused:
        texts = [word(name, annotations[name], problem) for name, problem in refused]
        message = multierror_text(texts, indented=release.multierror_is_indented)
        raise AnnotationError(refused[0][0], annotations[refused[0][0]], message)


def _unchecked(_annotations: Mapping[str, str], _release: Release) -> None:
    """Check nothing: up to 0.7."""


_VALIDATIONS: Final[Mapping[str, Callable[[Mapping[str, str], Release], None]]] = {
    "none": _unchecked,
    "sequence": _in_sequence,
    "registry": _by_registry,
    "map": _by_map,
}


def validate_parameters(parameters: Mapping[str, object], release: Release | None = None) -> None:
    """Check the parameters of the built-in template; without a release as 0.8.0, whose template it is.

    Raises:
        ParameterError: for the first one that is refused.
    """
    release = release or release_of("0.8.0")
    for name, validator in PARAMETERS:
        problem = _problem(validator, str(parameters.get(name, "")), release)
        if problem is not None:
            raise ParameterError(problem)
