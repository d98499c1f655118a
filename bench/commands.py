"""kube-inject as a command: CPU of one file from a cold start, and of 1,000 Deployments, with the memory that takes.

Each run is a process of its own; user and system time of the children, the least and the median of several runs. The code of
the templates is in the cache already, as after the first run of all.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.upstream import upstream

RELEASES = ("0.8.0", "1.20.8", "1.30.3")
COLD_RUNS = 15
BATCH_RUNS = 3
DEPLOYMENTS = 1000
PEER = "Istio 1.29.6: 60 to 100 ms and 75 MB for one file, 5.9 s and 95 MB for 1,000"
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: service-{0}, labels: {{app: service-{0}}}}}
spec:
  replicas: 3
  selector: {{matchLabels: {{app: service-{0}}}}}
  template:
    metadata:
      labels: {{app: service-{0}, tier: backend, version: v1}}
      annotations: {{prometheus.io/scrape: "true", prometheus.io/port: "9090"}}
    spec:
      serviceAccountName: service-{0}
      containers:
      - name: service
        image: registry.example.com/service-{0}:1.7.3
        ports:
        - {{name: http, containerPort: 8080}}
        - {{name: metrics, containerPort: 9090}}
        env:
        - {{name: LOG_LEVEL, value: info}}
        - name: POD_NAME
          valueFrom: {{fieldRef: {{fieldPath: metadata.name}}}}
        resources:
          requests: {{cpu: 100m, memory: 128Mi}}
          limits: {{memory: 256Mi}}
        readinessProbe:
          httpGet: {{path: /ready, port: http}}
        livenessProbe:
          httpGet: {{path: /live, port: 8080}}
        volumeMounts:
        - {{name: config, mountPath: /etc/service}}
      volumes:
      - name: config
        configMap: {{name: service-{0}}}
---
"""


def run() -> Iterator[str]:
    """Yield the table, a line each."""
    data = upstream()
    if data is None:
        yield "commands: no upstream data (set REMORA_UPSTREAM)"
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one.yaml").write_text(MANIFEST.format(0))
        (folder / "many.yaml").write_text("".join(MANIFEST.format(number) for number in range(DEPLOYMENTS)))
        environment = {**os.environ, "REMORA_CACHE": str(folder / "cache"), "PYTHONPYCACHEPREFIX": str(folder / "pyc")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        yield f"{'ms of CPU':34} {'min':>8} {'median':>8}"
        yield _row("python -c pass", *_measure([sys.executable, "-c", "pass"], environment, COLD_RUNS))
        for release in RELEASES:
            one, many = (_command(data / release / "stock", folder / file) for file in ("one.yaml", "many.yaml"))
            yield _row(f"{release}: one file, cold", *_measure(one, environment, COLD_RUNS))
            yield _row(f"{release}: {DEPLOYMENTS} Deployments", *_measure(many, environment, BATCH_RUNS))
            yield f"{release + ': peak memory of those, MB':34} {_memory(many, environment):8.0f}"
        yield f"({PEER})"


def _row(name: str, best: float, median: float) -> str:
    return f"{name:34} {best:8.1f} {median:8.1f}"


def _command(stock: Path, manifest: Path) -> list[str]:
    files = ["--injectConfigFile", str(stock / "istio-sidecar-injector-configmap.yaml")]
    files += ["--meshConfigFile", str(stock / "istio-mesh-configmap.yaml")]
    return [sys.executable, "-m", "webhook.cli", "kube-inject", "-f", str(manifest), *files]


def _measure(command: Sequence[str], environment: dict[str, str], runs: int) -> tuple[float, float]:
    samples = [_cpu(command, environment) for _ in range(runs + 1)][1:]
    return min(samples), statistics.median(samples)


def _cpu(command: Sequence[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def _memory(command: Sequence[str], environment: dict[str, str]) -> float:
    words = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3, check=True)"
    words += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    shown = subprocess.run([sys.executable, "-c", words, *command], env=environment, capture_output=True, check=True)
    return int(shown.stdout) / 1024
