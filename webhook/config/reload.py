"""The pure part of reloading: a new snapshot if the changed files are good, else the last good one and the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from webhook.config.errors import ConfigError
from webhook.config.model import Snapshot

Fingerprint = tuple[tuple[str, str], ...]
"""What the files of a configuration are: pairs of name and content hash."""


@dataclass(frozen=True, slots=True)
class Reloadable:
    """The snapshot in force, the files as they were last looked at, and why these were refused, if they were."""

    snapshot: Snapshot
    files: Fingerprint
    refused: ConfigError | None = None

    @property
    def is_stale(self) -> bool:
        """Tell whether the files say something else than the snapshot in force."""
        return self.refused is not None


def changed_files(old: Fingerprint, new: Fingerprint) -> tuple[str, ...]:
    """Return the names of files that changed, came or went, in sorted order."""
    before, after = dict(old), dict(new)
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def reload(
    state: Reloadable,
    files: Fingerprint,
    build: Callable[[], Snapshot],
    check: Callable[[Snapshot], None] | None = None,
) -> Reloadable:
    """Return the state after the files were looked at again; the same object where nothing changed.

    build: makes a snapshot of the files as they are now. check: the canary, which refuses a snapshot by raising
    ConfigError.
    """
    if files == state.files:
        return state
    try:
        snapshot = build()
        if check is not None and snapshot.hash != state.snapshot.hash:
            check(snapshot)
    except ConfigError as error:
        return replace(state, files=files, refused=error)
    current = state.snapshot if snapshot.hash == state.snapshot.hash else snapshot
    return Reloadable(current, files)
