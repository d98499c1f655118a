"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gotemplate.whole_file import open_whole


def test_the_old_content_stays_until_the_end(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("before")
    target.chmod(0o640)
    with open_whole(str(target)) as stream:
        stream.write(b"after")
        stream.flush()
        assert target.read_text() == "before"
    assert target.read_text() == "after"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_exception_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("before")
    with pytest.raises(RuntimeError), open_whole(str(tmp_path / "out")) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with open_whole(str(tmp_path / "link")) as stream:
        stream.write(b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "after"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with open_whole(str(tmp_path / "pipe")) as stream:
        stream.write(b"text")
    assert os.read(reader, 100) == b"text"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_whole(str(tmp_path / "none" / "out")):
        pass
