"""ProxyConfig resources of the cluster, which the webhook merges into the proxy configuration of pods (since 1.13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from webhook.config.errors import ConfigError
from webhook.kube import yaml
from webhook.mesh.effective import ProxyConfigResource, read_resource
from webhook.mesh.errors import MeshError
from webhook.mesh.schema import schema_of

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release

PLACE: Final = "the ProxyConfig resources"
_KIND: Final = "ProxyConfig"


def with_proxy_configs(snapshot: Snapshot, text: str | None) -> Snapshot:
    """Return the snapshot with the resources of a text; the same one where there is no text.

    Raises ConfigError.
    """
    if text is None:
        return snapshot
    texts = snapshot.texts._replace(proxy_configs=text)
    return snapshot._replace(texts=texts, proxy_configs=read_proxy_configs(text, snapshot.release))


def read_proxy_configs(text: str, release: Release) -> tuple[ProxyConfigResource, ...]:
    """Return the ProxyConfig resources among the manifests of a stream, oldest first, as they rank in a cluster.

    text: documents and Lists, as ``kubectl get proxyconfigs -A -o yaml`` prints them; releases before 1.13 see none there.

    Raises ConfigError for what is no YAML, and for a resource that the release cannot read.
    """
    if not release.proxy_config_is_merged:
        return ()
    try:
        documents = yaml.load_all(text)
    except yaml.YamlError as error:
        remedy = "give manifests of kind ProxyConfig"
        raise ConfigError(str(error), place=PLACE, line=error.line, remedy=remedy) from None
    found = [item for document in documents for item in _items(document) if item.get("kind") == _KIND]
    return tuple(_read(item, release) for item in sorted(found, key=_rank))


def _items(document: Any) -> list[dict[str, Any]]:
    if not isinstance(document, dict):
        return []
    items = document.get("items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else [document]


def _metadata(item: dict[str, Any]) -> dict[str, Any]:
    metadata = item.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _rank(item: dict[str, Any]) -> tuple[str, ...]:
    """Return what decides between resources of one level: times of one form sort as texts."""
    metadata = _metadata(item)
    return tuple(str(metadata.get(key) or "") for key in ("creationTimestamp", "name", "namespace"))


def _read(item: dict[str, Any], release: Release) -> ProxyConfigResource:
    metadata = _metadata(item)
    namespace = str(metadata.get("namespace") or "default")
    try:
        return read_resource(item.get("spec"), namespace, schema_of(release.version))
    except MeshError as error:
        place = f"{PLACE}, {namespace}/{metadata.get('name')}"
        raise ConfigError(str(error), place=place, remedy="check the fields of its spec") from None
