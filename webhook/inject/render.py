"""From template to overlay: execute the template on one pod and decode what it wrote into typed containers and volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gotemplate import TemplateError
from webhook.inject.data import template_data
from webhook.inject.errors import OverlayError, RenderError
from webhook.inject.outcome import Overlay
from webhook.kube import yaml
from webhook.kube.schema import DecodeError, load_schema

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release

PART_TYPES: Final = {
    "initContainers": "v1.Container",
    "containers": "v1.Container",
    "volumes": "v1.Volume",
    "imagePullSecrets": "v1.LocalObjectReference",
}
"""The lists of Istio's SidecarInjectionSpec and the Kubernetes type of their elements."""
_ROWS: Final = {
    part: f"{part[0].upper()}{part[1:]} {part} []core/{go_type} omitempty" for part, go_type in PART_TYPES.items()
}
"""The struct's fields, as the type tables write them; a release has those its ``overlay_keys`` name."""


def render_overlay(metadata: dict[str, Any], spec: dict[str, Any], snapshot: Snapshot) -> Overlay:
    """Render the snapshot's template for one pod.

    Raises:
        RenderError: the template failed.
        OverlayError: what it wrote is not YAML, or not the YAML of an injection spec.
    """
    try:
        text = snapshot.template.render(template_data(metadata, spec, snapshot))
    except TemplateError as error:
        raise RenderError(error) from error
    return Overlay(_decode(text, snapshot.release), text, snapshot.version)


def _decode(text: str, release: Release) -> dict[str, Any]:
    try:
        document = yaml.load(text, release.yaml_dialect, finite=False)
    except yaml.YamlError as error:
        raise OverlayError(str(error), line=error.line, text=text) from error
    schema = load_schema(release.kube_version)
    name = f"istio/{len(release.overlay_keys)}/inject.SidecarInjectionSpec"
    schema.tables.declare(name, tuple(_ROWS[key] for key in release.overlay_keys))
    try:
        return schema.decode(name, document, coerce=True)
    except DecodeError as error:
        raise OverlayError(f"error unmarshaling JSON: {error}", text=text) from error
