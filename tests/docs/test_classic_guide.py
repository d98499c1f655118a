"""Every remora and script command of docs/guide/classic.md, run as it stands there, in its order, against a fake of the API."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from webhook.defaults import Parameters, inject_config

pytestmark = pytest.mark.loopback

APP = """\
apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: sleep}
spec: {selector: {app: sleep}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: sleep}
spec:
  selector: {matchLabels: {app: sleep}}
  template:
    metadata: {labels: {app: sleep}}
    spec: {containers: [{name: sleep, image: sleep:1}]}
"""
KUBECTL = """\
#!/bin/sh
# Stands in for kubectl: keeps what it was asked, and the manifest it was given.
echo "$*" >> "$STUB_LOG"
while [ $# -gt 0 ]; do if [ "$1" = -f ]; then cat "$2" >> "$STUB_LOG"; fi; shift; done
"""


def _commands(text: str) -> list[str]:
    blocks = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip()]


def _folder(tmp_path: Path, root: Path) -> Path:
    folder = tmp_path / "walk"
    folder.mkdir()
    (folder / "deploy").symlink_to(root / "deploy")
    (folder / "app.yaml").write_text(APP)
    (folder / "inject-config.yaml").write_text(inject_config(Parameters()))
    (folder / "mesh-config.yaml").write_text("defaultConfig: {discoveryAddress: pilot:15003}\n")
    stub = folder / "bin" / "kubectl"
    stub.parent.mkdir()
    stub.write_text(KUBECTL)
    stub.chmod(0o755)
    return folder


def test_the_commands_of_the_page(tmp_path: Path, root: Path, fake_api: Any) -> None:  # takes several seconds
    fake_api.add_config_map("istio-system", "istio", {"mesh": "{}"})
    folder = _folder(tmp_path, root)
    log = folder / "kubectl.log"
    environment = {
        **os.environ,
        "PATH": f"{folder / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "KUBECONFIG": str(fake_api.kubeconfig),
        "STUB_LOG": str(log),
    }
    commands = [
        c for c in _commands((root / "docs/guide/classic.md").read_text()) if "remora" in c or "deploy/classic" in c
    ]
    assert len(commands) >= 8
    for command in commands:
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    _check_the_results(folder, log, fake_api)


def _check_the_results(folder: Path, log: Path, fake_api: Any) -> None:
    assert "name: istio-proxy" in log.read_text()
    assert "pilot:15003" not in log.read_text()
    assert "image: registry.example.com/mesh/proxyv2:0.8.0" in (folder / "app-injected.yaml").read_text()
    secret = fake_api.secret("istio-system", "sidecar-injector-certs")
    assert sorted(secret) == ["ca-cert.pem", "cert.pem", "key.pem"]
    manifest = (folder / "istio-sidecar-injector-with-ca-bundle.yaml").read_text()
    assert "${CA_BUNDLE}" not in manifest.replace("# Fill in", "")
    assert re.search(r"caBundle: [A-Za-z0-9+/=]{100,}\n", manifest)


def test_a_signer_of_the_cluster(tmp_path: Path, root: Path, fake_api: Any) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = root / "deploy/classic/webhook-create-signed-cert.sh"
    subprocess.run(
        [str(script), "--by", "csr", "-c", str(fake_api.kubeconfig)], env=environment, check=True, timeout=60
    )
    secret = fake_api.secret("istio-system", "sidecar-injector-certs")
    assert secret["cert.pem"] == fake_api.certificate
    fake_api.add_config_map(
        "kube-system", "extension-apiserver-authentication", {"client-ca-file": "CA of the cluster"}
    )
    done = subprocess.run(
        [str(root / "deploy/classic/webhook-patch-ca-bundle.sh"), "-c", str(fake_api.kubeconfig)],
        env=environment, input="caBundle: ${CA_BUNDLE}\n", capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "caBundle: Q0Egb2YgdGhlIGNsdXN0ZXI=\n"
