"""The steward: one process beside the workers that watches the configuration, tries a new one, publishes it, and serves the admin port.

Nothing of it stands in the way of a request: when it ends, the workers go on with what they have, and the master starts it anew.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
from gevent.pywsgi import WSGIServer

from webhook.config.errors import ConfigError
from webhook.server.admin import create_admin_app
from webhook.server.canary import check_snapshot
from webhook.server.publication import Publication, folder_of, publish
from webhook.server.source import fingerprint, load, revisions

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.server.runtime import Runtime
    from webhook.server.settings import Settings

logger = logging.getLogger("remora.config")


class Watch:
    """The configuration as the steward sees it: what is in force, what the files were last, and why newer ones were refused."""

    def __init__(
        self, settings: Settings, pods: Sequence[Mapping[str, Any]], publish_to: Callable[[Snapshot], None]
    ) -> None:
        """Load, try and publish the first configuration.

        Raises:
            ConfigError: it cannot be used.
        """
        self._settings = settings
        self._pods = pods
        self._publish = publish_to
        self._seen = fingerprint(settings)
        self.snapshot = self._load()
        self.refused = ""
        self.refused_at = 0.0

    def _load(self) -> Snapshot:
        snapshot = load(self._settings)
        check_snapshot(snapshot, self._pods)
        self._publish(snapshot)
        return snapshot

    def refresh(self) -> bool | None:
        """Look at the files once: True when a new configuration came into force, False when it was refused, None when nothing is new."""
        now = fingerprint(self._settings)
        if now == self._seen:
            return None
        self._seen = now
        try:
            self.snapshot = self._load()
        except ConfigError as error:
            self.refused, self.refused_at = str(error), time.time()
            logger.error(
                "configuration refused, the last good one stays: %s", error, extra={"hash": self.snapshot.hash}
            )
            return False
        self.refused = ""
        logger.info("configuration in force", extra={"hash": self.snapshot.hash})
        return True


Watches = Mapping[str, Watch]
"""The watched configurations by revision; the default one has the empty name."""


def watch_all(settings: Settings, pods: Sequence[Mapping[str, Any]], snapshots: Path) -> Watches:
    """Load, try and publish every configuration of the settings.

    Raises:
        ConfigError: one of them cannot be used.
    """
    return {name: Watch(own, pods, publisher(folder_of(snapshots, name))) for name, own in revisions(settings).items()}


def publisher(folder: Path) -> Callable[[Snapshot], None]:
    """Return the function that publishes a snapshot for the workers in a folder."""

    def put(snapshot: Snapshot) -> None:
        texts = snapshot.texts
        publication = Publication(texts.inject, texts.mesh, texts.values, snapshot.release.version, snapshot.source)
        publish(folder, snapshot.hash, publication)

    return put


def run_steward(runtime: Runtime, watches: Watches) -> None:
    """Watch and serve the admin port until the master ends; never returns."""
    master = os.getppid()
    settings = runtime.settings
    app = create_admin_app(runtime, watches)
    server = WSGIServer((settings.admin_host, settings.admin_port), app, log=None, error_log=None)
    server.start()
    runtime.metrics.reloaded(True, time.time())
    while os.getppid() == master:
        gevent.sleep(settings.reload_interval)
        results = [_refresh(watch) for watch in watches.values()]
        if any(result is not None for result in results):
            runtime.metrics.reloaded(not any(watch.refused for watch in watches.values()), time.time())
    server.stop(timeout=1)
    os._exit(0)


def _refresh(watch: Watch) -> bool | None:
    try:
        return watch.refresh()
    except Exception as error:  # the edge of the process: it must go on watching
        logger.exception("internal error while reloading the configuration")
        watch.refused, watch.refused_at = f"internal error: {error}", time.time()
        return False
