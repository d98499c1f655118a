"""The in-place edit of kube-inject up to 1.7, as a function: pod template in, new pod template out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webhook.inject.status import STATUS_ANNOTATION, write_status

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Overlay

EDITED_PARTS = ("initContainers", "containers", "volumes")
"""The lists kube-inject appends to; image pull secrets were left to the webhook until 1.6.3."""


def edit_template(
    metadata: dict[str, Any], spec: dict[str, Any], overlay: Overlay, release: Release
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return metadata and pod spec with the overlay appended and the status annotation set."""
    new_spec = dict(spec)
    for part in EDITED_PARTS:
        added = overlay.parts.get(part)
        if added:
            new_spec[part] = [*(spec.get(part) or ()), *added]
    annotations = {**(metadata.get("annotations") or {}), STATUS_ANNOTATION: write_status(overlay, release)}
    return {**metadata, "annotations": annotations}, new_spec
