"""The Flask application: health, and a plain word for every path that is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from webhook.server.admission import MAX_BODY, Admission

if TYPE_CHECKING:
    from webhook.config.model import Snapshot


def create_app(snapshot: Callable[[], Snapshot], *, allow_on_error: bool = False, max_body: int = MAX_BODY) -> Flask:
    """Return the application; ``snapshot`` gives the configuration to answer the next request with."""
    app = Flask("remora")
    app.config["MAX_CONTENT_LENGTH"] = max_body
    app.add_url_rule("/healthz/live", view_func=_live)
    app.add_url_rule("/healthz/ready", view_func=_readiness(snapshot))
    app.register_error_handler(HTTPException, _http_error)
    inner = app.wsgi_app
    app.wsgi_app = Admission(inner, snapshot, allow_on_error=allow_on_error, max_body=max_body)  # type: ignore[method-assign]
    return app


def _live() -> Response:
    return _text("ok\n", 200)


def _readiness(snapshot: Callable[[], Snapshot]) -> Callable[[], Response]:
    def ready() -> Response:
        return _text(f"ok\nconfiguration {snapshot().hash}\n", 200)

    return ready


def _http_error(error: HTTPException) -> Response:
    return _text(f"{error.code} {error.name}: {error.description}\n", error.code or 500)


def _text(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
