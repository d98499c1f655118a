"""The first step: is this pod to be injected? Pure, and it always says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from webhook.inject.outcome import Decision, Pod, Reason

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

INJECT_ANNOTATION: Final = "sidecar.istio.io/inject"
IGNORED_NAMESPACES: Final = frozenset({"kube-system", "kube-public"})
YES: Final = frozenset({"y", "yes", "true", "on"})


def decide(pod: Pod, snapshot: Snapshot) -> Decision:
    """Decide as Istio's injectRequired does.

    The namespace is the pod's own: until 1.0 the request's namespace was not looked at, and a pod in admission often has none.
    """
    metadata = pod.get("metadata") or {}
    if (pod.get("spec") or {}).get("hostNetwork"):
        return Decision(False, Reason.HOST_NETWORK)
    namespace = metadata.get("namespace", "")
    if namespace in IGNORED_NAMESPACES:
        return Decision(False, Reason.IGNORED_NAMESPACE, namespace)
    wish = (metadata.get("annotations") or {}).get(INJECT_ANNOTATION, "")
    return _by_policy(wish, snapshot.policy)


def _by_policy(wish: str, policy: str) -> Decision:
    if policy not in ("enabled", "disabled"):
        return Decision(False, Reason.POLICY_UNKNOWN, policy)
    if wish:
        yes = wish.lower() in YES
        return Decision(yes, Reason.ANNOTATION_ON if yes else Reason.ANNOTATION_OFF, wish)
    if policy == "enabled":
        return Decision(True, Reason.POLICY_ENABLED)
    return Decision(False, Reason.POLICY_DISABLED)
