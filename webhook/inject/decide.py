"""The first step: is this pod to be injected? Pure, and it always says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from webhook.inject.outcome import Decision, Pod, Reason, Request

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release

INJECT: Final = "sidecar.istio.io/inject"
"""The annotation, and from 1.12 on also the label, by which a pod says what it wants."""
YES: Final = frozenset({"y", "yes", "true", "on"})
SelectorList = Sequence[Mapping[str, Any]]


def with_request_namespace(pod: Pod, request: Request, release: Release) -> Pod:
    """Return the pod with the namespace of the admission request where it has none itself.

    Until 1.0 the request was not looked at, and a pod in admission often has no namespace.
    """
    metadata = pod.get("metadata") or {}
    if not release.namespace_from_request or not request.namespace or metadata.get("namespace"):
        return pod
    return {**pod, "metadata": {**metadata, "namespace": request.namespace}}


def decide(pod: Pod, snapshot: Snapshot) -> Decision:
    """Decide about a pod in admission as Istio's injectRequired does."""
    early = _excluded(pod, snapshot.release)
    if early is not None:
        return early
    never, always = snapshot.never_inject_selector, snapshot.always_inject_selector
    return _by_wish(pod.get("metadata") or {}, snapshot.release, snapshot.policy, never, always)


def decide_offline(metadata: dict[str, Any], spec: dict[str, Any], release: Release) -> Decision:
    """Decide about a pod template in kube-inject: where it asks at all, with policy enabled and without selectors."""
    if not release.kube_inject_decides:
        return Decision(True, Reason.NOT_ASKED)
    early = _excluded({"metadata": metadata, "spec": spec}, release)
    return early if early is not None else _by_wish(metadata, release, "enabled", (), ())


def _excluded(pod: Pod, release: Release) -> Decision | None:
    if (pod.get("spec") or {}).get("hostNetwork"):
        return Decision(False, Reason.HOST_NETWORK)
    namespace = (pod.get("metadata") or {}).get("namespace", "")
    if namespace in release.ignored_namespaces:
        return Decision(False, Reason.IGNORED_NAMESPACE, namespace)
    return None


def _by_wish(
    metadata: Mapping[str, Any], release: Release, policy: str, never: SelectorList, always: SelectorList
) -> Decision:
    if policy not in ("enabled", "disabled"):
        return Decision(False, Reason.POLICY_UNKNOWN, policy)
    labels: Mapping[str, str] = metadata.get("labels") or {}
    by_label = release.label_beats_annotation and INJECT in labels
    wish = labels[INJECT] if by_label else (metadata.get("annotations") or {}).get(INJECT, "")
    yes = _reads_as(wish, release)
    if yes is not None:
        return Decision(yes, _REASONS[by_label, yes], wish)
    warning = "" if not wish else f"the value {wish!r} of {INJECT} is neither true nor false and does not count"
    return _by_default(labels, release, policy, never, always, warning)


_REASONS: Final = {
    (False, True): Reason.ANNOTATION_ON,
    (False, False): Reason.ANNOTATION_OFF,
    (True, True): Reason.LABEL_ON,
    (True, False): Reason.LABEL_OFF,
}


def _reads_as(wish: str, release: Release) -> bool | None:
    """Return what a value says; None for one that leaves it to the defaults."""
    if release.inject_words == "lenient":
        return wish.lower() in YES if wish else None
    return {"true": True, "false": False}.get(wish)


def _by_default(
    labels: Mapping[str, str], release: Release, policy: str, never: SelectorList, always: SelectorList, warning: str
) -> Decision:
    for selectors, inject, reason in ((never, False, Reason.NEVER_SELECTOR), (always, True, Reason.ALWAYS_SELECTOR)):
        index = _matching(selectors, labels, release)
        if index is not None:
            return Decision(inject, reason, str(index), warning)
    if policy == "enabled":
        return Decision(True, Reason.POLICY_ENABLED, warning=warning)
    return Decision(False, Reason.POLICY_DISABLED, warning=warning)


def _matching(selectors: SelectorList, labels: Mapping[str, str], release: Release) -> int | None:
    """Return the place (from 1) of the first selector that matches; empty and invalid ones never do."""
    if not selectors:
        return None
    from webhook.kube.selectors import SelectorError, is_empty, matches  # few configurations have selectors

    for index, selector in enumerate(selectors, 1):
        try:
            if not is_empty(selector) and matches(selector, labels, release.kube_version):
                return index
        except SelectorError:  # Istio warns and goes on
            continue
    return None
