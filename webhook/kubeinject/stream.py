"""Document by document through a stream of manifests: workloads are decoded, changed and printed again, the rest passes byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from webhook.inject.errors import InjectError, PodError
from webhook.kube import yaml
from webhook.kube.documents import SEPARATOR, split_documents
from webhook.kube.schema import DecodeError, load_schema
from webhook.kube.workloads import LIST_TYPE, Workload, value_at, workload_of

if TYPE_CHECKING:
    from webhook.config.release import Release

Object = dict[str, Any]
_TYPE_META: Final = "meta/v1.TypeMeta"
Change = Callable[[Workload, Object], Object]
"""From a workload's canonical form to the changed one."""


class DocumentError(Exception):
    """One document of the input cannot be read or changed: which one, of what kind and name, and why (``cause``)."""

    def __init__(self, index: int, what: str, cause: Exception) -> None:
        super().__init__(f"document {index}{what}: {cause}")
        self.index = index
        self.cause = cause


def change_documents(source: Iterable[str], release: Release, change: Change) -> Iterator[str]:
    """Yield the text of each document after the change, and the separator that follows each of them, the last included.

    source: lines of a multi-document YAML stream.

    Raises:
        DocumentError: a document cannot be read or changed; those before it have been yielded.
    """
    index = 0
    documents = split_documents(source, comments=release.separator_may_have_comment)
    while True:
        index += 1
        try:
            raw = next(documents, None)
        except yaml.YamlError as error:
            raise DocumentError(index, "", error) from error
        if raw is None:
            return
        yield _change_text(raw, index, release, change)
        yield SEPARATOR


def _change_text(raw: str, index: int, release: Release, change: Change) -> str:
    try:
        document = yaml.load(raw, release.yaml_dialect)
    except yaml.YamlError as error:
        raise DocumentError(index, "", error) from error
    if document is None:
        return raw
    try:
        changed = _change_object(_object(document, release), release, change)
        return raw if changed is None else yaml.dump(changed, release.yaml_dialect)
    except (DecodeError, InjectError, yaml.YamlError) as error:
        raise DocumentError(index, _what(document), error) from error


def _object(document: object, release: Release) -> Object:
    """Return a document that is an object; anything else is refused as Go refuses to read a TypeMeta from it."""
    if isinstance(document, dict):
        return document
    kind = {list: "array", str: "string", bool: "bool"}.get(type(document), "number")
    raise DecodeError(
        f"{release.yaml_dialect.json_error_prefix}json: cannot unmarshal {kind} into Go value of type v1.TypeMeta", ""
    )


def _decode(type_name: str, document: Object, release: Release) -> Object:
    try:
        return load_schema(release.kube_version).decode(type_name, document, coerce=True)
    except DecodeError as error:
        raise DecodeError(f"{release.yaml_dialect.json_error_prefix}{error}", error.path) from error


def _what(document: object) -> str:
    if not isinstance(document, dict):
        return ""
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return f" ({document.get('kind')} {name})" if name else f" ({document.get('kind')})"


def _change_object(document: Object, release: Release, change: Change) -> Object | None:
    """Return the changed object as it is to be printed; None for a kind that istioctl does not know."""
    kind = _decode(_TYPE_META, document, release).get("kind", "")
    schema = load_schema(release.kube_version)
    if kind == "List" and release.list_is_injected:
        value = _decode(LIST_TYPE, document, release)
        items = [_change_item(item, release, change) for item in value.get("items") or ()]
        return schema.encode(LIST_TYPE, {**value, "items": items} if "items" in value else value)
    workload = workload_of(kind, release.workload_era)
    if workload is None:
        return None
    value = _decode(workload.type_name, document, release)
    if workload.pointer and value_at(value, workload.template) is None:
        raise PodError("spec.template is required value")
    return schema.encode(workload.type_name, change(workload, value))


def _change_item(item: Any, release: Release, change: Change) -> Any:
    if item is None:
        return item
    changed = _change_object(_object(item, release), release, change)
    return item if changed is None else changed
