"""remora mirror: ConfigMaps of the API as a folder, a whole version at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from webhook.cli import main
from webhook.config.loading import read_directory
from webhook.mirror import write_version

pytestmark = pytest.mark.loopback


def _mirror(api: Any, out: Path, name: str = "istio-system/injector") -> int:
    return main(["mirror", "--injectConfigMap", name, "--out", str(out), "--once", "-c", str(api.kubeconfig)])


def test_the_keys_become_files(fake_api: Any, tmp_path: Path) -> None:
    fake_api.add_config_map("istio-system", "injector", {"config": "policy: enabled", "values": "{}", "other": "x"})
    fake_api.add_config_map("istio-system", "istio", {"mesh": "a: b"})
    assert _mirror(fake_api, tmp_path / "out") == 0
    assert read_directory(tmp_path / "out") == {"config": "policy: enabled", "values": "{}", "mesh": "a: b"}
    fake_api.add_config_map("istio-system", "injector", {"config": "policy: disabled"})
    assert _mirror(fake_api, tmp_path / "out") == 0
    assert read_directory(tmp_path / "out") == {"config": "policy: disabled", "mesh": "a: b"}


def test_what_is_not_there_leaves_the_folder_alone(fake_api: Any, tmp_path: Path, capsys: Any) -> None:
    assert write_version(tmp_path / "out", "1", {"config": "good"})
    assert _mirror(fake_api, tmp_path / "out") == 4
    assert "ConfigMap istio-system/injector not found" in capsys.readouterr().err
    assert read_directory(tmp_path / "out") == {"config": "good"}


def test_a_version_is_written_once(tmp_path: Path) -> None:
    assert write_version(tmp_path, "1", {"config": "a"})
    assert not write_version(tmp_path, "1", {"config": "a"})
    assert write_version(tmp_path, "2", {"config": "b"})
    assert read_directory(tmp_path) == {"config": "b"}
    assert len([p for p in tmp_path.iterdir() if p.is_dir() and not p.is_symlink()]) == 1


def test_a_name_without_namespace(tmp_path: Path, fake_api: Any) -> None:
    assert _mirror(fake_api, tmp_path / "out", "injector") == 2
