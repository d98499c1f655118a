"""POST /inject over WSGI: what the transport refuses, and that whatever is in the body gets a whole AdmissionReview."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import jsonpatch
import pytest

from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import release_of
from webhook.inject.funcs import function_table
from webhook.server.app import create_app

CONFIG = """\
policy: enabled
template: |
  containers:
  - name: istio-proxy
    image: proxy:[[ .ObjectMeta.Labels.app ]]
    args: ["[[ index .ObjectMeta.Annotations "break" ]]"]
"""
POD = {"metadata": {"name": "p", "labels": {"app": "web"}}, "spec": {"containers": [{"name": "web"}]}}


def _snapshot(config: str = CONFIG) -> Snapshot:
    return build_snapshot(config, funcs_for=function_table, release=release_of("0.8.0"))


def _client(config: str = CONFIG, **options: Any) -> Any:
    snapshot = _snapshot(config)
    return create_app(lambda revision: None if revision else snapshot, **options).test_client()


def _review(pod: Any = None, version: str = "v1", **request: Any) -> bytes:
    request = {"uid": "u-1", "object": POD if pod is None else pod, **request}
    return json.dumps(
        {"apiVersion": f"admission.k8s.io/{version}", "kind": "AdmissionReview", "request": request}
    ).encode()


def _post(client: Any, body: bytes, path: str = "/inject", content_type: str = "application/json") -> Any:
    return client.post(path, data=body, content_type=content_type)


def _response(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    review = answer.get_json()
    assert review["kind"] == "AdmissionReview"
    assert review["apiVersion"].startswith("admission.k8s.io/v1")
    assert "uid" in review["response"]
    return dict(review["response"])


@pytest.mark.parametrize("policy", ["enabled", "disabled"])
def test_a_misspelt_annotation_is_warned_of(policy: str) -> None:
    pod = {**POD, "metadata": {**POD["metadata"], "annotations": {"sidecar.istio.io/injct": "true"}}}
    response = _response(_post(_client(CONFIG.replace("enabled", policy)), _review(pod)))
    assert response["allowed"] is True
    assert ("patch" in response) == (policy == "enabled")
    assert response["warnings"] == [
        "the annotation sidecar.istio.io/injct is ignored: did you mean sidecar.istio.io/inject?"
    ]


@pytest.mark.parametrize("version", ["v1", "v1beta1"])
@pytest.mark.parametrize("path", ["/inject", "/inject?timeout=10s", "/inject/cluster/c/net/n"])
def test_a_pod_is_injected(version: str, path: str) -> None:
    answer = _post(_client(), _review(version=version), path)
    response = _response(answer)
    assert answer.get_json()["apiVersion"] == f"admission.k8s.io/{version}"
    assert (response["uid"], response["allowed"], response["patchType"]) == ("u-1", True, "JSONPatch")
    patched = jsonpatch.apply_patch(POD, json.loads(base64.b64decode(response["patch"])))
    assert [c["name"] for c in patched["spec"]["containers"]] == ["web", "istio-proxy"]


def test_injecting_again_changes_nothing_but_the_status() -> None:
    client = _client()
    first = _response(_post(client, _review()))
    once = jsonpatch.apply_patch(POD, json.loads(base64.b64decode(first["patch"])))
    again = _response(_post(client, _review(once)))
    assert jsonpatch.apply_patch(once, json.loads(base64.b64decode(again["patch"]))) == once


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"object": {**POD, "spec": {"hostNetwork": True}}}, "host's network"),
        ({"kind": {"kind": "Deployment"}}, "not a Pod"),
        ({"subResource": "ephemeralcontainers"}, "subresource"),
        ({"object": None, "operation": "DELETE"}, "no object"),
    ],
)
def test_what_is_not_injected_is_allowed_without_a_patch(request_: dict[str, Any], reason: str) -> None:
    response = _response(_post(_client(), _review(**request_)))
    assert response["allowed"]
    assert "patch" not in response
    assert reason


TRANSPORT = [
    ("GET", "application/json", _review(), 405),
    ("PUT", "application/json", _review(), 405),
    ("POST", "text/plain", _review(), 415),
    ("POST", "application/jsonp", _review(), 415),
    ("POST", "", _review(), 415),
    ("POST", "application/json", b"", 400),
    ("POST", "application/json", b" " * (7 * 1024 * 1024), 413),
]


@pytest.mark.parametrize(("method", "content_type", "body", "status"), TRANSPORT)
def test_what_the_transport_refuses(method: str, content_type: str, body: bytes, status: int) -> None:
    answer = _client().open("/inject", method=method, data=body, content_type=content_type)
    assert answer.status_code == status
    assert answer.content_type.startswith("text/plain")
    assert answer.text.endswith("\n")


def test_a_media_type_may_have_parameters() -> None:
    assert _response(_post(_client(), _review(), content_type="Application/JSON; charset=utf-8"))["allowed"]


def test_a_large_body_without_a_length() -> None:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/inject",
        "CONTENT_TYPE": "application/json",
        "wsgi.input": io.BytesIO(b" " * (7 * 1024 * 1024)),
    }
    statuses: list[str] = []
    snapshot = _snapshot()
    body = create_app(lambda revision: None if revision else snapshot).wsgi_app(
        environ, lambda status, headers: statuses.append(status)
    )  # type: ignore[arg-type]
    assert statuses == ["413 Content Too Large"]
    assert b"larger than" in b"".join(body)


BODIES = [
    ("broken JSON", b"{", "unexpected end of JSON input"),
    ("not a review", b"[]", "not an AdmissionReview"),
    ("no request", b"{}", "no request"),
    ("another version", b'{"apiVersion": "v9", "request": {"uid": "u-1"}}', "v9"),
    ("an object that is a list", _review([]), "request.object is not an object"),
    ("a field of the wrong type", _review({"spec": {"containers": 5}}), "cannot unmarshal number"),
    (
        "an annotation that breaks the YAML",
        _review({**POD, "metadata": {"labels": {"app": "x"}, "annotations": {"break": '"'}}}),
        "yaml",
    ),
    (
        "a refused annotation",
        _review({"metadata": {"annotations": {"traffic.sidecar.istio.io/includeInboundPorts": "x"}}}),
        "Invalid",
    ),
    ("deep nesting", b'{"request": {"object": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}}", "depth"),
]


@pytest.mark.parametrize(("body", "words"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_a_body_that_cannot_be_injected_is_answered_in_words(body: bytes, words: str) -> None:
    response = _response(_post(_client(), body))
    assert response["allowed"] is False
    assert words in response["status"]["message"]
    assert "Traceback" not in response["status"]["message"]


def test_a_template_that_fails_names_its_line() -> None:
    config = "template: |\n  containers:\n  - name: [[ .ObjectMeta.Nope ]]\npolicy: enabled\n"
    message = _response(_post(_client(config), _review()))["status"]["message"]
    assert message.startswith("template: inject:2:")


def test_errors_can_let_the_pod_pass() -> None:
    config = "template: '[[ .Nope ]]'\npolicy: enabled\n"
    response = _response(_post(_client(config, allow_on_error=True), _review()))
    assert response["allowed"]
    assert "not injected: template: inject:1" in response["warnings"][0]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/healthz/live", 200), ("/healthz/ready", 200), ("/", 404), ("/injection", 404), ("/revisions/none/inject", 404)],
)
def test_other_paths(path: str, status: int) -> None:
    answer = _client().get(path)
    assert (answer.status_code, answer.content_type) == (status, "text/plain; charset=utf-8")
