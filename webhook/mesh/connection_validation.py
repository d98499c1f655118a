"""What a release demands of connections in mesh configuration: pools, outlier detection, limits of the proxy (all since 1.31)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from webhook.mesh.messages import Message

_MILLISECOND: Final = 1_000_000
_UPGRADE: Final = 2  # the number of ConnectionPoolSettings.HTTPSettings.H2UpgradePolicy
_HTTP_COUNTS: Final = (
    ("http1_max_pending_requests", "http1 max pending requests"),
    ("http2_max_requests", "http2 max requests"),
    ("max_requests_per_connection", "max requests per connection"),
    ("max_retries", "max retries"),
    ("max_concurrent_streams", "max concurrent streams"),
)
_TIMES: Final = (
    "http_idle_timeout", "http_max_connection_duration", "http_drain_timeout", "http_request_timeout",
    "http_request_headers_timeout", "http_stream_idle_timeout", "http_max_stream_duration",
)  # fmt: skip
_LOWEST: Final = (
    ("listener_per_connection_buffer_limit_bytes", 0, "non-negative"),
    ("cluster_per_connection_buffer_limit_bytes", 0, "non-negative"),
    *((name, 0, "non-negative") for name in _TIMES),
    ("http_max_concurrent_streams", 1, "positive"),
    ("http2_initial_stream_window_size", 65535, "at least 65535"),
    ("http2_initial_connection_window_size", 65535, "at least 65535"),
    ("listener_connection_limit", 1, "positive"),
    ("global_downstream_connection_limit", 1, "positive"),
)
"""Connection settings of a proxy with their lowest value, in the order of the complaints."""


def duration_problem(nanoseconds: int) -> str | None:
    """Return what is wrong with a duration that must be positive, in milliseconds."""
    if nanoseconds < _MILLISECOND:
        return "duration must be greater than 1ms"
    return "only durations to ms precision are supported" if nanoseconds % _MILLISECOND else None


def connection_findings(settings: Message | None) -> Iterator[str]:
    """Yield what is wrong with the ConnectionSettings of a proxy."""
    if settings is None:
        return
    for name, lowest, words in _LOWEST:
        value: Any = settings.get(name)
        number = getattr(value, "nanoseconds", value)
        if number is not None and number < lowest:
            yield f"{name} must be {words}"


def default_policy_findings(policy: Message | None) -> Iterator[str]:
    """Yield what is wrong with the traffic policy that a mesh has by default."""
    if policy is None:
        return
    pool, outlier = policy.get("connection_pool"), policy.get("outlier_detection")
    if pool is not None:
        yield from _pool(pool.get("http"), pool.get("tcp"))
    if outlier is not None:
        yield from _outlier(outlier)


def _pool(http: Message | None, tcp: Message | None) -> Iterator[str]:
    if http is None and tcp is None:
        yield "connection pool must have at least one field"
    if http is not None:
        yield from (f"{words} must be non-negative" for name, words in _HTTP_COUNTS if http.get(name, 0) < 0)
        yield from _durations(http, "idle_timeout")
        if http.get("h2_upgrade_policy") == _UPGRADE and http.get("use_client_protocol"):
            yield "use client protocol must not be true when H2UpgradePolicy is UPGRADE"
    if tcp is not None:
        if tcp.get("max_connections", 0) < 0:
            yield "max connections must be non-negative"
        yield from _durations(tcp, "connect_timeout", "max_connection_duration")
        idle = tcp.get("idle_timeout")
        if idle is not None and abs(idle.nanoseconds) >= _MILLISECOND:
            yield from _durations(tcp, "idle_timeout")
        yield from _durations(tcp.get("tcp_keepalive") or Message(""), "time", "interval")


def _outlier(outlier: Message) -> Iterator[str]:
    yield from _durations(outlier, "base_ejection_time", "interval")
    if not outlier.get("split_external_local_origin_errors") and outlier.get("consecutive_local_origin_failures"):
        words = "outlier detection consecutive local origin failures is specified"
        yield f"{words}, but split external local origin errors is set to false"
    for percent in (outlier.get("max_ejection_percent", 0), outlier.get("min_health_percent", 0)):
        if not 0 <= percent <= 100:
            yield f"percentage {percent} is not in range 0..100"


def _durations(message: Message, *names: str) -> Iterator[str]:
    given = (message.get(name) for name in names)
    problems = (duration_problem(value.nanoseconds) for value in given if value is not None)
    return (problem for problem in problems if problem is not None)
