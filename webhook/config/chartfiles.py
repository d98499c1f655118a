"""Finding and reading the charts and profiles of an Istio checkout or release directory: folders in, texts and charts out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from webhook.config.charts import Chart, Values, parse_chart, read_values
from webhook.config.errors import ConfigError

SNAPSHOT: Final = "operator/cmd/mesh/testdata/manifest-generate/data-snapshot"
"""Where 1.6 and 1.7 keep the copy of charts and profiles that their injection tests render."""

CHARTS: Final = (
    "manifests/charts/istio-control/istio-discovery",
    "manifests/istio-control/istio-discovery",
    "install/kubernetes/helm/istio",
    "charts/istio-control/istio-discovery",
    "istio-control/istio-discovery",
    "istio-discovery",
)
"""Where the chart with the injector's ConfigMap is, from the root of a checkout or of a part of it; the first one counts."""

PROFILES: Final = ("manifests/profiles", "operator/data/profiles", "profiles")
GLOBALS: Final = ("manifests/charts/global.yaml", "manifests/global.yaml", "global.yaml")
_TEXTS: Final = frozenset({".yaml", ".yml", ".tpl", ".txt", ".json", ".lock", ""})
_LARGEST: Final = 8 << 20
"""A chart's files are all read; one above 8 MiB is no text of a chart."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What a checkout holds: the chart, operator profiles by name, and values that belong to all charts (1.5 to 1.8).

    ``overlays`` are the chart's other values files by name (``values-istio-demo.yaml`` is ``demo``).
    """

    root: Path
    chart_path: Path
    chart: Chart
    profiles: Mapping[str, Values] = field(default_factory=dict)
    global_values: Values = field(default_factory=dict)
    overlays: Mapping[str, Values] = field(default_factory=dict)


def load_tree(directory: Path, *, snapshot: bool = False) -> Tree:
    """Read the charts of an Istio checkout or release directory, of its ``manifests``, or of a chart's folder.

    snapshot: prefer the copy that the tests of 1.6 and 1.7 render.

    Raises ConfigError naming what is missing, or the file that does not parse.
    """
    root = directory / SNAPSHOT if snapshot and (directory / SNAPSHOT).is_dir() else directory
    chart_path = _find_chart(root)
    chart = parse_chart(read_folder(chart_path), str(chart_path))
    return Tree(
        root=root,
        chart_path=chart_path,
        chart=chart,
        profiles=_profiles(root, chart_path),
        global_values=_global_values(root, chart_path),
        overlays=_overlays(chart_path),
    )


def _find_chart(root: Path) -> Path:
    if (root / "Chart.yaml").is_file():
        return root
    for candidate in CHARTS:
        if (root / candidate / "Chart.yaml").is_file():
            return root / candidate
    remedy = "give an Istio checkout or release directory, or the folder of the chart istio-discovery (istio up to 1.4)"
    raise ConfigError("no chart with the injector's ConfigMap is here", place=str(root), remedy=remedy)


def _bases(root: Path, chart_path: Path) -> list[Path]:
    """Return the root and the folders above the chart, in which profiles and global values may lie."""
    return [root, *list(chart_path.resolve().parents)[:3]]


def _profiles(root: Path, chart_path: Path) -> dict[str, Values]:
    for base in _bases(root, chart_path):
        for place in PROFILES:
            files = sorted((base / place).glob("*.yaml"))
            if files:
                return {path.stem: read_values(_text(path), str(path)) for path in files}
    return {}


def _global_values(root: Path, chart_path: Path) -> Values:
    for base in _bases(root, chart_path):
        for place in GLOBALS:
            if (base / place).is_file():
                return read_values(_text(base / place), str(base / place))
    return {}


def _overlays(chart_path: Path) -> dict[str, Values]:
    found = {}
    for path in sorted(chart_path.glob("values-*.yaml")):
        name = path.stem.removeprefix("values-").removeprefix("istio-")
        found[name] = read_values(_text(path), str(path))
    return found


def read_folder(folder: Path) -> dict[str, str]:
    """Return the texts of a folder's files, at any depth, by slashed relative path.

    Raises ConfigError for what cannot be read.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix in _TEXTS and path.is_file())
    return {path.relative_to(folder).as_posix(): _text(path) for path in paths if path.stat().st_size <= _LARGEST}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"open {path}: {reason}", place=str(path), remedy="check its permissions") from None


def read_values_file(path: str) -> Values:
    """Read a values file, or an IstioOperator file.

    Raises ConfigError.
    """
    return read_values(_text(Path(path)), path)
