"""A stream of Kubernetes documents in, the same stream with sidecars out; what is not a workload passes byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from webhook.inject.pipeline import inject_template
from webhook.inject.proxy_config import mesh_of_pod
from webhook.inject.settings import DEFAULTS, Settings
from webhook.inject.workload_meta import Owner, owner_of_pod
from webhook.kube.workloads import Workload, value_at, with_value_at
from webhook.kubeinject.skipping import reason_to_skip
from webhook.kubeinject.stream import DocumentError, change_documents

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

__all__ = ["DocumentError", "Warn", "inject_documents"]

Warn = Callable[[str], None]


def inject_documents(
    source: Iterable[str], snapshot: Snapshot, warn: Warn, settings: Settings = DEFAULTS
) -> Iterator[str]:
    """Yield the injected text of each document and the separator that follows each of them, the last included.

    Args:
        source: lines of a multi-document YAML stream.
        snapshot: the configuration to inject with.
        warn: is told, in Istio's words, what was skipped.
        settings: revision and environment.

    Raises:
        DocumentError: a document cannot be read or injected; those before it have been yielded.
    """

    def change(workload: Workload, value: dict[str, Any]) -> dict[str, Any]:
        return _inject_workload(workload, value, snapshot, warn, settings)

    return change_documents(source, snapshot.release, change)


def _inject_workload(
    workload: Workload, value: dict[str, Any], snapshot: Snapshot, warn: Warn, settings: Settings
) -> dict[str, Any]:
    spec_path = (*workload.template, "spec")
    metadata = value_at(value, workload.metadata) or {}
    spec = value_at(value, spec_path) or {}
    owner = _owner(workload, value, snapshot)
    reason = reason_to_skip(metadata, spec, owner, snapshot.release)
    if reason and not spec.get("hostNetwork") and snapshot.release.kube_inject_reads_proxy_config_first:
        mesh_of_pod(metadata, snapshot)  # what cannot be read is an error even where nothing is injected
    if reason:
        warn(reason)
        return value
    new_metadata, new_spec = inject_template(metadata, spec, owner, snapshot, settings)
    return with_value_at(with_value_at(value, workload.metadata, new_metadata), spec_path, new_spec)


def _owner(workload: Workload, value: dict[str, Any], snapshot: Snapshot) -> Owner:
    """Return the workload that templates are told of: the document itself, from 1.21 on the owner of a bare pod."""
    if not workload.template and snapshot.release.kube_inject_pod_owner:
        return owner_of_pod(value, snapshot.release)
    return Owner(value.get("kind", ""), value.get("apiVersion", ""), value.get("metadata") or {})
