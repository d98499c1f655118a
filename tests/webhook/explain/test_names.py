"""Names in Istio's domain: one row for each kind of mistake, and none for a name that something reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.invariant_cases import MODES
from conformance.manifest import load_manifest
from conformance.pods import pods_of
from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import Release, release_of
from webhook.explain.names import Kind, annotations_in, complaints, vocabulary
from webhook.explain.names_table import ANNOTATIONS, LABELS
from webhook.inject.funcs import function_table
from webhook.kube import gojson

TEMPLATE = """
{{ $notes := .ObjectMeta.Annotations }}{{ index $notes "sidecar.istio.io/logLevel" }}
metadata:
  labels:
    service.istio.io/canonical-name: {{ index .ObjectMeta.Labels `service.istio.io/canonical-name` | quote }}
  annotations:
    sidecar.istio.io/made: "true"
    a: {{ annotation .ObjectMeta `sidecar.istio.io/proxyCPU` "" }}
    b: {{ index .ObjectMeta.Annotations "traffic.sidecar.istio.io/excludeOutboundPorts" }}
    c: {{ if isset .ObjectMeta.Annotations `readiness.status.sidecar.istio.io/initialDelaySeconds` }}{{ end }}
    d: {{ index .ObjectMeta.Annotations `house.istio.io/floor` }}{{ index .ObjectMeta.Labels "house.istio.io/door" }}
