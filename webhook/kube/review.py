"""AdmissionReview on the wire: bytes → what is asked, and an answer → bytes, for admission.k8s.io v1 and v1beta1.

Every answer is a whole AdmissionReview with apiVersion, kind and uid. Istio before 1.7 left them out; the API server of today
insists on them.
"""

from __future__ import annotations

import base64
from typing import Any, Final, NamedTuple, TypedDict

from webhook.kube import gojson, quickjson

VERSIONS: Final = ("admission.k8s.io/v1", "admission.k8s.io/v1beta1")
_HEADS: Final = {
    version: b'{"apiVersion":"%b","kind":"AdmissionReview","response":{' % version.encode() for version in VERSIONS
}
"""How an answer begins, by version."""


class ReviewError(Exception):
    """The body is not an AdmissionReview that can be answered; ``uid`` and ``version`` are what could still be read of it."""

    def __init__(self, message: str, *, version: str = VERSIONS[0], uid: str = "") -> None:
        super().__init__(message)
        self.version = version
        self.uid = uid


class GroupVersionKind(TypedDict):
    """Which type an object has, as the API server writes it in a review."""

    group: str
    version: str
    kind: str


class ReviewRequest(NamedTuple):
    """One admission request, as far as an injector looks at it; ``object`` is as decoded from JSON, untyped."""

    version: str
    uid: str
    kind: str
    operation: str
    namespace: str
    name: str
    subresource: str
    dry_run: bool
    object: dict[str, Any] | None


def parse_review(body: bytes) -> ReviewRequest:
    """Read an AdmissionReview.

    Raises:
        ReviewError: not JSON, not a review, or a review without a request.
    """
    try:
        review = quickjson.loads(body)
    except gojson.JsonError as error:
        raise ReviewError(f"couldn't get version/kind; json parse error: {error}") from error
    if not isinstance(review, dict):
        raise ReviewError("the body is JSON but not an AdmissionReview object")
    version = _version(review)
    request = review.get("request")
    if not isinstance(request, dict):
        raise ReviewError("the AdmissionReview has no request", version=version)
    return _request(request, version)


def _version(review: dict[str, Any]) -> str:
    # Istio before 1.1 took a review whatever its apiVersion and kind said, or without them.
    version = review.get("apiVersion") or VERSIONS[1]
    if review.get("kind", "AdmissionReview") != "AdmissionReview":
        raise ReviewError(f"the body is a {review['kind']!r}, not an AdmissionReview")
    if version not in VERSIONS:
        raise ReviewError(f"the apiVersion {version!r} is not one of {', '.join(VERSIONS)}")
    return str(version)


def _request(request: dict[str, Any], version: str) -> ReviewRequest:
    uid = _text(request, "uid", version, "")
    pod = request.get("object")
    if pod is not None and not isinstance(pod, dict):
        raise ReviewError("request.object is not an object", version=version, uid=uid)
    kind = request.get("kind")
    return ReviewRequest(
        version=version,
        uid=uid,
        kind=str(kind.get("kind") or "") if isinstance(kind, dict) else "",
        operation=_text(request, "operation", version, uid),
        namespace=_text(request, "namespace", version, uid),
        name=_text(request, "name", version, uid),
        subresource=_text(request, "subResource", version, uid),
        dry_run=request.get("dryRun") is True,
        object=pod,
    )


def _text(request: dict[str, Any], key: str, version: str, uid: str) -> str:
    value = request.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ReviewError(f"request.{key} is not a string", version=version, uid=uid)
    return value


def allow(
    version: str, uid: str, *, patch: bytes = b"", warnings: tuple[str, ...] = (), audit: dict[str, str] | None = None
) -> bytes:
    """Return the review that lets a request pass, with a JSON Patch document when there is one."""
    members = [b'"uid":%b,"allowed":true' % quickjson.dumps(uid)]
    if patch:
        members.append(b'"patch":"%b","patchType":"JSONPatch"' % base64.b64encode(patch))
    return _review(version, members, warnings, audit)


def deny(version: str, uid: str, message: str, *, code: int = 500, warnings: tuple[str, ...] = ()) -> bytes:
    """Return the review that refuses a request; ``message`` is what kubectl shows, ``code`` the HTTP status it gets."""
    status = {"metadata": {}, "status": "Failure", "message": message, "code": code}
    members = [b'"uid":%b,"allowed":false,"status":%b' % (quickjson.dumps(uid), quickjson.dumps(status))]
    return _review(version, members, warnings, None)


def _review(version: str, members: list[bytes], warnings: tuple[str, ...], audit: dict[str, str] | None) -> bytes:
    if warnings:
        members.append(b'"warnings":' + quickjson.dumps(list(warnings)))
    if audit:
        members.append(b'"auditAnnotations":' + quickjson.dumps(audit))
    return b"%b%b}}" % (_HEADS[version], b",".join(members))
