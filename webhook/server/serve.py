"""Runs the server: configuration, certificate and application first, then gunicorn's master with its workers and the steward."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from webhook.certificates import issue, make_ca
from webhook.config.errors import ConfigError
from webhook.inject.settings import Settings as InjectSettings
from webhook.kube import yaml
from webhook.server.app import create_app
from webhook.server.arbiter import RemoraArbiter
from webhook.server.canary import warm_up
from webhook.server.gunicorn_options import options
from webhook.server.logs import configure_logs
from webhook.server.memory import settle
from webhook.server.settings import visible_environment
from webhook.server.state import ServerState, make_state
from webhook.server.tls import Certificates, TlsOptions
from webhook.server.traces import exporting_provider

if TYPE_CHECKING:
    from flask import Flask

    from webhook.server.runtime import Runtime
    from webhook.server.settings import Settings
    from webhook.server.steward import Watches

logger = logging.getLogger("remora.server")


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our options, our worker and our master."""

    def __init__(self, settings: Settings, runtime: Runtime, watches: Watches, app: Flask) -> None:
        self._settings = settings
        self._runtime = runtime
        self._watches = watches
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn our options."""
        from webhook.server.metrics import forget
        from webhook.server.worker import RemoraWorker

        RemoraWorker.remora = self._runtime
        for name, value in options(self._settings).items():
            self.cfg.set(name, value)
        metrics = str(self._runtime.state.part("metrics"))
        self.cfg.set("child_exit", lambda _, worker: forget(worker.pid, metrics))
        self.cfg.set("when_ready", self._when_ready)

    def load(self) -> Flask:
        """Give gunicorn the application."""
        return self._app

    def run(self) -> None:
        """Run the master until a signal ends it."""
        from webhook.server.steward import run_steward

        RemoraArbiter(self, self._runtime, lambda: run_steward(self._runtime, self._watches)).run()

    def _when_ready(self, arbiter: Any) -> None:
        del arbiter
        settle()
        snapshot = self._watches[""].snapshot
        logger.info(
            "serving https://%s/inject with %s workers as Istio %s, admin on http://%s",
            self._settings.bind,
            self._settings.workers,
            snapshot.release.version,
            self._settings.admin_bind,
            extra={"hash": snapshot.hash},
        )


def serve(settings: Settings) -> None:
    """Serve until a signal ends it; does not return (gunicorn exits the process).

    Raises:
        ConfigError: the configuration cannot be loaded, or does not inject the canary pods.
        CertificateError: certificate and key cannot be used.
        OSError: a file cannot be read.
    """
    configure_logs(settings.log_format, settings.log_level)
    state = make_state(settings.runtime_dir)
    master = os.getpid()
    try:
        _serve(_with_certificate(settings, state), state)
    finally:
        # A worker that ends leaves through here too, and its fellows still need the folder.
        if not settings.runtime_dir and os.getpid() == master:
            shutil.rmtree(state.folder, ignore_errors=True)


def _serve(settings: Settings, state: ServerState) -> None:
    if settings.traces:
        exporting_provider().shutdown()  # what is missing is told now, not by every worker
    settings = _with_mirror(settings, state)
    certificates = Certificates(_tls_options(settings))
    if certificates.expired:
        logger.warning("the certificate ended on %s", certificates.not_after.isoformat(), extra={"file": settings.cert})
    # prometheus-client decides at import whether it counts for one process or for several.
    metrics_folder = state.part("metrics")
    for old in metrics_folder.iterdir():
        old.unlink()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics_folder)
    from webhook.server.metrics import Metrics
    from webhook.server.runtime import Runtime
    from webhook.server.steward import watch_all

    surroundings = _surroundings(settings)
    watches = watch_all(settings, _canary_pods(settings.canary_pods), state.part("snapshots"), surroundings)
    for warning in (warning for watch in watches.values() for warning in watch.snapshot.warnings):
        logger.warning("%s", warning)
    snapshots = {name: watch.snapshot for name, watch in watches.items()}
    for name, snapshot in snapshots.items():
        warm_up(snapshot, surroundings._replace(revision=name))
    runtime = Runtime(settings, state, snapshots, certificates, Metrics())
    app = create_app(
        runtime.snapshot,
        runtime,
        settings=surroundings,
        not_ready=runtime.not_ready,
        allow_on_error=settings.on_error == "allow",
        max_in_flight=settings.max_in_flight,
    )
    Server(settings, runtime, watches, app).run()


def _with_mirror(settings: Settings, state: ServerState) -> Settings:
    """Follow a ConfigMap of the API into a folder, in a process of its own, when one is named; return settings that read the folder."""
    if not settings.config_map:
        return settings
    folder = state.folder / "mirror"
    command = [sys.executable, "-m", "webhook.cli", "mirror", "--injectConfigMap", settings.config_map]
    command += ["--meshConfigMap", settings.mesh_config_map, "--out", str(folder)]
    first = subprocess.run([*command, "--once"], check=False, capture_output=True, text=True)
    if first.returncode:
        raise ConfigError(first.stderr.strip().removeprefix("Error: "), place="--injectConfigMap")
    subprocess.Popen(command, start_new_session=True)
    return replace(settings, inject_config_file=str(folder))


def _surroundings(settings: Settings) -> InjectSettings:
    nodes = {"": settings.kubelet} if settings.kubelet else None
    return InjectSettings(
        environment=visible_environment(settings, os.environ),
        nodes=nodes,
        fast=settings.fast,  # type: ignore[arg-type]  # one of the choices
        verify_every=settings.verify_every,
    )


def _tls_options(settings: Settings) -> TlsOptions:
    names = tuple(name.strip() for name in settings.client_names.split(",") if name.strip())
    return TlsOptions(settings.cert, settings.key, settings.min_tls, settings.ciphers, settings.client_ca, names)


def _canary_pods(name: str) -> list[dict[str, Any]]:
    if not name:
        return []
    try:
        documents = yaml.load_all(Path(name).read_bytes())
    except (OSError, yaml.YamlError) as error:
        raise ConfigError(str(error), place=f"the canary pods {name}") from error
    return [document for document in documents if isinstance(document, dict)]


def _with_certificate(settings: Settings, state: ServerState) -> Settings:
    """Return the settings with a throw-away certificate when none was given."""
    if settings.cert:
        return settings
    now = datetime.now(UTC)
    ca = make_ca("remora throw-away CA", now, days=1)
    pair = issue(ca, ("localhost", "127.0.0.1", "::1"), now, days=1)
    folder = Path(tempfile.mkdtemp(prefix="tls-", dir=state.folder))
    for name, content in (("ca.crt", ca.certificate), ("tls.crt", pair.certificate), ("tls.key", pair.key)):
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
    logger.warning("serving with a throw-away certificate; its CA is %s", folder / "ca.crt")
    return replace(settings, cert=str(folder / "tls.crt"), key=str(folder / "tls.key"))
