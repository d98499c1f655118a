"""The rule ``pod-normalised``: documents of input and golden become pods, as a controller would make them, and pods are compared.

Also what surrounds the injector in a case: environment, revision, nodes and namespaces of the cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from webhook.inject.settings import Settings
from webhook.inject.status import STATUS_ANNOTATION
from webhook.kube import yaml
from webhook.kube.schema import Schema, load_schema
from webhook.kube.workloads import WORKLOADS, Workload, value_at

if TYPE_CHECKING:
    from conformance.manifest import Case, Manifest
    from webhook.config.release import Release

POD_TYPE: Final = "core/v1.Pod"
FLAGS: Final[Mapping[str, str]] = {
    "CompliancePolicy": "COMPLIANCE_POLICY",
    "EnableLegacyFSGroupInjection": "ENABLE_LEGACY_FSGROUP_INJECTION",
    "EnableNativeSidecars": "ENABLE_NATIVE_SIDECARS",
    "RewriteTCPProbes": "REWRITE_TCP_PROBES",
}
"""Feature flags by the name of Istio's variable, and the environment variable that sets each."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A pod as it comes to admission, canonical, and the namespace of the request."""

    pod: dict[str, Any]
    namespace: str


def settings_of(case: Case, manifest: Manifest) -> Settings:
    """Return the surroundings of the injector in a case."""
    harness = manifest.harness.get(case.id.partition("/")[0]) or {}
    nodes = harness.get("nodes")
    flags = {FLAGS.get(name, name): str(value) for name, value in (case.params.get("features") or {}).items()}
    return Settings(
        environment={**(case.params.get("env") or {}), **flags},
        revision=case.params.get("revision") or "",
        nodes=None if nodes is None else {f"node-{index}": version for index, version in enumerate(nodes)},
        namespaces=harness.get("namespaces") or {},
    )


def pods_of(text: str, release: Release) -> Iterator[Admitted]:
    """Yield the pods that come of the documents of a stream; what has no pods in it is left out."""
    schema = load_schema(release.kube_version)
    for document in yaml.load_all(text, release.yaml_dialect):
        for item in _items(document):
            workload = WORKLOADS[release.workload_era].get(item.get("kind", ""))
            if workload is not None:
                value = schema.decode(workload.type_name, item, coerce=True)
                namespace = (value.get("metadata") or {}).get("namespace", "")
                yield Admitted(_made_pod(workload, value, schema), namespace)


def _items(document: Any) -> list[dict[str, Any]]:
    if not isinstance(document, dict):
        return []
    items: list[dict[str, Any]] = document["items"] if document.get("kind") == "List" else [document]
    return items


def _made_pod(workload: Workload, value: dict[str, Any], schema: Schema) -> dict[str, Any]:
    if not workload.template:
        return value
    template = value_at(value, workload.template) or {}
    name = (value.get("metadata") or {}).get("name", "")
    owner = {"apiVersion": value.get("apiVersion", ""), "kind": value.get("kind", ""), "name": name}
    metadata: dict[str, Any] = {**(template.get("metadata") or {}), "generateName": name}
    if workload.kind == "Deployment":
        owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{name}-fake"}
        metadata["generateName"] = f"{name}-fake-"
        metadata["labels"] = {**(metadata.get("labels") or {}), "pod-template-hash": "fake"}
    metadata["ownerReferences"] = [{**owner, "uid": "", "controller": True}]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template.get("spec") or {}}
    return schema.decode(POD_TYPE, schema.encode(POD_TYPE, pod), coerce=False)


def scrub_pod(pod: Any) -> Any:
    """Return a pod without its status annotation and the API version of field references."""
    if isinstance(pod, list):
        return [scrub_pod(item) for item in pod]
    if not isinstance(pod, dict):
        return pod
    result = {key: scrub_pod(value) for key, value in pod.items()}
    if isinstance(result.get("annotations"), dict):
        result["annotations"].pop(STATUS_ANNOTATION, None)
    if isinstance(result.get("fieldRef"), dict):
        result["fieldRef"].pop("apiVersion", None)
    return result
