"""Somebody else's webhook: adds a container to each pod, and keeps the reviews it saw."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class OtherWebhook:
    """Serves on a loopback port; ``container`` is what it adds where it is not there yet."""

    def __init__(self, cert: Path, key: Path, container: str) -> None:
        self.seen: list[dict[str, Any]] = []
        other = self

        class Exchange(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                content = json.dumps(other.answer(review["request"], container)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def answer(self, request: dict[str, Any], container: str) -> dict[str, Any]:
        pod = request["object"]
        self.seen.append(pod)
        response: dict[str, Any] = {"uid": request["uid"], "allowed": True}
        if container not in [c["name"] for c in pod["spec"]["containers"]]:
            added = {"name": container, "image": "registry.example.com/other:1", "ports": [{"containerPort": 7070}]}
            patch = [{"op": "add", "path": "/spec/containers/-", "value": added}]
            response |= {"patchType": "JSONPatch", "patch": base64.b64encode(json.dumps(patch).encode()).decode()}
        return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}

    def __enter__(self) -> OtherWebhook:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
