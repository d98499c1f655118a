"""The steward: one process beside the workers that watches the configuration, tries a new one, publishes it, and serves the admin port.

Nothing of it stands in the way of a request: when it ends, the workers go on with what they have, and the master starts it anew.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
from gevent.pywsgi import WSGIServer

from webhook.server.admin import create_admin_app
from webhook.server.canary import check_snapshot
from webhook.server.publication import Publication, folder_of, publish
from webhook.server.source import fingerprint, load, revisions
from webhook.server.watch import Watch

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.inject.settings import Settings as InjectSettings
    from webhook.server.runtime import Runtime
    from webhook.server.settings import Settings

logger = logging.getLogger("remora.server")

Watches = Mapping[str, Watch]
"""The watched configurations by revision; the default one has the empty name."""


def watch_all(
    settings: Settings, pods: Sequence[Mapping[str, Any]], snapshots: Path, surroundings: InjectSettings
) -> Watches:
    """Load, try and publish every configuration of the settings.

    Raises:
        ConfigError: one of them cannot be used.
    """
    return {
        name: _watch(own, pods, folder_of(snapshots, name), surroundings._replace(revision=name))
        for name, own in revisions(settings).items()
    }


def _watch(settings: Settings, pods: Sequence[Mapping[str, Any]], folder: Path, surroundings: InjectSettings) -> Watch:
    def load_and_publish() -> Snapshot:
        snapshot = load(settings)
        check_snapshot(snapshot, pods, surroundings)
        texts = snapshot.texts
        publication = Publication(*texts, snapshot.release.version, snapshot.source)
        publish(folder, snapshot.hash, publication)
        return snapshot

    return Watch(load_and_publish, lambda: fingerprint(settings))


def run_steward(runtime: Runtime, watches: Watches) -> None:
    """Watch and serve the admin port until the master ends; never returns."""
    master = os.getppid()
    settings = runtime.settings
    app = create_admin_app(runtime, watches)
    server = WSGIServer((settings.admin_host, settings.admin_port), app, log=None, error_log=None)
    try:
        server.start()
    except OSError as error:  # the configuration is watched all the same
        logger.error("no admin port: cannot bind %s: %s", settings.admin_bind, error.strerror)
    runtime.metrics.reloaded(True, time.time())
    while os.getppid() == master:
        gevent.sleep(settings.reload_interval)
        results = [watch.refresh() for watch in watches.values()]
        if any(result is not None for result in results):
            runtime.metrics.reloaded(not any(watch.refused for watch in watches.values()), time.time())
    server.stop(timeout=1)
    os._exit(0)
