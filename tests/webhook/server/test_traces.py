"""OpenTelemetry spans: one a review, in the caller's trace, with the decision on it."""

from __future__ import annotations

import json
from typing import Any

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from webhook.config.model import build_snapshot
from webhook.config.release import release_of
from webhook.inject.funcs import function_table
from webhook.server.app import Unobserved, create_app
from webhook.server.traces import OpenTelemetryTracer

TRACE = "0af7651916cd43dd8448eb211c80319c"
CONFIG = "policy: enabled\ntemplate: |\n  containers: [{name: a, image: '[[ index .ObjectMeta.Labels \"app\" ]]'}]\n"


def _spans(*bodies: bytes) -> Any:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    observer = Unobserved()
    observer.tracer = OpenTelemetryTracer(provider)
    snapshot = build_snapshot(CONFIG, funcs_for=function_table, release=release_of("0.8.0"))
    client = create_app(lambda revision: snapshot, observer).test_client()
    for body in bodies:
        headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
        client.post("/inject", data=body, content_type="application/json", headers=headers)
    return exporter.get_finished_spans()


def _review(spec: Any) -> bytes:
    return json.dumps({"request": {"uid": "u", "namespace": "shop", "object": {"spec": spec}}}).encode()


def test_a_span_a_review() -> None:
    good, skipped, bad = _spans(_review({}), _review({"hostNetwork": True}), _review(7))
    assert f"{good.context.trace_id:032x}" == TRACE
    assert dict(good.attributes) == {
        "remora.result": "success",
        "remora.reason": "the policy is enabled and the pod does not opt out",
        "k8s.namespace.name": "shop",
        "k8s.admission.uid": "u",
    }
    assert skipped.attributes["remora.result"] == "skip"
    assert (bad.status.is_ok, "cannot unmarshal" in bad.status.description) == (False, True)
