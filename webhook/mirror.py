"""Keeps a folder like a mounted ConfigMap: the keys of ConfigMaps as files, every version swapped in at once.

It lets the server read configurations from the API with the code that reads mounted files, and keeps the API client out of its processes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

DATA: Final = "..data"


def write_version(folder: Path, version: str, texts: Mapping[str, str]) -> bool:
    """Put texts into the folder as its newest version; False when it already is.

    Readers that go through the folder's ``..data`` link see the old version or the new one, never a mixture.
    """
    data = folder / f"..{version}"
    link = folder / DATA
    if link.is_symlink() and os.readlink(link) == data.name:  # noqa: PTH115 - the name, not the path it leads to
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    for name, text in texts.items():
        (data / name).write_text(text, "utf-8", "surrogateescape")
    temporary = folder / "..new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(data.name)
    temporary.replace(link)
    for name in texts:
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(f"{DATA}/{name}")
    _remove_old(folder, data)
    return True


def _remove_old(folder: Path, current: Path) -> None:
    for path in folder.glob("..*"):
        if path.is_dir() and not path.is_symlink() and path != current:
            shutil.rmtree(path, ignore_errors=True)