"""


def _snapshot(release: str, template: str = TEMPLATE, **fields: Any) -> Snapshot:
    found = release_of(release)
    config: dict[str, Any] = {"policy": "enabled", **fields}
    config |= {"templates": {"sidecar": template}} if found.named_templates else {"template": template}
    return build_snapshot(gojson.dumps(config), release=found, funcs_for=_functions)


def _functions(release: Release) -> Mapping[str, Any]:
    return function_table(release, {})


def _complaints(kind: Kind, *names: str, release: str = "1.20.8", limit: int = 120, **fields: Any) -> list[str]:
    words = vocabulary(_snapshot(release, **fields))
    return list(complaints(names, (), words, limit) if kind == "annotation" else complaints((), names, words, limit))


@pytest.mark.parametrize(
    ("kind", "name", "why"),
    [
        ("annotation", "sidecar.istio.io/proxyCpu", "did you mean sidecar.istio.io/proxyCPU?"),
        ("annotation", "sidecar.istio.io/injct", "did you mean sidecar.istio.io/inject?"),
        ("annotation", "traffic.sidecar.istio.io/excludeOutboundPort", "did you mean excludeOutboundPorts?"),
        ("annotation", "readiness.status.sidecar.istio.io/initialDelaySecond", "did you mean initialDelaySeconds?"),
        ("annotation", "sidecars.istio.io/proxyCpu", "did you mean sidecar.istio.io/proxyCPU?"),
        ("annotation", "istio.io/inject", "did you mean sidecar.istio.io/inject?"),
        ("annotation", "traffic.istio.io/excludeOutboundPorts", "did you mean traffic.sidecar.istio.io/…?"),
        ("annotation", "sidecar.istio.io/nonsense", "neither Istio nor a template knows it"),
        ("annotation", "sidecar.istio.io/proxyMemory", "nothing in this configuration reads it"),
        ("annotation", "sidecar.istio.io/nativeSidecar", "nothing in this configuration reads it"),
        ("annotation", "service.istio.io/canonical-name", "it has to be a label"),
        ("annotation", "prometheus.istio.io/scrape-targets", "nothing in this configuration reads it"),
        ("annotation", "networking.istio.io/exportTo", "it belongs on a Service"),
        ("label", "sidecar.istio.io/injct", "did you mean sidecar.istio.io/inject?"),
        ("label", "sidecar.istio.io/proxyCPU", "it has to be an annotation"),
        ("label", "istio.io/tag", "it belongs on a MutatingWebhookConfiguration or Namespace"),
    ],
)
def test_a_name_that_is_ignored(kind: Kind, name: str, why: str) -> None:
    [sentence] = _complaints(kind, name)
    assert sentence == f"the {kind} {name} is ignored: {why}"
    assert len(sentence) <= 120


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("annotation", "example.com/proxyCpu"),
        ("annotation", "sidecar.istio.io/inject"),
        ("annotation", "sidecar.istio.io/status"),
        ("annotation", "sidecar.istio.io/made"),
        ("annotation", "sidecar.istio.io/statsInclusionRegexps"),
        ("annotation", "proxy.istio.io/config"),
        ("annotation", "traffic.sidecar.istio.io/excludeOutboundPorts"),
        ("annotation", "ambient.istio.io/redirection"),
        ("annotation", "house.istio.io/floor"),
        ("annotation", "sidecar.istio.io/logLevel"),
        ("annotation", "unheard.istio.io/of"),
        ("annotation", "galley.istio.io/analyze-suppress"),
        ("label", "app"),
        ("label", "istio.io/rev"),
        ("label", "sidecar.istio.io/inject"),
        ("label", "install.operator.istio.io/owning-resource"),
        ("label", "house.istio.io/door"),
        ("label", "gateway.istio.io/managed"),
    ],
)
def test_a_name_that_has_a_meaning_or_may_be_another_programs(kind: Kind, name: str) -> None:
    assert _complaints(kind, name) == []


@pytest.mark.parametrize(
    ("name", "before", "since"),
    [
        ("inject.istio.io/templates", "1.8.6", "1.9.9"),
        ("istio.io/proxyConfig", "1.20.8", "1.6.0"),
        ("prometheus.istio.io/merge-metrics", "1.5.10", "1.8.6"),
        ("prometheus.istio.io/scrape-targets", "1.30.3", "1.31.0"),
        ("proxy.istio.io/config", "1.5.10", "1.8.6"),
        ("sidecar.istio.io/nativeSidecar", "1.20.8", "1.24.6"),
        ("sidecar.istio.io/proxyImageType", "1.12.9", "1.14.6"),
        ("sidecar.istio.io/rewriteAppHTTPProbers", "1.1.17", "1.3.8"),
    ],
)
def test_what_only_the_injector_reads_depends_on_the_release(name: str, before: str, since: str) -> None:
    assert _complaints("annotation", name, release=since, template="") == []
    [sentence] = _complaints("annotation", name, release=before, template="")
    assert "is ignored: " in sentence


def test_what_a_template_reads_by_name() -> None:
    assert sorted(annotations_in(TEMPLATE)) == [
        "house.istio.io/floor",
        "readiness.status.sidecar.istio.io/initialDelaySeconds",
        "sidecar.istio.io/logLevel",
        "sidecar.istio.io/proxyCPU",
        "traffic.sidecar.istio.io/excludeOutboundPorts",
    ]


def test_what_the_configuration_sets_or_selects_by_has_a_meaning() -> None:
    selector = {"matchLabels": {"sidecar.istio.io/never": "true"}}
    fields = {"injectedAnnotations": {"sidecar.istio.io/house": "x"}, "neverInjectSelector": [selector]}
    assert _complaints("annotation", "sidecar.istio.io/house", **fields) == []
    assert _complaints("label", "sidecar.istio.io/never", **fields) == []


def test_many_strange_names_cost_little() -> None:
    names = [f"other{index}.istio.io/{'x' * 60}" for index in range(20_000)]
    assert _complaints("annotation", *names, "sidecar.istio.io/nonsense") == []


def test_it_is_worked_out_once_for_a_configuration() -> None:
    snapshot = _snapshot("1.20.8")
    assert vocabulary(snapshot) is vocabulary(snapshot)


def test_the_table_is_sorted() -> None:
    for names in (ANNOTATIONS, LABELS):
        assert list(names) == sorted(names)
        assert all(names.values())


TRUE: dict[str, frozenset[str]] = {
    "readiness.status.sidecar.istio.io/applicationPorts": frozenset({"1.0.9", "1.1.17", "1.3.8"}),
    "sidecar.istio.io/enableCoreDump": frozenset({"1.12.9", "1.14.6", "1.18.7", "1.20.8"}),
}
"""Names in Istio's own inputs that the templates of these releases read, and no others do."""


def test_no_false_alarm_on_istios_own_inputs(upstream: Path) -> None:
    """Takes seconds: the pods of all inputs of all releases, with the stock configuration."""
    for directory in sorted(path.parent for path in upstream.glob("*/cases.json")):
        manifest = load_manifest(directory)
        [config, *_] = sorted((directory / "stock").glob("*injector*configmap*.yaml"))
        snapshot = build_snapshot(config.read_text(), release=release_of(manifest.release), funcs_for=_functions)
        words = vocabulary(snapshot)
        for name in sorted({case.input for case in manifest.cases if case.input and case.mode in MODES}):
            for admitted in pods_of(manifest.text(name), snapshot.release):
                metadata = admitted.pod["metadata"]
                found = complaints(metadata.get("annotations") or {}, metadata.get("labels") or {}, words, 200)
                wrong = [each for each in found if not _is_true(each, manifest.release)]
                assert wrong == [], f"{manifest.release} {name}"


def _is_true(sentence: str, release: str) -> bool:
    return any(name in sentence and release not in readers for name, readers in TRUE.items())
