"""Stock ConfigMaps of real releases load, their release is told exactly, and their mesh is read."""

import pytest

from webhook.config.model import build_snapshot
from webhook.config.release import Release
from webhook.mesh.versions import parse_version

RELEASES = (
    "0.5.1", "0.7.1", "0.8.0", "1.0.9", "1.1.17", "1.3.8", "1.5.10", "1.8.6", "1.9.9", "1.12.9", "1.14.6", "1.18.7", "1.20.8", "1.24.6",
    "1.27.9", "1.30.3",
)  # fmt: skip


def functions(release: Release) -> dict:
    """Stand-ins for the injector's functions, besides the real ones of Sprig."""
    found = {}
    if release.sprig:
        from gotemplate import sprig

        found.update(sprig.funcs())
    found.update({name: lambda *_: "" for name in release.functions})
    return found


def stock(upstream, version, *, tag=None):
    folder = upstream / version / "stock"
    if not folder.is_dir():
        pytest.skip(f"no data of {version}")
    text = (folder / "istio-sidecar-injector-configmap.yaml").read_text()
    mesh = (folder / "istio-mesh-configmap.yaml").read_text()
    return build_snapshot(text.replace(version, tag) if tag else text, mesh, funcs_for=functions)


@pytest.mark.parametrize("version", RELEASES)
def test_a_stock_configuration_is_recognised(upstream, version):
    snapshot = stock(upstream, version)
    assert snapshot.release.version == version
    assert snapshot.warnings == ()
    assert snapshot.policy == "enabled"
    assert snapshot.mesh.proxy.get("discovery_address")


@pytest.mark.parametrize("version", RELEASES)
def test_without_its_tag_it_is_recognised_to_the_neighbouring_minor(upstream, version):
    found = stock(upstream, version, tag="mine").release.numbers
    assert 0 <= found[1] - parse_version(version)[1] <= 1


@pytest.mark.parametrize("name", ["injector-configmap-release.yaml", "injector-configmap-debug.yaml"])
@pytest.mark.parametrize("version", ["0.5.1", "0.7.1"])
def test_the_variants_of_the_first_releases(upstream, version, name):
    path = upstream / version / "stock" / name
    if not path.is_file():
        pytest.skip(f"no data of {version}")
    assert build_snapshot(path.read_text(), funcs_for=functions).release.version == version
