"""What deploy/ ships: the examples are what their maker writes and can be used, and the classic manifest holds together."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from webhook.cli import main
from webhook.kube import yaml


def _examples(root: Path) -> Path:
    return root / "deploy/examples"


@pytest.mark.parametrize("debug", [False, True])
def test_the_config_maps_are_what_their_maker_writes(root: Path, debug: bool) -> None:
    make = runpy.run_path(str(_examples(root) / "make.py"))["config_map"]
    name = f"istio-sidecar-injector-configmap-{'debug' if debug else 'release'}.yaml"
    assert (_examples(root) / name).read_text() == make(debug=debug)


@pytest.mark.parametrize(
    ("variant", "images"), [("release", ("proxyv2",)), ("debug", ("proxy_debug", "enable-core-dump"))]
)
def test_the_application_is_injected(root: Path, capsys: Any, variant: str, images: tuple[str, ...]) -> None:
    folder = _examples(root)
    files = ["--injectConfigFile", str(folder / f"istio-sidecar-injector-configmap-{variant}.yaml")]
    files += ["--meshConfigFile", str(folder / "mesh-configmap.yaml")]
    assert main(["kube-inject", "-f", str(folder / "greeter.yaml"), *files]) == 0
    out = capsys.readouterr().out
    assert "istio-pilot.istio-system:15007" in out
    assert all(image in out for image in images)


def test_the_classic_manifest_holds_together(root: Path) -> None:
    objects: dict[str, Any] = {}
    for document in yaml.load_all((root / "deploy/classic/istio-sidecar-injector.yaml").read_bytes()):
        assert isinstance(document, dict)
        objects[document["kind"]] = document
    pod = objects["Deployment"]["spec"]["template"]
    assert objects["Service"]["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    assert pod["spec"]["serviceAccountName"] == objects["ServiceAccount"]["metadata"]["name"]
    assert objects["RoleBinding"]["roleRef"]["name"] == objects["Role"]["metadata"]["name"]
    [webhook] = objects["MutatingWebhookConfiguration"]["webhooks"]
    service = webhook["clientConfig"]["service"]
    assert (service["name"], service["path"]) == (objects["Service"]["metadata"]["name"], "/inject")
    assert webhook["namespaceSelector"]["matchLabels"] == {"istio-injection": "enabled"}
    mounts = {mount["name"] for mount in pod["spec"]["containers"][0]["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod["spec"]["volumes"]}
