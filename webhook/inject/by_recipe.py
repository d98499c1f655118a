"""The story of one pod up to Istio 1.8: render an injection spec, complete it, and patch or edit the pod with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webhook.inject.annotations import validate_annotations
from webhook.inject.concurrency import with_concurrency
from webhook.inject.containers import PROXY
from webhook.inject.data import Subject
from webhook.inject.edit import edit_template
from webhook.inject.errors import UnappliedError
from webhook.inject.fs_group import with_fs_group
from webhook.inject.outcome import Operation, Overlay, Request
from webhook.inject.proxy_config import mesh_and_proxy
from webhook.inject.proxy_env import proxy_environment, with_environment
from webhook.inject.recipe import patch_recipe
from webhook.inject.rendered import rendered_spec
from webhook.inject.workload_meta import Owner, owner_of_pod
from webhook.kube.jsonpatch import PatchError, apply_patch
from webhook.kube.schema import load_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from webhook.config.model import Snapshot
    from webhook.inject.outcome import Pod
    from webhook.inject.settings import Settings
    from webhook.mesh.mesh import Mesh


def recipe_for_pod(
    pod: Pod, request: Request, snapshot: Snapshot, settings: Settings
) -> tuple[Overlay, tuple[Operation, ...]]:
    """Return what is injected into a pod in admission, and the patch that does it.

    Raises:
        InjectError: a step failed.
    """
    owner = owner_of_pod(pod, snapshot.release, namespace=request.namespace)
    environment = proxy_environment(pod.get("metadata") or {}, request.path, snapshot)
    return _recipe(pod, owner, environment, snapshot, settings, offline=False)


def recipe_for_template(
    metadata: dict[str, Any], spec: dict[str, Any], owner: Owner, snapshot: Snapshot, settings: Settings
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return metadata and spec of a pod template after the webhook's recipe: what kube-inject of 1.8 does.

    Raises:
        InjectError: a step failed.
    """
    pod = {key: part for key, part in (("metadata", metadata), ("spec", spec)) if part}
    environment = proxy_environment(metadata, "", snapshot)
    _, operations = _recipe(pod, owner, environment, snapshot, settings, offline=True)
    schema = load_schema(snapshot.release.kube_version)
    try:
        changed = apply_patch(schema.encode("v1.Pod", pod), operations)
    except PatchError as error:  # labels: {} is a map to the recipe, and nothing in what it is applied to
        raise UnappliedError(f"the patch cannot be applied: {error}") from error
    patched = schema.decode("v1.Pod", changed, coerce=False)
    return patched.get("metadata", {}), patched.get("spec", {})


def edit_for_template(
    metadata: dict[str, Any], spec: dict[str, Any], owner: Owner, snapshot: Snapshot, settings: Settings
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return metadata and spec of a pod template with the sidecar: what kube-inject to 1.7 does.

    Raises:
        InjectError: a step failed.
    """
    mesh, overlay = _overlay(metadata, spec, owner, {}, snapshot, settings, offline=True)
    return edit_template(metadata, spec, overlay, mesh, snapshot, settings)


def _recipe(
    pod: Pod, owner: Owner, environment: Mapping[str, str], snapshot: Snapshot, settings: Settings, *, offline: bool
) -> tuple[Overlay, tuple[Operation, ...]]:
    metadata, spec = pod.get("metadata") or {}, pod.get("spec") or {}
    release = snapshot.release
    spec = with_fs_group(spec, snapshot.mesh, release, settings)
    mesh, overlay = _overlay(metadata, spec, owner, environment, snapshot, settings, offline=offline)
    patched = {**pod, "spec": spec} if spec else pod
    return overlay, patch_recipe(patched, overlay, owner, mesh, snapshot, settings)


def _overlay(
    metadata: dict[str, Any],
    spec: dict[str, Any],
    owner: Owner,
    environment: Mapping[str, str],
    snapshot: Snapshot,
    settings: Settings,
    *,
    offline: bool,
) -> tuple[Mesh, Overlay]:
    """Return the mesh as the pod sees it and the completed injection spec."""
    release = snapshot.release
    validate_annotations(metadata.get("annotations") or {}, release)
    mesh, proxy = mesh_and_proxy(metadata, snapshot, offline=offline)
    subject = Subject(metadata, spec, owner, mesh, proxy)
    overlay = rendered_spec(subject, snapshot, settings)
    containers = overlay.parts.get("containers") or []
    if release.adds_concurrency_arguments:
        containers = with_concurrency(containers)
    if environment:
        containers = [with_environment(item, environment) if item.get("name") == PROXY else item for item in containers]
    if not containers:
        return mesh, overlay
    return mesh, overlay.with_parts({**overlay.parts, "containers": containers})
