"""The containers of a pod by name, and new pods with other ones; canonical dicts in, canonical dicts out."""

from __future__ import annotations

from collections.abc import Iterable
from operator import is_not
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod

Container = dict[str, Any]
PROXY: Final = "istio-proxy"
INIT: Final = "istio-init"
VALIDATION: Final = "istio-validation"
CORE_DUMP: Final = "enable-core-dump"
CONTAINERS: Final = "containers"
INIT_CONTAINERS: Final = "initContainers"


def of_pod(pod: Pod, part: str) -> list[Container]:
    """Return a list of the pod's spec, empty where the pod has none."""
    found: list[Container] = (pod.get("spec") or {}).get(part) or []
    return found


def find(name: str, containers: Iterable[Container]) -> Container | None:
    """Return the first container of a name."""
    for container in containers:
        if container.get("name", "") == name:
            return container
    return None


def find_in_pod(name: str, pod: Pod, release: Release) -> Container | None:
    """Return the container of a name, from 1.19 on also when it is an init container."""
    found = find(name, of_pod(pod, CONTAINERS))
    if found is None and release.native_sidecars != "no":
        found = find(name, of_pod(pod, INIT_CONTAINERS))
    return found


def with_list(pod: Pod, part: str, containers: list[Container]) -> Pod:
    """Return a pod with another list of containers; an empty list of init containers is none."""
    spec = pod.get("spec") or {}
    if spec.get(part) is containers:
        return pod
    spec = dict(spec)
    if containers or part == CONTAINERS:
        spec[part] = containers
    else:
        spec.pop(part, None)
    return {**pod, "spec": spec}


def with_container(pod: Pod, old: Container, new: Container) -> Pod:
    """Return a pod in which one container (told by identity) is replaced by another."""
    for part in (CONTAINERS, INIT_CONTAINERS):
        containers = of_pod(pod, part)
        changed = [new if container is old else container for container in containers]
        if any(map(is_not, changed, containers)):
            return with_list(pod, part, changed)
    return pod


def with_variable(container: Container, name: str, value: str) -> Container:
    """Return a container with one more environment variable, at the end."""
    variable = {"name": name, "value": value} if value else {"name": name}
    return {**container, "env": [*(container.get("env") or ()), variable]}
