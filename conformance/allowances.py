"""Where Istio itself breaks an invariant: each allowance has a name, the reason, when it counts, and what it lets differ.

An invariant that does not hold strictly is looked at once more with what the allowances of the case leave out of the
comparison; reports name every allowance that was needed. Sources: the reference documents of the injector, 0.5 to 1.8
(sections 3.4 to 3.7) and 1.9 to 1.31 (sections 3.4 and 3.6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from conformance.trial import CONTAINER_LISTS, Json, Trial, annotations_of, items_of
from webhook.inject.containers import PROXY
from webhook.inject.outcome import Reason
from webhook.inject.previous import OVERRIDES_ANNOTATION

_TOLD: Final = "ISTIO_METAJSON_ANNOTATIONS"


@dataclass(frozen=True, slots=True)
class Allowance:
    """A named exception: ``applies`` says whether it counts for a pod, ``scrub`` takes away what may differ then."""

    name: str
    why: str
    applies: Callable[[Trial], bool]
    scrub: Callable[[Json, Trial], Json]


def allowed(one: Json, other: Json, trial: Trial, allowances: Iterable[Allowance]) -> str | None:
    """Return the names of the allowances under which two pods are equal; empty when they are anyway, None if they are not.

    One that does it alone is preferred to all together.
    """
    if one == other:
        return ""
    active = [allowance for allowance in allowances if allowance.applies(trial)]
    for group in (*([allowance] for allowance in active), active):
        if group and _scrubbed(one, trial, group) == _scrubbed(other, trial, group):
            return " + ".join(allowance.name for allowance in group)
    return None


def _scrubbed(pod: Json, trial: Trial, allowances: Iterable[Allowance]) -> Json:
    for allowance in allowances:
        pod = allowance.scrub(pod, trial)
    return pod


def _with_spec(pod: Json, changes: Json) -> Json:
    return {**pod, "spec": {**pod["spec"], **changes}}


def _without_injected_containers(pod: Json, trial: Trial) -> Json:
    """Leave nothing but the name of what was injected: its place still counts."""
    changed = {}
    for part in CONTAINER_LISTS:
        names = trial.injected_names(part)
        items = items_of(pod, part)
        changed[part] = [{"name": item["name"]} if item.get("name") in names else item for item in items]
    return _with_spec(pod, changed)


def _without_proxies(pod: Json, trial: Trial) -> Json:  # noqa: ARG001
    return _with_spec(
        pod, {part: [item for item in items_of(pod, part) if item["name"] != PROXY] for part in CONTAINER_LISTS}
    )


def _has_two_proxies(trial: Trial) -> bool:
    return all(any(item["name"] == PROXY for item in items_of(trial.after, part)) for part in CONTAINER_LISTS)


def _without_told_annotations(pod: Json, trial: Trial) -> Json:  # noqa: ARG001
    return _with_spec(
        pod, {part: [_without_variable(item) for item in items_of(pod, part)] for part in CONTAINER_LISTS}
    )


def _without_variable(container: Json) -> Json:
    kept = [variable for variable in container.get("env") or () if variable.get("name") != _TOLD]
    return {**container, "env": kept}


def _without_metadata(pod: Json, trial: Trial) -> Json:  # noqa: ARG001
    return {key: value for key, value in pod.items() if key != "metadata"}


def _nothing(pod: Json, trial: Trial) -> Json:  # noqa: ARG001
    return {}


def _came_injected(trial: Trial) -> bool:
    return trial.came_injected


def _tells_annotations(trial: Trial) -> bool:
    return any(_TOLD in text for text in trial.snapshot.template_texts.values())


def _drops_overrides(trial: Trial) -> bool:
    return trial.release.overrides_skip_injected and OVERRIDES_ANNOTATION in annotations_of(trial.after)


IDEMPOTENCE: Final = (
    Allowance(
        "templates see the injected pod",
        "Until 1.8 a template sees the sidecar of an earlier injection among the pod's containers, its ports, probes and "
        "annotations; what it injects the second time tells of them.",
        lambda trial: not trial.release.strips_injected_pod,
        _without_injected_containers,
    ),
    Allowance(
        "the sidecar is told the annotations",
        "A template that lists the pod's annotations for the sidecar (to 1.13) lists those that injection has added.",
        _tells_annotations,
        _without_told_annotations,
    ),
    Allowance(
        "overrides are not laid over again",
        "Since 1.17 a container that the status annotation names is the template's again, whatever the pod once said.",
        _drops_overrides,
        _without_injected_containers,
    ),
    Allowance(
        "the pod came injected",
        "What an earlier injection of another configuration left is replaced, and seen while it is.",
        _came_injected,
        _without_injected_containers,
    ),
    Allowance(
        "a second istio-proxy beside the native one",
        "A template that names istio-proxy under containers (spire) adds one where the sidecar is native: a pod that "
        "Kubernetes refuses, and whose two are one after the next injection.",
        _has_two_proxies,
        _without_proxies,
    ),
)
"""Why a second injection may change what was injected; what it changes must come to rest."""


UNTELLABLE: Final = Allowance(
    "the sidecar cannot be told the overrides",
    "A template that lists the pod's annotations as YAML text (to 1.13) lists what injection keeps of the pod's own sidecar, "
    "and fails where that has characters which YAML does not allow.",
    lambda trial: _tells_annotations(trial) and OVERRIDES_ANNOTATION in annotations_of(trial.after),
    _nothing,
)
"""Why an injected pod may be refused when it is injected again."""


def _moves_containers(trial: Trial) -> bool:
    moved = any(
        operation["path"].startswith("/spec/containers/")
        and (operation["op"] == "remove" or operation["path"] == "/spec/containers/0")
        for operation in trial.outcome.patch
    )
    return moved and not trial.release.probe_patch_is_first


PATCH: Final = (
    Allowance(
        "probes are patched after containers moved",
        "Until 1.7.1 changed probes close the patch, at places that containers had before others were removed.",
        _moves_containers,
        _nothing,
    ),
)
"""Why a patch may not apply."""


def _is_cron_job(trial: Trial) -> bool:
    owners: list[dict[str, Any]] = (trial.before.get("metadata") or {}).get("ownerReferences") or []
    return any(owner.get("kind") == "CronJob" for owner in owners)


def _is_passed_over(trial: Trial) -> bool:
    rule = trial.release.kube_inject_skips_injected
    if rule == "by containers":
        return any(item["name"] == PROXY for item in items_of(trial.before, "containers"))
    return rule == "by status" and trial.came_injected


_ASKED_OF_THE_WEBHOOK: Final = frozenset(
    {Reason.NEVER_SELECTOR, Reason.ALWAYS_SELECTOR, Reason.POLICY_DISABLED, Reason.POLICY_UNKNOWN}
)

LEFT_ALONE: Final = Allowance(
    "kube-inject leaves injected pods alone",
    "Until 1.16 kube-inject passes over a pod that has its sidecar, which the webhook injects anew; until 1.8 any "
    "istio-proxy will do.",
    _is_passed_over,
    _nothing,
)
"""Why kube-inject may give a pod unchanged, also one that admission refuses."""

EMPTY_MAP: Final = Allowance(
    "kube-inject stumbles over an empty map",
    "In 1.8 the patch of a pod with a written but empty map of labels or annotations counts on it, and kube-inject applies "
    "it to the printed pod, which has none.",
    lambda trial: trial.release.kube_inject_style == "recipe",
    _nothing,
)
"""Why kube-inject may refuse what admission does not."""

BOTH_WAYS: Final = (
    Allowance(
        "metadata of a CronJob",
        "kube-inject reads and writes the metadata of a CronJob's job template, not that of its pods.",
        _is_cron_job,
        _without_metadata,
    ),
    LEFT_ALONE,
    Allowance(
        "policy and selectors are the webhook's",
        "kube-inject decides by the pod's own words only.",
        lambda trial: trial.outcome.decision.reason in _ASKED_OF_THE_WEBHOOK,
        _nothing,
    ),
)
"""Why kube-inject may give another pod than admission does."""
