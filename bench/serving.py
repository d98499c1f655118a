"""The server: requests a second and latency through gunicorn with TLS on loopback, the load generator on the same machine."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.injection import POD
from webhook.certificates import issue, make_ca

CONNECTIONS = (1, 8, 32)
SECONDS = 3.0


def run() -> list[str]:
    """Return the table, a line each."""
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as (port, context):
        lines = [f"{'connections':>11} {'requests/s':>11} {'p50 ms':>8} {'p99 ms':>8}   (TLS, keep-alive, 2 workers)"]
        for connections in CONNECTIONS:
            latencies = _load(port, context, connections)
            lines.append(
                f"{connections:11d} {len(latencies) / SECONDS:11.0f} {statistics.median(latencies) * 1000:8.1f} "
                f"{sorted(latencies)[int(len(latencies) * 0.99)] * 1000:8.1f}"
            )
        return lines


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[tuple[int, ssl.SSLContext]]:
    now = datetime.now(UTC)
    ca = make_ca("bench", now, days=1)
    pair = issue(ca, ("127.0.0.1",), now, days=1)
    for name, content in (("ca", ca.certificate), ("cert", pair.certificate), ("key", pair.key)):
        (folder / name).write_bytes(content)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "webhook.cli", "serve", "--bind", f"127.0.0.1:{port}", "--logLevel", "error"]
    process = subprocess.Popen([*command, "--cert", str(folder / "cert"), "--key", str(folder / "key")])
    context = ssl.create_default_context(cafile=str(folder / "ca"))
    try:
        _wait(port, context)
        yield port, context
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, context: ssl.SSLContext) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=5)
            connection.request("GET", "/healthz/ready")
            connection.getresponse().read()
            return
        time.sleep(0.05)
    raise SystemExit("the server did not start")


def _load(port: int, context: ssl.SSLContext, connections: int) -> list[float]:
    request = {"uid": "1", "kind": {"kind": "Pod"}, "namespace": "shop", "operation": "CREATE", "object": POD}
    body = json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}).encode()
    latencies: list[float] = []
    end = time.perf_counter() + SECONDS

    def client() -> None:
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
        while time.perf_counter() < end:
            started = time.perf_counter()
            connection.request("POST", "/inject", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            if answer.status != 200 or b'"patch"' not in answer.read():
                raise SystemExit("the server did not inject")
            latencies.append(time.perf_counter() - started)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return latencies
