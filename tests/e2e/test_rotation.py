"""Certificates and ConfigMaps are swapped while pods are created: none is lost, none is stored without its sidecar."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from e2e.webhooks import CONFIGURATIONS, Cluster, client_config, configuration, is_injected

from bench.load.configurations import stock
from bench.load.served import Served, swap
from webhook.certificates import make_ca

CLIENTS = 4


class Creation:
    """Clients that create pods without pause."""

    def __init__(self, cluster: Cluster, namespace: str, pod: Callable[..., dict[str, Any]]) -> None:
        self.stored: list[dict[str, Any]] = []
        self.failed: list[dict[str, Any]] = []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._create, args=(cluster, namespace, pod, i)) for i in range(CLIENTS)
        ]

    def _create(self, cluster: Cluster, namespace: str, pod: Callable[..., dict[str, Any]], number: int) -> None:
        count = 0
        while not self._stop.is_set():
            status, answer = cluster.create(namespace, pod(f"web-{number}-{count}"))
            (self.stored if status == 201 else self.failed).append(answer)
            count += 1

    @contextmanager
    def running(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()
        assert [answer["message"] for answer in self.failed] == []
        assert len(self.stored) > 20
        assert all(map(is_injected, self.stored))


@pytest.fixture
def server(upstream: Path, tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path, stock("0.8.0", upstream), flags=("--reloadInterval", "0.1")) as server:
        yield server


def test_certificates_and_their_ca(
    cluster: Cluster, server: Served, namespace: Callable[..., str], pod: Callable[..., dict[str, Any]]
) -> None:
    """A new CA as cert-manager brings it: first both are trusted, then the new one serves, then the old one goes. Takes ten seconds."""
    made = configuration("rotating", client_config(server.url, server.folder / "ca"))
    creation = Creation(cluster, namespace(istio_injection="enabled"), pod)
    with cluster.registered(made), creation.running():
        for name in ("second", "third"):
            old, new = server.ca.certificate, make_ca(name, datetime.now(UTC), days=1)
            _trust(cluster, "rotating", old + new.certificate)
            server.ca = new
            (server.folder / "ca").write_bytes(old + new.certificate)
            swap(server.cert_mount, {"cert.pem": server.pair()["cert.pem"], "key.pem": b"half"})
            time.sleep(1.2)
            server.renew()
            before = len(creation.stored)
            server.until(lambda name=name: _issuers(server) == {name})
            time.sleep(1.2)  # should all of them have met the same worker
            _trust(cluster, "rotating", new.certificate)
            cluster.until(lambda before=before: len(creation.stored) > before + CLIENTS)


def _trust(cluster: Cluster, name: str, ca: bytes) -> None:
    patch = [{"op": "replace", "path": "/webhooks/0/clientConfig/caBundle", "value": base64.b64encode(ca).decode()}]
    status, answer = cluster.plane.request("PATCH", f"{CONFIGURATIONS}/{name}", patch, "application/json-patch+json")
    assert status == 200, answer


def _issuers(server: Served) -> set[str]:
    """Ask often enough to meet every worker."""
    found = set()
    for _ in range(8):
        connection = server.connect()
        connection.connect()
        issuer = dict(pair for part in connection.sock.getpeercert()["issuer"] for pair in part)  # type: ignore[union-attr]
        found.add(issuer["commonName"])
        connection.close()
    return found


def test_config_maps(
    cluster: Cluster, server: Served, namespace: Callable[..., str], pod: Callable[..., dict[str, Any]]
) -> None:
    files = {name: (server.config_mount / name).read_text() for name in ("config", "mesh")}
    creation = Creation(cluster, namespace(istio_injection="enabled"), pod)
    with (
        cluster.registered(configuration("changing", client_config(server.url, server.folder / "ca"))),
        creation.running(),
    ):
        for turn in range(6):
            swap(server.config_mount, {**files, "config": files["config"][: len(files["config"]) // 2]})
            time.sleep(0.3)
            swap(
                server.config_mount,
                {**files, "config": files["config"].replace("proxyv2:0.8.0", f"proxyv2:turn-{turn}")},
            )
            server.until(lambda turn=turn: _image(creation.stored[-1:]) == {f"turn-{turn}"})
    assert _image(creation.stored) >= {f"turn-{turn}" for turn in range(6)}


def _image(pods: list[dict[str, Any]]) -> set[str]:
    return {
        c["image"].rpartition(":")[2] for pod in pods for c in pod["spec"]["containers"] if c["name"] == "istio-proxy"
    }
