"""The story of one pod: decide, validate, render, and say how to change it. Both ways in, webhook and kube-inject, are told here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from webhook.inject.by_merge import merge_for_pod, merge_for_template
from webhook.inject.by_recipe import edit_for_template, recipe_for_pod, recipe_for_template
from webhook.inject.decide import decide, with_request_namespace
from webhook.inject.outcome import Outcome, Request
from webhook.inject.settings import DEFAULTS, Settings
from webhook.inject.verification import by_trusted_way

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.inject.outcome import Pod
    from webhook.inject.workload_meta import Owner


def inject(pod: Pod, snapshot: Snapshot, request: Request | None = None, settings: Settings = DEFAULTS) -> Outcome:
    """Answer an admission request: the decision on the pod and, when it is injected, the patch.

    Raises:
        InjectError: a step failed; the request is to be refused with its text.
    """
    request = request or Request()
    pod = with_request_namespace(pod, request, snapshot.release)
    decision = decide(pod, snapshot)
    warnings = (decision.warning,) if decision.warning else ()
    if not decision.inject:
        return Outcome(decision, warnings=warnings)
    way = merge_for_pod if snapshot.release.named_templates else recipe_for_pod
    overlay, patch = by_trusted_way(lambda chosen: way(pod, request, snapshot, chosen), snapshot, settings)
    return Outcome(decision, patch, overlay, warnings)


def inject_template(
    metadata: dict[str, Any], spec: dict[str, Any], owner: Owner, snapshot: Snapshot, settings: Settings = DEFAULTS
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the metadata and spec of a pod template with the sidecar: kube-inject, after it has decided.

    owner: the workload that has the template; for a bare pod its own kind and metadata.

    Raises:
        InjectError: a step failed.
    """
    way = _OFFLINE[snapshot.release.kube_inject_style]
    return by_trusted_way(lambda chosen: way(metadata, spec, owner, snapshot, chosen), snapshot, settings)


_OFFLINE: Final = {"edit": edit_for_template, "recipe": recipe_for_template, "merge": merge_for_template}
