"""The WSGI function that answers ``POST /inject``: it checks the transport, and hands bytes to the handler.

It stands in front of the Flask application, which costs more than an injection does; every other path falls through.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from webhook.server.handler import Answer, answer_review

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

MAX_BODY: Final = 6 * 1024 * 1024
"""Bytes of a review that are accepted. The API server itself takes objects of 3 MiB at most, and a review can hold two."""

logger = logging.getLogger("remora.admission")


class TransportError(Exception):
    """A request that is refused before its body is looked at."""

    def __init__(self, status: str, message: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


class Admission:
    """WSGI middleware: answers admission reviews, passes everything else on."""

    def __init__(
        self,
        inner: WsgiApp,
        snapshot: Callable[[], Snapshot],
        *,
        allow_on_error: bool = False,
        max_body: int = MAX_BODY,
    ) -> None:
        self._inner = inner
        self._snapshot = snapshot
        self._allow_on_error = allow_on_error
        self._max_body = max_body

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        path = environ.get("PATH_INFO", "")
        if path != "/inject" and not path.startswith("/inject/"):
            return self._inner(environ, start_response)
        try:
            body = _read_body(environ, self._max_body)
        except TransportError as error:
            return _refuse(error, start_response)
        started = time.perf_counter()
        answer = answer_review(body, self._snapshot(), allow_on_error=self._allow_on_error)
        _log(answer, time.perf_counter() - started)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer.body)))]
        start_response("200 OK", headers)
        return [answer.body]


def _read_body(environ: Environ, limit: int) -> bytes:
    if environ["REQUEST_METHOD"] != "POST":
        raise TransportError("405 Method Not Allowed", "admission reviews are sent with POST", (("Allow", "POST"),))
    media_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise TransportError("415 Unsupported Media Type", "invalid Content-Type, want `application/json`")
    length = environ.get("CONTENT_LENGTH") or ""
    if length and (not length.isdecimal() or int(length) > limit):
        raise _too_large(limit)
    body: bytes = environ["wsgi.input"].read(int(length) if length else limit + 1)
    if len(body) > limit:
        raise _too_large(limit)
    if not body:
        raise TransportError("400 Bad Request", "no body found")
    return body


def _too_large(limit: int) -> TransportError:
    # The connection is closed: what the client still sends of the body must not be read as its next request.
    return TransportError("413 Content Too Large", f"the body is larger than {limit} bytes", (("Connection", "close"),))


def _refuse(error: TransportError, start_response: StartResponse) -> Iterable[bytes]:
    body = f"{error}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), *error.headers]
    start_response(error.status, headers)
    return [body]


def _log(answer: Answer, seconds: float) -> None:
    request = answer.request
    logger.info(
        "%s",
        answer.reason,
        extra={
            "result": answer.result.value,
            "uid": request.uid if request else "",
            "namespace": request.namespace if request else "",
            "pod": _pod_name(answer),
            "milliseconds": round(seconds * 1000, 3),
        },
    )


def _pod_name(answer: Answer) -> str:
    if answer.request is None or answer.request.object is None:
        return ""
    metadata = answer.request.object.get("metadata")
    if not isinstance(metadata, dict):
        return answer.request.name
    return answer.request.name or str(metadata.get("name") or metadata.get("generateName") or "")
