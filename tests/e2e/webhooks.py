"""What the tests do to a cluster: register webhooks, create objects, look at what was stored."""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from e2e.kube_control_plane import ControlPlane

from bench.load.served import Served
from webhook.kube import yaml

PATHS = {
    "Pod": "/api/v1/namespaces/{}/pods",
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets",
    "DaemonSet": "/apis/apps/v1/namespaces/{}/daemonsets",
    "Job": "/apis/batch/v1/namespaces/{}/jobs",
    "CronJob": "/apis/batch/v1/namespaces/{}/cronjobs",
}
CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"
PODS = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}
ENABLED = {"matchLabels": {"istio-injection": "enabled"}}


class Cluster:
    """The control plane with verbs."""

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane

    def create(self, namespace: str, body: Mapping[str, Any], query: str = "") -> tuple[int, dict[str, Any]]:
        """Create an object; returns the status and the answer, whatever they are."""
        return self.plane.request("POST", PATHS[body["kind"]].format(namespace) + query, body)

    def created(self, namespace: str, body: Mapping[str, Any], query: str = "") -> dict[str, Any]:
        """Create an object that must be created; returns it as stored."""
        status, answer = self.create(namespace, body, query)
        assert status == 201, answer
        return answer

    def make_node(self, name: str) -> None:
        """Make a node that takes pods: a new one is tainted until its kubelet says that it is ready."""
        self.plane.request("POST", "/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}})
        status, answer = self.plane.request(
            "PATCH", f"/api/v1/nodes/{name}", {"spec": {"taints": None}}, "application/merge-patch+json"
        )
        assert status == 200, answer

    def pods(self, namespace: str) -> list[dict[str, Any]]:
        """Return the pods of a namespace."""
        return list(self.plane.request("GET", PATHS["Pod"].format(namespace))[1]["items"])

    def wait_for_pods(self, namespace: str, count: int = 1, seconds: float = 30.0) -> list[dict[str, Any]]:
        """Wait until controllers have made pods."""
        self.until(lambda: len(self.pods(namespace)) >= count, seconds, f"pods in {namespace}")
        return self.pods(namespace)

    @staticmethod
    def until(done: Callable[[], bool], seconds: float = 30.0, what: str = "") -> None:
        """Wait for something to become true."""
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, f"not in {seconds:g} s: {what}"
            time.sleep(0.05)

    @contextlib.contextmanager
    def registered(self, configuration: Mapping[str, Any]) -> Iterator[None]:
        """Keep a MutatingWebhookConfiguration in force during the block."""
        name = configuration["metadata"]["name"]
        status, answer = self.plane.request("POST", CONFIGURATIONS, configuration)
        assert status == 201, answer
        time.sleep(0.3)  # it came into force within 0.04 s where that was measured
        try:
            yield
        finally:
            self.plane.request("DELETE", f"{CONFIGURATIONS}/{name}")
            time.sleep(0.3)


@contextlib.contextmanager
def serving(
    cluster: Cluster,
    folder: Path,
    config: Mapping[str, str],
    name: str,
    *,
    flags: tuple[str, ...] = (),
    **settings: Any,
) -> Iterator[Served]:
    """Serve a configuration and register it, under a name and with settings of the webhook."""
    with Served(folder, config, flags=flags) as server:
        client = client_config(server.url, folder / "ca")
        with cluster.registered(configuration(name, client, **settings)):
            yield server


def client_config(url: str, ca: Path) -> dict[str, Any]:
    """Return where the API server finds a webhook."""
    return {"url": f"{url}/inject", "caBundle": base64.b64encode(ca.read_bytes()).decode()}


def configuration(name: str, client: Mapping[str, Any], **settings: Any) -> dict[str, Any]:
    """Return a configuration of one webhook for pods of labelled namespaces; ``settings`` are the webhook's fields."""
    webhook = {"name": f"{name}.remora.test", "clientConfig": client, "rules": [PODS], "namespaceSelector": ENABLED}
    webhook |= {
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "failurePolicy": "Fail",
        "timeoutSeconds": 10,
        **settings,
    }
    return _configuration(name, [webhook])


def stock_configuration(file: Path, name: str, client: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration that a release of Istio installs, selectors and all, pointed at a webhook of ours."""
    documents = yaml.load_all(file.read_bytes())
    (found,) = [d for d in documents if isinstance(d, dict) and d.get("kind") == "MutatingWebhookConfiguration"]
    webhooks = [
        {"sideEffects": "None", "admissionReviewVersions": ["v1"], **w, "clientConfig": client}
        for w in found["webhooks"]
    ]
    return _configuration(name, webhooks)


def _configuration(name: str, webhooks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    kind = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration"}
    return {**kind, "metadata": {"name": name}, "webhooks": list(webhooks)}


def names(pod: Mapping[str, Any]) -> list[str]:
    """Return the names of all containers of a pod, init containers first."""
    spec = pod["spec"]
    return [c["name"] for part in ("initContainers", "containers") for c in spec.get(part) or ()]


def is_injected(pod: Mapping[str, Any]) -> bool:
    """Tell whether a stored pod has exactly one sidecar, and the annotation that says so."""
    status = (pod["metadata"].get("annotations") or {}).get("sidecar.istio.io/status")
    count = names(pod).count("istio-proxy")
    assert bool(status) == bool(count) and count <= 1, (status, names(pod))
    return bool(count)
