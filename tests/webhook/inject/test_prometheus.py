"""Merging of metrics since 1.9: annotations and the sidecar's environment."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.prometheus import with_merged_metrics, with_secure_port
from webhook.inject.scrape_targets import ScrapeError
from webhook.mesh.mesh import default_mesh

AGENT = {
    "prometheus.io/path": "/stats/prometheus",
    "prometheus.io/port": "15020",
    "prometheus.io/scrape": "true",
}


def merge(annotations: dict[str, str], release: str) -> tuple[dict[str, str], str | None]:
    pod: dict[str, Any] = {"metadata": {"annotations": annotations}, "spec": {"containers": [{"name": "istio-proxy"}]}}
    merged = with_merged_metrics(pod, default_mesh(release_of(release).version), release_of(release))
    variables = merged["spec"]["containers"][0].get("env", [])
    return merged["metadata"]["annotations"], next((item["value"] for item in variables), None)


@pytest.mark.parametrize("release", ["1.9", "1.12", "1.13", "1.30", "1.31"])
def test_the_agent_is_scraped_and_told_of_the_application(release: str) -> None:
    annotations, told = merge({"a": "b", "prometheus.io/port": "8080", "prometheus.io/scrape": "true"}, release)
    assert annotations == {"a": "b", **AGENT}
    assert told == '{"scrape":"true","path":"","port":"8080"}'


def test_without_scrape_annotations_there_is_nothing_to_tell() -> None:
    assert merge({}, "1.20") == (AGENT, None)


@pytest.mark.parametrize(
    ("annotations", "release"),
    [
        ({"prometheus.istio.io/merge-metrics": "false", "prometheus.io/port": "8080"}, "1.20"),
        ({"prometheus.io/port": "15020"}, "1.20"),
        ({"prometheus.io.port": "15020"}, "1.20"),
        ({"prometheus.io/scrape": "false"}, "1.13"),
        ({"prometheus_io_scrape": "0"}, "1.13"),
    ],
)
def test_some_pods_are_left_alone(annotations: dict[str, str], release: str) -> None:
    assert merge(annotations, release) == (annotations, None)


def test_until_1_12_only_literal_names_count() -> None:
    annotations, told = merge({"prometheus.io/scrape": "false", "prometheus.io.port": "15020"}, "1.12")
    assert annotations == {"prometheus.io.port": "15020", **AGENT}
    assert told == '{"scrape":"false","path":"","port":""}'


def test_since_1_13_every_spelling_is_replaced() -> None:
    annotations, told = merge({"prometheus.io.port": "8080", "prometheus/io/path": "/m<>"}, "1.13")
    assert annotations == AGENT
    assert told == '{"scrape":"","path":"/m\\u003c\\u003e","port":"8080"}'


def test_since_1_31_several_places_are_scraped() -> None:
    annotations, told = merge({"prometheus.istio.io/scrape-targets": "8080, 9100:/m ,"}, "1.31")
    assert annotations == AGENT
    targets = '[{"port":"8080","path":"/metrics"},{"port":"9100","path":"/m"}]'
    assert told == f'{{"scrape":"","path":"/metrics","port":"8080","targets":{targets}}}'


def test_a_list_that_cannot_be_read_counts_for_nothing() -> None:
    annotations = {"prometheus.istio.io/scrape-targets": "8080,:/m", "prometheus.io/port": "9090"}
    assert merge(annotations, "1.31") == (AGENT, '{"scrape":"","path":"","port":"9090"}')


TARGETS = "prometheus.istio.io/scrape-targets"
PORT = "prometheus.io/port"
RESERVED = "is reserved for Istio (Envoy Prometheus (already merged)) and cannot be scraped"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        (TARGETS, "15020:/m", "targets: target port 15020 conflicts with agent port"),
        (TARGETS, "015090", f"targets: target port 015090 {RESERVED}"),
        (TARGETS, "80000", 'targets: invalid target port "80000"'),
        (TARGETS, "8080 {9090}", 'targets: invalid target port "8080 {9090}"'),
        (PORT, "015020", "configuration: port 015020 conflicts with agent port"),
        (PORT, "15090", f"configuration: port 15090 {RESERVED}"),
        (PORT, " 80", 'configuration: invalid port " 80"'),
    ],
)
def test_ports_that_cannot_be_scraped_are_refused(name: str, value: str, problem: str) -> None:
    with pytest.raises(ScrapeError) as caught:
        merge({name: value}, "1.31")
    assert str(caught.value) == f"invalid prometheus scrape {problem}"


@pytest.mark.parametrize(("name", "value"), [(PORT, "0"), (PORT, ""), (TARGETS, "80,"), (TARGETS, "")])
def test_ports_are_checked_since_1_31(name: str, value: str) -> None:
    merge({name: value}, "1.30" if value == "0" else "1.31")


@pytest.mark.parametrize(
    ("port", "annotations", "release", "expected"),
    [
        ("15092", {}, "1.31", {"prometheus.istio.io/secure-port": "15092"}),
        ("15092", {}, "1.30", {}),
        ("0", {}, "1.31", {}),
        ("15092", {"prometheus.istio.io.secure-port": "1"}, "1.31", {"prometheus.istio.io.secure-port": "1"}),
    ],
)
def test_the_port_for_metrics_over_mtls_is_announced(
    port: str, annotations: dict[str, str], release: str, expected: dict[str, str]
) -> None:
    variables = [{"name": "ENVOY_SECURE_MERGED_METRICS_PORT", "value": port}]
    pod = {
        "metadata": {"annotations": annotations},
        "spec": {"containers": [{"name": "istio-proxy", "env": variables}]},
    }
    assert with_secure_port(pod, release_of(release))["metadata"]["annotations"] == expected
