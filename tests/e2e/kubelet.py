"""Plays the kubelet for one pod of ours: its volumes become folders, its arguments a process on the machine."""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from e2e.kube_control_plane import free_port
from e2e.webhooks import Cluster

from bench.load.served import swap


def mount(cluster: Cluster, namespace: str, pod: dict[str, Any], folder: Path) -> dict[str, Path]:
    """Write what the volumes of a pod hold; returns folders by volume name."""
    found = {}
    for volume in pod["spec"]["volumes"]:
        files = _files(cluster, namespace, volume)
        if files is not None:
            swap(folder / volume["name"], files)
            found[volume["name"]] = folder / volume["name"]
    return found


def _files(cluster: Cluster, namespace: str, volume: dict[str, Any]) -> dict[str, bytes] | None:
    if "configMap" in volume:
        return _config_map(cluster, namespace, volume["configMap"])
    if "secret" in volume:
        status, secret = cluster.plane.request(
            "GET", f"/api/v1/namespaces/{namespace}/secrets/{volume['secret']['secretName']}"
        )
        assert status == 200, secret
        return {key: base64.b64decode(value) for key, value in secret["data"].items()}
    if "projected" in volume and all("configMap" in source for source in volume["projected"]["sources"]):
        return {
            k: v
            for s in volume["projected"]["sources"]
            for k, v in _config_map(cluster, namespace, s["configMap"]).items()
        }
    return None


def _config_map(cluster: Cluster, namespace: str, source: dict[str, Any]) -> dict[str, bytes]:
    status, found = cluster.plane.request("GET", f"/api/v1/namespaces/{namespace}/configmaps/{source['name']}")
    if status == 404 and source.get("optional"):
        return {}
    assert status == 200, found
    items = source.get("items") or [{"key": key, "path": key} for key in found["data"]]
    return {item["path"]: found["data"][item["key"]].encode() for item in items}


@contextlib.contextmanager
def running(cluster: Cluster, namespace: str, pod: dict[str, Any], folder: Path, address: str) -> Iterator[None]:
    """Run the pod's container as it is described, at the address of its Service, until the block ends."""
    (container,) = pod["spec"]["containers"]
    volumes = mount(cluster, namespace, pod, folder)
    places = {m["mountPath"]: str(volumes[m["name"]]) for m in container["volumeMounts"] if m["name"] in volumes}
    arguments = [
        _relocate(argument, places).replace("0.0.0.0:9443", f"{address}:443") for argument in container["args"]
    ]
    admin = free_port()
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "webhook.cli", *arguments, f"--adminBind=127.0.0.1:{admin}"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(process, admin, folder / "log")
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def _relocate(argument: str, places: dict[str, str]) -> str:
    for path, folder in places.items():
        argument = argument.replace(path, folder)
    return argument


def _wait(process: subprocess.Popen[bytes], admin: int, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{admin}/healthz/ready", timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def can_bind_low_ports() -> bool:
    """Tell whether the Service's own port, 443, can be listened on."""
    allowed = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    return os.geteuid() == 0 or allowed <= 443
