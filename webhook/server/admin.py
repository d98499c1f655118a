"""The admin port: plain HTTP for metrics, health and debug pages. Bound to loopback by default; nothing here is for the cluster's users."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify

from webhook.server.metrics import exposition
from webhook.server.runtime import worker_states

if TYPE_CHECKING:
    from webhook.server.runtime import Runtime
    from webhook.server.steward import Watches
    from webhook.server.watch import Watch


def create_admin_app(runtime: Runtime, watches: Watches) -> Flask:
    """Return the application of the admin port; the debug pages are left out when they are switched off."""
    app = Flask("remora.admin")
    app.json.sort_keys = False  # type: ignore[attr-defined]

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(
            exposition(str(runtime.state.part("metrics"))), content_type="text/plain; version=0.0.4; charset=utf-8"
        )

    @app.get("/healthz/live")
    def live() -> Response:
        return _text("ok\n", 200)

    @app.get("/healthz/ready")
    def ready() -> Response:
        why = runtime.not_ready() or ("" if worker_states(runtime.state) else "no worker answers")
        return _text(f"{why or 'ok'}\n", 503 if why else 200)

    if runtime.settings.debug_pages:
        _add_debug_pages(app, runtime, watches)
    return app


def _add_debug_pages(app: Flask, runtime: Runtime, watches: Watches) -> None:
    @app.get("/debug/")
    def index() -> Response:
        pages = {"config": "the configuration in force, and why the last one was refused", "templates": "its templates",
                 "decisions": "the last decisions of every worker", "workers": "the workers and what each answers with"}  # fmt: skip
        return jsonify({f"/debug/{name}": words for name, words in pages.items()})

    @app.get("/debug/config")
    def config() -> Response:
        return jsonify([{"revision": name, **_config(watch)} for name, watch in watches.items()])

    @app.get("/debug/templates")
    def templates() -> Response:
        return jsonify(
            [
                {"revision": revision, "name": name, "sha256": _sha(text), "text": text}
                for revision, watch in watches.items()
                for name, text in watch.snapshot.template_texts.items()
            ]
        )

    @app.get("/debug/decisions")
    def decisions() -> Response:
        rows = [{**row, "worker": s["pid"]} for s in worker_states(runtime.state) for row in s["decisions"]]
        return jsonify(sorted(rows, key=lambda row: row["time"], reverse=True))

    @app.get("/debug/workers")
    def workers() -> Response:
        states = worker_states(runtime.state)
        return jsonify([{key: value for key, value in state.items() if key != "decisions"} for state in states])


def _config(watch: Watch) -> dict[str, Any]:
    snapshot = watch.snapshot
    refused = {"why": watch.refused, "at": _time(watch.refused_at)} if watch.refused else None
    return {
        "hash": snapshot.hash,
        "source": snapshot.source,
        "release": snapshot.release.version,
        "policy": snapshot.policy,
        "templates": list(snapshot.template_texts),
        "warnings": list(snapshot.warnings),
        "refused": refused,
    }


def _time(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _text(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
