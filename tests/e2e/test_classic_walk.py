"""The guide to Istio 0.5 to 0.8 (docs/guide/classic.md), command by command and in its order, on a real API server. Takes half a minute."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e import kubelet
from e2e.webhooks import CONFIGURATIONS, Cluster, is_injected, names
from e2e.workloads import workload

from bench.load.configurations import stock

SYSTEM = "istio-system"
SLEEP = workload("Deployment")
APP = json.dumps({"apiVersion": "v1", "kind": "List", "items": [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default", "labels": {"istio-injection": "enabled"}}},
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "sleep"},
     "spec": {"selector": {"app": "sleep"}, "ports": [{"name": "http", "port": 80}]}},
    {**SLEEP, "metadata": {"name": "sleep"}, "spec": {**SLEEP["spec"], "strategy": {"type": "Recreate"}}},  # no pod is ever ready here
]}).replace('"app": "web"', '"app": "sleep"')  # fmt: skip


class Walk:
    """The guide's commands, each taken once, in its order."""

    def __init__(self, cluster: Cluster, folder: Path, page: str) -> None:
        blocks = re.findall(r"```bash\n(.*?)```", page, re.DOTALL)
        lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
        self.left = [" ".join(line.split()) for line in lines if line.strip()]
        tools = folder / "bin"
        tools.mkdir()
        (tools / "kubectl").symlink_to(cluster.plane.bin / "kubectl")
        path = f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        self._environment = {**os.environ, "PATH": path, "KUBECONFIG": str(cluster.plane.kubeconfig)}
        self._folder = folder

    def to(self, command: str) -> str:
        """Run what comes up to and including a command; return its output."""
        while True:
            line = self.left.pop(0)
            done = subprocess.run(
                ["bash", "-c", line],
                cwd=self._folder,
                env=self._environment,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            if line.startswith(command):
                return done.stdout


def _sleep_pods(cluster: Cluster) -> list[dict[str, Any]]:
    pods = cluster.pods("default")
    return [
        p
        for p in pods
        if p["metadata"].get("labels", {}).get("app") == "sleep" and "deletionTimestamp" not in p["metadata"]
    ]


def _newest(cluster: Cluster, but: set[str]) -> dict[str, Any]:
    def fresh() -> list[dict[str, Any]]:
        return [pod for pod in _sleep_pods(cluster) if pod["metadata"]["name"] not in but]

    cluster.until(lambda: bool(fresh()), what="a new pod of sleep")
    return fresh()[0]


def _replace(cluster: Cluster, walk: Walk | None) -> dict[str, Any]:
    """Delete the pods of sleep, by the guide's command or by ourselves, and return the successor."""
    before = {pod["metadata"]["name"] for pod in _sleep_pods(cluster)}
    if walk:
        walk.to("kubectl delete pod -lapp=sleep")
    else:
        cluster.plane.kubectl("delete", "pod", "-lapp=sleep")
    return _newest(cluster, before)


@pytest.fixture
def _left_clean(cluster: Cluster) -> Iterator[None]:
    """A walk that stops half-way must not leave a webhook behind that nobody serves."""
    yield
    cluster.plane.request("DELETE", f"{CONFIGURATIONS}/istio-sidecar-injector")


@pytest.mark.usefixtures("_left_clean")
@pytest.mark.skipif(not kubelet.can_bind_low_ports(), reason="the Service's port 443 needs root")
def test_the_walk(cluster: Cluster, root: Path, upstream: Path, tmp_path: Path) -> None:
    plane, files = cluster.plane, stock("0.8.0", upstream)
    plane.ensure_namespace(SYSTEM)
    for name, data in (
        ("istio", {"mesh": files["mesh"]}),
        *((n, {"config": files["config"]}) for n in ("istio-inject", "istio-sidecar-injector")),
    ):
        cluster.created(SYSTEM, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})
    (tmp_path / "app.yaml").write_text(APP)
    (tmp_path / "deploy").symlink_to(root / "deploy")
    walk = Walk(cluster, tmp_path, (root / "docs/guide/classic.md").read_text())

    walk.to("remora check")
    plane.kubectl("apply", "-f", str(tmp_path / "app.yaml"))
    assert not is_injected(_newest(cluster, set()))
    before = {pod["metadata"]["name"] for pod in _sleep_pods(cluster)}
    walk.to("kubectl apply -f <(remora kube-inject")
    assert is_injected(_newest(cluster, before))
    walk.to("remora kube-inject --injectConfigFile")
    assert "istio-proxy" in (tmp_path / "app-injected.yaml").read_text()
    plane.kubectl("apply", "-f", str(tmp_path / "app-injected.yaml"))
    walk.to("remora kube-inject --emitTemplate")
    plane.kubectl("apply", "-f", str(tmp_path / "app.yaml"))  # from here on the webhook injects
    plane.kubectl("label", "namespace", "default", "istio-injection-")

    walk.to("kubectl apply -f istio-sidecar-injector-with-ca-bundle.yaml")
    assert "istio-sidecar-injector" in walk.to("kubectl -n istio-system get deployment")
    pod = cluster.wait_for_pods(SYSTEM)[0]
    address = plane.request("GET", f"/api/v1/namespaces/{SYSTEM}/services/istio-sidecar-injector")[1]["spec"][
        "clusterIP"
    ]
    with kubelet.running(cluster, SYSTEM, pod, tmp_path, address):
        assert re.search(
            r"^default +Active +\S+ +enabled$", walk.to("kubectl get namespace -L istio-injection"), re.MULTILINE
        )
        assert is_injected(_replace(cluster, walk))
        assert "istio-proxy" in walk.to("kubectl describe pod -lapp=sleep")
        walk.to("kubectl label namespace default istio-injection-")
        assert names(_replace(cluster, None)) == ["app"]
        walk.to("kubectl delete -f istio-sidecar-injector-with-ca-bundle.yaml")
    plane.kubectl("label", "namespace", "default", "istio-injection=enabled")
    assert names(_replace(cluster, None)) == ["app"]
    while walk.left:
        walk.to(walk.left[0])
    assert plane.request("GET", f"/api/v1/namespaces/{SYSTEM}/secrets/sidecar-injector-certs")[0] == 404
    assert plane.request("GET", f"{CONFIGURATIONS}/istio-sidecar-injector")[0] == 404
