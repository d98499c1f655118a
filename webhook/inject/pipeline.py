"""The story of one pod: decide, validate, render, and say how to change it. Both ways in, webhook and kube-inject, are told here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webhook.inject.decide import decide, with_request_namespace
from webhook.inject.outcome import Outcome, Request
from webhook.inject.settings import DEFAULTS, Settings
from webhook.inject.verification import by_trusted_way

if TYPE_CHECKING:
    from collections.abc import Callable

    from webhook.config.model import Snapshot
    from webhook.config.release import Release
    from webhook.inject.outcome import Operation, Overlay, Pod
    from webhook.inject.workload_meta import Owner

    Object = dict[str, Any]
    Patched = tuple[Overlay, tuple[Operation, ...]]


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
    way = _way_for_pods(snapshot.release)
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
    way = _way_for_templates(snapshot.release)
    return by_trusted_way(lambda chosen: way(metadata, spec, owner, snapshot, chosen), snapshot, settings)


# The two eras have little in common, and a process only sees one of them: the other is not imported.


def _way_for_pods(release: Release) -> Callable[[Pod, Request, Snapshot, Settings], Patched]:
    if release.named_templates:
        from webhook.inject.by_merge import merge_for_pod

        return merge_for_pod
    from webhook.inject.by_recipe import recipe_for_pod

    return recipe_for_pod


def _way_for_templates(
    release: Release,
) -> Callable[[Object, Object, Owner, Snapshot, Settings], tuple[Object, Object]]:
    if release.kube_inject_style == "merge":
        from webhook.inject.by_merge import merge_for_template

        return merge_for_template
    from webhook.inject.by_recipe import edit_for_template, recipe_for_template

    return edit_for_template if release.kube_inject_style == "edit" else recipe_for_template
