"""Merging of Prometheus scrape annotations up to 1.8: the agent is scraped, and told what the application's metrics are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from gotemplate.golib.strconv import NumError, parse_bool
from webhook.kube import gojson

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.mesh.mesh import Mesh

MERGE_ANNOTATION: Final = "prometheus.istio.io/merge-metrics"
VARIABLE: Final = "ISTIO_PROMETHEUS_ANNOTATIONS"
_ANNOTATION: Final = "prometheus.io/"
_NAMES: Final = ("scrape", "path", "port")


def merges_metrics(annotations: Mapping[str, str], mesh: Mesh, release: Release) -> bool:
    """Tell whether scrape annotations are merged: as the pod says, else the mesh, else the release's default."""
    if release.prometheus_merge == "no":
        return False
    try:
        if MERGE_ANNOTATION in annotations:
            return parse_bool(annotations[MERGE_ANNOTATION])
    except NumError:  # Istio logs it and asks the mesh
        pass
    wanted: bool | None = mesh.message.get("enable_prometheus_merge")
    return release.prometheus_merge_default if wanted is None else wanted


def scraping_variable(annotations: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the sidecar's variable that says how the application is scraped; None where nothing says so."""
    found = {name: annotations.get(_ANNOTATION + name, "") for name in _NAMES}
    if not any(found.values()):
        return None
    return {"name": VARIABLE, "value": gojson.dumps(found, sort_keys=False)}


def scrape_annotations(mesh: Mesh) -> dict[str, str]:
    """Return the annotations that make Prometheus scrape the agent."""
    return {
        _ANNOTATION + "path": "/stats/prometheus",
        _ANNOTATION + "port": str(mesh.proxy.get("status_port", 0)),
        _ANNOTATION + "scrape": "true",
    }
