"""A stream of Kubernetes documents in, the same stream with sidecars out; what is not a workload passes byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from webhook.inject.errors import InjectError, PodError
from webhook.inject.pipeline import inject_template
from webhook.inject.workload_meta import Owner
from webhook.kube import yaml
from webhook.kube.documents import SEPARATOR, split_documents
from webhook.kube.schema import DecodeError, load_schema
from webhook.kube.workloads import LIST_TYPE, Workload, value_at, with_value_at, workload_of
from webhook.kubeinject.skipping import reason_to_skip

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

Warn = Callable[[str], None]


class DocumentError(Exception):
    """One document of the input cannot be injected: which one, of what kind and name, and why (``cause``)."""

    def __init__(self, index: int, what: str, cause: Exception) -> None:
        super().__init__(f"document {index}{what}: {cause}")
        self.index = index
        self.cause = cause


def inject_documents(source: Iterable[str], snapshot: Snapshot, warn: Warn) -> Iterator[str]:
    """Yield the injected text of each document and the separator that follows each of them, the last included.

    Args:
        source: lines of a multi-document YAML stream.
        snapshot: the configuration to inject with.
        warn: is told, in Istio's words, what was skipped.

    Raises:
        DocumentError: a document cannot be read or injected; those before it have been yielded.
    """
    for index, raw in enumerate(split_documents(source), 1):
        yield _inject_text(raw, index, snapshot, warn)
        yield SEPARATOR


def _inject_text(raw: str, index: int, snapshot: Snapshot, warn: Warn) -> str:
    release = snapshot.release
    try:
        document = yaml.load(raw, release.yaml_dialect)
    except yaml.YamlError as error:
        raise DocumentError(index, "", error) from error
    if not isinstance(document, dict):
        return raw
    try:
        injected = _inject_object(document, snapshot, warn)
    except (DecodeError, InjectError) as error:
        raise DocumentError(index, _what(document), error) from error
    return raw if injected is None else yaml.dump(injected, release.yaml_dialect)


def _what(document: dict[str, Any]) -> str:
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return f" ({document.get('kind')} {name})" if name else f" ({document.get('kind')})"


def _inject_object(document: dict[str, Any], snapshot: Snapshot, warn: Warn) -> dict[str, Any] | None:
    """Return the injected object as it is to be printed; None for a kind that kube-inject does not know."""
    release = snapshot.release
    kind = document.get("kind")
    if kind == "List" and release.list_is_injected:
        return _inject_list(document, snapshot, warn)
    workload = workload_of(kind, release.workload_era) if isinstance(kind, str) else None
    if workload is None:
        return None
    schema = load_schema(release.kube_version)
    value = schema.decode(workload.type_name, document, coerce=True)
    return schema.encode(workload.type_name, _inject_workload(workload, value, snapshot, warn))


def _inject_list(document: dict[str, Any], snapshot: Snapshot, warn: Warn) -> dict[str, Any]:
    schema = load_schema(snapshot.release.kube_version)
    value = schema.decode(LIST_TYPE, document, coerce=True)
    items = [_inject_item(item, snapshot, warn) for item in value.get("items") or ()]
    return schema.encode(LIST_TYPE, {**value, "items": items})


def _inject_item(item: Any, snapshot: Snapshot, warn: Warn) -> Any:
    injected = _inject_object(item, snapshot, warn) if isinstance(item, dict) else None
    return item if injected is None else injected


def _inject_workload(workload: Workload, value: dict[str, Any], snapshot: Snapshot, warn: Warn) -> dict[str, Any]:
    spec_path = (*workload.template, "spec")
    if workload.pointer and value_at(value, workload.template) is None:
        raise PodError("spec.template is required value")
    metadata = value_at(value, workload.metadata) or {}
    spec = value_at(value, spec_path) or {}
    owner = Owner(value.get("kind", ""), value.get("apiVersion", ""), value.get("metadata") or {})
    reason = reason_to_skip(metadata, spec, owner, snapshot.release)
    if reason:
        warn(reason)
        return value
    new_metadata, new_spec = inject_template(metadata, spec, owner, snapshot)
    return with_value_at(with_value_at(value, workload.metadata, new_metadata), spec_path, new_spec)
