"""Reload: a changed file comes into force, a broken one does not, and the reason is kept."""

from __future__ import annotations

from pathlib import Path

from webhook.server.settings import Settings, settings_from
from webhook.server.source import fingerprint, load
from webhook.server.watch import Watch

GOOD = "policy: enabled\ntemplate: |\n  containers: [{{name: {}}}]\n"


def _mount(folder: Path, version: str, config: str) -> None:
    """Write a version of a ConfigMap and swap the link to it, as the kubelet does."""
    data = folder / f"..{version}"
    data.mkdir()
    (data / "config").write_text(config)
    link = folder / "..tmp"
    link.symlink_to(data.name)
    link.replace(folder / "..data")
    if not (folder / "config").is_symlink():
        (folder / "config").symlink_to("..data/config")


def _watch(folder: Path) -> Watch:
    settings: Settings = settings_from({"dev_tls": True, "inject_config_file": str(folder), "release": "0.8.0"}, {})
    return Watch(lambda: load(settings), lambda: fingerprint(settings))


def test_a_swapped_config_map(tmp_path: Path) -> None:
    _mount(tmp_path, "1", GOOD.format("one"))
    watch = _watch(tmp_path)
    first = watch.current()
    assert not watch.refresh()
    _mount(tmp_path, "2", GOOD.format("two"))
    assert watch.refresh()
    assert "two" in watch.current().template_text
    assert watch.current().hash != first.hash
    assert "one" in first.template_text


def test_the_last_good_one_stays(tmp_path: Path) -> None:
    _mount(tmp_path, "1", GOOD.format("one"))
    watch = _watch(tmp_path)
    _mount(tmp_path, "2", "template: '[[ if ]]'\n")
    assert not watch.refresh()
    assert "one" in watch.current().template_text
    assert watch.refused
    assert "missing value for if" in watch.refused
    _mount(tmp_path, "3", GOOD.format("three"))
    assert watch.refresh()
    assert not watch.refused


def test_a_file_that_goes_away(tmp_path: Path) -> None:
    _mount(tmp_path, "1", GOOD.format("one"))
    watch = _watch(tmp_path)
    (tmp_path / "..data").unlink()
    assert not watch.refresh()
    assert "one" in watch.current().template_text


def test_the_watcher_sees_a_change(tmp_path: Path) -> None:
    _mount(tmp_path, "1", GOOD.format("one"))
    watch = _watch(tmp_path)
    stop = watch.follow(0.01)
    _mount(tmp_path, "2", GOOD.format("two"))
    for _ in range(500):
        if "two" in watch.current().template_text:
            break
        stop.wait(0.01)
    stop.set()
    assert "two" in watch.current().template_text
