"""A fake of the Kubernetes API over HTTP: ConfigMaps, Secrets and signing requests, as the official client calls them."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


class FakeApi:
    """Objects by path; ``signers`` are those that issue: an approved request of theirs gets ``certificate``."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.signers = {"kubernetes.io/kubelet-serving"}
        self.certificate = b"-----BEGIN CERTIFICATE-----\nfake\n-----END CERTIFICATE-----\n"
        self.calls: list[tuple[str, str]] = []
        self.kubeconfig = Path()

    def add_config_map(self, namespace: str, name: str, data: dict[str, str]) -> None:
        self.objects[f"/api/v1/namespaces/{namespace}/configmaps/{name}"] = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": namespace},
            "data": data,
        }

    def secret(self, namespace: str, name: str) -> dict[str, bytes]:
        stored = self.objects[f"/api/v1/namespaces/{namespace}/secrets/{name}"]
        return {key: base64.b64decode(value) for key, value in stored["data"].items()}

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.calls.append((method, path))
        if method == "POST":
            path = f"{path}/{body['metadata']['name']}"
            if path in self.objects:
                return 409, _status(409, "AlreadyExists")
        elif path.removesuffix("/approval") not in self.objects:
            return 404, _status(404, "NotFound")
        if method == "DELETE":
            return 200, self.objects.pop(path)
        if method in ("POST", "PUT"):
            self.objects[path.removesuffix("/approval")] = body
            self._sign(path, body)
        return 200, self.objects[path.removesuffix("/approval")]

    def _sign(self, path: str, body: Any) -> None:
        if path.endswith("/approval") and body["spec"]["signerName"] in self.signers:
            body["status"]["certificate"] = base64.b64encode(self.certificate).decode()
        elif "certificatesigningrequests" in path:
            body.setdefault("status", {})


def _status(code: int, reason: str) -> dict[str, Any]:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code}


@pytest.fixture
def fake_api(tmp_path: Path) -> Iterator[FakeApi]:
    api = FakeApi()

    class Exchange(BaseHTTPRequestHandler):
        def _exchange(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            code, answer = api.answer(self.command, self.path.partition("?")[0], body)
            content = json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _exchange  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    api.kubeconfig = tmp_path / "kubeconfig"
    api.kubeconfig.write_text(_kubeconfig(server.server_address[1]))
    yield api
    server.shutdown()
    thread.join()
    server.server_close()


def _kubeconfig(port: int) -> str:
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "fake", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
            "users": [{"name": "fake", "user": {}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}],
            "current-context": "fake",
        }
    )
