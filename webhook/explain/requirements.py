"""The requirements that a mesh has of pods, checked over manifests: Services, workloads and namespaces seen together.

Source: the page "Installing the Istio Sidecar" of Istio 0.8, section "Pod spec requirements". What a pod itself gets wrong is
told in the words of the warnings in admission.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from webhook.explain.names import INJECTION_LABEL
from webhook.inject.containers import PROXY
from webhook.inject.outcome import Decision, Reason
from webhook.inject.pod_labels import REVISION
from webhook.inject.status import STATUS_ANNOTATION
from webhook.kube.workloads import NEWEST_ERA, value_at, workload_of

PROTOCOLS: Final = ("grpc", "http", "http2", "mongo", "redis")
"""Protocols that the mesh recognises at the start of a port's name."""


class Rule(Enum):
    """The four requirements of the page, and that a pod says nothing in vain."""

    SERVICE_ASSOCIATION = "service-association"
    NAMED_PORTS = "named-ports"
    APP_LABEL = "app-label"
    SIDECAR = "sidecar"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One Kubernetes object and where it was read: file and document number (1-based)."""

    file: str
    document: int
    object: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The object's kind."""
        return str(self.object.get("kind") or "")

    @property
    def name(self) -> str:
        """The object's name, or its generateName."""
        metadata = _mapping(self.object.get("metadata"))
        return str(metadata.get("name") or metadata.get("generateName") or "(no name)")

    @property
    def place(self) -> str:
        """File, document, kind and name."""
        return f"{self.file}, document {self.document}, {self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement that is not met: where, why, and what to do about it, where the reason does not say that too."""

    rule: Rule
    place: str
    reason: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Mesh:
    """What decides about injection beside the pod: the decision, and which namespaces are selected by the webhook.

    ``advise`` gives the warnings that a pod would meet in admission.
    """

    decide: Callable[[Mapping[str, Any]], Decision]
    namespace: str = "default"
    labelled: frozenset[str] = field(default_factory=frozenset)
    advise: Callable[[Mapping[str, Any]], Sequence[str]] = lambda _pod: ()


@dataclass(frozen=True, slots=True)
class _Pod:
    manifest: Manifest
    namespace: str
    template: Mapping[str, Any]

    @property
    def labels(self) -> Mapping[str, Any]:
        return _mapping(_mapping(self.template.get("metadata")).get("labels"))


def check_requirements(manifests: Sequence[Manifest], mesh: Mesh) -> list[Finding]:
    """Check a set of manifests as one application; findings are in the order of the manifests, then of the rules.

    Pods that opt out by annotation or label are not part of the mesh, and no requirements are made of them.
    """
    all_pods = list(_pods(manifests, mesh.namespace))
    pods = [pod for pod in all_pods if not _opted_out(pod, mesh)]
    findings = [
        *_service_association(pods, manifests, mesh.namespace),
        *_named_ports(manifests),
        *_app_labels(pods),
        *_sidecars(pods, manifests, mesh),
        *(Finding(Rule.ADVICE, pod.manifest.place, text) for pod in all_pods for text in mesh.advise(pod.template)),
    ]
    order = {manifest.place: index for index, manifest in enumerate(manifests)}
    return sorted(findings, key=lambda finding: order[finding.place])


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _namespace(manifest: Manifest, default: str) -> str:
    return str(_mapping(manifest.object.get("metadata")).get("namespace") or default)


def _pods(manifests: Iterable[Manifest], default: str) -> Iterator[_Pod]:
    for manifest in manifests:
        workload = workload_of(manifest.kind, NEWEST_ERA)
        if workload is None:
            continue
        template = _mapping(value_at(manifest.object, workload.template))
        yield _Pod(manifest, _namespace(manifest, default), template)


_OPT_OUTS: Final = frozenset({Reason.ANNOTATION_OFF, Reason.LABEL_OFF})


def _opted_out(pod: _Pod, mesh: Mesh) -> bool:
    return not _has_sidecar(pod) and mesh.decide(pod.template).reason in _OPT_OUTS


def _has_sidecar(pod: _Pod) -> bool:
    annotations = _mapping(_mapping(pod.template.get("metadata")).get("annotations"))
    spec = _mapping(pod.template.get("spec"))
    containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    return STATUS_ANNOTATION in annotations or any(_mapping(c).get("name") == PROXY for c in containers)


def _service_association(pods: Sequence[_Pod], manifests: Sequence[Manifest], default: str) -> Iterator[Finding]:
    services = [m for m in manifests if m.kind == "Service"]
    for pod in pods:
        names = [s.name for s in services if _namespace(s, default) == pod.namespace and _selects(s, pod.labels)]
        if not names:
            yield Finding(
                Rule.SERVICE_ASSOCIATION,
                pod.manifest.place,
                f"no Service of the namespace {pod.namespace} selects its pods",
                "add a Service whose selector matches the labels of the pod template, also when nothing calls the pod",
            )
        elif len(names) > 1:
            yield Finding(
                Rule.SERVICE_ASSOCIATION,
                pod.manifest.place,
                f"{len(names)} Services select its pods: {', '.join(sorted(names))}",
                "let a pod belong to a single Service: narrow a selector, or join the ports in one Service",
            )


