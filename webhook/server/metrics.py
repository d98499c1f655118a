"""Counters and histograms: Istio's five names, so that dashboards go on working, and ours under ``injector_``.

``sidecar_injection_requests_total`` is always the sum of success, failure and skip: the four are counted together, when a review has been
answered. Several processes write into files of one folder (prometheus-client's multiprocess mode), and the admin port adds them up.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

if TYPE_CHECKING:
    from webhook.inject.outcome import Reason
    from webhook.server.handler import Answer, Result

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of the duration buckets: an injection takes a millisecond, a call may take ten seconds."""
VERSION: Final = "0.1.0"


class Metrics:
    """Everything the server counts. Made once a process family, before the fork."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._results = {
            name: Counter(f"sidecar_injection_{name}", words, registry=registry)
            for name, words in (
                ("requests", "Injection requests."),
                ("success", "Injection requests that were injected."),
                ("failure", "Injection requests that failed."),
                ("skip", "Injection requests that were not to be injected."),
            )
        }
        self._time = Histogram(
            "sidecar_injection_time_seconds", "Time of a request.", buckets=SECONDS, registry=registry
        )
        self._decisions = Counter("injector_decisions", "Decisions.", ("result", "reason"), registry=registry)
        self._duration = Histogram(
            "injector_request_duration_seconds", "Time of a request.", ("result",), buckets=SECONDS, registry=registry
        )
        self._in_flight = Gauge(
            "injector_requests_in_flight", "Requests being answered.", multiprocess_mode="livesum", registry=registry
        )
        self._rejected = Counter("injector_requests_rejected", "Requests refused unread.", ("why",), registry=registry)
        self._handshakes = Counter("injector_tls_handshake_failures", "Failed handshakes.", ("why",), registry=registry)
        self._overlays = Counter("injector_overlays", "Overlays, by how they were made.", ("step",), registry=registry)
        self._not_after = Gauge(
            "injector_tls_certificate_not_after_timestamp_seconds",
            "End of the certificate served.",
            multiprocess_mode="mostrecent",
            registry=registry,
        )
        self._reload_ok = Gauge(
            "injector_config_last_reload_successful", "1 if so.", multiprocess_mode="mostrecent", registry=registry
        )
        self._reload_time = Gauge(
            "injector_config_last_reload_success_timestamp_seconds",
            "When.",
            multiprocess_mode="mostrecent",
            registry=registry,
        )
        self._config = Gauge(
            "injector_config_info",
            "Workers by configuration.",
            ("revision", "hash"),
            multiprocess_mode="livesum",
            registry=registry,
        )
        build = Gauge(
            "injector_build_info", "Version.", ("version", "python"), multiprocess_mode="max", registry=registry
        )
        build.labels(VERSION, platform.python_version()).set(1)
        self._registry = registry
        self._counts: dict[tuple[Result, Reason | None], tuple[Counter, Counter, Histogram]] = {}
        self._hashes: dict[str, str] = {}
        self._steps: dict[tuple[str, str], int] = {}

    def answered(self, answer: Answer, seconds: float) -> None:
        """Count a review that was answered."""
        key = (answer.result, answer.decision.reason if answer.decision else None)
        results, decisions, duration = self._counts.get(key) or self._counts_of(*key)
        self._results["requests"].inc()
        results.inc()
        self._time.observe(seconds)
        duration.observe(seconds)
        decisions.inc()

    def _counts_of(self, result: Result, reason: Reason | None) -> tuple[Counter, Counter, Histogram]:
        """Return what counts a result and a reason: looking labels up takes longer than counting."""
        name, why = result.value, reason.name.lower() if reason else "none"
        found = self._results[name], self._decisions.labels(name, why), self._duration.labels(name)
        self._counts[result, reason] = found
        return found

    def overlays(self, digest: str, counts: Mapping[str, int]) -> None:
        """Tell how often each way to an overlay was taken for a configuration, since it serves."""
        for step, count in counts.items():
            known = self._steps.get((digest, step), 0)
            if count > known:
                self._overlays.labels(step.replace(" ", "_")).inc(count - known)
                self._steps[digest, step] = count

    def entered(self) -> None:
        """Count a request in."""
        self._in_flight.inc()

    def left(self) -> None:
        """Count a request out."""
        self._in_flight.dec()

    def rejected(self, why: str) -> None:
        """Count a request that was refused before its body was looked at."""
        self._rejected.labels(why).inc()

    def handshake_failed(self, why: str) -> None:
        """Count a TLS handshake that did not come to an end."""
        self._handshakes.labels(why).inc()

    def certificate(self, not_after: float) -> None:
        """Tell when the certificate in force ends (seconds since the epoch)."""
        self._not_after.set(not_after)

    def reloaded(self, good: bool, now: float) -> None:
        """Tell how the last reload went."""
        self._reload_ok.set(1 if good else 0)
        if good:
            self._reload_time.set(now)

    def configuration(self, revision: str, digest: str) -> None:
        """Tell which configuration this worker answers with."""
        former = self._hashes.get(revision)
        if former:
            self._config.labels(revision, former).set(0)
        self._config.labels(revision, digest).set(1)
        self._hashes[revision] = digest


def exposition(folder: str) -> bytes:
    """Return the metrics of all processes, added up, in Prometheus' text format."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget(pid: int, folder: str) -> None:
    """Drop the live gauges of a process that has ended."""
    multiprocess.mark_process_dead(pid, path=folder)  # type: ignore[no-untyped-call]
