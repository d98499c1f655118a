"""Reload: a changed file comes into force, a broken one does not, and the reason is kept."""

from __future__ import annotations

from pathlib import Path

from webhook.server.holder import SnapshotHolder
from webhook.server.settings import Settings, settings_from
from webhook.server.source import fingerprint, load

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


def _holder(folder: Path) -> SnapshotHolder:
    settings: Settings = settings_from({"dev_tls": True, "inject_config_file": str(folder), "release": "0.8.0"}, {})
    return SnapshotHolder(lambda: load(settings), lambda: fingerprint(settings))


def test_a_swapped_config_map(tmp_path: Path) -> None:
    _mount(tmp_path, "1", GOOD.format("one"))
    holder = _holder(tmp_path)
    first = holder.current()
    assert not holder.refresh()
    _mount(tmp_path, "2", GOOD.format("two"))
    assert holder.refresh()
    assert "two" in holder.current().template_text
    assert holder.current().hash != first.hash
    assert "one" in first.template_text


def test_the_last_good_one_stays(tmp_path: Path) -> None:
    _mount(tmp_path, "1", GOOD.format("one"))
    holder = _holder(tmp_path)
    _mount(tmp_path, "2", "template: '[[ if ]]'\n")
    assert not holder.refresh()
    assert "one" in holder.current().template_text
    assert holder.last_error is not None
    assert "missing value for if" in holder.last_error
    _mount(tmp_path, "3", GOOD.format("three"))
    assert holder.refresh()
    assert holder.last_error is None


def test_a_file_that_goes_away(tmp_path: Path) -> None:
    _mount(tmp_path, "1", GOOD.format("one"))
    holder = _holder(tmp_path)
    (tmp_path / "..data").unlink()
    assert not holder.refresh()
    assert "one" in holder.current().template_text


def test_the_watcher_sees_a_change(tmp_path: Path) -> None:
    _mount(tmp_path, "1", GOOD.format("one"))
    holder = _holder(tmp_path)
    stop = holder.watch(0.01)
    _mount(tmp_path, "2", GOOD.format("two"))
    for _ in range(500):
        if "two" in holder.current().template_text:
            break
        stop.wait(0.01)
    stop.set()
    assert "two" in holder.current().template_text
