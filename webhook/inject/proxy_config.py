"""The ProxyConfig of one pod: that of the mesh, changed by the pod's annotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webhook.inject.errors import InjectError
from webhook.kube import yaml
from webhook.mesh.effective import Target, effective_proxy_config
from webhook.mesh.errors import MeshError

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.mesh.mesh import Mesh
    from webhook.mesh.messages import Message


class ProxyConfigError(InjectError):
    """The pod's proxy configuration annotation cannot be applied."""

    step = "proxy config"


def mesh_of_pod(metadata: dict[str, Any], snapshot: Snapshot) -> Mesh:
    """Return the mesh with the pod's annotation laid over its default ProxyConfig (since 1.6).

    Raises:
        ProxyConfigError: the annotation's value is no YAML, or has a field of a wrong type.
    """
    name = snapshot.release.proxy_config_annotation
    text = (metadata.get("annotations") or {}).get(name) if name else None
    if not text:
        return snapshot.mesh
    try:
        return snapshot.mesh.with_proxy(yaml.load(text, snapshot.release.yaml_dialect))
    except yaml.YamlError as error:
        reason = str(error).removeprefix("error converting YAML to JSON: ")
        raise ProxyConfigError(f"could not parse proxy config: {reason}") from error
    except MeshError as error:
        raise ProxyConfigError(str(error)) from error


def mesh_and_proxy(metadata: dict[str, Any], snapshot: Snapshot, *, offline: bool) -> tuple[Mesh, Message]:
    """Return what a template of the pod sees as ``.MeshConfig`` and ``.ProxyConfig``.

    offline: in kube-inject the annotation always shows in both; in the webhook, since 1.13, in the second only, which
    is then merged part by part.
    """
    if snapshot.release.proxy_config_is_merged and not offline:
        return snapshot.mesh, _effective(metadata, snapshot)
    mesh = mesh_of_pod(metadata, snapshot)
    shown = mesh if offline or snapshot.release.proxy_config_changes_mesh else snapshot.mesh
    return shown, mesh.proxy


def proxy_without_annotation(snapshot: Snapshot) -> Message:
    """Return what a pod without annotation sees as ``.ProxyConfig`` where no resource concerns it: always the same object."""
    if not snapshot.release.proxy_config_is_merged:
        return snapshot.mesh.proxy
    found: Message | None = snapshot.memory.get("proxy without annotation")
    if found is None:
        found = snapshot.memory["proxy without annotation"] = effective_proxy_config(snapshot.mesh, Target())
    return found


def _effective(metadata: dict[str, Any], snapshot: Snapshot) -> Message:
    name = snapshot.release.proxy_config_annotation
    text = (metadata.get("annotations") or {}).get(name)
    if not text and not snapshot.proxy_configs:
        return proxy_without_annotation(snapshot)
    try:
        annotation = yaml.load(text or "", snapshot.release.yaml_dialect)
    except yaml.YamlError:  # the check of annotations has reported it
        annotation = None
    target = Target(metadata.get("namespace", ""), metadata.get("labels") or {}, annotation)
    return effective_proxy_config(snapshot.mesh, target, snapshot.proxy_configs)
