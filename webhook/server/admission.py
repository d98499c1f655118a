"""The WSGI function that answers ``POST /inject``: it checks the transport, and hands bytes to the handler.

It stands in front of the Flask application, which costs more than an injection does; every other path falls through.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, Protocol

from webhook.inject.settings import DEFAULTS
from webhook.inject.settings import Settings as InjectSettings
from webhook.server.handler import Answer, answer_review
from webhook.server.traces import Tracer

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

MAX_BODY: Final = 6 * 1024 * 1024
"""Bytes of a review that are accepted. The API server itself takes objects of 3 MiB at most, and a review can hold two."""
_TIMEOUT: Final = re.compile(r"(?:^|&)timeout=([0-9]{1,2})s(?:&|$)")
"""The API server tells how long it waits: ``/inject?timeout=10s``, 1 to 30 seconds."""
_PATH: Final = re.compile(r"(?:/revisions/(?P<revision>[A-Za-z0-9.-]+))?(?P<path>/inject(?:/.*)?)")
LARGE_BODY: Final = 256 * 1024
LARGE_BODIES: Final = 48 * 1024 * 1024
"""Bytes of bodies over LARGE_BODY that a worker reads at once; smaller ones are held by the number of connections. A thousand clients that
each stop short of the end of 6 MiB would take all memory there is."""
MARGIN: Final = 0.2
"""Seconds before the API server gives up, after which an answer would only be work for nothing."""

logger = logging.getLogger("remora.admission")


class Observer(Protocol):
    """Is told what happens to reviews: it counts, and knows whether the server is about to stop."""

    @property
    def tracer(self) -> Tracer:
        """What makes a span around a review."""

    def entered(self) -> None:
        """Count a review in."""

    def left(self) -> None:
        """Count a review out."""

    def answered(self, answer: Answer, seconds: float) -> None:
        """Count an answer."""

    def rejected(self, why: str) -> None:
        """Count a request that was refused before its body was looked at."""

    def draining(self) -> bool:
        """Tell whether connections are to be closed after their next answer."""


class TransportError(Exception):
    """A request that is refused before its body is looked at."""

    def __init__(self, status: str, message: str, why: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.why = why
        self.headers = headers


class Admission:
    """WSGI middleware: answers admission reviews, passes everything else on."""

    def __init__(
        self,
        inner: WsgiApp,
        snapshot: Callable[[str], Snapshot | None],
        observer: Observer,
        *,
        settings: InjectSettings = DEFAULTS,
        allow_on_error: bool = False,
        max_body: int = MAX_BODY,
        max_in_flight: int = 1000,
    ) -> None:
        self._inner = inner
        self._snapshot = snapshot
        self._settings = settings
        self._observer = observer
        self._allow_on_error = allow_on_error
        self._max_body = max_body
        self._room = max_in_flight
        self._large_room = LARGE_BODIES

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        found = _PATH.fullmatch(environ.get("PATH_INFO", ""))
        snapshot = self._snapshot(found["revision"] or "") if found else None
        if found is None or snapshot is None:
            return self._inner(environ, start_response)
        try:
            return self._admit(environ, start_response, snapshot, found)
        except TransportError as error:
            self._observer.rejected(error.why)
            return _refuse(error, start_response)

    def _read(self, environ: Environ) -> bytes:
        """Read the body; a large one only while all that are being read fit into the memory for them."""
        length = environ.get("CONTENT_LENGTH") or ""
        held = min(int(length), self._max_body) if length.isdecimal() else self._max_body
        if held <= LARGE_BODY:
            return _read_body(environ, self._max_body)
        if held > self._large_room:
            raise _overload(("Connection", "close"))
        self._large_room -= held
        try:
            return _read_body(environ, self._max_body)
        finally:
            self._large_room += held

    def _admit(
        self, environ: Environ, start_response: StartResponse, snapshot: Snapshot, found: re.Match[str]
    ) -> Iterable[bytes]:
        started = time.perf_counter()
        # Before there is room to take: clients that send their body slowly must not use up the room of others.
        body = self._read(environ)
        if self._room <= 0:
            raise _overload()
        self._room -= 1
        self._observer.entered()
        try:
            _check_deadline(environ, started)
            settings = self._settings._replace(revision=found["revision"]) if found["revision"] else self._settings
            with self._observer.tracer.review(environ) as span:
                answer = answer_review(
                    body, snapshot, path=found["path"], settings=settings, allow_on_error=self._allow_on_error
                )
                span.answered(answer)
        finally:
            self._room += 1
            self._observer.left()
        seconds = time.perf_counter() - started
        self._observer.answered(answer, seconds)
        _log(answer, seconds)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer.body)))]
        if self._observer.draining():
            headers.append(("Connection", "close"))
        start_response("200 OK", headers)
        return [answer.body]


def _overload(*headers: tuple[str, str]) -> TransportError:
    return TransportError(
        "503 Service Unavailable", "too many reviews at once", "overload", (("Retry-After", "1"), *headers)
    )


def _read_body(environ: Environ, limit: int) -> bytes:
    if environ["REQUEST_METHOD"] != "POST":
        raise TransportError(
            "405 Method Not Allowed", "admission reviews are sent with POST", "method", (("Allow", "POST"),)
        )
    media_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise TransportError(
            "415 Unsupported Media Type", "invalid Content-Type, want `application/json`", "media type"
        )
    length = environ.get("CONTENT_LENGTH") or ""
    if length and (not length.isdecimal() or int(length) > limit):
        raise _too_large(limit)
    body: bytes = environ["wsgi.input"].read(int(length) if length else limit + 1)
    if len(body) > limit:
        raise _too_large(limit)
    if not body:
        raise TransportError("400 Bad Request", "no body found", "no body")
    if length and len(body) < int(length):
        raise TransportError("400 Bad Request", "the body ended early", "short body", (("Connection", "close"),))
    return body


def _too_large(limit: int) -> TransportError:
    # The connection is closed: what the client still sends of the body must not be read as its next request.
    message = f"the body is larger than {limit} bytes"
    return TransportError("413 Content Too Large", message, "body size", (("Connection", "close"),))


def _check_deadline(environ: Environ, started: float) -> None:
    found = _TIMEOUT.search(environ.get("QUERY_STRING", ""))
    if found and time.perf_counter() - started > int(found[1]) - MARGIN:
        raise TransportError("503 Service Unavailable", "the API server has given up on this review", "deadline")


def _refuse(error: TransportError, start_response: StartResponse) -> Iterable[bytes]:
    body = f"{error}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), *error.headers]
    start_response(error.status, headers)
    return [body]


def _log(answer: Answer, seconds: float) -> None:
    if not logger.isEnabledFor(logging.INFO):
        return
    request = answer.request
    extra = {
        "result": answer.result.value,
        "uid": request.uid if request else "",
        "namespace": request.namespace if request else "",
        "pod": _pod_name(answer),
        "milliseconds": round(seconds * 1000, 3),
    }
    # Made here, since logger.info would first walk the stack for the place of this line.
    logger.handle(logger.makeRecord(logger.name, logging.INFO, __file__, 0, answer.reason, (), None, extra=extra))


def _pod_name(answer: Answer) -> str:
    if answer.request is None or answer.request.object is None:
        return ""
    metadata = answer.request.object.get("metadata")
    if not isinstance(metadata, dict):
        return answer.request.name
    return answer.request.name or str(metadata.get("name") or metadata.get("generateName") or "")
