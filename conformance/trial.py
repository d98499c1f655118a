"""One pod sent through admission once: as it came, as it is with the patch, and what the pipeline said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from conformance.pods import POD_TYPE
from webhook.inject.outcome import Request
from webhook.inject.pipeline import inject
from webhook.inject.settings import DEFAULTS
from webhook.inject.status import PARTS, STATUS_ANNOTATION, read_status
from webhook.kube.jsonpatch import PatchError, apply_patch
from webhook.kube.schema import load_schema

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release
    from webhook.inject.outcome import Outcome, Pod
    from webhook.inject.settings import Settings

CONTAINER_LISTS: Final = ("containers", "initContainers")
Json = dict[str, Any]
"""A pod as JSON has it: what is sent to the webhook, and what its patch changes."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A pod that was admitted.

    before, after: the pod without and with the patch, as JSON; the same object where it was not injected.
    error: why the patch cannot be applied, empty where it can; ``after`` is ``before`` then.
    """

    before: Json
    after: Json
    outcome: Outcome
    namespace: str
    snapshot: Snapshot
    settings: Settings
    error: str = ""

    @property
    def release(self) -> Release:
        """The release whose injector was asked."""
        return self.snapshot.release

    @property
    def injected(self) -> bool:
        """Whether the pod got anything."""
        return self.outcome.decision.inject

    @property
    def came_injected(self) -> bool:
        """Whether the pod says that an injector had it before."""
        return STATUS_ANNOTATION in annotations_of(self.before)

    def again(self) -> Trial:
        """Admit the result once more.

        Raises:
            InjectError: it is refused.
        """
        pod = load_schema(self.release.kube_version).decode(POD_TYPE, self.after, coerce=False)
        return admit(pod, self.snapshot, self.settings, self.namespace)

    def injected_names(self, part: str) -> frozenset[str]:
        """Return the names in a list of the spec that are the injector's: what it gives, and up to 1.8 what it takes away.

        Where sidecars may be native, what a pod says of one under containers is moved to the init containers.
        """
        overlay = self.outcome.overlay
        lists = CONTAINER_LISTS if part in CONTAINER_LISTS and self.release.native_sidecars != "no" else (part,)
        given = frozenset(name for known in lists for name in (overlay.names(known) if overlay else None) or ())
        if self.release.named_templates or part not in PARTS:
            return given
        return given | read_status(self.before).names(part)


def admit(pod: Pod, snapshot: Snapshot, settings: Settings = DEFAULTS, namespace: str = "") -> Trial:
    """Send a canonical pod, as the API server prints it, through the webhook's pipeline, in a namespace.

    Raises:
        InjectError: the pod is refused.
    """
    schema = load_schema(snapshot.release.kube_version)
    before: Json = schema.encode(POD_TYPE, pod)
    sent = schema.decode(POD_TYPE, before, coerce=False)
    outcome = inject(sent, snapshot, Request(namespace), settings)
    if not outcome.decision.inject:
        return Trial(before, before, outcome, namespace, snapshot, settings)
    try:
        after = apply_patch(before, outcome.patch)
    except PatchError as error:
        return Trial(before, before, outcome, namespace, snapshot, settings, str(error))
    return Trial(before, after, outcome, namespace, snapshot, settings)


def annotations_of(pod: Json) -> dict[str, str]:
    """Return the annotations of a pod, empty where it has none."""
    found: dict[str, str] = (pod.get("metadata") or {}).get("annotations") or {}
    return found


def items_of(pod: Json, part: str) -> list[Json]:
    """Return a list of a pod's spec, empty where it has none."""
    found: list[Json] = (pod.get("spec") or {}).get(part) or []
    return found
