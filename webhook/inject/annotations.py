"""Validation of what users write on a pod: which annotations a release checks, how, and how it words what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from webhook.config.release import release_of
from webhook.inject import validators
from webhook.inject.errors import AnnotationError, ParameterError
from webhook.inject.validators import InvalidValueError, Validator
from webhook.mesh.errors import multierror_text

if TYPE_CHECKING:
    from webhook.config.release import Release

_TRAFFIC: Final = "traffic.sidecar.istio.io/"
_READINESS: Final = "readiness.status.sidecar.istio.io/"
VALIDATORS: Final[Mapping[str, Validator]] = {
    "istio.io/proxyConfig": validators.proxy_config,
    "istio.io/reroute-virtual-interfaces": validators.interface_names,
    "prometheus.istio.io/merge-metrics": validators.boolean,
    "proxy.istio.io/config": validators.proxy_config,
    _READINESS + "failureThreshold": validators.uint32,
    _READINESS + "initialDelaySeconds": validators.uint32,
    _READINESS + "periodSeconds": validators.uint32,
    "sidecar.istio.io/enableCoreDump": validators.boolean,
    "sidecar.istio.io/interceptionMode": validators.interception_mode,
    "sidecar.istio.io/proxyCPU": validators.quantity,
    "sidecar.istio.io/proxyCPULimit": validators.quantity,
    "sidecar.istio.io/proxyMemory": validators.quantity,
    "sidecar.istio.io/proxyMemoryLimit": validators.quantity,
    "sidecar.istio.io/rewriteAppHTTPProbers": validators.boolean,
    "status.sidecar.istio.io/port": validators.status_port,
    _TRAFFIC + "excludeInboundPorts": validators.excluded_ports,
    _TRAFFIC + "excludeInterfaces": validators.interface_names,
    _TRAFFIC + "excludeOutboundIPRanges": validators.excluded_ranges,
    _TRAFFIC + "excludeOutboundPorts": validators.excluded_outbound_ports,
    _TRAFFIC + "includeInboundPorts": validators.included_ports,
    _TRAFFIC + "includeOutboundIPRanges": validators.included_ranges,
    _TRAFFIC + "kubevirtInterfaces": validators.interface_names,
}
"""How the value of an annotation is checked. Which of them a release checks is its ``validated_annotations``."""

PARAMETERS: Final[tuple[tuple[str, Validator], ...]] = (
    ("IncludeIPRanges", validators.included_ranges),
    ("ExcludeIPRanges", validators.excluded_ranges),
    ("IncludeInboundPorts", validators.included_ports),
    ("ExcludeInboundPorts", validators.excluded_ports),
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
        try:
            _validator(name, release)(values[name], release)
        except InvalidValueError as error:
            yield name, str(error)


def _validator(name: str, release: Release) -> Validator:
    # 1.1 has the annotation in its registry, but takes any value; only 1.30 looks at the names in it
    if name == _TRAFFIC + "kubevirtInterfaces" and release.annotation_validation == "registry":
        return validators.always_valid
    return VALIDATORS[name]


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
    checked = set(release.validated_annotations)
    present = (name for name in sorted(annotations) if name in checked)
    _raise_all(annotations, list(_refusals(present, annotations, release)), release, _text)


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
    for name, check in PARAMETERS:
        try:
            check(str(parameters.get(name, "")), release)
        except InvalidValueError as error:
            raise ParameterError(str(error)) from None
