"""A watched configuration: the snapshot in force, swapped when the files have changed and the new one is good; else the last good stays."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from webhook.config.errors import ConfigError

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

logger = logging.getLogger("remora.config")


class Watch:
    """Holds the snapshot in force, and why a newer one was refused (empty: it was not).

    Args:
        load: builds and tries a snapshot of the files as they are now; raises ConfigError.
        files: says in one value what the files are now; a change of it makes the watch load again.
    """

    def __init__(self, load: Callable[[], Snapshot], files: Callable[[], object]) -> None:
        self._load = load
        self._files = files
        self._seen = files()
        self.snapshot = load()
        self.refused = ""
        self.refused_at = 0.0

    def current(self) -> Snapshot:
        """Return the snapshot in force."""
        return self.snapshot

    def refresh(self) -> bool | None:
        """Look at the files once: True when a new snapshot came into force, False when it was refused, None when nothing is new."""
        now = self._files()
        if now == self._seen:
            return None
        self._seen = now
        try:
            self.snapshot = self._load()
        except ConfigError as error:
            return self._refuse(str(error))
        except Exception as error:  # the edge of the watcher: it must go on watching
            logger.exception("internal error while loading the configuration")
            return self._refuse(f"internal error: {type(error).__name__}: {error}")
        self.refused = ""
        logger.info("configuration in force", extra={"hash": self.snapshot.hash})
        return True

    def _refuse(self, why: str) -> bool:
        self.refused, self.refused_at = why, time.time()
        logger.error("configuration refused, the last good one stays: %s", why, extra={"hash": self.snapshot.hash})
        return False

    def follow(self, interval: float) -> threading.Event:
        """Look at the files every ``interval`` seconds in a thread of its own; setting the returned event ends it."""
        stop = threading.Event()

        def loop() -> None:
            while not stop.wait(interval):
                self.refresh()

        threading.Thread(target=loop, name="config-watch", daemon=True).start()
        return stop
