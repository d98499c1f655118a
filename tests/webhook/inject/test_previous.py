"""What an earlier injection left: read, stripped for the template, put back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.previous import OverridesError, injected_names, pod_before, read_overrides
from webhook.mesh.mesh import default_mesh

RELEASE = release_of("1.20")
MESH = default_mesh(RELEASE.version)
STATUS = "sidecar.istio.io/status"
OVERRIDES = "proxy.istio.io/overrides"


def pod_with(**annotations: str) -> dict[str, Any]:
    spec = {"containers": [{"name": "app"}, {"name": "istio-proxy"}], "initContainers": [{"name": "istio-init"}]}
    return {"metadata": {"annotations": annotations}, "spec": spec}


def names(pod: dict[str, Any]) -> list[str]:
    return [item["name"] for part in ("initContainers", "containers") for item in pod["spec"].get(part, [])]


def test_what_the_status_names_is_stripped() -> None:
    status = json.dumps({"initContainers": ["istio-init"], "containers": ["istio-proxy"]})
    before = pod_before(pod_with(**{STATUS: status, "prometheus.io/port": "15020", "a": "b"}), MESH, RELEASE)
    assert names(before) == ["app"]
    assert before["metadata"]["annotations"] == {"a": "b"}


def test_scrape_annotations_of_the_pod_itself_stay() -> None:
    before = pod_before(pod_with(**{STATUS: "{}", "prometheus.io/port": "8080"}), MESH, RELEASE)
    assert before["metadata"]["annotations"] == {"prometheus.io/port": "8080"}


@pytest.mark.parametrize("status", ["", "no json", "[]", '{"containers": "istio-proxy"}', '{"containers": [1]}'])
def test_a_status_that_no_injector_wrote_strips_nothing(status: str) -> None:
    pod = pod_with(**{STATUS: status})
    assert pod_before(pod, MESH, RELEASE) is pod
    assert injected_names(pod, "containers") == frozenset()


def test_a_null_status_strips_no_container() -> None:
    before = pod_before(pod_with(**{STATUS: "null"}), MESH, RELEASE)
    assert names(before) == ["istio-init", "app", "istio-proxy"]
    assert before["metadata"]["annotations"] == {}


def test_a_template_does_not_mind_the_case_of_the_status_but_overrides_do() -> None:
    pod = pod_with(**{STATUS: '{"Containers": ["istio-proxy"], "initContainers": ["istio-init"]}'})
    assert names(pod_before(pod, MESH, RELEASE)) == ["app"]
    assert injected_names(pod, "containers") == frozenset()
    assert injected_names(pod, "initContainers") == {"istio-init"}


def test_a_status_with_one_odd_member_strips_nothing() -> None:
    pod = pod_with(**{STATUS: '{"containers": ["istio-proxy"], "revision": 1}'})
    assert pod_before(pod, MESH, RELEASE) is pod
    assert injected_names(pod, "containers") == {"istio-proxy"}


def test_overridden_containers_are_put_back() -> None:
    overrides = json.dumps({"containers": [{"name": "app", "image": "x"}, {"name": "gone", "image": "y"}]})
    before = pod_before(pod_with(**{OVERRIDES: overrides}), MESH, RELEASE)
    assert names(before) == ["istio-init", "app", "istio-proxy", "gone"]
    assert "image" not in before["spec"]["containers"][0]


def test_overrides_are_typed() -> None:
    pod = pod_with(**{OVERRIDES: '{"containers":[{"name":"a","resources":{},"unknown":1}],"other":2}'})
    assert read_overrides(pod, RELEASE) == {"containers": [{"name": "a"}]}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "unexpected end of JSON input"),
        ('{"containers": 1}', "json: cannot unmarshal number into Go struct field podOverrides.containers of type []v1.Container"),
    ],
)  # fmt: skip
def test_overrides_that_cannot_be_read_are_an_error(text: str, problem: str) -> None:
    with pytest.raises(OverridesError) as caught:
        read_overrides(pod_with(**{OVERRIDES: text}), RELEASE)
    assert str(caught.value) == problem
