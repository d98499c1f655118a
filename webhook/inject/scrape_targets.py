"""The list of places to scrape in a pod (since 1.31): read from an annotation, refused where the proxy itself would answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypedDict

from gotemplate.golib.quote import quote
from gotemplate.golib.strconv import NumError, atoi
from webhook.inject.errors import InjectError
from webhook.inject.scrape_annotations import TARGETS, spellings_of

if TYPE_CHECKING:
    from webhook.config.release import Release

DEFAULT_PATH: Final = "/metrics"
RESERVED: Final[Mapping[int, str]] = {
    15000: "Envoy admin",
    15001: "outbound traffic capture",
    15004: "pilot debug",
    15006: "inbound traffic capture",
    15008: "HBONE tunnel",
    15020: "pilot-agent status / merged Prometheus",
    15021: "Envoy health",
    15053: "DNS proxy",
    15090: "Envoy Prometheus (already merged)",
}
"""Ports of the proxy that are no application's, and whose they are."""
_HIGHEST: Final = 65535


class Target(TypedDict):
    """One place to scrape, as the agent reads it."""

    port: str
    path: str


class ScrapeTargetsError(InjectError):
    """The annotation names a port that cannot be scraped."""

    step = "prometheus"

    def __init__(self, problem: str) -> None:
        super().__init__(f"invalid prometheus scrape targets: {problem}")


def scrape_targets(annotations: Mapping[str, str], agent_port: int, release: Release) -> list[Target]:
    """Return the places to scrape, in the order of the annotation.

    Raises:
        ScrapeTargetsError: an entry has no port, no number for one, or one of the proxy's own.
    """
    if release.prometheus_merge != "targets":
        return []
    entries = [entry.strip() for _, text in spellings_of(annotations, TARGETS, release) for entry in text.split(",")]
    targets = [_read(entry) for entry in entries if entry]
    for target in targets:
        _check(target["port"], agent_port)
    return targets


def _read(entry: str) -> Target:
    port, _, path = entry.partition(":")
    if not port.strip():
        raise ScrapeTargetsError(f"empty port in scrape target {quote(entry)}")
    return {"port": port.strip(), "path": path.strip() or DEFAULT_PATH}


def _check(text: str, agent_port: int) -> None:
    try:
        port = atoi(text)
    except NumError:
        port = 0
    if not 1 <= port <= _HIGHEST:
        raise ScrapeTargetsError(f"target port {text} is not a valid port number")
    if port == agent_port:
        raise ScrapeTargetsError(f"target port {text} conflicts with agent port")
    if port in RESERVED:
        raise ScrapeTargetsError(f"target port {text} is reserved for Istio ({RESERVED[port]}) and cannot be scraped")
