"""Names of annotations and labels in Istio's domain: which have a meaning with a configuration, and what is wrong with another.

A name has a meaning where a template of the configuration mentions it, where the release's injector reads it, or where another
part of Istio does (the registry in ``names_table.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from gotemplate.nearest import nearest
from webhook.explain.names_table import ANNOTATIONS, LABELS
from webhook.inject.images import IMAGE_TYPE
from webhook.inject.native import NATIVE_ANNOTATION
from webhook.inject.probes import REWRITE_ANNOTATION
from webhook.inject.scrape import MERGE_ANNOTATION
from webhook.inject.scrape_annotations import SECURE_PORT, TARGETS
from webhook.inject.templates import TEMPLATES_ANNOTATION

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release

Kind = Literal["annotation", "label"]

DOMAIN: Final = "istio.io/"
"""What every name has in it that is looked at."""
INJECTION_LABEL: Final = "istio-injection"
"""The label of namespaces whose pods are injected."""
_MAX_STRANGERS: Final = 16
"""Names a pod that are looked up among the known ones: a pod may come with thousands, and each costs some 100 µs."""
_LONGEST: Final = 253 + 1 + 63
"""Characters that Kubernetes allows a name; it has not yet looked when a pod is in admission."""
_INJECTORS: Final = frozenset(
    {
        "inject.istio.io",
        "prometheus.istio.io",
        "proxy.istio.io",
        "readiness.status.sidecar.istio.io",
        "sidecar.istio.io",
        "status.sidecar.istio.io",
        "traffic.sidecar.istio.io",
    }
)
"""Prefixes under which no name is another program's."""
_FOR_TEMPLATES: Final = frozenset(
    {
        "readiness.status.sidecar.istio.io/applicationPorts",
        "readiness.status.sidecar.istio.io/failureThreshold",
        "readiness.status.sidecar.istio.io/initialDelaySeconds",
        "readiness.status.sidecar.istio.io/periodSeconds",
        "sidecar.istio.io/agentLogLevel",
        "sidecar.istio.io/bootstrapOverride",
        "sidecar.istio.io/capNetBindService",
        "sidecar.istio.io/componentLogLevel",
        "sidecar.istio.io/controlPlaneAuthPolicy",
        "sidecar.istio.io/enableCoreDump",
        "sidecar.istio.io/logLevel",
        "sidecar.istio.io/proxyCPULimit",
        "sidecar.istio.io/proxyImage",
        "sidecar.istio.io/proxyMemory",
        "sidecar.istio.io/proxyMemoryLimit",
        "sidecar.istio.io/userVolume",
        "sidecar.istio.io/userVolumeMount",
    }
)
"""Annotations that nothing reads but the templates of some releases; not all of them are registered."""
_PROXY_CONFIG: Final = ("istio.io/proxyConfig", "proxy.istio.io/config")
_KNOWN: Final = ANNOTATIONS.keys() | _FOR_TEMPLATES | {SECURE_PORT, TARGETS, *_PROXY_CONFIG}
"""Annotations that some release of Istio knows."""
_ON_PODS: Final = frozenset({"Any", "Deployment", "Gateway", "GatewayClass", "Pod", "WorkloadEntry"})
"""Resources whose names are seen on pods: a gateway's are copied to its pods, a workload entry's come from them."""
_MENTION: Final = re.compile(r"(?<![\w.-])[\w.-]*istio\.io/[\w.-]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names in Istio's domain that have a meaning on a pod, and the annotations whose values templates print."""

    annotations: frozenset[str]
    labels: frozenset[str]
    printed: frozenset[str]


def vocabulary(snapshot: Snapshot) -> Vocabulary:
    """Return the names that have a meaning with a configuration; worked out once for each."""
    found: Vocabulary | None = snapshot.memory.get("vocabulary")
    if found is None:
        found = snapshot.memory["vocabulary"] = _vocabulary(snapshot)
    return found


def _vocabulary(snapshot: Snapshot) -> Vocabulary:
    text = "\n".join(snapshot.template_texts.values())
    mentioned = _mentioned_in(text)
    by_injector = dict(_read_by_injector(snapshot.release))
    printed = annotations_in(text)
    annotations = (_on_pods(ANNOTATIONS) - _FOR_TEMPLATES - by_injector.keys()) | (mentioned - LABELS.keys()) | printed
    annotations |= {name for name, is_read in by_injector.items() if is_read} | snapshot.injected_annotations.keys()
    labels = _on_pods(LABELS) | (mentioned - _KNOWN) | _read_from("Labels", text)
    labels |= _selected((*snapshot.never_inject_selector, *snapshot.always_inject_selector))
    return Vocabulary(*map(frozenset, (annotations, labels, (name for name in printed if DOMAIN in name))))


def _mentioned_in(text: str) -> frozenset[str]:
    return frozenset(name for word in text.split() if DOMAIN in word for name in _MENTION.findall(word))


def annotations_in(template: str) -> frozenset[str]:
    """Return the annotations that the text of a template reads by name, of any domain."""
    return _read_from("Annotations", template, r"annotation\s+\S+")


def _read_from(member: str, template: str, *ways: str) -> frozenset[str]:
    """Return the keys of a map of the pod that a template reads: ``index .ObjectMeta.Labels "key"``, also by a variable."""
    variables = re.findall(rf"(\$\w+)\s*:?=\s*\.ObjectMeta\.{member}\b", template)
    owners = {rf"\.{member}", *ways, *map(re.escape, variables)}
    return frozenset(key for owner in owners for key in re.findall(rf'{owner}\s+[`"]([^`"]+)[`"]', template))


def _read_by_injector(release: Release) -> Iterator[tuple[str, bool]]:
    """Yield the annotations that nothing reads but the injector, and whether that of the release does."""
    yield IMAGE_TYPE, release.proxy_image_variant != "none"
    yield MERGE_ANNOTATION, release.prometheus_merge != "no"
    yield NATIVE_ANNOTATION, release.native_sidecar_annotation
    yield REWRITE_ANNOTATION, release.probe_rewrite_annotation
    yield SECURE_PORT, release.prometheus_merge == "targets"
    yield TARGETS, release.prometheus_merge == "targets"
    yield TEMPLATES_ANNOTATION, release.named_templates
    yield from ((name, name == release.proxy_config_annotation) for name in _PROXY_CONFIG)


def _on_pods(registry: Mapping[str, str]) -> frozenset[str]:
    return frozenset(name for name, resources in registry.items() if not _ON_PODS.isdisjoint(resources.split()))


def _selected(selectors: Iterable[Mapping[str, object]]) -> frozenset[str]:
    return _mentioned_in(" ".join(map(str, selectors)))


def complaints(annotations: Iterable[str], labels: Iterable[str], words: Vocabulary, limit: int) -> Iterable[str]:
    """Return a sentence on each name that is ignored, in ``limit`` characters where that is possible.

    A name that may well be another program's is none of ours, and after some strange ones the rest is not looked at.
    """
    strangers: list[tuple[Kind, str]] = []
    for name in annotations:
        if DOMAIN in name and name not in words.annotations:
            strangers.append(("annotation", name))
    for name in labels:
        if DOMAIN in name and name not in words.labels:
            strangers.append(("label", name))
    return _complaints(strangers[:_MAX_STRANGERS], words, limit) if strangers else ()


def _complaints(strangers: Iterable[tuple[Kind, str]], words: Vocabulary, limit: int) -> Iterator[str]:
    for kind, name in strangers:
        why = _why_ignored(kind, name, words)
        if why:
            yield f"the {kind} {name} is ignored: {why}"
        elif meant := _meant(name, words.annotations if kind == "annotation" else words.labels):
            yield _hint(f"the {kind} {name} is ignored: did you mean ", name, meant, limit)
        elif name.partition("/")[0] in _INJECTORS:
            yield f"the {kind} {name} is ignored: neither Istio nor a template knows it"


def _why_ignored(kind: Kind, name: str, words: Vocabulary) -> str:
    """Say why a name that Istio knows has no meaning here; empty for one that it does not know."""
    if name in (words.labels if kind == "annotation" else words.annotations):
        return f"it has to be {'a label' if kind == 'annotation' else 'an annotation'}"
    carriers = (ANNOTATIONS if kind == "annotation" else LABELS).get(name, "Pod")
    if _ON_PODS.isdisjoint(carriers.split()):
        return f"it belongs on a {carriers.replace(' ', ' or ')}"
    return "nothing in this configuration reads it" if kind == "annotation" and name in _KNOWN else ""


def _meant(name: str, known: frozenset[str]) -> str:
    """Return the name that was probably meant; empty for one that is like no other, or too long to be one."""
    return _nearest(name, known) if len(name) <= _LONGEST else ""


@lru_cache(maxsize=256)
def _nearest(name: str, known: frozenset[str]) -> str:
    """Return the nearest name of that prefix, or the same one of another prefix."""
    prefix, _, tail = name.partition("/")
    tails: dict[str, list[str]] = {}
    for each in sorted(known):
        head, _, rest = each.partition("/")
        tails.setdefault(head, []).append(rest)
    if prefix not in tails:
        prefix = nearest(prefix, tails) or prefix
    near = tail if tail in tails.get(prefix, ()) else nearest(tail, tails.get(prefix, ()))
    if near:
        return f"{prefix}/{near}"
    return next((f"{head}/{tail}" for head, rests in tails.items() if tail in rests), "")


def _hint(start: str, name: str, meant: str, limit: int) -> str:
    """End a sentence with a name; only with the part of it that is new, where it would get too long."""
    prefix, _, tail = meant.partition("/")
    if len(start) + len(meant) < limit:
        return f"{start}{meant}?"
    return f"{start}{tail}?" if name.startswith(f"{prefix}/") else f"{start}{prefix}/…?"
