"""One admission review in, one out: bytes to bytes over an immutable Snapshot, without any I/O."""

from __future__ import annotations

import logging
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from webhook.explain.advice import advise
from webhook.inject.errors import InjectError, PodError
from webhook.inject.outcome import POD_TYPE, Decision, Outcome, Pod, Request
from webhook.inject.pipeline import inject
from webhook.inject.settings import DEFAULTS, Settings
from webhook.kube import quickjson
from webhook.kube.review import ReviewError, ReviewRequest, allow, deny, parse_review
from webhook.kube.schema import DecodeError, load_schema

if TYPE_CHECKING:
    from webhook.config.model import Snapshot

MIRROR: Final = "kubernetes.io/config.mirror"
"""The annotation of the kubelet's mirror pods."""

logger = logging.getLogger("remora.admission")


class Result(Enum):
    """What became of a review; requests are always the sum of the three."""

    SUCCESS = "success"
    SKIP = "skip"
    FAILURE = "failure"


class Answer(NamedTuple):
    """The bytes to send back, and what to log and count."""

    body: bytes
    result: Result
    reason: str
    request: ReviewRequest | None = None
    decision: Decision | None = None


def answer_review(
    body: bytes, snapshot: Snapshot, *, path: str = "", settings: Settings = DEFAULTS, allow_on_error: bool = False
) -> Answer:
    """Answer the AdmissionReview in ``body``; ``path`` is that of the URL, which may set the proxy's environment.

    Never raises for what a client or a template can do: a failure is a review that refuses the pod, or with ``allow_on_error``
    one that lets it pass unchanged with a warning.
    """
    try:
        request = parse_review(body)
    except ReviewError as error:
        return Answer(deny(error.version, error.uid, str(error), code=400), Result.FAILURE, str(error))
    try:
        return _answer_request(request, snapshot, path, settings)
    except InjectError as error:
        return _refuse(request, f"{error}", allow_on_error)
    except Exception as error:  # the edge of the process: a defect of ours must not drop the connection
        logger.exception("internal error while answering review %s", request.uid)
        return _refuse(request, f"internal error: {type(error).__name__}: {error}", allow_on_error)


def _answer_request(request: ReviewRequest, snapshot: Snapshot, path: str, settings: Settings) -> Answer:
    skip = _not_ours(request)
    if skip:
        return Answer(allow(request.version, request.uid), Result.SKIP, skip, request)
    asked = Request(request.namespace, request.name, request.uid, path)
    pod = _decode_pod(request, snapshot)
    outcome = inject(pod, snapshot, asked, settings)
    warnings = (*outcome.warnings, *advise(pod, outcome.decision, snapshot))
    reason = outcome.decision.sentence
    if not outcome.decision.inject:
        body = allow(request.version, request.uid, warnings=warnings, audit=_audit("skipped", reason))
        return Answer(body, Result.SKIP, reason, request, outcome.decision)
    body = allow(
        request.version,
        request.uid,
        patch=patch_bytes(outcome),
        warnings=warnings,
        audit=_audit("injected", reason),
    )
    return Answer(body, Result.SUCCESS, reason, request, outcome.decision)


def _audit(decision: str, reason: str) -> dict[str, str]:
    return {"decision": decision, "reason": reason}


def _not_ours(request: ReviewRequest) -> str:
    """Say why a request is none of an injector's business; empty when it is."""
    if request.subresource:
        return f"the request is for the subresource {request.subresource!r}"
    if request.object is None:
        return f"the request ({request.operation or 'no operation'}) carries no object"
    if request.kind not in ("", "Pod"):
        return f"the object is a {request.kind}, not a Pod"
    if request.operation not in ("", "CREATE"):  # the API server refuses an update that changes containers
        return f"a pod is injected when it is created, and this is {request.operation}"
    metadata = request.object.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if isinstance(annotations, dict) and MIRROR in annotations:
        return "the pod mirrors a static pod of a node, which no injection can change"
    return ""


def _decode_pod(request: ReviewRequest, snapshot: Snapshot) -> Pod:
    schema = load_schema(snapshot.release.kube_version)
    try:
        return schema.decode(POD_TYPE, request.object, coerce=False)
    except DecodeError as error:
        raise PodError(f"could not decode the pod: {error}") from error


def patch_bytes(outcome: Outcome) -> bytes:
    """Return the JSON Patch document of an outcome, in Istio's member order."""
    return quickjson.dumps(list(outcome.patch))


def _refuse(request: ReviewRequest, message: str, allow_on_error: bool) -> Answer:
    if allow_on_error:
        warning = f"not injected: {message}"[:240]  # the API server cuts longer warnings
        return Answer(allow(request.version, request.uid, warnings=(warning,)), Result.FAILURE, message, request)
    return Answer(deny(request.version, request.uid, message), Result.FAILURE, message, request)
