"""Whether the sidecar of a pod is an init container that keeps running: feature flag, nodes of the cluster, annotation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gotemplate.golib.strconv import NumError, parse_bool
from webhook.inject.containers import CONTAINERS, INIT_CONTAINERS, PROXY, find, of_pod, with_list
from webhook.inject.previous import annotations_of

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod
    from webhook.inject.settings import Settings

NATIVE_ANNOTATION: Final = "sidecar.istio.io/nativeSidecar"
FLAG: Final = "ENABLE_NATIVE_SIDECARS"
STABLE_SINCE: Final = 33
"""The minor of Kubernetes in which restartable init containers became stable; only it is looked at, not the major."""
_KUBELET: Final = re.compile(r"v?[0-9]+(?:\.([0-9]+))?(?:\.[0-9]+)*(?:-[0-9A-Za-z.~-]+)?(?:\+[0-9A-Za-z.~-]+)?")


def supports_native(pod: Pod, release: Release, settings: Settings) -> bool:
    """Tell whether sidecars are native, the pod's own annotation aside."""
    flag = settings.environment.get(FLAG, "")
    if release.native_sidecars == "env":
        try:
            return parse_bool(flag)
        except NumError:
            return False
    if release.native_sidecars == "no" or flag == "false":
        return False
    return flag == "true" or _nodes_support(pod, settings)


def _nodes_support(pod: Pod, settings: Settings) -> bool:
    """Ask the node the pod is bound to, else every node; without a view of the cluster the answer is no."""
    if settings.nodes is None:
        return False
    node = (pod.get("spec") or {}).get("nodeName", "")
    if node in settings.nodes:
        return _is_recent(settings.nodes[node])
    return all(_is_recent(version) for version in settings.nodes.values())


def _is_recent(kubelet: str) -> bool:
    match = _KUBELET.fullmatch(kubelet)
    return match is not None and int(match[1] or 0) >= STABLE_SINCE


def wants_native(pod: Pod, release: Release, *, supported: bool) -> bool:
    """Tell whether the sidecar of a pod is native: as its annotation says, where that counts (since 1.24)."""
    if release.native_sidecar_annotation:
        said = annotations_of(pod).get(NATIVE_ANNOTATION)
        if said in ("true", "false"):
            return said == "true"
    return supported


def with_proxy_moved(pod: Pod, template_pod: Pod) -> Pod:
    """Return the pod with its own istio-proxy among the init containers, where the template has it.

    Users write their changes to the sidecar under containers, whichever kind of sidecar they get.
    """
    proxy = find(PROXY, of_pod(pod, CONTAINERS))
    if proxy is None or find(PROXY, of_pod(template_pod, INIT_CONTAINERS)) is None:
        return pod
    moved = with_list(pod, CONTAINERS, [item for item in of_pod(pod, CONTAINERS) if item is not proxy])
    return with_list(moved, INIT_CONTAINERS, [*of_pod(pod, INIT_CONTAINERS), proxy])
