"""Configurations to serve: the stock ConfigMaps of a release where upstream's data is at hand, else the embedded default."""

from __future__ import annotations

from pathlib import Path

from bench.upstream import upstream
from webhook.defaults import Parameters, inject_config
from webhook.kube import yaml


def embedded() -> dict[str, str]:
    """Return the files of the embedded default."""
    return {"config": inject_config(Parameters())}


def stock(release: str, data: Path | None = None) -> dict[str, str]:
    """Return the files config, values and mesh of a release's stock ConfigMaps.

    Raises:
        FileNotFoundError: there is no data of upstream, or none of this release.
    """
    folder = data or upstream()
    if folder is None:
        raise FileNotFoundError("no upstream data: set REMORA_UPSTREAM")
    stock_folder = folder / release / "stock"
    files: dict[str, str] = {}
    for name in ("istio-sidecar-injector-configmap.yaml", "istio-mesh-configmap.yaml"):
        document = yaml.load((stock_folder / name).read_bytes())
        assert isinstance(document, dict)
        files |= {key: text for key, text in document["data"].items() if key in ("config", "values", "mesh")}
    return files
