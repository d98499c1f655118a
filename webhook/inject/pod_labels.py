"""Labels that the injector gave pods from 1.4 to 1.8; later the template does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from webhook.inject.proxy_env import NETWORK, NETWORK_LABEL

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.workload_meta import Owner

TLS_MODE: Final = "security.istio.io/tlsMode"
REVISION: Final = "istio.io/rev"
_CANONICAL: Final = "service.istio.io/canonical-"
_NAME_LABELS: Final = (_CANONICAL + "name", "app.kubernetes.io/name", "app")
_REVISION_LABELS: Final = (_CANONICAL + "revision", "app.kubernetes.io/version", "version")


def injected_labels(
    labels: Mapping[str, str], owner: Owner, revision: str, sidecar: Mapping[str, Any] | None, release: Release
) -> dict[str, str]:
    """Return the labels that the webhook adds, sorted; those a pod has already are left to the caller."""
    found = {TLS_MODE: "istio"} if release.tls_mode_label else {}
    if release.rev_label:
        found[REVISION] = revision
    if release.canonical_labels != "no":
        name = owner.metadata.get("name", "")
        found[_CANONICAL + "name"] = _first(labels, _NAME_LABELS, name)
        found[_CANONICAL + "revision"] = _first(labels, _REVISION_LABELS, "latest")
    network = _network(sidecar) if release.network_label else ""
    if network:
        found[NETWORK_LABEL] = network
    return {key: found[key] for key in sorted(found)}


def _first(labels: Mapping[str, str], names: tuple[str, ...], default: str) -> str:
    return next((labels[name] for name in names if name in labels), default)


def _network(sidecar: Mapping[str, Any] | None) -> str:
    variables = (sidecar or {}).get("env") or ()
    return next((item.get("value", "") for item in variables if item.get("name") == NETWORK), "")
