"""Advice to whoever created a pod: short sentences that the API server shows as warnings, about what users get wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from webhook.explain.names import INJECTION_LABEL, complaints, vocabulary
from webhook.inject.containers import PROXY
from webhook.inject.decide import INJECT
from webhook.inject.native import NATIVE_ANNOTATION
from webhook.inject.probes import REWRITE_ANNOTATION

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release
    from webhook.inject.outcome import Decision

PROXY_UID: Final = 1337
"""The user as which the proxy runs: traffic of that user is not redirected, so an application must not be it."""
MAX_WARNINGS: Final = 4
MAX_LENGTH: Final = 120
"""What the API asks of warnings: few, and short; it cuts long ones."""
_BREAKERS: Final = frozenset('\n\r\t"\\')
_STRUCTURED: Final = frozenset(
    {"proxy.istio.io/config", "proxy.istio.io/overrides", "sidecar.istio.io/status", "sidecar.istio.io/userVolume",
     "sidecar.istio.io/userVolumeMount", "sidecar.istio.io/bootstrapOverride", "sidecar.istio.io/componentLogLevel"}
)  # fmt: skip
"""Annotations whose value is a document of its own, where quotes and line ends are no accident."""

_YES_OR_NO: Final = (NATIVE_ANNOTATION, REWRITE_ANNOTATION)
"""Annotations that are true or false, and whose other values the injector passes over without a word."""
_TRUTHS: Final = frozenset({"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"})
_INSTEAD: Final = {
    "sidecar.istio.io/discoveryAddress": ": set discoveryAddress in proxy.istio.io/config",
    "sidecar.istio.io/extraStatTags": ": set extraStatTags in proxy.istio.io/config",
    "sidecar.istio.io/statsInclusionPrefixes": ": set proxyStatsMatcher in proxy.istio.io/config",
    "sidecar.istio.io/statsInclusionRegexps": ": set proxyStatsMatcher in proxy.istio.io/config",
    "sidecar.istio.io/statsInclusionSuffixes": ": set proxyStatsMatcher in proxy.istio.io/config",
    "traffic.sidecar.istio.io/kubevirtInterfaces": ": use istio.io/reroute-virtual-interfaces",
}
_CLUSTER_DNS: Final = ("ClusterFirst", "ClusterFirstWithHostNet")


def advise(pod: Mapping[str, Any], decision: Decision, snapshot: Snapshot) -> tuple[str, ...]:
    """Return warnings about a pod in canonical form, the most important first."""
    return tuple(_shortened(sentence) for sentence in islice(_sentences(pod, decision, snapshot), MAX_WARNINGS))


def _sentences(pod: Mapping[str, Any], decision: Decision, snapshot: Snapshot) -> Iterator[str]:
    metadata, spec = pod.get("metadata") or {}, pod.get("spec") or {}
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    wish = annotations.get(INJECT, "")
    if spec.get("hostNetwork") and (wish or labels.get(INJECT)):
        yield f"{INJECT} is ignored: a pod on the host's network is never injected"
    if wish or INJECT in labels:
        yield from _on_wish(wish, labels, decision, snapshot.release)
    if INJECTION_LABEL in labels and _contradicts(labels[INJECTION_LABEL], decision):
        yield f"the label {INJECTION_LABEL} is ignored on pods: it belongs on the namespace"
    words = vocabulary(snapshot)
    yield from complaints(annotations, labels, words, MAX_LENGTH)
    if decision.inject:
        if annotations:
            yield from _on_values(annotations, words.printed)
        yield from _on_users(spec)
        if spec.get("dnsPolicy", _CLUSTER_DNS[0]) not in _CLUSTER_DNS:
            yield f"dnsPolicy is {spec['dnsPolicy']}: the sidecar may not find the control plane, whose name only the cluster knows"
        if annotations:
            yield from _on_deprecated(annotations, snapshot.release)


_WORDS: Final = frozenset({"y", "yes", "true", "on", "n", "no", "false", "off"})
_WISHES: Final = {"true": True, "enabled": True, "false": False, "disabled": False}


def _contradicts(wish: str, decision: Decision) -> bool:
    return _WISHES.get(wish, decision.inject) != decision.inject


def _on_wish(wish: str, labels: Mapping[str, str], decision: Decision, release: Release) -> Iterator[str]:
    read = labels.get(INJECT, wish) if release.label_beats_annotation else wish
    if release.inject_words == "lenient" and read and read.lower() not in _WORDS:
        yield f"{INJECT}: {read!r} is no yes, so it counts as no; write true or false"
    elif wish and wish != read:
        yield f"the annotation {INJECT}: {wish!r} is ignored: the label says {read!r}"
    elif wish and release.label_beats_annotation and INJECT not in labels:
        yield f"the annotation {INJECT} is deprecated: use a label of that name"
    elif not release.label_beats_annotation and _contradicts(labels.get(INJECT, ""), decision):
        yield f"the label {INJECT} is ignored: this release reads the annotation of that name"


def _on_values(annotations: Mapping[str, str], printed: Set[str]) -> Iterator[str]:
    for name in _YES_OR_NO:
        if annotations.get(name, "true") not in _TRUTHS:
            yield f"the annotation {name}: {annotations[name]!r} is neither true nor false"
    for name, value in annotations.items():
        if name in printed and name not in _STRUCTURED and not _BREAKERS.isdisjoint(value):
            yield f"the annotation {name} holds a quote or line end, which can break out of its place in the template"


def _on_deprecated(annotations: Mapping[str, str], release: Release) -> Iterator[str]:
    for name in release.deprecated_annotations:
        if name in annotations:
            yield f"the annotation {name} is deprecated{_INSTEAD.get(name, '')}"


def _on_users(spec: Mapping[str, Any]) -> Iterator[str]:
    pod_user = (spec.get("securityContext") or {}).get("runAsUser")
    for container in spec.get("containers") or ():
        user = (container.get("securityContext") or {}).get("runAsUser", pod_user)
        if user == PROXY_UID and container.get("name") != PROXY:
            yield f"container {container.get('name')} runs as user {PROXY_UID}, the proxy's: its traffic bypasses the mesh"


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= MAX_LENGTH else f"{sentence[: MAX_LENGTH - 1]}…"