def _selects(service: Manifest, labels: Mapping[str, Any]) -> bool:
    selector = _mapping(_mapping(service.object.get("spec")).get("selector"))
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())


def _named_ports(manifests: Sequence[Manifest]) -> Iterator[Finding]:
    for service in manifests:
        spec = _mapping(service.object.get("spec"))
        if service.kind != "Service" or spec.get("type") == "ExternalName":
            continue
        ports = spec.get("ports")
        for port in map(_mapping, ports if isinstance(ports, list) else ()):
            problem = _port_problem(port)
            if problem:
                yield Finding(
                    Rule.NAMED_PORTS,
                    service.place,
                    f"port {port.get('port', '(no number)')} {problem}: its traffic is treated as plain TCP",
                    f"name the port <protocol>[-<suffix>] with one of {', '.join(PROTOCOLS)}, "
                    f"for example http-{port.get('name') or 'web'}, or set protocol: UDP",
                )


def _port_problem(port: Mapping[str, Any]) -> str:
    if str(port.get("protocol") or "TCP").upper() == "UDP":
        return ""
    name = str(port.get("name") or "")
    if not name:
        return "has no name"
    prefix = name.partition("-")[0]
    return "" if prefix in PROTOCOLS else f"is named {name!r}, and {prefix!r} is no protocol the mesh recognises"


def _app_labels(pods: Sequence[_Pod]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], list[str]] = defaultdict(list)
    deployments = [pod for pod in pods if pod.manifest.kind == "Deployment"]
    for pod in deployments:
        seen[pod.namespace, str(pod.labels.get("app") or "")].append(pod.manifest.name)
    for pod in deployments:
        app = str(pod.labels.get("app") or "")
        same = [name for name in seen[pod.namespace, app] if name != pod.manifest.name]
        if not app:
            yield Finding(
                Rule.APP_LABEL,
                pod.manifest.place,
                "its pod template has no label app, which names the workload in traces",
                f"add the label app: {pod.manifest.name} to spec.template.metadata.labels and to the selector",
            )
        elif same:
            yield Finding(
                Rule.APP_LABEL,
                pod.manifest.place,
                f"it shares the label app: {app} with {', '.join(same)}",
                "give each Deployment a distinct app label that says what it is",
            )


def _sidecars(pods: Sequence[_Pod], manifests: Sequence[Manifest], mesh: Mesh) -> Iterator[Finding]:
    namespaces = {
        m.name: _mapping(_mapping(m.object.get("metadata")).get("labels")) for m in manifests if m.kind == "Namespace"
    }
    for pod in pods:
        problem = None if _has_sidecar(pod) else _no_sidecar(pod, namespaces, mesh)
        if problem:
            yield Finding(Rule.SIDECAR, pod.manifest.place, *problem)


def _no_sidecar(pod: _Pod, namespaces: Mapping[str, Mapping[str, Any]], mesh: Mesh) -> tuple[str, str] | None:
    """Say why a pod gets no sidecar and what to do, or None when the webhook will inject it.

    The webhook is called for pods of namespaces with the injection label or a revision, and for pods that ask by label.
    """
    metadata = {**_mapping(pod.template.get("metadata")), "namespace": pod.namespace}
    decision = mesh.decide({**pod.template, "metadata": metadata})
    if not decision.inject:
        return f"it has no sidecar and gets none: {decision.sentence}", _remedy(decision)
    label = (
        f"kubectl label namespace {pod.namespace} {INJECTION_LABEL}=enabled, or inject by hand with remora kube-inject"
    )
    labels = namespaces.get(pod.namespace, {})
    if (
        pod.namespace in mesh.labelled
        or decision.reason is Reason.LABEL_ON
        or labels.get(INJECTION_LABEL) == "enabled"
        or REVISION in labels
    ):
        return None
    if pod.namespace not in namespaces:
        return (
            f"it has no sidecar, and whether the namespace {pod.namespace} has the label {INJECTION_LABEL}=enabled cannot be seen here",
            f"{label}; then add the Namespace's manifest to the files, or say --injection-namespace {pod.namespace}",
        )
    return f"it has no sidecar, and the namespace {pod.namespace} lacks the label {INJECTION_LABEL}=enabled", label


def _remedy(decision: Decision) -> str:
    remedies = {
        Reason.HOST_NETWORK: "a pod on the host's network cannot be part of the mesh: drop spec.hostNetwork, or opt out with "
        'the annotation sidecar.istio.io/inject: "false"',
        Reason.NEVER_SELECTOR: "take the labels away that the selector matches, or inject by hand with remora kube-inject",
        Reason.IGNORED_NAMESPACE: "move the workload to a namespace of its own",
        Reason.POLICY_DISABLED: 'add the annotation sidecar.istio.io/inject: "true" to the pod template, or inject by hand '
        "with remora kube-inject",
        Reason.POLICY_UNKNOWN: "set policy to enabled or disabled in the injector's ConfigMap",
    }
    return remedies[decision.reason]
