"""Whatever the pod, it is injected so that all invariants hold, or refused with an InjectError; and both ways agree.

Some seconds a configuration: every example is injected up to five times. The seed is printed; REMORA_SEED takes another,
REMORA_PROPERTY_EXAMPLES takes more examples.
"""

from __future__ import annotations

import contextlib
import json
import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from property.pods import Pod, deployment_of, pods

from conformance.invariants import check_both_ways, check_pod
from conformance.trial import admit
from webhook.config.loading import Sources, load_snapshot
from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import release_of
from webhook.defaults import RELEASE, Parameters, inject_config
from webhook.inject.errors import InjectError
from webhook.inject.funcs import function_table
from webhook.inject.settings import Settings
from webhook.kube.schema import load_schema

SEED = int(os.environ.get("REMORA_SEED") or "20240607")
EXAMPLES = int(os.environ.get("REMORA_PROPERTY_EXAMPLES", "60"))
fixed_budget = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    print_blob=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)

SPEC = """
initContainers:
- name: istio-init
  image: init
  args: ["-b", "<<range .Spec.Containers>><<range .Ports>><<.ContainerPort>>,<<end>><<end>>"]
containers:
- name: istio-proxy
  image: proxy
  args: ["proxy", "--statusPort", "15020", "--serviceCluster", <<printf "%q" (or .ObjectMeta.Name "none")>>]
  ports: [{name: http-envoy-prom, containerPort: 15090, protocol: TCP}]
  volumeMounts: [{name: istio-envoy, mountPath: /etc/istio}]
volumes:
- name: istio-envoy
  emptyDir: {medium: Memory}
"""
SINCE_1_1 = "rewriteAppHTTPProbe: true\n" + SPEC + "dnsConfig:\n  searches: [mesh.local]\n"
POD = """
metadata:
  labels:
    service.istio.io/canonical-name: <<index .ObjectMeta.Labels "app" | default "none" | quote>>
spec:
  securityContext: {supplementalGroups: [7]}
""" + "".join(f"  {line}\n" for line in SPEC.strip().splitlines())  # fmt: skip
WITH_HELPER = """
spec:
  containers:
  - name: helper
    image: helper
    env: [{name: WHO, value: <<toJSON .ObjectMeta.Labels | quote>>}]
"""
ERAS = {
    "0.5.1": ("{{", "}}", SPEC), "0.8.0": ("[[", "]]", SPEC), "1.0.9": ("[[", "]]", SPEC), "1.1.17": ("[[", "]]", SINCE_1_1),
    "1.4.10": ("{{", "}}", SINCE_1_1), "1.7.8": ("{{", "}}", SINCE_1_1), "1.8.6": ("{{", "}}", SINCE_1_1), "1.9.9": ("{{", "}}", POD),
    "1.13.9": ("{{", "}}", POD), "1.16.7": ("{{", "}}", POD), "1.18.7": ("{{", "}}", POD), "1.21.6": ("{{", "}}", POD),
    "1.25.5": ("{{", "}}", POD), "1.31.0": ("{{", "}}", POD),
}  # fmt: skip
"""A release of each era, its delimiters and a template of ours for it; << and >> stand for the delimiters."""
VALUES = json.dumps(
    {
        "global": {"proxy": {"holdApplicationUntilProxyStarts": True}},
        "sidecarInjectorWebhook": {"rewriteAppHTTPProbe": True},
    }
)
STOCK = ("0.8.0", "1.1.17", "1.5.10", "1.8.6", "1.9.9", "1.14.6", "1.20.8", "1.30.3")


@cache
def era(release: str) -> Snapshot:
    left, right, template = ERAS[release]
    text, helper = (part.replace("<<", left).replace(">>", right) for part in (template, WITH_HELPER))
    known = release_of(release)
    config = {"policy": "enabled", "template": text}
    if known.named_templates:
        config = {"policy": "enabled", "templates": {"sidecar": text, "custom": helper}}
    values = VALUES if known.has_values else None
    return build_snapshot(json.dumps(config), values_text=values, release=known, funcs_for=function_table)


@cache
def stock(folder: Path) -> Snapshot:
    names = [folder / "stock" / f"istio-{what}configmap.yaml" for what in ("sidecar-injector-", "mesh-")]
    sources = Sources(*(str(name) for name in names if name.is_file()))
    return load_snapshot(sources, funcs_for=function_table, release=release_of(folder.name))


def check(pod: Pod, snapshot: Snapshot, native: str = "") -> None:
    surroundings = Settings(environment={"ENABLE_NATIVE_SIDECARS": native}, revision="r")
    canonical = load_schema(snapshot.release.kube_version).decode("core/v1.Pod", pod, coerce=False)
    with contextlib.suppress(InjectError):
        found = list(check_pod(admit(canonical, snapshot, surroundings, "shop")))
        assert [finding for finding in found if finding.problem] == []
    text = deployment_of(pod)
    if text is not None:
        found = list(check_both_ways(text, snapshot, surroundings))
        assert [finding for finding in found if finding.problem] == []


def run(snapshot: Snapshot, native: str = "") -> None:
    print(f"REMORA_SEED={SEED}")

    @seed(SEED)
    @fixed_budget
    @given(pods())
    def holds(pod: Pod) -> None:
        check(pod, snapshot, native)

    holds()


def test_the_embedded_default() -> None:
    run(build_snapshot(inject_config(Parameters()), release=release_of(RELEASE), funcs_for=function_table))


@pytest.mark.parametrize("release", ERAS)
def test_templates_of_each_era(release: str) -> None:
    run(era(release))


@pytest.mark.parametrize("release", STOCK)
def test_stock_configurations(release: str, upstream: Path) -> None:
    run(stock(upstream / release))


@pytest.mark.parametrize("release", ["1.20.8", "1.30.3"])
def test_stock_configurations_with_native_sidecars(release: str, upstream: Path) -> None:
    run(stock(upstream / release), "true")
