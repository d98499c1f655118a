"""``remora kube-inject`` and ``remora cert`` as a user runs them, against a real API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from e2e.webhooks import Cluster, is_injected
from e2e.workloads import workload

from bench.load.configurations import stock


def run(cluster: Cluster, *words: str, stdin: str = "") -> str:
    environment = {**os.environ, "KUBECONFIG": str(cluster.plane.kubeconfig)}
    done = subprocess.run(
        [sys.executable, "-m", "webhook.cli", *words],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def add_config_maps(cluster: Cluster, namespace: str, upstream: Path, release: str) -> None:
    files = stock(release, upstream)
    maps = {"istio": {"mesh": files["mesh"]}, "istio-sidecar-injector": {k: v for k, v in files.items() if k != "mesh"}}
    for name, data in maps.items():
        cluster.created(namespace, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})


def test_config_maps_come_from_the_api(cluster: Cluster, namespace: Callable[..., str], upstream: Path) -> None:
    for release in ("0.8.0", "1.20.8"):
        system, name = namespace(), namespace()
        add_config_maps(cluster, system, upstream, release)
        flags = ("kube-inject", "-f", "-", "-i", system, "--injectConfigMapName", "istio-sidecar-injector")
        injected = run(cluster, *flags, stdin=json.dumps(workload("Deployment")))
        cluster.plane.kubectl("-n", name, "apply", "-f", "-", stdin=injected)
        (pod,) = cluster.wait_for_pods(name)
        assert is_injected(pod)
