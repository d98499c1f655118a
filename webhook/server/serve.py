"""Runs the application under gunicorn, in this process and its workers."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from webhook.certificates import check_pair, issue, make_ca
from webhook.server.app import create_app
from webhook.server.gunicorn_options import options
from webhook.server.holder import SnapshotHolder
from webhook.server.logs import configure_logs
from webhook.server.source import fingerprint, load

if TYPE_CHECKING:
    from flask import Flask

    from webhook.server.settings import Settings

logger = logging.getLogger("remora.server")


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our options: the application is built before the workers are forked, each worker watches the files itself."""

    def __init__(self, settings: Settings, build: Callable[[], tuple[Flask, SnapshotHolder]]) -> None:
        self._settings = settings
        self._app, self._holder = build()
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn our options."""
        for name, value in options(self._settings).items():
            self.cfg.set(name, value)
        self.cfg.set("post_fork", self._post_fork)
        self.cfg.set("when_ready", self._when_ready)

    def load(self) -> Flask:
        """Give gunicorn the application."""
        return self._app

    def _post_fork(self, arbiter: Any, worker: Any) -> None:
        del arbiter, worker
        self._holder.watch(self._settings.reload_interval)

    def _when_ready(self, arbiter: Any) -> None:
        del arbiter
        snapshot = self._holder.current()
        logger.info(
            "serving https://%s/inject with %s workers as Istio %s",
            self._settings.bind,
            self._settings.workers,
            snapshot.release.version,
            extra={"hash": snapshot.hash},
        )


def serve(settings: Settings) -> None:
    """Serve until a signal ends it; does not return (gunicorn exits the process).

    Raises:
        ConfigError: the configuration cannot be loaded.
        CertificateError: certificate and key cannot be used.
        OSError: the certificate cannot be read.
    """
    configure_logs(settings.log_format, settings.log_level)
    settings = _with_certificate(settings)
    ends = check_pair(Path(settings.cert).read_bytes(), Path(settings.key).read_bytes())
    if ends < datetime.now(UTC):
        logger.warning("the certificate ended on %s", ends.isoformat(), extra={"file": settings.cert})
    Server(settings, lambda: build_app(settings)).run()


def build_app(settings: Settings) -> tuple[Flask, SnapshotHolder]:
    """Load the configuration and return the application and the holder behind it."""
    holder = SnapshotHolder(lambda: load(settings), lambda: fingerprint(settings))
    return create_app(holder.current, allow_on_error=settings.on_error == "allow"), holder


def _with_certificate(settings: Settings) -> Settings:
    """Return the settings with a throw-away certificate when none was given."""
    if settings.cert:
        return settings
    now = datetime.now(UTC)
    ca = make_ca("remora throw-away CA", now, days=1)
    pair = issue(ca, ("localhost", "127.0.0.1", "::1"), now, days=1)
    folder = Path(tempfile.mkdtemp(prefix="remora-tls-"))
    for name, content in (("ca.crt", ca.certificate), ("tls.crt", pair.certificate), ("tls.key", pair.key)):
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
    logger.warning("serving with a throw-away certificate; its CA is %s", folder / "ca.crt")
    os.environ["REMORA_DEV_CA"] = str(folder / "ca.crt")
    return replace(settings, cert=str(folder / "tls.crt"), key=str(folder / "tls.key"))
