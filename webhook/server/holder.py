"""The configuration in force: one reference to an immutable Snapshot, swapped when the files have changed and the new one is good."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from webhook.config.errors import ConfigError

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

logger = logging.getLogger("remora.config")


class SnapshotHolder:
    """Holds the current snapshot and replaces it by a newer good one; the last good one stays when the new one is not.

    Args:
        load: builds a snapshot from the files as they are now; raises ConfigError.
        fingerprint: says in one value what the files are now; a change of it makes the holder load again.
    """

    def __init__(self, load: Callable[[], Snapshot], fingerprint: Callable[[], object]) -> None:
        self._load = load
        self._fingerprint = fingerprint
        self._seen = fingerprint()
        self._current = load()
        self.last_error: str | None = None

    def current(self) -> Snapshot:
        """Return the snapshot to answer with."""
        return self._current

    def refresh(self) -> bool:
        """Look at the files once; tell whether a new snapshot came into force."""
        now = self._fingerprint()
        if now == self._seen:
            return False
        self._seen = now
        try:
            snapshot = self._load()
        except ConfigError as error:
            self.last_error = str(error)
            logger.error(
                "configuration refused, the last good one stays: %s", error, extra={"hash": self._current.hash}
            )
            return False
        self.last_error = None
        changed = snapshot.hash != self._current.hash
        self._current = snapshot
        if changed:
            logger.info("configuration reloaded", extra={"hash": snapshot.hash})
        return changed

    def watch(self, interval: float) -> threading.Event:
        """Look at the files every ``interval`` seconds in a thread of its own; setting the returned event ends it."""
        stop = threading.Event()

        def loop() -> None:
            while not stop.wait(interval):
                try:
                    self.refresh()
                except Exception:  # the edge of the thread: it must go on watching
                    logger.exception("internal error while reloading the configuration")

        threading.Thread(target=loop, name="config-watcher", daemon=True).start()
        return stop
