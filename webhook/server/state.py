"""What the processes of one server share: a folder of their own and a few flags in shared memory.

The folder (mode 0700) holds the published configuration, the workers' status sockets, the metrics files and compiled templates.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

_DRAINING = 0


@dataclass(frozen=True, slots=True)
class ServerState:
    """The shared folder and the shared flags; made before the first fork, inherited by every process."""

    folder: Path
    flags: mmap.mmap

    @property
    def draining(self) -> bool:
        """Whether the server is about to stop: it is not ready any more, and closes each connection after its next answer."""
        return self.flags[_DRAINING] == 1

    def start_draining(self) -> None:
        """Set the flag for all processes."""
        self.flags[_DRAINING] = 1

    def part(self, name: str) -> Path:
        """Return a sub-folder, which exists."""
        path = self.folder / name
        path.mkdir(mode=0o700, exist_ok=True)
        return path


def make_state(folder: str = "") -> ServerState:
    """Make the folder (a temporary one when none is named) and the flags.

    Raises:
        OSError: the folder cannot be made or is not ours alone.
    """
    path = Path(folder) if folder else Path(tempfile.mkdtemp(prefix="remora-"))
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise PermissionError(f"{path} belongs to another user")
    return ServerState(path, mmap.mmap(-1, mmap.PAGESIZE))
