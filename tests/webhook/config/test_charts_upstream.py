"""Charts of real releases give the ConfigMaps that Helm and istioctl gave: the stock ones, and every set of settings of the data."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from webhook.config.chartfiles import Tree, load_tree, read_values_file
from webhook.config.charts import read_values
from webhook.config.installation import Settings, install, tell_release
from webhook.config.release import release_of
from webhook.config.setflags import apply_set
from webhook.kube import yaml

RELEASES = (
    "0.8.0", "1.0.9", "1.1.17", "1.3.8", "1.5.10", "1.8.6", "1.9.9", "1.12.9", "1.14.6", "1.18.7", "1.20.8", "1.24.6",
    "1.27.9", "1.30.3",
)  # fmt: skip

NULLS = {"1.5.10"}
"""Releases whose rendered values keep members that are null. They were made without istioctl, whose merge takes a null away; a template
cannot tell a null from a missing member."""


@cache
def tree_of(folder: Path) -> Tree:
    return load_tree(folder)


@cache
def manifest_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "cases.json").read_text())


@pytest.fixture(params=RELEASES)
def folder(request, upstream) -> Path:
    path = upstream / request.param
    if not path.is_dir():
        pytest.skip(f"no data of {request.param}")
    return path


def config_map(path: Path) -> dict[str, str]:
    return yaml.load(path.read_text())["data"]


def images_of(folder: Path) -> list[str]:
    """Return the flags for hub and tag that the stock ConfigMap was made with."""
    return re.findall(r"global\.(?:hub|tag)=\S+", manifest_of(folder)["config"]["stock"]["how"])


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return value


def test_the_stock_config_maps(folder):
    settings = Settings(set=[f"global.{flag.removeprefix('global.')}" for flag in images_of(folder)])
    got = install(tree_of(folder), settings, release_of(folder.name))
    injector = config_map(folder / "stock/istio-sidecar-injector-configmap.yaml")
    assert got.config == injector["config"]
    assert got.values == injector.get("values", "")
    assert got.mesh == config_map(folder / "stock/istio-mesh-configmap.yaml")["mesh"]
    assert yaml.load(got.injector_manifest)["data"] == injector


def test_the_release_is_told_from_the_tree(folder):
    assert tell_release(tree_of(folder)).release.version.rpartition(".")[0] == folder.name.rpartition(".")[0]


def sets_of(folder: Path) -> dict[str, Any]:
    return {n: s for n, s in manifest_of(folder)["config"]["sets"].items() if isinstance(s.get("source"), dict)}


def operator_settings(source: dict[str, Any], folder: Path) -> Settings:
    operators = [{"spec": source["overlay"]}] if source.get("overlay") else []
    if source["operator_file"]:
        operators.append(read_values_file(str(folder / source["operator_file"])))
    profile = [f"profile={Path(name).stem}" for name in source["profiles"][1:]]
    flags = [*source["set"], *profile, *(["components.pilot.enabled=true"] if profile else [])]
    return Settings("istioctl", set=flags, operators=operators)


def test_every_set_of_istioctl_settings(folder):
    release, counted = release_of(folder.name), 0
    for name, fields in sets_of(folder).items():
        got = install(tree_of(folder), operator_settings(fields["source"], folder), release)
        for key in ("config", "values", "mesh"):
            wanted = (folder / fields[key]).read_text().strip()
            found = getattr(got, key).strip()
            if key == "values" and folder.name in NULLS:
                wanted, found = without_nulls(json.loads(wanted)), without_nulls(json.loads(found))
            assert found == wanted, (name, key)
            counted += 1
    assert counted == 3 * COUNTS[folder.name]


COUNTS = {
    "0.8.0": 0, "1.0.9": 0, "1.1.17": 0, "1.3.8": 0, "1.5.10": 10, "1.8.6": 18, "1.9.9": 19, "1.12.9": 19, "1.14.6": 20, "1.18.7": 21,
    "1.20.8": 22, "1.24.6": 23, "1.27.9": 27, "1.30.3": 32,
}  # fmt: skip
"""Sets of a release: 211 in all."""


@pytest.mark.parametrize("version", ["0.8.0", "1.0.9", "1.1.17", "1.3.8"])
def test_the_config_that_the_helm_test_injects_with(upstream, version):
    folder = upstream / version
    if not folder.is_dir():
        pytest.skip(f"no data of {version}")
    tree = tree_of(folder)
    flags = ["global.proxy.statusPort=15020"] if version == "1.0.9" else []
    got = install(tree, Settings(set=flags), release_of(version))
    assert got.config.strip() == (folder / "rendered/helm-inject.config.yaml").read_text().strip()
    if got.values:
        assert json.loads(got.values) == json.loads((folder / "rendered/helm-inject.values.json").read_text())


def flag_text(value: Any) -> str:
    """Write a value for ``--set``, its own characters escaped, as upstream's test does."""
    if isinstance(value, list):
        return "{" + ",".join(map(flag_text, value)) + "}"
    return str(value).lower() if isinstance(value, bool) else re.sub(r"([,{}])", r"\\\1", str(value))


def test_values_set_over_the_chart_alone(upstream):
    folder, counted = upstream / "1.3.8", 0
    if not folder.is_dir():
        pytest.skip("no data of 1.3.8")
    defaults = read_values((folder / "install/kubernetes/helm/istio/values.yaml").read_text(), "values.yaml")
    for name, fields in manifest_of(folder)["config"]["sets"].items():
        if fields["kind"] != "template+values":
            continue
        values = defaults
        for key, value in fields["set"].items():
            values = apply_set(values, f"{key}={flag_text(value)}")
        assert values == json.loads((folder / fields["values"]).read_text()), name
        counted += 1
    assert counted == 12
