"""Certificates by a signer of the cluster: the API server then calls the webhook with what was issued."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from e2e.test_kube_inject import run
from e2e.webhooks import Cluster, configuration, is_injected

from bench.load.configurations import stock
from bench.load.served import Served, swap

REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"


def test_a_signer_of_the_cluster(
    cluster: Cluster, namespace: Callable[..., str], pod: Callable[..., dict[str, Any]], upstream: Path, tmp_path: Path
) -> None:
    system, name = namespace(), namespace(istio_injection="enabled")
    run(cluster, "cert", "create", "--by", "csr", "--service", "injector", "--namespace", system, "--secret", "certs")
    _serve_and_create(cluster, system, name, pod, upstream, tmp_path, cluster.plane.signer.pem)
    assert cluster.plane.request("GET", f"{REQUESTS}/injector.{system}")[0] == 200
    run(cluster, "cert", "delete-request", "--service", "injector", "--namespace", system)
    assert cluster.plane.request("GET", f"{REQUESTS}/injector.{system}")[0] == 404


def test_a_signer_of_ones_own(
    cluster: Cluster, namespace: Callable[..., str], pod: Callable[..., dict[str, Any]], upstream: Path, tmp_path: Path
) -> None:
    system, name = namespace(), namespace(istio_injection="enabled")
    signer = threading.Thread(target=_sign, args=(cluster, f"injector.{system}"))
    signer.start()
    words = (
        "--by",
        "csr",
        "--signer",
        "example.com/serving",
        "--service",
        "injector",
        "--namespace",
        system,
        "--secret",
        "certs",
    )
    run(cluster, "cert", "create", *words)
    signer.join()
    _serve_and_create(cluster, system, name, pod, upstream, tmp_path, cluster.plane.authority.pem)


def _sign(cluster: Cluster, name: str) -> None:
    """Play the signer: wait for the approval, then issue."""
    path = f"{REQUESTS}/{name}"
    for _ in range(300):
        status, request = cluster.plane.request("GET", path)
        if status == 200 and any(c["type"] == "Approved" for c in request["status"].get("conditions", ())):
            issued = cluster.plane.authority.sign_request(base64.b64decode(request["spec"]["request"]))
            request["status"]["certificate"] = base64.b64encode(issued).decode()
            assert cluster.plane.request("PUT", f"{path}/status", request)[0] == 200
            return
        time.sleep(0.1)


def _serve_and_create(
    cluster: Cluster,
    system: str,
    name: str,
    pod: Callable[..., dict[str, Any]],
    upstream: Path,
    folder: Path,
    ca: bytes,
) -> None:
    """Serve with the pair of the Secret behind a Service, so that its name is what the certificate is checked for."""
    secret = cluster.plane.request("GET", f"/api/v1/namespaces/{system}/secrets/certs")[1]["data"]
    server = Served(folder, stock("0.8.0", upstream))
    swap(server.cert_mount, {key: base64.b64decode(value) for key, value in secret.items()})
    (folder / "ca").write_bytes(ca)
    service = {"metadata": {"name": "injector"}, "spec": {"type": "ExternalName", "externalName": "127.0.0.1"}}
    service["spec"]["ports"] = [{"port": server.port}]  # type: ignore[index]
    assert cluster.plane.request("POST", f"/api/v1/namespaces/{system}/services", service)[0] == 201
    reference = {"name": "injector", "namespace": system, "path": "/inject", "port": server.port}
    client = {"service": reference, "caBundle": base64.b64encode(ca).decode()}
    server.check_names = False  # this client comes by address
    with server, cluster.registered(configuration(f"by-service-{system}", client)):
        assert is_injected(cluster.created(name, pod()))
