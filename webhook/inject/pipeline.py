"""The story of one pod: decide, validate, render, and say how to change it. Both ways in, webhook and kube-inject, are told here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webhook.inject.annotations import validate_annotations
from webhook.inject.decide import decide
from webhook.inject.edit import edit_template
from webhook.inject.outcome import Outcome, Overlay
from webhook.inject.recipe import patch_recipe
from webhook.inject.render import render_overlay

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.inject.outcome import Pod


def inject(pod: Pod, snapshot: Snapshot) -> Outcome:
    """Answer an admission request: the decision on the pod and, when it is injected, the patch.

    Raises:
        InjectError: a step failed; the request is to be refused with its text.
    """
    decision = decide(pod, snapshot)
    if not decision.inject:
        return Outcome(decision)
    overlay = make_overlay(pod.get("metadata") or {}, pod.get("spec") or {}, snapshot)
    return Outcome(decision, patch_recipe(pod, overlay, snapshot.release), overlay)


def inject_template(
    metadata: dict[str, Any], spec: dict[str, Any], snapshot: Snapshot
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the metadata and spec of a pod template with the sidecar: kube-inject, which does not ask whether.

    Raises:
        InjectError: a step failed.
    """
    return edit_template(metadata, spec, make_overlay(metadata, spec, snapshot), snapshot.release)


def make_overlay(metadata: dict[str, Any], spec: dict[str, Any], snapshot: Snapshot) -> Overlay:
    """Validate the annotations and render the template for one pod."""
    validate_annotations(metadata.get("annotations") or {}, snapshot.release)
    return render_overlay(metadata, spec, snapshot)
