"""What one process family of the server knows: settings, shared state, configuration in force, certificates, counters, last decisions."""

from __future__ import annotations

import gc
import json
import logging
import os
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import gevent
from gevent import socket

from webhook.config.errors import ConfigError
from webhook.config.model import build_snapshot
from webhook.config.proxy_configs import with_proxy_configs
from webhook.config.release import release_of
from webhook.inject.funcs import function_table
from webhook.inject.prepared import counts_of
from webhook.server.memory import give_back, settle
from webhook.server.publication import Publication, current_digest, folder_of, read_publication
from webhook.server.settings import visible_environment
from webhook.server.traces import NoTracer, OpenTelemetryTracer, Tracer, exporting_provider

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.server.handler import Answer, Result
    from webhook.server.metrics import Metrics
    from webhook.server.settings import Settings
    from webhook.server.state import ServerState
    from webhook.server.tls import Certificates

COUNT_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.25
"""Between a worker's looks at the pointer to the newest configuration: one stat and a read of 64 bytes."""
CERTIFICATE_SECONDS: Final = 1.0
GIVE_BACK_SECONDS: Final = 10.0
DECISIONS_KEPT: Final = 50

logger = logging.getLogger("remora.server")


class Runtime:
    """Made in the master before the fork; each worker then refreshes its own copy of the snapshot and the certificate."""

    def __init__(
        self,
        settings: Settings,
        state: ServerState,
        snapshots: Mapping[str, Snapshot],
        certificates: Certificates,
        metrics: Metrics,
    ) -> None:
        self.settings = settings
        self.state = state
        self.certificates = certificates
        self.metrics = metrics
        self.tracer: Tracer = NoTracer()
        self._snapshots = dict(snapshots)
        self._decisions: deque[_Decided] = deque(maxlen=DECISIONS_KEPT)

    def snapshot(self, revision: str) -> Snapshot | None:
        """Return the configuration to answer the next review with, None for a revision that is not served."""
        return self._snapshots.get(revision)

    def not_ready(self) -> str:
        """Say why the server is not ready; empty when it is."""
        if self.state.draining:
            return "the server is about to stop"
        if self.certificates.expired:
            return f"the certificate ended on {self.certificates.not_after.isoformat()}"
        return ""

    def draining(self) -> bool:
        """Tell whether the server is about to stop."""
        return self.state.draining

    def entered(self) -> None:
        """Count a review in."""
        self.metrics.entered()

    def left(self) -> None:
        """Count a review out."""
        self.metrics.left()

    def rejected(self, why: str) -> None:
        """Count a request that was refused before its body was looked at."""
        self.metrics.rejected(why)

    def answered(self, answer: Answer, seconds: float) -> None:
        """Remember and count an answer."""
        self.metrics.answered(answer, seconds)
        request = answer.request
        uid, namespace = (request.uid, request.namespace) if request else ("", "")
        self._decisions.append((time.time(), uid, namespace, answer.result, answer.reason, seconds))

    def worker_started(self, pid: int) -> None:
        """Start what a worker does beside serving: follow the publications and the certificate, and tell its state when asked."""
        if self.settings.traces:
            self.tracer = OpenTelemetryTracer(exporting_provider())
        for revision, snapshot in self._snapshots.items():
            self.metrics.configuration(revision, snapshot.hash)
        gc.freeze()  # without looking: what the master has settled would be shared no more
        self.metrics.certificate(self.certificates.not_after.timestamp())
        steps = (
            (LOOK_SECONDS, self._follow),
            (CERTIFICATE_SECONDS, self._renew),
            (COUNT_SECONDS, self._count),
            (GIVE_BACK_SECONDS, give_back),
        )
        for interval, step in steps:
            _attempt(step)  # what the master knows is as old as the master
            gevent.spawn(_repeat, interval, step)
        gevent.spawn(self._tell_status, pid)

    def _follow(self) -> None:
        for revision, snapshot in list(self._snapshots.items()):
            folder = folder_of(self.state.part("snapshots"), revision)
            digest = current_digest(folder)
            if digest and digest != snapshot.hash:
                self._snapshots[revision] = self._build(read_publication(folder, digest))
                self.metrics.configuration(revision, digest)
                settle()

    def _build(self, found: Publication) -> Snapshot:
        environment = visible_environment(self.settings, os.environ)
        snapshot = build_snapshot(
            found.inject,
            found.mesh,
            found.values,
            funcs_for=lambda release: function_table(release, environment),
            release=release_of(found.release),
            source=found.source,
        )
        return with_proxy_configs(snapshot, found.proxy_configs)

    def _count(self) -> None:
        for snapshot in list(self._snapshots.values()):
            self.metrics.overlays(snapshot.hash, counts_of(snapshot))

    def _renew(self) -> None:
        if self.certificates.refresh():
            self.metrics.certificate(self.certificates.not_after.timestamp())

    def _tell_status(self, pid: int) -> None:
        path = self.state.part("workers") / f"{pid}.sock"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(16)
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(json.dumps(self._status(pid)).encode())

    def _status(self, pid: int) -> dict[str, Any]:
        return {
            "pid": pid,
            "configurations": {revision: snapshot.hash for revision, snapshot in self._snapshots.items()},
            "certificate": {
                "not_after": self.certificates.not_after.isoformat(),
                "refused": self.certificates.last_error,
            },
            "decisions": [_shown(*decided) for decided in self._decisions],
        }


_Decided = tuple[float, str, str, "Result", str, float]
"""When, about whom (uid, namespace), what, why, and how long it took."""


def _shown(when: float, uid: str, namespace: str, result: Result, reason: str, seconds: float) -> dict[str, Any]:
    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when)),
        "uid": uid,
        "namespace": namespace,
        "result": result.value,
        "reason": reason,
        "milliseconds": round(seconds * 1000, 3),
    }


def _repeat(seconds: float, step: Callable[[], None]) -> None:
    while True:
        gevent.sleep(seconds)
        _attempt(step)


def _attempt(step: Callable[[], None]) -> None:
    try:
        step()
    except (ConfigError, OSError, ValueError) as error:
        logger.error("%s", error)
    except Exception:  # the edge of the greenlet: it must go on
        logger.exception("internal error")


def worker_states(state: ServerState) -> list[dict[str, Any]]:
    """Ask every worker for its state; one that has ended is left out, and its socket removed."""
    found = []
    for path in sorted(state.part("workers").glob("*.sock")):
        try:
            found.append(_ask(str(path)))
        except (OSError, ValueError):
            if not _lives(int(path.stem)):
                path.unlink(missing_ok=True)
    return found


def _ask(path: str) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX) as client, gevent.Timeout(2.0, TimeoutError):
        client.connect(path)
        parts = list(iter(lambda: client.recv(65536), b""))
    answer: dict[str, Any] = json.loads(b"".join(parts))
    return answer


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
