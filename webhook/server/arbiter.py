"""gunicorn's master, with a stop that loses nothing and a steward at its side."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from gunicorn.arbiter import Arbiter

if TYPE_CHECKING:
    from webhook.server.runtime import Runtime

RESTART_SECONDS: Final = 1.0
"""Between two starts of the steward, so that one that cannot run does not fork without end."""


class RemoraArbiter(Arbiter):  # type: ignore[misc]
    """Keeps the workers, and one steward.

    A worker that was told to leave does not count any more, so its successor is there before it has gone. SIGTERM begins to drain: not
    ready, each connection closed after its next answer; the stop itself comes ``drain`` seconds later, when load balancers have stopped
    to send. SIGINT and SIGQUIT stop at once.
    """

    def __init__(self, app: Any, runtime: Runtime, steward: Callable[[], None]) -> None:
        super().__init__(app)
        self._runtime = runtime
        self._run_steward = steward
        self._leaving: set[int] = set()
        self._steward = 0
        self._steward_started = 0.0
        self._stop_at: float | None = None

    def handle_term(self) -> None:
        """Begin to drain."""
        if self._stop_at is None:
            self._runtime.state.start_draining()
            self._stop_at = time.monotonic() + self._runtime.settings.drain

    def manage_workers(self) -> None:
        """Keep up the number of workers and the steward; stop when the drain is over."""
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            raise StopIteration
        self._leaving &= set(self.WORKERS)
        serving = sorted((worker.age, pid) for pid, worker in self.WORKERS.items() if pid not in self._leaving)
        for _, pid in serving[: max(0, len(serving) - self.num_workers)]:
            self._leaving.add(pid)
            self.kill_worker(pid, signal.SIGTERM)
        for _ in range(self.num_workers - len(serving)):
            self.spawn_worker()
        if not self._steward_lives() and time.monotonic() - self._steward_started > RESTART_SECONDS:
            self._start_steward()

    def reload(self) -> None:
        """Start new workers, and let the old ones leave in their own time.

        gunicorn would wait for them here, and meanwhile replace no worker that ends and hear no other signal.
        """
        self.app.reload()
        self.setup(self.app)
        self.log.reopen_files()
        for _ in range(self.num_workers):
            self.spawn_worker()
        self.manage_workers()

    def stop(self, graceful: bool = True) -> None:
        """Stop the workers, then the steward."""
        super().stop(graceful)
        if self._steward_lives():
            with contextlib.suppress(ProcessLookupError):  # it ended in between
                os.kill(self._steward, signal.SIGKILL)

    def _steward_lives(self) -> bool:
        if not self._steward:
            return False
        try:
            ended, _ = os.waitpid(self._steward, os.WNOHANG)
        except ChildProcessError:  # reaped with the workers
            ended = self._steward
        if ended:
            self._steward = 0
        return not ended

    def _start_steward(self) -> None:
        self._steward_started = time.monotonic()
        pid = os.fork()
        if pid:
            self._steward = pid
            return
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2):
            signal.signal(number, signal.SIG_IGN if number != signal.SIGCHLD else signal.SIG_DFL)
        try:
            for listener in self.LISTENERS:
                listener.sock.close()
            self._run_steward()
        finally:
            os._exit(1)
