"""AdmissionReview on the wire: what is read, what is refused, and that every answer is a whole review."""

from __future__ import annotations

import base64
import json

import pytest

from webhook.kube.review import VERSIONS, ReviewError, allow, deny, parse_review


def _review(**request: object) -> bytes:
    return json.dumps(
        {"apiVersion": VERSIONS[0], "kind": "AdmissionReview", "request": {"uid": "u", **request}}
    ).encode()


def test_a_request_is_read() -> None:
    request = parse_review(
        _review(kind={"kind": "Pod"}, operation="CREATE", namespace="shop", name="n", dryRun=True, object={"spec": {}})
    )
    assert (request.uid, request.kind, request.operation, request.namespace) == ("u", "Pod", "CREATE", "shop")
    assert request.dry_run
    assert request.object == {"spec": {}}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_version_is_kept(version: str) -> None:
    body = json.dumps({"apiVersion": version, "kind": "AdmissionReview", "request": {"uid": "u"}}).encode()
    assert parse_review(body).version == version


def test_a_review_without_version_is_v1beta1() -> None:
    assert parse_review(b'{"request": {"uid": "u"}}').version == "admission.k8s.io/v1beta1"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "json parse error: unexpected end of JSON input"),
        (b"[]", "not an AdmissionReview object"),
        (b'"x"', "not an AdmissionReview object"),
        (b"{}", "has no request"),
        (b'{"kind": "Pod"}', "is a 'Pod'"),
        (b'{"apiVersion": "v1"}', "apiVersion 'v1'"),
        (b'{"request": []}', "has no request"),
        (_review(object=[]), "request.object is not an object"),
        (_review(namespace=7), "request.namespace is not a string"),
        (b'{"request": {"uid": 7}}', "request.uid is not a string"),
        (b"[" * 100_000, "exceeded max depth"),
        (b"\xff\xfe", "invalid character"),
    ],
)
def test_what_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(ReviewError, match="(?i)" + words.replace("[", r"\[")):
        parse_review(body)


def test_an_error_keeps_the_uid_it_could_read() -> None:
    with pytest.raises(ReviewError) as caught:
        parse_review(_review(object=[]))
    assert (caught.value.uid, caught.value.version) == ("u", VERSIONS[0])


def test_an_answer_with_a_patch() -> None:
    answer = json.loads(allow(VERSIONS[1], "u", patch=b"[]", warnings=("w",), audit={"reason": "r"}))
    assert (answer["apiVersion"], answer["kind"]) == (VERSIONS[1], "AdmissionReview")
    response = answer["response"]
    assert base64.b64decode(response["patch"]) == b"[]"
    assert response["patchType"] == "JSONPatch"
    assert (response["uid"], response["allowed"], response["warnings"]) == ("u", True, ["w"])


def test_an_answer_without_a_patch_names_no_patch_type() -> None:
    assert json.loads(allow(VERSIONS[0], "u"))["response"] == {"uid": "u", "allowed": True}


def test_a_refusal() -> None:
    response = json.loads(deny(VERSIONS[0], "u", "no", code=400))["response"]
    assert (response["allowed"], response["status"]["message"], response["status"]["code"]) == (False, "no", 400)
