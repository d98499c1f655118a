"""Our settings in gunicorn's words: what the webhook needs of gunicorn, and why."""

from __future__ import annotations

import os
from typing import Any

from webhook.server.settings import Settings


def options(settings: Settings) -> dict[str, Any]:
    """Return gunicorn's options for our settings."""
    return {
        "bind": settings.bind,
        "certfile": settings.cert,
        "keyfile": settings.key,
        "workers": settings.workers,
        "worker_class": "webhook.server.worker.RemoraWorker",
        "worker_connections": settings.connections,
        # A connection that idles is closed by the API server's Go client after 90 s; closing first would lose its next request.
        "keepalive": settings.keep_alive,
        "graceful_timeout": settings.grace,
        "timeout": 30,
        "preload_app": True,
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: PTH112 - heartbeats must not wait for a disk
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "control_socket_disable": True,
        "limit_request_line": 4094,
        "limit_request_fields": 64,
    }
