"""The annotation that records what was injected: written after an injection, read before the next."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from webhook.inject.containers import CORE_DUMP, INIT, PROXY
from webhook.kube import gojson

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Overlay, Pod

STATUS_ANNOTATION: Final = "sidecar.istio.io/status"
DEFAULT_REVISION: Final = "default"
PARTS: Final = ("initContainers", "containers", "volumes", "imagePullSecrets")


class Injected(NamedTuple):
    """The names a former injection added to a pod, one set a list."""

    initContainers: frozenset[str] = frozenset()  # noqa: N815 - the names of the JSON document
    containers: frozenset[str] = frozenset()
    volumes: frozenset[str] = frozenset()
    imagePullSecrets: frozenset[str] = frozenset()  # noqa: N815

    def names(self, part: str) -> frozenset[str]:
        """Return the names of one list."""
        return getattr(self, part)  # type: ignore[no-any-return]

    def __bool__(self) -> bool:
        return any(tuple(self))


LEGACY: Final = Injected(
    initContainers=frozenset({INIT, CORE_DUMP}),
    containers=frozenset({PROXY}),
    volumes=frozenset({"istio-certs", "istio-envoy"}),
)
"""What injectors before the status annotation added: assumed for a pod without one, and for one that names nothing."""


def write_status(overlay: Overlay, release: Release, revision: str = "") -> str:
    """Return the annotation's value: compact JSON, ``null`` for an empty list, in Istio's member order.

    revision: the injector's own, which the annotation names from 1.11 on.
    """
    parts = PARTS if release.pull_secrets else PARTS[:3]
    return _status_text(overlay.version, release, revision, tuple([(part, overlay.names(part)) for part in parts]))


@lru_cache(maxsize=128)
def _status_text(
    version: str, release: Release, revision: str, names: tuple[tuple[str, tuple[str, ...] | None], ...]
) -> str:
    document: dict[str, Any] = {"version": version} if release.status_has_version else {}
    document.update(names)
    if release.status_has_revision:
        document["revision"] = revision or DEFAULT_REVISION
    return gojson.dumps(document, sort_keys=False)


def read_status(pod: Pod) -> Injected:
    """Return what a former injection added to the pod, by its annotation, else by the legacy names."""
    text = ((pod.get("metadata") or {}).get("annotations") or {}).get(STATUS_ANNOTATION)
    if text is None:
        return LEGACY
    try:
        document = gojson.loads(text)
    except gojson.JsonError:
        return LEGACY
    if not isinstance(document, dict):
        return LEGACY
    found = Injected(**{part: _names(document.get(part)) for part in PARTS})
    return found or LEGACY


def _names(value: object) -> frozenset[str]:
    return frozenset(name for name in value if isinstance(name, str)) if isinstance(value, list) else frozenset()
