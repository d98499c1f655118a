"""The trial of a configuration: every stock one passes, and each way to be broken is refused with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from webhook.config.errors import ConfigError
from webhook.config.model import build_snapshot
from webhook.config.release import release_of
from webhook.inject.funcs import function_table
from webhook.inject.prepared import prepared_of
from webhook.inject.settings import Settings
from webhook.server.canary import check_snapshot, warm_up


def _check(config: str, *pods: dict[str, Any], release: str = "0.8.0", **texts: str) -> None:
    snapshot = build_snapshot(config, funcs_for=function_table, release=release_of(release), **texts)
    check_snapshot(snapshot, pods)


def test_every_stock_configuration_passes(upstream: Path) -> None:
    folders = sorted(path for path in upstream.iterdir() if (path / "stock").is_dir())
    assert len(folders) >= 3
    for folder in folders:
        stock = folder / "stock"
        mesh = (stock / "istio-mesh-configmap.yaml").read_text()
        _check((stock / "istio-sidecar-injector-configmap.yaml").read_text(), release=folder.name, mesh_text=mesh)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("[[ .Nope ]]", "can't evaluate field Nope"),
        ("containers: [{name: a, ports: x}]", "cannot unmarshal string"),
        ('containers: [{name: [[ index .ObjectMeta.Labels "none" ]][ }]', "yaml"),
    ],
)
def test_what_is_refused(template: str, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _check(f"policy: enabled\ntemplate: '{template}'\n")
    assert reason in str(caught.value)
    assert "tried on the pod canary" in str(caught.value)


def test_pods_of_the_user_are_tried_too() -> None:
    config = (
        "policy: enabled\ntemplate: |\n  containers: [{name: a, args: [ '[[ (index .Spec.Containers 0).Image ]]' ]}]\n"
    )
    _check(config)
    with pytest.raises(ConfigError, match="tried on the pod odd"):
        _check(config, {"metadata": {"name": "odd"}, "spec": {"containers": [{"name": "c", "image": "it's"}]}})


def test_a_template_that_never_comes_to_rest() -> None:
    config = "policy: enabled\ntemplate: |\n  containers: [{name: a, args: [ '{{ randAlphaNum 8 }}' ]}]\n"
    with pytest.raises(ConfigError, match="again and again changes it"):
        _check(config, release="1.8.6")


def test_a_policy_that_injects_nothing_passes() -> None:
    _check("policy: none\ntemplate: '[[ .Nope ]]'\n")


def test_after_the_warm_up_nothing_is_left_to_make() -> None:
    config = "policy: enabled\ntemplate: |\n  containers: [{name: a, args: [ '[[ .ObjectMeta.Annotations ]]' ]}]\n"
    snapshot = build_snapshot(config, funcs_for=function_table, release=release_of("0.8.0"))
    settings = Settings(environment={"A": "b"})
    warm_up(snapshot, settings)
    prepared = prepared_of(snapshot, settings)
    (variant,) = prepared._variants.values()
    assert variant._general is not None or variant._lacking is not None
    assert not prepared.counts


def test_the_trial_is_made_in_the_surroundings_of_the_server() -> None:
    template = '{{ if ne .Revision "blue" }}{{ fail "not here" }}{{ end }}spec: {containers: [{name: a}]}'
    config = f"policy: enabled\ntemplates:\n  sidecar: |\n    {template}\n"
    snapshot = build_snapshot(config, funcs_for=function_table, release=release_of("1.20.8"), values_text="{}")
    check_snapshot(snapshot, settings=Settings(revision="blue"))
    with pytest.raises(ConfigError, match="not here"):
        check_snapshot(snapshot)
