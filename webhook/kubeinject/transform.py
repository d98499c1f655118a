"""A stream of Kubernetes documents in, the same stream with sidecars out; what is not a workload passes byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from gotemplate.golib.strconv import quote
from webhook.inject.errors import InjectError
from webhook.inject.pipeline import inject_template
from webhook.kube import yaml
from webhook.kube.documents import SEPARATOR, split_documents
from webhook.kube.schema import DecodeError, load_schema
from webhook.kube.workloads import Workload, find_workload

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

Warn = Callable[[str], None]
_PATH_KEYS: Final = ("spec", "jobTemplate", "template")


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
    workload = find_workload(document.get("kind"), snapshot.release.workload_era)
    if workload is None:
        return None
    schema = load_schema(snapshot.release.kube_version)
    value = schema.decode(workload.go_type, document, coerce=True)
    if workload.kind == "List":
        items = [_inject_item(item, snapshot, warn) for item in value.get("items") or ()]
        return schema.encode(workload.go_type, {**value, "items": items})
    return schema.encode(workload.go_type, _inject_workload(workload, value, snapshot, warn))


def _inject_item(item: Any, snapshot: Snapshot, warn: Warn) -> Any:
    injected = _inject_object(item, snapshot, warn) if isinstance(item, dict) else None
    return item if injected is None else injected


def _inject_workload(workload: Workload, value: dict[str, Any], snapshot: Snapshot, warn: Warn) -> dict[str, Any]:
    metadata = _get(value, workload.metadata_path)
    spec = _get(value, workload.spec_path)
    if spec.get("hostNetwork"):
        name = quote(metadata.get("name", ""))
        warn(f"Skipping injection because {name} has host networking enabled")
        return value
    new_metadata, new_spec = inject_template(metadata, spec, snapshot)
    return _set(_set(value, workload.metadata_path, new_metadata), workload.spec_path, new_spec)


def _get(value: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for key in path:
        value = value.get(key) or {}
    return value


def _set(value: dict[str, Any], path: tuple[str, ...], new: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of ``value`` with ``new`` at the path; what is not on the path is shared."""
    head, rest = path[0], path[1:]
    return {**value, head: _set(value.get(head) or {}, rest, new) if rest else new}
