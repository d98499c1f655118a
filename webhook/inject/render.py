"""From template to overlay: execute the template on one pod and decode what it wrote into typed containers and volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gotemplate import Template, TemplateError
from gotemplate.values import Value
from webhook.inject.errors import OverlayError, RenderError
from webhook.inject.funcs import Rendering
from webhook.kube import yaml
from webhook.kube.defaulting import with_defaults
from webhook.kube.schema import load_schema

if TYPE_CHECKING:
    from webhook.config.release import Release

PART_TYPES: Final = {
    "initContainers": "v1.Container",
    "containers": "v1.Container",
    "volumes": "v1.Volume",
    "imagePullSecrets": "v1.LocalObjectReference",
}
"""The lists of Istio's SidecarInjectionSpec and the Kubernetes type of their elements."""
_ROWS: Final = {
    "rewriteAppHTTPProbe": "RewriteAppHTTPProbe rewriteAppHTTPProbe bool",
    **{part: f"{part[0].upper()}{part[1:]} {part} []core/{go_type} omitempty" for part, go_type in PART_TYPES.items()},
    "dnsConfig": "DNSConfig dnsConfig *core/v1.PodDNSConfig omitempty",
    "podRedirectAnnot": "PodRedirectAnnot podRedirectAnnot map[string]string omitempty",
    "holdApplicationUntilProxyStarts": "HoldApplicationUntilProxyStarts holdApplicationUntilProxyStarts bool",
}
"""The struct's fields, as the type tables write them; a release has those its ``overlay_keys`` name."""


def execute(template: Template, data: Value) -> str:
    """Execute a template; its function ``render`` gets the same data.

    Raises:
        RenderError: the template failed.
    """
    try:
        with Rendering(data):
            return template.render(data)
    except TemplateError as error:
        raise RenderError(error) from error


def read_document(text: str, release: Release) -> Any:
    """Return what is in a rendered template, untyped (up to 1.8).

    Raises:
        OverlayError: the text is not YAML.
    """
    try:
        return yaml.load(text, release.yaml_dialect, finite=False)
    except yaml.YamlError as error:
        raise OverlayError(str(error), line=error.line, text=text) from error


def decode_document(document: Any, release: Release) -> dict[str, Any]:
    """Return the injection spec that a document is, by the keys that the release knows. Raises DecodeError."""
    schema = load_schema(release.kube_version)
    name = f"istio/{len(release.overlay_keys)}/inject.SidecarInjectionSpec"
    schema.tables.declare(name, tuple(_ROWS[key] for key in release.overlay_keys))
    return schema.decode(name, document, coerce=True)


def encode_item(part: str, item: dict[str, Any], release: Release) -> dict[str, Any]:
    """Return an item of an injection spec as a patch adds it: JSON, to 1.0 with the API server's defaults."""
    if release.patch_applies_defaults:
        item = with_defaults(part, item)
    return load_schema(release.kube_version).encode(PART_TYPES[part], item)
