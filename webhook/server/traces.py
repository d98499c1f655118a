"""OpenTelemetry: a server span a review, in the trace the caller names (W3C context). An extra; without it nothing is imported.

Where spans go is told by OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME and their fellows).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from webhook.server.handler import Answer


class Span(Protocol):
    """What the admission function tells a span."""

    def answered(self, answer: Answer) -> None:
        """Tell the answer."""


class Tracer(Protocol):
    """Makes a span around a review."""

    def review(self, environ: Mapping[str, Any]) -> Any:
        """Return a context manager that gives a Span."""


class NoSpan:
    """The span where nobody traces."""

    def __enter__(self) -> Span:
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing."""

    def answered(self, answer: Answer) -> None:
        """Do nothing."""


class NoTracer:
    """The tracer where nobody traces."""

    def review(self, environ: Mapping[str, Any]) -> NoSpan:
        """Trace nothing."""
        del environ
        return NoSpan()


class OpenTelemetryTracer:
    """Makes spans with OpenTelemetry; ``provider`` is started in each worker, since its exporter has a thread."""

    def __init__(self, provider: Any) -> None:
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind

        self._tracer = provider.get_tracer("remora")
        self._extract = extract
        self._kind = SpanKind.SERVER

    @contextmanager
    def review(self, environ: Mapping[str, Any]) -> Iterator[Span]:
        """Trace one review, as a child of the span the request's ``traceparent`` header names."""
        headers = {name: environ[key] for key, name in _HEADERS.items() if key in environ}
        with self._tracer.start_as_current_span("inject", context=self._extract(headers), kind=self._kind) as span:
            yield _ReviewSpan(span)


_HEADERS = {"HTTP_TRACEPARENT": "traceparent", "HTTP_TRACESTATE": "tracestate", "HTTP_BAGGAGE": "baggage"}


class _ReviewSpan:
    def __init__(self, span: Any) -> None:
        self._span = span

    def answered(self, answer: Answer) -> None:
        from opentelemetry.trace import StatusCode

        request = answer.request
        facts = {"remora.result": answer.result.value, "remora.reason": answer.reason}
        if request is not None:
            facts |= {"k8s.namespace.name": request.namespace, "k8s.admission.uid": request.uid}
        self._span.set_attributes(facts)
        if answer.result.value == "failure":
            self._span.set_status(StatusCode.ERROR, answer.reason)


def exporting_provider() -> Any:
    """Return a provider that sends spans over OTLP/HTTP; raises ImportError, which names the extra, when it is not installed."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ImportError("traces need OpenTelemetry: pip install 'remora[otel]'") from error
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
