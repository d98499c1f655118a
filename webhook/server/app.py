"""The Flask application: health, and a plain word for every path that is not there. Admission stands in front of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from webhook.inject.settings import DEFAULTS
from webhook.inject.settings import Settings as InjectSettings
from webhook.server.admission import MAX_BODY, Admission, Observer
from webhook.server.traces import NoTracer, Tracer

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.server.handler import Answer


class Unobserved:
    """The observer where nobody counts: under a WSGI server of the user's own, and in tests."""

    tracer: Tracer = NoTracer()

    def entered(self) -> None:
        """Do nothing."""

    def left(self) -> None:
        """Do nothing."""

    def answered(self, answer: Answer, seconds: float) -> None:
        """Do nothing."""

    def rejected(self, why: str) -> None:
        """Do nothing."""

    def draining(self) -> bool:
        """Never stop."""
        return False


def create_app(
    snapshot: Callable[[str], Snapshot | None],
    observer: Observer | None = None,
    *,
    settings: InjectSettings = DEFAULTS,
    not_ready: Callable[[], str] = str,
    allow_on_error: bool = False,
    max_body: int = MAX_BODY,
    max_in_flight: int = 1000,
) -> Flask:
    """Return the application.

    Args:
        snapshot: gives the configuration to answer the next review with, by revision (empty: the default; None: there is none).
        settings: the surroundings that templates may see.
        observer: is told what happens to reviews.
        not_ready: says why the server is not ready, or nothing.
        allow_on_error: let a pod pass unchanged, with a warning, when its injection fails.
        max_body: bytes of a request body.
        max_in_flight: reviews that are answered at once; more are refused.
    """
    app = Flask("remora")
    app.config["MAX_CONTENT_LENGTH"] = max_body
    app.add_url_rule("/healthz/live", view_func=_live)
    app.add_url_rule("/healthz/ready", view_func=_readiness(snapshot, not_ready))
    app.register_error_handler(HTTPException, _http_error)
    app.wsgi_app = Admission(  # type: ignore[method-assign]
        app.wsgi_app,
        snapshot,
        observer or Unobserved(),
        settings=settings,
        allow_on_error=allow_on_error,
        max_body=max_body,
        max_in_flight=max_in_flight,
    )
    return app


def _live() -> Response:
    return _text("ok\n", 200)


def _readiness(snapshot: Callable[[str], Snapshot | None], not_ready: Callable[[], str]) -> Callable[[], Response]:
    def ready() -> Response:
        why = not_ready()
        current = snapshot("")
        if why or current is None:
            return _text(f"{why or 'there is no configuration'}\n", 503)
        return _text(f"ok\nconfiguration {current.hash}\n", 200)

    return ready


def _http_error(error: HTTPException) -> Response:
    return _text(f"{error.code} {error.name}: {error.description}\n", error.code or 500)


def _text(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
