"""A small TCP balancer that follows readiness, as a Service does: the part of a cluster that a rolling restart needs."""

from __future__ import annotations

import contextlib
import itertools
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

LOOK_SECONDS: Final = 0.1
"""Between two looks at the readiness of a backend; a kubelet looks every few seconds, and the drain time allows for that."""


class Balancer:
    """Forwards connections of the loopback interface to the backends that are ready, in turn. A connection stays where it is."""

    def __init__(self, ports: Sequence[int], ready: Sequence[Callable[[], bool]]) -> None:
        self._ports = ports
        self._ready = ready
        self._up = [True for _ in ports]
        self._turn = itertools.count()
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._listener.getsockname()[1])
        self.url = f"https://127.0.0.1:{self.port}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads += [
            threading.Thread(target=self._look, args=(index,), daemon=True) for index in range(len(ports))
        ]

    def __enter__(self) -> Balancer:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def wait_for(self, index: int) -> None:
        """Wait until a backend gets connections again."""
        while not self._up[index] and not self._stopped.is_set():
            time.sleep(LOOK_SECONDS / 2)

    def _look(self, index: int) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self._up[index] = self._ready[index]()
            except OSError:
                self._up[index] = False

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        up = [port for port, good in zip(self._ports, self._up, strict=True) if good] or list(self._ports)
        address = ("127.0.0.1", up[next(self._turn) % len(up)])
        with client, contextlib.suppress(OSError), socket.create_connection(address) as backend:
            for side in (client, backend):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _copy(client, backend)


def _copy(client: socket.socket, backend: socket.socket) -> None:
    """Copy both ways until either side closes."""
    with selectors.DefaultSelector() as ready:
        ready.register(client, selectors.EVENT_READ, backend)
        ready.register(backend, selectors.EVENT_READ, client)
        while True:
            for key, _ in ready.select():
                content = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not content:
                    return
                key.data.sendall(content)
