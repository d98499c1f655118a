"""OpenShift's users and groups: the range a namespace was given, and what its admission put on the pod's own sidecar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from webhook.inject.containers import (
    CONTAINERS,
    INIT,
    INIT_CONTAINERS,
    PROXY,
    VALIDATION,
    find_in_pod,
    of_pod,
    with_container,
)

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod
    from webhook.inject.settings import Settings

PLATFORM: Final = "PLATFORM"
UID_RANGE: Final = "openshift.io/sa.scc.uid-range"
GROUPS: Final = "openshift.io/sa.scc.supplemental-groups"
DEFAULT_ID: Final = 1337
_BLOCK: Final = re.compile(r"([0-9]+)([/-])([0-9]+)")


def is_openshift(release: Release, settings: Settings) -> bool:
    """Tell whether the injector runs on OpenShift, and is of a release that knows it."""
    return release.openshift != "no" and settings.environment.get(PLATFORM) == "openshift"


def proxy_ids(namespace: Mapping[str, str] | None) -> tuple[int, int]:
    """Return user and group of the proxy: the last of the ranges in a namespace's annotations, else 1337."""
    if namespace is None:
        return DEFAULT_ID, DEFAULT_ID
    user = _last_of_block(namespace.get(UID_RANGE, ""))
    groups = namespace.get(GROUPS) or namespace.get(UID_RANGE, "")
    group = _last_of_block(groups.partition(",")[0])
    return user or DEFAULT_ID, group or DEFAULT_ID


def _last_of_block(text: str) -> int | None:
    """Return the last number of ``start/size`` or ``first-last``; None for anything else."""
    match = _BLOCK.fullmatch(text.strip())
    if match is None:
        return None
    first, last = int(match[1]), int(match[3])
    return first + last - 1 if match[2] == "/" else last


def without_assigned_user(pod: Pod, release: Release) -> Pod:
    """Return the pod without the user that OpenShift put on its own sidecar, as it puts it on every container.

    Otherwise it would be taken for the pod's wish, and the application's traffic for the proxy's.
    """
    if release.openshift != "uid and containers":
        return pod
    sidecar = find_in_pod(PROXY, pod, release)
    context = None if sidecar is None else sidecar.get("securityContext")
    if sidecar is None or context is None or not _users_match(pod, release):
        return pod
    kept = {key: value for key, value in context.items() if key not in ("runAsUser", "runAsGroup")}
    return with_container(pod, sidecar, {**sidecar, "securityContext": kept})


def _users_match(pod: Pod, release: Release) -> bool:
    """Compare the last user of the sidecar with the last of the other containers; an unset one counts as 0."""
    parts = (CONTAINERS, INIT_CONTAINERS) if release.native_sidecars == "auto" else (CONTAINERS,)
    sidecar_user = other_user = 0
    for container in (item for part in parts for item in of_pod(pod, part)):
        user = (container.get("securityContext") or {}).get("runAsUser")
        if user is None or container.get("name") in (INIT, VALIDATION):
            continue
        if container.get("name") == PROXY:
            sidecar_user = user
        else:
            other_user = user
    return bool(sidecar_user == other_user)
