"""What the mesh requires of pods, over manifests: one Service, named ports, app labels, a sidecar."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.explain.requirements import Finding, Manifest, Mesh, Rule, check_requirements
from webhook.inject.outcome import Decision, Reason


def _decide(pod: Any) -> Decision:
    metadata = pod.get("metadata") or {}
    wish = (metadata.get("annotations") or {}).get("sidecar.istio.io/inject")
    if (pod.get("spec") or {}).get("hostNetwork"):
        return Decision(False, Reason.HOST_NETWORK)
    if wish:
        return Decision(wish == "true", Reason.ANNOTATION_ON if wish == "true" else Reason.ANNOTATION_OFF, wish)
    return Decision(True, Reason.POLICY_ENABLED)


MESH = Mesh(_decide, "shop", frozenset({"shop"}))


def _deployment(name: str = "web", labels: dict[str, str] | None = None, **pod: Any) -> dict[str, Any]:
    template = {
        "metadata": {"labels": {"app": name} if labels is None else labels},
        "spec": {"containers": [{"name": "c"}]},
    }
    for key, value in pod.items():
        template[key] = {**template[key], **value}
    return {"kind": "Deployment", "metadata": {"name": name}, "spec": {"template": template}}


def _service(
    name: str = "web", selector: dict[str, str] | None = None, ports: Any = None, **spec: Any
) -> dict[str, Any]:
    ports = [{"name": "http", "port": 80}] if ports is None else ports
    return {
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": selector or {"app": "web"}, "ports": ports, **spec},
    }


def _namespace(name: str, labels: dict[str, str]) -> dict[str, Any]:
    return {"kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _check(*objects: dict[str, Any], mesh: Mesh = MESH) -> list[Finding]:
    return check_requirements([Manifest("app.yaml", i, o) for i, o in enumerate(objects, 1)], mesh)


def _rules(*objects: dict[str, Any], mesh: Mesh = MESH) -> list[Rule]:
    return [finding.rule for finding in _check(*objects, mesh=mesh)]


def test_an_application_that_meets_them_all() -> None:
    assert _check(_service(), _deployment()) == []


def test_no_service() -> None:
    [finding] = _check(_deployment())
    assert finding.rule is Rule.SERVICE_ASSOCIATION
    assert finding.place == "app.yaml, document 1, Deployment web"
    assert "no Service" in finding.reason
    assert finding.remedy


def test_two_services() -> None:
    [finding] = _check(_service("a"), _service("b"), _deployment())
    assert finding.reason == "2 Services select its pods: a, b"


def test_a_service_of_another_namespace_does_not_count() -> None:
    other = _service()
    other["metadata"]["namespace"] = "elsewhere"
    assert _rules(other, _deployment()) == [Rule.SERVICE_ASSOCIATION]


def test_a_service_without_selector_selects_nothing() -> None:
    service = _service()
    service["spec"]["selector"] = {}
    assert _rules(service, _deployment()) == [Rule.SERVICE_ASSOCIATION]


@pytest.mark.parametrize(
    "port",
    [
        {"name": "http"},
        {"name": "http2-foo"},
        {"name": "grpc-web-2"},
        {"name": "mongo"},
        {"name": "redis-a"},
        {"protocol": "UDP"},
        {"name": "dns", "protocol": "UDP"},
    ],
)
def test_good_port_names(port: dict[str, Any]) -> None:
    assert _check(_service(ports=[{"port": 1, **port}]), _deployment()) == []


@pytest.mark.parametrize(
    "port", [{}, {"name": ""}, {"name": "http2foo"}, {"name": "web"}, {"name": "HTTP"}, {"name": "tcp-http"}]
)
def test_bad_port_names(port: dict[str, Any]) -> None:
    [finding] = _check(_service(ports=[{"port": 8080, **port}]), _deployment())
    assert finding.rule is Rule.NAMED_PORTS
    assert "8080" in finding.reason
    assert "<protocol>[-<suffix>]" in finding.remedy


def test_an_external_name_has_no_ports_to_name() -> None:
    assert _check(_service(), _service("x", {"app": "none"}, [{"port": 1}], type="ExternalName"), _deployment()) == []


def test_a_deployment_without_app_label() -> None:
    assert _rules(_service(selector={"x": "y"}), _deployment(labels={"x": "y"})) == [Rule.APP_LABEL]


def test_deployments_that_share_an_app_label() -> None:
    findings = _check(_service(), _deployment("v1", {"app": "web"}), _deployment("v2", {"app": "web"}))
    assert [f.rule for f in findings] == [Rule.APP_LABEL, Rule.APP_LABEL]
    assert "with v2" in findings[0].reason


def test_a_namespace_without_the_label() -> None:
    [finding] = _check(_service(), _deployment(), _namespace("shop", {}), mesh=Mesh(_decide, "shop"))
    assert (finding.rule, "lacks the label" in finding.reason) == (Rule.SIDECAR, True)
    assert "kubectl label namespace shop istio-injection=enabled" in finding.remedy


def test_a_labelled_namespace() -> None:
    namespace = _namespace("shop", {"istio-injection": "enabled"})
    assert _check(_service(), _deployment(), namespace, mesh=Mesh(_decide, "shop")) == []


def test_a_namespace_that_is_not_among_the_files() -> None:
    [finding] = _check(_service(), _deployment(), mesh=Mesh(_decide, "shop"))
    assert "cannot be seen here" in finding.reason


def test_host_network() -> None:
    [finding] = _check(_service(), _deployment(spec={"hostNetwork": True}))
    assert (finding.rule, "host's network" in finding.reason) == (Rule.SIDECAR, True)


def test_a_pod_that_has_its_sidecar_needs_no_label() -> None:
    injected = _deployment(spec={"containers": [{"name": "c"}, {"name": "istio-proxy"}]})
    assert _check(_service(), injected, mesh=Mesh(_decide, "shop")) == []


def test_a_pod_that_opts_out_is_not_of_the_mesh() -> None:
    assert _check(_deployment(metadata={"annotations": {"sidecar.istio.io/inject": "false"}})) == []


def test_a_pod_that_opts_out_by_label_is_not_of_the_mesh() -> None:
    mesh = Mesh(lambda _pod: Decision(False, Reason.LABEL_OFF, "false"), "shop")
    assert _check(_deployment(), mesh=mesh) == []


def test_a_pod_that_asks_by_label_needs_no_label_on_its_namespace() -> None:
    mesh = Mesh(lambda _pod: Decision(True, Reason.LABEL_ON, "true"), "shop")
    assert _check(_service(), _deployment(), mesh=mesh) == []


def test_a_namespace_with_a_revision() -> None:
    namespace = _namespace("shop", {"istio.io/rev": "canary"})
    assert _check(_service(), _deployment(), namespace, mesh=Mesh(_decide, "shop")) == []


@pytest.mark.parametrize(
    "reason",
    [
        Reason.HOST_NETWORK,
        Reason.IGNORED_NAMESPACE,
        Reason.NEVER_SELECTOR,
        Reason.POLICY_DISABLED,
        Reason.POLICY_UNKNOWN,
    ],
)
def test_every_reason_has_a_remedy(reason: Reason) -> None:
    [finding] = _check(_service(), _deployment(), mesh=Mesh(lambda _pod: Decision(False, reason, "1"), "shop"))
    assert finding.remedy


def test_what_the_webhook_would_warn_of() -> None:
    mesh = Mesh(_decide, "shop", frozenset({"shop"}), lambda _pod: ["a warning"])
    assert _check(_service(), _deployment(), mesh=mesh) == [
        Finding(Rule.ADVICE, "app.yaml, document 2, Deployment web", "a warning")
    ]


def test_odd_objects_are_no_trouble() -> None:
    odd_ports = {"kind": "Service", "spec": {"ports": True}}
    assert _check({"kind": "Service"}, odd_ports, {"kind": "ConfigMap", "spec": 3}, {"metadata": []}) == []
