"""gunicorn's gevent worker, with a deadline on everything a client can be slow at.

Why gevent: with threads, as many silent connections as there are threads end all service; here a silent connection costs a greenlet.
gunicorn's own gevent worker has no deadlines, so that as many silent clients as connections are allowed would still fill it:
handshake, header, and request each get theirs. A connection that idles between requests may do so for the keep-alive time.
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import gevent
from gevent import monkey
from gevent.pool import Pool
from gevent.server import StreamServer
from gevent.socket import wait_read
from gunicorn import http, util
from gunicorn.http import wsgi
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.ggevent import GeventWorker

HANDSHAKE_SECONDS: Final = 5.0
"""A TLS handshake is two round trips; the API server gives a whole call ten seconds by default."""
HEADER_SECONDS: Final = 5.0
"""From the first byte of a request to the end of its header."""
REQUEST_SECONDS: Final = 30.0
"""From the end of the header to the last byte of the answer: the longest timeout a webhook configuration can name."""
QUIET_SECONDS: Final = 3.0
"""How long a worker that stops leaves an idle connection open: clients that lose their others come back to it, and get one more answer."""
LINGER_SECONDS: Final = 2.0
LINGER_BYTES: Final = 16 * 1024 * 1024
"""What is read, unseen, of a body that was refused."""
SEND_BUFFER: Final = 64 * 1024
"""Bytes of an answer that the kernel keeps for a client that does not read it; its own limit is megabytes a connection."""

logger = logging.getLogger("remora.server")
_poll: Final = monkey.get_original("select", "poll")


class _TlsServer(StreamServer):  # type: ignore[misc]
    """Accepts connections and does the handshake of each in its own greenlet, within the deadline."""

    count: Callable[[str], None] = staticmethod(lambda _: None)
    check: Callable[[ssl.SSLSocket], None] = staticmethod(lambda _: None)
    serve: Callable[[Any, Any], None]  # gevent forgets its own ``handle`` on close, when handshakes are still under way

    def wrap_socket_and_handle(self, client_socket: Any, address: Any) -> None:
        try:
            with gevent.Timeout(HANDSHAKE_SECONDS):
                connection = self.wrap_socket(client_socket, **self.ssl_args)
            self.check(connection)
        except gevent.Timeout:
            self.count("timeout")
            client_socket.close()
        except (ssl.SSLError, OSError) as error:
            self.count("client" if isinstance(error, ssl.SSLError) else "disconnect")
            client_socket.close()
        else:
            try:
                self.serve(connection, address)
            finally:
                connection.close()


class _Gathered:
    """Stands in for the socket: what gunicorn writes piece by piece (header, body) leaves as one TLS record, which is half the work."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.parts.append(data)


class RemoraWorker(GeventWorker):  # type: ignore[misc]
    """The worker: ``remora`` (set by the server before the fork) gives it certificates, state and counters."""

    remora: Any = None

    def run(self) -> None:
        """Serve until told to stop; then let running requests end."""
        # Some twenty settings are asked for with every request, each by way of __getattr__ and an object of its own.
        self.cfg.__dict__.update((name, setting.get()) for name, setting in self.cfg.settings.items())
        type(self).remora.worker_started(self.pid)
        self._servers = [self._listen(sock) for sock in self.sockets]
        while self.alive:
            self.notify()
            gevent.sleep(1.0)
        for server in self._servers:
            server.close()
        with gevent.Timeout(self.cfg.graceful_timeout, False):
            while any(server.pool.free_count() != server.pool.size for server in self._servers):
                self.notify()
                gevent.sleep(0.1)

    def _listen(self, sock: Any) -> StreamServer:
        sock.setblocking(1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)  # inherited by what it accepts
        remora = type(self).remora
        pool = Pool(self.worker_connections)
        serve = partial(self.handle, sock.getsockname())  # asked now: a worker that stops has closed it
        server = _TlsServer(sock, handle=serve, spawn=pool, ssl_context=remora.certificates.listener)
        server.serve = serve
        server.count = remora.metrics.handshake_failed
        server.check = remora.certificates.check_client
        if self.cfg.workers > 1:
            server.max_accept = 1
        server.start()
        return server

    def handle(self, listener_name: Any, client: Any, addr: Any) -> None:
        """Serve the requests of one connection."""
        client.setblocking(1)
        request = None
        try:
            parser = http.get_parser(self.cfg, client, addr)
            while self._wait_for_request(client, parser):
                with gevent.Timeout(HEADER_SECONDS):
                    request = next(parser)
                with gevent.Timeout(REQUEST_SECONDS):
                    self.handle_request(listener_name, request, client, addr)
        except (NoMoreData, StopIteration):
            pass
        except gevent.Timeout:
            type(self).remora.metrics.rejected("slow client")
        except (ssl.SSLError, OSError) as error:  # the client went away in the middle
            logger.debug("a connection of %s ended: %s", addr, error)
        except Exception as error:  # the edge of a connection: gunicorn words what is wrong with a request
            self.handle_error(request, client, addr, error)
        finally:
            util.close(client)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Answer one request; ends the connection (StopIteration) when client, application or a stop want it closed."""
        response, environ = wsgi.create(req, sock, addr, listener_name, self.cfg)
        environ["wsgi.multithread"] = True
        if not self.alive:
            response.force_close()

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            if ("Connection", "close") in headers:  # gunicorn drops the header, and decides by itself
                response.force_close()
            if not _is_unread(req.body) and _sends_on(req.unreader, sock):
                type(self).remora.metrics.rejected("pipelining")
                response.force_close()
            return response.start_response(status, headers, exc_info)

        gathered = response.sock = _Gathered()
        body = self.wsgi(environ, start_response)
        try:
            for part in body:
                response.write(part)
            response.close()
        finally:
            if hasattr(body, "close"):
                body.close()
        sock.sendall(b"".join(gathered.parts))
        if response.should_close():
            if _is_unread(req.body):
                _linger(sock)
            raise StopIteration

    def _wait_for_request(self, client: Any, parser: Any) -> bool:
        """Wait for the first byte of the next request; False when none comes in the keep-alive time, or in a shorter one while stopping."""
        if client.pending() or parser.unreader.buf.getbuffer().nbytes:
            return True
        waited, quiet, step = 0.0, 0.0, 0.5
        while waited < self.cfg.keepalive and quiet < QUIET_SECONDS:
            try:
                wait_read(client.fileno(), timeout=step)
            except TimeoutError:
                waited += step
                quiet += 0 if self.alive else step
            else:
                return True
        return False


def _is_unread(body: Any) -> bool:
    """Tell whether a request was answered before its body had been read to its end."""
    return getattr(body.reader, "length", 0) > 0 or getattr(body.reader, "parser", None) is not None


def _linger(client: Any) -> None:
    """Read on for a moment after the answer: closing while a client still sends its body would take the answer away from it."""
    left = LINGER_BYTES
    with contextlib.suppress(OSError), gevent.Timeout(LINGER_SECONDS, False):
        client.shutdown(socket.SHUT_WR)
        while left > 0 and (content := client.recv(65536)):
            left -= len(content)


def _sends_on(unreader: Any, client: Any) -> bool:
    """Tell whether a client has sent on before it got its answer.

    The API server never does. A client that does, and reads nothing, would get the server to work for it without end.
    """
    if client.pending() or unreader.buf.getbuffer().nbytes:
        return True
    look = _poll()
    look.register(client.fileno(), select.POLLIN)
    return bool(look.poll(0))
