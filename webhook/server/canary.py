"""The trial of a new configuration before it serves: it must inject some pods, and what it does to them must hold together."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from webhook.config.errors import ConfigError
from webhook.inject.errors import InjectError
from webhook.inject.pipeline import inject
from webhook.inject.prepared import GENERAL_AFTER, prepared_of
from webhook.inject.settings import DEFAULTS, Settings
from webhook.kube.jsonpatch import PatchError, apply_patch
from webhook.kube.schema import load_schema

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

BUILT_IN: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "metadata": {"name": "canary", "namespace": "canary", "labels": {"app": "canary"}},
        "spec": {"containers": [{"name": "app", "image": "app:1", "ports": [{"name": "http", "containerPort": 8080}]}]},
    },
    {
        "metadata": {
            "generateName": "canary-6c9f8d7b5-",
            "namespace": "canary",
            "labels": {"app.kubernetes.io/name": "canary", "pod-template-hash": "6c9f8d7b5"},
            "annotations": {"sidecar.istio.io/inject": "true"},
        },
        "spec": {
            "serviceAccountName": "canary",
            "initContainers": [{"name": "migrate", "image": "migrate:1"}],
            "containers": [
                {"name": "app", "image": "app:1", "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}}},
                {"name": "helper", "image": "helper:1"},
            ],
            "volumes": [{"name": "scratch", "emptyDir": {}}],
        },
    },
)
"""Pods that every stock configuration injects: a plain one, and one of a ReplicaSet with company."""

ANNOTATED: Final[Mapping[str, Any]] = {
    "metadata": {
        "name": "canary",
        "namespace": "canary",
        "annotations": {"traffic.sidecar.istio.io/excludeOutboundPorts": "9"},
    },
    "spec": {"containers": [{"name": "app", "image": "app:1"}]},
}
"""A pod with an annotation that every stock template since 0.8 reads."""


def check_snapshot(snapshot: Snapshot, pods: Sequence[Mapping[str, Any]] = (), settings: Settings = DEFAULTS) -> None:
    """Try a configuration on the built-in pods and on the user's, in the surroundings it will serve in.

    Raises:
        ConfigError: a pod cannot be injected, or the result is not one: the patch does not apply, a container of the pod is
            lost, or injecting the result again changes it.
    """
    for pod in (*BUILT_IN, *pods):
        name = (pod.get("metadata") or {}).get("name") or (pod.get("metadata") or {}).get("generateName")
        try:
            problem = _try(pod, snapshot, settings)
        except (InjectError, PatchError) as error:
            problem = str(error)
        if problem:
            raise ConfigError(
                problem, place=f"{snapshot.source}, tried on the pod {name}", remedy="the last good one stays"
            )


def warm_up(snapshot: Snapshot, settings: Settings) -> None:
    """Inject until templates are specialised: what the master has made its workers need not make, each for itself, during requests."""
    with contextlib.suppress(InjectError):
        for _ in range(GENERAL_AFTER):
            _injected(ANNOTATED, snapshot, settings)
    prepared_of(snapshot, settings).counts.clear()  # they are of requests


def _try(pod: Mapping[str, Any], snapshot: Snapshot, settings: Settings) -> str:
    """Return what is wrong with the result for a pod; empty when nothing is, or when the pod is not to be injected."""
    once = _injected(pod, snapshot, settings)
    if once is None:
        return ""
    lost = _names(pod) - _names(once)
    if lost:
        return f"the containers {', '.join(sorted(lost))} of the pod are lost"
    twice = _injected(once, snapshot, settings)
    if twice is None or _sorted(twice) == _sorted(once):
        return ""
    # Istio 1.6 to 1.8 take the scrape annotations of a first injection for the user's own in a second, and only then come to rest.
    thrice = _injected(twice, snapshot, settings)
    return (
        ""
        if thrice is None or _sorted(thrice) == _sorted(twice)
        else "injecting the injected pod again and again changes it"
    )


def _injected(pod: Mapping[str, Any], snapshot: Snapshot, settings: Settings) -> dict[str, Any] | None:
    schema = load_schema(snapshot.release.kube_version)
    canonical = schema.decode("core/v1.Pod", pod, coerce=False)
    outcome = inject(canonical, snapshot, settings=settings)
    if not outcome.decision.inject:
        return None
    patched: dict[str, Any] = apply_patch(schema.encode("core/v1.Pod", canonical), outcome.patch)
    return patched


def _names(pod: Mapping[str, Any]) -> set[str]:
    spec = pod.get("spec") or {}
    return {c["name"] for part in ("containers", "initContainers") for c in spec.get(part) or ()}


def _sorted(pod: Mapping[str, Any]) -> Any:
    """Return a pod with its lists of named things in order of name: a second injection may move what it replaces to the end."""
    spec = dict(pod.get("spec") or {})
    for part in ("containers", "initContainers", "volumes", "imagePullSecrets"):
        spec[part] = sorted(spec.get(part) or (), key=lambda item: str(item.get("name")))
    return {**pod, "spec": spec}
